"""The patrol spider: claims targets, walks each within its bounds, follows where shops lead, folds what it stored.

`start()` is the coordinator: it keeps a number of sites going, each with its own frontier, and ends when nothing is
left to claim. A page counts as done when its dossier is stored, and a site when all its pages are.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urljoin

from scrapy import FormRequest, Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from netpatrol import core
from netpatrol.browser import GOES_ON, LEFT_FOR, SAID, SOUGHT, Renderer
from netpatrol.errors import NetPatrolError
from netpatrol.fold import recover
from netpatrol.items import EvidenceRef, PageItem
from netpatrol.ledger import LEASE_LOST, SAME_PAGE, End, Ledger
from netpatrol.patrol import Patrol
from netpatrol.proxy import check_proxy
from netpatrol.settings import as_list
from netpatrol.spiders import _answers as answers
from netpatrol.spiders._claims import Claims
from netpatrol.spiders._doubts import mark_of
from netpatrol.spiders._endings import Endings
from netpatrol.spiders._entrances import sent_home
from netpatrol.spiders._finder import Finder
from netpatrol.spiders._hearing import hear, why_cut
from netpatrol.spiders._lost import LostPages
from netpatrol.spiders._marks import Marks
from netpatrol.spiders._moves import Moves
from netpatrol.spiders._parked import is_parked
from netpatrol.spiders._planned import Planned
from netpatrol.spiders._rounds import RoundMemory
from netpatrol.spiders._settling import Settling
from netpatrol.spiders._site import Bounds, SiteCrawl
from netpatrol.spiders._sitemaps import Sitemaps, storefronts_apart
from netpatrol.spiders._traps import said_on
from netpatrol.spiders._unsaid import may_say_it_by_script, may_still_say_it
from netpatrol.spiders._walls import keeps_out, sent_off
from netpatrol.store import targets as store_targets
from netpatrol.store.leads import quotes_of
from netpatrol.store.pages import ENTRANCE
from netpatrol.store.records import Target, Via
from netpatrol.text.filled import asks_for_text, grows_by_scrolling
from netpatrol.text.html import Document, parse_document
from netpatrol.text.urls import host_of, is_web_address, page_key, route_of
from netpatrol.times import local_date

logger = logging.getLogger(__name__)

AHEAD = 2
"""Requests of one site under way at once: one being answered, one waiting for its turn."""


class PatrolSpider(Spider):
    """Base of the spiders that walk sites. Subclasses say which kinds of targets they claim."""

    kinds: ClassVar[tuple[str, ...]] = ("site",)
    stays_due: ClassVar[bool] = False
    """Whether a target keeps its due time when this spider has done with it: a look is not a patrol."""
    sitemaps_for: ClassVar[str] = "pages"
    """What sitemaps are read for: pages to patrol, shops to find (then the usual place is tried as well), or "" for nothing."""
    frames_lead_off: ClassVar[bool] = False
    """Whether a page that is but a frame around another host counts as sent there: a domain may well show its shop so."""

    def __init__(self, seeds: str = "", due: str = "", follow: str = "on", **args: str) -> None:
        super().__init__(**args)
        if due not in ("", "all"):
            raise NetPatrolError("-a due= 只能是 all（重新巡查全部对象）")
        if follow not in ("on", "off"):
            raise NetPatrolError("-a follow= 只能是 on 或 off")
        self.seeds, self.due, self.follow = seeds, due, follow == "on"
        self.args = {"seeds": seeds, "due": due, "follow": follow}
        self.sites: dict[str, SiteCrawl] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PatrolSpider:
        """Open the patrol; raises NetPatrolError before anything is fetched."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.patrol = Patrol.of(crawler)
        spider.ledger = spider.patrol.ledger
        spider.wake = asyncio.Event()
        spider.renderer = Renderer(crawler.settings, spider.is_worth_a_picture)
        spider.sitemaps = Sitemaps(crawler)
        spider.lost = LostPages(crawler)
        spider.marks = Marks(crawler, as_list(crawler.settings.get("NETPATROL_MARK_HOSTS") or ""))
        seeds = answers.read_seeds(Path(spider.seeds)) if spider.seeds else answers.Seeds()
        spider.seed_urls = seeds.urls
        check_proxy()
        spider.patrol.open(spider.name, spider.args)
        for refused in seeds.refused:
            spider.patrol.trouble(f"种子文件有误，其余照常巡查：{refused}", exit_code=1)
        spider.memory = RoundMemory(spider.patrol, spider.name, spider.seeds, every=spider.due == "all")
        spider.claims = Claims(spider.patrol, spider.kinds, spider.undone_since(), every=spider.due == "all")
        spider.finder = Finder(
            patrol=spider.patrol, claims=spider.claims, marks=spider.marks, wake=spider.wake, follow=spider.follow,
            most_redirects=crawler.settings.getint("NETPATROL_MAX_REDIRECTS"),
        )
        spider.settling = Settling(
            patrol=spider.patrol, policy=answers.policy_of(crawler.settings), stays_due=spider.stays_due, crawler=crawler
        )
        spider.endings = Endings(
            patrol=spider.patrol, settling=spider.settling, marks=spider.marks, moves=Moves(crawler, spider.patrol), sites=spider.sites,
            wake=spider.wake, goes_on=spider.goes_on,
        )
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.endings.page_done, signal)
        crawler.signals.connect(spider.parse_failed, signals.spider_error)
        crawler.signals.connect(spider.endings.leave, signals.spider_closed)
        return spider

    patrol: Patrol
    ledger: Ledger
    claims: Claims
    wake: asyncio.Event
    seed_urls: tuple[str, ...]
    renderer: Renderer
    memory: RoundMemory
    finder: Finder
    settling: Settling
    endings: Endings
    marks: Marks
    sitemaps: Sitemaps
    lost: LostPages

    # -- the coordinator -----------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """Keep sites going until nothing is left to claim."""
        await self._recover()
        if self.seed_urls:
            for url in self.seed_urls:
                if self.patrol.gate.lets(host_of(url)):
                    self.finder.found(url, channel="seed", source=self.seeds)
                else:
                    self.patrol.trouble(f"种子里的网址不是公网地址，不巡查：{url}", exit_code=1)
            self.claims.ask_for(self.claims.new)
        while not self.patrol.is_ending:
            await self.claims.store_new()
            busy: set[str] = set()
            while len(self.sites) < self.settings.getint("NETPATROL_SITES_AT_ONCE"):
                busy = {site.target.host for site in self.sites.values()}
                target = await self.claims.next(busy)
                if target is None:
                    break
                seen = await self.memory.pages_of(target)
                site = self._begin(target, seen, await self.patrol.ask_store(quotes_of, target.shop_id))
                for request in self._requests(site):
                    yield request
                self.endings.check(site)
            if not self.sites and busy:
                continue  # the last site ended while we asked for more: others of its host may be claimed now
            if not self.sites and not self.claims.new:
                self.claims.give_up_the_rest()
                return
            await self._wait()

    async def _wait(self) -> None:
        """Wait until a site ends or new targets wait, prolonging the leases now and then."""
        lease = self.settings.getint("NETPATROL_LEASE_SECONDS")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.wake.wait(), timeout=lease / 3)
        self.wake.clear()
        lost = await self.claims.keep([site.target.target_id for site in self.sites.values()])
        for site in [site for site in self.sites.values() if site.target.target_id in lost]:
            self._lose(site)

    def _lose(self, site: SiteCrawl) -> None:
        """Stop a site that another worker has taken over, because this one stalled for longer than its lease."""
        logger.warning("The lease of %s was lost, another worker goes on with it", site.shop_id)
        site.lease_lost = True
        site.next_page(_now())  # ends all that was planned
        self.endings.check(site)

    def undone_since(self) -> datetime | None:
        """Return since when a target must not have been done to be claimed; None: whatever is due.

        With `due=all` that is every target but those that another `due=all` of this round has patrolled to their end already.
        """
        return (self.memory.round.patrolled_since or self.patrol.started_at) if self.due == "all" else None

    def bounds(self) -> Bounds:
        """Return how much of one site this spider looks at."""
        return Bounds(
            depth=self.settings.getint("NETPATROL_MAX_DEPTH"),
            pages=self.settings.getint("NETPATROL_MAX_PAGES"),
            seconds=self.settings.getfloat("NETPATROL_MAX_SECONDS"),
        )

    def plan_start(self, site: SiteCrawl) -> None:
        """Plan where a site is entered: at its address, and at others that lists name."""
        site.plan(site.target.url, depth=0, via="start")
        for url in filter(site.contains, site.target.also):
            site.plan(url, depth=1, via="list")

    def _begin(
        self, target: Target, seen: Mapping[str, EvidenceRef], quotes: Mapping[str, tuple[str, ...]] | None = None
    ) -> SiteCrawl:
        site = SiteCrawl(target=target, bounds=self.bounds(), ledger=self.ledger, started_at=_now(), lately=seen)
        site.quotes = {page_key(url): said for url, said in (quotes or {}).items()}
        self.sites[target.shop_id] = site
        self.ledger.plan_target(target.shop_id)
        self.ledger.watch(target.shop_id, page_key(target.url))
        self.plan_start(site)
        return site

    # -- fetching ------------------------------------------------------------------------------------

    def _requests(self, site: SiteCrawl) -> Iterator[Request]:
        while len(site.fetching) < AHEAD:
            planned = site.next_page(_now())
            if planned is None:
                return
            if self._take_from_memory(site, planned):
                continue
            if planned.raw is None and route_of(planned.url) and not self.renderer.may(site.rendered):
                site.end(planned, End.SKIPPED, "needs_render")  # its address without the route is another page
                site.fetching.discard(planned.key)
                continue
            yield self._request(site, site.shell_of(planned))

    def _take_from_memory(self, site: SiteCrawl, planned: Planned) -> bool:
        """Follow the links of a page that an earlier run of this round has fetched and stored; whether there was one."""
        seen = site.lately.get(planned.key) if planned.raw is None else None
        document = self.memory.document(seen) if seen is not None else None
        if seen is None or document is None:
            return False
        hear(site, planned, document)
        mark = mark_of(document) if site.doubts.any else None
        site.note(planned.url, mark, said_on(document))
        self.take_links(site, planned, document)
        site.end(planned, End.CHECKED)
        site.fetching.discard(planned.key)
        return True

    def _request(self, site: SiteCrawl, planned: Planned) -> Request:
        meta = {"netpatrol_site": site, "netpatrol_page": planned, "cookiejar": site.shop_id, "download_fail_on_dataloss": False}
        if planned.raw is not None:
            site.rendered += 1
            meta |= self.renderer.meta() | {SOUGHT: tuple(site.quotes.get(planned.own_key, ()))}
        if planned.form:
            return FormRequest(
                planned.url, callback=self.parse, errback=self.failed, dont_filter=True, meta=meta, formdata=list(planned.form),
                encoding=planned.charset,
            )  # fmt: skip
        return Request(planned.url, callback=self.parse, errback=self.failed, dont_filter=True, meta=meta)

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        """Account for one answer: redirect, error, or a page whose links are followed and which is stored."""
        site: SiteCrawl = response.meta["netpatrol_site"]
        planned: Planned = response.meta["netpatrol_page"]
        if site.lease_lost:
            site.end(planned, End.SKIPPED, LEASE_LOST)
        elif response.status >= 300 and site.ask_as_linked(planned):
            pass  # its host may show it after all
        elif 300 <= response.status < 400 and response.headers.get("Location"):
            to = urljoin(response.url, answers.location(response))
            self.finder.redirected(site, planned, to)
        elif planned.raw is not None and (to := answers.moved_to(response, planned)):
            self.finder.redirected(site, planned, to)
        elif response.status >= 400:
            site.end(planned, End.FAILED, f"http_{response.status}")
            if answers.is_gone(response):
                site.storing += 1
                yield self._item(site, planned, response, response.body[: answers.GONE_BODY])
        else:
            if not planned.hops and planned.raw is None:
                site.led_on(planned, seen=False)
            page = self._page(site, planned, response)
            if page is not None:
                if page.document is not None and planned.depth:  # a start page that answers everything is a shop's own
                    await self.lost.mark(site, core.document_of(page))
                site.storing += 1
                yield page
        site.fetching.discard(planned.key)
        for request in self._requests(site):
            yield request
        self.endings.check(site)

    def failed(self, failure: Failure) -> Iterator[Any]:
        """Account for a page that could not be fetched, or that we do not fetch; one that the browser cannot show is judged
        by what was fetched of it.
        """
        request: Request = failure.request  # type: ignore[attr-defined]
        site: SiteCrawl = request.meta["netpatrol_site"]
        planned: Planned = request.meta["netpatrol_page"]
        how, reason = answers.why_failed(failure.value or Exception())
        if planned.raw is not None and request.meta.get(LEFT_FOR):
            self.finder.redirected(site, planned, request.meta[LEFT_FOR])
        elif planned.raw is not None and how is End.FAILED:
            site.storing += 1
            yield self._unshown(site, planned, planned.raw)
        elif reason in answers.UNREACHABLE and site.ask_otherwise(planned):
            pass  # a list names the page under http and https
        else:
            site.end(planned, how, reason)
        site.fetching.discard(planned.key)
        yield from self._requests(site)
        self.endings.check(site)

    def _unshown(self, site: SiteCrawl, planned: Planned, raw: Response) -> PageItem:
        """Return a page that the browser could not show, as it was fetched, its links taken in."""
        limit = self.settings.getint("NETPATROL_MAX_BODY")
        body = raw.body[:limit]
        document = parse_document(body, answers.header(raw, "Content-Type"), raw.url)
        planned = replace(planned, raw=None)
        self.take_links(site, planned, document)
        page = self._item(site, planned, raw, body, document, truncated=answers.why_cut_short(raw, limit))
        return replace(page, unfinished=True)

    def parse_failed(self, failure: Failure, response: Response | Failure | None) -> None:
        """Account for a page on which our own code failed (Scrapy has logged it), so that its site still comes to an end.

        `response` is the failure where the errback failed, and None where `start` did: then no page is concerned.
        """
        meta = response.request.meta if response is not None and response.request is not None else {}  # type: ignore[union-attr]
        site: SiteCrawl | None = meta.get("netpatrol_site")
        if site is None:
            return
        planned: Planned = meta["netpatrol_page"]
        site.end(planned, End.FAILED, "parse_error")
        site.fetching.discard(planned.key)
        self._send(site)
        self.endings.check(site)

    def _send(self, site: SiteCrawl) -> None:
        """Send what a site has planned, where no callback is there to yield it."""
        assert self.crawler.engine is not None
        for request in self._requests(site):
            self.crawler.engine.crawl(request)

    def _page(self, site: SiteCrawl, planned: Planned, response: Response) -> PageItem | None:
        """Return the page to store, its links taken in; None (and the ledger told) for what is no page."""
        kind = answers.why_no_page(response)
        if kind:
            site.end(planned, End.SKIPPED, kind)
            return None
        site.origins.note_answer(response.url)
        limit = self.settings.getint("NETPATROL_MAX_BODY")
        truncated = answers.why_cut_short(response, limit)
        body = response.body[:limit]
        document = parse_document(body, answers.header(response, "Content-Type"), response.url)
        document.refresh = answers.header_text(response, "Refresh")
        if planned.raw is None and self._is_drawn(site, planned, document):
            site.keep_shell(planned, response)
            site.frontier.appendleft(replace(planned, url=response.url + route_of(planned.url), raw=response))
            return None
        if planned.raw is not None and self._is_left(site, planned, document, response.meta.get(LEFT_FOR, "")):
            return None
        home = "" if site.is_start(planned) else sent_home(document, site.target.url)
        if home and not keeps_out(document):
            self.finder.redirected(site, planned, home)
            return None
        away = sent_off(document, frames=self.frames_lead_off)
        if away:
            self.finder.redirected(site, planned, away)
            return None
        if response.meta.get(GOES_ON) or (planned.raw is None and grows_by_scrolling(document)):
            site.miss_links(planned, "script_links")
        if planned.raw is None and asks_for_text(document):
            site.miss_links(planned, "script_text")
        goes_on, said = bool(response.meta.get(GOES_ON)), response.meta.get(SAID)
        unseen = may_still_say_it(site, planned, document, goes_on=goes_on, said=said)
        entrance = hear(site, planned, document)
        cut = why_cut(site, document, planned)
        if cut == SAME_PAGE:
            self.take_links(site, planned, document)  # it may lead further than the one it is like
        if cut:
            site.end(planned, End.SKIPPED, cut)
            return None
        if planned.depth == 0 and not site.prefix and is_parked(document):
            site.hear_parked(planned)
        if not site.parked:
            self.take_links(site, planned, document)
        if entrance:
            planned = replace(planned, mark=f"{ENTRANCE}{planned.url}")
        page = self._item(site, planned, response, body, document, truncated=truncated)
        return replace(page, unfinished=page.unfinished or unseen)

    def _is_drawn(self, site: SiteCrawl, planned: Planned, document: Document) -> bool:
        """Whether a page that came is to be opened in the browser, for what it shows or for the route it is asked for by."""
        return self.renderer.may(site.rendered) and (
            (route_of(planned.url) != "" and bool(document.tree.css_first("script")))
            or answers.needs_browser(document)
            or (site.is_start(planned) and answers.hides_its_menu(document))
            or may_say_it_by_script(site, planned, document)
            or asks_for_text(document)
            or grows_by_scrolling(document)
        )

    def _is_left(self, site: SiteCrawl, planned: Planned, document: Document, to: str) -> bool:
        """Follow the script of a rendered page to where it would have gone; whether the page is nothing but the way there."""
        if not to:
            return False
        if answers.says_nothing(document):
            self.take_links(site, planned, document)
            self.finder.redirected(site, planned, to)
            return True
        if site.contains(to):
            site.plan(to, depth=planned.depth + 1, via="redirect")
        elif is_web_address(to):
            self.finder.found(to, channel="redirect", source=planned.url)
        return False

    def _item(
        self,
        site: SiteCrawl,
        planned: Planned,
        response: Response,
        body: bytes,
        document: Document | None = None,
        *,
        truncated: str = "",
    ) -> PageItem:
        return answers.page_item(
            response, body, site.shop, planned, document=document, truncated=truncated, spider=self.name,
            run_id=self.patrol.run_id, now=_now(),
        )  # fmt: skip

    def take_links(self, site: SiteCrawl, planned: Planned, document: Document) -> None:
        """Take in what a page leads to."""
        self.finder.take_links(site, planned, document)

    async def is_worth_a_picture(self, url: str, html: str) -> bool:
        """Whether a rendered page says something that a lead will rest on: then its picture is evidence too."""
        engine, on = self.patrol.desk.engine, local_date(_now())
        return await self.patrol.work(len(html), lambda: core.has_violation(html, url, engine, on=on))

    # -- endings -------------------------------------------------------------------------------------

    async def goes_on(self, site: SiteCrawl) -> bool:
        """Whether the sitemaps of a site whose links are at their end lead to more pages."""
        if site.mapped or not self.sitemaps_for or site.target.kind != "site" or not self.endings.was_read(site):
            return False
        site.mapped = True
        known = tuple(via.source for via in site.target.found_via if via.channel == "sitemap")
        listed = await self.sitemaps.of(site.target.url, known, guess=self.sitemaps_for == "shops")
        source = listed.source
        if listed.has_more:
            site.miss_addresses(source)
        if source and source not in known:
            via = Via(channel="sitemap", source=source, at=_now())
            await self.patrol.ask_store(store_targets.add_found, [replace(site.target, found_via=(via,))], _now())
        pages, homes = storefronts_apart(site.target.url, listed.pages)
        for prefix in homes:
            self.finder.found(urljoin(site.target.url, prefix), channel="sitemap", source=source, prefix=prefix)
        for url in pages if self.sitemaps_for == "pages" else ():
            if site.contains(url):
                site.plan(url, depth=1, via="sitemap")
        self._send(site)
        site.ended = site.is_done
        return not site.is_done

    async def _recover(self) -> None:
        number = await self.patrol.ask_store(recover, self.patrol.desk, _now())
        if number:
            logger.info("Folded %d shops that an earlier run had left half done", number)


def _now() -> datetime:
    return datetime.now(UTC)
