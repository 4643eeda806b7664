"""数据判定: who runs a shop and what the register says of it, from all pages of the shop together."""

from __future__ import annotations

import re

from netpatrol.entities.duty import licence_duty
from netpatrol.entities.entity import Entity
from netpatrol.entities.features import ShopEvidence, Shown
from netpatrol.entities.jurisdiction import unit_of
from netpatrol.entities.names import alike, fold
from netpatrol.entities.places import (
    division_of,
    division_of_code,
    division_of_icp,
    division_of_phone,
    is_outside,
    place_of_name,
)
from netpatrol.entities.rank import LIKELY_FROM, rank, strength
from netpatrol.entities.readings import codes_beside
from netpatrol.entities.register import Register
from netpatrol.items import Candidate, Determination, Match, MatchVerdict
from netpatrol.text.codes import is_uscc

GAP = 0.009
"""Two entities closer to each other than this are as likely: both are shown, neither is asserted."""
_BY_CLUES = frozenset({"clue_name", "clue_phone", "clue_address", "clue_icp", "clue_shared"})
_FIRM = re.compile(
    r"(?:公司|集团|合作社|厂|店|中心|经营部|服务部|商行|超市|药房|酒店|馆|工作室|医院|诊所)(?:[(（][^()（）]{1,16}[)）])?$"
)


def match_shop(shop: ShopEvidence, register: Register | None, *, region: tuple[str, ...] = ()) -> Match:
    """Return entity, candidates and determination of a shop. Pure; a shop that was not read is `unknown`."""
    candidates = rank(shop, register) if register is not None else ()
    best = _clear_best(candidates, shop)
    entity = entity_of(register, best) if best and register else None
    determination, reasons, disowned = _determine(shop, register, candidates, best, region)
    unit, notes = "", tuple[str, ...]()
    if register is not None and shop.readable:
        elsewhere = _elsewhere(shop, entity) if determination is Determination.OUT_OF_REGION else ""
        unit, notes = unit_of(shop, None if disowned else entity, region, register.units, elsewhere)
    return Match(
        entity=None if disowned else best,
        candidates=candidates[:10],
        determination=determination,
        reasons=(*reasons, *notes, *_duty_said(shop)),
        register_version=register.version if register else "",
        unit=unit,
    )


def _elsewhere(shop: ShopEvidence, entity: Entity | None) -> str:
    """Return the division outside the region that a determination rests on."""
    if entity is not None:
        return domicile(entity)[0]
    where = operator_place(shop)
    return where[0] if where else ""


def _duty_said(shop: ShopEvidence) -> tuple[str, ...]:
    duty = licence_duty(shop) if shop.readable and shop.own_host else None
    return tuple(f"亮照义务：{reason}" for reason in duty.reasons) if duty else ()


def _clear_best(candidates: tuple[Candidate, ...], shop: ShopEvidence) -> Candidate | None:
    """Return the best candidate unless another is as good: ambiguity is shown, never tossed for."""
    usable = _usable(candidates)
    if not usable or (len(usable) > 1 and strength(usable[0]) - strength(usable[1]) < GAP):
        return None
    best = usable[0]
    if {feature.name for feature in best.features} <= _BY_CLUES and _names_another(shop, best):
        return None  # lists point at one firm, the pages name another: for a person to look at
    return best


def _usable(candidates: tuple[Candidate, ...]) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.verdict is not MatchVerdict.POSSIBLE]


def _names_another(shop: ShopEvidence, best: Candidate) -> bool:
    """Say whether the pages name an operator that is not this entity."""
    own = [shown for shown in shop.own("name") if shown.how >= 2 and _FIRM.search(shown.value)]
    return bool(own) and not any(alike(shown.value, best.name) for shown in own)


def entity_of(register: Register, candidate: Candidate) -> Entity | None:
    """Return the entity of a candidate."""
    found = register.find("id", candidate.entity_id)
    return next((entity for entity in found if entity.name == candidate.name), found[0] if found else None)


Outcome = tuple[Determination, tuple[str, ...], bool]


