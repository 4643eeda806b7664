"""The slot language: what each part means, where a search starts, what is refused."""

from __future__ import annotations

import re
from collections import deque
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netpatrol.detect.types.matcher import finder_of
from netpatrol.detect.types.slot import SlotError, compile_slot, prove, spell_out
from netpatrol.detect.types.spelling import check_spelling

DEEP = {f"w{n}": (f"@w{n + 1}",) for n in range(3000)} | {"w3000": ("茶",)}
LEXICONS = {"praise": ("好吃", "香"), "more": ("@praise", "甜"), "loop": ("@loop",), "none_in": (), "days": ("#天", "整天"), **DEEP}

FOUND = {
    "words": ("最 好吃", "全国最好吃的", "最好吃"),
    "alternatives": ("最 好吃|香", "最香", "最香"),
    "lexicon": ("最 @praise", "最香", "最香"),
    "lexicon_of_lexicon": ("最 @more", "最甜", "最甜"),
    "blank_between": ("最 @praise", "最 香", "最 香"),
    "optional_absent": ("最 为? 香", "最香", "最香"),
    "optional_present": ("最 为? 香", "最为香", "最为香"),
    "gap": ("治 ~3 病", "治好各种病", "治好各种病"),
    "gap_too_far": ("治 ~2 病", "治好各种病", None),
    "gap_stays_in_clause": ("治 ~5 病", "治好，各病", None),
    "wide_gap_crosses_commas": ("治 ≈5 病", "治好，各病", "治好，各病"),
    "wide_gap_stays_in_sentence": ("治 ≈5 病", "治好。各病", None),
    "gap_in_full_width": ("治 ~３ 病", "治好各种病", "治好各种病"),
    "gap_in_full_width_too_far": ("治 ~２ 病", "治好各种病", None),
    "raw_piece_absent": ("最 /[很真]/? 香", "最香", "最香"),
    "group_that_is_repeated": ("/(.)着\\1着/ 香", "闻着闻着香", "闻着闻着香"),
    "number": ("瘦 # 斤", "瘦20斤", "瘦20斤"),
    "chinese_number": ("瘦 # 斤", "瘦二十斤", "瘦二十斤"),
    "number_in_word": ("#倍|翻番", "三倍", "三倍"),
    "raw_piece": ("/[abc]/ 级", "b级", "b级"),
    "not_after": ("第一 !步|次", "第一步，第一名", "第一"),
    "not_before": ("<!非 第一", "非第一", None),
    "clause_start": ("^ 第一", "质量第一", None),
    "clause_start_found": ("^ 第一", "好，第一", "第一"),
    "clause_end": ("最好 $", "最好先看", None),
    "word_or_clause_end": ("最好 的|$", "最好，先看", "最好"),
    "word_instead_of_clause_end": ("最好 的|$", "最好的茶", "最好的"),
    "neither_word_nor_clause_end": ("最好 的|$", "最好先看", None),
    "longest_alternative_wins": ("最|最好 吃|好吃", "最好吃", "最好吃"),
    "full_width_and_case": ("ＮＯ.1", "no.1", "no.1"),
}


@pytest.mark.parametrize(("say", "text", "found"), FOUND.values(), ids=FOUND.keys())
def test_finds(say: str, text: str, found: str | None) -> None:
    match = re.search(compile_slot(say, LEXICONS).source(), text)
    assert (match[0] if match else None) == found


STARTS = {
    "rarest_part": ("的 ~3 颈椎病", {"颈椎病"}),
    "chosen_part": ("最* ~3 颈椎病", {"最"}),
    "neighbours_joined": ("最 好吃", {"最好吃"}),
    "optional_never_starts": ("颈椎病? ~2 最", {"最"}),
}


@pytest.mark.parametrize(("say", "triggers"), STARTS.values(), ids=STARTS.keys())
def test_starts_at(say: str, triggers: set[str]) -> None:
    assert set(compile_slot(say, LEXICONS).triggers) == triggers


