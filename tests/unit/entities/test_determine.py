from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from netpatrol.entities.determine import match_shop
from netpatrol.entities.features import Clue, PageSeen, ShopEvidence, evidence_of_fields, gather
from netpatrol.entities.register import Register
from netpatrol.entities.units import Unit, Units
from netpatrol.items import Determination, Fact, Match, MatchVerdict, PageFacts
from tests.unit.entities.conftest import ENTITIES, FAR, GONE, PHARMACY, SHOP, TEA, code

REGION = ("4205",)
UNKNOWN_CODE = code("MA00000A")


def fact(name: str, value: str, **more: Any) -> Fact:
    return Fact(name=name, value=value, raw=value, **{"how": "label", **more})


def shop(*facts: Fact, pages: int = 4, **more: Any) -> ShopEvidence:
    """Return the evidence of a shop that shows these facts in its footer."""
    paths = ["/", *(f"/p{n}" for n in range(1, pages))]
    seen = [PageSeen(url=f"http://shop.example{p}", facts=PageFacts(facts=facts), home=p == "/") for p in paths]
    return gather(seen, **{"readable": True, **more})


def determined(evidence: ShopEvidence, register: Register, region: tuple[str, ...] = REGION) -> tuple[str, str | None]:
    found = match_shop(evidence, register, region=region)
    return str(found.determination), found.entity.entity_id if found.entity else None


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        pytest.param([fact("uscc", TEA, valid=True)], ("match", TEA), id="code"),
        pytest.param([fact("name", "宜昌市青禾商贸有限责任公司")], ("match", TEA), id="name"),
        pytest.param([fact("name", "宜昌市青禾商貿有限公司")], ("match", TEA), id="traditional-and-other-form"),
        pytest.param([fact("name", "湖北省宜昌青禾堂大药房有限公司")], ("match", PHARMACY), id="province-before"),
        pytest.param([fact("name", "宜昌康禾堂大药房有限公司")], ("match", PHARMACY), id="former-name"),
        pytest.param([fact("name", "枝江市砚峰茶叶店（个体工商户）")], ("match", SHOP), id="individual-business"),
        pytest.param([fact("icp", "鄂ICP备2020000001号-1")], ("match", TEA), id="filing"),
        pytest.param([fact("emark", "42050000000001")], ("match", TEA), id="mark"),
        pytest.param([fact("phone", "0717-6000001")], ("match", TEA), id="telephone"),
        pytest.param([fact("phone", "18600000169")], ("match", "鲁国栋/18600000169"), id="natural-person"),
        pytest.param([fact("reg_no", "420583000000017")], ("match", SHOP), id="old-number"),
        pytest.param([fact("licence_link", TEA)], ("match", TEA), id="licence-link"),
        pytest.param([fact("uscc", TEA[:17] + "7", valid=False)], ("invalid_code", None), id="wrong-check"),
        pytest.param(
            [fact("uscc", TEA[:17] + "7", valid=False), fact("name", "宜昌市青禾商贸有限责任公司")],
            ("invalid_code", TEA),
            id="wrong-check-with-name",
        ),
        pytest.param([fact("uscc", GONE, valid=True)], ("revoked", GONE), id="revoked"),
        pytest.param([fact("uscc", FAR, valid=True)], ("out_of_region", FAR), id="registered-elsewhere"),
        pytest.param(
            [fact("uscc", code("MA0000WW", "91440300"), valid=True)], ("out_of_region", None), id="code-elsewhere"
        ),
        pytest.param([fact("name", "深圳市云云科技有限公司")], ("out_of_region", None), id="name-elsewhere"),
        pytest.param([fact("address", "广东省深圳市南山区科技园1号")], ("out_of_region", None), id="address-elsewhere"),
        pytest.param([fact("icp", "粤ICP备2020000009号")], ("out_of_region", None), id="filing-elsewhere"),
        pytest.param([fact("phone", "0755-80000000")], ("out_of_region", None), id="area-code-elsewhere"),
        pytest.param(
            [fact("name", "宜昌无名商行有限公司"), fact("icp", "粤ICP备2020000009号")],
            ("no_match", None),
            id="name-here-outweighs-filing",
        ),
        pytest.param([fact("name", "宜昌无名商行有限公司")], ("no_match", None), id="not-registered"),
        pytest.param([], ("no_match", None), id="nothing-shown"),
        pytest.param(
            [fact("uscc", TEA, valid=True), fact("name", "宜昌砚海酒业有限公司", how="copyright")],
            ("mismatch", None),
            id="code-of-another",
        ),
        pytest.param(
            [fact("uscc", TEA, valid=True), fact("licence_link", PHARMACY)], ("mismatch", None), id="link-disagrees"
        ),
        pytest.param(
            [fact("uscc", UNKNOWN_CODE, valid=True), fact("name", "宜昌市青禾商贸有限责任公司")],
            ("mismatch", TEA),
            id="registered-under-another-code",
        ),
        pytest.param(
            [fact("uscc", TEA, valid=True), fact("name", "青禾旗舰店")], ("match", TEA), id="brand-with-its-code"
        ),
        pytest.param(
            [fact("exempt_statement", "依据电子商务法第十条无需办理登记")], ("self_declared_exempt", None), id="exempt"
        ),
    ],
)
def test_determinations(facts: list[Fact], outcome: tuple[str, str | None], register: Register) -> None:
    if outcome == ("mismatch", None) and any(f.name == "licence_link" for f in facts):
        assert determined(shop(*facts), register)[0] == "mismatch"
    else:
        assert determined(shop(*facts), register) == outcome


