"""What an answer of a host means for the ledger, and how it becomes an item. No state, no database."""

from __future__ import annotations

import logging
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from scrapy import exceptions as scrapy_errors
from scrapy.http import Request, Response
from twisted.internet import error as internet
from twisted.web.client import ResponseFailed

from netpatrol import core
from netpatrol.browser import LOST, screenshot_of
from netpatrol.errors import NetPatrolError, StoreError
from netpatrol.items import PageItem, PageState, Rendered, ShopRef
from netpatrol.ledger import BOUNDS, End
from netpatrol.middlewares import Refused
from netpatrol.notices import NO_RECORD
from netpatrol.patience import CUT_OFF
from netpatrol.schedule import Policy
from netpatrol.spiders._entrances import jumps
from netpatrol.store.hosts import LONGEST_ADDRESS, address_of, without_password
from netpatrol.store.hosts import host_of as dns_name
from netpatrol.store.records import Target, Via
from netpatrol.store.sources import text_of
from netpatrol.text.bare import leads_nowhere
from netpatrol.text.decode import decode
from netpatrol.text.links import find_links
from netpatrol.text.read import read_document
from netpatrol.text.urls import bare_host, host_of, is_web_address, page_key, plain_url, route_of, shop_key

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from netpatrol.spiders._planned import Planned
    from netpatrol.text.html import Document

logger = logging.getLogger(__name__)

MANY_LINKS = 15
SHORTEST = timedelta(minutes=10)
"""Between two visits, whatever the settings say."""
NO_SHOP = ("gone", "moved", "parked", "dead")
"""States of a dossier in which nobody's shop is at the address any more."""
NOBODY = ("unreachable", "dead")
"""States of a dossier in which nothing that was answered tells of the shop."""
GONE = frozenset({"http_404", "http_410", "soft_404"})
"""Ends of pages that are no more."""
GONE_BODY = 20_000
"""Bytes of the answer that says a page is gone: as much is kept, and an error that says so has no more."""
LEADS_ON = (End.SKIPPED, PageState.JUMP.value)
"""How a start page ends that stands, and says nothing but where it leads."""
READ_IN_PART = ("truncated", "parse_suspect", "rule_timeout")
"""Ends of pages of which something was read and stored: too little to say that they were checked, or that nothing is there."""
_GATE = re.compile(
    r"(?:^|[/._-])(?:log-?in|sign-?in|passport|sso|cas|auth|oauth2?|denglu|captcha|verify|challenge|waf|blocked)(?=$|[/._-])", re.IGNORECASE
)
_BROKEN = ("BadGzipFile", "EOFError", "ZstdError", "error")  # zlib and Brotli call theirs just `error`
_SAFE = "%/?&=:;,+!~*'()-._$@#[]"
_PAGES = ("html", "xml", "json", "text/plain", "javascript")
_NETWORK_ERRORS: tuple[tuple[type[BaseException], str], ...] = (
    (scrapy_errors.DownloadTimeoutError, "timeout"),
    (internet.TimeoutError, "timeout"),
    (scrapy_errors.CannotResolveHostError, "dns"),
    (internet.DNSLookupError, "dns"),
    (scrapy_errors.DownloadConnectionRefusedError, "refused"),
    (internet.ConnectionRefusedError, "refused"),
    (scrapy_errors.ResponseDataLossError, "connection_lost"),
    (internet.ConnectionLost, "connection_lost"),
    (ResponseFailed, "connection_lost"),
    (scrapy_errors.DownloadFailedError, "unreachable"),
    (internet.ConnectError, "unreachable"),
)


UNREACHABLE = frozenset(reason for _, reason in _NETWORK_ERRORS) | {"robots_unreachable"}
"""Why nothing is known of a page: its host did not answer."""


