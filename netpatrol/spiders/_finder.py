"""What a page leads to: more pages of its site, and shops that become targets of their own."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from netpatrol.items import Link
from netpatrol.ledger import End
from netpatrol.spiders import _answers as answers
from netpatrol.spiders._claims import Claims
from netpatrol.spiders._entrances import jumps, ways_in
from netpatrol.spiders._known_hosts import is_never_shop
from netpatrol.spiders._marks import Marks
from netpatrol.spiders._names import ENTRIES
from netpatrol.spiders._planned import Planned
from netpatrol.spiders._site import LONGEST_URL, SiteCrawl
from netpatrol.spiders._walls import leads_back
from netpatrol.spiders.platforms import ShopFacts, read_platform
from netpatrol.store.records import Via
from netpatrol.text.further import data_links, named_hosts, turns_a_page
from netpatrol.text.handlers import handler_links
from netpatrol.text.hidden import hides_goods, hides_ways
from netpatrol.text.html import Document
from netpatrol.text.links import FRAMES, find_links
from netpatrol.text.urls import bare_host, host_of, is_web_address, page_key, plain_url, route_of, shape
from netpatrol.text.written import written_links

if TYPE_CHECKING:
    from netpatrol.patrol import Patrol

logger = logging.getLogger(__name__)

LED_A_SITE = 2_000
"""Addresses of other hosts that are taken from one site: a shop has a few, a directory some hundreds, a farm any number."""
FRONTS_A_SITE = 50_000
"""Storefronts that are taken from one platform: a province has as many."""
_FEED = re.compile(r"/(?:feed|rss|atom)(?:/|\.xml)?$", re.IGNORECASE)
_FEED_TEXT = re.compile(r"\b(?:rss|atom)\b|订阅", re.IGNORECASE)
"""Both must say that it is one: `/feed` may be what a shop for animals sells."""
_TO_A_POST = re.compile(r"/forum\.php\?(?=.*\bmod=redirect\b)(?=.*\bgoto=\w)(?=.*\bp?tid=\d)", re.IGNORECASE)
"""Discuz: the last or one certain post of a thread, which is linked itself, as are its further pages."""


def _links_of(document: Document) -> Iterator[Link]:
    yield from find_links(document)
    yield from jumps(document)
    yield from handler_links(document)
    yield from data_links(document)
    yield from written_links(document)


def leads_beyond(site: SiteCrawl, document: Document, section: str) -> bool:
    """Whether a page leads to pages of its site that are of another section than its own and have not come into sight yet."""
    fresh = (link for link in _links_of(document) if link.url not in site.known and "nofollow" not in link.rel)
    return any(site.awaits(link.url) and shape(link.url) != section for link in fresh)


@dataclass(slots=True, kw_only=True)
class Finder:
    """Plans the links inside a site and hands those that lead to other shops to the claims; `wake` tells of new ones."""

    patrol: Patrol
    claims: Claims
    marks: Marks
    wake: asyncio.Event
    follow: bool
    """Whether links to other shops count at all."""
    most_redirects: int

    def take_links(self, site: SiteCrawl, planned: Planned, document: Document) -> None:
        """Plan the links inside the site, note those that lead to other shops."""
        told = read_platform(document)
        for front in told.storefronts:
            if site.prefix != front.prefix and self._takes_front(site, front.prefix):
                self.found(front.url, channel="directory", source=document.url, prefix=front.prefix, name=front.name)
        prefixes = tuple(front.prefix for front in told.storefronts) if not site.prefix else ()
        self._take_facts(site, planned, told.shop)
        for url in reversed(ways_in(document, planned.url, start=site.is_start(planned))[:ENTRIES]):  # the last goes first
            if site.contains(url):
                site.enter(planned, url)
        fresh = [link for link in _links_of(document) if link.url not in site.known]
        site.marks |= dict.fromkeys(self.marks.of_page(fresh))
        site.traps.note_lists(planned.url, fresh)
        for link in fresh:
            self._take_link(site, planned, link, prefixes, document)
        if document.has_more_links:
            site.miss_links(planned)
        if hides_ways(document) or (site.is_start(planned) and _hides_all(planned, document)):
            site.miss_links(planned, "script_links")
        for url in named_hosts(document.markup):
            if url not in site.known and site.host != bare_host(host_of(url)):
                self._lead(site, url, "mention", document.url)

    def _lead(self, site: SiteCrawl, url: str, channel: str, source: str) -> None:
        """Take an address of another host to which a site leads, unless there were too many."""
        site.know(url)
        site.led += 1
        if site.led <= LED_A_SITE:
            self.found(url, channel=channel, source=source)
        elif site.led == LED_A_SITE + 1:
            logger.warning("%s leads to more than %d addresses of other hosts; the rest is left", site.target.url, LED_A_SITE)

    def _takes_front(self, site: SiteCrawl, prefix: str) -> bool:
        """Say whether a storefront is taken: it is known, or there were not too many."""
        if prefix not in site.fronts and len(site.fronts) < FRONTS_A_SITE:
            site.fronts.add(prefix)
            if len(site.fronts) == FRONTS_A_SITE:
                logger.warning("%s names %d storefronts; the rest is left", site.target.url, FRONTS_A_SITE)
        return prefix in site.fronts

    def _take_facts(self, site: SiteCrawl, planned: Planned, told: ShopFacts) -> None:
        """Plan the shop's licence page before all others and where its lists go on; note its name."""
        if told.name and site.prefix:
            site.call(told.name)
        if told.licence and site.contains(told.licence):
            site.plan(told.licence, depth=planned.depth + 1, via=planned.url, first=True)
        on = planned.depth or 1
        for url in told.next_pages:
            if site.contains(url):
                site.plan(url, depth=on, via=planned.url)
        for form in told.next_forms:
            if site.contains(form.url):
                site.plan(form.url, depth=on, via=planned.url, form=form.fields, charset=form.charset)

    def _take_link(
        self, site: SiteCrawl, planned: Planned, link: Link, storefronts: tuple[str, ...], document: Document
    ) -> None:
        if site.contains(link.url):
            path = urlsplit(link.url).path
            if any(path == prefix or path.startswith(prefix + "/") for prefix in storefronts):
                return
            if _FEED.search(path) and _FEED_TEXT.search(link.text):
                site.leave_out(link.url, "feed")
                return
            if _TO_A_POST.search(link.url):
                site.leave_out(link.url, "redirect_to_seen")
                return
            depth = planned.depth + 1
            if link.where in (*FRAMES, "refresh"):
                depth = planned.depth
            elif turns_a_page(link, document.url):
                depth = planned.depth or 1  # a list is as deep on its last page as on its first
            nofollow = "nofollow" in link.rel
            site.plan(link.url, depth=depth, via=planned.url, nofollow=nofollow)
            if not nofollow and depth <= site.bounds.depth:
                site.know(link.url)
        elif site.host != bare_host(host_of(link.url)) and link.where in ("a", "area", *FRAMES, "refresh", "state"):
            self._lead(site, link.url, "directory" if site.prefix else "link", document.url)

    def redirected(self, site: SiteCrawl, planned: Planned, url: str) -> None:
        """Follow a redirect inside the site; one that leaves it belongs to someone else and becomes a target."""
        hops, url = (*planned.hops, planned.url), _with_route(plain_url(url), planned)
        if len(url) > LONGEST_URL:
            site.end(planned, End.FAILED, "long_address")
            return
        if not is_web_address(url):
            site.end(planned, End.FAILED, "bad_address")
            return
        if not site.contains(url):
            if not answers.is_gate(url, site.host):
                if site.is_start(planned) and not site.target.platform:
                    site.moved_to = url
                self.found(url, channel="redirect", source=planned.url)
            site.end(planned, End.SKIPPED, "redirect_off_site")
            return
        key = page_key(url)
        if not any(answers.is_gate(hop, site.host) or leads_back(hop, hops) for hop in (*hops, url)):
            site.sent_on |= dict.fromkeys({page_key(hop) for hop in hops} - {key}, key)
        again = key == planned.own_key and hops.count(planned.url) < 2  # a wall that sets its cookie first
        if len(hops) > self.most_redirects or (url in hops and not again):
            site.end(planned, End.FAILED, "redirect_loop")
        elif key != planned.own_key and key in site.seen:
            site.end(planned, End.SKIPPED, "redirect_to_seen")
            if key != page_key(site.target.url):
                site.led_on(planned, seen=True)
        else:
            site.led_on(planned, seen=False)
            site.origins.note_sent(planned.url, url)
            site.seen.add(key)
            site.frontier.appendleft(Planned(url=url, key=planned.key, depth=planned.depth, via=planned.via, hops=hops))

    def found(self, url: str, *, channel: str, source: str, prefix: str = "", name: str = "") -> None:
        """Note a shop address that was come across; it becomes a target of its own."""
        url = answers.ascii_address(url)
        host = host_of(url)
        if not host or not self.patrol.gate.lets(host):
            return
        if channel != "seed" and (not self.follow or is_never_shop(host)):
            return
        target = answers.target_for(url, prefix=prefix, name=name, via=Via(channel=channel, source=source[:500], at=datetime.now(UTC)))
        if target is not None and self.claims.find(target):
            self.wake.set()


def _hides_all(planned: Planned, document: Document) -> bool:
    """Whether the start page of a site leads to none of its pages but by a script; what the browser has drawn must show goods."""
    return answers.hides_its_menu(document) and (planned.raw is None or hides_goods(document))


def _with_route(url: str, planned: Planned) -> str:
    """Return where a redirect leads with the route that a browser would keep, unless it has one of its own; no other fragment."""
    bare, mark, _ = url.partition("#")
    return bare + (route_of(url) if mark else route_of(planned.url))
