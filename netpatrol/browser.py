"""Owns Chromium (scrapy-playwright): pages that only a script shows, and nothing else.

The browser starts with the first page that needs it and is told who we are. Each page gets a context (one long-lived
context grew to 18 GB over 700 pages in a public report), a visit that says what it may ask for, and a gateway as its
only way out; all three end with the page, whatever happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from playwright.async_api import Error as PlaywrightError
from scrapy.http import Request, Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from netpatrol import acting, deeds, drawing
from netpatrol.acting import ACT_SECONDS
from netpatrol.drawing import SETTLE_SECONDS
from netpatrol.gateway import Gateway
from netpatrol.pace import DELAY_ASKED
from netpatrol.patrol import Patrol
from netpatrol.shown import DRAWN_TEXT, OPEN_SHADOWS, spell_out
from netpatrol.visit import Visit, Wish

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


logger = logging.getLogger(__name__)

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PAGES_AT_ONCE = 4
CLOSE_SECONDS = 5.0
FEWEST = 8
"""Requests that a rendered page may make whatever its host asks for: with fewer hardly any shows anything."""
PAGE_SECONDS = 30.0
SCREENSHOT_HEIGHT = 8_000
ARGUMENTS = (
    "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-gpu", "--disable-quic", "--disable-extensions", "--disable-shared-workers",
    "--disable-features=Translate,MediaRouter,OptimizationHints,Prerender2,SpeculationRules",
    # All goes through the gateway, by names that the gateway resolves: no datagrams, no look-ups, no loopback beside it.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--dns-prefetch-disable", "--no-pings",
)  # fmt: skip
_OURS = (drawing.settle, drawing.scroll, acting.act_out)
"""What is done to each page, in this order; a picture is taken before the last."""
LEFT_FOR = "netpatrol_left_for"
"""In a request's meta: where the script of a rendered page would have gone, "" if nowhere."""

SOUGHT = "netpatrol_sought"
"""In a request's meta: what a page has said that is to be drawn."""
GOES_ON = "netpatrol_goes_on"
"""In a request's meta: whether a rendered page has more to show than it was scrolled for."""
SAID = "netpatrol_said"
"""In a request's meta: whether it says what is sought when a reader does something to it; None where that was not tried."""
LOST = "netpatrol_lost"
"""In a request's meta: whether something did not come that a rendered page would have shown."""


def find_browser(configured: str) -> str:
    """Return the browser's program: the configured one, else the first on the path; "" for none or "off"."""
    if configured == "off":
        return ""
    if configured:
        return configured if os.path.isfile(configured) and os.access(configured, os.X_OK) else ""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), "")


def launch_options(program: str, proxy: str) -> dict[str, Any]:
    """Return how to start the browser: headless, sandboxed unless we are root, with a proxy for all that is no page's."""
    arguments = list(ARGUMENTS)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's sandbox refuses root
    return {"executable_path": program, "headless": True, "args": arguments, "proxy": {"server": proxy, "bypass": "<-loopback>"}}


def render_meta(user_agent: str, wanted: Callable[[str, str], Awaitable[bool]]) -> dict[str, Any]:
    """Return the request meta that asks for a rendered page, with a screenshot where `wanted(url, html)` says so."""
    return {
        "playwright": True,
        "playwright_include_page": True,
        "playwright_context_kwargs": {
            "user_agent": user_agent, "java_script_enabled": True, "accept_downloads": False, "service_workers": "block",
            "viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai",
        },
        "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": PAGE_SECONDS * 1000},
        "playwright_page_methods": [PageMethod(partial(screenshot_where, wanted))],
    }  # fmt: skip


