"""Menus and names of goods on whole pages; what a page sells; what a rule leaves to another family."""

from __future__ import annotations

from datetime import date

import pytest

from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import judge_snippet
from netpatrol.items import Finding, PageFacts, PageText, PartKind, Verdict, Zone, ZoneName
from netpatrol.text.normalise import normalise

ON = date(2026, 1, 15)
FILLER = ("本店每天下午统一发货，偏远地区稍晚一些。", "尺码表仅供参考，请按实物选择。")


def page(*blocks: str | tuple[str, PartKind], title: str = "江边小铺") -> PageText:
    """Return a page of several blocks."""
    zones, texts, at = [], [], 0
    for block in (*FILLER, *blocks):
        text, part = block if isinstance(block, tuple) else (block, PartKind.PAGE)
        zones.append(Zone(name=ZoneName.TEXT, start=at, end=at + len(text), part=part))
        texts.append(text)
        at += len(text) + 1
    raw = "\n".join(texts)
    form = normalise(raw)
    return PageText(raw=raw, zones=tuple(zones), norm=form.text, origin=form.origin, title=title)


def loud(engine: Engine, text: PageText) -> list[Finding]:
    return [f for f in engine.judge(text, PageFacts(), on=ON).findings if f.verdict is Verdict.VIOLATION]


MENU = ["热敷理疗毯", "磁疗腰带", "电疗仪", "祛湿茶", "降压仪 A款", "清肝饮¥39", "护眼贴 20片", "红外理疗灯礼盒装"]


@pytest.mark.parametrize("name", MENU)
def test_a_bare_name_in_a_menu_claims_nothing(engine: Engine, name: str) -> None:
    assert not loud(engine, page("棉麻衬衫", name, "保温杯"))


def test_a_name_let_pass_says_why(engine: Engine) -> None:
    found = engine.judge(page("磁疗腰带"), PageFacts(), on=ON).findings
    assert [(f.verdict, f.exemption) for f in found] == [(Verdict.EXEMPT, "LEX")]


CLAIMS = ["磁疗腰带，三天治好腰椎病", "降压茶 告别降压药", "抗癌灵芝粉", "专治灰指甲的喷剂", "祛湿茶能排出体内毒素"]


@pytest.mark.parametrize("block", CLAIMS)
def test_a_promise_in_a_menu_is_one(engine: Engine, block: str) -> None:
    assert loud(engine, page("棉麻衬衫", block, "保温杯"))


def test_a_title_that_only_names_goods_asks_for_a_person(engine: Engine) -> None:
    found = engine.judge(page(("清和 磁疗枕", PartKind.PRODUCT_TITLE)), PageFacts(), on=ON).findings
    assert [f.verdict for f in found] == [Verdict.REVIEW]


def test_a_title_alone_keeps_its_verdict(engine: Engine) -> None:
    found = judge_snippet(engine, "磁疗手环", on=ON, kind=PartKind.PRODUCT_TITLE)
    assert [f.verdict for f in found] == [Verdict.VIOLATION]


MIXED = [
    ("education", "短期培训包拿证书，无需考试"), ("education", "签约保录取，没考上退学费"),
    ("realestate", "买房就送重点小学学位"), ("realestate", "商铺十年包租，坐收租金"),
    ("finance", "保证最低收益9%，到期自动到账"), ("cosmetics", "抹一抹毛孔彻底消失，零刺激零过敏"),
]  # fmt: skip


@pytest.mark.parametrize(("family", "claim"), MIXED, ids=[claim for _, claim in MIXED])
def test_a_telling_sentence_counts_whatever_the_page_sells(engine: Engine, family: str, claim: str) -> None:
    tea = ("高山绿茶，明前采摘，手工炒制，罐装二百五十克。", "茶叶请密封后放在阴凉处，绿茶红茶都一样。")
    assert family in {f.family for f in loud(engine, page(*tea, claim, title="绿茶 红茶 - 江边茶庄"))}


@pytest.mark.parametrize(
    ("claim", "family"),
    [("零风险高回报，适合每一个家庭", "finance"), ("售后包租无风险，商铺首付八万起", "realestate")],
)
def test_one_place_is_named_by_the_family_that_knows_it(engine: Engine, claim: str, family: str) -> None:
    assert {f.family for f in loud(engine, page(claim))} == {family}


def test_a_warning_beside_a_claim_does_not_free_it(engine: Engine) -> None:
    text = page("任何声称稳赚的理财都要警惕。投资十万，一年稳赚三万。")
    assert [f.quote for f in loud(engine, text)]


@pytest.mark.parametrize("text", ["荣登全_省_第_一，签约放心", "这家店击。穿。底。价，别处没有"])
def test_a_run_of_single_characters_ends_at_another_mark(engine: Engine, text: str) -> None:
    assert any(f.verdict is Verdict.VIOLATION for f in judge_snippet(engine, text, on=ON))