def _determine(
    shop: ShopEvidence,
    register: Register | None,
    candidates: tuple[Candidate, ...],
    best: Candidate | None,
    region: tuple[str, ...],
) -> Outcome:
    """Return determination, reasons, and whether the best candidate is not the operator after all."""
    if not shop.readable:
        return Determination.UNKNOWN, ("网页未能读取，无法判定",), False
    if register is None:
        return Determination.UNKNOWN, ("尚未导入主体库，无法判定",), False
    if clash := _clash(shop, register, best):
        by_code_alone = best is not None and best.features[0].name in ("uscc", "uscc_repaired", "licence_link")
        return Determination.MISMATCH, (clash,), by_code_alone
    if broken := _broken(shop, register, best):
        return Determination.INVALID_CODE, (broken, *_why(best)), False
    entity = entity_of(register, best) if best else None
    if entity is not None and best is not None:
        return _registered(shop, best, entity, region)
    where = operator_place(shop)
    if where and is_outside(where[0], region):
        return Determination.OUT_OF_REGION, (where[1],), False
    if statements := shop.of("exempt_statement"):
        said = statements[0].value[:60]
        return (
            Determination.SELF_DECLARED_EXEMPT,
            (f"自称依电子商务法第十条不需办理登记（“{said}”），须人工核实",),
            False,
        )
    return Determination.NO_MATCH, _unmatched(shop, candidates), False


def _why(best: Candidate | None) -> tuple[str, ...]:
    return tuple(f"{feature.why}（{feature.page_value}）" for feature in best.features) if best else ()


def _registered(shop: ShopEvidence, best: Candidate, entity: Entity, region: tuple[str, ...]) -> Outcome:
    why = _why(best)
    if {feature.name for feature in best.features} <= _BY_CLUES:
        why = ("页面未公示主体，仅由线索名单推定，须核实", *why)
    if entity.is_revoked:
        return Determination.REVOKED, (f"登记状态为{entity.status}", *why), False
    where, said = domicile(entity)
    if is_outside(where, region):
        return Determination.OUT_OF_REGION, (f"{said}，不在辖区", *why), False
    shown = operator_place(shop)
    if shown and is_outside(shown[0], region) and where:
        why = (*why, f"注意：登记住所在辖区，但{shown[1]}")
    return Determination.MATCH, why, False


def _unmatched(shop: ShopEvidence, candidates: tuple[Candidate, ...]) -> tuple[str, ...]:
    if len(usable := _usable(candidates)) > 1:
        same = len({candidate.name for candidate in usable}) < len(usable)  # then only their codes tell them apart
        names = "、".join(f"{one.name}（{one.entity_id}）" if same and is_uscc(one.entity_id) else one.name for one in usable[:5])
        return (f"页面或名单同时指向多个在册主体，不能认定是哪一个：{names}",)
    if hinted := [c.name for c in candidates if any(feature.name == "clue_shared" for feature in c.features)]:
        return (f"线索名单指向{'、'.join(hinted[:5])}，但同名网店不止一家，不能认定是哪一家，须核实",)
    named = [shown.value for shown in shop.own("name") if _FIRM.search(shown.value)]
    if named:
        return (f"已核查，页面自称“{named[0]}”，主体库中查无此主体",)
    return ("已核查，未能识别出在册经营主体",)


def domicile(entity: Entity) -> tuple[str, str]:
    """Return division and Chinese sentence of where an entity is registered: domicile, else county, else its code."""
    place = division_of(entity.address, near=division_of_code(entity.uscc or entity.reg_no)[:2])
    if len(place) >= 4:
        return place, f"登记住所“{entity.address}”（区划 {place}）"
    county = division_of(entity.county)
    if len(county) >= 4:
        return county, f"登记区县“{entity.county}”（区划 {county}）"
    code = division_of_code(entity.uscc or entity.reg_no)
    if len(code) >= 4 or not place:
        return code, f"登记代码的区划 {code}"
    return place, f"登记住所“{entity.address}”（区划 {place}）"


# -- codes that do not fit ---------------------------------------------------------------------------


