"""From trigger hits to matches: sentence by sentence, each sentence text only once per process."""

from __future__ import annotations

from bisect import bisect_left

from netpatrol.detect.context import Page
from netpatrol.detect.ruleset import Armed
from netpatrol.detect.scan import Hit
from netpatrol.detect.types.matcher import Matcher
from netpatrol.detect.wording import Words

Span = tuple[int, int]
Match = tuple[int, int, int]
"""Start, end and the number of the matcher."""

_SHORT = 2  # matches of so few characters stand inside other words by accident: 通便 in 交通便利, 保过 in 确保过
_TRAP_END = 5  # characters: a name or a word with what makes it innocent
_MOST_REMEMBERED = 20_000  # sentences; sites repeat their menus, notices and templates


class Matching:
    """Runs the matchers that have a trigger in a sentence, and drops what lies in a lexical trap."""

    def __init__(self, armed: list[Armed], traps: list[Matcher]) -> None:
        import daachorse

        self._armed, self._traps = armed, traps
        starts: dict[str, list[int]] = {}
        for number, trap in enumerate(traps):
            for word in trap.triggers:
                starts.setdefault(word, []).append(number)
        self._trap_starts = tuple(starts.values())
        self._trap_words = daachorse.CharwiseDoubleArrayAhoCorasick(list(starts)) if starts else None
        self._known: dict[tuple[str, frozenset[int]], tuple[Match, ...]] = {}
        self._asking = tuple(number for number, each in enumerate(armed) if each.rule.goods or each.matcher.spec.goods)
        self._named = tuple(sorted({armed[number].rule.family for number in self._asking}))
        self._closed: dict[tuple[tuple[str, ...], frozenset[str]], frozenset[int]] = {}
        self._open: dict[tuple[frozenset[int], tuple[int, ...]], tuple[int, ...]] = {}

    def closed(self, page: Page) -> frozenset[int]:
        """Return the matchers that need goods which are not sold here, so that they are not even tried."""
        text_end = len(page.view.text)
        here = () if page.goods_given else (name for name in self._named if page.has(f"here_{name}", 0, text_end))
        key = (page.categories, frozenset(here))
        if key not in self._closed:
            self._closed[key] = frozenset(number for number in self._asking if not self._may_apply(number, *key))
        return self._closed[key]

    def _may_apply(self, number: int, sold: tuple[str, ...], here: frozenset[str]) -> bool:
        rule, spec = self._armed[number].rule, self._armed[number].matcher.spec
        if rule.family in here:
            return True
        return all(not asked or any(name in asked for name in sold) for asked in (rule.goods, spec.goods))

    def matches(self, page: Page, hits: list[Hit], masks: list[Span]) -> list[Match]:
        """Return the matches of rules on a page, in offsets of the view; `masks` are stretches where nothing counts."""
        found: list[Match] = []
        text = page.view.text
        closed = self.closed(page) if hits else frozenset()
        for (low, high), places in _by_sentence(page, self._opened(hits, closed)).items():
            key = (text[low:high], closed)
            local = self._known.get(key)
            if local is None:
                local = self._in_sentence(text, low, high, places)
                if len(self._known) >= _MOST_REMEMBERED:
                    self.forget()
                self._known[key] = local
            for start, end, number in local:
                if not any(a < low + end and low + start < b for a, b in masks):
                    found.append((low + start, low + end, number))
        return found

    def _opened(self, hits: list[Hit], closed: frozenset[int]) -> list[Hit]:
        """Return the hits with those of their matchers that are not closed; hits without any are left out."""
        known, found = self._open, []
        for start, end, numbers in hits:
            key = (closed, numbers)
            left = known.get(key)
            if left is None:
                left = known[key] = tuple(number for number in numbers if number not in closed)
            if left:
                found.append((start, end, left))
        return found

    def forget(self) -> None:
        """Drop what is remembered of sentences."""
        self._known.clear()

    def _in_sentence(self, text: str, low: int, high: int, hits: list[Hit]) -> tuple[Match, ...]:
        """Return the matches in `text[low:high]`, in offsets from `low`."""
        armed = self._armed
        matchers: dict[int, list[Span]] = {}
        for start, end, numbers in hits:
            for number in numbers:
                matchers.setdefault(number, []).append((start, end))
        matched = [(*span, number) for number in matchers for span in armed[number].matcher.find(text, low, high)]
        if not matched:
            return ()
        traps = self.trapped(text, low, high)
        words = Words(text, low, high)
        found: list[Match] = []
        for start, end, number in matched:
            around = [] if armed[number].matcher.spec.quiet else traps
            free = any(
                start <= a and b <= end and not any(_covers(trap, (a, b)) for trap in around)
                for a, b in matchers[number]
            )
            if not free or _edges_trapped(start, end, around):
                continue
            if end - start <= _SHORT and not armed[number].matcher.spec.quiet and words.cross(start, end):
                continue
            found.append((start - low, end - low, number))
        return tuple(found)

    def trapped(self, text: str, low: int, high: int) -> list[Span]:
        """Return the stretches of a sentence that are lexical traps."""
        if self._trap_words is None:
            return []
        hits = self._trap_words.find_overlapping(text[low:high])
        numbers = dict.fromkeys(number for _, _, word in hits for number in self._trap_starts[word])
        found = (span for number in numbers for span in self._traps[number].find(text, low, high))
        return [part for start, end in found for part in _ends_of(start, end)]


def _ends_of(start: int, end: int) -> tuple[Span, ...]:
    """Return what of a trap takes hits: all of a short one, the ends of a wide one, between which anything may stand."""
    if end - start <= 2 * _TRAP_END:
        return ((start, end),)
    return (start, start + _TRAP_END), (end - _TRAP_END, end)


def _by_sentence(page: Page, hits: list[Hit]) -> dict[Span, list[Hit]]:
    """Group hits by the sentence they stand in."""
    ends, text_end = page.sentence_ends, len(page.view.text)
    groups: dict[Span, list[Hit]] = {}
    low, high, group = 0, -1, []
    for hit in hits:
        if not low <= hit[0] <= high:  # another sentence than that of the hit before
            place = bisect_left(ends, hit[0])
            low = ends[place - 1] + 1 if place else 0
            high = ends[place] if place < len(ends) else text_end
            if high - low > page.longest_sentence:
                groups.setdefault(page.sentence(hit[0]), []).append(hit)
                low, high = 0, -1
                continue
            group = groups.setdefault((low, high), [])
        group.append(hit)
    return groups


def _covers(trap: Span, place: Span) -> bool:
    """Say whether a trap takes a trigger: they overlap, and the trigger is not the longer word (最终解释权)."""
    overlap = trap[0] < place[1] and place[0] < trap[1]
    return overlap and not (place[0] <= trap[0] and trap[1] <= place[1] and trap != place)


def _edges_trapped(start: int, end: int, traps: list[Span]) -> bool:
    """Say whether a match begins or ends inside a trap: then it is about that word (第一大道)."""
    return any(a < start < b or a < end < b or (a, b) == (start, end) for a, b in traps)