def test_unread_shops_and_missing_registers_are_unknown(register: Register) -> None:
    facts = fact("uscc", TEA, valid=True)
    assert match_shop(shop(facts, readable=False), register).determination is Determination.UNKNOWN
    assert match_shop(shop(facts), None).determination is Determination.UNKNOWN


def test_without_a_region_nothing_is_outside(register: Register) -> None:
    assert determined(shop(fact("uscc", FAR, valid=True)), register, ()) == ("match", FAR)
    assert determined(shop(fact("name", "深圳市云云科技有限公司")), register, ()) == ("no_match", None)


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param(TEA.replace("0", "O", 1), id="O-for-0"),
        pytest.param(TEA[:8] + TEA[9:], id="one-missing"),
        pytest.param(TEA[:9] + TEA[8:], id="one-doubled"),
        pytest.param(TEA.replace("2", "Z", 1), id="Z-for-2"),
    ],
)
def test_misprints_are_repaired_by_the_register(printed: str, register: Register) -> None:
    found = match_shop(shop(fact("uscc", printed, valid=False)), register, region=REGION)
    assert found.determination is Determination.MATCH
    assert found.entity is not None
    assert found.entity.entity_id == TEA
    assert found.entity.features[0].name == "uscc_repaired"
    assert found.entity.features[0].page_value == printed


def test_a_repair_that_the_page_reader_made_yields_to_the_register(register: Register) -> None:
    guessed = Fact(
        name="uscc", value=UNKNOWN_CODE, raw=TEA.replace("0", "O", 1), valid=True, repaired=True, how="label"
    )
    found = match_shop(shop(guessed), register, region=REGION)
    assert found.entity is not None
    assert (found.entity.entity_id, found.entity.features[0].name) == (TEA, "uscc_repaired")


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        pytest.param("1" * 18, "uscc!", id="eighteen-ones"),
        pytest.param(TEA.lower(), "uscc", id="small-letters"),
        pytest.param(f"{TEA[:8]} {TEA[8:]}", "uscc", id="spaces"),
        pytest.param(code("MA000007", "12420500"), "uscc", id="institution"),
        pytest.param(code("MA000008", "52420500"), "uscc", id="civil-body"),
        pytest.param(code("MA000008", "93420500"), "uscc", id="cooperative"),
        pytest.param(TEA[:17] + "7", "uscc!", id="wrong-check"),
    ],
)
def test_codes_in_fields_are_kept_as_valid_or_as_seen_and_wrong(printed: str, kind: str) -> None:
    assert list(evidence_of_fields({"uscc": printed}).shown) == [kind]


