"""The fast cutter gives jieba's tokens, whatever the text, with user words too."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpatrol.text.words import FastTokenizer, JiebaTokenizer, borders, tokenizer

USER_WORDS = ("青禾堂", "美缝剂王", "NO.1", "维C", "最省心", "一口闷")
LINES = (
    "这款空调最省电，这车太省了，不是最贵的",
    "赶到青禾堂看病的人很多，随青禾堂走",
    "超敏C反应蛋白检测试剂 维C泡腾片 HPV九价",
    "No.1品牌 NO1 no.1 Top1 100% a-b_c 5A级景区",
    "steel健身补充剂 license lock",
    "若放进页面中将报错，我会问几个人",
    "周一至周五坐诊\r\n在页面上犯了小错\n",
    "𠮷野家 \ud800 ㏄ é",
    "",
)


@pytest.fixture(scope="module")
def slow() -> JiebaTokenizer:
    return JiebaTokenizer()


@pytest.fixture(scope="module")
def fast() -> FastTokenizer:
    return FastTokenizer()


@pytest.mark.parametrize("line", LINES)
def test_same_tokens_as_jieba(line: str, slow: JiebaTokenizer, fast: FastTokenizer) -> None:
    line = line.encode("utf-8", "replace").decode()
    assert fast.cut(line) == slow.cut(line)


CHARS = "的一是在最佳第国家级治疗愈美好茶酒款空调省电高新区青禾堂中将报错ABCabc019.-%+# ，。\n"


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from(CHARS), max_size=40))
def test_same_tokens_on_any_text(slow: JiebaTokenizer, fast: FastTokenizer, text: str) -> None:
    assert fast.cut(text) == slow.cut(text)
    assert "".join(fast.cut(text)) == text


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from(CHARS + "缝剂王维口闷心"), max_size=40))
def test_same_tokens_with_user_words(text: str) -> None:
    slow, fast = _with_user_words()
    assert fast.cut(text) == slow.cut(text)


def _with_user_words(made: list[tuple[JiebaTokenizer, FastTokenizer]] = []) -> tuple[JiebaTokenizer, FastTokenizer]:  # noqa: B006
    if not made:
        pair = (JiebaTokenizer(), FastTokenizer())
        for cutter in pair:
            cutter.add_words(USER_WORDS)
        made.append(pair)
    return made[0]


def test_user_words_of_one_cutter_stay_its_own(slow: JiebaTokenizer) -> None:
    assert "美缝剂王" in _with_user_words()[0].cut("买美缝剂王吧")
    assert "美缝剂王" not in slow.cut("买美缝剂王吧")


def test_both_dictionaries_hold_the_same_words(slow: JiebaTokenizer, fast: FastTokenizer) -> None:
    beginnings = slow._jieba.FREQ  # every word, and every beginning of one, which is no word unless it has a frequency
    assert len(beginnings) > 400_000
    assert not [word for word, frequency in beginnings.items() if fast.knows(word) != bool(frequency)]


def test_borders_are_starts_and_ends(fast: FastTokenizer) -> None:
    assert borders("天下第一泉", fast) >= {0, 5}


def test_one_dictionary_per_process() -> None:
    assert tokenizer() is tokenizer()
