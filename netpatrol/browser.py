"""Owns Chromium (scrapy-playwright): pages that only a script shows, and nothing else.

The browser starts with the first page that needs it, is told who we are and which proxy to use, asks no internal
address, closes every page whatever happens, and gets a fresh context every so many pages, so that it does not grow.
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
from urllib.parse import urlsplit
from urllib.request import getproxies
from weakref import WeakKeyDictionary

from scrapy.http import Request, Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from netpatrol.patrol import Patrol

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


logger = logging.getLogger(__name__)

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PAGES_A_CONTEXT = 40
"""One long-lived context grew to 18 GB over 700 pages in a public report; a fresh one costs some milliseconds."""
SETTLE_SECONDS = 8.0
QUIET_MS = 120
ENOUGH_TEXT = 20
PAGE_SECONDS = 30.0
SCREENSHOT_HEIGHT = 8_000
ARGUMENTS = (
    "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-gpu", "--disable-quic", "--disable-extensions", "--disable-features=Translate,MediaRouter,OptimizationHints",
)  # fmt: skip
UNWANTED = frozenset({"media", "font", "websocket", "eventsource", "manifest"})


def find_browser(configured: str) -> str:
    """Return the browser's program: the configured one, else the first on the path; "" for none or "off"."""
    if configured == "off":
        return ""
    if configured:
        return configured if os.path.isfile(configured) and os.access(configured, os.X_OK) else ""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), "")


def launch_options(program: str) -> dict[str, Any]:
    """Return how to start the browser: headless, through the configured proxy, sandboxed unless we are root."""
    arguments = list(ARGUMENTS)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's sandbox refuses root
    options: dict[str, Any] = {"executable_path": program, "headless": True, "args": arguments}
    proxies = getproxies()
    proxy = proxies.get("http") or proxies.get("https")
    if proxy:
        options["proxy"] = {"server": proxy, "bypass": "<-loopback>"}
    return options


def render_meta(user_agent: str, wanted: Callable[[str, str], Awaitable[bool]]) -> dict[str, Any]:
    """Return the request meta that asks for a rendered page, with a screenshot where `wanted(url, html)` says so."""
    return {
        "playwright": True,
        "playwright_include_page": True,
        "playwright_context_kwargs": {
            "user_agent": user_agent, "java_script_enabled": True, "accept_downloads": False, "service_workers": "block",
            "viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai",
        },
        "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded", "timeout": PAGE_SECONDS * 1000},
        "playwright_page_methods": [PageMethod(settle), PageMethod(partial(screenshot_where, wanted))],
    }  # fmt: skip


async def settle(page: Any) -> None:
    """Wait until a page shows text and stops changing, but not for ever: one that never rests is taken as it stands.

    Playwright's own "networkidle" waits half a second on every page; most rest within a tenth of it.
    """
    with contextlib.suppress(Exception):
        await asyncio.wait_for(page.evaluate(_REST, [QUIET_MS, SETTLE_SECONDS * 1000, ENOUGH_TEXT]), SETTLE_SECONDS + 2)


_REST = """([quiet, most, enough]) => new Promise(done => {
    let timer = null;
    const text = () => (document.body ? document.body.innerText.trim().length : 0);
    const rest = () => { clearTimeout(timer); timer = setTimeout(() => text() >= enough ? done(true) : rest(), quiet); };
    new MutationObserver(rest).observe(document, {subtree: true, childList: true, characterData: true});
    setTimeout(() => done(false), most);
    rest();
})"""


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
    """scrapy-playwright's handler: starts with the first page, closes every page, renews its contexts."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.config.launch_options = launch_options(find_browser(crawler.settings.get("NETPATROL_BROWSER") or ""))
        self.gate = Patrol.of(crawler).gate
        self.abort_request = self._is_unwanted
        self._pages = 0
        self._open: dict[str, int] = {}
        self._start = asyncio.Lock()
        self._started = self._ended = False

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

    async def _maybe_launch_in_thread(self) -> None:
        """Do nothing when the engine starts: most runs need no browser, and its driver alone takes 200 MB."""

    async def _ensure_started(self) -> None:
        async with self._start:
            if not self._started:
                await self._launch()
                self._started = True

    def _is_unwanted(self, request: Any) -> bool:
        """Whether the browser must not ask for something: internal addresses, other schemes, heavy extras."""
        parts = urlsplit(request.url)
        if parts.scheme in ("data", "blob", "about"):
            return False
        if parts.scheme not in ("http", "https") or request.resource_type in UNWANTED:
            return True
        return not self.gate.lets(parts.hostname or "")

    async def _download_request(self, request: Request, spider: Any = None) -> Response:
        """Render one page; its tab is closed in every case, and a context that has served its pages is closed too."""
        await self._ensure_started()
        name = f"patrol-{self._pages // PAGES_A_CONTEXT}"
        self._pages += 1
        self._open[name] = self._open.get(name, 0) + 1
        request.meta["playwright_context"] = name
        try:
            async with asyncio.timeout(PAGE_SECONDS + SETTLE_SECONDS + 15):
                response: Response = await super()._download_request(request, spider)
                return response
        finally:
            await self._close_page(request)
            self._open[name] -= 1
            await self._retire_contexts()

    async def _close_page(self, request: Request) -> None:
        page = request.meta.pop("playwright_page", None)
        if page is not None and not page.is_closed():
            with contextlib.suppress(Exception):
                await asyncio.wait_for(page.close(), 10)

    async def _retire_contexts(self) -> None:
        """Close contexts that are full and have no page open any more; page first, then context."""
        current = f"patrol-{self._pages // PAGES_A_CONTEXT}"
        for name in [name for name, number in self._open.items() if number == 0 and name != current]:
            del self._open[name]
            wrapper = self.context_wrappers.pop(name, None)
            if wrapper is not None:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(wrapper.context.close(), 10)


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