def test_registered_codes_hold_whatever_their_check_character() -> None:
    odd = Register.of([replace(ENTITIES[0], uscc=TEA[:17] + ("A" if TEA[17] != "A" else "B"))])
    shown = next(odd.entities).uscc
    assert determined(shop(fact("uscc", shown, valid=False)), odd) == ("match", shown)


def test_a_citizens_number_is_no_code(register: Register) -> None:
    evidence = shop(fact("uscc", "110101199003070011", valid=True))
    assert evidence.of("uscc") == ()
    number = "11010119900307" + "461"
    check = "10X98765432"[
        sum(int(c) * w for c, w in zip(number, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    ]
    assert shop(fact("uscc", number + check, valid=True)).of("uscc") == ()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("青禾公司", id="short-core"),
        pytest.param("青禾商贸有限公司", id="place-missing"),
        pytest.param("湖北青禾商贸有限公司", id="place-one-level-up"),
        pytest.param("宜昌青禾商贸有限公司", id="place-and-form-differ"),
        pytest.param("宜昌市青禾商茂有限责任公司", id="one-character-differs"),
        pytest.param("宜昌市青禾商贸有限责任公司西陵分公司", id="branch"),
        pytest.param("宜昌市第二印刷厂", id="another-number"),
        pytest.param("有限责任公司", id="suffix-only"),
        pytest.param("鲁国栋", id="a-person's-name"),
    ],
)
def test_near_names_are_candidates_and_never_asserted(name: str, register: Register) -> None:
    found = match_shop(evidence_of_fields({"name": name}), register, region=REGION)
    assert found.entity is None
    assert all(candidate.verdict is MatchVerdict.POSSIBLE for candidate in found.candidates)


def test_a_registered_code_that_differs_in_one_place_is_named(register: Register) -> None:
    found = match_shop(shop(fact("uscc", TEA[:17] + "7", valid=False)), register, region=REGION)
    assert f"在册代码只差一位的有 {TEA}" in found.reasons[0]
    far = match_shop(shop(fact("uscc", "91420502MA9999999Q", valid=False)), register, region=REGION)
    assert "也没有在册代码与之相近" in far.reasons[0]


def test_entities_of_one_name_are_told_apart_by_their_codes() -> None:
    again = replace(ENTITIES[0], uscc=UNKNOWN_CODE, status="存续", phone="", domain="", icp="", emark="")
    found = match_shop(shop(fact("name", ENTITIES[0].name)), Register.of((ENTITIES[0], again)), region=REGION)
    assert f"{again.name}（{TEA}）" in found.reasons[0] and f"{again.name}（{UNKNOWN_CODE}）" in found.reasons[0]


def test_several_that_fit_are_all_shown() -> None:
    register = Register.of(
        replace(ENTITIES[0], name=name, uscc=code(f"MB00000{n}"), phone="", domain="", icp="", emark="")
        for n, name in enumerate(["宜昌青禾商贸有限公司", "宜昌市青禾商贸有限公司", "宜昌青禾商贸有限责任公司"])
    )
    found = match_shop(evidence_of_fields({"name": "湖北省宜昌青禾商贸公司"}), register, region=REGION)
    assert found.entity is None
    assert len(found.candidates) == 3


