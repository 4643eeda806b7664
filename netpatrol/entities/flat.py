"""Look-up tables as flat arrays that a process maps instead of loading: hashes of keys, sorted, with their rows."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def key_hash(key: str) -> int:
    """Return the 64-bit hash of a key, the same in every process."""
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class KeyTable:
    """Rows by key, for one kind of key. Hashes may collide: who looks up compares the values themselves."""

    def __init__(self, hashes: NDArray[np.uint64], rows: NDArray[np.uint32]) -> None:
        self._hashes, self._rows = hashes, rows
        # Plain integers for bisect: five times as fast as array scalars.
        self._view: memoryview[int] = memoryview(hashes.data)
        self._row_view: memoryview[int] = memoryview(rows.data)

    def __len__(self) -> int:
        return len(self._hashes)

    def rows(self, key: str, limit: int = 1_000) -> list[int]:
        """Return the rows that may have this key, at most `limit`."""
        wanted = key_hash(key)
        view = self._view
        at = bisect_left(view, wanted)
        end = min(len(view), at + limit)
        found = []
        while at < end and view[at] == wanted:
            found.append(self._row_view[at])
            at += 1
        return found

    def count(self, key: str) -> int:
        """Return how many rows have this key."""
        wanted = key_hash(key)
        at = bisect_left(self._view, wanted)
        return bisect_left(self._view, wanted + 1, at) - at if wanted < 2**64 - 1 else len(self._view) - at

    def shared(self, more_than: int) -> tuple[int, list[list[int]]]:
        """Return how many keys more than that many rows share, and the rows of the twenty most shared."""
        if not len(self._hashes):
            return 0, []
        _, starts, counts = np.unique(np.asarray(self._hashes), return_index=True, return_counts=True)
        big = np.flatnonzero(counts > more_than)
        top = big[np.argsort(-counts[big])][:20]
        return len(big), [self._rows[starts[i] : starts[i] + counts[i]].tolist() for i in top]


class KeyWriter:
    """Collects (key, row) pairs, 12 bytes each, and sorts them."""

    def __init__(self) -> None:
        self._hashes, self._rows = array("Q"), array("I")

    def add(self, key: str, row: int) -> None:
        """Add one key of a row."""
        self._hashes.append(key_hash(key))
        self._rows.append(row)

    def table(self) -> KeyTable:
        """Return the sorted table."""
        hashes, rows = _sorted(np.frombuffer(self._hashes, dtype=np.uint64), np.frombuffer(self._rows, dtype=np.uint32))
        return KeyTable(hashes, rows)


def _sorted(hashes: NDArray[np.uint64], rows: NDArray[np.uint32]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    order = np.argsort(hashes, kind="stable")
    return np.ascontiguousarray(hashes[order]), np.ascontiguousarray(rows[order])


def save_table(table: KeyTable, folder: Path, kind: str) -> None:
    """Write a table as two array files."""
    np.save(folder / f"{kind}.keys.npy", np.asarray(table._hashes))
    np.save(folder / f"{kind}.rows.npy", np.asarray(table._rows))


def map_table(folder: Path, kind: str) -> KeyTable:
    """Map a table; nothing is read before it is asked for."""
    return KeyTable(map_array(folder / f"{kind}.keys.npy"), map_array(folder / f"{kind}.rows.npy"))


def map_array(path: Path) -> NDArray[Any]:
    """Return an array file mapped read-only."""
    found = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.asarray(found) if not len(found) else found