REFUSED = {
    "unknown_lexicon": ("最 @none", "没有名为“none”的词表"),
    "nothing_fixed": ("~3 #", "没有任何固定的词"),
    "gap_without_number": ("最 ~x 好", "间隔"),
    "gap_too_wide": ("最 ~99 好", "间隔"),
    "gap_of_superscript": ("最 ~² 好", "间隔"),
    "gap_of_superscript_in_circle": ("最 ~① 好", "间隔"),
    "gap_of_endless_digits": (f"最 ~{'9' * 5000} 好", "间隔"),
    "flags": ("茶 /(?i)a/? 王", "开关"),
    "default_flags": ("茶 /(?u)a/ 王", "开关"),
    "groups_of_one_name": ("茶 /(?P<x>a)/? /(?P<x>b)/? 王", "不止一处"),
    "groups_that_shift": ("茶 /(a)b/ /(c)\\1/ 王", "不止一处"),
    "parentheses_that_cross": ("茶 /a)|(?:b/ 王", "写错了"),
    "endless_count": ("茶 /a{99999999999999}/ 王", "写错了"),
    "count_beyond_reading": (f"茶 /a{{{'9' * 5000}}}/ 王", "写错了"),
    "brace_beyond_reading": (f"茶 /{'9' * 5000}}}/ 王", "写错了"),
    "nested_without_end": (f"茶 /{'(?:' * 3000}a{')' * 3000}/ 王", "写错了"),
    "doubtful_set": ("茶 /[[a]/ 王", "写错了"),
    "empty_lexicon": ("最 @none_in", "词表“none_in”是空的"),
    "empty_lexicon_denied": ("最好 !@none_in", "词表“none_in”是空的"),
    "lexicons_without_end": ("最 @w0", "超过 20 层"),
    "number_before": ("<!# 茶王", "里有 #"),
    "number_in_word_before": ("<!非|第# 茶王", "里有 #"),
    "number_in_lexicon_before": ("<!@days 茶王", "里有 #"),
    "start_at_raw_piece": ("/之|的/* 茶王", "不能作查找的起点"),
    "start_at_gap": ("茶 ~6* 王", "不能作查找的起点"),
    "start_at_number": ("#* 茶王", "不能作查找的起点"),
    "start_at_denied": ("茶王 !步*", "不能作查找的起点"),
    "start_at_what_may_be_absent": ("的?* 茶王", "不能作查找的起点"),
    "start_at_end": ("茶王 的|$*", "不能作查找的起点"),
    "only_symbols": ("、", "没有任何固定的词"),
    "lexicon_in_itself": ("@loop", "引用了自己"),
    "start_among_words": ("^|很 好", "要单独写"),
    "end_among_denied_words": ("最好 !的|$", "要单独写"),
    "endless_word": ("最 " + "好" * 3000, "有 3000 个字"),
}


