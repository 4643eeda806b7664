"""`scrapy crawl recheck`: fetches the pages of open leads again: corrected, still there, changed, or gone.

    scrapy crawl recheck

A lead is closed by what a later crawl saw, never by a click. Follows no links but to the frames of a page, to its further
pages and to what describes its goods, where its words may stand by now: what else is new is for `sites` to find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar

from netpatrol.items import Link
from netpatrol.spiders import _answers as answers
from netpatrol.spiders._base import PatrolSpider
from netpatrol.spiders._planned import Planned
from netpatrol.spiders._site import SiteCrawl
from netpatrol.store import targets as store_targets
from netpatrol.store.leads import open_pages
from netpatrol.text.further import continues, details
from netpatrol.text.handlers import handler_links
from netpatrol.text.html import Document
from netpatrol.text.links import FRAMES, find_links
from netpatrol.text.urls import form_of, host_of, is_under, page_key

CLICKED = ("a", "area", "script")
MOST_PARTS = 10
"""Frames of one page that are looked at again with it, and further pages: a list may go on for hundreds."""


class RecheckSpider(PatrolSpider):
    """The pages on which open leads rest, shop by shop."""

    name = "recheck"
    kinds: ClassVar[tuple[str, ...]] = ("site", "storefront")
    stays_due: ClassVar[bool] = True
    sitemaps_for: ClassVar[str] = ""
    frames_lead_off: ClassVar[bool] = True

    async def start(self) -> AsyncIterator[Any]:
        """Ask which pages open leads rest on, then go on as any patrol."""
        self.pages: dict[str, tuple[tuple[str, str], ...]] = await self.patrol.ask_store(open_pages) or {}
        self.wholes: dict[str, str] = {}
        self.parts: Counter[str] = Counter()
        self.claims.ask_for({store_targets.id_of(shop_id) for shop_id in self.pages})
        async for request in super().start():
            yield request

    def plan_start(self, site: SiteCrawl) -> None:
        """Plan the pages of the shop's open leads instead of its start page."""
        for url, key in self.pages.get(site.shop_id, ()):
            form, charset = form_of(key)
            site.plan(url, depth=0, via="lead", form=form, charset=charset)

    async def goes_on(self, site: SiteCrawl) -> bool:
        """Whether the start page has to be asked as well: where all pages of the leads are gone or lead to another host, or one
        says that the domain is for sale, only it tells whether the shop is gone or has moved.
        """
        state, _, reason = answers.outcome(
            self.ledger.counts(site.shop_id), moved=bool(site.moved_to), parked=site.parked, start=self.ledger.end_of(site.shop_id)
        )
        doubted = state == "gone" or reason == "redirect_off_site" or site.may_be_parked
        asked = doubted and site.plan(site.target.url, depth=0, via="lead")
        if asked:
            self._send(site)
            site.ended = site.is_done
        return asked and not site.is_done

    def take_links(self, site: SiteCrawl, planned: Planned, document: Document) -> None:
        """Follow what belongs to the page itself: its frames, where its text goes on, and what it is said to be described on."""
        links = (*find_links(document), *handler_links(document))
        frames = [link.url for link in links if link.where in FRAMES and (site.contains(link.url) or _shows(site, link.url))]
        for url in frames[:MOST_PARTS]:
            site.plan(url, depth=planned.depth + 1, via=planned.url)
        whole = self.wholes.get(planned.key, document.url if planned.via == "lead" else "")
        if whole:
            self._take_parts(site, planned, whole, [link for link in links if link.where in CLICKED and site.contains(link.url)])

    def _take_parts(self, site: SiteCrawl, planned: Planned, whole: str, links: Sequence[Link]) -> None:
        """Plan the further pages of a text to which one of its pages leads: the third may be linked from the second alone."""
        parts = [link.url for link in links if continues(link, whole)]
        parts += [link.url for link in links if planned.via == "lead" and details(link)]
        for url in parts:
            if self.parts[whole] < MOST_PARTS and site.plan(url, depth=planned.depth + 1, via=planned.url):
                self.parts[whole] += 1
                self.wholes[page_key(url)] = whole


def _shows(site: SiteCrawl, url: str) -> bool:
    """Whether an address is on a host below that of a shop on its own domain: what is shown from there, it shows itself."""
    return not site.prefix and is_under(host_of(url), site.host)
