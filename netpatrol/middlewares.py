"""Downloader middlewares: what may be asked (address guard, robots), and how much is read and carried."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urljoin, urlsplit

from protego import Protego
from scrapy import signals
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.resolver import CachingHostnameResolver

from netpatrol.ledger import LEASE_LOST
from netpatrol.pace import DELAY_ASKED
from netpatrol.patrol import Patrol
from netpatrol.store.host_leases import key_of, note_pace
from netpatrol.text.addresses import Gate
from netpatrol.text.urls import bare_host, is_web_address

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class Refused(IgnoreRequest):
    """A request that a patrol does not make; `reason` goes into the ledger."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class AddressGuard:
    """Refuses every scheme but http(s), every internal address, redirects and robots.txt included, and what is not ours to ask.

    What passes waits in one queue with the aliases of its host (`www.`, `m.`): they are one shop's one server.
    """

    def __init__(self, gate: Gate, *, contact: bool) -> None:
        self.gate, self.contact = gate, contact

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        """Build from settings."""
        return cls(Patrol.of(crawler).gate, contact=bool(crawler.settings.get("NETPATROL_CONTACT")))

    def process_request(self, request: Request) -> None:
        """Let the request pass, or raise Refused."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https"):
            raise Refused("bad_address")
        host = parts.hostname or ""
        if parts.username is not None:
            raise Refused("bad_address")
        if not self.gate.lets(host):
            raise Refused("internal_address")
        if not self.contact and not self.gate.names_it(host):
            raise Refused("no_contact")  # a crawl of allowed hosts needs no contact
        if getattr(request.meta.get("netpatrol_site"), LEASE_LOST, False):
            raise Refused(LEASE_LOST)
        request.meta["download_slot"] = bare_host(host)


class _PublicOnly:
    """Receives the addresses of a name and passes on only those that may be connected to."""

    def __init__(self, receiver: Any, gate: Gate) -> None:
        self.receiver, self.gate = receiver, gate

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's interface
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self.gate.lets_address(ipaddress.ip_address(address.host.partition("%")[0])):
            self.receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.receiver.resolutionComplete()


class PublicResolver(CachingHostnameResolver):
    """Resolves names to public addresses only: a name that points inside (or is rebound to it) resolves to nothing.

    Connections use the address resolved here, so there is no second look-up to deceive.
    """

    gate = Gate()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> PublicResolver:
        """Build from settings; the configured proxy is the operator's own and may be internal."""
        from urllib.request import getproxies

        resolver = super().from_crawler(crawler, reactor)
        patrol = Patrol.of(crawler)
        proxies = [urlsplit(url).hostname or "" for url in getproxies().values()]
        trusted = Gate.allowing([host for host in proxies if host])
        resolver.gate = patrol.gate
        resolver.trusted = trusted
        return resolver

    trusted = Gate()

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self, resolutionReceiver: Any, hostName: str, *args: Any, **kwargs: Any  # noqa: N803
    ) -> Any:
        """Resolve a name, leaving out what is not public (the proxy and allowed names aside)."""
        host = hostName.lower()
        if host in self.gate.names or host in self.trusted.names:
            return super().resolveHostName(resolutionReceiver, hostName, *args, **kwargs)
        networks = (*self.gate.networks, *self.trusted.networks)
        gate = Gate(self.gate.names, networks)
        return super().resolveHostName(cast(Any, _PublicOnly(resolutionReceiver, gate)), hostName, *args, **kwargs)


class BodyLimit:
    """Stops a download at NETPATROL_MAX_BODY bytes; what came is kept and marked as truncated.

    Of robots.txt as much is read as the RFC asks for, however little of a page is wanted.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BodyLimit:
        """Build from settings and listen to the bytes that come in."""
        limit = cls(crawler.settings.getint("NETPATROL_MAX_BODY"))
        crawler.signals.connect(limit.bytes_received, signals.bytes_received)
        return limit

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Count, and stop the download above the limit."""
        received = request.meta["netpatrol_received"] = request.meta.get("netpatrol_received", 0) + len(data)
        if received > (max(self.limit, RobotsPolicy.MAX_BYTES) if request.meta.get("netpatrol_robots") else self.limit):
            raise StopDownload(fail=False)

    def process_request(self, request: Request) -> None:
        """Begin to count anew: a retry is a download of its own."""
        request.meta.pop("netpatrol_received", None)