async def screenshot_where(wanted: Callable[[str, str], Awaitable[bool]], page: Any) -> bytes:
    """Return the page as PNG, its full height up to a bound, if it says something that is wanted; else b""."""
    try:
        if not await wanted(page.url, await page.content()):
            return b""
        height = min(int(await page.evaluate("document.documentElement.scrollHeight")), SCREENSHOT_HEIGHT)
        clip = {"x": 0, "y": 0, "width": 1280, "height": max(height, 200)}
        return bytes(await page.screenshot(type="png", clip=clip, full_page=True, timeout=10_000))
    except Exception as error:
        logger.info("No screenshot of %s: %s", page.url, str(error).splitlines()[0][:200])
        return b""


def screenshot_of(request: Request) -> bytes:
    """Return the screenshot that was taken for a request."""
    methods = request.meta.get("playwright_page_methods") or ()
    return next((method.result for method in methods if isinstance(method.result, bytes)), b"")


_HANDLERS: WeakKeyDictionary[Crawler, LazyBrowser] = WeakKeyDictionary()


class LazyBrowser(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # untyped library
    """scrapy-playwright's handler: starts with the first page, and leaves nothing of a page behind."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.patrol = Patrol.of(crawler)
        self._pages = 0
        self._places = asyncio.Semaphore(PAGES_AT_ONCE)
        self._visits: dict[str, Visit] = {}
        self._start = asyncio.Lock()
        self._started = self._ended = False
        self._shut = Gateway(self.patrol.gate, lambda method, url: "no_page", self._refused)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LazyBrowser:
        """Return the one handler of a crawler: http and https share a browser."""
        if crawler not in _HANDLERS:
            _HANDLERS[crawler] = cls(crawler)
        return _HANDLERS[crawler]

    async def close(self) -> None:
        """Close once, though two schemes ask for it."""
        if not self._ended:
            self._ended = True
            await super().close()
            await self._shut.close()

    async def _maybe_launch_in_thread(self) -> None:
        """Do nothing when the engine starts: most runs need no browser, and its driver alone takes 200 MB."""

    async def _ensure_started(self) -> None:
        async with self._start:
            if not self._started:
                await self._shut.open()
                program = find_browser(self._crawler.settings.get("NETPATROL_BROWSER") or "")
                self.config.launch_options = launch_options(program, self._shut.address)
                await self._launch()
                self._started = True

    async def _maybe_launch_browser(self) -> None:
        """Say so where the browser does not come up: then no page that only a script shows is checked."""
        try:
            await super()._maybe_launch_browser()
        except Exception as error:
            why = (str(error).splitlines() or [type(error).__name__])[0][:200]
            self.patrol.trouble(f"浏览器 {self.config.launch_options['executable_path']} 启动不了，靠脚本显示的页面没有查：{why}")
            raise

    # -- one page ------------------------------------------------------------------------------------

    async def _download_request(self, request: Request, spider: Any = None) -> Response:
        """Render one page in a context and through a gateway of its own; all of it is gone when this returns."""
        await self._ensure_started()
        async with self._places:
            visit, name = self._visit_of(request), f"page-{self._pages}"
            self._pages += 1
            async with Gateway(self.patrol.gate, visit.why_not_pass, self._refused) as gateway:
                given = request.meta["playwright_context_kwargs"]
                request.meta["playwright_context_kwargs"] = {**given, "proxy": gateway.proxy}
                request.meta["playwright_context"] = name
                pictures = [method for method in request.meta["playwright_page_methods"] if method.method not in _OURS]
                first, then, *last = (PageMethod(does, visit) for does in _OURS)
                request.meta["playwright_page_methods"] = [first, then, *pictures, *last]
                self._visits[name] = visit
                try:
                    async with asyncio.timeout(PAGE_SECONDS + SETTLE_SECONDS + ACT_SECONDS + 15):
                        response: Response = await super()._download_request(request, spider)
                        return response
                except TimeoutError as error:
                    raise drawing.StuckPageError("it takes too long") from error
                finally:
                    request.meta.update({LEFT_FOR: visit.left_for, GOES_ON: visit.goes_on, SAID: visit.said, LOST: visit.lost})
                    await self._close_page(request)
                    await self._close_context(name)
                    del self._visits[name]

    def _visit_of(self, request: Request) -> Visit:
        settings, delay = self._crawler.settings, request.meta.get(DELAY_ASKED, 0.0)
        most = settings.getint("NETPATROL_RENDER_REQUESTS")
        return Visit(
            start=request.url,
            gate=self.patrol.gate,
            robots=self.patrol.robots,
            most=max(min(FEWEST, most), int(most / (1 + delay))),  # a host that asks for slowness is asked for less at once
            contact=bool(settings.get("NETPATROL_CONTACT")),
            sought=request.meta.get(SOUGHT, ()),
        )

    def _refused(self, reason: str) -> None:
        self.stats.inc_value(f"netpatrol/browser_refused/{reason}")

    def _make_request_handler(self, **given: Any) -> Callable[..., Awaitable[None]]:
        """Judge what the page begins to ask for, before scrapy-playwright sends it on its way."""
        return judging(self._visits[given["context_name"]], self._refused, super()._make_request_handler(**given))

    async def _apply_page_methods(self, page: Any, request: Request, spider: Any) -> None:
        """Run ours: they wait as long as is good, where scrapy-playwright would wait for a load event that may never come."""
        for method in request.meta["playwright_page_methods"]:
            method.result = await method.method(page, *method.args)

    async def _create_browser_context(self, name: str, context_kwargs: dict[str, Any] | None, spider: Any = None) -> Any:
        """Make a context that will have one page."""
        wrapper = await super()._create_browser_context(name=name, context_kwargs=context_kwargs, spider=spider)
        await guard(wrapper.context, seeks=bool(self._visits[name].sought))
        return wrapper

    async def _create_page(self, request: Request, spider: Any = None) -> Any:
        """Make the page of a context, and judge where redirects lead it."""
        page, visit = await super()._create_page(request, spider), self._visits[request.meta["playwright_context"]]
        drawing.watch(page, visit)
        spell_out(page)
        await judge_redirects(page, visit, self._refused)
        return page

    async def _close_page(self, request: Request) -> None:
        page = request.meta.pop("playwright_page", None)
        if page is not None and not page.is_closed():
            with contextlib.suppress(Exception):
                await asyncio.wait_for(page.close(), CLOSE_SECONDS)

    async def _close_context(self, name: str) -> None:
        wrapper = self.context_wrappers.pop(name, None)
        if wrapper is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(wrapper.context.close(), CLOSE_SECONDS)


def judging(visit: Visit, refused: Callable[[str], None], send: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Return Playwright's handler of what one page begins to ask for: `send` what the visit lets through."""

    async def judge(route: Any, asked: Any) -> None:
        moves = asked.is_navigation_request() and asked.frame.parent_frame is None
        reason = visit.why_not(Wish(url=asked.url, kind=asked.resource_type, method=asked.method, moves_page=moves))
        if reason:
            refused(reason)
            await _abort(route, "aborted" if moves else "blockedbyclient")  # "aborted": the page stays as it is
        else:
            await send(route, asked)

    return judge


async def judge_redirects(page: Any, visit: Visit, refused: Callable[[str], None]) -> None:
    """Ask the visit about each further hop of what a page asks for: Playwright's own routes see the first one only."""
    session = await page.context.new_cdp_session(page)
    main = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]

    async def judge(paused: dict[str, Any]) -> None:
        asked, kind = paused["request"], paused["resourceType"].lower()
        follows = "redirectedRequestId" in paused
        reason = visit.why_not_follow(Wish(url=asked["url"], kind=kind, method=asked["method"])) if follows else ""
        with contextlib.suppress(PlaywrightError):  # the page may be closed by now
            if reason:
                refused(reason)
                moves = paused["frameId"] == main and kind == "document" and page.url != "about:blank"
                why = "Aborted" if moves else "BlockedByClient"  # "Aborted": the page stays as it is, if there is one
                await session.send("Fetch.failRequest", {"requestId": paused["requestId"], "errorReason": why})
            else:
                await session.send("Fetch.continueRequest", {"requestId": paused["requestId"]})

    session.on("Fetch.requestPaused", judge)
    await session.send("Fetch.enable")


