"""What is done to a drawn page, in its own language: scripts that note what it says, shut it, act on it and ask what it has said.

A page's own frames and shadow trees are parts of it. `own` yields their windows, where another site's is passed over.
"""

_OWN = """
    const seen = frame => { try { return frame.document ? own(frame) : []; } catch { return []; } };
    const own = view => [view, ...Array.from(view.frames).flatMap(seen)];
    const noted = view => { try { return view[Symbol.for("netpatrol.said")]; } catch { return undefined; } };
"""
RECORDING = """
(() => {
    const said = new Set(), heard = new Set(), trees = new Set(), every = [], later = new Map(), doubts = {any: false};
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
        trees.add(tree);
        return tree;
    };
    const source = Function.prototype.toString, listen = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function addEventListener(type, ...given) {
        if (heard.size < 20000) heard.add(this || window);
        if (typeof given[0] === "function" && /isTrusted/.test(source.call(given[0]))) doubts.any = true;
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
    Object.defineProperty(window, Symbol.for("netpatrol.said"), {value: {said, heard, trees, doubts, pause, goOn}});
})();
"""
"""Notes what a page ever says from when its markup is read, what hears of readers (`heard`, `trees`), whether it asks if they are
persons (`doubts`), and what it does again and again (`goOn` does it at once).
"""


SHUT = """() => {""" + _OWN + """
    const stays = () => undefined, goes = /^(?:javascript:|#|$)/i;
    const windows = [];
    const opened = () => {
        if (windows.length >= 8) return windows[7].contentWindow;
        const frame = document.createElement("iframe");
        frame.hidden = true;
        windows.push(frame);
        document.body.append(frame);
        return frame.contentWindow;
    };
    for (const view of own(window)) {
        for (const name of ["pushState", "replaceState", "back", "forward", "go"]) view.history[name] = stays;
        view.open = opened;
        view.HTMLFormElement.prototype.submit = view.HTMLFormElement.prototype.requestSubmit = stays;
        for (const type of ["click", "submit"]) view.addEventListener(type, event => {
            const way = event.target && event.target.closest && event.target.closest("a[href], area[href], form");
            if (type === "submit" || (way && !goes.test(way.getAttribute("href") || ""))) event.preventDefault();
        }, true);
    }
    if (window.navigation) window.navigation.addEventListener("navigate", event => {
        if (event.cancelable && !event.hashChange) event.preventDefault();
    });
    return performance.now();
}"""
"""Keeps a page where it is, whatever is done to it. A window that it opens is an empty frame, to be written to: what has an address is
another page. Returns its clock (ms).
"""

GO_ON = """async rounds => {""" + _OWN + """
    for (const view of own(window)) if (noted(view)) await noted(view).goOn(rounds);
}"""

