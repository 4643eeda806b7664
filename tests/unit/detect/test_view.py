"""Repairs: the view says what was meant, and every offset leads back to what was written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netpatrol.detect.view import Repair, apply_repairs


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