def test_what_is_mentioned_once_weighs_less_than_what_every_page_shows(register: Register) -> None:
    own, other = fact("name", "宜昌青禾堂大药房有限公司", how="copyright"), fact("name", "枝江市砚峰茶叶店", how="free")
    pages = [PageSeen(url=f"http://s.example/{n}", facts=PageFacts(facts=(own,)), home=n == 0) for n in range(9)]
    pages.append(PageSeen(url="http://s.example/news", facts=PageFacts(facts=(own, other))))
    found = match_shop(gather(pages, readable=True), register, region=REGION)
    assert found.entity is not None
    assert found.entity.entity_id == PHARMACY


# -- lists -------------------------------------------------------------------------------------------


def with_clue(clue: Clue, register: Register, *facts: Fact) -> Match:
    return match_shop(shop(*facts, clues=[clue]), register, region=REGION)


@pytest.mark.parametrize(
    "clue",
    [
        Clue(source="telecom", name="宜昌市青禾商贸有限责任公司"),
        Clue(source="telecom", icp="鄂ICP备2020000001号"),
        Clue(source="courier", shop_name="青禾小铺", phone="07176000001"),
        Clue(source="courier", shop_name="青禾小铺", person="鲁**", address="湖北宜昌西陵区学院街道云集路12号"),
    ],
)
def test_a_clue_that_agrees_with_one_entity_is_likely_and_says_so(clue: Clue, register: Register) -> None:
    found = with_clue(clue, register)
    assert found.determination is Determination.MATCH
    assert found.entity is not None
    assert (found.entity.entity_id, found.entity.verdict) == (TEA, MatchVerdict.LIKELY)
    assert "线索" in found.reasons[0]


def test_clues_never_outweigh_what_the_pages_say(register: Register) -> None:
    clue = Clue(source="courier", phone="07176000001")
    assert with_clue(clue, register, fact("name", "宜昌砚海酒业有限公司", how="copyright")).entity is None
    shown = with_clue(clue, register, fact("name", "枝江市砚峰茶叶店", how="copyright"))
    assert shown.entity is not None
    assert shown.entity.entity_id == SHOP


def test_clues_that_point_at_two_entities_prove_nothing(register: Register) -> None:
    clues = [Clue(phone="07176000001"), Clue(phone="13800000002")]
    assert match_shop(shop(clues=clues), register, region=REGION).entity is None


@pytest.mark.parametrize(
    ("clues", "facts", "candidates"),
    [
        ([Clue(phone="07176000001", address="湖北宜昌西陵区学院街道云集路12号", person="鲁**", shared=True)], [], [TEA]),
        ([Clue(phone="07176000001", shared=True), Clue(phone="13800000002", shared=True)], [], [TEA, PHARMACY]),
        ([Clue(phone="07176000001", shared=True)], [fact("address", "宜昌市西陵区学院街道云集路12号")], [TEA]),
    ],
    ids=["phone and address of one line", "two lines", "with the address on the page"],
)
def test_a_clue_that_may_be_another_shops_yields_candidates_only(
    clues: list[Clue], facts: list[Fact], candidates: list[str], register: Register
) -> None:
    found = match_shop(shop(*facts, clues=clues), register, region=REGION)
    assert found.entity is None
    assert {candidate.entity_id for candidate in found.candidates} == set(candidates)
    assert {candidate.verdict for candidate in found.candidates} == {MatchVerdict.POSSIBLE}
    assert "同名网店不止一家" in found.reasons[0]


def test_a_clue_that_may_be_another_shops_says_not_where_this_one_is(register: Register) -> None:
    clue = Clue(source="courier", address="武汉市江岸区解放大道99号")
    assert with_clue(clue, register).determination is Determination.OUT_OF_REGION
    assert with_clue(replace(clue, shared=True), register).determination is Determination.NO_MATCH


def test_telephones_that_many_share_prove_nothing() -> None:
    agents = [
        replace(ENTITIES[0], uscc=code(f"MC0000{n:02d}"), name=f"宜昌青{n}号商贸有限公司", icp="", emark="", domain="")
        for n in range(12)
    ]
    assert match_shop(shop(fact("phone", "07176000001")), Register.of(agents)).entity is None


