"""What a page sells and which approvals it shows, by words and number formats (see the shared pack for the words)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from netpatrol.detect.types.slot import Lexicons, expand

_SPECIAL = "special_cosmetics"  # 特殊化妆品 by registration; it stands beside the kind of every filed cosmetic
_APPROVALS = {
    "drug": r"国药准字 ?[hzsbjtf]? ?[0-9x]{8}|药广审|药品批准文号",
    "medical_device": r"械注[准进许] ?[0-9x]{8,}|械备[号案]? ?[0-9x]{8}|械广审|[医]?疗?器械注册证",
    "health_food": r"国食健[注字备] ?[gj]?[0-9x]{8}|食健备 ?[gj]?[0-9x]{8,}|食健广审",
    "cosmetics": r"国妆特(?:进?字|进) ?[gj]?[0-9x]{6,}|国妆网备|妆网备字|国妆备",
    _SPECIAL: r"国妆特(?:进?字|进) ?[gj]?[0-9x]{6,}",
    "medical_service": r"医广【?[0-9]{4}】?|医广\(",
    "pesticide": r"农药登记证|pd[0-9]{6,}|wp[0-9]{6,}|农药广审",
}
_APPROVAL_PATTERNS = {name: re.compile(source) for name, source in _APPROVALS.items()}
_APPROVAL_WORDS = (
    "准字",
    "广审",
    "械注",
    "械备",
    "注册证",
    "食健",
    "妆特",
    "妆网备",
    "妆备",
    "医广",
    "批准文号",
    "登记证",
    "pd",
    "wp",
)
_FEWEST = 2  # a single word in passing does not say what a whole page sells
_MOST = 60_000  # characters looked at for goods; a page says early what it sells
_CURES = ("drug", "medical_device", "medical_service", "medical_beauty")
_BESIDE = 7  # characters before and after a word in which it can be told that others sell it, or nobody needs it any more


class Signs:
    """The cue words and goods words of a rule set, compiled once."""

    def __init__(
        self, cues: Mapping[str, tuple[str, ...]], goods: Mapping[str, tuple[str, ...]], lexicons: Lexicons
    ) -> None:
        self._cues = {
            name: _automaton(tuple(dict.fromkeys(w for word in words for w in expand(word, lexicons))))
            for name, words in cues.items()
        }
        self._goods = {
            word: name for name, words in goods.items() for entry in words for word in expand(entry, lexicons)
        }

    def has(self, cue: str, text: str) -> bool:
        """Say whether a cue of that name stands in the text."""
        automaton = self._cues.get(cue)
        return automaton is not None and bool(text) and bool(automaton.find(text))

    def count(self, cue: str, text: str) -> int:
        """Return how many different cue words of that name stand in the text."""
        automaton = self._cues.get(cue)
        return len({number for _, _, number in automaton.find(text)}) if automaton is not None and text else 0

    @cached_property
    def _goods_words(self) -> tuple[Any, tuple[str, ...]]:
        words = tuple(self._goods)
        return _automaton(words), words

    def goods(self, text: str, title: str = "") -> str:
        """Return the category that most goods words point at; words of the title count fourfold. Ties: unknown."""
        if not self._goods:
            return "unknown"
        automaton, words = self._goods_words
        counts: Counter[str] = Counter()
        for weight, part in ((4, title.lower()), (1, text[:_MOST])):
            for start, end, number in automaton.find(part) if part else ():
                name = self._goods[words[number]]
                if name not in _CURES or not self._is_put_aside(part, start, end):
                    counts[name] += weight
        for name in self.approvals(text) - {_SPECIAL}:
            counts[name] += 3
        best = counts.most_common(2)
        if not best or (title and best[0][1] < _FEWEST):
            return "unknown"
        if len(best) == 2 and best[0][1] == best[1][1]:
            return _stricter(best[0][0], best[1][0])
        return best[0][0]

    def _is_put_aside(self, text: str, start: int, end: int) -> bool:
        """Say whether a word of cures is named as what others could not do or nobody needs: 不用跑医院, 雾化器收起来了."""
        return self.has("aside_before", text[max(0, start - _BESIDE) : start]) or self.has("aside_after", text[end : end + _BESIDE])

    def approvals(self, text: str) -> frozenset[str]:
        """Return the kinds of approval and registration numbers in a text."""
        if not any(word in text for word in _APPROVAL_WORDS):
            return frozenset()
        return frozenset(name for name, pattern in _APPROVAL_PATTERNS.items() if pattern.search(text))


def _automaton(words: tuple[str, ...]) -> Any:
    """Return a matcher that finds the longest of these words from the left."""
    import daachorse

    return daachorse.CharwiseDoubleArrayAhoCorasick(list(words), daachorse.MATCH_KIND_LEFTMOST_LONGEST)


def _stricter(a: str, b: str) -> str:
    """Of two equally likely categories return the more specific one (goods and services last)."""
    vague = ("general_goods", "general_service", "unknown")
    return b if a in vague else a
