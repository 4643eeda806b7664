"""Reads WARC files that others wrote, with their faults: one bad record never costs those after it.

Tolerated: a body that is chunked or is not, whatever its header says; odd chunk lengths and text after the
last chunk; a wrong Content-Length; torn gzip members. What was wrong is reported as a Problem.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from netpatrol.errors import EvidenceError, why
from netpatrol.items import PageItem, Problem

MAX_RECORD = 64_000_000
STEP = 1 << 16
MEMBER = b"\x1f\x8b\x08"
_START = re.compile(rb"WARC/[01]\.\d+\r?\n")
_NEXT = re.compile(rb"\r?\n\r?\nWARC/[01]\.\d+\r?\n")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_WHY_CUT = ("length", "time", "disconnect")
"""What WARC files give as reasons why a record is not whole; whatever else they say, no reason is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    offset: int
    headers: Mapping[str, str]
    block: bytes
    fault: str = ""


def read_warc(path: Path) -> Iterator[PageItem | Problem]:
    """Yield the pages of a WARC file, gzip or plain, and a Problem for each fault met on the way."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EvidenceError(f"读不到 {path}：{why(error)}（cannot read WARC file）") from error
    for record in _members(data) if data.startswith(MEMBER[:2]) else _records(data, 0):
        if isinstance(record, Problem):
            yield record
            continue
        if record.fault:
            yield _problem(record.offset, record.fault)
        page = _page(record)
        if page is not None:
            yield page


def _problem(offset: int, detail: str) -> Problem:
    return Problem(stage="archive", code="bad_record", detail=f"第 {offset} 字节：{detail}")


# -- records -----------------------------------------------------------------------------------------


def _members(data: bytes) -> Iterator[_Record | Problem]:
    """Yield the records of a gzip file; after a torn member goes on at the next one."""
    at = 0
    while at < len(data):
        try:
            text, end = _member(data, at)
        except zlib.error as error:
            yield _problem(at, f"压缩数据损坏（{error}）")
            at = _next_member(data, at + 1)
            continue
        yield from _records(text, at)
        if end is None:
            yield _problem(at, "记录不完整或过大")
        at = _next_member(data, at + 1) if end is None else end


def _member(data: bytes, start: int) -> tuple[bytes, int | None]:
    """Return the text of a gzip member, and where it ends; None where it is torn or too large."""
    inflater, parts, at, size = zlib.decompressobj(31), list[bytes](), start, 0
    while at < len(data) and size < MAX_RECORD:
        block = data[at : at + STEP]
        parts.append(inflater.decompress(inflater.unconsumed_tail + block, MAX_RECORD - size))
        size += len(parts[-1])
        at += len(block)
        if inflater.eof:
            return b"".join(parts), at - len(inflater.unused_data)
    return b"".join(parts), None


def _next_member(data: bytes, start: int) -> int:
    found = data.find(MEMBER, start)
    return len(data) if found < 0 else found


def _records(data: bytes, offset: int) -> Iterator[_Record | Problem]:
    """Yield the records of plain WARC text. `offset` is where it lies in its file."""
    at = 0
    while True:
        start = _START.search(data, at)
        if start is None:
            if data[at:].strip():
                yield _problem(offset + at, "记录之外有无法识别的内容")
            return
        if data[at : start.start()].strip():
            yield _problem(offset + at, "记录之外有无法识别的内容")
        head = _HEADER_END.search(data, start.end())
        if head is None:
            yield _problem(offset + start.start(), "记录头不完整")
            return
        headers = _headers(data[start.end() : head.start()])
        end, fault = _end_of(data, head.end(), headers)
        yield _Record(offset=offset + start.start(), headers=headers, block=data[head.end() : end], fault=fault)
        at = end


def _end_of(data: bytes, start: int, headers: Mapping[str, str]) -> tuple[int, str]:
    """Return where a block ends: by its length if a record or the end follows there, else by the next record."""
    stated = headers.get("content-length", "")
    length = int(stated) if stated.isdigit() and len(stated) < 16 else -1
    end = _plausible_end(data, start + length) if length >= 0 else -1
    if end < 0:
        found = _NEXT.search(data, start)
        end = found.start() if found else _without_gap(data, len(data))
    end = max(start, end)
    return end, "" if end == start + length else f"Content-Length 有误（写的是 {stated or '无'}，实为 {end - start}）"


def _plausible_end(data: bytes, end: int) -> int:
    """Return where a block of that length really ends, if a record or the end of the data follows; else -1."""
    if end > len(data):
        return -1
    after = data[end : end + 12]
    newlines = len(after) - len(after.lstrip(b"\r\n"))
    following = end + newlines
    if following < len(data) and not data.startswith(b"WARC/", following):
        return -1
    # A length that reaches into the gap between two records is off by a few bytes.
    return min(end, _without_gap(data, following))


def _without_gap(data: bytes, end: int) -> int:
    """Return `end` without the two line breaks that end a record."""
    return end - 4 if data[end - 4 : end] == b"\r\n\r\n" else end


def _headers(text: bytes) -> dict[str, str]:
    """Return header lines, names in lower case; folded lines joined, the first of a name wins."""
    headers: dict[str, str] = {}
    last = ""
    for line in text.decode("utf-8", "replace").splitlines():
        if line[:1] in (" ", "\t") and last:
            headers[last] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            last = name.strip().lower()
            headers.setdefault(last, value.strip())
    return headers


# -- pages -------------------------------------------------------------------------------------------


def _page(record: _Record) -> PageItem | None:
    kind, uri = record.headers.get("warc-type", ""), record.headers.get("warc-target-uri", "").strip("<>")
    if kind not in ("response", "resource") or not uri.lower().startswith(("http://", "https://")):
        return None
    status, headers, body = (200, {"Content-Type": record.headers.get("content-type", "")}, record.block)
    if kind == "response":
        status, headers, body = _answer(record.block)
    truncated = "disconnect" if _is_short(headers, body) else ""
    if why := record.headers.get("warc-truncated"):
        truncated = why if why in _WHY_CUT else "unspecified"
    return PageItem(
        url=uri,
        final_url=uri,
        fetched_at=_moment(record.headers.get("warc-date", "")),
        status=status,
        headers=headers,
        body=inflate(dechunk(body, headers), headers),
        truncated=truncated,
        ip_address=record.headers.get("warc-ip-address", ""),
        spider="warc",
    )


def _is_short(headers: Mapping[str, str], body: bytes) -> bool:
    """Say whether a body ends before the length that its server stated: cut at a limit, and not flagged."""
    stated = headers.get("Content-Length", "")
    return stated.isdigit() and "Transfer-Encoding" not in headers and len(body) < int(stated[:18])


def _answer(block: bytes) -> tuple[int, dict[str, str], bytes]:
    head = _HEADER_END.search(block)
    if head is None or not block.startswith(b"HTTP/"):
        return 200, {}, block
    line, _, rest = block[: head.start()].partition(b"\n")
    code = line.split()[1:2]
    headers = {name.title(): value for name, value in _headers(rest).items()}
    return int(code[0]) if code and code[0].isdigit() else 200, headers, block[head.end() :]


def dechunk(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a body without its chunk marks; as it is where it has none, whatever the header says."""
    if "chunked" not in headers.get("Transfer-Encoding", "").lower():
        return body
    at, parts = 0, list[bytes]()
    while at < len(body):
        mark = _CHUNK.match(body, at)
        if mark is None:
            return b"".join(parts) if parts else body
        length = int(mark[1], 16)
        if length == 0:
            break
        if not parts and mark.end() + length > len(body) + 2:
            return body  # a text that merely looks like a length
        parts.append(body[mark.end() : mark.end() + length])
        at = mark.end() + length
        at += len(body[at : at + 2]) - len(body[at : at + 2].lstrip(b"\r\n"))
    return b"".join(parts)


def inflate(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a body without gzip or deflate, at most 64 MB of it; as it is where it is not really compressed."""
    coding = headers.get("Content-Encoding", "").lower()
    for bits in (31,) if "gzip" in coding else (15, -15) if "deflate" in coding else ():
        with suppress(zlib.error):
            return zlib.decompressobj(bits).decompress(body, MAX_RECORD)
    return body


def _moment(text: str) -> datetime:
    for form in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ"):
        with suppress(ValueError):
            return datetime.strptime(text[:26].rstrip("Z") + "Z", form).replace(tzinfo=UTC)
    return datetime.fromtimestamp(0, UTC)
