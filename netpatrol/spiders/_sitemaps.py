"""Asks a site for its sitemap, and reads what it says: addresses that no link leads to. Bounded in bytes, files and addresses.

The sitemaps that robots.txt names are asked for; where it names none, `/sitemap.xml` is tried where the spider may guess.
Nothing here parses XML: an address is what stands in `<loc>`, so that no entity can grow.
"""

from __future__ import annotations

import html
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scrapy import Request, signals
from scrapy.http import Response

from netpatrol.spiders._asking import answer_of
from netpatrol.spiders.platforms.numbered import ENOUGH, homes_among
from netpatrol.text.urls import bare_host, host_of, is_web_address

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_INFLATED = 10_000_000
FILES_A_SITE = 5
ADDRESSES_A_SITE = 20_000
"""As many as links of one page are looked at."""
HOSTS_KEPT = 20_000
_ROBOTS = 500_000
_LOC = re.compile(rb"<loc>\s{0,99}(?:<!\[CDATA\[\s{0,99})?([^\s<>\]]{8,2000})")
_NAMED = re.compile(rb"^[ \t\xef\xbb\xbf]{0,9}sitemap[ \t]{0,9}:[ \t]{0,9}(https?://[^\s#]{1,2000})", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(rb"^(https?://[^\s<>]{1,2000})\s{0,9}$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a sitemap leads to: pages, and further sitemaps."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    has_more: bool = False
    """Whether it says more than was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The pages of a site that its sitemaps list, the first sitemap that listed any, and whether they list more."""

    pages: tuple[str, ...] = ()
    source: str = ""
    has_more: bool = False


def read_sitemap(body: bytes) -> Sitemap:
    """Return what a sitemap says: XML (packed or not), an index of sitemaps, or plain addresses one a line."""
    data = _unpacked(body)
    found = _LOC.findall(data) if b"<loc>" in data else _LINE.findall(data) if b"<" not in data[:1000] else []
    urls = tuple(dict.fromkeys(html.unescape(url.decode("utf-8", "replace")) for url in found[:ADDRESSES_A_SITE]))
    has_more = len(found) > ADDRESSES_A_SITE or len(data) >= MAX_INFLATED
    if b"<sitemapindex" in data[:5000]:
        return Sitemap(sitemaps=urls, has_more=has_more)
    return Sitemap(pages=urls, has_more=has_more)


def _unpacked(body: bytes) -> bytes:
    """Return the bytes of a packed sitemap up to a bound; a broken one as far as it goes."""
    if not body.startswith(b"\x1f\x8b"):
        return body[:MAX_INFLATED]
    try:
        return zlib.decompressobj(31).decompress(body, MAX_INFLATED)
    except zlib.error:
        return b""


def named_in_robots(body: bytes) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names."""
    return tuple(dict.fromkeys(url.decode("utf-8", "replace") for url in _NAMED.findall(body[:_ROBOTS])))[:FILES_A_SITE]


def storefronts_apart(here: str, urls: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (pages, paths of storefronts) among the addresses of a sitemap; pages below a storefront belong to it alone."""
    homes = tuple(homes_among(here, ((url, "") for url in urls)))
    if len(homes) < ENOUGH:
        return urls, ()
    known = frozenset(homes)
    return tuple(url for url in urls if not _lies_below(urlsplit(url).path, known)), homes


def _lies_below(path: str, homes: frozenset[str]) -> bool:
    parts = path.split("/")
    return any("/".join(parts[:depth]) in homes for depth in (2, 3))


def _lies_at(host: str, url: str) -> bool:
    return is_web_address(url) and bare_host(host_of(url)) == host


class Sitemaps:
    """Knows which sitemaps the hosts of a run name. Robots, delays and the address guard hold for sitemaps too."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._named: dict[str, tuple[str, ...]] = {}
        crawler.signals.connect(self._note_robots, signals.response_received)

    def _note_robots(self, response: Response, request: Request) -> None:
        """Note what the robots.txt says that was fetched anyway."""
        if request.meta.get("netpatrol_robots") and response.status == 200:
            named = named_in_robots(response.body)
            if named and len(self._named) < HOSTS_KEPT:
                self._named[bare_host(host_of(request.url))] = named

    async def of(self, url: str, known: tuple[str, ...] = (), *, guess: bool) -> Listed:
        """Return the pages of a site that its sitemaps list.

        `known` are sitemaps that an earlier look found; `guess`: try the usual place where none is named.
        """
        host = bare_host(host_of(url))
        waiting = list(dict.fromkeys((*self._named.pop(host, ()), *known)))
        if not waiting and guess:
            waiting = [urljoin(url, "/sitemap.xml")]
        waiting = [address for address in waiting if _lies_at(host, address)]
        pages: dict[str, None] = {}
        asked: list[str] = []
        source, has_more = "", False
        while waiting and len(asked) < FILES_A_SITE and len(pages) < ADDRESSES_A_SITE:
            address = waiting.pop(0)
            asked.append(address)
            told = read_sitemap(await self._fetch(address))
            waiting = list(dict.fromkeys((*waiting, *(more for more in told.sitemaps if _lies_at(host, more) and more not in asked))))
            inside = [page for page in told.pages if _lies_at(host, page)]
            pages |= dict.fromkeys(inside)
            source = source or (address if inside else "")
            has_more |= told.has_more
        has_more |= bool(waiting) or len(pages) > ADDRESSES_A_SITE
        return Listed(pages=tuple(pages)[:ADDRESSES_A_SITE], source=source, has_more=has_more)

    async def _fetch(self, url: str) -> bytes:
        response = await answer_of(self.crawler, url, retry=False)
        return response.body if response is not None and response.status == 200 else b""
