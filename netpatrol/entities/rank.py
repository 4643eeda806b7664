"""Which entities share something with a shop, by a cascade: exact keys, names, names written otherwise, near names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from netpatrol.entities.entity import SHARED_FROM, Entity
from netpatrol.entities.features import Clue, ShopEvidence, Shown
from netpatrol.entities.names import MIN_CORE, NameParts, fold, parse, spellings, variations
from netpatrol.entities.places import address_key
from netpatrol.entities.readings import registered_reading
from netpatrol.entities.register import Register
from netpatrol.items import Candidate, Feature, MatchVerdict
from netpatrol.text.codes import compact_code

EXACT_FROM = 0.93
LIKELY_FROM = 0.8
SECOND_FROM = 0.6
"""Two agreements of at least this weight, neither enough by itself, make a likely match together."""
OF_THE_PART = frozenset({"phone", "icp", "address"})
"""What stands beside a firm's name, and is that firm's whatever its part: builder, carrier, maker."""
MOST_VALUES = 40
"""Of each kind so many values are looked up: a directory of firms is no shop."""

BUCKET, BUCKET_MORE_FOR = 60, 4_000
"""So many names of one half are compared (one more for every so many names): a half that more share tells little."""
FAR = 60
SAME_CORE, NEAR_ENOUGH = 80, 93
"""A name this near (of 100) needs no wider search; one that says no place may lack all of it."""

WEIGHTS = {
    "uscc": 1.0, "licence_link": 0.99, "reg_no": 0.98, "name": 0.95, "emark": 0.94, "icp": 0.93, "domain": 0.92,
    "name_writing": 0.9, "uscc_repaired": 0.9, "phone": 0.88, "former_name": 0.86, "clue_name": 0.86, "clue_icp": 0.86,
    "clue_phone": 0.85, "clue_address": 0.82, "address": 0.6, "shop_name": 0.85, "known_name": 0.7, "near_name": 0.7, "parent": 0.7,
    "maker_name": 0.7, "clue_shared": 0.55, "other_name": 0.5,
}  # fmt: skip
_WHY = {
    "uscc": "页面所示统一社会信用代码与主体库一致",
    "uscc_repaired": "页面所示代码有误印，唯一可能的读法与主体库一致",
    "licence_link": "亮照链接中的代码与主体库一致",
    "reg_no": "页面所示注册号与主体库一致",
    "name": "页面所示名称与主体库一致",
    "name_writing": "页面所示名称与主体库仅写法不同",
    "former_name": "页面所示名称是该主体的曾用名",
    "near_name": "页面所示名称与主体库相近，不足以认定",
    "parent": "页面所示名称像是该主体的分支机构，不足以认定",
    "known_name": "页面文字中出现主体库名称",
    "shop_name": "页面所示店铺名称与主体库名称一致",
    "maker_name": "页面将其列为生产、委托或经销单位，不足以认定为本店经营者",
    "other_name": "页面将其列为技术支持、物流等其他单位或平台，不能据此认定为本店经营者",
    "icp": "页面所示ICP备案号与主体库登记一致",
    "emark": "页面电子标识编号与主体库一致",
    "domain": "网站域名与主体库登记一致",
    "phone": "页面所示电话与主体库登记一致",
    "address": "页面所示地址与主体库住所一致",
    "clue_name": "线索名单（电信）所列主办单位与主体库一致",
    "clue_icp": "线索名单（电信）所列备案号与主体库一致",
    "clue_phone": "线索名单（寄递）所列寄件电话与主体库一致",
    "clue_address": "线索名单（寄递）所列寄件地址与主体库住所一致",
    "clue_shared": "线索名单所列与主体库一致，但同名网店不止一家，不足以认定是这一家",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that shares a value with the shop."""

    kind: str
    shown: str
    registered: str
    entity: Entity
    score: float
    note: str = ""


def rank(shop: ShopEvidence, register: Register) -> tuple[Candidate, ...]:
    """Return the entities that share something with the shop, best first."""
    found: dict[str, dict[str, Hit]] = {}
    for hit in hits(shop, register):
        held = found.setdefault(hit.entity.entity_id, {})
        if hit.kind not in held or hit.score > held[hit.kind].score:
            held[hit.kind] = hit
    named = any(shown.is_own(shop.pages) for shown in shop.of("name"))
    ranked = [_candidate(entity_id, tuple(_of_its_part(held, named=named))) for entity_id, held in found.items()]
    return tuple(sorted(ranked, key=lambda candidate: (-strength(candidate), candidate.entity_id)))


