"""The register (经济户口) as workers use it: a version on disk, mapped, with look-ups by every kind of key.

A version is one folder under `NETPATROL_HOME/register/`; the file `current` names the one in force. Whoever loaded a
version keeps it to its end, so that an import never changes a register while it is being read.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from netpatrol.entities.entity import KINDS, Entity, field_names, keys_of
from netpatrol.entities.flat import KeyTable, KeyWriter, map_array, map_table
from netpatrol.entities.grams import Grams, GramWriter
from netpatrol.entities.names import fold, parse
from netpatrol.entities.units import Units
from netpatrol.errors import RegisterError, why

if TYPE_CHECKING:
    from netpatrol.entities.automaton import NameFinder

FORMAT = 4
MIN_HIT = 5
"""A name shorter than this is not looked for in running text."""


class Rows(Protocol):
    """Byte strings by row."""

    def __len__(self) -> int: ...
    def __getitem__(self, row: int) -> bytes: ...


class MappedRows:
    """Byte strings in one mapped file, with an array of where each begins."""

    def __init__(self, folder: Path, name: str = "rows") -> None:
        self._starts: memoryview[int] = memoryview(map_array(folder / f"{name}.starts.npy").data)
        with (folder / f"{name}.bin").open("rb") as file:
            self._data: mmap.mmap | bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if len(self) else b""

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, row: int) -> bytes:
        return self._data[self._starts[row] : self._starts[row + 1]]


class Register:
    """One version of the register. Keys that several entities share return all of them."""

    def __init__(
        self,
        rows: Rows,
        names: Rows,
        tables: dict[str, KeyTable],
        grams: Grams,
        version: str,
        meta: dict[str, Any],
        folder: Path | None,
    ) -> None:
        self._rows, self._names, self._tables, self._grams = rows, names, tables, grams
        self.version, self.meta, self._folder = version, meta, folder
        self.units = Units()

    def __len__(self) -> int:
        return len(self._rows)

    @classmethod
    def load(cls, home: Path) -> Register | None:
        """Return the register in force under this NETPATROL_HOME, or None if none was imported."""
        for attempt in range(3):
            try:
                version = (home / "register" / "current").read_text("utf-8").strip()
            except FileNotFoundError:
                return None
            folder = home / "register" / version
            try:
                meta = json.loads((folder / "meta.json").read_text("utf-8"))
                if meta.get("format") != FORMAT:
                    raise ValueError("由不同版本的软件导入")
                tables = {kind: map_table(folder, kind) for kind in KINDS}
                rows = MappedRows(folder)
                names = MappedRows(folder, "names")
                register = cls(rows, names, tables, Grams.map(folder, len(rows)), version, meta, folder)
                register.units = Units.load(home)
                return register
            except (OSError, ValueError, KeyError, TypeError) as error:
                # An import that ended between the two steps may have removed an old version: look again.
                if attempt == 2 or (home / "register" / "current").read_text("utf-8").strip() == version:
                    raise RegisterError(f"主体库快照损坏或过旧，请重新导入：{why(error)}", path=folder) from error
        raise AssertionError("unreachable")

    @classmethod
    def of(cls, entities: Iterable[Entity], version: str = "memory") -> Register:
        """Return a register held in memory."""
        rows = [encode(entity) for entity in entities]
        indexer = Indexer()
        names = [indexer.add(decode(row)) for row in rows]
        return cls(rows, names, dict(indexer.tables()), indexer.grams(), version, {}, None)

    # -- one entity ----------------------------------------------------------------------------------

    def entity(self, row: int) -> Entity:
        """Return the entity of a row."""
        return decode(self._rows[row])

    def folded(self, row: int) -> str:
        """Return the folded name of a row; much cheaper than the entity."""
        return self._names[row].decode()

    @property
    def entities(self) -> Iterator[Entity]:
        """All entities, one after the other."""
        return (self.entity(row) for row in range(len(self)))

    # -- look-ups ------------------------------------------------------------------------------------

    def rows(self, kind: str, value: str, limit: int = 50) -> list[int]:
        """Return the rows under a key (see `entity.KINDS`); hashes only, collisions are not told apart."""
        return self._tables[kind].rows(value, limit) if value else []

    def count(self, kind: str, value: str) -> int:
        """Return how many entities have a key."""
        return self._tables[kind].count(value) if value else 0

    def find(self, kind: str, value: str, limit: int = 50) -> tuple[Entity, ...]:
        """Return the entities with a key, at most `limit`."""
        found = (self.entity(row) for row in self.rows(kind, value, limit))
        return tuple(entity for entity in found if (kind, value) in keys_of(entity))

    def shared(self, kind: str, more_than: int) -> tuple[int, list[list[int]]]:
        """Return how many keys of a kind more than that many entities share, and the rows of the worst."""
        return self._tables[kind].shared(more_than)

    def nearest(self, text: str, limit: int = 40) -> list[int]:
        """Return the rows whose names share most pairs of characters with this one (without its legal form)."""
        return self._grams.nearest(text, limit)

    @cached_property
    def finder(self) -> NameFinder:
        """Finds all registered names in running text; loaded on first use (0.2 s for a million names)."""
        from netpatrol.entities.automaton import NameFinder

        if self._folder is not None:
            return NameFinder.load(self._folder)
        return NameFinder.build((fold(entity.name), row) for row, entity in enumerate(self.entities))


def encode(entity: Entity) -> bytes:
    """Return an entity as one line of JSON: the values in the order of its fields."""
    values = [getattr(entity, name) for name in field_names()]
    while values and not values[-1]:
        values.pop()
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def decode(row: bytes) -> Entity:
    """Return the entity of an encoded row."""
    return Entity(**dict(zip(field_names(), json.loads(row), strict=False)))


class Indexer:
    """Collects all keys of the entities of a register, row by row; gives its tables out one by one to save memory."""

    def __init__(self) -> None:
        self._writers = {kind: KeyWriter() for kind in KINDS}
        self._grams = GramWriter()
        self._size = 0

    def add(self, entity: Entity) -> bytes:
        """Add the entity of the next row; return its folded name."""
        row, self._size = self._size, self._size + 1
        for kind, key in keys_of(entity):
            self._writers[kind].add(key, row)
        folded = fold(entity.name)
        if not entity.is_natural_person:
            parts = parse(folded)
            self._grams.add(parts.written + parts.rest, row)
        return folded.encode("utf-8", "replace")

    def tables(self) -> Iterator[tuple[str, KeyTable]]:
        """Yield (kind, table), forgetting what each was made of."""
        for kind in KINDS:
            yield kind, self._writers.pop(kind).table()

    def grams(self) -> Grams:
        """Return the index of pairs of characters."""
        return self._grams.index(self._size)
