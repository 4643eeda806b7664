"""An import as a whole: what was read, over what stands, into a new version with its history."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from netpatrol.entities.entity import Entity
from netpatrol.entities.history import Change, ChangeWriter, differences, next_number
from netpatrol.entities.importer import ImportReport
from netpatrol.entities.journal import is_pending, prepare, settle
from netpatrol.entities.names import fold
from netpatrol.entities.register import Register, encode
from netpatrol.entities.snapshot import publish
from netpatrol.entities.staging import united
from netpatrol.errors import RegisterError, why

FORMER_KEPT = 10
ALIKE_KEPT = 1_000


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
        settle(home)
        standing = _standing(home, progress)
        number = next_number(home)
        changes = ChangeWriter(home, number)
        merger = _Merger(standing, report, changes, full=full)
        meta = {
            "import": number,
            "at": now.isoformat(),
            "columns": report.columns,
            "files": [f.name for f in report.files],
        }

        def record(version: str) -> None:
            for merged in report.entities.trail:
                note = f"{merged.source} 第 {merged.row} 行并入：{merged.rule}"
                changes.write(Change(kind="merged", entity_id=merged.entity_id, note=note))
            changes.finish()
            prepare(home, {"number": number, "version": version, "full": full, **_entry(report, merger.counts, now)})

        try:
            register = publish(merger.entities(), home, meta, progress, before_switch=record)
        except BaseException:
            with suppress(OSError):  # where it cannot be settled now, whoever comes next does it
                settle(home)  # the switch may have been made
                changes.drop()
            raise
        _settle_after(home)
        return Published(register=register, **merger.counts)


def finish_broken_off(home: Path) -> None:
    """Finish the record of an import that was killed; readers call this, and pass over it where they may not or cannot."""
    if not is_pending(home):
        return
    with suppress(RegisterError, OSError), _alone(home):
        settle(home)


def _settle_after(home: Path) -> None:
    try:
        settle(home)
    except OSError as error:
        message = f"新的主体库已生效，变更记录还没有写完（下一次导入或查看历史时补上）：{why(error)}"
        raise RegisterError(message, path=home / "register") from error


def _entry(report: ImportReport, counts: Mapping[str, int], now: datetime) -> dict[str, object]:
    return {
        "at": now.isoformat(timespec="seconds"),
        "files": [{"name": file.name, "sha256": file.sha256, "rows": file.rows} for file in report.files],
        "columns": report.columns,
        "rows": report.rows,
        "refused": report.refused_rows,
        "superseded": report.superseded,
        "entities": sum(counts.values()) - counts["removed"],
        **counts,
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
        self._alike = bytearray(len(self._seen))
        self.counts = dict.fromkeys(("added", "changed", "unchanged", "absent", "removed"), 0)

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
            if self._full and not self._alike[row] and not self._may_be_refused(entity):
                self.counts["removed"] += 1
                codes = {kind: (code, "") for kind in ("uscc", "reg_no") if (code := getattr(entity, kind))}
                self._changes.write(Change(kind="removed", entity_id=entity.entity_id, name=entity.name, fields=codes))
            else:
                self.counts["absent"] += 1
                yield entity

    def _may_be_refused(self, entity: Entity) -> bool:
        """Whether a subject that was not read may stand on a row or sheet that could not be."""
        named = self._report.named
        if self._report.unnamed or not named:
            return self._report.unnamed > 0
        names = map(fold, (entity.name, *entity.former_names))
        return not named.isdisjoint({entity.entity_id, entity.uscc, entity.reg_no, *names} - {""})

    def _over_standing(self, entity: Entity) -> Entity:
        row, old = self._find(entity)
        note = ""
        if old is None:
            row, old = self._find_by_name(entity)
            note = "没有代码的一行，按名称归入" if old else ""
        if old is None:
            self.counts["added"] += 1
            if self._standing is not None:
                self._changes.write(Change(kind="added", entity_id=entity.entity_id, name=entity.name))
            return entity
        self._seen[row] = 1
        if old.approved > entity.approved and entity.approved:
            self.counts["unchanged"] += 1
            return old  # an older export came later
        entity = _with_former(united(entity, old) if note else entity, old)
        if encode(entity) == encode(old):
            self.counts["unchanged"] += 1
            return entity
        self.counts["changed"] += 1
        fields = differences(old, entity)
        self._changes.write(Change(kind="changed", entity_id=entity.entity_id, name=entity.name, fields=fields, note=note))
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


    def _find_by_name(self, entity: Entity) -> tuple[int, Entity | None]:
        """Return the one standing subject of the name of a row without code, unless telephone or address tell them apart.

        Whoever else bears the name, or bore it, may be meant: nobody of them leaves the register by this import.
        """
        if self._standing is None or entity.uscc or entity.reg_no or (entity.is_natural_person and entity.phone):
            return -1, None
        name = fold(entity.name)
        bearers = {row: self._standing.entity(row) for row in self._standing.rows("name", name, ALIKE_KEPT)}
        bearers = {row: old for row, old in bearers.items() if fold(old.name) == name}
        for row in (*bearers, *self._standing.rows("former", name, ALIKE_KEPT)):
            self._alike[row] = 1
        ((row, old),) = bearers.items() if len(bearers) == 1 else ((-1, None),)
        if old is None or self._seen[row] or not _is_told_by_name(entity, old):
            return -1, None
        return row, old


def _is_told_by_name(new: Entity, old: Entity) -> bool:
    """Say whether a row without code is about the only bearer of its name: who has a code, is no natural person, sits nowhere else."""
    if new.is_natural_person or old.is_natural_person or not (old.uscc or old.reg_no):
        return False
    pairs = ((new.phone, old.phone), (new.address, old.address))
    told = [one == other for one, other in pairs if one and other]
    return any(told) or not told


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
