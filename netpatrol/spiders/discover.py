"""`scrapy crawl discover`: looks in on new addresses (telecom lists, links, mentions) before they are patrolled.

    scrapy crawl discover                     targets that no run has looked at yet
    scrapy crawl discover -a due=all          all sites

Reads the start page and what it takes to know whether a shop is there, whose it may be and which others it leads to; the
target stays due, for `sites` to patrol it within its own bounds.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from netpatrol.spiders._base import PatrolSpider
from netpatrol.spiders._site import Bounds


class DiscoverSpider(PatrolSpider):
    """A short visit to each new address."""

    name = "discover"
    kinds: ClassVar[tuple[str, ...]] = ("site",)
    stays_due: ClassVar[bool] = True
    sitemaps_for: ClassVar[str] = "shops"
    PAGES: ClassVar[int] = 3

    def bounds(self) -> Bounds:
        """Return the bounds of a short visit."""
        return Bounds(depth=1, pages=self.PAGES, seconds=self.settings.getfloat("NETPATROL_MAX_SECONDS"))

    def undone_since(self) -> datetime | None:
        """Claim what was not looked at since this run began, so that what stays due is not claimed twice."""
        return self.patrol.started_at if self.due == "all" else NEVER


NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
"""Claims only targets that were never done."""
