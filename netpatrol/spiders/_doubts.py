"""Learns of one site which parameters of its addresses change nothing: those whose names and values do not tell.

`?sid=3` may be a session or the third product, `?from=20` a campaign or the second page. Such addresses (`text.urls.doubtful`)
are fetched until the site has shown it: where two of a section say the same as another address that differs in nothing
else, the parameters are taken to count for nothing there; where one says something else, they count. What was shown in
several sections and nowhere otherwise holds for the whole site, for each section that has shown it once itself: a session
goes along to every page. Two pages that say next to nothing, or that nothing is there, show nothing (`暂无商品` is not yet
a category); and what was shown stays in doubt: every few addresses one is fetched all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from netpatrol.notices import NOTHING_THERE
from netpatrol.spiders._samples import Samples
from netpatrol.spiders._traps import chinese_in, headings_of
from netpatrol.text.links import find_links
from netpatrol.text.urls import doubtful, fetch_url, page_key, settled, shape

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_PICTURE = re.compile(r"""<img\s[^>]{0,500}?\bsrc\s{0,3}=\s{0,3}["']?([^"'\s>]{1,500})""", re.IGNORECASE)
_CODE, _CODE_ENDS = ("script", "style"), re.compile("</(?:script|style)", re.IGNORECASE)
_PASSING = (
    re.compile(r"(?:浏览|点击|访问|阅读|人气|在线|热度|关注)\D{0,6}\d{1,9}"),
    re.compile(r"\d\d?:\d\d(?::\d\d)?"),
    re.compile(r"\d\d{0,8}\s{0,3}[人次]?\s{0,3}(?:看过|浏览|点击|访问|阅读|在线|关注)"),
    re.compile(r"\d\d{0,5}\.\d{2,9}\s{0,3}(?:s|ms|秒|毫秒)"),
)
"""Numbers that go up by themselves: visits, clocks. Each begins so that `re` finds its places fast: one pattern took twice as long."""
SHOWN = 2
"""Addresses that must have said what another one said."""
SECTIONS = 3
"""Sections in which this must have been seen to hold for all."""
ENOUGH = 100
"""Chinese characters that no other page of the site says: pages that say less show nothing by saying the same."""
PIECES = 200_000


def mark_of(document: Document) -> int:
    """Return a hash of what a page says, shows and leads to, in whatever order; visits and clocks aside. Worked out once."""
    return document.once(_mark_of)


def _mark_of(document: Document) -> int:
    if document.json is not None:
        return hash(document.markup)
    said = frozenset(piece.strip() for piece in _lasting("\0".join(_texts(document.markup))).split("\0"))
    folder = document.url.partition("?")[0].rpartition("/")[0] + "/"
    shown = frozenset(_picture(folder, src) for src in _PICTURE.findall(document.markup))
    led = frozenset(_bare(link.url) for link in find_links(document))
    return hash((said, shown, led, frozenset(map(_lasting, headings_of(document)))))


def _texts(markup: str) -> Iterator[str]:
    """Yield what stands between the tags of a page, code aside."""
    code = False
    for part in markup.split(">"):
        text, _, tag = part.partition("<")
        if code:
            code = _CODE_ENDS.search(part) is None
            continue
        yield text
        code = tag[:6].lower().startswith(_CODE) and not tag.endswith("/")


def _lasting(text: str) -> str:
    """Return a text without the numbers in it that go up by themselves."""
    for passing in _PASSING:
        text = passing.sub("", text)
    return text


@lru_cache(maxsize=8192)
def _picture(folder: str, src: str) -> str:
    try:
        return _bare(urljoin(folder, src))
    except ValueError:
        return src


@lru_cache(maxsize=8192)
def _bare(url: str) -> str:
    """Return an address without what may be a session, under one scheme and host."""
    return page_key(settled(fetch_url(url))) if url.startswith("http") else url


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
        self._pieces: dict[int, str] = {}
        self._samples = Samples()
        self.any = False
        """Whether the site has come up with such an address at all: most never do, and are spared the marks of their pages."""

    def note(self, url: str, mark: int | None, said: bytes) -> bool:
        """Note what the page at an address says (None: nobody asked); return whether another address of it has said the same."""
        own = _section(url)
        base = page_key(settled(url))
        shows = self._shows(base, said)
        if mark is None:
            return False
        if base not in self._said:
            if shows:
                self._said[base] = mark, own
            return False
        before, other = self._said[base]
        section = own or other
        if section is None:
            return False
        if before != mark:
            self._differing.setdefault(section.names, set()).add(section.shape)
            return False
        if shows:
            self._same.setdefault(section.names, Counter())[section.shape] += 1
        return shows

    def _shows(self, base: str, said: bytes) -> bool:
        """Whether a page says enough of its own to show anything by saying it twice."""
        own = [piece for piece in said.split(b"\0") if piece and self._is_own(piece, base)]
        words = b"\0".join(own)
        return chinese_in(words) >= ENOUGH and not NOTHING_THERE.search(words.decode("utf-8", "replace"))

    def _is_own(self, piece: bytes, base: str) -> bool:
        """Whether no page of another address, doubtful parameters aside, has said a piece; remember it."""
        mark = hash(piece)
        if mark not in self._pieces and len(self._pieces) < PIECES:
            self._pieces[mark] = base
        elif self._pieces.get(mark) != base:
            self._pieces[mark] = ""
        return self._pieces.get(mark) == base

    @property
    def differences(self) -> int:
        """How many sections have shown that their parameters count."""
        return sum(map(len, self._differing.values()))

    def has_read(self, url: str) -> bool:
        """Whether a page was read that differs from this address in doubtful parameters alone."""
        return page_key(settled(url)) in self._said

    def are_settled(self, url: str) -> bool:
        """Whether an address has doubtful parameters of which the site has shown that they change nothing."""
        section = _section(url)
        if section is None:
            return False
        self.any = True
        same, differing = self._same.get(section.names, Counter()), self._differing.get(section.names, set())
        shown = same[section.shape]
        return (shown >= SHOWN and section.shape not in differing) or (shown > 0 and len(same) >= SECTIONS and not differing)

    def is_sample(self, url: str) -> bool:
        """Count an address that need not be fetched; whether it is one of those that are, to see whether that still holds."""
        section = _section(url)
        return section is not None and self._samples.takes(section)


def _section(url: str) -> Section | None:
    names = doubtful(url)
    return Section(shape(settled(url)), ",".join(names)) if names else None
