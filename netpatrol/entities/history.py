"""What changed in the register, when, and by which file: one list of changes for each import, and a log of imports.

Under `NETPATROL_HOME/register/`: `imports.jsonl` (one line for each import) and `history/<number>.jsonl.gz`.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netpatrol.entities.entity import Entity, field_names
from netpatrol.entities.names import fold

IMPORTS = "imports.jsonl"
_REMOVED = '{"kind": "removed"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one entity. `kind`: added, changed, removed, merged; `fields`: field -> (old, new)."""

    kind: str
    entity_id: str
    name: str = ""
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change with its import: when, from which files, into which version."""

    number: int
    at: str
    files: tuple[str, ...]
    version: str
    change: Change


def differences(old: Entity, new: Entity) -> dict[str, tuple[str, str]]:
    """Return field -> (old, new) of two states of an entity."""
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in field_names()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


class ChangeWriter:
    """Writes the changes of one import; they count once `keep_changes` has put them in place."""

    def __init__(self, home: Path, number: int) -> None:
        self._home, self._number = home, number
        partial = _partial(home, number)
        partial.parent.mkdir(parents=True, exist_ok=True)
        self._out = gzip.open(partial, "wt", encoding="utf-8", compresslevel=3)  # noqa: SIM115

    def write(self, change: Change) -> None:
        """Add one change."""
        line = {"kind": change.kind, "id": change.entity_id, "name": change.name, "fields": change.fields}
        if change.note:
            line["note"] = change.note
        self._out.write(json.dumps(line, ensure_ascii=False) + "\n")

    def finish(self) -> None:
        """Have all changes on disk."""
        self._out.close()
        with _partial(self._home, self._number).open("rb") as written:
            os.fsync(written.fileno())

    def drop(self) -> None:
        """Forget the changes of an import that came to nothing."""
        with suppress(OSError):  # a full disk takes not even the rest
            self._out.close()
        drop_changes(self._home, self._number)


def _kept(home: Path, number: int) -> Path:
    return home / "register" / "history" / f"{number:06d}.jsonl.gz"


def _partial(home: Path, number: int) -> Path:
    return _kept(home, number).with_suffix(".partial")


def keep_changes(home: Path, number: int) -> None:
    """Put the changes of an import in place, if that was not done before."""
    with suppress(FileNotFoundError):
        _partial(home, number).replace(_kept(home, number))


def drop_changes(home: Path, number: int) -> None:
    """Forget the changes of an import that came to nothing."""
    _partial(home, number).unlink(missing_ok=True)


def next_number(home: Path) -> int:
    """Return the number of the next import: none that the log or a list of changes has."""
    listed = [int(path.name[:6]) for path in (home / "register" / "history").glob("[0-9]" * 6 + ".jsonl.gz")]
    return max([0, *listed, *(int(entry["number"]) for entry in imports(home))]) + 1


def log_import(home: Path, entry: Mapping[str, Any]) -> None:
    """Add one import to the log, on a line of its own even if the last one was cut short."""
    with (home / "register" / IMPORTS).open("a+b") as log:
        size = log.seek(0, os.SEEK_END)
        log.seek(max(size - 1, 0))
        start = b"\n" if log.read(1) not in (b"", b"\n") else b""
        log.write(start + json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        log.flush()
        os.fsync(log.fileno())


def imports(home: Path) -> list[dict[str, Any]]:
    """Return all imports, oldest first; a line cut short by a full disk or a kill is passed over."""
    try:
        lines = (home / "register" / IMPORTS).read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def history(home: Path, *ids: str) -> Iterator[Event]:
    """Yield the changes of an entity (under any of its ids), oldest first."""
    wanted = {*ids}
    marks = tuple(json.dumps(one, ensure_ascii=False) for one in wanted)
    for entry, line in _lines(home):
        if any(mark in line for mark in marks):
            found = json.loads(line)
            if found["id"] in wanted:
                yield _event(entry, found)


def removals(home: Path, value: str) -> list[Event]:
    """Return how the subjects of a code or name were moved out of the register: the last time of each."""
    code, name = value.strip().upper(), fold(value)
    found: dict[str, Event] = {}
    for entry, line in _lines(home):
        if line.startswith(_REMOVED):
            event = _event(entry, json.loads(line))
            if code in codes_of(event.change) or event.change.entity_id == value.strip() or (name and fold(event.change.name) == name):
                found[event.change.entity_id] = event
    return list(found.values())


def codes_of(change: Change) -> set[str]:
    """Return the ids under which a change tells of its entity: its id, and the codes that it had."""
    codes = (pair[0] for kind in ("uscc", "reg_no") if (pair := change.fields.get(kind)))
    return {change.entity_id, *codes} - {""}


def _lines(home: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the lines of all lists of changes, oldest first, each with its import."""
    for entry in imports(home):
        path = _kept(home, entry["number"])
        if path.exists():
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                yield from ((entry, line) for line in lines)


def _event(entry: Mapping[str, Any], found: Mapping[str, Any]) -> Event:
    fields = {name: (old, new) for name, (old, new) in found.get("fields", {}).items()}
    return Event(
        number=entry["number"],
        at=entry["at"],
        files=tuple(file["name"] for file in entry["files"]),
        version=entry["version"],
        change=Change(
            kind=found["kind"], entity_id=found["id"], name=found["name"], fields=fields, note=found.get("note", "")
        ),
    )
