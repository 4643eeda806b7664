"""Names by the pairs of characters they share: the last resort for typing errors and missing parts."""

from __future__ import annotations

from array import array
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netpatrol.entities.flat import map_array

COMMON = 4_000
"""A pair that more names than this hold tells too little to be worth reading, unless nothing rarer is there."""


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
        at = at[at < len(self._codes)]
        at = at[np.isin(self._codes[at], wanted)]
        if not len(at):
            return []
        counts = self._starts[at + 1] - self._starts[at]
        rare = np.flatnonzero(counts <= COMMON)
        if len(rare) < 2:
            rare = np.argsort(counts)[: max(2, len(rare))]
        found = [self._rows[self._starts[at[i]] : self._starts[at[i]] + min(counts[i], 50_000)] for i in rare]
        weights = [np.full(len(rows), np.log1p(self._size / counts[i])) for rows, i in zip(found, rare, strict=True)]
        rows, inverse = np.unique(np.concatenate(found), return_inverse=True)
        scores = np.bincount(inverse, weights=np.concatenate(weights))
        best = np.argpartition(-scores, min(limit, len(scores) - 1))[:limit]
        return [int(row) for row in rows[best[np.argsort(-scores[best])]]]

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
