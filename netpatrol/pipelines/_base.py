"""The base of all stages: wiring, counters, and the one place where any exception of a page ends.

A stage names itself and does its work on a dossier. What goes wrong with one page becomes a `Problem` of that page,
with its traceback in the log; the page goes on to be stored as not checked, and the run goes on.
"""

from __future__ import annotations

import logging
from typing import ClassVar

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from netpatrol.items import Dossier, PageItem, Problem
from netpatrol.patrol import Patrol

logger = logging.getLogger(__name__)


class Stage:
    """One step of a page. Subclasses set `name` and implement `work`."""

    name: ClassVar[str]

    def __init__(self, crawler: Crawler) -> None:
        self.crawler, self.patrol = crawler, Patrol.of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Stage:
        """Build from the crawler; the patrol is shared by all stages."""
        return cls(crawler)

    def count(self, noun: str, number: int = 1) -> None:
        """Count something as `netpatrol/<stage>/<noun>`."""
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(f"netpatrol/{self.name}/{noun}", number)

    async def process_item(self, item: PageItem | Dossier) -> PageItem | Dossier:
        """Do this stage's work; a failure is the page's problem, not the run's."""
        dossier = item if isinstance(item, Dossier) else Dossier(page=item)
        try:
            result = await self.work(dossier)
        except DropItem:
            raise
        except Exception as error:  # the one place for it: everything a page can do to us ends here
            logger.exception("Stage %s failed on %s", self.name, dossier.page.url)
            self.count("errors")
            problem = Problem(stage=self.name, code=type(error).__name__, detail=str(error)[:500])
            return dossier.having(problems=(*dossier.problems, problem))
        self.count("pages")
        return result

    async def work(self, dossier: Dossier) -> Dossier:
        """Return the dossier with this stage's slot filled."""
        raise NotImplementedError
