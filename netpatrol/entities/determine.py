"""数据判定: who runs a shop and what the register says of it, from all pages of the shop together."""

from __future__ import annotations

from collections.abc import Iterable

from netpatrol.entities.features import ShopEvidence
from netpatrol.entities.names import canonical, fold
from netpatrol.entities.places import ICP_PROVINCES, division_of
from netpatrol.entities.register import Entity, Register
from netpatrol.items import Candidate, Determination, Feature, Match, MatchVerdict

WEIGHTS = {"uscc": 1.0, "reg_no": 0.98, "name": 0.95, "icp": 0.93, "emark": 0.93, "domain": 0.9, "phone": 0.88, "canonical": 0.86}
EXACT_FROM = 0.93
_WHY = {
    "uscc": "页面所示统一社会信用代码与主体库一致",
    "reg_no": "页面所示注册号与主体库一致",
    "name": "页面所示名称与主体库一致",
    "icp": "页面所示ICP备案号与主体库登记一致",
    "emark": "页面电子标识编号与主体库一致",
    "domain": "网站域名与主体库登记一致",
    "phone": "页面所示电话与主体库登记一致",
    "canonical": "页面所示名称去除地区、组织形式写法差异后与主体库一致",
}


def match_shop(shop: ShopEvidence, register: Register | None, *, region: tuple[str, ...] = ()) -> Match:
    """Return entity, candidates and determination of a shop. Pure; a shop that was not read is `unknown`."""
    candidates = rank(shop, register) if register is not None else ()
    best = _clear_best(candidates)
    entity = _entity(register, best) if best and register else None
    determination, reasons = _determine(shop, register, best, entity, region)
    return Match(
        entity=best,
        candidates=candidates[:5],
        determination=determination,
        reasons=reasons,
        register_version=register.version if register else "",
    )


def rank(shop: ShopEvidence, register: Register) -> tuple[Candidate, ...]:
    """Return the entities that share something with the shop, best first."""
    features: dict[str, dict[str, Feature]] = {}
    names: dict[str, str] = {}
    for kind, value, entities in _hits(shop, register):
        for entity in entities:
            names[entity.entity_id] = entity.name
            score = WEIGHTS[kind] / (1 if len(entities) == 1 else len(entities) ** 0.5)
            features.setdefault(entity.entity_id, {}).setdefault(
                kind, Feature(name=kind, score=round(score, 3), page_value=value, register_value=value, why=_WHY[kind])
            )
    found = []
    for entity_id, shown in features.items():
        top = max(feature.score for feature in shown.values())
        score = min(1.0, top + 0.02 * (len(shown) - 1))
        verdict = MatchVerdict.EXACT if score >= EXACT_FROM else MatchVerdict.LIKELY if score >= 0.8 else MatchVerdict.POSSIBLE
        found.append(
            Candidate(entity_id=entity_id, name=names[entity_id], score=round(score, 3), verdict=verdict, features=tuple(shown.values()))
        )
    return tuple(sorted(found, key=lambda c: (-c.score, c.entity_id)))


def _hits(shop: ShopEvidence, register: Register) -> Iterable[tuple[str, str, tuple[Entity, ...]]]:
    """Yield (kind, value, entities) for each value of the shop that the register knows."""
    for kind, values, index in (
        ("uscc", (*shop.usccs, *shop.link_usccs), register.by_uscc),
        ("reg_no", shop.reg_nos, register.by_reg_no),
        ("icp", shop.icps, register.by_icp),
        ("emark", shop.emarks, register.by_emark),
        ("domain", shop.domains, register.by_domain),
        ("phone", shop.phones, register.by_phone),
    ):
        for value in values:
            if value in index:
                yield kind, value, index[value]
    for name in shop.names:
        if entities := register.by_name.get(fold(name)):
            yield "name", name, entities
        elif entities := register.by_canonical.get(canonical(name) or "\0"):
            yield "canonical", name, entities


def _clear_best(candidates: tuple[Candidate, ...]) -> Candidate | None:
    """Return the best candidate unless another is as good: ambiguity is shown, never tossed for."""
    usable = [c for c in candidates if c.verdict is not MatchVerdict.POSSIBLE]
    if not usable or (len(usable) > 1 and usable[0].score - usable[1].score < 0.01):
        return None
    return usable[0]


def _entity(register: Register, candidate: Candidate) -> Entity | None:
    for index in (register.by_uscc, register.by_reg_no, register.by_name):
        for entity in index.get(candidate.entity_id, ()):
            return entity
    for entity in register.by_name.get(fold(candidate.name), ()):
        if entity.entity_id == candidate.entity_id:
            return entity
    return None


def _determine(
    shop: ShopEvidence, register: Register | None, best: Candidate | None, entity: Entity | None, region: tuple[str, ...]
) -> tuple[Determination, tuple[str, ...]]:
    if not shop.readable:
        return Determination.UNKNOWN, ("网页未能读取，无法判定",)
    if register is None:
        return Determination.UNKNOWN, ("尚未导入主体库，无法判定",)
    if clash := _clash(shop, register):
        return Determination.MISMATCH, (clash,)
    if shop.broken_usccs and not shop.usccs:
        return Determination.INVALID_CODE, (f"所示代码 {shop.broken_usccs[0]} 校验位不符",)
    if entity is not None and best is not None:
        why = tuple(f"{f.why}（{f.page_value}）" for f in best.features)
        if entity.is_revoked:
            return Determination.REVOKED, (f"登记状态为{entity.status}", *why)
        where = entity.uscc[2:8] or division_of(entity.address) or division_of(entity.county)
        if _outside(where, region):
            return Determination.OUT_OF_REGION, (f"登记地区划 {where} 不在辖区", *why)
        return Determination.MATCH, why
    if where := _elsewhere(shop, region):
        return Determination.OUT_OF_REGION, (where,)
    return Determination.NO_MATCH, ("已核查，未能识别出在册经营主体",)


def _clash(shop: ShopEvidence, register: Register) -> str:
    """Return why the codes on show cannot belong to this shop, or ""."""
    for linked in shop.link_usccs[:1]:
        if shop.usccs and linked != shop.usccs[0]:
            return f"页面所示代码 {shop.usccs[0]} 与亮照链接代码 {linked} 不一致"
    for code in shop.usccs[:1]:
        owners = register.by_uscc.get(code, ())
        shown = [name for name in shop.names if len(fold(name)) >= 4]
        if owners and shown and not any(_same_name(name, owner.name) for name in shown for owner in owners):
            return f"所示代码 {code} 在册名称为“{owners[0].name}”，页面名称为“{shown[0]}”"
    return ""


def _same_name(shown: str, registered: str) -> bool:
    a, b = fold(shown), fold(registered)
    return a == b or a in b or b in a or bool(canonical(a) and canonical(a) == canonical(b))


def _outside(code: str, region: tuple[str, ...]) -> bool:
    """Whether a division code lies outside the region; too short a code proves nothing."""
    return bool(region and code) and not any(code.startswith(own) or own.startswith(code) for own in region)


def _elsewhere(shop: ShopEvidence, region: tuple[str, ...]) -> str:
    """Return why an operator that is not in the register is outside the region, or ""."""
    for code in shop.usccs:
        if _outside(code[2:8], region):
            return f"所示代码 {code} 的登记区划不在辖区"
    for text in (*shop.addresses, *shop.names):
        if _outside(division_of(text), region):
            return f"“{text}”不在辖区"
    for icp in shop.icps:
        if _outside(ICP_PROVINCES.get(icp[:1], ""), region):
            return f"备案号 {icp} 属外省"
    return ""
