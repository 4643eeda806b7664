"""`scrapy crawl discover`: looks in on new addresses (telecom lists, links, mentions, searches) before they are patrolled.

    scrapy crawl discover                     targets that no run has looked at yet
    scrapy crawl discover -a due=all          all sites
    scrapy crawl discover -a keywords=土蜂蜜,保健品 -a regions=夷陵,点军      and what the search of NETPATROL_SEARCH finds

Reads the start page and what it takes to know whether a shop is there, whose it may be and which others it leads to; the
target stays due, for `sites` to patrol it within its own bounds.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, ClassVar

from scrapy.crawler import Crawler

from netpatrol.errors import NetPatrolError
from netpatrol.ledger import REASONS
from netpatrol.settings import as_list
from netpatrol.spiders._base import PatrolSpider
from netpatrol.spiders._searching import SearchFailed, search
from netpatrol.spiders._site import Bounds
from netpatrol.spiders.search import SearchSource, queries, source_of


class DiscoverSpider(PatrolSpider):
    """A short visit to each new address."""

    name = "discover"
    kinds: ClassVar[tuple[str, ...]] = ("site",)
    stays_due: ClassVar[bool] = True
    sitemaps_for: ClassVar[str] = "shops"
    PAGES: ClassVar[int] = 3
    source: SearchSource | None = None

    def __init__(
        self, seeds: str = "", due: str = "", follow: str = "on", regions: str = "", keywords: str = "", **args: str
    ) -> None:
        super().__init__(seeds=seeds, due=due, follow=follow, **args)
        self.queries = queries(as_list(regions), as_list(keywords))
        if regions and not keywords:
            raise NetPatrolError("-a regions= 要与 -a keywords= 一起用")
        self.args |= {"regions": regions, "keywords": keywords}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> DiscoverSpider:
        """Open the patrol; raises NetPatrolError where there is something to search for and no search is configured."""
        configured = crawler.settings.get("NETPATROL_SEARCH") or ""
        source = source_of(configured) if configured or kwargs.get("keywords") else None
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, cls)
        spider.source = source
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Search first, then visit what is new."""
        for words in self.queries:
            await self._search(words)
        async for request in super().start():
            yield request

    async def _search(self, words: str) -> None:
        assert self.source is not None
        try:
            async for hit in search(self.crawler, self.source, words, self.settings.getint("NETPATROL_SEARCH_PAGES")):
                self.finder.found(hit.url, channel="search", source=words)
        except SearchFailed as failed:
            self.patrol.trouble(f"搜索“{words}”没有结果：{REASONS.get(str(failed), failed)}", exit_code=1)

    def bounds(self) -> Bounds:
        """Return the bounds of a short visit."""
        return Bounds(depth=1, pages=self.PAGES, seconds=self.settings.getfloat("NETPATROL_MAX_SECONDS"))

    def undone_since(self) -> datetime | None:
        """Claim what was not looked at since this run began, so that what stays due is not claimed twice."""
        return self.patrol.started_at if self.due == "all" else NEVER


NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
"""Claims only targets that were never done."""
