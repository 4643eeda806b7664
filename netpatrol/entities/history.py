"""What changed in the register, when, and by which file: one list of changes for each import, and a log of imports.

Under `NETPATROL_HOME/register/`: `imports.jsonl` (one line for each import) and `history/<number>.jsonl.gz`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netpatrol.entities.entity import Entity, field_names

IMPORTS = "imports.jsonl"


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
    """Writes the changes of one import; they count once `keep` has put them in place."""

    def __init__(self, home: Path, number: int) -> None:
        self._folder = home / "register" / "history"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._target = self._folder / f"{number:06d}.jsonl.gz"
        self._partial = self._target.with_suffix(".partial")
        self._out = gzip.open(self._partial, "wt", encoding="utf-8", compresslevel=3)  # noqa: SIM115

    def write(self, change: Change) -> None:
        """Add one change."""
        line = {"kind": change.kind, "id": change.entity_id, "name": change.name, "fields": change.fields}
        if change.note:
            line["note"] = change.note
        self._out.write(json.dumps(line, ensure_ascii=False) + "\n")

    def keep(self) -> None:
        """Put the changes in place."""
        self._out.close()
        self._partial.replace(self._target)

    def drop(self) -> None:
        """Forget the changes of an import that came to nothing."""
        self._out.close()
        self._partial.unlink(missing_ok=True)


def log_import(home: Path, entry: Mapping[str, Any]) -> None:
    """Add one import to the log."""
    with (home / "register" / IMPORTS).open("a", encoding="utf-8") as log:
        log.write(json.dumps(entry, ensure_ascii=False) + "\n")


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
    for entry in imports(home):
        path = home / "register" / "history" / f"{entry['number']:06d}.jsonl.gz"
        if not path.exists():
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if any(mark in line for mark in marks):
                    found = json.loads(line)
                    if found["id"] in wanted:
                        yield _event(entry, found)


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
