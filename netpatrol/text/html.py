"""Owns the HTML parser (selectolax, lexbor): one tree per page, shared by links, text and facts.

The parser is fed text that was decoded in Python; it never sees undecoded bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache, cached_property
from itertools import islice
from typing import Any, TypeVar

from selectolax.lexbor import LexborHTMLParser, LexborNode

from netpatrol.items import Encoding, Link, PageText
from netpatrol.text.decode import decode
from netpatrol.text.sniff import Body, sniff
from netpatrol.text.tame import tame

Node = LexborNode
T = TypeVar("T")

_HAN = re.compile("[\u3400-\u9fff]")
_SPACES = re.compile(r"[ \t\n\r\f]+")
_SHADOW = re.compile(r"<template(?=\s[^<>]{0,200}\bshadowrootmode\b)", re.IGNORECASE)  # a browser shows what is in it
_PARTS = 150
"""Elements and texts that are looked through for the first words of an element, or for its picture."""
_STRAY_TAG = re.compile(r"<(?:p|div|h[1-6]|table|tr|td|ul|li|span|body|section|br|a|img)\b", re.IGNORECASE)


class Document:
    """A parsed page. `url` is what relative links are resolved against, before any `<base>`.

    `body` says what the bytes are; `tree` is empty for bodies that are no HTML. `recovered` is true where an element
    that was never closed had swallowed the rest of the page and was closed by us.
    """

    def __init__(self, markup: str, *, url: str = "", encoding: Encoding, body: Body = Body.HTML) -> None:
        self.url, self.encoding, self.body = url, encoding, body
        self.markup = markup.replace("\0", "") if "\0" in markup else markup  # a NUL ends nothing
        if body is Body.HTML:
            self.markup = _SHADOW.sub("<div", tame(self.markup)) if "shadowroot" in self.markup else tame(self.markup)
        self.tree = LexborHTMLParser(self.markup) if body is Body.HTML else _no_tree()
        self.recovered = False
        self.refresh = ""
        """The header `Refresh` of the answer that the page came in."""
        self.words: PageText | None = None
        """What `text.read` has read of this page, so that the spider and the reader need not both do it."""
        self.links: tuple[Link, ...] | None = None
        """What `text.links` has found on this page; `has_more_links` says whether that is not all."""
        self.has_more_links = False
        self._made: dict[Callable[[Document], Any], Any] = {}
        swallower = _swallower(self.tree, self.markup)
        closed = _closed(self.markup, swallower) if swallower is not None else ""
        if closed:
            self.markup, self.recovered = closed, True
            self.tree = LexborHTMLParser(closed)

    def once(self, make: Callable[[Document], T]) -> T:
        """Return what a function makes of this page, made once: several parts of a patrol ask the same."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    def release(self) -> None:
        """Give up tree and markup (0.6 MB for a page of 66 kB), when nobody asks this page anything any more."""
        self.markup, self.tree, self.words, self.links, self._made = "", _no_tree(), None, None, {}

    @cached_property
    def lowered(self) -> str:
        """The markup in lower case, to look for names in that may be written in any."""
        return self.markup.lower()

    @cached_property
    def title(self) -> str:
        """The text of the first `<title>` of the page (not of a drawing), spaces collapsed."""
        for node in self.tree.css("title"):
            if node.parent is None or node.parent.tag != "svg":
                return _SPACES.sub(" ", node.text()).strip()
        return ""

    @cached_property
    def metas(self) -> tuple[tuple[str, str], ...]:
        """Name and content of each `<meta>`; names in lower case (`name`, `property`, `itemprop`, `http-equiv`)."""
        found = []
        for node in self.tree.css("meta[content]"):
            attributes = node.attributes
            for key in ("name", "property", "itemprop", "http-equiv"):
                if attributes.get(key):
                    found.append((str(attributes[key]).strip().lower(), attributes["content"] or ""))
                    break
        return tuple(found)

    def meta(self, name: str) -> str:
        """Return the content of the first `<meta>` of that name, "" if there is none."""
        name = name.lower()
        return next((content for key, content in self.metas if key == name), "")

    @cached_property
    def scripts(self) -> tuple[tuple[str, str], ...]:
        """Type (lower case, "" if absent) and text of each inline script that is not empty."""
        found = []
        for node in self.tree.css("script"):
            text = node.text()
            if text:
                kind = node.attributes.get("type") or ""
                found.append((kind.strip().lower(), text))
        return tuple(found)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Text of each inline script that is code, not data."""
        return tuple(script for kind, script in self.scripts if "json" not in kind)

    @cached_property
    def json(self) -> Any:
        """The value of a body that is JSON; None for everything else and for broken JSON."""
        if self.body is not Body.JSON:
            return None
        try:
            return json.loads(self.markup)
        except (ValueError, RecursionError):
            return None


def beginning_of(node: Node, most: int) -> str:
    """Return at least the first `most` characters of what an element says, unless it says less.

    All that thousands of nested elements say, asked of each of them, would grow with the square of the page.
    """
    said, length = [], 0
    for part in islice(node.traverse(include_text=True), _PARTS):
        if part.tag == "-text":
            said.append(part.text_content or "")
            length += len(said[-1])
            if length >= most:
                break
    return "".join(said)


def picture_of(node: Node) -> Node | None:
    """Return the first picture in an element that says what it shows, if it stands near its beginning."""
    return next((part for part in islice(node.traverse(), _PARTS) if part.tag == "img" and part.attributes.get("alt") is not None), None)


@cache
def _no_tree() -> LexborHTMLParser:
    return LexborHTMLParser("")


def parse_document(body: bytes, content_type: str = "", url: str = "") -> Document:
    """Return the page that these bytes are; never raises. `content_type` is the header as sent."""
    decoded = decode(body, content_type)
    return Document(decoded.text, url=url, encoding=decoded.encoding, body=sniff(body, decoded.text, content_type))


def parse_markup(markup: str, url: str = "") -> Document:
    """Return the page of markup that is text already: an `html` snippet or what a browser rendered."""
    if not markup.isascii():
        markup = markup.encode("utf-8", "replace").decode("utf-8")  # lone surrogates have no place in a page
    return Document(markup, url=url, encoding=Encoding(used="utf-8"))


def parse_fragment(markup: str) -> LexborHTMLParser:
    """Return the tree of an HTML fragment that stood in a JSON string or an attribute."""
    return LexborHTMLParser(tame(markup.replace("\0", "")).encode("utf-8", "replace").decode("utf-8"))


def _swallower(tree: LexborHTMLParser, markup: str) -> Node | None:
    """Return the element that was never closed and has swallowed the rest of the page; None if there is none.

    What is never closed runs to the end of the page: its text and the markup end alike.
    """
    nodes = tree.css("script, style, textarea, title, xmp, noframes")
    if not nodes:
        return None
    tail = nodes[-1].text()[-60:]
    return nodes[-1] if tail.strip() and markup.endswith(tail) else None


def _closed(markup: str, swallower: Node) -> str:
    """Return the markup with the swallowing element closed before the first tag in it; "" if no Chinese is lost by it.

    A browser reads all that follows a `<script>` without end as script; the shop's text is not shown then, but it is
    there, and whoever looks at the source finds it.
    """
    inside = len(markup) - len(swallower.text())
    match = _STRAY_TAG.search(markup, max(0, inside))
    if match is None or not _HAN.search(markup, match.start()):
        return ""
    return f"{markup[: match.start()]}</{swallower.tag}>{markup[match.start() :]}"
