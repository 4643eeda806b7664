"""Names by the pairs of characters they share: the last resort for typing errors and missing parts."""

from __future__ import annotations

from array import array
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netpatrol.entities.flat import map_array

READ, MORE_FOR = 6_000, 25
"""So many entries are read for one name (and one more for every so many names), rarest pairs first: common pairs
tell little and cost most."""
MOST = 50_000


def pairs(text: str) -> list[int]:
    """Return the distinct pairs of characters of a text as numbers."""
    points = [ord(char) & 0xFFFF for char in text]
    return list({first << 16 | second for first, second in pairwise(points)})


class Grams:
    """Inverted index: sorted pairs, where their rows begin, and the rows."""

    def __init__(
        self, codes: NDArray[np.uint32], starts: NDArray[np.int64], rows: NDArray[np.uint32], size: int
    ) -> None:
        self._codes, self._starts, self._rows, self._size = codes, starts, rows, size

    def nearest(self, text: str, limit: int) -> list[int]:
        """Return the rows that share most with a text, rare pairs counting more; at most `limit`."""
        wanted = np.array(pairs(text), dtype=np.uint32)
        if not len(wanted) or not len(self._codes):
            return []
        at = np.searchsorted(self._codes, wanted)
        at[at == len(self._codes)] = 0
        at = at[self._codes[at] == wanted]
        counts = self._starts[at + 1] - self._starts[at]
        order = np.argsort(counts)
        known = order[: max(2, int(np.searchsorted(np.cumsum(counts[order]), READ + self._size // MORE_FOR)))].tolist()
        if not known:
            return []
        weights = np.log1p(self._size / counts[known])
        parts = []
        for number, i in enumerate(known):  # row and pair in one number: sorting it is ten times as fast as argsort
            rows = self._rows[self._starts[at[i]] : self._starts[at[i]] + min(counts[i], MOST)]
            parts.append(np.asarray(rows).astype(np.uint64) << np.uint64(8) | np.uint64(number & 0xFF))
        packed = np.sort(np.concatenate(parts))
        rows = packed >> np.uint64(8)
        first = np.flatnonzero(np.append(True, rows[1:] != rows[:-1]))
        scores = np.add.reduceat(weights[(packed & np.uint64(0xFF)).astype(np.intp)], first)
        best = np.argpartition(-scores, limit)[:limit] if len(scores) > limit else np.arange(len(scores))
        best = best[np.argsort(-scores[best], kind="stable")]
        return [int(row) for row in rows[first[best]]]

    def save(self, folder: Path) -> None:
        """Write the index as three array files."""
        for name, data in (("codes", self._codes), ("starts", self._starts), ("rows", self._rows)):
            np.save(folder / f"pairs.{name}.npy", data)

    @classmethod
    def map(cls, folder: Path, size: int) -> Grams:
        """Map an index."""
        codes, starts, rows = (map_array(folder / f"pairs.{name}.npy") for name in ("codes", "starts", "rows"))
        return cls(codes, starts, rows, size)


class GramWriter:
    """Collects the pairs of all names, 8 bytes each."""

    def __init__(self) -> None:
        self._codes, self._rows = array("I"), array("I")

    def add(self, text: str, row: int) -> None:
        """Add the pairs of one name."""
        codes = pairs(text)
        self._codes.extend(codes)
        self._rows.extend([row] * len(codes))

    def index(self, size: int) -> Grams:
        """Return the index."""
        codes: NDArray[Any] = np.frombuffer(self._codes, dtype=np.uint32)
        order = np.argsort(codes, kind="stable")
        distinct, starts = np.unique(codes[order], return_index=True)
        rows = np.frombuffer(self._rows, dtype=np.uint32)[order]
        return Grams(distinct, np.append(starts, len(codes)).astype(np.int64), np.ascontiguousarray(rows), size)
