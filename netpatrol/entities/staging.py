"""The rows of an import on their way: kept on disk, with a few numbers for each in memory, until newest and duplicates
are known.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from netpatrol.entities.entity import Entity
from netpatrol.entities.flat import key_hash
from netpatrol.entities.names import fold
from netpatrol.entities.register import decode, encode

TRAIL_KEPT = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A row that became part of another's entity, and by which rule."""

    entity_id: str
    rule: str
    source: str
    row: int


class Staging:
    """Collects rows (about 60 bytes each in memory), then yields one entity for each subject.

    Rules, in order: of one code the row approved last holds (of the same day the later row); a row without USCC
    joins the entity with its registration number, or the one of its name and its telephone or address. Who has a code comes
    before who has none, so that a mere name never takes the standing entity of a coded row.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=1 << 20)  # noqa: SIM115 - lives as long as the staging
        weakref.finalize(self, self._file.close)
        self._starts = array("q", [0])
        self._key, self._reg, self._name, self._place = array("Q"), array("Q"), array("Q"), array("Q")
        self._approved, self._row = array("I"), array("I")
        self._source, self._coded = array("H"), array("B")
        self.sources: list[str] = []
        self._entities: NDArray[np.int64] | None = None
        self._joins: dict[int, list[tuple[int, str]]] = {}
        self.trail: list[Merged] = []
        self.superseded = 0

    def add(self, entity: Entity, source: int, row: int) -> None:
        """Add one row; `source` is the number of its file in `sources`."""
        self._starts.append(self._starts[-1] + self._file.write(encode(entity)))
        self._key.append(key_hash(entity.entity_id))
        self._reg.append(key_hash(entity.reg_no) if entity.reg_no else 0)
        self._name.append(key_hash(fold(entity.name)))
        self._place.append(key_hash(entity.phone or entity.address) if entity.phone or entity.address else 0)
        digits = "".join(char for char in entity.approved if char.isdigit())[:8]
        self._approved.append(int(digits.ljust(8, "0")) if digits else 0)
        self._row.append(min(row, 2**32 - 1))
        self._source.append(source)
        self._coded.append(1 if entity.uscc else 2 if entity.reg_no else 4 if entity.is_natural_person else 0)
        self._entities = None

    def __len__(self) -> int:
        return len(self._resolved())

    def __iter__(self) -> Iterator[Entity]:
        rows = self._resolved()
        self.trail.clear()
        for at in rows:
            yield self._entity(int(at))

    def where(self, at: int) -> tuple[str, int]:
        """Return file and row of a staged row."""
        return self.sources[self._source[at]] if self.sources else "", self._row[at]

    def _read(self, at: int) -> Entity:
        start, end = self._starts[at], self._starts[at + 1]
        return decode(os.pread(self._file.fileno(), end - start, start))  # rows are read in no order: no read-ahead

    def _entity(self, at: int) -> Entity:
        entity = self._read(at)
        for other, rule in self._joins.get(at, ()):
            joined = self._read(other)
            newer = self._approved[other] > self._approved[at]
            entity = united(joined, entity) if newer else united(entity, joined)
            if len(self.trail) < TRAIL_KEPT:
                source, row = self.where(other)
                self.trail.append(Merged(entity_id=entity.entity_id, rule=rule, source=source, row=row))
        return entity

    # -- which row holds -----------------------------------------------------------------------------

    def _resolved(self) -> NDArray[np.int64]:
        if self._entities is None:
            self._file.flush()
            newest = self._newest()
            self._joins, gone = self._find_joins(newest)
            entities = newest[~np.isin(newest, gone)] if len(gone) else newest
            is_bare = np.frombuffer(self._coded, dtype=np.uint8)[entities] == 0
            self._entities = np.concatenate((entities[~is_bare], entities[is_bare]))
            self.superseded = len(self._key) - len(self._entities)
        return self._entities

    def _newest(self) -> NDArray[np.int64]:
        key = np.frombuffer(self._key, dtype=np.uint64)
        approved = np.frombuffer(self._approved, dtype=np.uint32)
        order = np.lexsort((np.arange(len(key)), approved, key))
        ordered = key[order]
        last = np.append(ordered[1:] != ordered[:-1], True) if len(ordered) else np.array([], dtype=bool)
        newest: NDArray[np.int64] = order[last].astype(np.int64)
        return newest

    def _find_joins(self, newest: NDArray[np.int64]) -> tuple[dict[int, list[tuple[int, str]]], NDArray[np.int64]]:
        coded = np.frombuffer(self._coded, dtype=np.uint8)[newest]
        reg, name, place = (np.frombuffer(a, dtype=np.uint64)[newest] for a in (self._reg, self._name, self._place))
        joins: dict[int, list[tuple[int, str]]] = {}
        gone: list[int] = []

        def join(candidates: NDArray[np.bool_], hosts: NDArray[np.bool_], key: NDArray[np.uint64], rule: str) -> None:
            host_at = np.flatnonzero(hosts)
            distinct, first, counts = np.unique(key[host_at], return_index=True, return_counts=True)
            for at in np.flatnonzero(candidates):
                found = int(np.searchsorted(distinct, key[at]))
                if found < len(distinct) and distinct[found] == key[at] and counts[found] == 1:
                    host = int(newest[host_at[first[found]]])
                    if host != int(newest[at]):
                        joins.setdefault(host, []).append((int(newest[at]), rule))
                        gone.append(int(newest[at]))

        join((coded == 2) & (reg > 0), (coded == 1) & (reg > 0), reg, "注册号相同，一行缺统一社会信用代码")
        both = name ^ (place * np.uint64(0x9E3779B97F4A7C15))
        join(
            (coded == 0) & (place > 0),
            ((coded == 1) | (coded == 2)) & (place > 0),
            both,
            "名称与电话或地址相同，一行缺代码",
        )
        return joins, np.array(gone, dtype=np.int64)


def united(newer: Entity, older: Entity) -> Entity:
    """Return the newer row's values, the older's where the newer is silent."""
    return replace(newer, **{f.name: getattr(newer, f.name) or getattr(older, f.name) for f in fields(Entity)})
