"""Repairs: the view says what was meant, and every offset leads back to what was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.detect.view import JOINED, Repair, View, apply_repairs, join_answers


def test_without_repairs_nothing_changes() -> None:
    view = apply_repairs("最佳", [])
    assert (view.text, view.norm_span(0, 2), view.repaired(0, 2)) == ("最佳", (0, 2), ())


def test_a_repaired_stretch_is_quoted_whole() -> None:
    view = apply_repairs("买最-佳的茶", [Repair(1, 4, "最佳")])
    assert view.text == "买最佳的茶"
    assert view.norm_span(1, 3) == (1, 4)
    assert view.norm_span(2, 3) == (1, 4)
    assert view.norm_span(0, 1) == (0, 1)
    assert view.norm_span(3, 5) == (4, 6)
    assert view.repaired(1, 2) == (Repair(1, 4, "最佳"),)


def test_of_overlapping_repairs_the_longer_wins() -> None:
    view = apply_repairs("全-国-第-一", [Repair(4, 7, "第一"), Repair(0, 7, "全国第一")])
    assert view.text == "全国第一"


@st.composite
def _repaired(draw: st.DrawFn) -> tuple[str, list[Repair]]:
    norm = draw(st.text("最佳的茶·-一二三", min_size=1, max_size=30))
    spans = draw(st.lists(st.tuples(st.integers(0, len(norm) - 1), st.integers(1, 6)), max_size=6))
    made = [Repair(a, min(len(norm), a + n), "乙" * draw(st.integers(1, 4))) for a, n in spans]
    return norm, made


@given(_repaired())
def test_every_span_leads_back_inside_the_text(case: tuple[str, list[Repair]]) -> None:
    norm, repairs = case
    view = apply_repairs(norm, repairs)
    last = 0
    for at in range(len(view.text)):
        start, end = view.norm_span(at, at + 1)
        assert 0 <= start < end <= len(norm)
        assert start >= last or view.repaired(at, at + 1)
        last = start
        if not view.repaired(at, at + 1):
            assert norm[start:end] == view.text[at]
    assert view.norm_span(0, len(view.text)) == (0, len(norm)) or not norm


@given(_repaired())
def test_offsets_of_the_norm_lead_into_the_view(case: tuple[str, list[Repair]]) -> None:
    norm, repairs = case
    view = apply_repairs(norm, repairs)
    places = [view.view_offset(at) for at in range(len(norm))]
    assert places == sorted(places)
    assert all(0 <= place < len(view.text) for place in places)


@pytest.mark.parametrize("text", ["痔疮反复发作?一贴就好", "高血压怎么办?喝这个就对了", "好的。腰突要开刀?别急,先贴两盒", "血脂高?不用吃药降下来"])
def test_a_trouble_is_read_on_into_what_is_offered_for_it(text: str) -> None:
    assert join_answers(View(text)).text == text.replace("?", JOINED)


@pytest.mark.parametrize(
    "text",
    [
        "能治脚气吗?不能,这是肥皂",
        "谁家最好?当然是我们家",
        "保过?我们不做这种承诺",
        "全国第一?不敢当,小本买卖",
        "不承诺包过?我们偏要承诺",
        "根治?",
        "痔疮?\n一贴就好",
        "说“根治脚气?”的人多了",
        "这一句问得太长太长太长太长太长了?贴了就好",
    ],
)
def test_a_question_that_asks_or_is_denied_stays_one(text: str) -> None:
    assert join_answers(View(text)).text == text


@given(st.text(alphabet="痔疮?好,。吗\n 贴", max_size=40))
def test_joining_moves_nothing(text: str) -> None:
    assert join_answers(View(text)).text.replace(JOINED, "?") == text
