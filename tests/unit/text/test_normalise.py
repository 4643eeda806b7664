"""Normalising: what is folded, that offsets lead back, that doing it twice changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.text.normalise import normalise

FOLDS = {
    "full_width": ("ＮＯ．１", "no.1"),
    "traditional": ("最頂級", "最顶级"),
    "zero_width": ("降\u200b血\u200b压", "降血压"),
    "soft_hyphen": ("最\u00ad佳", "最佳"),
    "variation_selector": ("最\ufe0f佳", "最佳"),
    "astral_variation_selector": ("最\U000e0100佳", "最佳"),
    "bidi_control": ("最\u202e佳\u202c", "最佳"),
    "nul": ("最\x00佳", "最佳"),
    "strike_through": ("最\u0336佳\u0336", "最佳"),
    "underlined": ("最\u0332好\u0332", "最好"),
    "accented": ("最\u0301好", "最好"),
    "tone_of_its_own": ("zui\u0300hao\u030c", "zuihao"),
    "expands": ("℡㎏№", "telkgno"),
    "circled": ("第①", "第1"),
    "parenthesised_keeps_brackets": ("㈢", "(三)"),
    "ideographic_space_stays_a_space": ("保\u3000本", "保 本"),
    "emoji_stays": ("包🍵效", "包🍵效"),
    "squared_ideograph": ("包🈶效", "包有效"),
    "kangxi_radical": ("⾃⽤", "自用"),
    "lone_surrogate": ("a\ud800b", "a\ufffdb"),
    "greek_letters_that_look_latin": ("NΟ.1 Βest", "no.1 best"),
    "cyrillic_letters_that_look_latin": ("ТОР1", "top1"),
    "greek_letters_of_their_own": ("α-亚麻酸 Ω-3", "α-亚麻酸 ω-3"),
    "line_break_stays": ("最\n佳", "最\n佳"),
    "empty": ("", ""),
}


@pytest.mark.parametrize(("raw", "text"), FOLDS.values(), ids=FOLDS.keys())
def test_folds(raw: str, text: str) -> None:
    assert normalise(raw).text == text


def test_same_offsets_need_no_map() -> None:
    assert normalise("最頂級的茶🍵").origin is None


def test_map_leads_back_over_deleted_and_expanded_characters() -> None:
    found = normalise("\u200b最\u00ad佳№1🍵茶\u200b")
    assert found.text == "最佳no1🍵茶"
    assert found.origin is not None
    assert found.origin.tolist() == [1, 3, 4, 4, 5, 6, 7, 9]
    assert str(found.origin.dtype) == "int32"


ODD = "最佳ＡⅢ①㎏℡№🈶\u200b\u00ad\ufe0f\x00\ud800級頂"
TEXT = st.text(st.one_of(st.characters(), st.sampled_from(ODD)), max_size=60)


@given(TEXT)
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = normalise(raw).text
    again = normalise(once)
    assert again.text == once
    assert again.origin is None


@given(TEXT)
def test_origin_is_monotonous_and_each_character_comes_from_its_place(raw: str) -> None:
    found = normalise(raw)
    origin = list(range(len(raw) + 1)) if found.origin is None else found.origin.tolist()
    assert len(origin) == len(found.text) + 1
    assert origin == sorted(origin)
    assert origin[-1] == len(raw)
    for i, char in enumerate(found.text):
        assert char in normalise(raw[origin[i]]).text


@given(TEXT, TEXT)
def test_concatenation_normalises_to_concatenation(a: str, b: str) -> None:
    assert normalise(a + b).text == normalise(a).text + normalise(b).text