def _broken(shop: ShopEvidence, register: Register, best: Candidate | None) -> str:
    """Return what is wrong with the code on show, "" where one holds or has a registered reading."""
    codes = shop.of("uscc!")
    if not codes:
        return ""
    if best is not None and any(f.name in ("uscc", "uscc_repaired", "licence_link") for f in best.features):
        return ""
    valid = shop.of("uscc")
    if valid and (valid[0].pages, valid[0].home) >= (codes[0].pages, codes[0].home):
        return ""
    beside = "、".join(codes_beside(codes[0].value, register))
    hint = f"在册代码只差一位的有 {beside}，是否误印须核实" if beside else "也没有在册代码与之相近"
    return f"所示代码 {codes[0].value} 校验不符，{hint}"


def _clash(shop: ShopEvidence, register: Register, best: Candidate | None) -> str:
    """Return why the codes on show cannot belong to this shop, or ""."""
    printed, linked = shop.own("uscc"), shop.own("licence_link")
    if printed and linked and not {s.value for s in linked} & {s.value for s in shop.of("uscc")}:
        return f"页面所示代码 {printed[0].value} 与亮照链接代码 {linked[0].value} 不一致"
    for code in (*printed[:1], *linked[:1]):
        owners = register.find("uscc", code.value)
        if owners:
            other = _other_name(shop, owners)
            if other:
                return f"所示代码 {code.value} 在册名称为“{owners[0].name}”，页面名称为“{other}”"
        elif best is not None and is_uscc(code.value) and (clash := _known_by_name(code, best)):
            return clash
    return ""


def _other_name(shop: ShopEvidence, owners: tuple[Entity, ...]) -> str:
    """Return the name under which a shop shows itself if it clearly is none of the owners'; "" in doubt."""
    if any(alike(shown.value, name) for shown in shop.of("name") for owner in owners for name in _names(owner)):
        return ""
    if any(shown.value in (owner.person,) for shown in shop.of("name") for owner in owners):
        return ""
    own = [shown for shown in shop.own("name") if _FIRM.search(shown.value) and len(fold(shown.value)) >= 4]
    return own[0].value if own else ""


def _names(entity: Entity) -> tuple[str, ...]:
    return (entity.name, *entity.former_names)


def _known_by_name(code: Shown, best: Candidate) -> str:
    """Return why a code that is not registered is not this entity's: the register has another one under its name."""
    by_name = any(f.name == "name" and f.score >= LIKELY_FROM for f in best.features)
    held = best.entity_id
    if by_name and is_uscc(held) and held != code.value and _apart(held, code.value) > 2:
        return f"所示代码 {code.value} 与在册“{best.name}”的代码 {held} 不一致"
    return ""


def _apart(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=False))


# -- where the operator is ---------------------------------------------------------------------------


def operator_place(shop: ShopEvidence) -> tuple[str, str] | None:
    """Return division and sentence of where the operator says it is; the strongest sign that tells decides.

    In order: code, address, name, filing, area code; lists last.
    """
    for code in shop.own("uscc")[:1]:
        if len(where := division_of_code(code.value)) >= 4:
            return where, f"所示代码 {code.value} 的登记区划为 {where}"
    for number in shop.own("reg_no")[:1]:
        if len(where := division_of_code(number.value)) >= 4:
            return where, f"所示注册号 {number.value} 的登记区划为 {where}"
    for address in shop.own("address")[:3]:
        if where := division_of(address.value):
            return where, f"所示地址“{address.value}”在区划 {where}"
    for name in sorted(shop.own("name"), key=lambda shown: -shown.how):
        if where := place_of_name(name.value).code:
            return where, f"所示名称“{name.value}”属区划 {where}"
    for icp in shop.own("icp")[:1]:
        if where := division_of_icp(icp.value):
            return where, f"备案号 {icp.value} 属区划 {where}"
    for clue in [clue for clue in shop.clues if not clue.shared]:
        if where := division_of(clue.address) or place_of_name(clue.name).code:
            return where, f"线索名单所列“{clue.address or clue.name}”属区划 {where}"
    for phone in shop.own("phone")[:3]:
        if where := division_of_phone(phone.value):
            return where, f"所示电话 {phone.value} 的区号属区划 {where}"
    return None


__all__ = ["domicile", "entity_of", "match_shop", "operator_place"]
