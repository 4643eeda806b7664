"""Tells pages of which a script fills a part, or a frame or style shows more: what they say is not known from their markup."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from netpatrol.text.urls import bare_host, host_of, is_under, site_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netpatrol.text.html import Document, Node

_FILLS = re.compile(
    r"innerHTML|outerHTML|insertAdjacent|appendChild|replaceChildren|textContent|innerText|srcdoc|attachShadow|contentDocument|"
    r"fillText|\.(?:value|src|data)\s{0,3}=(?!=)|\.(?:html|load|append|prepend|text|val)\s{0,3}\("
)
_ASKS = re.compile(r"\bfetch\s{0,3}\(|XMLHttpRequest|\.(?:ajax|getJSON|load)\s{0,3}\(|\$\.(?:get|post)\s{0,3}\(|\baxios\b|EventSource")
_NAMES = re.compile(r"""getElementById\s{0,3}\(\s{0,3}["']([\w-]{1,60})["']|["']#([\w-]{1,60})["']""")
_WRITES = re.compile(r"""document\.write(?:ln)?\s{0,3}\([^;]{0,200}?<(?:iframe|object|embed|script)\b""", re.IGNORECASE)
_COUNTS = re.compile(r"hm\.baidu|cnzz|51\.la|51yes|umeng|google|bdstatic|zhanzhang|linkagent", re.IGNORECASE)
_STYLES = re.compile(r":(?:before|after)[^{}]{0,80}\{[^{}]{0,400}?\bcontent\s{0,3}:[^;{}]{0,20}?(?:[\u4e00-\u9fff]|attr\()")
_TEXTS = frozenset({"div", "section", "article", "main", "p", "td", "dd", "ul", "center"})
"""Parts that hold what a page is about."""
_PARTS = _TEXTS | {
    "span", "li", "h1", "h2", "h3", "b", "strong", "em", "font", "pre", "blockquote", "figure", "dialog", "iframe", "object",
    "embed", "canvas", "textarea", "input",
}  # fmt: skip
"""Parts in which words may stand at all."""
_ASIDE = re.compile(
    r"cart|count|num|stat|tongji|kefu|service|comment|login|user|tool|\btop|share|foot|nav|menu|banner|slide|ad[sv]?\b|map|code|"
    r"recommend|relat|guess|history|pager|popup|modal|loading|search|qr|weixin|wechat|weather|copyright|year|time|clock|date|price|stock",
    re.IGNORECASE,
)
"""Names of parts that show something else than what a page is about."""
_WAITS = re.compile(r"\W{0,3}(?:正在)?(?:加载|载入|读取)中?\W{0,6}|\W{0,3}loading\W{0,6}", re.IGNORECASE)
_HELD = "img, iframe, input, canvas, object, embed, video"
_FRAMES = "iframe[src], frame[src], embed[src], object[data]"
_LONGEST = 20_000
_LONGEST_WAIT, _MOST_NAMED = 20, 200


def awaits_script(document: Document) -> bool:
    """Whether a part of a page is empty until a script of its own fills it, or a script writes another page into it."""
    return document.once(_awaits_script)


def _awaits_script(document: Document) -> bool:
    return any(map(_WRITES.search, _codes(document))) or has_empty_part(document)


def has_empty_part(document: Document) -> bool:
    """Whether a part of a page is empty that a script of its own may fill: on a click, or when something is answered."""
    return _has_part(document, (code for code in _codes(document) if _FILLS.search(code)), _PARTS)


def asks_for_text(document: Document) -> bool:
    """Whether a script of a page asks for what it then writes into an empty part: without it the page is not whole."""
    return document.once(_asks_for_text)


def _asks_for_text(document: Document) -> bool:
    return _has_part(document, (code for code in _codes(document) if _ASKS.search(code) and _FILLS.search(code)), _TEXTS)


def may_be_filled(document: Document) -> bool:
    """Whether a browser may show more of a page than stands in it: as above, or by a file of the site's own, a frame without
    an address, words of a style.
    """
    own = (_is_own(node, document.url) for node in document.tree.css("body script[src]"))
    return awaits_script(document) or any(own) or _frames_itself(document) or _is_styled(document)


def shows_unread(document: Document) -> bool:
    """Whether a page shows in a frame what is on a neighbouring host of its domain, which nobody looks at."""
    here = host_of(document.url)
    others = (host_of(address) for address in _framed(document) if "//" in address[:8])
    return any(site_of(host) == site_of(here) and bare_host(host) != bare_host(here) and not is_under(host, here) for host in others)


def _codes(document: Document) -> list[str]:
    return [code for code in document.codes if len(code) <= _LONGEST and not _COUNTS.search(code)]


def _has_part(document: Document, codes: Iterator[str], tags: frozenset[str]) -> bool:
    """Whether a part of these kinds is empty that code names."""
    names = {name for code in codes for found in _NAMES.findall(code) for name in found if name}
    named = (node for node in document.tree.css("[id]") if node.attributes.get("id") in names) if names else iter(())
    return any(_is_empty(node, tags) for node in islice(named, _MOST_NAMED))


def _is_empty(node: Node, tags: frozenset[str]) -> bool:
    """Whether a part that a script names is empty as it came."""
    if node.tag not in tags or _ASIDE.search(node.attributes.get("id") or ""):
        return False
    if any(node.attributes.get(key) for key in ("src", "srcdoc", "data", "value")):
        return False
    if node.tag == "input" and (node.attributes.get("type") or "text").strip().lower() != "text":
        return False
    return _says_nothing(node) and node.css_first(_HELD) in (None, node)


def _says_nothing(node: Node) -> bool:
    said = ""
    for part in node.traverse(include_text=True):
        if part.tag == "-text":
            said += (part.text_content or "").strip()
        if len(said) > _LONGEST_WAIT:
            return False
    return not said or _WAITS.fullmatch(said) is not None


def _framed(document: Document) -> Iterator[str]:
    for node in document.tree.css(_FRAMES):
        yield (node.attributes.get("data" if node.tag == "object" else "src") or "").strip()


def _frames_itself(document: Document) -> bool:
    """Whether a page holds another one in an address (`data:`)."""
    return any(address[:5].lower() == "data:" for address in _framed(document))


def _is_styled(document: Document) -> bool:
    """Whether a style of a page says something."""
    return any(_STYLES.search(node.text()) for node in document.tree.css("style"))


def _is_own(node: Node, url: str) -> bool:
    source = (node.attributes.get("src") or "").strip()
    host = host_of(source if "://" in source[:8] else f"http:{source}") if "//" in source[:8] else ""
    return source != "" and (not host or bare_host(host) == bare_host(host_of(url)))
