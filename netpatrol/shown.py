"""What a browser shows that the markup of its page does not say: shadow trees, frames without an address, text of styles,
what was drawn on a canvas or put into a field.

The page is spelled out again with all of it in place, as markup that the reader knows: a declared shadow tree, `srcdoc`,
plain text. The page itself is not touched.
"""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Error as PlaywrightError

SECONDS = 5.0
_MOST_ELEMENTS = 5_000

OPEN_SHADOWS = """
(() => {
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function attachShadow(given) { return attach.call(this, {...given, mode: "open"}); };
})();
"""
"""Lets shadow trees be looked into, which readers see whether they are open or closed."""

DRAWN_TEXT = """
(() => {
    const drawn = new WeakMap(), painter = CanvasRenderingContext2D.prototype;
    for (const name of ["fillText", "strokeText"]) {
        const paint = painter[name];
        painter[name] = function(text, ...place) {
            const said = drawn.get(this.canvas) || new Set();
            if (said.size < 500) said.add(String(text).slice(0, 500));
            drawn.set(this.canvas, said);
            return paint.call(this, text, ...place);
        };
    }
    const words = canvas => {
        const said = [...(drawn.get(canvas) || [])];
        return said.join(said.every(each => each.length < 2) ? "" : "\\n");
    };
    Object.defineProperty(window, Symbol.for("netpatrol.drawn"), {value: words});
})();
"""
"""Notes what a page draws as text on a canvas, which readers see and no markup says."""

_SPELL_OUT = """most => {
    const inert = document.implementation.createHTMLDocument(""), drawn = window[Symbol.for("netpatrol.drawn")];
    let added = 0;
    const decoded = address => {
        const found = /^data:text\\/html[^,]*?(;base64)?,([^]*)$/i.exec(address || "");
        if (!found) return null;
        try {
            if (!found[1]) return decodeURIComponent(found[2]);
            return new TextDecoder().decode(Uint8Array.from(atob(found[2]), c => c.charCodeAt(0)));
        } catch { return null; }
    };
    const framed = frame => {
        const inside = frame.contentDocument, address = frame.src || frame.data || "";
        if (inside && inside.documentElement && !/^https?:/.test(address) && !frame.hasAttribute("srcdoc"))
            return spell(inside.documentElement).outerHTML;
        return decoded(address);
    };
    const styled = (element, part) => {
        const said = getComputedStyle(element, part).content;
        return /^".*[\\u4e00-\\u9fff]/.test(said) ? said.slice(1, -1).replace(/\\\\(.)/g, "$1") : "";
    };
    const spell = root => {
        const copy = inert.importNode(root, true);
        const shown = [root, ...root.querySelectorAll("*")].slice(0, most), copies = [copy, ...copy.querySelectorAll("*")];
        shown.forEach((element, at) => {
            const spelled = copies[at];
            if (element.shadowRoot && !spelled.querySelector(":scope > template[shadowrootmode]")) {
                const tree = inert.createElement("template");
                tree.setAttribute("shadowrootmode", "open");
                for (const child of element.shadowRoot.children) tree.content.append(spell(child));
                for (const child of element.shadowRoot.childNodes) if (child.nodeType === 3) tree.content.append(child.data);
                spelled.prepend(tree);
                added++;
            }
            const frame = /^(?:IFRAME|FRAME|OBJECT|EMBED)$/.test(element.tagName) ? framed(element) : null;
            if (frame) {
                const stand = inert.createElement("iframe");
                stand.setAttribute("srcdoc", frame);
                spelled.after(stand);
                added++;
            }
            const put = /^(?:TEXTAREA|INPUT)$/.test(element.tagName) && /^(?:text|button$)/.test(element.type) && element.value;
            if (put && put !== element.defaultValue) {
                if (element.tagName === "INPUT") spelled.setAttribute("value", put); else spelled.textContent = put;
                added++;
            }
            const words = element.tagName === "CANVAS" && drawn ? drawn(element) : "";
            if (/[\\u4e00-\\u9fff]/.test(words)) {
                const stand = inert.createElement("p");
                stand.textContent = words;
                spelled.after(stand);
                added++;
            }
            if (!element.isConnected || /^(?:HEAD|SCRIPT|STYLE|META|LINK|TITLE)$/.test(element.tagName)) return;
            const before = styled(element, "::before"), after = styled(element, "::after");
            if (before) spelled.prepend(before);
            if (after) spelled.append(after);
            added += before || after ? 1 : 0;
        });
        return copy;
    };
    const whole = spell(document.documentElement).outerHTML;
    return added ? (document.doctype ? "<!DOCTYPE html>" : "") + whole : "";
}"""


def spell_out(page: Any) -> None:
    """Let `page.content()` say all that the page shows; as it was where that cannot be had in good time."""
    plain = page.content

    async def content() -> str:
        try:
            spelled = await asyncio.wait_for(page.evaluate(_SPELL_OUT, _MOST_ELEMENTS), SECONDS)
        except (PlaywrightError, TimeoutError):
            spelled = ""
        return spelled if isinstance(spelled, str) and spelled else str(await plain())

    page.content = content
