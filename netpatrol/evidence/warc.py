"""Pages as gzip WARC 1.1 records, one gzip member each: request, response, rendered page, screenshot."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from http.client import responses
from io import BytesIO
from typing import Any
from urllib.parse import quote

from netpatrol.items import PageItem

# Gone by the time we hold the body, or untrue of it: the record states the true length instead.
_UNTRUE = frozenset({"content-encoding", "transfer-encoding", "content-length"})
# Never kept: what could log in somewhere.
_SECRET = frozenset({"cookie", "authorization", "proxy-authorization"})
_GZIP = zlib.MAX_WBITS + 16
_BREAKS = re.compile(r"[\x00-\x1f\x7f]+")
_NOT_NAME = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")


def safe_uri(url: str) -> str:
    """Return an address as a WARC header can carry it: ASCII, no spaces, no line breaks."""
    return quote(url.encode("utf-8", "replace"), safe="%/:?#[]@!$&'()*+,;=~-._") or "urn:unknown"


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that a record and its manifest keep, one line each."""
    return {
        name: _BREAKS.sub(" ", str(value)).strip()
        for name, value in headers.items()
        if name.lower() not in _SECRET and not _NOT_NAME.search(name) and name
    }


def records(page: PageItem) -> Iterator[tuple[str, bytes]]:
    """Yield (what, bytes) of a page's records."""
    date = {"WARC-Date": page.fetched_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    address = {"WARC-IP-Address": page.ip_address} if page.ip_address else {}
    request, response = _new_id(), _new_id()
    yield "request", _request(page, {**date, **address, "WARC-Record-ID": request, "WARC-Concurrent-To": response})
    truncated = {"WARC-Truncated": page.truncated} if page.truncated else {}
    yield "response", _response(page, {**date, **address, **truncated, "WARC-Record-ID": response})
    if page.rendered is not None:
        extra = {**date, "WARC-Refers-To": response}
        html = page.rendered.html.encode("utf-8", "replace")
        yield "conversion", _plain("conversion", page.final_url, html, "text/html; charset=utf-8", extra)
        if page.rendered.screenshot:
            uri = "urn:screenshot:" + page.final_url
            yield "screenshot", _plain("resource", uri, page.rendered.screenshot, "image/png", dict(date))


def file_header(software: str, run_id: str) -> bytes:
    """Return the warcinfo record that begins a file."""
    info = f"software: {software}\r\nformat: WARC File Format 1.1\r\nrun: {run_id}\r\n"
    return _plain("warcinfo", None, info.encode(), "application/warc-fields", {})


def _new_id() -> str:
    from uuid import uuid4

    return f"<urn:uuid:{uuid4()}>"


def _request(page: PageItem, extra: Mapping[str, str]) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders

    _, _, rest = safe_uri(page.final_url).partition("://")
    host, slash, path = rest.partition("/")
    headers = {"Host": host, **kept_headers(page.request_headers)}
    line = StatusAndHeaders(
        f"GET {slash or '/'}{path.partition('#')[0]} HTTP/1.1", _encoded(headers), is_http_request=True
    )
    return _record("request", page.final_url, b"", line, None, extra)


def _response(page: PageItem, extra: Mapping[str, str]) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders

    sent = {name: value for name, value in kept_headers(page.headers).items() if name.lower() not in _UNTRUE}
    sent["Content-Length"] = str(len(page.body))
    status = f"{page.status} {responses.get(page.status, 'Unknown')}"
    line = StatusAndHeaders(status, _encoded(sent), protocol="HTTP/1.1")
    return _record("response", page.final_url, page.body, line, None, extra)


def _encoded(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return headers in ASCII; other characters as percent escapes of their UTF-8."""
    return [(name, quote(value, safe="".join(map(chr, range(32, 127))))) for name, value in headers.items()]


def _plain(kind: str, uri: str | None, payload: bytes, content_type: str, extra: Mapping[str, str]) -> bytes:
    return _record(kind, uri, payload, None, content_type, extra)


def _record(
    kind: str, uri: str | None, payload: bytes, http: Any, content_type: str | None, extra: Mapping[str, str]
) -> bytes:
    from warcio.warcwriter import WARCWriter

    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="WARC/1.1")
    more = {"warc_content_type": content_type} if content_type else {}
    record = writer.create_warc_record(
        safe_uri(uri) if uri is not None else None,
        kind,
        payload=BytesIO(payload),
        length=len(payload),
        http_headers=http,
        warc_headers_dict=dict(extra),
        **more,
    )
    writer.write_record(record)
    return _member(out.getvalue())


def _member(record: bytes) -> bytes:
    """Return a record as a gzip member of its own.

    Level 1, and at one stroke: 0.27 ms for a page of 66 kB, where warcio's own level 9 takes 1.3 ms to save a tenth.
    """
    deflate = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    return deflate.compress(record) + deflate.flush()
