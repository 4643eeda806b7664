"""How a site ends: when all its pages are through the pipelines, it is folded, given back, and makes room for another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from netpatrol.items import Dossier, PageItem, PageState
from netpatrol.ledger import LEASE_LOST, UNCHANGED, End
from netpatrol.spiders._marks import Marks
from netpatrol.spiders._moves import Moves
from netpatrol.spiders._settling import Settling
from netpatrol.spiders._site import SiteCrawl
from netpatrol.store import targets as store_targets
from netpatrol.store.pages import ENTRANCE, end_entrances, end_sent_on
from netpatrol.text.urls import page_key

if TYPE_CHECKING:
    from netpatrol.patrol import Patrol

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True, weakref_slot=True)  # Scrapy keeps weak references to whom it signals
class Endings:
    """Ends the sites of one run. `sites` holds those under way; `wake` tells the coordinator that there is room."""

    patrol: Patrol
    settling: Settling
    marks: Marks
    moves: Moves
    sites: dict[str, SiteCrawl]
    wake: asyncio.Event
    goes_on: Callable[[SiteCrawl], Awaitable[bool]]
    """Asked of a site without anything left to fetch: whether something else leads to more of its pages."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def page_done(self, item: Any, exception: object = None) -> None:
        """Count down: a page went through the pipelines, whatever became of it."""
        page = item.page if isinstance(item, Dossier) else item
        site = self.sites.get(page.shop.shop_id) if isinstance(page, PageItem) and page.shop else None
        if site is not None:
            if _was_checked(item, exception) and ENTRANCE not in page.key:
                site.plain |= dict.fromkeys((page.url, *page.redirects, page.final_url), page.key)
            site.storing -= 1
            self.check(site)

    def check(self, site: SiteCrawl) -> None:
        """End a site if all its pages are done."""
        if site.is_done and not site.ended:
            site.ended = True
            task = asyncio.ensure_future(self.end(site))  # `sites` keeps the run alive until it is done
            self.tasks.add(task)
            task.add_done_callback(partial(self._ended, site))

    def _ended(self, site: SiteCrawl, task: asyncio.Task[None]) -> None:
        """Make room also where our own code failed on a site's ending: its lease runs out, the next run folds it."""
        self.tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("The ending of %s failed", site.target.url, exc_info=task.exception())
            self.patrol.trouble(f"对象收尾出错，下次巡查补做：{site.target.url}", exit_code=1)
            self.patrol.ledger.end_target(site.shop_id, End.FAILED, "ending_failed")
            self.sites.pop(site.shop_id, None)
            self.wake.set()

    def leave(self) -> None:
        """Leave the sites of an interrupted run as they are: their leases come back, the next run folds what is stored."""
        for task in tuple(self.tasks):
            task.cancel()

    async def end(self, site: SiteCrawl) -> None:
        """Fold the site's pages into leads, give its target back, make room for another.

        A site that another worker has taken over is left to that one, with the pages stored so far.
        """
        if not site.lease_lost and await self.goes_on(site):
            return
        if not (site.lease_lost or self.was_read(site)):
            await self.moves.confirm(site)
        site.close()
        marks = {} if site.lease_lost else await self.marks.ask(site.marks)
        ours = not site.lease_lost and await self.patrol.ask_store(store_targets.holds, site.target.target_id, self.patrol.worker)
        if ours:
            await self._tell_pages(site)
        how, reason = (End.SKIPPED, LEASE_LOST) if ours is False else await self.settling.settle(site, marks)
        self.patrol.ledger.end_target(site.shop_id, how, reason)
        del self.sites[site.shop_id]
        self.wake.set()

    async def _tell_pages(self, site: SiteCrawl) -> None:
        """Store what only the whole visit told of single pages: entrances that are none now, addresses that lead elsewhere."""
        if site.plain:
            read = {f"{page_key(url)}{ENTRANCE}{url}": key for url, key in site.plain.items()}
            await self.patrol.ask_store(end_entrances, site.shop_id, read)
        if site.sent_on:
            homes = [page_key(url) for url in (site.target.url, urljoin(site.target.url, "/"))]
            await self.patrol.ask_store(end_sent_on, site.shop_id, dict(site.sent_on), homes)

    def was_read(self, site: SiteCrawl) -> bool:
        """Whether any page of a site was checked."""
        return any(how is End.CHECKED for how, _ in self.patrol.ledger.counts(site.shop_id))


def _was_checked(item: Any, exception: object) -> bool:
    """Whether a page that went through the pipelines was read in full, now or when it was seen before as it is."""
    if isinstance(item, Dossier) and item.text is not None:
        return exception is None and item.text.state is PageState.CHECKED and item.page.status < 400
    return str(exception) == UNCHANGED