def _of_its_part(held: Mapping[str, Hit], *, named: bool) -> Iterator[Hit]:
    """Yield what an entity shares with the shop; of a firm in another part, its telephone, filing and address say no more.

    技术支持：某公司 电话…: the number is that firm's, as the register says as well. Where the pages name nobody
    (`named` is false), whoever makes the goods may be the one who sells them.
    """
    part = next((kind for kind in ("other_name", "maker_name") if kind in held), "")
    for kind, hit in held.items():
        if part and named and kind in OF_THE_PART:
            yield replace(hit, score=min(hit.score, WEIGHTS["other_name"]), note="该单位在页面上另有身份，这是它自己的")
        else:
            yield hit


def strength(candidate: Candidate) -> float:
    """Return by what candidates are compared: the strongest agreement, and half of the next three."""
    scores = [feature.score for feature in candidate.features]
    return scores[0] + 0.5 * sum(scores[1:4])


def _candidate(entity_id: str, hits: tuple[Hit, ...]) -> Candidate:
    ordered = sorted(hits, key=lambda hit: -hit.score)
    top = ordered[0].score
    # Each further agreement counts a little; two that are weak by themselves make a likely match together.
    score = min(1.0, top + sum(0.02 if hit.score >= LIKELY_FROM else 0.01 for hit in ordered[1:]))
    if top < LIKELY_FROM and len([hit for hit in ordered if hit.score >= SECOND_FROM and hit.kind != "parent"]) >= 2:
        score = max(score, LIKELY_FROM + 0.02)
    elif top < LIKELY_FROM:
        score = min(score, LIKELY_FROM - 0.01)
    verdict = MatchVerdict.EXACT if score >= EXACT_FROM and top >= 0.9 else MatchVerdict.LIKELY
    if score < LIKELY_FROM:
        verdict = MatchVerdict.POSSIBLE
    return Candidate(
        entity_id=entity_id,
        name=ordered[0].entity.name,
        score=round(score, 3),
        verdict=verdict,
        features=tuple(_feature(hit) for hit in ordered),
    )


def _feature(hit: Hit) -> Feature:
    why = _WHY[hit.kind] + (f"（{hit.note}）" if hit.note else "")
    return Feature(
        name=hit.kind, score=round(hit.score, 3), page_value=hit.shown, register_value=hit.registered, why=why
    )


def hits(shop: ShopEvidence, register: Register) -> Iterator[Hit]:
    """Yield every entity that shares a value with the shop, with what it shares."""
    yield from _by_codes(shop, register)
    sure = False
    for shown in shop.of("name")[:MOST_VALUES]:
        for hit in _by_name(shown, shop.pages, register):
            sure |= hit.score >= LIKELY_FROM
            yield hit
    yield from _by_other_names(shop, register)
    if not sure:
        yield from _by_known_names(shop, register)
    yield from _by_phone_and_address(shop, register)
    yield from _by_clues(shop, register)


def _by_other_names(shop: ShopEvidence, register: Register) -> Iterator[Hit]:
    """Yield registered firms under the name over the shop's door, and those that the pages give another part to."""
    own = {fold(shown.value) for shown in shop.of("name")}
    for kind in ("shop_name", "maker_name", "other_name"):
        for shown in shop.of(kind)[:MOST_VALUES]:
            name = fold(shown.value)
            entities = register.find("name", name) if name not in own else ()
            for entity in entities:
                # A name over the door that begins with a place is a registered one in full; others are chosen freely.
                weight = WEIGHTS["name"] if kind == "shop_name" and parse(name).place else WEIGHTS[kind]
                score = _worn(_shared(weight, len(entities)), shown, shop.pages)
                yield Hit(kind, shown.value, entity.name, entity, score)


def _by_known_names(shop: ShopEvidence, register: Register) -> Iterator[Hit]:
    """Yield registered names of the running text; one that alone stands in the footer of a whole shop is likely."""
    others = {fold(shown.value) for kind in ("maker_name", "other_name") for shown in shop.of(kind)}
    known = [shown for shown in shop.of("known_name")[:MOST_VALUES] if fold(shown.value) not in others]
    in_footer = [shown for shown in known if shown.home and shop.pages >= 2 and shown.share(shop.pages) >= 0.5]
    alone = len(in_footer) == 1 and not any(shown.how >= 2 for shown in shop.own("name"))
    for shown in known:
        weight = WEIGHTS["known_name"] + (0.15 if alone and shown is in_footer[0] else 0)
        for entity in register.find("name", fold(shown.value), 2):
            yield Hit("known_name", shown.value, entity.name, entity, _worn(weight, shown, shop.pages))


