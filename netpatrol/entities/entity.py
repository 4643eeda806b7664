"""One registered entity, and the keys by which the register finds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache

REVOKED = ("吊销", "注销", "撤销")
SHARED_FROM = 9
"""A telephone that this many entities share (agents, landlords) identifies nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One registered entity, as its newest row says. Empty strings where the register is silent.

    `former` holds names that it had before, separated by `；`.
    """

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
    former: str = ""

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

    @property
    def former_names(self) -> tuple[str, ...]:
        """Names that it had before."""
        return tuple(name for name in self.former.split("；") if name)


@lru_cache(maxsize=1)
def field_names() -> tuple[str, ...]:
    """Return the names of an entity's fields, in the order in which a snapshot keeps them."""
    return tuple(entry.name for entry in fields(Entity))


KINDS = (
    "id", "uscc", "reg_no", "icp", "emark", "domain", "phone", "address", "name", "former", "loose", "core", "head",
    "tail",
)  # fmt: skip
"""The kinds of keys that a register is indexed by."""


def keys_of(entity: Entity) -> Iterator[tuple[str, str]]:
    """Yield (kind, key) of an entity, in the form in which `Register.find` is asked."""
    from netpatrol.entities.names import fold, parse
    from netpatrol.entities.places import address_key

    yield "id", entity.entity_id
    for kind in ("uscc", "reg_no", "icp", "emark", "domain", "phone"):
        value = getattr(entity, kind)
        if value:
            yield kind, value
    if entity.address:
        address = address_key(entity.address)
        if address:
            yield "address", address
    folded = fold(entity.name)
    yield "name", folded
    for name in entity.former_names:
        yield "former", fold(name)
    if entity.is_natural_person:
        return
    parts = parse(folded)
    if parts.loose:
        yield "loose", parts.loose
    if parts.core:
        yield "core", parts.core
        if len(parts.core) >= 4:
            half = len(parts.core) // 2
            yield "head", parts.core[:half]
            yield "tail", parts.core[half:]