def policy_of(settings: BaseSettings) -> Policy:
    """Return how often targets are visited, by the settings."""
    usual = max(SHORTEST, timedelta(hours=settings.getfloat("NETPATROL_RECHECK_HOURS")))
    return Policy(
        usual=usual,
        shortest=min(Policy().shortest, usual),
        random_share=settings.getfloat("NETPATROL_RANDOM_SHARE"),
        seed=settings.getint("NETPATROL_RANDOM_SEED"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """What a seed file names, and what each line that cannot be used says wrong."""

    urls: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def read_seeds(path: Path) -> Seeds:
    """Return the addresses of a seed file, one a line; empty lines and lines beginning with # are none.

    NetPatrolError for a file that cannot be read or in which no line can be used.
    """
    try:
        text = text_of(path)
    except StoreError as error:
        raise NetPatrolError(f"种子文件用不了：{error}") from error
    urls, wrong = [], []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        try:
            urls.append(address_of(line))
        except ValueError as error:
            wrong.append(f"{path} 第 {number} 行：{printable(without_password(line[:80]))}（{error}）")
    if not urls:
        raise NetPatrolError("\n".join([*wrong[:20], f"种子文件里没有可用的网址：{path}"]))
    return Seeds(urls=tuple(dict.fromkeys(urls)), refused=tuple(wrong))


def printable(text: str) -> str:
    """Return a text without what would move the cursor of a terminal."""
    return "".join(char if char.isprintable() else "?" for char in text)


def header(response: Response, name: str) -> str:
    """Return a header as text, "" if there is none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


def header_text(response: Response, name: str) -> str:
    """Return a header that may hold more than ASCII: raw bytes are UTF-8 or GBK, as the page's own host writes them."""
    raw = response.headers.get(name) or b""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def location(response: Response) -> str:
    """Return where a redirect leads; in its path a backslash is a slash, as to browsers."""
    path, mark, query = re.fullmatch(r"([^?#]*)([?#]?)(.*)", header_text(response, "Location").strip(), re.DOTALL).groups()  # type: ignore[union-attr]
    return ascii_address(quote(path.replace("\\", "/") + mark + query, safe=_SAFE))


def why_no_page(response: Response) -> str:
    """Return why an answer is no page to read ("" if it is one): pictures, archives, documents, nothing at all."""
    kind = header(response, "Content-Type").lower()
    if not response.body:
        return "empty"
    if kind and not any(word in kind for word in _PAGES):
        return "not_html"
    return ""


def why_failed(error: BaseException) -> tuple[End, str]:
    """Return how a page that was not answered ends in the ledger."""
    if isinstance(error, Refused):
        return End.SKIPPED, error.reason
    for kind, reason in _NETWORK_ERRORS:
        if isinstance(error, kind):
            return End.FAILED, reason
    if isinstance(error, scrapy_errors.DownloadCancelledError | scrapy_errors.IgnoreRequest):
        return End.SKIPPED, "too_large"
    if type(error).__name__ in _BROKEN:
        return End.FAILED, "broken_body"
    logger.warning("A page could not be fetched: %r", error)
    return End.FAILED, "fetch_error"


def page_item(
    response: Response,
    body: bytes,
    shop: ShopRef,
    planned: Planned,
    *,
    document: Document | None,
    truncated: str,
    spider: str,
    run_id: str,
    now: datetime,
) -> PageItem:
    """Return the item of a page, with headers of both directions as they were sent."""
    assert response.request is not None
    rendered, unfinished = None, bool(response.request.meta.get(LOST))
    # A page that no script fills says the same by all its routes; but what is asked for by one alone is that page, or gone.
    is_its_own = planned.raw is not None or response.status >= 400 or planned.depth == 0
    route = route_of(planned.url) if is_its_own else ""
    if planned.raw is not None:
        html = body.decode(getattr(response, "encoding", "utf-8"), errors="replace")
        rendered = Rendered(html=html, screenshot=screenshot_of(response.request), engine="chromium")
        response, body = planned.raw, planned.raw.body
    return PageItem(
        url=planned.hops[0] if planned.hops else planned.url,
        final_url=response.url + route,
        fetched_at=now,
        status=response.status,
        rendered=rendered,
        headers=_headers(response),
        request_headers=_headers(response.request),
        body=body,
        redirects=planned.hops,
        found_via=planned.via,
        key=page_key(response.url + route) + planned.mark,
        planned=planned.key,
        shop=shop,
        truncated=truncated,
        unfinished=unfinished,
        ip_address=str(response.ip_address or ""),
        spider=spider,
        run_id=run_id,
        document=document,
    )


def _headers(message: Request | Response | None) -> dict[str, str]:
    if message is None:
        return {}
    return {name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in message.headers.items()}


def why_cut_short(response: Response, limit: int) -> str:
    """Return why the body of an answer is not whole, as `PageItem` calls it; `limit`: bytes that are taken."""
    if CUT_OFF in response.flags:
        return "disconnect"
    return "length" if "download_stopped" in response.flags or len(response.body) > limit else ""


def is_gone(response: Response) -> bool:
    """Whether an answer that is an error says that what stood there is no more."""
    if response.status == 500 and len(response.body) <= GONE_BODY:
        return NO_RECORD.search(decode(response.body, header(response, "Content-Type")).text) is not None
    return response.status in (404, 410)


def is_gate(url: str, host: str) -> bool:
    """Whether an address is where visitors are let through or sent back from: a login, a check, a provider's notice.

    Such an address says so, or takes along where it shall lead back to.
    """
    parts = urlsplit(url)
    return _GATE.search(f"{parts.netloc}{parts.path}") is not None or host in unquote(parts.query)


def moved_to(response: Response, planned: Planned) -> str:
    """Return where the browser was when it had drawn a page, "" for the page itself.

    A script that only writes another address of its host into the bar (`history.pushState`) has gone nowhere.
    """
    here, there = planned.url.partition("#")[0], response.url.partition("#")[0]
    redirected = bool(response.meta.get("redirect_urls")) and page_key(there) != page_key(here)
    away = bare_host(host_of(response.url)) != bare_host(host_of(planned.url))
    return response.url if is_web_address(response.url) and (redirected or away) else ""


def needs_browser(document: Document) -> bool:
    """Whether only a script shows what a page says. Pages with many links show enough to be read without."""
    if len(find_links(document)) > MANY_LINKS:
        return False
    return read_document(document).state is PageState.NEEDS_RENDER


def hides_its_menu(document: Document) -> bool:
    """Whether a page says something and leads to no page of its site but by a script; what it goes to at once is a way."""
    return leads_nowhere(document) and not jumps(document) and not needs_browser(document)


def says_nothing(document: Document) -> bool:
    """Whether a page that a script leaves shows nothing but that it does."""
    text = read_document(document)
    return text.state in (PageState.JUMP, PageState.EMPTY) or (text.state is PageState.NEEDS_RENDER and not core.shows_something(text))


def ascii_address(url: str) -> str:
    """Return an address with its host in punycode, so that both spellings of a Chinese domain are one; "" for none."""
    if url.isascii() and "%" not in url.partition("://")[2].partition("/")[0]:
        return url
    try:
        parts = urlsplit(url)
        host = dns_name(unquote(parts.hostname or ""))
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, host + port, quote(parts.path, safe=_SAFE), quote(parts.query, safe=_SAFE), parts.fragment))