# -- units -------------------------------------------------------------------------------------------


@pytest.fixture
def with_units(register: Register) -> Register:
    whole = Register.of(ENTITIES)
    whole.units = Units.of(
        [
            Unit(division="4205", name="网监中心", level="centre"),
            Unit(division="420502", name="西陵区局", level="bureau"),
            Unit(division="420502002", name="学院所", level="station"),
            Unit(division="420583", name="枝江市局", level="bureau"),
        ]
    )
    return whole


@pytest.mark.parametrize(
    ("facts", "own_host", "unit"),
    [
        pytest.param([fact("uscc", TEA, valid=True)], True, "学院所", id="station-of-the-domicile"),
        pytest.param([fact("uscc", SHOP, valid=True)], True, "枝江市局", id="bureau"),
        pytest.param([fact("uscc", PHARMACY, valid=True)], True, "网监中心", id="centre-where-nobody-else"),
        pytest.param([], True, "网监中心", id="nothing-known"),
        pytest.param([fact("address", "枝江市马家店街道1号")], True, "枝江市局", id="place-shown"),
        pytest.param(
            [fact("uscc", TEA, valid=True), fact("address", "枝江市马家店街道1号")],
            True,
            "学院所",
            id="site-follows-domicile",
        ),
        pytest.param(
            [fact("uscc", TEA, valid=True), fact("address", "枝江市马家店街道1号")],
            False,
            "枝江市局",
            id="platform-follows-business",
        ),
        pytest.param([fact("name", "深圳市云云科技有限公司")], True, "transfer 4403 广东省深圳市", id="elsewhere"),
    ],
)
def test_units(facts: list[Fact], own_host: bool, unit: str, with_units: Register) -> None:
    assert match_shop(shop(*facts, own_host=own_host), with_units, region=REGION).unit == unit


def test_conflicts_of_jurisdiction_are_said(with_units: Register) -> None:
    found = match_shop(
        shop(fact("uscc", TEA, valid=True), fact("address", "枝江市马家店街道1号")), with_units, region=REGION
    )
    assert any("管辖冲突" in reason for reason in found.reasons)


# -- who is named for something else --------------------------------------------------------------------

BUILDER = fact("name", "枝江市砚峰茶叶店", how="other")
MAKER = fact("name", "枝江市砚峰茶叶店", how="maker")
OVER_THE_DOOR = fact("name", "枝江市砚峰茶叶店", how="shop")


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        pytest.param([BUILDER], ("no_match", None), id="who-built-the-site"),
        pytest.param([MAKER], ("no_match", None), id="maker"),
        pytest.param([OVER_THE_DOOR], ("match", SHOP), id="name-over-the-door"),
        pytest.param([fact("name", "峡江好茶专营店", how="shop")], ("no_match", None), id="unknown-name-over-the-door"),
        pytest.param([BUILDER, fact("phone", "0717-6000001")], ("match", TEA), id="built-for-another"),
        pytest.param([MAKER, fact("address", "枝江市马家店街道公园路8号")], ("match", SHOP), id="maker-at-its-address"),
        pytest.param([BUILDER, fact("address", "枝江市马家店街道公园路8号")], ("no_match", None), id="builder-at-its-address"),
        pytest.param([BUILDER, fact("name", "枝江市砚峰茶叶店", how="known")], ("match", SHOP), id="also-named-itself"),
        pytest.param([BUILDER, fact("known_name", "枝江市砚峰茶叶店", how="known")], ("no_match", None), id="also-in-the-text"),
        pytest.param([MAKER, fact("known_name", "枝江市砚峰茶叶店", how="known")], ("no_match", None), id="maker-in-the-text"),
        pytest.param([fact("uscc", SHOP, valid=True, how="other")], ("no_match", None), id="code-of-another"),
        pytest.param([fact("phone", "0717-6000001", how="other")], ("no_match", None), id="telephone-of-another"),
        pytest.param([fact("uscc", TEA, valid=True), BUILDER], ("match", TEA), id="own-code-and-builder"),
        pytest.param([fact("uscc", TEA, valid=True), MAKER], ("match", TEA), id="own-code-and-maker"),
        pytest.param(
            [fact("uscc", TEA, valid=True), fact("name", "峡江好茶专营店", how="shop")], ("match", TEA), id="own-code-and-door"
        ),
        pytest.param([fact("name", "深圳市云云科技有限公司", how="other")], ("no_match", None), id="builder-elsewhere"),
        pytest.param(
            [fact("name", "宜昌青禾堂大药房有限公司", how="copyright"), fact("name", "枝江市砚峰茶叶店")],
            ("match", SHOP),
            id="own-label-outranks-copyright",
        ),
    ],
)
def test_names_of_other_parties(facts: list[Fact], outcome: tuple[str, str | None], register: Register) -> None:
    assert determined(shop(*facts), register) == outcome


