"""Owns the ways onward that a script would take: addresses that stand as they are in handlers and attributes.

`onclick="window.open('show.asp?id=1')"`, `javascript:location='…'`, a `<select>` whose choice goes there, `data-href`,
`<object>`. Nothing is run: what a script puts together is not known, and a page that pages on so says that (`text/hidden.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from netpatrol.items import Link
from netpatrol.text.buttons import button_links, own_way
from netpatrol.text.further import NEXT_PAGE, NO_PAGE
from netpatrol.text.html import beginning_of
from netpatrol.text.links import Resolver, base_of, text_of
from netpatrol.text.literals import WRITTEN, joined
from netpatrol.text.written import OF_A_PAGE

if TYPE_CHECKING:
    from netpatrol.text.html import Document, Node

_HINTS = (
    "onclick", "onClick", "ONCLICK", "cript:", "CRIPT:", "onchange", "onChange", "ONCHANGE", "data-href", "data-url",
    "<object", "<embed", "<OBJECT", "<EMBED", "<form", "<FORM", "formaction", "formAction", "data-src", "data-link",
    "data-to", "data-path", "data-go", "data-jump", "data-target-url", "data-detail-url", "data-page-url", "mousedown", "mouseup",
    "MouseDown", "MouseUp",
    "ondblclick", "onDblClick", "onpointer", "ontouch", "onkey", "onKey",
)  # fmt: skip
_TOUCHED = (
    "onclick", "ondblclick", "onmousedown", "onmouseup", "onpointerdown", "onpointerup", "ontouchstart", "ontouchend", "onkeydown",
    "onkeyup", "onkeypress",
)  # fmt: skip
"""Handlers of what a reader does to an element; that he only comes by is none."""
_HOLDS = (
    "data-href", "data-url", "data-link", "data-link-url", "data-link-href", "data-src", "data-to", "data-path", "data-go", "data-goto",
    "data-go-url", "data-goto-url", "data-jump", "data-jump-url", "data-target-url", "data-detail-url", "data-page-url",
)  # fmt: skip
"""Attributes that hold an address for a script which goes there; those of pictures and films are no pages."""
_TOUCHING, _HOLDING = (re.compile("|".join(sorted(names, key=len, reverse=True))) for names in (_TOUCHED, _HOLDS))
_NO_PAGES = ("img", "source", "video", "audio", "script", "input", "form")
_ASKS_FIRST = frozenset(("data-method", "data-confirm", "data-ajax", "data-remote", "data-post", "hx-post", "hx-delete", "hx-put"))
"""Attributes beside such an address that say that it is not gone to but called."""
_ALWAYS = (
    'a[href^="j"]', 'a[href^="J"]', 'area[href^="j"]', 'area[href^="J"]', "select[onchange]", "object[data]", "embed[src]",
    "button[formaction]", "input[formaction]", "iframe[data-src]", "a[data-src]",
)  # fmt: skip
_MOST = 5_000
"""Elements of one page that are looked at, and of each the first characters of its code."""
_CODE = 1_000
_ADDRESS = r"""(?P<quote>['"`])(?P<to>[^'"`\s<>{}]{1,500})(?P=quote)"""
_GOES = re.compile(
    r"(?:\blocation(?:\.href)?\s{0,3}=|\blocation\.(?:assign|replace)\s{0,3}\(|\bopen\s{0,3}\(|"
    r"\.(?:navigateTo|redirectTo|reLaunch|switchTab)\s{0,3}\(\s{0,3}\{[^{}]{0,200}?\burl['\"]?\s{0,3}:|"
    r"\brouter\.(?:push|replace)\s{0,3}\(\s{0,3}(?:\{[^{}]{0,100}?\bpath['\"]?\s{0,3}:)?|"
    r"\bhistory\.(?:pushState|replaceState)\s{0,3}\([^,()]{0,60},[^,()]{0,60},)\s{0,3}" + WRITTEN
)
"""Also as mini programs and single pages do it: `uni.navigateTo({url:'/g/1'})`, `router.push('/g/1')`, `history.pushState(…)`."""
_PLAIN = re.compile(r"[^\s<>{}]{1,500}")
_CALLS = re.compile(r"\w\s{0,3}\(\s{0,3}" + _ADDRESS + r"(?=\s{0,3}[,)])")
"""A function of the page's own that is given an address of a page may well open it: `openWin('show.asp?id=5')`."""
_OPENER = re.compile(
    r"\bfunction\s{1,3}(?P<name>[\w$]{1,40})\s{0,3}\(\s{0,3}(?P<arg>[\w$]{1,40})\s{0,3}\)\s{0,3}\{[^{}]{0,200}?"
    r"(?:\blocation(?:\.href)?\s{0,3}=|\blocation\.(?:assign|replace)\s{0,3}\(|\bopen\s{0,3}\()\s{0,3}" + _ADDRESS +
    r"\s{0,3}\+\s{0,3}(?P=arg)\b(?:\s{0,3}\+\s{0,3}['\"](?P<after>[^'\"\s<>{}]{0,200})['\"])?(?=\s{0,3}[;,)}\n])"
)
"""`function detail(id){location.href="/show.jsp?id="+id}`: what its calls open is plain."""
_CALLED = re.compile(r"(?<![\w$.])([\w$]{1,40})\s{0,3}\(\s{0,3}['\"]?([\w.-]{1,64})['\"]?\s{0,3}\)")
_SCRIPT = 50_000
_CHOSEN = re.compile(r"(?<!\+)(?<!\+\s)" + _ADDRESS + r"\s{0,3}\+\s{0,3}\(?this(?:\.options)?(?:\[this\.selectedIndex\])?\.value")
_ITS_CHOICE = re.compile(r"location|open|href|jump|go", re.IGNORECASE)
_SENDS = re.compile(r"\bajax|\bfetch\s*\(|\$\.|\.submit|\bconfirm\s*\(|XMLHttp", re.IGNORECASE)
_SHOWN = re.compile(r"\.(?:s?html?|php\d?|aspx?|jsp)(?:[?#]|$)", re.IGNORECASE)
_ONWARD = re.compile(rf"\W{{0,3}}(?:{NEXT_PAGE}|[尾末]页)\W{{0,3}}", re.IGNORECASE)
_NOTHING = re.compile(r"void\s*\(?\s*0\s*\)?|return\s+(?:false|true)|javascript:|[;\s]", re.IGNORECASE)
_PAGES_ON = re.compile(r"doPostBack|[下后尾末]一?[页頁]|next\s?page", re.IGNORECASE)
_POST_BACK = re.compile(r"__doPostBack\s*\(\s*['\"][^'\"]*['\"]\s*,\s*['\"](?:Page\$\w+|\d{1,5})['\"]")


def handler_links(document: Document) -> tuple[Link, ...]:
    """Return the distinct addresses that stand as they are in handlers and attributes of a page; `where` is `script` but for frames."""
    return document.once(_read)[0]


def turns_by_script(document: Document) -> bool:
    """Whether a page pages on in a way that only its script knows: `__doPostBack('…','Page$2')`, 下一页 that calls a function."""
    return document.once(_read)[1]


def led_by_script(document: Document) -> frozenset[int]:
    """Return the elements (`mem_id`) whose click leads to an address that is known."""
    return document.once(_read)[2]


def _read(document: Document) -> tuple[tuple[Link, ...], bool, frozenset[int]]:
    if not any(hint in document.markup for hint in _HINTS):
        return (), False, frozenset()
    resolve = Resolver(base_of(document), document.encoding.used)
    found: dict[str, Link] = {}
    led: set[int] = set()
    openers = _openers(document)
    hides, may_hide = False, _PAGES_ON.search(document.markup) is not None
    for node in document.tree.css(_query(document))[:_MOST]:
        where = node.tag if node.tag in ("object", "embed") else "script"
        if "formaction" in node.attributes and (way := own_way(node, resolve)) is not None:
            led.add(node.mem_id)
            found.setdefault(way.url, way)
        addresses = [url for url in map(resolve, (*_addresses(node), *_opened(node, openers))) if url]
        if addresses:
            led.add(node.mem_id)
        for url in addresses:
            if url not in found and not NO_PAGE.search(url):
                found[url] = Link(url=url, text=text_of(node, node.attributes) if where == "script" else "", where=where)
        hides = hides or (may_hide and not addresses and _goes_on(node))
    for form, link in button_links(document, resolve):
        led |= {form.mem_id, *(button.mem_id for button in form.css("input, button"))}
        found.setdefault(link.url, link)
    return tuple(found.values()), hides, frozenset(led)


def _query(document: Document) -> str:
    """Return what to look for on a page: a selector for what stands nowhere in it would be tried at every element."""
    named = {name for names in (_TOUCHING, _HOLDING) for name in names.findall(document.lowered)} - {"data-src"}
    return ", ".join((*(f"[{name}]" for name in sorted(named)), *_ALWAYS))


def _addresses(node: Node) -> Iterator[str]:
    """Yield the addresses that an element names, as written."""
    attributes = node.attributes
    if node.tag in ("object", "embed"):
        shown = (attributes.get("data") if node.tag == "object" else attributes.get("src")) or ""
        if "html" in (attributes.get("type") or "") or _SHOWN.search(shown):
            yield shown
        return
    yield from _held(node)
    if node.tag == "select":
        yield from _choices(node, (attributes.get("onchange") or "")[:_CODE])
    yield from _in_code(code_of(node))


def _held(node: Node) -> Iterator[str]:
    """Yield the addresses of pages that an element holds for a script."""
    attributes = node.attributes
    if node.tag in _NO_PAGES or not _ASKS_FIRST.isdisjoint(attributes):
        return
    for name, value in attributes.items():
        if name in _HOLDS and OF_A_PAGE.fullmatch(held := (value or "").strip()):
            yield held


def code_of(node: Node) -> str:
    """Return the code that a click on an element runs, or whatever else a reader does to it."""
    attributes = node.attributes
    href = (attributes.get("href") or "") if node.tag in ("a", "area") else ""
    script = unquote(href[:_CODE]) if href[:11].lower() == "javascript:" else ""
    touched = ";".join((attributes[name] or "")[:_CODE] for name in _TOUCHED if name in attributes)
    return f"{touched};{script}"


def _in_code(code: str) -> Iterator[str]:
    if not any(quote in code for quote in "'\"`") or _SENDS.search(code):
        return
    for found in _GOES.finditer(code):
        if _PLAIN.fullmatch(to := joined(found["written"])):
            yield to
    for found in _CALLS.finditer(code):
        if OF_A_PAGE.fullmatch(found["to"]):
            yield found["to"]


def _openers(document: Document) -> dict[str, tuple[str, str]]:
    """Return the functions of a page that go to an address with their one argument in it, with what stands before and after that."""
    return {
        opener["name"]: (opener["to"], opener["after"] or "")
        for code in document.codes
        if "function" in code
        for opener in _OPENER.finditer(code, 0, _SCRIPT)
        if not _SENDS.search(opener[0])
    }


def _opened(node: Node, openers: dict[str, tuple[str, str]]) -> Iterator[str]:
    for call in _CALLED.finditer(code_of(node)) if openers else ():
        if call[1] in openers:
            before, after = openers[call[1]]
            yield f"{before}{call[2]}{after}"


def _choices(node: Node, code: str) -> Iterator[str]:
    """Yield where the options of a select lead whose choice is gone to at once."""
    if not _ITS_CHOICE.search(code) or _SENDS.search(code):
        return
    before = _CHOSEN.search(code)
    for option in node.css("option[value]"):
        value = (option.attributes.get("value") or "").strip()
        if before and value:
            yield before["to"] + value
        elif OF_A_PAGE.fullmatch(value):
            yield value


def _goes_on(node: Node) -> bool:
    code = code_of(node)
    if _POST_BACK.search(code):
        return True
    return "(" in _NOTHING.sub("", code) and _ONWARD.fullmatch(beginning_of(node, 40).strip()[:20]) is not None
