"""The slot language: what each part means, where a search starts, what is refused."""

from __future__ import annotations

import re

import pytest

from netpatrol.detect.types.matcher import finder_of
from netpatrol.detect.types.slot import SlotError, compile_slot, spell_out

LEXICONS = {"praise": ("好吃", "香"), "more": ("@praise", "甜"), "loop": ("@loop",)}

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


def test_spelled_out_texts() -> None:
    assert spell_out("最 @praise 的?", LEXICONS) == ("最好吃的", "最好吃", "最香的", "最香")


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