@pytest.mark.parametrize(("named", "why"), [(BUILDER, "技术支持"), (MAKER, "生产")])
def test_other_parties_are_shown_as_candidates(named: Fact, why: str, register: Register) -> None:
    found = match_shop(shop(named), register, region=REGION)
    (candidate,) = found.candidates
    assert (candidate.entity_id, candidate.verdict) == (SHOP, MatchVerdict.POSSIBLE)
    assert why in candidate.features[0].why


PLATFORM = fact("name", "宜昌青禾堂大药房有限公司", how="copyright")


def test_a_platforms_footer_is_not_the_shops_on_it(register: Register) -> None:
    own = fact("name", "枝江市砚峰茶叶店")
    filing = fact("icp", "鄂ICP备2020000001号-1")
    assert determined(shop(PLATFORM, filing, own, own_host=False), register) == ("match", SHOP)
    assert determined(shop(PLATFORM, filing, fact("name", "宜昌无名商行"), own_host=False), register) == ("no_match", None)
    assert determined(shop(PLATFORM, own_host=False), register) == ("match", PHARMACY)
    assert determined(shop(PLATFORM, fact("name", "宜昌青禾堂大药房有限公司"), own_host=False), register) == ("match", PHARMACY)


def test_a_name_over_the_door_outranks_a_copyright_line(register: Register) -> None:
    assert determined(shop(PLATFORM, OVER_THE_DOOR), register) == ("match", SHOP)
    assert determined(shop(PLATFORM, OVER_THE_DOOR, own_host=False), register) == ("match", SHOP)
    assert determined(shop(PLATFORM, fact("name", "峡江好茶专营店", how="shop")), register) == ("match", PHARMACY)


@pytest.mark.parametrize("part", ["other", "maker"])
@pytest.mark.parametrize("shown", [("phone", "0717-6000001"), ("icp", "鄂ICP备2020000001号-1")], ids=["phone", "filing"])
def test_what_belongs_to_a_firm_in_another_part_does_not_make_it_the_operator(part: str, shown: tuple[str, str], register: Register) -> None:
    """技术支持：某公司 电话…, while the page names its own operator: registered or not, it is not the builder."""
    builder = [fact("name", "宜昌市青禾商贸有限责任公司", how=part), fact(*shown)]
    assert determined(shop(*builder, fact("name", "宜昌青禾堂大药房有限公司", how="free")), register) == ("match", PHARMACY)
    assert determined(shop(*builder, fact("name", "宜昌云山果业有限公司", how="free")), register) == ("no_match", None)


def test_a_maker_that_is_the_only_one_named_may_sell_its_goods_itself(register: Register) -> None:
    facts = [fact("name", "宜昌市青禾商贸有限责任公司", how="maker"), fact("phone", "0717-6000001")]
    assert determined(shop(*facts), register) == ("match", TEA)
