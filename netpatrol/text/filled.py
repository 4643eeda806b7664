"""Tells pages of which a script fills a part, or a frame or style shows more: what they say is not known from their markup."""

from __future__ import annotations

import re
from html import unescape
from itertools import chain, islice
from typing import TYPE_CHECKING

from netpatrol.text.counters import is_counter, only_counts
from netpatrol.text.urls import bare_host, host_of, is_under, named_host

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netpatrol.text.html import Document, Node

_FILLS = re.compile(
    r"innerHTML|outerHTML|insertAdjacent|appendChild|replaceChildren|textContent|innerText|srcdoc|attachShadow|contentDocument|"
    r"fillText|strokeText|document\.title|\.(?:value|src|data|placeholder)\s{0,3}=(?!=)|\.(?:html|load|append|prepend|text|val)\s{0,3}\("
)
_ASKS = re.compile(r"\bfetch\s{0,3}\(|XMLHttpRequest|\.(?:ajax|getJSON|load)\s{0,3}\(|\$\.(?:get|post)\s{0,3}\(|\baxios\b|EventSource")
_NAMES = re.compile(
    r"""getElementById\s{0,3}\(\s{0,3}["']([\w-]{1,60})["']|["']#([\w-]{1,60})["']|"""
    r"""(?<![\w.$])([A-Za-z_]\w{0,60})\.(?:innerHTML|outerHTML|innerText|textContent|srcdoc|src|value)\s{0,3}=(?!=)"""
)
"""How code names a part: in calls, in selectors, by its bare `id`."""
_VEILED = re.compile(
    r"""\[\s{0,3}["'][^"'\n]{0,30}["']\s{0,3}\+|\beval\s{0,3}\(|\batob\s{0,3}\(|fromCharCode|new\s{1,3}Function\b|\\x[0-9a-fA-F]{2}"""
)
"""What code does that does not say what it does."""
_DOES = re.compile(
    rf"{_FILLS.pattern}|{_ASKS.pattern}|{_VEILED.pattern}|addEventListener|\.on\w{{3,20}}\s{{0,3}}=|\.on\s{{0,3}}\(|"
    r"\b(?:alert|confirm|prompt|setTimeout|setInterval)\s{0,3}\(|createElement|document\.write"
)
"""What code does that may show something, at once or later."""
_SCROLLS = re.compile(r"""["']scroll["']|\bonscroll\b|\.scroll\s{0,3}\(|IntersectionObserver""")
_BEYOND = re.compile(r"\b(?:Worker|EventSource|WebSocket|WebTransport|RTCPeerConnection)\s{0,3}\(")
_HANDLED = re.compile(r"\son[a-z]{3,20}\s{0,3}=", re.IGNORECASE)
_FILES = "script[src], link[rel~=stylesheet][href]"
_NUMBERED = re.compile(r"\\u\{?([0-9a-fA-F]{4})\}?|(?:%u|\\)([0-9a-fA-F]{4})[ \t]?")
_LISTED, _NUMBER = re.compile(r"\d{5}(?:\s{0,3},\s{0,3}\d{1,5})+"), re.compile(r"\d+")
"""Characters as code and styles write them by their numbers: `\\u6cbb`, `%u6cbb`, `\\6cbb`; `27835,24840`."""
_PIECES = re.compile(r"""\s+|["'`]\s{0,3}[+,]\s{0,3}["'`]""")
"""Where code puts together what it says."""
_WRITES = re.compile(r"""document\.write(?:ln)?\s{0,3}\([^;]{0,200}?<(?:iframe|object|embed|script)\b""", re.IGNORECASE)
_STYLES = re.compile(
    r":(?:before|after)[^{}]{0,80}\{[^{}]{0,400}?\bcontent\s{0,3}:[^;{}]{0,20}?(?:[\u4e00-\u9fff]|\\[0-9a-fA-F]{4}|attr\()"
)
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
_FRAMES = "iframe[src], iframe[srcdoc], frame[src], embed[src], object[data]"
_LONGEST, _LONG = 20_000, 200_000
_LONGEST_WAIT, _MOST_NAMED = 20, 200


def awaits_script(document: Document) -> bool:
    """Whether a part of a page is empty until a script of its own fills it, or a script writes another page into it."""
    return document.once(_awaits_script)


def _awaits_script(document: Document) -> bool:
    return any(map(_WRITES.search, _codes(document))) or has_empty_part(document) or _is_veiled(document)


def _is_veiled(document: Document) -> bool:
    """Whether any part is empty on a page whose code does not say what it does; in a browser it has done it."""
    empty = (_is_empty(node, _PARTS) for node in islice(document.tree.css("[id]"), _MOST_NAMED))
    return any(map(_VEILED.search, _codes(document))) and any(empty)


def has_empty_part(document: Document) -> bool:
    """Whether a part of a page is empty that a script of its own may fill: on a click, or when something is answered."""
    codes = chain(_codes(document), _acts(document))
    return _has_part(document, (code for code in codes if _FILLS.search(code)), _PARTS)


