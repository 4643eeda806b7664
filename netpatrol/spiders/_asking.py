"""Asks a host for an address beside the pages of a site: a sitemap, a mark, a search, what it says of nothing.

Robots, delays and the address guard hold for these requests as for any other.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from netpatrol.text.urls import plain_url

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)


async def ask(crawler: Crawler, url: str, *, retry: bool = True) -> Response:
    """Return the answer of an address; raises what kept it from being asked (`Refused`) or answered."""
    assert crawler.engine is not None
    meta = {} if retry else {"dont_retry": True}
    return await crawler.engine.download_async(Request(plain_url(url), callback=NO_CALLBACK, dont_filter=True, meta=meta))


async def answer_of(crawler: Crawler, url: str, *, retry: bool = True) -> Response | None:
    """Return the answer of an address; None where there is none, which is only logged."""
    try:
        return await ask(crawler, url, retry=retry)
    except Exception as error:
        logger.info("No answer from %s: %r", url, error)
        return None
