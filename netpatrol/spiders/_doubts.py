"""Learns of one site which parameters of its addresses change nothing: those whose names and values do not tell.

`?sid=3` may be a session or the third product, `?from=20` a campaign or the second page. Such addresses (`text.urls.doubtful`)
are fetched until the site has shown it: where two of a section say the same as another address that differs in nothing
else, the parameters count for nothing there from then on; where one says something else, they count. What was shown in
several sections and nowhere otherwise holds for the whole site: a session goes along to every page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from netpatrol.text.urls import doubtful, page_key, settled, shape

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_PICTURE = re.compile(r"""<img\s[^>]{0,500}?\bsrc\s{0,3}=\s{0,3}["']?([^"'\s>]{1,500})""", re.IGNORECASE)
SHOWN = 2
"""Addresses that must have said what another one said."""
SECTIONS = 3
"""Sections in which this must have been seen to hold for all."""


def mark_of(document: Document, said: bytes, headings: Iterable[str]) -> int:
    """Return a hash of what a page says and shows, in whatever order: headings to the digit, the rest numbers aside."""
    if document.json is not None:
        return hash(document.markup)
    shown = frozenset(src.partition("?")[0] for src in _PICTURE.findall(document.markup))
    return hash((frozenset(said.split(b"\0")), shown, frozenset(headings)))


class Section(NamedTuple):
    """Addresses of one pattern in which doubtful parameters of these names mean one thing."""

    shape: str
    names: str


class Doubts:
    """What the pages of one site have shown of their parameters."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[int, Section | None]] = {}
        self._same: dict[str, Counter[str]] = {}
        self._differing: dict[str, set[str]] = {}

    def note(self, url: str, mark: int) -> bool:
        """Note what the page at an address says; return whether another address of it has said the same."""
        own = _section(url)
        base = page_key(settled(url))
        if base not in self._said:
            self._said[base] = mark, own
            return False
        said, other = self._said[base]
        section = own or other
        if section is None:
            return False
        if said != mark:
            self._differing.setdefault(section.names, set()).add(section.shape)
            return False
        self._same.setdefault(section.names, Counter())[section.shape] += 1
        return True

    def has_read(self, url: str) -> bool:
        """Whether a page was read that differs from this address in doubtful parameters alone."""
        return page_key(settled(url)) in self._said

    def are_settled(self, url: str) -> bool:
        """Whether an address has doubtful parameters of which the site has shown that they change nothing."""
        section = _section(url)
        if section is None:
            return False
        same, differing = self._same.get(section.names, Counter()), self._differing.get(section.names, set())
        return (same[section.shape] >= SHOWN and section.shape not in differing) or (len(same) >= SECTIONS and not differing)


def _section(url: str) -> Section | None:
    names = doubtful(url)
    return Section(shape(settled(url)), ",".join(names)) if names else None