def asks_for_text(document: Document) -> bool:
    """Whether a script of a page asks for what it then writes into an empty part: without it the page is not whole."""
    return document.once(_asks_for_text)


def _asks_for_text(document: Document) -> bool:
    return _has_part(document, (code for code in _codes(document) if _ASKS.search(code) and _FILLS.search(code)), _TEXTS)


def needs_more_than_a_page(document: Document) -> bool:
    """Whether code of a page gets what it shows by ways that our browser has not: workers, sockets, streams."""
    return any(map(_BEYOND.search, _codes(document, _LONG)))


def may_be_filled(document: Document) -> bool:
    """Whether a browser may show more of a page than its markup says: it has code that does something to it, a handler, a file of
    code or styles, a frame of its own, words of a style.
    """
    does = any(map(_DOES.search, _codes(document, _LONG))) or next(_acts(document), "") != ""
    return does or any(map(_is_read, document.tree.css(_FILES))) or _has_own_frame(document) or _is_styled(document)


def grows_by_scrolling(document: Document) -> bool:
    """Whether a script of a page asks for more of it when a reader scrolls: its list is longer than what came."""
    return document.once(_grows_by_scrolling)


def _grows_by_scrolling(document: Document) -> bool:
    return any(_SCROLLS.search(code) and _asks_aloud(code) for code in _codes(document))


def says_in_code(document: Document, quotes: Iterable[str]) -> bool:
    """Whether code, a handler or a style of a page says one of these: plainly, in pieces, or by the numbers of its characters."""
    styles = (node.text() for node in islice(document.tree.css("style"), _MOST_NAMED))
    said = _PIECES.sub("", _plain("\n".join(chain(_codes(document, _LONG), _acts(document), styles))))
    return any("".join(quote.split()) in said for quote in quotes)


def unread_frames(document: Document) -> Iterator[str]:
    """Yield the hosts of what a page shows in frames and nobody looks at, as it belongs to other sites than the page's."""
    return (host for host in _framed(document) if host and not _is_own(host, document))


def _codes(document: Document, longest: int = _LONGEST) -> list[str]:
    return [code for code in document.codes if len(code) <= longest and not only_counts(code)]


def _acts(document: Document) -> Iterator[str]:
    """Yield the code of what happens when a reader does something with a part of a page, or something happens to it."""
    if not _HANDLED.search(document.markup):
        return
    nodes = islice((node for node in document.tree.css("*") if any(name[:2] == "on" for name in node.attributes)), _MOST_NAMED)
    for node in nodes:
        yield from (code for name, code in node.attributes.items() if name[:2] == "on" and code)


def _plain(code: str) -> str:
    """Return code with the characters in place that it names by their numbers."""
    code = _NUMBERED.sub(lambda found: chr(int(found[1] or found[2], 16)), unescape(code))
    return _LISTED.sub(lambda found: "".join(chr(int(number)) for number in _NUMBER.findall(found[0])), code)


def _asks_aloud(code: str) -> bool:
    """Whether code asks for what it then writes somewhere, and not only into parts that show something else."""
    names = _named(code)
    return bool(_ASKS.search(code) and _FILLS.search(code)) and not (names and all(map(_ASIDE.search, names)))


def _named(code: str) -> set[str]:
    return {name for found in _NAMES.findall(code) for name in found if name}


def _has_part(document: Document, codes: Iterator[str], tags: frozenset[str]) -> bool:
    """Whether a part of these kinds is empty that code names."""
    names = {name for code in codes for name in _named(code)}
    named = (node for node in document.tree.css("[id]") if node.attributes.get("id") in names) if names else iter(())
    return any(_is_empty(node, tags) for node in islice(named, _MOST_NAMED))


def _is_empty(node: Node, tags: frozenset[str]) -> bool:
    """Whether a part that a script names is empty as it came."""
    if node.tag not in tags or _ASIDE.search(node.attributes.get("id") or ""):
        return False
    if any(node.attributes.get(key) for key in ("src", "srcdoc", "data", "value")):
        return False
    if node.tag == "input" and (node.attributes.get("type") or "text").strip().lower() not in ("text", "button"):
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
    """Yield the hosts of what a page shows in frames; "" where the page holds it itself (`data:`), or on its own host."""
    for node in document.tree.css(_FRAMES):
        yield named_host((node.attributes.get("data" if node.tag == "object" else "src") or "").strip())


def _is_own(host: str, document: Document) -> bool:
    here = host_of(document.url)
    return bare_host(host) == bare_host(here) or is_under(host, here)


def _has_own_frame(document: Document) -> bool:
    """Whether a page shows another one of its site, or one that it holds in an address."""
    return any(not host or _is_own(host, document) for host in _framed(document))


def _is_styled(document: Document) -> bool:
    """Whether a style of a page says something."""
    return any(_STYLES.search(node.text()) for node in document.tree.css("style"))


def _is_read(node: Node) -> bool:
    """Whether a file of code or styles may say something of this page: whatever it is called, unless it lies with a counter."""
    source = (node.attributes.get("src" if node.tag == "script" else "href") or "").strip()
    return source != "" and not is_counter(named_host(source))