def _by_codes(shop: ShopEvidence, register: Register) -> Iterator[Hit]:
    for kind in ("uscc", "licence_link", "reg_no", "icp", "emark", "domain"):
        key = "uscc" if kind == "licence_link" else kind
        for shown in shop.of(kind)[:MOST_VALUES]:
            entities = register.find(key, shown.value, SHARED_FROM + 1)
            repaired = kind == "uscc" and compact_code(shown.raw) not in ("", shown.value)
            for entity in entities:
                found = "uscc_repaired" if repaired else kind
                score = _worn(_shared(WEIGHTS[found], len(entities)), shown, shop.pages)
                yield Hit(found, shown.raw if repaired else shown.value, shown.value, entity, score)
            if repaired and not entities:
                yield from _misprinted(shown, register)
    for shown in shop.of("uscc!")[:MOST_VALUES]:
        yield from _misprinted(shown, register)


def _misprinted(shown: Shown, register: Register) -> Iterator[Hit]:
    """Yield the entity whose code a misprinted one can be read as, if there is exactly one."""
    reading = registered_reading(shown.raw or shown.value, register) or registered_reading(shown.value, register)
    for entity in register.find("uscc", reading):
        kind = "uscc" if reading == shown.value else "uscc_repaired"
        yield Hit(kind, shown.raw or shown.value, reading, entity, WEIGHTS[kind])


def _shared(weight: float, entities: int) -> float:
    """Return what an agreement weighs that several entities share."""
    return weight if entities <= 1 else weight / entities**0.5


def _worn(weight: float, shown: Shown, pages: int) -> float:
    """Return what a value weighs: full where it is the shop's own, less where it is mentioned on few of many pages."""
    if pages <= 3 or shown.is_own(pages):
        return weight
    return weight - (0.03 if shown.how >= 2 else 0.06 if shown.share(pages) >= 0.05 else 0.2)


# -- names -------------------------------------------------------------------------------------------


def _by_name(shown: Shown, pages: int, register: Register) -> Iterator[Hit]:
    exact = False
    for how, name in spellings(shown.value):
        kind = {"name": "name", "former": "former_name", "parent": "parent"}[how]
        for hit in _named(kind, name, shown, pages, register):
            exact |= hit.score >= LIKELY_FROM
            yield hit
    if not exact:
        yield from near_names(shown.value, register)


def _named(kind: str, name: str, shown: Shown, pages: int, register: Register) -> Iterator[Hit]:
    entities = register.find("name", name)
    if entities:
        for entity in entities:
            score = WEIGHTS[kind] - (0 if shown.how >= 3 else 0.01 if shown.how == 2 else 0.03)
            yield Hit(kind, shown.value, entity.name, entity, _worn(_shared(score, len(entities)), shown, pages))
        return
    for entity in register.find("former", name):
        yield Hit("former_name", shown.value, entity.name, entity, _worn(WEIGHTS["former_name"], shown, pages))
    parts = parse(name)
    alike = [(entity, variations(parts, parse(fold(entity.name)))) for entity in register.find("loose", parts.loose)]
    single = [entity for entity, differences in alike if len(differences) <= 1]
    for entity, differences in alike:
        sure = len(single) == 1 and entity is single[0] and kind == "name"
        weight = WEIGHTS["name_writing"] if sure else WEIGHTS["near_name"] + 0.05
        yield Hit(
            "name_writing" if sure else "near_name",
            shown.value,
            entity.name,
            entity,
            _worn(weight, shown, pages),
            _said(differences),
        )


def _said(differences: tuple[str, ...]) -> str:
    return "、".join({"place": "地名写法", "form": "组织形式"}[difference] for difference in differences)


def best_rows(name: str, register: Register, limit: int = 10) -> list[int]:
    """Return the rows that a name may mean, best first: the cascade by itself, without entities and reasons."""
    shown = fold(name)
    rows = register.rows("name", shown)
    if rows:
        return rows
    parts = parse(shown)
    rows = register.rows("loose", parts.loose)
    if len(rows) == 1:
        return rows
    return [*rows, *(row for _, row in near_rows(shown, register, limit))]


def near_names(name: str, register: Register, limit: int = 10) -> Iterator[Hit]:
    """Yield entities whose names come near: never enough by itself."""
    shown = max((text for how, text in spellings(name) if how == "name"), key=len, default="")
    for score, row in near_rows(shown, register, limit):
        entity = register.entity(row)
        yield Hit("near_name", name, entity.name, entity, round(WEIGHTS["near_name"] * score / 100, 3))