class CookieLimit:
    """Keeps the cookies of a request to what servers take: a host that sets ever more would answer nothing but 431."""

    LONGEST = 4_096

    def process_request(self, request: Request) -> None:
        """Drop the cookies beyond the limit, whole ones, the last first."""
        cookies = request.headers.get("Cookie") or b""
        if len(cookies) > self.LONGEST:
            request.headers["Cookie"] = cookies[: self.LONGEST].rpartition(b"; ")[0]


class RobotsPolicy:
    """robots.txt as RFC 9309 says: 4xx allows, 5xx and unreachable forbid, five redirects, 500 kB, any encoding.

    Crawl-delay is no part of the RFC but is honoured up to NETPATROL_MAX_CRAWL_DELAY; a host that asks for more is
    visited once (its start page, and where that redirects to) and otherwise left alone.
    """

    KEPT = 20_000
    MAX_BYTES = 500_000

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self.max_delay = crawler.settings.getfloat("NETPATROL_MAX_CRAWL_DELAY")
        self._rules: OrderedDict[str, asyncio.Task[Protego | str]] = OrderedDict()
        self._visited: set[str] = set()
        self._noted: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsPolicy:
        """Build from settings; what is known of robots.txt is there for the browser, too."""
        policy = cls(crawler)
        Patrol.of(crawler).robots = policy.why_not
        return policy

    def why_not(self, url: str, like: str = "") -> str:
        """Return why the robots.txt of an address, as far as this run has read it, forbids it; "" where it does not.

        Nobody is asked: where nothing is known of its host, what is known of that of `like` holds.
        """
        origins = (f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, (url, like)))
        task = next((task for origin in origins if (task := self._rules.get(origin)) is not None and task.done()), None)
        if task is None or task.cancelled() or task.exception() is not None:
            return ""
        return self._forbids(task.result(), url)

    def _forbids(self, rules: Protego | str, url: str) -> str:
        """Return why rules forbid an address, "" where they do not."""
        if isinstance(rules, str):
            return rules
        return "" if rules.can_fetch(url, self.agent) else "robots"

    async def process_request(self, request: Request) -> None:
        """Wait for the host's robots.txt; let the request pass or raise Refused with the reason."""
        if request.meta.get("netpatrol_robots"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        rules = await self._rules_of(origin)
        reason = self._forbids(rules, request.url)
        if reason or isinstance(rules, str):
            raise Refused(reason)
        await self._hand_on_delay(rules, request, origin)
        self._honour_delay(rules, request, origin)

    async def _hand_on_delay(self, rules: Protego, request: Request, origin: str) -> None:
        """Note a host's Crawl-delay where the worker that has the host next will find it."""
        delay, site = rules.crawl_delay(self.agent), request.meta.get("netpatrol_site")
        if delay and site is not None and origin not in self._noted:
            self._noted.add(origin)
            patrol = Patrol.of(self.crawler)
            await patrol.ask_store(note_pace, key_of({"shop_id": site.shop_id}), patrol.worker, min(delay, self.max_delay))

    async def _rules_of(self, origin: str) -> Protego | str:
        task = self._rules.get(origin)
        if task is None:
            task = self._rules[origin] = asyncio.ensure_future(self._fetch(origin))
            if len(self._rules) > self.KEPT:
                self._rules.popitem(last=False)
        return await asyncio.shield(task)

    async def _fetch(self, origin: str) -> Protego | str:
        """Return the rules of an origin, or the reason why nothing there may be fetched."""
        url = f"{origin}/robots.txt"
        for _ in range(6):
            request = Request(url, callback=NO_CALLBACK, dont_filter=True, priority=1000, meta={"netpatrol_robots": True})
            try:
                assert self.crawler.engine is not None
                response = await self.crawler.engine.download_async(request)
            except Refused as refusal:
                return refusal.reason
            except Exception as error:
                logger.info("robots.txt of %s is unreachable: %r", origin, error)
                return "robots_unreachable"
            location = response.headers.get("Location")
            if 300 <= response.status < 400 and location:
                url = _joined(url, location)
                if not url:
                    return "robots_unreachable"  # it leads to no web address: who knows what it would have said
                continue
            return self._judge(response)
        return Protego.parse("")  # more redirects than five: unavailable, which allows (RFC 9309 2.3.1.2)

    def _judge(self, response: Response) -> Protego | str:
        if response.status >= 500 or response.status == 429:
            return "robots_unavailable"
        if response.status >= 400:
            return Protego.parse("")
        return Protego.parse(robots_text(response.body[: self.MAX_BYTES]))

    def _honour_delay(self, rules: Protego, request: Request, origin: str) -> None:
        delay = rules.crawl_delay(self.agent)
        if not delay:
            return
        if delay > self.max_delay:
            if origin in self._visited and not _belongs_to_a_visit(request):
                raise Refused("crawl_delay")
            self._visited.add(origin)
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        floor = max(min(delay, self.max_delay), self.crawler.settings.getfloat("DOWNLOAD_DELAY"))
        key = downloader.get_slot_key(request)
        known = downloader.per_slot_settings.setdefault(key, {"delay": floor, "concurrency": 1})
        known["delay"] = max(floor, known["delay"])  # aliases of a host may ask for different ones
        if key in downloader.slots:
            downloader.slots[key].delay = max(floor, downloader.slots[key].delay)
        request.meta["autothrottle_dont_adjust_delay"] = True
        request.meta[DELAY_ASKED] = floor


def _joined(url: str, location: bytes) -> str:
    """Return where a redirect leads, "" where that is no web address."""
    try:
        joined = urljoin(url, location.decode("latin-1").strip())
    except ValueError:
        return ""
    return joined if is_web_address(joined) else ""


def _belongs_to_a_visit(request: Request) -> bool:
    """Whether a request only goes on with a page that was asked for: where it redirects to, or drawn by the browser."""
    planned = request.meta.get("netpatrol_page")
    return planned is not None and (bool(planned.hops) or planned.raw is not None)


_RULE = re.compile(r"^([ \t]*(?:dis)?allow[ \t]*:[ \t]*)([^\s#]*[^\x00-\x7f\s#][^\s#]*)", re.IGNORECASE | re.MULTILINE)
_AGENT = re.compile(r"^([ \t]*user[ -]?agent[ \t]*:[ \t]*[a-z_-]+)[^a-z_\n-][^\n]*", re.IGNORECASE | re.MULTILINE)
"""A crawler is called by letters, - and _; what follows (`netpatrol/0.1`, as logs have it) is none of its name."""
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}  # Notepad's "Unicode"


def robots_text(body: bytes) -> str:
    """Return robots.txt as text: BOM off, UTF-8, UTF-16 or GBK; Chinese paths in both percent spellings, crawlers without versions."""
    encoding = _WIDE.get(body[:2])
    try:
        text = body[2:].decode(encoding, errors="replace") if encoding else body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.removeprefix(b"\xef\xbb\xbf").decode("gb18030", errors="replace")

    def both(rule: re.Match[str]) -> str:
        spelled = [quote(rule[2], safe="/*$?&=%", encoding=encoding, errors="replace") for encoding in ("utf-8", "gb18030")]
        return "\n".join(f"{rule[1]}{path}" for path in spelled)

    return _RULE.sub(both, _AGENT.sub(r"\1", text.replace("\r\n", "\n").replace("\r", "\n")))
