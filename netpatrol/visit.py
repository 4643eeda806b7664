"""What one page that the browser draws may ask for. Asked by the page for what it begins and for where
a redirect leads it, and by the gateway for what leaves the browser.

The shop's robots.txt holds for what its scripts fetch, as for any other request. Other hosts give what a page needs to
show itself and are sent nothing. The page itself goes nowhere: where its script leads, the patrol goes by itself, with
the robots.txt, the delay and the ledger of wherever that is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from netpatrol.text.addresses import Gate
from netpatrol.text.urls import bare_host, host_of, site_of

NOT_FETCHED = ("data", "blob", "about")
SHOWN = frozenset({"script", "stylesheet", "image", "xhr", "fetch"})
"""What other hosts may be asked for; the shop itself also for the documents of its frames."""
CALLS = frozenset({"xhr", "fetch"})
TELLING = CALLS | {"document", "script"}
READING = frozenset({"GET", "HEAD"})
MOST_RETURNS = 3
"""How often a page may load itself anew: some set a cookie first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something that a page begins to ask for."""

    url: str
    kind: str
    method: str = "GET"
    moves_page: bool = False
    """Whether the page itself would go there."""


@dataclass(slots=True, kw_only=True)
class Visit:
    """Judges what one page asks for, and counts it."""

    start: str
    gate: Gate
    robots: Callable[[str, str], str]
    """Says why the robots.txt that is known of an address (else of that like it) forbids it; "" if it does not."""
    most: int
    contact: bool = True
    """Whether others than allowed hosts may be asked at all."""
    left_for: str = ""
    """Where the page's script would have gone."""
    is_left: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the page would have gone somewhere else."""
    asked: int = 0
    pictures: int = 0
    passed: int = 0
    returns: int = -1
    """How often the page loaded itself anew; -1 before it was loaded at all."""
    calls: int = 0
    """How often the page's script has asked its own site for something: it may ask for more when a reader scrolls."""
    goes_on: bool = False
    """Whether the page went on growing for as long as it was scrolled."""
    waits: set[object] = field(default_factory=set)
    """What the page's script has asked its own site for and is not answered yet."""
    lost: bool = False
    """Whether something that the page would show did not come: an answer of its own site, or all that it says it is loading."""
    sought: tuple[str, ...] = ()
    """What the page has said at an earlier visit."""
    said: bool | None = None
    """Whether it says something that is sought when a reader does something to it, or for a while; None where that was not tried."""
    is_shut: bool = False
    """Whether nothing may be asked for any more: what a reader may do is being tried."""
    counts: bool = False
    """Whether the page is then known to have more to show, if it asks."""
    hosts: set[str] = field(default_factory=set)
    """Other hosts that the page itself asks for something: only to these may a redirect lead."""

    def why_not(self, wish: Wish) -> str:
        """Return why the page may not ask for something; "" if it may."""
        scheme, host = wish.url.partition(":")[0], host_of(wish.url)
        if scheme in NOT_FETCHED:
            return ""
        if self.is_shut:
            self.lost |= self.counts and not wish.moves_page and self.tells(wish.url, wish.kind)
            return "acted"
        if scheme not in ("http", "https"):
            return "bad_address"
        if not self.gate.lets(host):
            return "internal_address"
        if self.asked >= self.most or (wish.kind == "image" and self.pictures >= self.most // 2):
            self.lost |= wish.kind in CALLS and self.tells(wish.url, wish.kind)
            return "too_many"
        reason = self._why_not_go(wish) if wish.moves_page else self._why_not_load(wish, host)
        if reason:
            return reason
        self.asked += 1
        self.pictures += wish.kind == "image"  # of which a page may have hundreds before it asks for what it says
        self.calls += wish.kind in CALLS and self.tells(wish.url, wish.kind)
        if not self._is_own(host):
            self.hosts.add(host)
        return ""

    def tells(self, url: str, kind: str) -> bool:
        """Whether what a page asks for is of its own site and may hold what it says: an answer, a frame, a script."""
        return kind in TELLING and site_of(host_of(url)) == site_of(host_of(self.start))

    def why_not_follow(self, wish: Wish) -> str:
        """Return why something that the page may ask for must not be asked for where a redirect leads; "" if it may.

        The gateway is not shown what a tunnel carries: this holds for the frames, the robots.txt and the bodies there.
        """
        host = host_of(wish.url)
        if not self.gate.lets(host):
            return "internal_address"
        if self.asked >= self.most:
            return "too_many"
        reason = self._why_not_load(wish, host) if self._is_own(host) or host in self.hosts else "not_asked_for"
        self.asked += not reason
        return reason

    def why_not_pass(self, method: str, url: str) -> str:
        """Return why a request must not leave the browser, whatever it is for and whichever hop it is; "" if it may."""
        host = host_of(url)
        if not self.gate.lets(host):
            return "internal_address"
        if self.passed >= self.most:
            return "too_many"
        own = self._is_own(host)
        if not own and host not in self.hosts:
            return "not_asked_for"
        if method not in ("GET", "HEAD", "OPTIONS", "CONNECT") and not (own and method == "POST"):
            return "method"
        reason = "" if method == "CONNECT" else self.robots(url, self.start if own else "")
        self.passed += not reason
        return reason

    def _is_own(self, host: str) -> bool:
        return bare_host(host) == bare_host(host_of(self.start))

    def _why_not_go(self, wish: Wish) -> str:
        """Let the page load itself (with another query, too), and note where else it would go."""
        if self.returns < 0:
            self.returns, self.start = 0, wish.url  # as the browser spells it
            return self.robots(wish.url, wish.url)
        here, there = urlsplit(self.start), urlsplit(wish.url)
        again = self._is_own(host_of(wish.url)) and here.path == there.path and here.port == there.port
        if again and self.returns < MOST_RETURNS and wish.method in READING:
            self.returns += 1
            return self.robots(wish.url, self.start)
        if not self.left_for and wish.method in READING:
            self.left_for = wish.url
            self.is_left.set()
        return "navigation"

    def _why_not_load(self, wish: Wish, host: str) -> str:
        own = self._is_own(host)
        if wish.kind not in SHOWN and not (own and wish.kind == "document"):
            return "kind"
        if wish.method not in READING and not (own and wish.method == "POST" and wish.kind in CALLS):
            return "method"
        if not own and not self.contact and not self.gate.names_it(host):
            return "no_contact"
        return self.robots(wish.url, self.start if own else "")
