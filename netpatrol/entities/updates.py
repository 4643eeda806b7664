"""An import as a whole: what was read, over what stands, into a new version with its history."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from netpatrol.entities.entity import Entity
from netpatrol.entities.history import Change, ChangeWriter, differences, imports, log_import
from netpatrol.entities.importer import ImportReport
from netpatrol.entities.names import fold
from netpatrol.entities.register import Register, encode
from netpatrol.entities.snapshot import publish
from netpatrol.errors import RegisterError

FORMER_KEPT = 10


@dataclass(slots=True, kw_only=True)
class Published:
    """What an import did to the register."""

    register: Register
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    absent: int = 0
    removed: int = 0


def update_register(
    home: Path,
    report: ImportReport,
    *,
    now: datetime,
    full: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Published:
    """Put what was read over what stands, as a new version. Raises RegisterError; the old version stays whole then.

    `full`: the files are the whole register, what is not in them leaves it; otherwise it stays as it was. Who stands on a
    refused row stays; where something was refused that does not say whom it is about, nobody leaves.
    """
    (home / "register").mkdir(parents=True, exist_ok=True)
    with _alone(home):
        standing = _standing(home, progress)
        number = max((int(entry["number"]) for entry in imports(home)), default=0) + 1
        changes = ChangeWriter(home, number)
        merger = _Merger(standing, report, changes, full=full)
        meta = {
            "import": number,
            "at": now.isoformat(),
            "columns": report.columns,
            "files": [f.name for f in report.files],
        }
        try:
            register = publish(merger.entities(), home, meta, progress)
        except BaseException:
            changes.drop()
            raise
        for merged in report.entities.trail:
            note = f"{merged.source} 第 {merged.row} 行并入：{merged.rule}"
            changes.write(Change(kind="merged", entity_id=merged.entity_id, note=note))
        changes.keep()
        done = merger.published(register)
        log_import(home, _entry(number, report, done, now, full=full))
        return done


def _entry(number: int, report: ImportReport, done: Published, now: datetime, *, full: bool) -> dict[str, object]:
    return {
        "number": number,
        "at": now.isoformat(timespec="seconds"),
        "version": done.register.version,
        "full": full,
        "files": [{"name": file.name, "sha256": file.sha256, "rows": file.rows} for file in report.files],
        "columns": report.columns,
        "rows": report.rows,
        "refused": report.refused_rows,
        "superseded": report.superseded,
        "entities": len(done.register),
        **{name: getattr(done, name) for name in ("added", "changed", "unchanged", "absent", "removed")},
    }


def _standing(home: Path, progress: Callable[[str], None]) -> Register | None:
    try:
        return Register.load(home)
    except RegisterError as error:
        progress(f"原有主体库读不出，按首次导入处理：{error}")
        return None


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Keep other imports out; readers are not concerned."""
    with (home / "register" / "import.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RegisterError("另一个导入正在进行，请等它结束", path=home / "register") from error
        yield


class _Merger:
    """Walks through what was read and what stands, noting what changes."""

    def __init__(self, standing: Register | None, report: ImportReport, changes: ChangeWriter, *, full: bool) -> None:
        self._standing, self._report, self._changes, self._full = standing, report, changes, full
        self._seen = bytearray(len(standing) if standing else 0)
        self._counts = dict.fromkeys(("added", "changed", "unchanged", "absent", "removed"), 0)

    def published(self, register: Register) -> Published:
        return Published(register=register, **self._counts)

    def entities(self) -> Iterator[Entity]:
        """Yield all entities of the new version."""
        for entity in self._report.entities:
            yield self._over_standing(entity)
        if self._standing is None:
            return
        for row in range(len(self._standing)):
            if self._seen[row]:
                continue
            entity = self._standing.entity(row)
            if self._full and not self._may_be_refused(entity):
                self._counts["removed"] += 1
                self._changes.write(Change(kind="removed", entity_id=entity.entity_id, name=entity.name))
            else:
                self._counts["absent"] += 1
                yield entity

    def _may_be_refused(self, entity: Entity) -> bool:
        """Whether a subject that was not read may stand on a row or sheet that could not be."""
        named = self._report.named
        return self._report.unnamed > 0 or not named.isdisjoint({entity.entity_id, entity.uscc, entity.reg_no, fold(entity.name)} - {""})

    def _over_standing(self, entity: Entity) -> Entity:
        row, old = self._find(entity)
        if old is None:
            self._counts["added"] += 1
            if self._standing is not None:
                self._changes.write(Change(kind="added", entity_id=entity.entity_id, name=entity.name))
            return entity
        self._seen[row] = 1
        if old.approved > entity.approved and entity.approved:
            self._counts["unchanged"] += 1
            return old  # an older export came later
        entity = _with_former(entity, old)
        if encode(entity) == encode(old):
            self._counts["unchanged"] += 1
            return entity
        self._counts["changed"] += 1
        self._changes.write(
            Change(kind="changed", entity_id=entity.entity_id, name=entity.name, fields=differences(old, entity))
        )
        return entity

    def _find(self, entity: Entity) -> tuple[int, Entity | None]:
        """Return the standing row of an entity: by its id, else by a code that it had before."""
        if self._standing is None:
            return -1, None
        for kind, value in (("id", entity.entity_id), ("uscc", entity.uscc), ("reg_no", entity.reg_no)):
            for row in self._standing.rows(kind, value, 5):
                old = self._standing.entity(row)
                held = old.entity_id if kind == "id" else getattr(old, kind)
                if held == value and not self._seen[row] and (kind != "reg_no" or _may_be_one(old, entity)):
                    return row, old
        return -1, None


def _may_be_one(old: Entity, new: Entity) -> bool:
    """Say whether one registration number means one entity: unless both have codes, and different ones."""
    return not (old.uscc and new.uscc and old.uscc != new.uscc)


def _with_former(entity: Entity, old: Entity) -> Entity:
    """Return the entity with the names it had before."""
    names = [*old.former_names, *entity.former_names]
    if fold(old.name) != fold(entity.name) and not entity.is_natural_person:
        names.append(old.name)
    kept = [name for name in dict.fromkeys(names) if name != entity.name]
    return replace(entity, former="；".join(kept[-FORMER_KEPT:]))
