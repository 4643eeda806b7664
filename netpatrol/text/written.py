"""Owns the links that scripts of a page write: menus and lists whose addresses stand in them as they are.

`document.write("<a href='list.asp?id=1'>茶</a>")`, `d.add(1,0,"茶","list.asp?id=1")`, `[["茶","list.asp?id=1"], …]`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netpatrol.items import Link
from netpatrol.text.further import NO_PAGE
from netpatrol.text.links import Resolver, base_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netpatrol.text.html import Document

OF_A_PAGE = re.compile(
    r"(?:https?:)?(?://)?[\w./%~-]{0,300}\.(?:s?html?|php\d?|aspx?|jsp|do)(?:[?#]\S{0,300})?"
    r"|(?:https?:/)?/[\w./%~-]{1,300}(?:[?#]\S{0,300})?|\?\w+=\S{0,300}|#!?/\S{1,300}",
    re.IGNORECASE,
)
"""What an address of a page looks like, where a string may be anything."""
_SCRIPT = 100_000
_MOST = 1_000
_HREF = re.compile(
    r"""<a\b[^<>]{0,200}?\bhref\s{0,3}=\s{0,3}(?:(?P<quote>\\?["'])(?P<to>[^"'\\\s<>{}$]{1,500})(?P=quote)|(?P<bare>[^"'\\\s<>{}$+]{1,500})(?=[\s>]))"""
    r"""(?:[^<>]{0,200}>(?P<text>[^<>"'+]{0,60}))?""",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"""["'](?P<text>[^"'<>\n]{0,40}[\u4e00-\u9fff][^"'<>\n]{0,40})["']\s{0,9},\s{0,9}["'](?P<to>[^"'\\\s<>{}$]{1,300})["'](?!\s{0,3}[+.])"""
)
"""What an entry of a menu says, and where it leads; `script` of a list of such entries, or calls that add them."""
_ASKS = re.compile(r"ajax|post|fetch|confirm|get\s*\(", re.IGNORECASE)
_BEFORE = 60
_FEWEST = 2
"""Entries that make a menu."""


def written_links(document: Document) -> tuple[Link, ...]:
    """Return the links that the scripts of a page write or hold in a menu, as far as their addresses stand there."""
    return document.once(_read)[0]


def writes_more(document: Document) -> bool:
    """Whether scripts of a page write links whose addresses they put together."""
    return document.once(_read)[1]


def _read(document: Document) -> tuple[tuple[Link, ...], bool]:
    if not document.codes:
        return (), False
    resolve = Resolver(base_of(document), document.encoding.used)
    found: dict[str, Link] = {}
    more = False
    for code in document.codes:
        hrefs = list(_HREF.finditer(code, 0, _SCRIPT)) if "href" in code or "HREF" in code else []
        more |= len(hrefs) < len(re.findall(r"<a\b[^<>]{0,200}?\bhref", code[:_SCRIPT], re.IGNORECASE))
        for to, text in (*_hrefs(hrefs), *_entries(code)):
            url = resolve(to) if OF_A_PAGE.fullmatch(to) and not NO_PAGE.search(to) and len(found) < _MOST else ""
            if url:
                found.setdefault(url, Link(url=url, text=text.strip(), where="script"))
    return tuple(found.values()), more


def _hrefs(hrefs: list[re.Match[str]]) -> Iterator[tuple[str, str]]:
    for href in hrefs:
        yield href["to"] or href["bare"], href["text"] or ""


def _entries(code: str) -> list[tuple[str, str]]:
    """Return the entries of a menu that a script holds; () for a single one, which may be anything."""
    if "," not in code:
        return []
    pairs = (pair for pair in _PAIR.finditer(code, 0, _SCRIPT) if OF_A_PAGE.fullmatch(pair["to"]))
    found = [(pair["to"], pair["text"]) for pair in pairs if not _ASKS.search(code, max(0, pair.start() - _BEFORE), pair.start())]
    return found if len(found) >= _FEWEST else []