def near_rows(shown: str, register: Register, limit: int = 10) -> list[tuple[float, int]]:
    """Return (score of 100, row) of the names that come nearest to a folded one, best first."""
    parts = parse(shown)
    if len(parts.core) < MIN_CORE:
        return []
    same = register.rows("core", parts.core, BUCKET)
    scored = _scored(shown, parts, same or _half_known(parts.core, register), register, limit)
    if not scored or scored[0][0] < (SAME_CORE if same and not parts.place else NEAR_ENOUGH):
        more = _scored(shown, parts, register.nearest(parts.written + parts.rest), register, limit)
        scored = sorted(set(scored) | set(more), reverse=True)[:limit]
    return [found for found in scored if found[0] >= FAR]


def _half_known(core: str, register: Register) -> list[int]:
    """Return rows that share half of a core: one wrong character leaves the other half whole."""
    rows: list[int] = []
    half, most = len(core) // 2, BUCKET + len(register) // BUCKET_MORE_FOR
    for kind, piece in (("head", core[:half]), ("tail", core[half:])):
        found = register.rows(kind, piece, most + 1) if half >= 2 else []
        if len(found) <= most:
            rows += found
    return rows


def _scored(shown: str, parts: NameParts, rows: list[int], register: Register, limit: int) -> list[tuple[float, int]]:
    """Return (score, row) of the rows that come nearest: whole names first, then their cores for the best of them."""
    from rapidfuzz import fuzz, process

    distinct = list(dict.fromkeys(rows))
    names = [register.folded(row) for row in distinct]
    best = process.extract(shown, names, scorer=fuzz.ratio, limit=limit + 2)
    found = [
        (round(0.5 * score + 0.5 * fuzz.partial_ratio(parts.core, registered), 2), distinct[at])
        for registered, score, at in best
    ]
    return sorted(found, reverse=True)[:limit]


# -- telephones, addresses, lists ----------------------------------------------------------------------


def _by_phone_and_address(shop: ShopEvidence, register: Register) -> Iterator[Hit]:
    for shown in shop.of("phone")[:MOST_VALUES]:
        for entity, score in _owners_of_phone(shown.value, register, WEIGHTS["phone"]):
            yield Hit("phone", shown.value, entity.phone, entity, _worn(score, shown, shop.pages))
    for shown in shop.of("address")[:10]:
        for entity in register.find("address", address_key(shown.value), SHARED_FROM + 1):
            yield Hit("address", shown.value, entity.address, entity, _worn(WEIGHTS["address"], shown, shop.pages))


def _owners_of_phone(phone: str, register: Register, weight: float) -> list[tuple[Entity, float]]:
    if register.count("phone", phone) >= SHARED_FROM:
        return []
    entities = register.find("phone", phone)
    return [(entity, _shared(weight, len(entities))) for entity in entities]


def _by_clues(shop: ShopEvidence, register: Register) -> Iterator[Hit]:
    """Yield what lists say: each line is one voice, weighed by how many of its values agree with one entity.

    A line that may be about another shop of the same name is a hint and no more: too weak to support anything else,
    since what else the page shows (a name like the entity's) the other shop shows as well.
    """
    for clue in shop.clues:
        for hit in _by_clue(clue, register):
            yield replace(hit, kind="clue_shared", score=min(hit.score, WEIGHTS["clue_shared"])) if clue.shared else hit


def _by_clue(clue: Clue, register: Register) -> Iterator[Hit]:
    if clue.name:
        for hit in _by_name(Shown(value=clue.name, how=2), 1, register):
            if hit.score >= LIKELY_FROM and hit.kind in ("name", "name_writing", "former_name"):
                yield Hit("clue_name", clue.name, hit.entity.name, hit.entity, WEIGHTS["clue_name"])
    if clue.icp:
        for entity in register.find("icp", clue.icp, 3):
            yield Hit("clue_icp", clue.icp, entity.icp, entity, WEIGHTS["clue_icp"])
    if clue.phone:
        for entity, score in _owners_of_phone(clue.phone, register, WEIGHTS["clue_phone"]):
            yield Hit("clue_phone", clue.phone, entity.phone, entity, score)
    if clue.address:
        entities = register.find("address", address_key(clue.address), SHARED_FROM + 1)
        for entity in entities:
            weight = WEIGHTS["clue_address"] if _same_person(clue.person, entity.person) else 0.7
            yield Hit("clue_address", clue.address, entity.address, entity, _shared(weight, len(entities)))


def _same_person(masked: str, person: str) -> bool:
    """Say whether a masked name (鲁**) may be this person's."""
    return bool(masked and person) and masked.rstrip("*＊某 先生女士")[:1] == person[:1]
