"""One site (or storefront) under patrol: what belongs to it, what is still to fetch, when enough is enough."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from netpatrol.items import EvidenceRef, ShopRef
from netpatrol.ledger import LEASE_LOST, SAME_PAGE, End, Ledger
from netpatrol.spiders._detours import Detours
from netpatrol.spiders._doubts import Doubts
from netpatrol.spiders._names import Names, entry_key
from netpatrol.spiders._origins import Origins
from netpatrol.spiders._planned import ENTRY, Planned
from netpatrol.spiders._traps import TrapGuard
from netpatrol.store.records import Target
from netpatrol.text.acts import acts
from netpatrol.text.urls import alike, bare_host, fetch_url, form_mark, page_key, repeats_itself, route_of, settled, shape

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from scrapy.http import Response

    from netpatrol.text.html import Document

_API = re.compile(r"^/api(?:/v\d+)?(?=/)")
"""Platforms answer a storefront's lists below `/api`, under the storefront's own path."""


MOST_SEEN = 50_000
"""Addresses of one site that are remembered, or twice its page budget; all but the first few hundred are beyond that anyway."""
MOST_LEFT = 5_000
"""Addresses of one site that are kept in case what was learnt of its parameters turns out wrong."""
SHELLS, LARGEST_SHELL = 4, 1_000_000
"""How many pages of one site that a script fills are kept, and of how many bytes: most sites have one, of 2 KB."""
LONGEST_URL = 8_000
"""Characters; what servers take at most by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of one site a run looks at."""

    depth: int
    pages: int
    seconds: float


@dataclass(slots=True)
class SiteCrawl:
    """The frontier and the bounds of one target. The ledger learns of every page that comes into sight."""

    target: Target
    bounds: Bounds
    ledger: Ledger
    started_at: datetime
    prefix: str = ""
    frontier: deque[Planned] = field(default_factory=deque)
    seen: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    """Addresses of links that were followed or handed on, as pages write them: most links of a site repeat."""
    put_off: deque[Planned] = field(default_factory=deque)
    """Planned pages of sections that wait for what their pages have led to."""
    traps: TrapGuard = field(default_factory=TrapGuard)
    doubts: Doubts = field(default_factory=Doubts)
    detours: Detours = field(default_factory=Detours)
    origins: Origins = field(default_factory=Origins)
    fetching: set[str] = field(default_factory=set)
    shells: dict[str, Response] = field(default_factory=dict)
    """Pages that a script fills, as they came, by their addresses: each of their routes is the same page to a server."""
    storing: int = 0
    fetched: int = 0
    rendered: int = 0
    moved_to: str = ""
    sent_on: dict[str, str] = field(default_factory=dict)
    """Pages whose addresses lead to other pages of the site by now, and to which: goods no longer sold, addresses renamed."""
    parked: bool = False
    may_be_parked: bool = False
    """Whether a page other than the front page says so, of a host that is nobody's shop's any more."""
    mapped: bool = False
    """Whether its sitemaps were asked for."""
    otherwise: set[str] = field(default_factory=set)
    """Pages that were asked for under both schemes, as one could not be reached."""
    led: int = 0
    """Addresses of other hosts come across so far."""
    fronts: set[str] = field(default_factory=set)
    """Storefronts that its pages named so far."""
    shunned: dict[str, None] = field(default_factory=dict)
    """Pages to which only `nofollow` links led so far."""
    too_deep: dict[str, None] = field(default_factory=dict)
    """Pages to which only ways longer than the bounds led so far."""
    left: dict[str, Planned] = field(default_factory=dict)
    """Planned pages that are not fetched as the site has shown that their like says nothing new; it may yet show otherwise."""
    names: Names = field(default_factory=Names)
    plain: dict[str, str] = field(default_factory=dict)
    """Addresses under which a page was checked, or that redirect to one, and that are no entrances; the keys of the pages."""
    overflowed: bool = False
    """Whether more addresses came into sight than are remembered."""
    marks: dict[str, None] = field(default_factory=dict)
    starts: set[str] = field(default_factory=set)
    """Where it was entered: what is linked there is a list with an end."""
    ended: bool = False
    lease_lost: bool = False
    """Whether another worker has the site by now: nothing more of it is fetched, and nothing folded here."""
    lost: asyncio.Task[Document | None] | None = None
    """What the site shows where nothing is, once it is asked; the answer is None where it says so by its status."""
    host: str = ""
    lately: Mapping[str, EvidenceRef] = field(default_factory=dict)
    """Captures of pages that an earlier run of this round has checked, by page key."""
    quotes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What open leads quote of its pages, by page key."""

    def __post_init__(self) -> None:
        self.host = bare_host(urlsplit(self.target.url).hostname or "")
        if self.target.kind == "storefront":
            self.prefix = urlsplit(self.target.url).path.rstrip("/")

    @property
    def shop(self) -> ShopRef:
        """The subject that this site is."""
        return self.target.shop

    @property
    def shop_id(self) -> str:
        """The subject's key."""
        return self.target.shop_id

    def contains(self, url: str) -> bool:
        """Whether a page belongs to this site: its host (aliases too) and, for a storefront, its path."""
        parts = urlsplit(url)
        if bare_host(parts.hostname or "") != self.host:
            return False
        path = _API.sub("", parts.path)
        return not self.prefix or path == self.prefix or path.startswith(self.prefix + "/")

    def know(self, url: str) -> None:
        """Remember the address of a link that needs no second look."""
        if len(self.known) < MOST_SEEN:
            self.known.add(url)

    def keep_shell(self, planned: Planned, response: Response) -> None:
        """Keep a page that a script fills: its routes need not ask for it again."""
        if len(response.body) <= LARGEST_SHELL:
            while len(self.shells) >= SHELLS:
                del self.shells[next(iter(self.shells))]
            self.shells |= {fetch_url(url): response for url in (planned.url, *planned.hops)}

    def shell_of(self, planned: Planned) -> Planned:
        """Return a page that is to be fetched; with what its address gave, if it is a route of one that was asked for."""
        shell = self.shells.get(fetch_url(planned.url)) if planned.raw is None and route_of(planned.url) else None
        return planned if shell is None else replace(planned, raw=shell, url=shell.url + route_of(planned.url))

    def awaits(self, url: str) -> bool:
        """Whether a page of this site has not come into sight yet and would be followed when it does."""
        return self.contains(url) and page_key(url) not in self.seen and not self.traps.is_held(shape(url))

    def call(self, name: str) -> None:
        """Give the shop the name that its own pages say, unless it has one."""
        if not self.target.name:
            self.target = replace(self.target, name=name)

    def plan(
        self,
        url: str,
        *,
        depth: int,
        via: str,
        nofollow: bool = False,
        form: tuple[tuple[str, str], ...] = (),
        charset: str = "utf-8",
        first: bool = False,
    ) -> bool:
        """Plan a page of this site unless it was seen; what lies beyond the bounds is skipped with its reason.

        `first`: before all that is planned already.
        """
        mark = form_mark(form, charset)
        key = page_key(url) + mark
        same = alike(key)
        if key in self.seen or same in self.seen:
            if not nofollow and depth <= self.bounds.depth:
                self._plan_named(key, url, depth, via)
            return False
        if self._overflows():
            return False
        if nofollow:
            self.shunned[key] = None  # another page may link it plainly
            return False
        if depth > self.bounds.depth:
            self.too_deep[key] = None  # another page may be nearer
            return False
        self.shunned.pop(key, None)
        self.too_deep.pop(key, None)
        self.seen |= {key, same}
        self.names.begin(key, url)
        settles = not form and self.doubts.are_settled(url)
        sample = settles and self.doubts.is_sample(url)
        address = fetch_url(url) + route_of(url)
        if settles and not sample:
            is_at_hand = self._is_at_hand(url)
            self._leave(Planned(url=address, key=key, depth=depth, via=via))
            return not is_at_hand and self.plan(settled(url), depth=depth, via=via, first=first)
        if not self._admits(key, url):
            return False
        planned = Planned(url=address, key=key, depth=depth, via=via, form=form, charset=charset, sample=sample, mark=mark)
        if first:
            self.frontier.appendleft(planned)
        else:
            self.frontier.append(planned)
        return True

    def _leave(self, planned: Planned) -> None:
        """Keep a page that is not fetched unless the site shows that it should be."""
        self.ledger.plan(self.shop_id, planned.key)
        if len(self.left) < MOST_LEFT:
            self.left[planned.key] = planned
        else:
            self.end(planned, End.SKIPPED, self._why_left(planned))

    def _why_left(self, planned: Planned) -> str:
        if self.lease_lost:
            return LEASE_LOST
        return "redirect_to_seen" if self.detours.are_detours(planned.url) else SAME_PAGE

    def led_on(self, planned: Planned, *, seen: bool) -> None:
        """Note whether an address led to a page that was seen already; where it did not after all, what was left like it is planned."""
        if self.detours.note((*planned.hops, planned.url)[0], seen=seen):
            self._take_up()

    def note(self, url: str, mark: int | None, said: bytes) -> bool:
        """Note what the page at an address says; whether the same page has said it at another one.

        Where it says something else after all, what was left is planned again.
        """
        before = self.doubts.differences
        same = self.doubts.note(url, mark, said)
        if self.doubts.differences != before:
            self._take_up()
        return same

    def _take_up(self) -> None:
        """Plan the pages that were left for parameters that count after all, or as their like led to nothing new."""
        for planned in [planned for planned in self.left.values() if not self._is_left(planned)]:
            del self.left[planned.key]
            reason = self._why_not(planned.url)
            if reason:
                self.end(planned, End.SKIPPED, reason)
            else:
                self.frontier.append(planned)

    def _is_left(self, planned: Planned) -> bool:
        return self.doubts.are_settled(planned.url) or self.detours.are_detours(planned.url)

    def is_start(self, planned: Planned) -> bool:
        """Whether a page is where the site is entered, also where that sends its visitors on first."""
        start = fetch_url(self.target.url) + route_of(self.target.url)
        return start in (planned.url, *planned.hops)

    def hear_parked(self, planned: Planned) -> None:
        """Note that a page says that nobody's shop is at this host: of a single page only its front page can confirm it."""
        self.parked |= self.is_start(planned) or planned.via != "lead"
        self.may_be_parked |= not self.parked

    def enter(self, entrance: Planned, url: str) -> None:
        """Plan the page to which an entrance leads under another address of its own, before all that is planned already."""
        self.seen |= {entry_key(entrance.own_key, known) for known in (entrance.url, *entrance.hops)}
        planned = None if entry_key(entrance.own_key, url) in self.seen else self.names.entered(entrance, url)
        if planned is not None:
            self.seen.add(planned.key)
            if self._admits(planned.key, url):
                self.frontier.appendleft(planned)

    def _plan_named(self, key: str, url: str, depth: int, via: str) -> None:
        """Plan pages that have the key of another one, are called otherwise, and may say something else."""
        for planned in self.names.call(key, url, depth, via):
            if planned.key not in self.seen:
                self.seen.add(planned.key)
                if self._admits(planned.key, planned.url):
                    self.frontier.append(planned)

    def _overflows(self) -> bool:
        """Say whether no more addresses can be remembered; the ledger is told once, as nobody can count what is forgotten."""
        if len(self.seen) + len(self.shunned) + len(self.too_deep) < max(MOST_SEEN, 2 * self.bounds.pages):
            return False
        if not self.overflowed:
            self.overflowed = True
            self.ledger.skip(self.shop_id, "#more", "more_addresses")
        return True

    def miss_links(self, planned: Planned, reason: str = "more_links") -> None:
        """Tell the ledger that a page leads to more than was looked at, or says more, and why."""
        self.ledger.skip(self.shop_id, f"{planned.key}#{reason}", reason)

    def leave_out(self, url: str, reason: str) -> None:
        """Tell the ledger of a page that is not wanted, once."""
        key = page_key(url)
        if key not in self.seen and not self._overflows():
            self.seen.add(key)
            self.ledger.skip(self.shop_id, key, reason)

    def miss_addresses(self, source: str) -> None:
        """Tell the ledger that the sitemaps of the site list more addresses than were looked at."""
        self.ledger.skip(self.shop_id, f"{source}#more", "more_addresses")

    def close(self) -> None:
        """Tell the ledger of the pages that are left: every link to them asks for it, or is too deep, or they say nothing new."""
        for key in self.shunned:
            self.ledger.skip(self.shop_id, key, "nofollow")
        for key in self.too_deep.keys() - self.shunned.keys():
            self.ledger.skip(self.shop_id, key, "depth")
        for planned in self.left.values():
            self.end(planned, End.SKIPPED, self._why_left(planned))
        self.shunned.clear()
        self.too_deep.clear()
        self.left.clear()

    def _admits(self, key: str, url: str) -> bool:
        """Tell the ledger of a page that came into sight; whether it is planned."""
        reason = self._why_not(url)
        if reason:
            self.ledger.skip(self.shop_id, key, reason)
        else:
            self.ledger.plan(self.shop_id, key)
        return not reason

    def _why_not(self, url: str) -> str:
        if self.lease_lost:
            return LEASE_LOST
        if len(url) > LONGEST_URL:
            return "long_address"
        if repeats_itself(url):
            return "trap"
        if acts(url) and not acts(self.target.url):
            return "acts"
        if self.fetched + len(self.frontier) + len(self.put_off) >= self.bounds.pages:
            return "page_budget"
        return ""

    def next_page(self, now: datetime) -> Planned | None:
        """Return the next page to fetch; ends those that time or a trap has overtaken."""
        while (planned := self._take_next()) is not None:
            if self.lease_lost:
                self.end(planned, End.SKIPPED, LEASE_LOST)
            elif (now - self.started_at).total_seconds() > self.bounds.seconds:
                self.end(planned, End.SKIPPED, "time_budget")
            elif cut := self.traps.why_cut(section := shape(planned.url)):
                self.end(planned, End.SKIPPED, cut)
            elif self.traps.sections.waits(section):
                self.put_off.append(planned)
            elif self._said_the_same(planned):
                self.end(planned, End.SKIPPED, SAME_PAGE)
            elif self._says_nothing_new(planned):
                self._leave(planned)
            else:
                self.fetching.add(planned.key)
                self.fetched += 1
                if not planned.depth:
                    self.starts.add(planned.url)
                elif self._is_fresh(planned) and not planned.is_entered:
                    home = self.origins.settled(planned.url)
                    planned = replace(planned, url=home, linked=planned.url if home != planned.url else "")
                return planned
        return None

    def ask_as_linked(self, planned: Planned) -> bool:
        """Plan a page at the address that is linked, where the one to which its host sends visitors shows none; whether it was."""
        asks = planned.linked != "" and self.origins.may_err(planned.linked)
        if asks:
            self.frontier.appendleft(replace(planned, url=planned.linked, linked="", sample=True))
        return asks

    def ask_otherwise(self, planned: Planned) -> bool:
        """Plan a page that cannot be reached under the scheme under which a list names it too, once; whether there is one."""
        named = (self.target.url, *self.target.also)
        others = (url for url in named if page_key(url) == planned.own_key and urlsplit(url).scheme != urlsplit(planned.url).scheme)
        other = next(others, "")
        if not other or planned.own_key in self.otherwise:
            return False
        self.otherwise.add(planned.own_key)
        if self.is_start(planned):
            self.target = replace(self.target, url=other)
        self.frontier.appendleft(replace(planned, url=fetch_url(other) + route_of(other), hops=()))
        return True

    def _take_next(self) -> Planned | None:
        """Take the next planned page, but of one page's own names one after the other: the first may show that one is enough."""
        for at, planned in enumerate(self.frontier):
            if planned.is_entered and any(
                key != planned.key and key.startswith(planned.own_key + ENTRY) for key in self.fetching
            ):
                continue
            del self.frontier[at]
            return planned
        return self._take_put_off()

    def _take_put_off(self) -> Planned | None:
        """Take a page that was put off, once all else is read: what its section's pages led to has said what it has to say."""
        if not self.put_off or ((self.frontier or self.fetching) and not self.lease_lost):
            return None
        self.traps.sections.settle()
        return self.put_off.popleft()

    def _said_the_same(self, planned: Planned) -> bool:
        """Whether a page waited that has said the same under two of its names meanwhile."""
        return planned.is_entered and self.names.are_one(planned.own_key) and planned.raw is None and not planned.hops

    def _says_nothing_new(self, planned: Planned) -> bool:
        """Whether a page that waited is not to be fetched, by what the site has shown meanwhile; samples are."""
        if self._was_read(planned):
            return not self.doubts.is_sample(planned.url)
        return self._is_detour(planned) and not self.detours.is_sample(planned.url)

    def _was_read(self, planned: Planned) -> bool:
        """Whether a page waited that has been read meanwhile under another address that differs in nothing that counts."""
        return self._is_fresh(planned) and self.doubts.are_settled(planned.url) and self._is_at_hand(planned.url)

    def _is_detour(self, planned: Planned) -> bool:
        """Whether a page waited whose like have only redirected to pages that are had anyway; what leads rest on is asked for."""
        return planned.depth > 0 and self._is_fresh(planned) and self.detours.are_detours(planned.url)

    def _is_fresh(self, planned: Planned) -> bool:
        """Whether nothing was asked yet for a page that is simply fetched."""
        return planned.raw is None and not planned.hops and not planned.form and not planned.sample

    def _is_at_hand(self, url: str) -> bool:
        """Whether the page at an address, its doubtful parameters aside, was read, or is planned without them."""
        return self.doubts.has_read(url) or page_key(settled(url)) in self.seen

    def end(self, planned: Planned, how: End, reason: str = "") -> None:
        """End a page in the ledger."""
        self.ledger.end(self.shop_id, planned.key, how, reason)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to fetch or to store."""
        return not self.frontier and not self.put_off and not self.fetching and self.storing == 0