async def guard(context: Any, *, seeks: bool = False) -> None:
    """Leave a context one page: others are closed at once and get no answer. `seeks`: note what it ever says."""
    await context.route("**/*", lambda route: _abort(route))
    await context.add_init_script(_NO_OTHER_WAYS)
    await context.add_init_script(OPEN_SHADOWS)
    await context.add_init_script(DRAWN_TEXT)
    await context.add_init_script(drawing.TIMERS)
    await context.add_init_script(drawing.CALLS)
    if seeks:
        await context.add_init_script(deeds.RECORDING)
    context.on("page", _close_popup)


async def _abort(route: Any, why: str = "blockedbyclient") -> None:
    with contextlib.suppress(Exception):  # the page may be closed by now
        await route.abort(why)


async def _close_popup(page: Any) -> None:
    if page is not next(iter(page.context.pages), page):
        with contextlib.suppress(Exception):
            await page.close()


_NO_OTHER_WAYS = """
(() => {
    const nothing = () => undefined;
    window.open = () => ({
        closed: true, opener: null, name: "", close: nothing, focus: nothing, blur: nothing, print: nothing, postMessage: nothing,
        moveTo: nothing, resizeTo: nothing, addEventListener: nothing, removeEventListener: nothing,
        location: {href: "about:blank", assign: nothing, replace: nothing, reload: nothing},
        document: {open: nothing, write: nothing, writeln: nothing, close: nothing},
    });
    const fails = (socket, name) => {
        const event = new Event(name);
        socket.dispatchEvent(event);
        if (typeof socket["on" + name] === "function") socket["on" + name](event);
    };
    window.WebSocket = class WebSocket extends EventTarget {
        constructor(url) {
            super();
            Object.assign(this, {url: String(url), readyState: 0, bufferedAmount: 0, protocol: "", extensions: "", binaryType: "blob"});
            setTimeout(() => { this.readyState = 3; fails(this, "error"); fails(this, "close"); });
        }
        send() {}
        close() {}
    };
    ["CONNECTING", "OPEN", "CLOSING", "CLOSED"].forEach((name, at) => { WebSocket[name] = WebSocket.prototype[name] = at; });
    window.Worker = class Worker extends EventTarget {
        constructor() { super(); setTimeout(() => fails(this, "error")); }
        postMessage() {}
        terminate() {}
    };
    const gone = ["RTCPeerConnection", "webkitRTCPeerConnection", "SharedWorker", "WebTransport", "WebSocketStream"];
    for (const name of gone) delete window[name];
})();
"""
"""Ways past the page that nobody needs to show a shop; those that scripts use unasked do nothing, as behind a bad network.

Nothing inside is reached without this, either. But what a socket asks for over TLS nobody sees, and a worker has sockets
of its own that no script can be put before: so there are none.
"""


class Renderer:
    """Decides whether a page may be rendered: a browser is there and the budgets of the run and the site allow it."""

    def __init__(self, settings: BaseSettings, wanted: Callable[[str, str], Awaitable[bool]]) -> None:
        self.wanted = wanted
        self.program = find_browser(settings.get("NETPATROL_BROWSER") or "")
        self.user_agent: str = settings["USER_AGENT"]
        self.per_site = settings.getint("NETPATROL_RENDER_PER_SITE")
        self.left = settings.getint("NETPATROL_RENDER_PER_RUN") if self.program else 0

    def may(self, rendered: int) -> bool:
        """Whether one more page of a site that has had so many may be rendered."""
        return self.left > 0 and rendered < self.per_site

    def meta(self) -> dict[str, Any]:
        """Spend one page of the budget and return the request's meta."""
        self.left -= 1
        return render_meta(self.user_agent, self.wanted)



