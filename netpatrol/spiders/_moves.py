"""Whether a site has moved to where its start page leads: only what is seen there tells.

A provider sends the visitors of a site that is switched off for a while to a notice, a portal, or to nowhere at all,
and mostly says that this is so for now (302). Such a site is not to be had, and nothing on it was corrected.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from netpatrol.fold import displayed_names, names_a_shop
from netpatrol.items import PageState
from netpatrol.middlewares import Refused
from netpatrol.spiders import _answers as answers
from netpatrol.spiders._asking import ask
from netpatrol.spiders._parked import is_parked
from netpatrol.store.likeness import OFFERS, is_wall
from netpatrol.store.pages import titles_of
from netpatrol.text.html import Document, parse_document
from netpatrol.text.promo import sells
from netpatrol.text.read import read_document

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from netpatrol.patrol import Patrol
    from netpatrol.spiders._site import SiteCrawl

FOR_GOOD = (301, 308)
"""Redirects by which a server says that an address has another one from now on."""
SHUT = ("robots", "robots_unavailable", "crawl_delay", "retry_after")
"""Why a place is not asked that is there all the same."""
MAX_BODY = 1_000_000
_NOTHING = (PageState.SOFT_404, PageState.CHALLENGE, PageState.EMPTY, PageState.NOT_HTML, PageState.UNDECODABLE)


class Moves:
    """Asks the places to which start pages lead. Robots, delays and the address guard hold for these requests, too."""

    def __init__(self, crawler: Crawler, patrol: Patrol) -> None:
        self.crawler, self.patrol = crawler, patrol
        self.most_redirects = crawler.settings.getint("NETPATROL_MAX_REDIRECTS")

    async def confirm(self, site: SiteCrawl) -> None:
        """Forget where a site is said to have moved to unless what stands there bears it out."""
        if site.moved_to and not await self._has_moved(site):
            site.moved_to = ""

    async def _has_moved(self, site: SiteCrawl) -> bool:
        try:
            response = await self._arrive(site)
        except Refused as refused:
            return site.moved_for_good and refused.reason in SHUT
        except Exception:  # nobody is there, for whatever reason
            return False
        if response is None or answers.why_no_page(response):
            return False
        document = parse_document(response.body[:MAX_BODY], answers.header(response, "Content-Type"), response.url)
        titles = await self.patrol.ask_store(titles_of, site.shop_id)
        return is_new_home(document, displayed_names(titles or (), site.target.name), for_good=site.moved_for_good)

    async def _arrive(self, site: SiteCrawl) -> Response | None:
        """Return what answers in the end where a site leads to; None for an error, a login or a way back."""
        url = site.moved_to
        for _ in range(self.most_redirects + 1):
            if site.contains(url) or answers.is_gate(url, site.host):
                return None
            response = await ask(self.crawler, url, retry=False)
            if not (300 <= response.status < 400 and response.headers.get("Location")):
                return response if response.status == 200 else None
            url = urljoin(response.url, answers.location(response))
        return None


def is_new_home(document: Document, names: Collection[str], *, for_good: bool) -> bool:
    """Whether a page can be where a shop of these names is by now.

    Never a notice of any kind. Where its old host only says that it is so for now, it has to look like a shop, or to
    bear the name.
    """
    text = read_document(document)
    if text.state in _NOTHING or is_parked(document) or is_wall(text.title, text.norm, sells=sells(text.promo)):
        return False
    shown = displayed_names([text.title])
    return for_good or any(text.promo[sign] for sign in OFFERS) or names_a_shop(text.title) or not set(shown).isdisjoint(names)
