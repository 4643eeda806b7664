from __future__ import annotations

import pytest

from netpatrol.entities.names import alike, fold, parse, spellings, tells, variations


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("宜昌青禾（湖北）商贸有限公司", "宜昌青禾(湖北)商贸有限公司", id="brackets"),
        pytest.param("宜昌青禾堂大藥房有限公司", "宜昌青禾堂大药房有限公司", id="traditional"),
        pytest.param("【宜昌 青禾　商贸有限公司】", "宜昌青禾商贸有限公司", id="spaces-and-marks"),
        pytest.param("ＱＩＮＧＨＥ商贸有限公司", "qinghe商贸有限公司", id="full-width"),
        pytest.param("宜昌青禾商贸有限公司（", "宜昌青禾商贸有限公司", id="lone-bracket"),
    ],
)
def test_forms_that_print_differently_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("name", "loose"),
    [
        pytest.param("宜昌市青禾商贸有限责任公司", "4205|青禾商贸|co", id="city-with-rank"),
        pytest.param("湖北省宜昌青禾商贸有限公司", "4205|青禾商贸|co", id="province-first"),
        pytest.param("青禾商贸（宜昌）有限公司", "|青禾商贸(4205)|co", id="place-in-brackets"),
        pytest.param("湖北省青禾商贸（宜昌市）有限公司", "|青禾商贸(4205)|co", id="province-and-brackets"),
        pytest.param("长阳县青禾农民专业合作社", "420528|青禾|coop", id="autonomous-county-for-short"),
        pytest.param("广元电子工程（武汉）有限责任公司", "|广元电子工程(4201)|co", id="brand-that-is-a-town"),
        pytest.param("枝江市砚峰茶叶店（个体工商户）", "420583|砚峰茶叶店|", id="individual-business"),
        pytest.param("枝江市砚峰茶叶店", "420583|砚峰茶叶店|", id="individual-business-as-before-2022"),
        pytest.param("宜昌商贸有限公司", "", id="nothing-but-trade"),
        pytest.param("有限公司", "", id="suffix-only"),
        pytest.param("QINGHE CO.,LTD", "|qinghe|co", id="latin-form-without-space"),
    ],
)
def test_loose_keys(name: str, loose: str) -> None:
    assert parse(fold(name)).loose == loose


@pytest.mark.parametrize(
    ("shown", "registered", "differ"),
    [
        ("宜昌青禾商贸有限公司", "宜昌青禾商贸有限公司", ()),
        ("宜昌青禾商贸公司", "宜昌青禾商贸有限公司", ("form",)),
        ("湖北省宜昌青禾商贸有限公司", "宜昌青禾商贸有限公司", ("place",)),
        ("宜昌青禾商贸有限公司", "宜昌市青禾商贸有限责任公司", ("place", "form")),
        ("枝江市砚峰茶叶店", "枝江市砚峰茶叶店（个体工商户）", ("form",)),
    ],
)
def test_variations_are_told_apart(shown: str, registered: str, differ: tuple[str, ...]) -> None:
    assert variations(parse(fold(shown)), parse(fold(registered))) == differ


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        pytest.param(
            "宜昌青禾堂大药房有限公司（原宜昌康禾堂大药房）",
            {("name", "宜昌青禾堂大药房有限公司"), ("former", "宜昌康禾堂大药房")},
            id="former-in-brackets",
        ),
        pytest.param(
            "宜昌青禾商贸有限公司西陵分公司",
            {("name", "宜昌青禾商贸有限公司西陵分公司"), ("parent", "宜昌青禾商贸有限公司")},
            id="branch",
        ),
        pytest.param("宜昌市第一印刷厂", {("name", "宜昌市第一印刷厂")}, id="claim-word-in-name"),
    ],
)
def test_one_printed_name_may_hold_several(printed: str, found: set[tuple[str, str]]) -> None:
    assert set(spellings(printed)) == found


@pytest.mark.parametrize("core", ["商贸", "电子商务", "第一", "科技发展", "店", ""])
def test_cores_that_anyone_has_tell_nothing(core: str) -> None:
    assert not tells(core)


@pytest.mark.parametrize(
    ("shown", "registered", "same"),
    [
        pytest.param("青禾旗舰店", "宜昌市青禾商贸有限责任公司", True, id="shop-by-its-brand"),
        pytest.param("宜昌市青禾商贸有限责任公司西陵店", "宜昌市青禾商贸有限责任公司", True, id="branch"),
        pytest.param("宜昌市青禾商茂有限责任公司", "宜昌市青禾商贸有限责任公司", True, id="typing-error"),
        pytest.param("宜昌砚峰酒业有限公司", "宜昌市青禾商贸有限责任公司", False, id="another-firm"),
        pytest.param("秭归县石坞健康科技经营部", "当阳市石屋健康科技经营部", False, id="like-but-elsewhere"),
        pytest.param("宜昌市石坞健康科技经营部", "宜昌市云坞健康科技经营店", False, id="same-trade"),
    ],
)
def test_alike_is_generous_with_shops_and_strict_with_full_names(shown: str, registered: str, same: bool) -> None:
    assert alike(shown, registered) is same


def test_hostile_names_take_no_time() -> None:
    name = "宜昌" + "（原" * 5_000 + "公司" * 5_000
    assert list(spellings(name))
    assert parse(fold(name)).folded