ACT = """async ([shows, does, counted, rounds, end]) => {""" + _OWN + """
    const wanted = new RegExp(shows, "i"), other = new RegExp(does, "i");
    const downs = ["mouseover", "mouseenter", "mousemove", "pointerdown", "mousedown", "touchstart", "focus"];
    const ups = ["pointermove", "touchmove", "mousemove", "pointerup", "mouseup", "touchend", "click", "dblclick", "contextmenu", "input",
        "change", "keydown", "keyup", "toggle", "wheel", "scroll", "mouseout", "mouseleave", "blur"];
    const every = [...downs, ...ups];
    const likely = `button, [role=button], [role=tab], summary, dt, li, label, select, input, a:not([href]), a[href^='#'], [class*=btn],
        [class*=more], [class*=tab]`;
    const mute = /^(?:SCRIPT|STYLE|NOSCRIPT|TEMPLATE|HEAD|META|LINK|TITLE)$/i;
    const made = (act, element) => {
        const x = downs.includes(act) ? 300 : 20;  // what is dragged goes to the left
        const given = {bubbles: !/enter$|leave$|focus|blur/.test(act), cancelable: true, clientX: x, clientY: 50, deltaY: 99};
        if (/^touch/.test(act)) {
            const finger = new Touch({identifier: 1, target: element, clientX: x, clientY: 50, pageX: x, pageY: 50});
            const fingers = act === "touchend" ? [] : [finger];
            return new TouchEvent(act, {...given, touches: fingers, targetTouches: fingers, changedTouches: [finger]});
        }
        if (/^key/.test(act)) return new KeyboardEvent(act, {...given, key: "ArrowRight", code: "ArrowRight", keyCode: 39});
        if (/^pointer/.test(act)) return new PointerEvent(act, {...given, pointerId: 1, isPrimary: true, pointerType: "touch"});
        if (act === "wheel") return new WheelEvent(act, given);
        return new (/^(?:mouse|click|dbl|context)/.test(act) ? MouseEvent : Event)(act, given);
    };
    const is_known = act => "on" + act in HTMLElement.prototype;  // touches are none where nothing can be touched
    const act_on = (element, acts) => acts.forEach(act => {
        try {
            const event = made(act, element), does = element["on" + act];
            element.dispatchEvent(event);
            if (!is_known(act) && typeof does === "function") does.call(element, event);
        } catch { }
    });
    const asks = (element, act) => /isTrusted/.test(String(element["on" + act] || ""));
    const label = element => (element.innerText || element.value || element.title || "").trim();
    const shown = element => { const text = label(element); return text.length <= 20 && wanted.test(text) && !other.test(text); };
    const speaks = element => !mute.test(element.tagName) && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const parts_of = view => {
        const {heard, trees, doubts} = noted(view), roots = [view.document.documentElement, ...trees];
        const all = roots.flatMap(root => [...root.querySelectorAll("*")]).filter(one => !mute.test(one.tagName));
        const hears = one => heard.has(one) || every.some(act => one["on" + act] || one.hasAttribute("on" + act))
            || /^javascript:/i.test(one.getAttribute("href") || "");
        const tried = new Set(all.filter(hears));
        doubts.any = doubts.any || [...tried].some(one => every.some(act => asks(one, act)));
        if ([view, view.document, ...trees].some(one => heard.has(one)) || [...tried].some(one => one.firstElementChild)) {
            roots.flatMap(root => [...root.querySelectorAll(likely)]).slice(0, 400).forEach(one => tried.add(one));
            all.filter(one => speaks(one) && label(one).length <= 20).slice(0, 1000).forEach(one => tried.add(one));
        }
        all.forEach(one => { if (one.scrollHeight > one.clientHeight + 1 && one.clientHeight) one.scrollTop = one.scrollHeight; });
        return [...tried].filter(one => shown(one) === counted);
    };
    const over = () => performance.now() > end, views = () => own(window).filter(noted);
    const told = () => views().reduce((sum, view) => sum + noted(view).said.size, 0);
    const sweep = async (parts, acts) => {
        for (const [at, element] of parts.entries()) {
            act_on(element, acts);
            if (at % 20 === 19) await noted(window).pause(0);
            if (over()) return at + 1 === parts.length;
        }
        return true;
    };
    for (let round = 0, before = -1; round < rounds && told() !== before && !(round && over()); round++) {
        before = told();
        let whole = true;
        const parts = views().flatMap(parts_of);
        for (const acts of [downs, ups]) {
            whole = await sweep(parts, acts) && whole;
            for (const view of views()) await noted(view).goOn(2);
        }
        if (!round && !whole) return false;
    }
    return true;
}"""
"""Does to all parts of a page that may hear of it what a reader may do, as long as that makes it say something new: presses what
a press has shown, turns what turns, holds, drags, scrolls. Returns whether all was tried once before the page's clock said `end`.
"""

SAID = """() => {""" + _OWN + """
    const mute = /^(?:SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/i;
    const spoken = (view, root) => {
        const walk = view.document.createTreeWalker(root, 4), found = [];
        while (walk.nextNode()) if (!mute.test((walk.currentNode.parentElement || {}).tagName || "")) found.push(walk.currentNode.data);
        return found.join("");
    };
    const nothing = {said: [], trees: []};
    const all = own(window).flatMap(view => {
        const {said, trees} = noted(view) || nothing;
        return [...said, ...[view.document, ...trees].map(root => spoken(view, root))];
    }).join("\\n");
    return [all, own(window).some(view => noted(view) && noted(view).doubts.any)];
}"""
"""Returns what a page has ever said, in its own frames and shadow trees, too, and whether it asks if a person acts on it."""
