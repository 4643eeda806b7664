"""Recognises "not found" pages of any size that answer 200, by what the site says of an address that cannot exist.

Small ones are recognised by their words (`text.state`). A large one (menu, footer, recommendations around one sentence)
is only told from a page that happens to say so by comparing: once for a site, and only where a page is suspected.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

from netpatrol.items import PageState
from netpatrol.notices import MAY_BE_GONE, MAY_BE_GONE_WORDS
from netpatrol.spiders._answers import header
from netpatrol.spiders._asking import answer_of
from netpatrol.spiders._traps import said_on, shingles
from netpatrol.text.html import parse_document
from netpatrol.text.promo import sells
from netpatrol.text.read import read_document, with_state

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from netpatrol.spiders._site import SiteCrawl
    from netpatrol.text.html import Document

LARGEST = 200_000
MOST_NEW = 0.1
"""Of what a page says, so much may be missing in the site's answer to an impossible address."""


def is_suspected(document: Document) -> bool:
    """Whether a page that seems whole says somewhere that something is not there."""
    if document.json is not None or len(document.markup) > LARGEST:
        return False
    text = read_document(document)
    if text.state is not PageState.CHECKED or sells(text.promo):
        return False  # something is on offer here, whatever a hidden line says
    return any(word in text.raw for word in MAY_BE_GONE_WORDS) and MAY_BE_GONE.search(text.raw) is not None


def says_the_same(page: Document, answer: Document) -> bool:
    """Whether a page says next to nothing but what the site answers where nothing is."""
    if not MAY_BE_GONE.search(read_document(answer).raw):
        return False
    said, known = set(shingles(said_on(page)).tolist()), set(shingles(said_on(answer)).tolist())
    return bool(said) and len(said - known) <= MOST_NEW * len(said)


class LostPages:
    """Asks each site at most once for an address that cannot exist. Robots, delays and the address guard hold for it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    async def mark(self, site: SiteCrawl, document: Document) -> None:
        """Let a page that is none be read as such: not checked, and gone."""
        if not is_suspected(document):
            return
        if site.lost is None:  # of two pages that come at once the second waits for the first's answer
            site.lost = asyncio.ensure_future(self._ask(impossible(site.target.url)))
        answer = await asyncio.shield(site.lost)
        if answer is not None and says_the_same(document, answer):
            document.words = with_state(read_document(document), PageState.SOFT_404)

    async def _ask(self, url: str) -> Document | None:
        """Return what a site shows where nothing is; None where it says so by its status, or does not answer."""
        response = await answer_of(self.crawler, url, retry=False)
        if response is None or response.status != 200 or len(response.body) > LARGEST:
            return None
        return parse_document(response.body, header(response, "Content-Type"), response.url)


def impossible(url: str) -> str:
    """Return an address below a start page that no site has; always the same for one site."""
    return f"{url.partition('?')[0].rstrip('/')}/{hashlib.blake2b(url.encode(), digest_size=8).hexdigest()}.html"
