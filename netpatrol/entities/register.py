"""The register (经济户口): import of CSV and XLSX exports, the snapshot that workers load, exact look-ups.

A snapshot is one folder per version under `NETPATROL_HOME/register/`; the file `current` names the version in
force, so that an import never changes a register while it is being read.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path

from netpatrol.entities.names import canonical, fold
from netpatrol.errors import RegisterError

REVOKED = ("吊销", "注销", "撤销")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One registered entity, as its newest row says. Empty strings where the register is silent."""

    name: str
    uscc: str = ""
    reg_no: str = ""
    kind: str = ""
    person: str = ""
    address: str = ""
    county: str = ""
    station: str = ""
    scope: str = ""
    founded: str = ""
    status: str = ""
    phone: str = ""
    domain: str = ""
    icp: str = ""
    emark: str = ""
    credit: str = ""
    approved: str = ""

    @property
    def is_natural_person(self) -> bool:
        """Whether this is a person without a registration, whose data is masked."""
        return self.kind == "自然人"

    @property
    def entity_id(self) -> str:
        """Return the USCC, else the registration number, else the name (natural persons: `name/telephone`)."""
        code = self.uscc or self.reg_no
        if code:
            return code
        return f"{self.person or self.name}/{self.phone}" if self.is_natural_person else self.name

    @property
    def is_revoked(self) -> bool:
        """Whether the registration is revoked or cancelled."""
        return any(word in self.status for word in REVOKED)


class Register:
    """A version of the register in memory, with exact look-ups. Keys that several entities share return all of them."""

    def __init__(self, entities: Sequence[Entity], version: str) -> None:
        self.entities, self.version = tuple(entities), version

    def __len__(self) -> int:
        return len(self.entities)

    @classmethod
    def load(cls, home: Path) -> Register | None:
        """Return the register in force under this NETPATROL_HOME, or None if none was imported."""
        folder = home / "register"
        try:
            version = (folder / "current").read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        path = folder / version / "entities.jsonl.gz"
        try:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                return cls([Entity(**json.loads(line)) for line in lines], version)
        except (OSError, EOFError, ValueError, TypeError) as error:
            raise RegisterError(f"主体库快照损坏，请重新导入：{error}", path=path) from error

    def _index(self, key: str) -> dict[str, tuple[Entity, ...]]:
        found: dict[str, list[Entity]] = {}
        for entity in self.entities:
            value = getattr(entity, key)
            if value:
                found.setdefault(value, []).append(entity)
        return {value: tuple(entities) for value, entities in found.items()}

    @cached_property
    def by_uscc(self) -> dict[str, tuple[Entity, ...]]:
        """Entities by USCC."""
        return self._index("uscc")

    @cached_property
    def by_reg_no(self) -> dict[str, tuple[Entity, ...]]:
        """Entities by old registration number."""
        return self._index("reg_no")

    @cached_property
    def by_phone(self) -> dict[str, tuple[Entity, ...]]:
        """Entities by telephone, digits only."""
        return self._index("phone")

    @cached_property
    def by_domain(self) -> dict[str, tuple[Entity, ...]]:
        """Entities by filed domain."""
        return self._index("domain")

    @cached_property
    def by_icp(self) -> dict[str, tuple[Entity, ...]]:
        """Entities by ICP filing, without the suffix of the single site."""
        return self._index("icp")

    @cached_property
    def by_emark(self) -> dict[str, tuple[Entity, ...]]:
        """Entities by electronic mark."""
        return self._index("emark")

    @cached_property
    def by_name(self) -> dict[str, tuple[Entity, ...]]:
        """Entities by folded name."""
        found: dict[str, list[Entity]] = {}
        for entity in self.entities:
            found.setdefault(fold(entity.name), []).append(entity)
        return {name: tuple(entities) for name, entities in found.items()}

    @cached_property
    def by_canonical(self) -> dict[str, tuple[Entity, ...]]:
        """Entities by canonical name (see `names.canonical`)."""
        found: dict[str, list[Entity]] = {}
        for entity in self.entities:
            key = canonical(entity.name)
            if key and not entity.is_natural_person:
                found.setdefault(key, []).append(entity)
        return {name: tuple(entities) for name, entities in found.items()}


def save_register(entities: Iterable[Entity], home: Path) -> Register:
    """Write a new snapshot and put it in force; the old one stays whole until the new one is."""
    rows = [json.dumps(asdict(entity), ensure_ascii=False, sort_keys=True) for entity in entities]
    version = hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]
    folder = home / "register" / version
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"entities.{os.getpid()}.partial"
    with open(partial, "wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as out:
            out.write(("\n".join(rows) + "\n").encode())
        raw.flush()
        os.fsync(raw.fileno())
    partial.replace(folder / "entities.jsonl.gz")
    pointer = home / "register" / f"current.{os.getpid()}.partial"
    pointer.write_text(version, "utf-8")
    pointer.replace(home / "register" / "current")
    return Register([Entity(**json.loads(row)) for row in rows], version)


def entity_fields() -> Iterator[str]:
    """Yield the names of an entity's fields."""
    return (field.name for field in fields(Entity))
