"""Waits for a page that a browser draws: until it rests, its site has answered what its script asked, and its lists have grown.

What is not seen to its end is noted in the visit: a call that failed (`lost`), a list that goes on (`goes_on`).
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from playwright.async_api import Error as PlaywrightError

from netpatrol.visit import MOST_RETURNS, Visit

SETTLE_SECONDS = 8.0
LEFT_SECONDS = 0.5
QUIET_MS = 120
MOST_SCROLLS, SCROLL_SECONDS, SCROLLS_SECONDS = 8, 0.8, 20.0
"""How often a page is scrolled down, how long it then has to ask for more, and how long all answers may take."""
ENOUGH_TEXT, LITTLE_TEXT = 20, 400
"""Characters from which a page shows something, and below which it is hardly more than what it is loading."""
MOST_ANSWERS = 20
"""How often a page is waited for again because its site has answered meanwhile."""
TIMER_MS, HEARD_MS = 5_000, 300
"""Timers of a page's beginning that are waited for, as what they show is what a reader sees; how long it may take until we
hear of a call that the page has begun.
"""


class StuckPageError(Exception):
    """A page that cannot be drawn in good time; to try again would take as long."""


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
    """Go down a page whose script asks its site for something or hears of scrolling, for as long as that makes it ask and grow,
    but not for ever.
    """
    if visit.waits or visit.is_left.is_set():  # what waits still is lost
        return
    with contextlib.suppress(PlaywrightError, TimeoutError):
        if not visit.calls and not await asyncio.wait_for(page.evaluate(_HEARS), SCROLL_SECONDS + 2):
            return
        visit.goes_on = True  # until its end is seen, which a page that fails meanwhile never shows
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
        if visit.tells(asked.url, asked.resource_type) and not _is_the_page(asked):
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


def _is_the_page(asked: Any) -> bool:
    return bool(asked.is_navigation_request()) and asked.frame.parent_frame is None


_NOT_FAILED = ("ERR_ABORTED", "ERR_BLOCKED_BY_CLIENT")
"""How a call ends that the page itself gave up, or that we did not let through."""


_HEARS = """() => Boolean((window[Symbol.for("netpatrol.scrolls")] || (() => false))() || window.onscroll || document.onscroll
    || (document.body && document.body.onscroll))"""
_DOWN = """() => {
    const shown = document.body ? document.body.innerText.length : 0;
    window.scrollTo(0, document.documentElement.scrollHeight);
    window.dispatchEvent(new Event("scroll"));
    return shown;
}"""
_REST = """([quiet, most, enough, little]) => new Promise(done => {
    let timer = null;
    const timers = window[Symbol.for("netpatrol.timers")] || (() => 0), asks = window[Symbol.for("netpatrol.asks")] || (() => false);
    const text = () => (document.body ? document.body.innerText.trim() : "");
    const says = shown => /(?:加载|载入|读取)中|正在(?:加载|载入|读取)|loading *(?:[.][.]|…)/i.test(shown);
    const loaded = shown => document.readyState === "complete" && shown.length >= enough && !says(shown) && !timers() && !asks();
    const rest = () => { clearTimeout(timer); timer = setTimeout(() => loaded(text()) ? done(false) : rest(), quiet); };
    new MutationObserver(rest).observe(document, {subtree: true, childList: true, characterData: true});
    setTimeout(() => { const shown = text(); done(says(shown) && shown.length < little); }, most);
    rest();
})"""
"""Waits until a page is loaded, shows text, does not say that it is loading, has no timer of its beginning left and has not
just asked for something; tells whether it still says so and shows little else when the time is over.
"""


TIMERS = """
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
""".replace("MOST", str(TIMER_MS))
"""Counts the timers that a page sets while it loads; what a timer sets again (a slide show, a clock) is not waited for."""

CALLS = """
(() => {
    let last = -HEARD, hears = false;
    const asks = () => { last = performance.now(); };
    const fetch = window.fetch, send = XMLHttpRequest.prototype.send, listen = EventTarget.prototype.addEventListener;
    window.fetch = function(...given) { asks(); return fetch.apply(window, given); };
    XMLHttpRequest.prototype.send = function(...given) { asks(); return send.apply(this, given); };
    EventTarget.prototype.addEventListener = function addEventListener(type, ...given) {
        if (type === "scroll" || type === "wheel" || type === "touchmove") hears = true;
        return listen.call(this, type, ...given);
    };
    const Observer = window.IntersectionObserver;
    window.IntersectionObserver = class IntersectionObserver extends Observer {
        constructor(...given) { super(...given); hears = true; }
    };
    Object.defineProperty(window, Symbol.for("netpatrol.asks"), {value: () => performance.now() - last < HEARD});
    Object.defineProperty(window, Symbol.for("netpatrol.scrolls"), {value: () => hears});
})();
""".replace("HEARD", str(HEARD_MS))
"""Tells whether a page has just begun to ask for something, which we hear of later, and whether it listens to scrolling."""
