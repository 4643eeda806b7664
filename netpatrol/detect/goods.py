"""What a page sells and which approvals it shows, by words and number formats (see the shared pack for the words)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from netpatrol.detect.types.slot import Lexicons, alternation, expand

_APPROVALS = {
    "drug": r"国药准字 ?[hzsbjtf]? ?[0-9]{8}|药广审|药品批准文号",
    "medical_device": r"械注[准进许] ?[0-9]{8,}|械备[号案]? ?[0-9]{8}|械广审|[医]?疗?器械注册证",
    "health_food": r"国食健[注字备] ?[gj]?[0-9]{8}|食健备 ?[gj]?[0-9]{8,}|食健广审",
    "cosmetics": r"国妆特[字进] ?[gj]?[0-9]{6,}|国妆网备|妆网备字|国妆备",
    "medical_service": r"医广【?[0-9]{4}】?|医广\(",
    "pesticide": r"农药登记证|pd[0-9]{6,}|wp[0-9]{6,}|农药广审",
}
_AD_APPROVALS = re.compile(r"[药械]广审|食健广审|医广")
_REGISTERED_DRUG_FORMAT = re.compile("|".join(f"(?P<{name}>{source})" for name, source in _APPROVALS.items()))
_MOST = 60_000  # characters looked at for goods; a page says early what it sells


class Signs:
    """The cue words and goods words of a rule set, compiled once."""

    def __init__(self, cues: Mapping[str, tuple[str, ...]], goods: Mapping[str, tuple[str, ...]], lexicons: Lexicons) -> None:
        self._cues = {
            name: re.compile(alternation(tuple(w for word in words for w in expand(word, lexicons))))
            for name, words in cues.items()
        }
        self._goods = {word: name for name, words in goods.items() for entry in words for word in expand(entry, lexicons)}

    def has(self, cue: str, text: str) -> bool:
        """Say whether a cue of that name stands in the text."""
        pattern = self._cues.get(cue)
        return pattern is not None and pattern.search(text) is not None

    @cached_property
    def _goods_pattern(self) -> re.Pattern[str]:
        return re.compile(alternation(tuple(self._goods)))

    def goods(self, text: str, title: str = "") -> str:
        """Return the category that most goods words point at; words of the title count fourfold. Ties: unknown."""
        if not self._goods:
            return "unknown"
        counts: Counter[str] = Counter()
        for weight, part in ((4, title.lower()), (1, text[:_MOST])):
            for match in self._goods_pattern.finditer(part):
                counts[self._goods[match[0]]] += weight
        approved = self.approvals(text)
        for name in approved:
            counts[name] += 3
        best = counts.most_common(2)
        if not best:
            return "unknown"
        if len(best) == 2 and best[0][1] == best[1][1]:
            return _stricter(best[0][0], best[1][0])
        return best[0][0]

    def approvals(self, text: str) -> frozenset[str]:
        """Return the kinds of approval and registration numbers in a text."""
        return frozenset(match.lastgroup for match in _REGISTERED_DRUG_FORMAT.finditer(text) if match.lastgroup)


def _stricter(a: str, b: str) -> str:
    """Of two equally likely categories return the more specific one (goods and services last)."""
    vague = ("general_goods", "general_service", "unknown")
    return b if a in vague else a
