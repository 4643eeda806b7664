"""Does to a drawn page what a reader may do to it, with nothing let out, and hears whether it then says what is sought.

Only where a page no longer says what was found on it: what a click, a hover, a dialog or a change of pictures shows is still
said. The page is kept as it was before; nothing is asked of anybody meanwhile. Where a part that shows more would have asked
its site for it, the page was not seen whole (`lost`).
"""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Error as PlaywrightError

from netpatrol.text.html import parse_markup
from netpatrol.text.read import read_document
from netpatrol.visit import Visit

ACT_SECONDS = 15.0
_HEARD_SECONDS = 0.4
"""How long it may take until what an act asks for is heard of."""
_ROUNDS = 12
"""How often what a page does again and again is done: a slide show has shown all of its slides."""
_SHOWS = (
    "更多|展开|查看|详情|详细|说明|功效|作用|介绍|全文|全部|下一?页|加载|显示|阅读|点击|点开|点这里|原文|证书|参数|规格|成分|疗效|案例|适用|"
    "more|show|detail|next|load|open|read"
)
_DOES = "评价|评论|购物车|购买|收藏|登录|注册|提交|搜索|客服|咨询|喜欢|推荐|换一|优惠|领取|分享|地图|验证码|login|cart|search"
"""What is written on parts that show more of what a page says, and on those that do something else."""
_MOST_MARKUP = 3_000_000

RECORDING = """
(() => {
    const said = new Set(), heard = new Set(), every = [], later = new Map();
    let room = 2000000;
    const note = text => {
        const words = String(text ?? "").trim().slice(0, 2000);
        if (words && said.size < 5000 && room > 0 && !said.has(words)) { said.add(words); room -= words.length; }
    };
    const mute = /^(?:SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/;
    const hear = node => {
        const element = node.nodeType === 1 ? node : node.parentElement;
        if (!element || !mute.test(element.tagName)) note((node.nodeType === 1 ? node : element || node).textContent);
    };
    const changed = new MutationObserver(all => all.forEach(one => {
        if (one.type === "attributes") note(one.target.getAttribute(one.attributeName));
        else if (one.type === "characterData") hear(one.target);
        else one.addedNodes.forEach(hear);
    }));
    const spoken = {subtree: true, childList: true, characterData: true, attributes: true,
        attributeFilter: ["title", "placeholder", "alt", "value", "aria-label", "label", "content"]};
    document.addEventListener("DOMContentLoaded", () => changed.observe(document, spoken));
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function attachShadow(given) {
        const tree = attach.call(this, given);
        changed.observe(tree, spoken);
        return tree;
    };
    const listen = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function addEventListener(type, ...given) {
        if (heard.size < 5000) heard.add(this || window);
        return listen.call(this, type, ...given);
    };
    window.alert = note;
    window.confirm = text => { note(text); return true; };
    window.prompt = text => { note(text); return null; };
    const interval = window.setInterval, set = window.setTimeout, clear = window.clearTimeout, stop = window.clearInterval;
    window.setInterval = function setInterval(does, after, ...given) {
        const timer = interval.call(window, does, after, ...given);
        if (typeof does === "function" && every.length < 200) every.push([timer, () => does.apply(window, given)]);
        return timer;
    };
    window.setTimeout = function setTimeout(does, after, ...given) {
        if (typeof does !== "function" || later.size > 500) return set.call(window, does, after, ...given);
        const timer = set.call(window, () => { later.delete(timer); does.apply(window, given); }, after);
        later.set(timer, () => does.apply(window, given));
        return timer;
    };
    window.clearTimeout = function clearTimeout(timer) { later.delete(timer); clear.call(window, timer); };
    const quietly = does => { try { does(); } catch { } };
    const pause = time => new Promise(done => set.call(window, done, time));
    const goOn = async rounds => {
        for (let round = 0; round < rounds; round++) {
            every.forEach(([, does]) => quietly(does));
            [...later].forEach(([timer, does]) => { later.delete(timer); clear.call(window, timer); quietly(does); });
            await pause(30);
        }
        every.splice(0).forEach(([timer]) => stop.call(window, timer));
        later.forEach((_, timer) => clear.call(window, timer));
        later.clear();
    };
    Object.defineProperty(window, Symbol.for("netpatrol.said"), {value: {said, heard, pause, goOn}});
})();
"""
"""Notes what a page ever says from when its markup is read, what hears of readers, and what it does again and again."""

