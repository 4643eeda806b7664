"""Recognises sections that go on without saying anything new: calendars, endless pagers, growing paths, shuffled lists.

A section is a URL pattern (`text.urls.shape`). It is cut when page after page repeats what was already read, word for
word (numbers aside) or nearly so; a section whose pages keep differing is never cut here: the budgets bound it. A page
says something new where its title or a heading names in Chinese what no other page of its section named, however alike
the rest is: goods differ so, months and tokens do not. Of what the start page itself lists, which has an end, numbers in
the headings are new as well.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from netpatrol.text.html import Document

REPEATS_ALLOWED = 3
"""This many pages of one section may repeat earlier ones; calendars show their pattern by then."""
LISTED_ALLOWED = 24
"""Repeats of pages that stand in a list with an end, for which nothing follows yet: its first kinds may be empty, its first goods sold."""
NEAR_ALLOWED = 8
"""This many pages of one section may say next to nothing new."""
LEARNT = 4
"""Pages of a section that pass before it is watched for pages that are nearly equal: most sections have fewer."""
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

_NUMBERS = "一二三四五六七八九十〇零０１２３４５６７８９\u3000\xa0"
_DROPPED = b"0123456789 \t\n\r\f\v"
_LATIN = bytes([*range(9), *range(33, 127)])
_KEPT_APART = "\0"
_NOT_CHINESE = re.compile(r"[^\u3400-\u9fff\uf900-\ufaff]+|[一二三四五六七八九十〇零年月日号第页]+")


def headings_of(document: Document) -> tuple[str, ...]:
    """Return what the title and the headings of a page say."""
    heads = (document.title, *(node.text() for node in document.tree.css("h1, h2, h3")))
    return tuple(head[:LONGEST_HEAD] for head in heads)


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


class TrapGuard:
    """Watches the sections of one site."""

    def __init__(self) -> None:
        self._seen: dict[bytes, str] = {}
        self._repeats: Counter[str] = Counter()
        self._listed: Counter[str] = Counter()
        self._near: Counter[str] = Counter()
        self._fresh: Counter[str] = Counter()
        self._pieces: set[int] = set()
        self._known: np.ndarray[Any, Any] | None = None
        self._heads: dict[str, set[str]] = {}

    def note(self, section: str, said: bytes, headings: Sequence[str] = (), *, ends: bool = False) -> bool:
        """Note what a page of a section says; return whether it repeats, or nearly repeats, earlier pages of the site.

        `ends`: the page stands in a list that has an end.
        """
        mark = _digest(said)
        named = self._heads_new(section, map(_name_in, headings))
        if ends and self._heads_new(f"{section}#", headings):
            named = True
            mark = _digest("\0".join(headings).encode("utf-8", "replace"))
        if mark in self._seen:
            self._listed[section] += ends
            self._repeats[section] += not ends or self._listed[section] > LISTED_ALLOWED
            return True
        self._seen[mark] = section
        if self._fresh[section] + self._near[section] >= LEARNT and self._says_little_new(said) and not named:
            self._near[section] += 1
            return True
        self._fresh[section] += 1
        return False

    def _heads_new(self, section: str, heads: Iterable[str]) -> bool:
        """Whether a page of a section is headed as none before it was; remember it."""
        known = self._heads.setdefault(section, set())
        new = {head for head in heads if len(head) > 1} - known
        if len(known) < HEADS_KEPT:
            known |= new
        return bool(new)

    def _says_little_new(self, said: bytes) -> bool:
        """Whether a page has next to no Chinese that others of the site had not; tokens and numbers in between do not count."""
        if len(said.translate(None, _LATIN)) >= CHINESE:
            return self._new_in(said.translate(None, _LATIN[1:])) < LITTLE_NEW
        return self._new_in(said) < LITTLE_NEW_LATIN

    def _new_in(self, said: bytes) -> int:
        """Return how many shingles no watched page has had, and remember them (in a million places).

        Pieces that stood on another page as they are have none: what is left to cut up is a small part of a page.
        """
        import numpy as np

        pieces = {hash(piece): piece for piece in said.split(b"\0")}
        unseen = pieces.keys() - self._pieces
        self._pieces |= unseen
        if self._known is None:
            self._known = np.zeros(1 << _BITS, dtype=bool)
        places = np.unique(shingles(b"\0".join([pieces[mark] for mark in unseen])) >> np.uint32(32 - _BITS))
        new = int(np.count_nonzero(~self._known[places]))
        self._known[places] = True
        return new

    def why_cut(self, section: str) -> str:
        """Return why a section is not followed any further; "" where it is: it says new things more often than not."""
        fresh, repeats = self._fresh[section], self._repeats[section]
        if repeats >= REPEATS_ALLOWED and repeats > fresh:
            return "trap"
        if self._near[section] >= NEAR_ALLOWED and self._near[section] + repeats > 2 * fresh:
            return "near_duplicates"
        return ""
