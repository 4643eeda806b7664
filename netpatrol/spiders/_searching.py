"""Asks the configured search, politely and within bounds; robots, delays and the address guard hold for it as for any host."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from netpatrol.middlewares import Refused
from netpatrol.text.html import parse_document

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from netpatrol.spiders.search import Hit, SearchSource

logger = logging.getLogger(__name__)


class SearchFailed(Exception):  # noqa: N818 - an outcome, told to the operator
    """A search that gave no answer; the text says why."""


async def search(crawler: Crawler, source: SearchSource, words: str, pages: int) -> AsyncIterator[Hit]:
    """Yield what a search finds for these words, page by page until a page has nothing new; SearchFailed where it refuses."""
    assert crawler.engine is not None
    seen: set[str] = set()
    for number in range(1, pages + 1):
        request = Request(source.address(words, number), callback=NO_CALLBACK, dont_filter=True, meta={"netpatrol_search": True})
        try:
            response = await crawler.engine.download_async(request)
        except Refused as refused:
            raise SearchFailed(refused.reason) from refused
        except Exception as error:
            raise SearchFailed(type(error).__name__) from error
        if response.status != 200:
            raise SearchFailed(f"http_{response.status}")
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        new = [hit for hit in source.hits(parse_document(response.body, kind, response.url)) if hit.url not in seen]
        seen |= {hit.url for hit in new}
        for hit in new:
            yield hit
        if not new:
            return