def target_for(url: str, *, prefix: str, via: Via, name: str = "") -> Target | None:
    """Return the target that an address belongs to: its storefront if it has one, else its site; None for no usable address."""
    if not is_web_address(url) or len(url) > LONGEST_ADDRESS:
        return None
    url = plain_url(url)
    parts = urlsplit(url)
    host = host_of(url)
    try:
        if prefix:
            home = f"{parts.scheme}://{parts.netloc}{prefix}"
            return Target(
                shop_id=shop_key(home, prefix), url=home, host=host, kind="storefront", platform=host, name=name, found_via=(via,)
            )
        home = url if via.channel == "seed" else f"{parts.scheme}://{parts.netloc}/"
        return Target(shop_id=shop_key(home), url=home, host=host, kind="site", found_via=(via,))
    except ValueError:
        return None


def outcome(
    counts: Counter[tuple[End, str]], *, moved: bool, parked: bool = False, start: tuple[End, str] | None = None
) -> tuple[str, str, str]:
    """Return what became of a site, by how its pages ended: state for the dossier ("" if it was read), the lease's
    result, and the reason. `start`: how its start page ended, if it was asked for.
    """
    if parked:
        return "parked", "done", "parked"
    if any(how is End.CHECKED for how, _ in counts):
        # One page of a host that asks for a day between two is too little to say that no shop is there.
        return ("partial" if (End.SKIPPED, "crawl_delay") in counts else ""), "done", ""
    if moved:
        return "moved", "done", "moved"
    if start is not None and _is_down(*start):
        counts = Counter([start])  # whatever else is gone: whether the shop is, only its start page could tell
    reasons = Counter({reason: number for (_, reason), number in counts.items() if reason not in BOUNDS})
    for reason in ("robots", "robots_unavailable", "crawl_delay"):
        if reason in reasons:
            return "robots", "done", reason
    for reason in ("needs_render", "challenge"):
        if reason in reasons:
            return reason, "done", reason
    for reason in READ_IN_PART:
        if reason in reasons:
            return "partial", "done", reason
    if GONE & set(reasons):
        if start == LEADS_ON:  # where its script would go may be guessed: that nothing is there says nothing of the shop
            return "partial", "done", PageState.JUMP.value
        return "gone", "done", "gone"
    if set(reasons) == {"dns"}:
        return "dead", "failed", "dns"
    return "unreachable", "failed", next((reason for reason, _ in reasons.most_common(1)), "unreachable")


def _is_down(how: End, reason: str) -> bool:
    """Whether a start page said nothing at all of the shop: an error, nobody there, sent off to somebody else."""
    return (how is End.FAILED and reason not in GONE) or reason == "redirect_off_site"
