"""Recognises sections that go on without saying anything new: calendars, endless pagers, growing paths, shuffled lists.

A section is a URL pattern (`text.urls.shape`). It is cut when page after page repeats what was already read, word for
word (numbers aside) or nearly so; a section whose pages keep differing is never cut here: the budgets bound it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

REPEATS_ALLOWED = 3
"""This many pages of one section may repeat earlier ones; calendars show their pattern by then."""
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

_NUMBERS = "一二三四五六七八九十〇零０１２３４５６７８９\u3000\xa0"
_DROPPED = b"0123456789 \t\n\r\f\v"
_LATIN = bytes([*range(9), *range(33, 127)])
_KEPT_APART = "\0"


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
        self._near: Counter[str] = Counter()
        self._fresh: Counter[str] = Counter()
        self._pieces: set[int] = set()
        self._known: np.ndarray[Any, Any] | None = None

    def note(self, section: str, said: bytes) -> bool:
        """Note what a page of a section says; return whether it repeats, or nearly repeats, earlier pages of the site."""
        mark = _digest(said)
        if mark in self._seen:
            self._repeats[section] += 1
            return True
        self._seen[mark] = section
        if self._fresh[section] + self._near[section] >= LEARNT and self._says_little_new(said):
            self._near[section] += 1
            return True
        self._fresh[section] += 1
        return False

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
