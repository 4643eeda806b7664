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

from netpatrol.gateway import Gateway
from netpatrol.pace import DELAY_ASKED
from netpatrol.patrol import Patrol
from netpatrol.shown import DRAWN_TEXT, OPEN_SHADOWS, spell_out
from netpatrol.visit import MOST_RETURNS, Visit, Wish

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


logger = logging.getLogger(__name__)

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PAGES_AT_ONCE = 4
SETTLE_SECONDS = 8.0
LEFT_SECONDS = 0.5
CLOSE_SECONDS = 5.0
QUIET_MS = 120
MOST_SCROLLS, SCROLL_SECONDS, SCROLLS_SECONDS = 8, 0.8, 20.0
"""How often a page is scrolled down, how long it then has to ask for more, and how long all answers may take."""
ENOUGH_TEXT, LITTLE_TEXT = 20, 400
"""Characters from which a page shows something, and below which it is hardly more than what it is loading."""
MOST_ANSWERS = 20
"""How often a page is waited for again because its site has answered meanwhile."""
TIMER_MS = 5_000
"""Timers of a page's beginning that are waited for: what they show is what a reader sees."""
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
LEFT_FOR = "netpatrol_left_for"
"""In a request's meta: where the script of a rendered page would have gone, "" if nowhere."""

GOES_ON = "netpatrol_goes_on"
"""In a request's meta: whether a rendered page has more to show than it was scrolled for."""
LOST = "netpatrol_lost"
"""In a request's meta: whether something did not come that a rendered page would have shown."""


class StuckPageError(Exception):
    """A page that cannot be drawn in good time; to try again would take as long."""


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


async def settle(page: Any, visit: Visit) -> None:
    """Wait until a page is loaded, shows text and stops changing, but not for ever: one that never rests is taken as it stands.

    Playwright's own "networkidle" waits half a second on every page; most rest within a tenth of it. One that its
    script would have left is hardly going to show more.
    """
    rest = asyncio.ensure_future(_rest(page, visit))
    left = asyncio.ensure_future(visit.is_left.wait())
    try:
        await asyncio.wait((rest, left), timeout=SETTLE_SECONDS + 4, return_when=asyncio.FIRST_COMPLETED)
        if not rest.done() and not left.done():
            raise StuckPageError("its script never yields")
        await asyncio.wait((rest,), timeout=LEFT_SECONDS)
    finally:
        rest.cancel()
        left.cancel()
        await asyncio.gather(rest, left, return_exceptions=True)


async def scroll(page: Any, visit: Visit) -> None:
    """Go down a page whose script asks its site for something, for as long as that makes it ask and grow, but not for ever."""
    if not visit.calls or visit.waits or visit.is_left.is_set():  # what waits still is lost
        return
    visit.goes_on = True  # until its end is seen, which a page that fails meanwhile never shows
    with contextlib.suppress(PlaywrightError, TimeoutError):
        visit.goes_on = await _grows_on(page, visit)


async def _grows_on(page: Any, visit: Visit) -> bool:
    """Scroll a page down until its script asks for no more or what comes adds nothing; whether that came to no end in time."""
    end = asyncio.get_running_loop().time() + SCROLLS_SECONDS
    asked, shown = visit.calls, await _down(page)
    for _ in range(MOST_SCROLLS):
        await asyncio.sleep(SCROLL_SECONDS)
        if visit.waits:
            await _answered(visit, end)
            await asyncio.sleep(SCROLL_SECONDS)  # what came has to be shown
        if visit.waits:
            return True
        asks, before = visit.calls, shown  # counted before the next scroll, whose first request may come before its return
        shown = await _down(page)
        if asks == asked or shown <= before:
            return False
        asked = asks
    return True


async def _down(page: Any) -> int:
    """Scroll to the end of a page; return how much it shows."""
    shown = await asyncio.wait_for(page.evaluate(_DOWN), SCROLL_SECONDS + 2)
    return int(shown) if isinstance(shown, int) else 0


async def _rest(page: Any, visit: Visit) -> None:
    """Wait until a page rests and its site has answered all that its script asked; begin again where it loads itself anew."""
    clock = asyncio.get_running_loop()
    end = clock.time() + SETTLE_SECONDS
    for _ in range(1 + MOST_RETURNS + MOST_ANSWERS):
        left = max(end - clock.time(), QUIET_MS / 1000)
        with contextlib.suppress(PlaywrightError):  # the script that waits is gone with the document that it waited for
            is_loading = await page.evaluate(_REST, [QUIET_MS, left * 1000, ENOUGH_TEXT, LITTLE_TEXT])
            if not visit.waits or clock.time() >= end:
                visit.lost |= bool(visit.waits) or is_loading is True
                return
            await _answered(visit, end)


