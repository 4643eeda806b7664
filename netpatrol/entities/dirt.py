"""What is dirty in a register, by kind, with examples: what to have mended where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from netpatrol.entities.divisions import table
from netpatrol.entities.entity import SHARED_FROM, Entity
from netpatrol.entities.places import division_of, division_of_code, is_outside
from netpatrol.entities.register import Register
from netpatrol.text.codes import is_registration_number, is_uscc

EXAMPLES = 20
_MOJIBAKE = re.compile(
    "[\ufffd锟斤拷烫屯]{3,}|锟斤拷|[\u00c0-\u00ff]{3,}|[\ue000-\uf8ff]|[?？]{2,}|[\u0400-\u04ff\u3040-\u30ff]{2,}"
)
KINDS = {
    "bad_check_digit": "统一社会信用代码校验位不符",
    "bad_reg_no": "注册号校验位不符",
    "no_code": "非自然人而无任何代码",
    "impossible_division": "代码中的区划不存在",
    "place_conflict": "代码区划与住所不在一处",
    "mojibake_name": "名称疑似乱码",
    "short_name": "名称过短",
    "no_status": "无登记状态",
    "shared_phone": "多个主体共用电话",
    "shared_address": "多个主体共用地址",
    "same_name": "名称相同的不同主体",
    "near_name": "名称仅写法不同的不同主体",
}


@dataclass(slots=True)
class Dirt:
    """How much dirt of one kind there is, and examples."""

    kind: str
    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        """Count one case."""
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(example)


def find_dirt(register: Register) -> tuple[Dirt, ...]:
    """Return what is dirty, by kind, in the order of `KINDS`; examples show ids and names as they stand."""
    found = {kind: Dirt(kind) for kind in KINDS}
    has_status = any(entity.status for _, entity in zip(range(1000), register.entities, strict=False))
    for entity in register.entities:
        for kind, example in _of_entity(entity):
            if kind != "no_status" or has_status:
                found[kind].add(example)
    for kind, key, most in (
        ("shared_phone", "phone", SHARED_FROM - 1), ("shared_address", "address", SHARED_FROM - 1),
        ("same_name", "name", 1), ("near_name", "loose", 1),
    ):  # fmt: skip
        count, worst = register.shared(key, most)
        found[kind].count = count
        found[kind].examples = [_said(register, rows, key) for rows in worst]
    return tuple(found.values())


def _of_entity(entity: Entity) -> Iterator[tuple[str, str]]:
    said = f"{entity.entity_id} {entity.name}"
    if entity.uscc and not is_uscc(entity.uscc):
        yield "bad_check_digit", said
    if len(entity.reg_no) == 15 and not is_registration_number(entity.reg_no):
        yield "bad_reg_no", f"{entity.reg_no} {entity.name}"
    if not entity.uscc and not entity.reg_no and not entity.is_natural_person:
        yield "no_code", entity.name
    where = division_of_code(entity.uscc or entity.reg_no)
    if (entity.uscc and entity.uscc[2:4] not in table()) or _impossible(entity.uscc):
        yield "impossible_division", said
    there = division_of(entity.address)
    if len(where) >= 4 and len(there) >= 4 and is_outside(there[:4], (where[:4],)):
        yield "place_conflict", f"{said}：{entity.address}"
    if _MOJIBAKE.search(entity.name):
        yield "mojibake_name", said
    if len(entity.name) < 4 and not entity.is_natural_person:
        yield "short_name", said
    if not entity.status:
        yield "no_status", said


def _impossible(uscc: str) -> bool:
    """Say whether a code names a prefecture of our own province that does not exist (others are known in part only)."""
    region = uscc[2:8]
    return region[:2] == "42" and region[2:4] not in ("00", "90") and region[:4] not in table()


def _said(register: Register, rows: list[int], key: str) -> str:
    entities = [register.entity(row) for row in rows[:4]]
    shared = "" if key in ("name", "loose") else f"{getattr(entities[0], key)}："
    return f"{shared}{len(rows)} 个主体：" + "、".join(f"{e.name}（{e.entity_id}）" for e in entities)