@pytest.mark.parametrize(("say", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(say: str, message: str) -> None:
    with pytest.raises(SlotError, match=message):
        compile_slot(say, LEXICONS)


MISSPELT = {
    "torn_raw_piece": ("/[之 的]/ 茶王", "“/[之”：/正则/ 要自成一段"),
    "torn_and_optional": ("茶 /a b/? 王", "要自成一段"),
    "raw_piece_without_end": ("茶 /a 王", "要自成一段"),
    "raw_piece_without_start": ("茶 a/ 王", "要自成一段"),
    "raw_piece_among_words": ("茶 万|/[5-9]/", "要自成一段"),
    "raw_piece_amid_words": ("茶 万|/[5-9]/|千", "只当作"),
    "raw_piece_denied": ("茶 !/[5-9]/", "要自成一段"),
    "two_raw_pieces": ("茶 /a/|/b/", "写成一个正则"),
    "slash": ("茶 / 王", "要自成一段"),
    "slashes": ("茶 // 王", "要自成一段"),
    "full_width_gap": ("茶 ～６ 王", "“～”是全角的"),
    "full_width_question_mark": ("茶 的？ 王", "“？”是全角的"),
    "full_width_bar": ("茶｜酒 王", "“｜”是全角的"),
    "full_width_denial": ("茶王 ！步", "“！”是全角的"),
    "full_width_lexicon": ("最 ＠praise", "“＠”是全角的"),
    "optional_in_a_word": ("最 !的?城市|好", "“的?城市”里的 ? 只当作"),
    "gap_without_blank": ("茶~6 王", "“茶~6”里的 ~ 只当作"),
    "gap_among_words": ("茶 好|~6 王", "“~6”里的 ~ 只当作"),
    "lexicon_without_blank": ("最@praise", "里的 @ 只当作"),
    "denied_twice": ("茶王 !步!次", "里的 ! 只当作"),
    "denied_or_not": ("茶王 !步?", "等于没写"),
    "start_or_not": ("^? 茶王", "等于没写"),
}


@pytest.mark.parametrize(("say", "message"), MISSPELT.values(), ids=MISSPELT.keys())
def test_refuses_what_seems_to_mean_something_else(say: str, message: str) -> None:
    with pytest.raises(SlotError, match=re.escape(message)):
        check_spelling(say)


@pytest.mark.parametrize("say", [FOUND[name][0] for name in FOUND] + ["吗 ？", "吗 ？?", "元/斤 @days*", "茶 /[/？]/?", "-|~|至 茶"])
def test_lets_pass_what_means_what_it_says(say: str) -> None:
    check_spelling(say)
    prove(say, LEXICONS)


ODD = st.text("茶王的天@#~≈?*!<^$/|()[]{}\\:=-+.,&P1２²①９٣x ␣\n\u3000\u200b？～！＃·\U0001f525", max_size=24)


@given(say=ODD, words=st.lists(ODD, max_size=4))
@example(say="@a", words=["好" * n for n in range(1, 101)])  # one branch within the other
def test_odd_characters_raise_nothing_else(say: str, words: list[str]) -> None:
    with suppress(SlotError):
        check_spelling(say)
    with suppress(SlotError):
        spell_out(say, {"a": tuple(words)})
    try:
        slot = compile_slot(say, {"a": tuple(words)})
    except SlotError:
        return
    deque(finder_of(slot.source)("茶王的天1２(", 0, 8), maxlen=0)


def test_spelled_out_texts() -> None:
    assert spell_out("最 @praise 的?", LEXICONS) == ("最好吃的", "最好吃", "最香的", "最香")


@pytest.mark.parametrize("part", ["~6", "/[a]/", "!步", "<!步", "^", "$", "#天"])
def test_only_words_are_spelled_out(part: str) -> None:
    with pytest.raises(SlotError, match="不是词"):
        spell_out(f"最 {part}", LEXICONS)


def test_too_many_texts_are_refused() -> None:
    with pytest.raises(SlotError, match="展开后超过"):
        spell_out("a|b|c|d a|b|c|d", LEXICONS, limit=10)


def test_a_slot_needs_a_word_of_each_part_that_must_be_there():
    assert compile_slot("多 ~4 买|卖|送 了? 件 !套", {}).needs == (("多",), ("件",), ("买", "卖", "送"))


@pytest.mark.parametrize("before", [0, 49, 50, 60])
def test_looking_for_words_first_changes_no_match(before: int):
    """Before the regex is compiled its words are looked for; a text with all of them is found however many had not."""
    slot = compile_slot("多 ~4 买|卖 ≈3 #件", {})
    find, plain = finder_of(slot.source, slot.needs), finder_of(slot.source)
    for text in [*["多少钱一件", "买三件"] * (before // 2), "多人来买，三件", "件件多卖", "多 卖2件，多买五件"]:
        assert list(find(text, 0, len(text))) == list(plain(text, 0, len(text)))
