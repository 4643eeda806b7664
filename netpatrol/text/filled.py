"""Tells pages of which a script fills a part: what stands there is not known from the page as it came."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netpatrol.text.urls import bare_host, host_of

if TYPE_CHECKING:
    from netpatrol.text.html import Document, Node

_FILLS = re.compile(r"innerHTML|outerHTML|insertAdjacent|appendChild|\.(?:html|load|append|prepend|text)\s{0,3}\(")
_NAMES = re.compile(r"""getElementById\s{0,3}\(\s{0,3}["']([\w-]{1,60})["']|["']#([\w-]{1,60})["']""")
_WRITES = re.compile(r"""document\.write(?:ln)?\s{0,3}\([^;]{0,200}?<(?:iframe|object|embed|script)\b""", re.IGNORECASE)
_COUNTS = re.compile(r"hm\.baidu|cnzz|51\.la|51yes|umeng|google|bdstatic|zhanzhang|linkagent", re.IGNORECASE)
_PARTS = frozenset({"div", "section", "article", "main", "p", "td", "dd", "ul", "center"})
_ASIDE = re.compile(
    r"cart|count|num|stat|tongji|kefu|service|comment|login|user|tool|\btop|share|foot|nav|menu|banner|slide|ad[sv]?\b|map|code|"
    r"recommend|relat|guess|history|pager|popup|modal|dialog|loading|search|qr|weixin|wechat|weather|copyright",
    re.IGNORECASE,
)
"""Names of parts that show something else than what a page is about."""
_LONGEST = 20_000


def awaits_script(document: Document) -> bool:
    """Whether a part of a page is empty until a script of its own fills it, or a script writes another page into it."""
    return document.once(_awaits_script)


def _awaits_script(document: Document) -> bool:
    codes = [code for code in document.codes if len(code) <= _LONGEST and not _COUNTS.search(code)]
    if any(_WRITES.search(code) for code in codes):
        return True
    names = {name for code in codes if _FILLS.search(code) for found in _NAMES.findall(code) for name in found if name}
    return bool(names) and any(_is_filled(node, names) for node in document.tree.css("[id]"))


def may_be_filled(document: Document) -> bool:
    """Whether a script may show more of a page than stands in it: as above, or by a file of the site's own."""
    return awaits_script(document) or any(_is_own(node, document.url) for node in document.tree.css("body script[src]"))


def _is_filled(node: Node, names: set[str]) -> bool:
    """Whether a part that a script names is empty as it came."""
    name = node.attributes.get("id") or ""
    if node.tag not in _PARTS or name not in names or _ASIDE.search(name):
        return False
    said = (part.text_content or "" for part in node.traverse(include_text=True) if part.tag == "-text")
    return not any(map(str.strip, said)) and node.css_first("img, iframe, input") is None


def _is_own(node: Node, url: str) -> bool:
    source = (node.attributes.get("src") or "").strip()
    host = host_of(source if "://" in source[:8] else f"http:{source}") if "//" in source[:8] else ""
    return source != "" and (not host or bare_host(host) == bare_host(host_of(url)))