async def _answered(visit: Visit, end: float) -> None:
    """Wait until nothing is under way that a page has asked its site for, but not for ever."""
    while visit.waits and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(QUIET_MS / 1000)


def watch(page: Any, visit: Visit) -> None:
    """Note what a page's script asks its site for, until it is answered, and whether that failed."""

    def begun(asked: Any) -> None:
        if visit.tells(asked.url, asked.resource_type):
            visit.waits.add(asked)

    def finished(asked: Any) -> None:
        visit.waits.discard(asked)

    def failed(asked: Any) -> None:
        if asked in visit.waits:
            visit.waits.discard(asked)
            visit.lost |= not any(word in (asked.failure or "") for word in _NOT_FAILED)

    def answered(answer: Any) -> None:
        if answer.request in visit.waits:
            visit.lost |= answer.status >= 500 or answer.status == 429

    page.on("request", begun)
    page.on("response", answered)
    page.on("requestfinished", finished)
    page.on("requestfailed", failed)


_NOT_FAILED = ("ERR_ABORTED", "ERR_BLOCKED_BY_CLIENT")
"""How a call ends that the page itself gave up, or that we did not let through."""


_DOWN = """() => {
    const shown = document.body ? document.body.innerText.length : 0;
    window.scrollTo(0, document.documentElement.scrollHeight);
    window.dispatchEvent(new Event("scroll"));
    return shown;
}"""
_REST = """([quiet, most, enough, little]) => new Promise(done => {
    let timer = null;
    const timers = window[Symbol.for("netpatrol.timers")] || (() => 0);
    const text = () => (document.body ? document.body.innerText.trim() : "");
    const says = shown => /(?:加载|载入|读取)中|正在(?:加载|载入|读取)|loading *(?:[.][.]|…)/i.test(shown);
    const loaded = shown => document.readyState === "complete" && shown.length >= enough && !says(shown) && !timers();
    const rest = () => { clearTimeout(timer); timer = setTimeout(() => loaded(text()) ? done(false) : rest(), quiet); };
    new MutationObserver(rest).observe(document, {subtree: true, childList: true, characterData: true});
    setTimeout(() => { const shown = text(); done(says(shown) && shown.length < little); }, most);
    rest();
})"""
"""Waits until a page is loaded, shows text, does not say that it is loading and has no timer of its beginning left; tells
whether it still says so and shows little else when the time is over.
"""


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
                methods = [method for method in request.meta["playwright_page_methods"] if method.method not in (settle, scroll)]
                request.meta["playwright_page_methods"] = [PageMethod(settle, visit), PageMethod(scroll, visit), *methods]
                self._visits[name] = visit
                try:
                    async with asyncio.timeout(PAGE_SECONDS + SETTLE_SECONDS + 15):
                        response: Response = await super()._download_request(request, spider)
                        return response
                except TimeoutError as error:
                    raise StuckPageError("it takes too long") from error
                finally:
                    request.meta.update({LEFT_FOR: visit.left_for, GOES_ON: visit.goes_on, LOST: visit.lost})
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
        await guard(wrapper.context)
        return wrapper

    async def _create_page(self, request: Request, spider: Any = None) -> Any:
        """Make the page of a context, and judge where redirects lead it."""
        page, visit = await super()._create_page(request, spider), self._visits[request.meta["playwright_context"]]
        watch(page, visit)
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


async def guard(context: Any) -> None:
    """Leave a context one page: others are closed at once and get no answer."""
    await context.route("**/*", lambda route: _abort(route))
    await context.add_init_script(_NO_OTHER_WAYS)
    await context.add_init_script(OPEN_SHADOWS)
    await context.add_init_script(DRAWN_TEXT)
    await context.add_init_script(_TIMERS.replace("MOST", str(TIMER_MS)))
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


_TIMERS = """
(() => {
    const set = window.setTimeout, clear = window.clearTimeout, open = new Set();
    let inside = false, over = false;
    window.addEventListener("load", () => set.call(window, () => { over = true; }, 500));
    window.setTimeout = function setTimeout(does, after, ...given) {
        if (inside || over || typeof does !== "function" || !(after > 0 && after <= MOST)) return set.call(window, does, after, ...given);
        const timer = set.call(window, (...all) => {
            open.delete(timer);
            inside = true;
            try { does.apply(window, all); } finally { inside = false; }
        }, after, ...given);
        open.add(timer);
        return timer;
    };
    window.clearTimeout = function clearTimeout(timer) { open.delete(timer); clear.call(window, timer); };
    Object.defineProperty(window, Symbol.for("netpatrol.timers"), {value: () => open.size});
})();
"""
"""Counts the timers that a page sets while it loads; what a timer sets again (a slide show, a clock) is not waited for."""


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



