"""Asks the configured search, politely and within bounds; robots, delays and the address guard hold for it as for any host."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from netpatrol.middlewares import Refused
from netpatrol.spiders._answers import header, why_cut_short
from netpatrol.spiders._asking import ask
from netpatrol.text.html import parse_document

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from netpatrol.spiders.search import Hit, SearchSource


class SearchFailed(Exception):  # noqa: N818 - an outcome, told to the operator
    """A search that gave no answer; the text says why."""


async def search(crawler: Crawler, source: SearchSource, words: str, pages: int) -> AsyncIterator[Hit]:
    """Yield what a search finds for these words, page by page until a page has nothing new; SearchFailed where it refuses."""
    seen: set[str] = set()
    for number in range(1, pages + 1):
        address = source.address(words, number)
        try:
            response = await ask(crawler, address)
        except Refused as refused:
            raise SearchFailed(refused.reason) from refused
        except Exception as error:
            raise SearchFailed(type(error).__name__) from error
        if response.status != 200:
            raise SearchFailed(f"http_{response.status}")
        document = parse_document(response.body, header(response, "Content-Type"), response.url)
        if why_cut_short(response, crawler.settings.getint("NETPATROL_MAX_BODY")):
            raise SearchFailed("truncated")
        if not source.reads(document):
            raise SearchFailed("unreadable")
        new = [hit for hit in source.hits(document) if hit.url not in seen]
        seen |= {hit.url for hit in new}
        for hit in new:
            yield hit
        if not new:
            return
