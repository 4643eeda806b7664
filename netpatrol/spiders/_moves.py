"""Whether a site has moved to where its start page leads: only what is seen there tells.

A provider sends the visitors of a site that is switched off to a notice, to its own front page, or to nowhere at all, and may say
that this is so for good (301). Such a site is not to be had, and nothing on it was corrected. A new home says whose it is: by
the shop's name, its company, code, telephone or filing, or by the goods of the old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from netpatrol.fold import displayed_names
from netpatrol.items import Fact, PageState
from netpatrol.notices import NO_NAME
from netpatrol.spiders import _answers as answers
from netpatrol.spiders._asking import ask
from netpatrol.spiders._parked import is_parked
from netpatrol.store.likeness import TITLE_PARTS, is_wall
from netpatrol.store.pages import shown_of
from netpatrol.text.html import Document, parse_document
from netpatrol.text.promo import sells
from netpatrol.text.read import read_document, read_facts
from netpatrol.text.roles import FOREIGN
from netpatrol.text.urls import page_key

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from netpatrol.patrol import Patrol
    from netpatrol.spiders._site import SiteCrawl

MAX_BODY = 1_000_000
GOODS = 2
"""Names of goods, or other titles of the old site, that must stand on a new one that says nothing else of whose it is."""
_NOTHING = (PageState.SOFT_404, PageState.CHALLENGE, PageState.EMPTY, PageState.NOT_HTML, PageState.UNDECODABLE)
_TELLING = frozenset({"uscc", "reg_no", "permit", "name", "phone", "icp", "psb", "emark", "licence_link"})
_GAMBLING = re.compile("百家乐|新葡京|老虎机|博彩|电子游艺|真人娱乐城|注册送(?:彩金|\\d)|澳门.{0,4}赌场")
"""What stands on expired names that others have taken: under the old title, for the sake of its visitors."""
_A_NAME = 4  # characters: what is shorter may stand in any text, and counts as a title alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a shop that would tell it elsewhere."""

    names: frozenset[str] = frozenset()
    goods: frozenset[str] = frozenset()
    facts: frozenset[tuple[str, str]] = frozenset()


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
        except Exception:  # nobody is there, or nobody may ask
            return False
        if response is None or answers.why_no_page(response):
            return False
        document = parse_document(response.body[:MAX_BODY], answers.header(response, "Content-Type"), response.url)
        shown = await self.patrol.ask_store(shown_of, site.shop_id)
        return is_new_home(document, known_by(shown or (), site.target.url, site.target.name))

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


def known_by(pages: Iterable[tuple[str, str, tuple[Fact, ...]]], home: str, name: str = "") -> Known:
    """Return what tells a shop elsewhere, by its pages (key, title, facts) and the name that it goes by."""
    pages = tuple(pages)
    titles = [title for _, title, _ in pages if title]
    at_home = [part for key, title, _ in pages if key == page_key(home) for part in _parts(title)]
    names = {part for shown in (*displayed_names(titles, name), *at_home) for part in (shown, *_parts(shown))}
    goods = {part for title in titles for part in _parts(title)[:1] if len(part) >= _A_NAME}
    return Known(names=_telling(names), goods=_telling(goods - names), facts=_marks(fact for _, _, facts in pages for fact in facts))


def is_new_home(document: Document, known: Known) -> bool:
    """Whether a page can be where a shop is by now of which this is known; never a notice of any kind."""
    text = read_document(document)
    if text.state in _NOTHING or is_parked(document) or _GAMBLING.search(text.norm):
        return False
    if is_wall(text.title, text.norm, sells=sells(text.promo)):
        return False
    if any(part in known.names for part in _parts(text.title)) or any(name in text.raw for name in known.names if len(name) >= _A_NAME):
        return True
    if sum(title in text.raw for title in known.goods) >= GOODS:
        return True
    return not known.facts.isdisjoint(_marks(read_facts(text, document).facts))


def _parts(title: str) -> list[str]:
    return [part for part in map(str.strip, TITLE_PARTS.split(title)) if len(part) > 1]


def _telling(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if not NO_NAME.fullmatch(name))


def _marks(facts: Iterable[Fact]) -> frozenset[tuple[str, str]]:
    return frozenset((fact.name, fact.value) for fact in facts if fact.name in _TELLING and fact.how not in FOREIGN)
