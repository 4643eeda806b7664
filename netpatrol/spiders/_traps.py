"""Recognises sections that go on without saying anything new: calendars, endless pagers, growing paths, shuffled lists.

A section is a URL pattern (`text.urls.shape`). It is cut when page after page repeats what was already read, word for
word (numbers aside) or nearly so; a section whose pages keep differing is never cut here: the budgets bound it. A page
says something new where its title, a heading or a field (产品名称) names in Chinese, or by a model (DN50), what no other
page of its section named, however alike the rest is: goods differ so, months and tokens do not. Of what the start page
itself lists, which has an end, numbers in the headings are new as well. What pages that say nothing new lead to is taken
into account (`_sections`).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from netpatrol.spiders._sections import LEARNT, Idle, Sections
from netpatrol.text.urls import fetch_url, shape

if TYPE_CHECKING:
    import numpy as np

    from netpatrol.items import Link
    from netpatrol.text.html import Document

LITTLE_NEW = 2
"""Fewer Chinese shingles than these, not seen before on the site, are next to nothing: a name in a heading makes one or two."""
LITTLE_NEW_LATIN = 16
"""The same for pages with hardly any Chinese: a token of a session makes up to a dozen."""
CHINESE = 300
SHINGLE = 6
_BITS = 20

HEADS_KEPT = 5_000
"""Of one section; a section with more is beyond any page budget."""
LONGEST_HEAD = 200
"""Characters of a heading; what is longer is a text."""
LIST = 3
"""Names of pages of one section that a page links make a list of kinds or goods."""

_NUMBERS = "一二三四五六七八九十〇零０１２３４５６７８９\u3000\xa0"
_DROPPED = b"0123456789 \t\n\r\f\v"
_LATIN = bytes([*range(9), *range(33, 127)])
_KEPT_APART = "\0"
_MODEL = re.compile(
    r"(?<![a-z0-9])(?!(?:page|pg?|no|nr|day|week|wk?|month|year|vol|issue|part|step|q|v)[\s.\-#]{0,2}\d)"
    r"[a-z]{1,12}[ \-]?\d{1,4}[a-z]{0,4}(?![a-z0-9])",
    re.IGNORECASE,
)
"""What a thing is called beside its Chinese name: DN50, X100, A-1023. Numbers of pages, days and versions are none."""
_NAME_FIELD = re.compile(
    r"(?:名称|品名|型号|货号|款号)\s{0,9}[:：]?\s{0,9}(?:</?[a-zA-Z][^<>]{0,300}>\s{0,9}){0,6}[:：]?\s{0,9}([^<>\s][^<>]{1,59})"
)
"""What a thing is called where old shops say it: `<td>产品名称</td><td>红茶</td>`, under one title for all pages."""
MOST_FIELDS = 12
_NOT_CHINESE = re.compile(r"[^\u3400-\u9fff\uf900-\ufaff]+|[一二三四五六七八九十〇零年月日号第页]+")


def headings_of(document: Document) -> tuple[str, ...]:
    """Return what the title, the headings and the fields of a name on a page say; looked for once."""
    return document.once(_headings_of)


def _headings_of(document: Document) -> tuple[str, ...]:
    heads = (document.title, *(node.text() for node in document.tree.css("h1, h2, h3")))
    named = islice(_NAME_FIELD.finditer(document.markup), MOST_FIELDS)
    return (*(head[:LONGEST_HEAD] for head in heads), *(field[1].strip() for field in named))


def _name_in(heading: str) -> str:
    """Return the Chinese of a heading, numbers and dates aside: what a thing is called."""
    return _NOT_CHINESE.sub("", heading)


def said_by(markup: str) -> bytes:
    """Return what a page says, numbers and markup aside, its pieces kept apart by NUL: pages of a calendar share it.

    Each tag runs from its bracket to the next closing one; splitting at those costs 0.25 ms on a page of 66 kB, where
    patterns took 0.6 ms.
    """
    *closed, rest = markup.split(">")
    said = _KEPT_APART.join([part.partition("<")[0] for part in closed] + [rest])
    for char in _NUMBERS:
        said = said.replace(char, "")
    return said.encode("utf-8", "replace").translate(None, _DROPPED)


def said_on(document: Document) -> bytes:
    """Return what a page says (see `said_by`); worked out once for a page."""
    return document.once(_said_on)


def _said_on(document: Document) -> bytes:
    return said_by(document.markup)


def chinese_in(said: bytes) -> int:
    """Return how many Chinese characters a page says."""
    return len(said.translate(None, _LATIN)) // 3


def _digest(said: bytes) -> bytes:
    return hashlib.blake2b(said.replace(b"\0", b""), digest_size=12).digest()


def shingles(said: bytes) -> np.ndarray[Any, Any]:
    """Return a hash of each run of SHINGLE characters within a piece, and of each shorter piece as a whole (uint32).

    Runs never cross pieces: a list in another order is the same list. 0.2 ms for 20,000 characters.
    """
    import numpy as np

    chars = np.frombuffer(said.decode("utf-8", "replace").encode("utf-32-le"), dtype="<u4")
    if not len(chars):
        return np.zeros(0, dtype=np.uint32)
    padded = np.concatenate([chars, np.zeros(SHINGLE, dtype=np.uint32)])
    hashes = np.zeros(len(chars), dtype=np.uint32)
    alive = np.ones(len(chars), dtype=bool)
    for at in range(SHINGLE):
        following = padded[at : at + len(chars)]
        alive &= following != 0
        hashes = hashes * np.uint32(0x01000193) + np.where(alive, following, 0).astype(np.uint32) * np.uint32(0x9E3779B1)
    begins = np.concatenate([np.ones(1, dtype=bool), chars[:-1] == 0]) & (chars != 0)
    mixed = hashes ^ (hashes >> np.uint32(15))
    return np.asarray(mixed[alive | begins])


class Place(NamedTuple):
    """Where on a site a page stands."""

    url: str = ""
    via: str = ""
    """The page that led to it."""
    ends: bool = False
    """Whether it stands in the list of a start page, which has an end."""
    leads: bool = True
    """Whether it leads anywhere at all: what does not can be no trap."""


NOWHERE = Place()


class TrapGuard:
    """Watches the sections of one site."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()
        self.sections = Sections()
        self._lists: set[tuple[str, str]] = set()
        self._pieces: set[int] = set()
        self._known: np.ndarray[Any, Any] | None = None
        self._heads: dict[str, set[str]] = {}

    def note(self, section: str, said: bytes, headings: Sequence[str] = (), place: Place = NOWHERE) -> bool:
        """Note what a page of a section says; return whether it repeats, or nearly repeats, earlier pages of the site."""
        mark = _digest(said)
        first = section not in self._heads
        named = bool(self._new_heads(section, map(_name_in, headings)))
        models = self._new_heads(f"{section}&", (model.lower() for heading in headings for model in _MODEL.findall(heading)))
        if models or (place.ends and self._new_heads(f"{section}#", headings)):
            named = True
            mark = _digest("\0".join(headings).encode("utf-8", "replace"))
        repeats = mark in self._seen
        self._seen.add(mark)
        near = not repeats and self._is_near(section, said, place.via, named=named, first=first)
        if not place.leads:
            return repeats or near
        if not repeats and not near:
            self.sections.note_fresh(section)
            return False
        ends = place.ends or (place.via, section) in self._lists
        self.sections.note_idle(place.url, Idle(section, place.via), near=near, ends=ends)
        return True

    def _is_near(self, section: str, said: bytes, via: str, *, named: bool, first: bool) -> bool:
        """Whether a page of a watched section says next to nothing new; one that says something speaks for those that led to it.

        To speak for others it is not enough to be named as the first of a section, as each page is whose address grows.
        """
        pages, leads = self.sections[section].pages, self.sections.is_idle(via)
        if pages < LEARNT and not leads:
            return False
        chinese, little = self._measure(said)
        if leads and (chinese >= LITTLE_NEW or (named and not first)):
            self.sections.forgive(via, section)
        return pages >= LEARNT and little and not named

    def note_lists(self, url: str, links: Iterable[Link]) -> None:
        """Note of which sections a page that says something new lists pages, each by a name of its own: such lists have an end.

        Days, months and numbers of pages are no names; nor are those by which other pages of the section were linked before.
        Of a section as many idle pages are let pass as were named.
        """
        named = [link for link in links if len(_name_in(link.text)) > 1]
        if len(named) < LIST or self.sections.is_idle(url):
            return
        names: defaultdict[str, set[str]] = defaultdict(set)
        for link in named:
            names[shape(fetch_url(link.url))].add(link.text)
        for section, called in names.items():
            new = len(self._new_heads(f"{section}@", called))
            if new >= LIST:
                self._lists.add((url, section))
                self.sections[section].named += new

    def _new_heads(self, section: str, heads: Iterable[str]) -> set[str]:
        """Return which of the headings of a section were not there before; remember them."""
        known = self._heads.setdefault(section, set())
        new = {head for head in heads if len(head) > 1} - known
        if len(known) < HEADS_KEPT:
            known |= new
        return new

    def _measure(self, said: bytes) -> tuple[int, bool]:
        """Return how much Chinese a page has that others of the site had not, and whether it says next to nothing new.

        Tokens and numbers in between do not count, but where there is hardly any Chinese.
        """
        chinese = self._new_in(said.translate(None, _LATIN[1:]))
        if len(said.translate(None, _LATIN)) >= CHINESE:
            return chinese, chinese < LITTLE_NEW
        return chinese, chinese + self._new_in(said) < LITTLE_NEW_LATIN

    def _new_in(self, said: bytes) -> int:
        """Return how many shingles no watched page has had, and remember them (in a million places, a bit each: 24 sites at a time).

        Pieces that stood on another page as they are have none: what is left to cut up is a small part of a page.
        """
        import numpy as np

        pieces = {hash(piece): piece for piece in said.split(b"\0")}
        unseen = pieces.keys() - self._pieces
        self._pieces |= unseen
        if self._known is None:
            self._known = np.zeros(1 << (_BITS - 3), dtype=np.uint8)
        places = np.unique(shingles(b"\0".join([pieces[mark] for mark in unseen])) >> np.uint32(32 - _BITS))
        octets, bits = places >> 3, np.uint8(1) << (places & 7).astype(np.uint8)
        new = int(np.count_nonzero((self._known[octets] & bits) == 0))
        np.bitwise_or.at(self._known, octets, bits)
        return new

    def why_cut(self, section: str) -> str:
        """Return why a section is not followed any further; "" where it is, or where that is not known yet."""
        return self.sections.why_cut(section)

    def is_held(self, section: str) -> bool:
        """Whether a section is not followed, or not until all else is read."""
        return bool(self.why_cut(section)) or self.sections.waits(section)