_ACT = """async ([shows, does, counted, end]) => {
    const {heard, pause} = window[Symbol.for("netpatrol.said")], wanted = new RegExp(shows, "i"), other = new RegExp(does, "i");
    const acts = ["mouseover", "mouseenter", "mousemove", "pointerdown", "mousedown", "touchstart", "focus", "pointerup", "mouseup",
        "touchend", "click", "dblclick", "input", "change", "keyup", "toggle"];
    const hears = element => acts.some(act => element["on" + act] || element.hasAttribute("on" + act)) || heard.has(element)
        || /^javascript:/i.test(element.getAttribute("href") || "");
    const likely = `button, [role=button], summary, dt, li, label, select, input, a:not([href]), a[href^='#'], [class*=btn],
        [class*=more], [class*=tab]`;
    const all = [...document.body.querySelectorAll("*")].slice(0, 5000);
    const above = [document, window, document.body].some(one => heard.has(one)) || all.some(one => heard.has(one) && one.firstElementChild);
    const label = element => (element.innerText || element.value || element.title || "").trim();
    const shown = element => { const text = label(element); return text.length <= 20 && wanted.test(text) && !other.test(text); };
    const tried = new Set(all.filter(hears));
    if (above) [...document.body.querySelectorAll(likely)].slice(0, 400).forEach(one => tried.add(one));
    for (const [at, element] of [...tried].filter(one => shown(one) === counted).slice(0, 600).entries()) {
        for (const act of acts) {
            const kind = /^(?:mouse|click|dbl)/.test(act) ? MouseEvent : Event;
            try { element.dispatchEvent(new kind(act, {bubbles: !/enter|focus/.test(act), cancelable: true})); } catch { }
        }
        if (performance.now() > end) return false;
        if (at % 20 === 19) await pause(0);
    }
    return true;
}"""
_SHUT = """() => {
    const stays = () => undefined, goes = /^(?:javascript:|#|$)/i;
    for (const name of ["pushState", "replaceState", "back", "forward", "go"]) history[name] = stays;
    for (const type of ["click", "submit"]) window.addEventListener(type, event => {
        const way = event.target && event.target.closest && event.target.closest("a[href], area[href], form");
        if (type === "submit" || (way && !goes.test(way.getAttribute("href") || ""))) event.preventDefault();
    }, true);
    return performance.now();
}"""
_SAID = """() => {
    const told = frame => { try { return [...frame[Symbol.for("netpatrol.said")].said]; } catch { return []; } };
    return [...told(window), ...Array.from(window.frames).flatMap(told)].join("\\n");
}"""


async def act_out(page: Any, visit: Visit) -> None:
    """Do to a page what a reader may do, unless it says all that is sought by itself; the page's content stays what it was."""
    if not visit.sought or visit.is_left.is_set():
        return
    spell, whole = page.content, await page.content()
    says = _squeezed(await _words(whole))
    missing = [said for said in map(_squeezed, visit.sought) if said not in says]
    if not missing:
        return

    async def as_it_was() -> str:
        return str(whole)

    page.content = as_it_was
    visit.is_shut = True
    try:
        async with asyncio.timeout(ACT_SECONDS):
            said = await _acted(page, visit) + await _words(await spell())
        visit.said = any(words in _squeezed(said) for words in missing)
    except (PlaywrightError, TimeoutError):
        visit.lost = True  # what it would have said is not known


async def _acted(page: Any, visit: Visit) -> str:
    """Return all that a page has said, after everything was done to it that a reader may do."""
    end = await page.evaluate(_SHUT) + ACT_SECONDS * 500
    await page.evaluate('rounds => window[Symbol.for("netpatrol.said")].goOn(rounds)', _ROUNDS)
    for counted in (False, True):
        visit.counts = counted
        visit.lost |= not await page.evaluate(_ACT, [_SHOWS, _DOES, counted, end])
        await asyncio.sleep(_HEARD_SECONDS)
    return str(await page.evaluate(_SAID))


async def _words(html: str) -> str:
    """Return what markup says, as whoever quoted it read it."""
    return await asyncio.to_thread(lambda: read_document(parse_markup(html[:_MOST_MARKUP])).raw)


def _squeezed(text: str) -> str:
    return "".join(text.split())
