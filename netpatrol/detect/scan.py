"""One pass over a page: where trigger words stand, and which of them were written to evade.

Separators (blanks, symbols, emoji, brackets) are dropped before the Aho-Corasick search, so that 最*佳 and 国-家-级 are found
by the same pass as 最佳. A hit with separators inside only counts if the writing is evasive: see `_is_split_word`.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from netpatrol.detect.view import Repair

_OTHER, _HAN, _SEPARATOR, _STOP = 0, 1, 2, 3
_LONGEST_GAP = 3  # separators between two characters of one word
_STOPS = "，,。！？!?;；:：…"
_WORDLIKE = "%"  # jieba block characters that belong to a claim (100%)


@dataclass(frozen=True, slots=True)
class Entry:
    """One pattern of the automaton: matchers that it triggers, and what it is restored to if it is evasive."""

    matchers: tuple[int, ...] = ()
    restored: str = ""
    splittable: bool = False
    doubtful: bool = False  # made of ordinary characters: only if jieba's words allow


_TONED = ("āáǎà", "ēéěè", "īíǐì", "ōóǒò", "ūúǔù", "ǖǘǚǜü", "ńňǹ")
_TONES = {toned: vowel for vowel, group in zip("aeiouvn", _TONED, strict=True) for toned in group}

Hit = tuple[int, int, tuple[int, ...]]
"""Start, end and the matchers that this trigger starts."""


class Scanner:
    """The automaton over all trigger words and evasive variants of a rule set."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        import daachorse

        self._entries = tuple(entries.values())
        patterns = list(entries)
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(patterns) if patterns else None

    def scan(
        self, norm: str, breaks: Sequence[int], allows: Callable[[int, int], bool]
    ) -> tuple[list[Hit], list[Repair]]:
        """Return trigger hits (offsets in `norm`) and repairs. `breaks` are offsets that no word crosses.

        `allows(start, end)` says whether word borders let `norm[start:end]` be read as an evasive variant.
        """
        if self._automaton is None or not norm:
            return [], []
        codes = np.frombuffer(norm.encode("utf-32-le", "replace"), dtype="<u4")
        codes = _without_tones(codes)
        classes = _classes(codes)
        runs = [(a, b) for a, b in _spelled_runs(classes) if bisect_right(breaks, a) == bisect_right(breaks, b - 1)]
        kept_mask = classes != _SEPARATOR
        for start, end in runs:
            kept_mask[start:end] &= classes[start:end] == _HAN
        kept = np.flatnonzero(kept_mask)
        collapsed = codes[kept].tobytes().decode("utf-32-le", "replace")
        repairs = [Repair(a, b, "".join(c for c, k in zip(norm[a:b], kept_mask[a:b], strict=True) if k)) for a, b in runs]
        hits: list[Hit] = []
        entries, places = self._entries, kept.tolist()
        for start, end, number in self._automaton.find_overlapping(collapsed):
            entry = entries[number]
            a, b = places[start], places[end - 1] + 1
            if b - a == end - start and not entry.restored:
                hits.append((a, b, entry.matchers))
                continue
            doubtful = entry.doubtful or "、" in norm[a:b]  # 痛、风湿 is a list, 治、疗 is not
            repair = self._repair(norm, places[start:end], entry, collapsed[start:end], breaks)
            if repair and (not doubtful or allows(repair.start, repair.end)):
                repairs.append(repair)
            elif entry.matchers:
                hits.append((a, b, entry.matchers))
        return hits, repairs

    def _repair(
        self, norm: str, places: list[int], entry: Entry, word: str, breaks: Sequence[int]
    ) -> Repair | None:
        """Return the repair for an evasive hit, None if the writing is innocent."""
        start, end = places[0], places[-1] + 1
        if bisect_right(breaks, start) != bisect_right(breaks, end - 1):
            return None
        gapped = end - start > len(places)
        if gapped and not (entry.restored or entry.splittable):
            return None
        if gapped and not (word.isascii() or _is_split_word(places)):
            return None
        if not _has_latin_edges(norm, start, end):
            return None
        return Repair(start, end, entry.restored or word)


def _is_split_word(places: list[int]) -> bool:
    """Say whether separators split a word: short gaps, and next to each a single character of the word.

    Names of sections or columns side by side (销量 第一页) have whole words on both sides.
    """
    cuts = [i for i in range(1, len(places)) if places[i] - places[i - 1] > 1]
    edges = [0, *cuts, len(places)]
    for number, cut in enumerate(cuts, 1):
        if places[cut] - places[cut - 1] - 1 > _LONGEST_GAP:
            return False
        left, right = cut - edges[number - 1], edges[number + 1] - cut
        if left > 1 and right > 1:
            return False
    return True


def _has_latin_edges(norm: str, start: int, end: int) -> bool:
    """Say whether a variant that begins or ends with letters stands free of other letters (zui in zuihao)."""
    if norm[start].isascii() and norm[start].isalnum() and start and norm[start - 1].isascii() and norm[start - 1].isalnum():
        return False
    last, following = norm[end - 1], norm[end : end + 1]
    return not (last.isascii() and last.isalnum() and following.isascii() and following.isalnum())


def _classes(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    classes = _class_table()[np.minimum(codes, 0xFFFF)]
    if len(codes) and int(codes.max()) > 0xFFFF:
        astral = codes > 0xFFFF
        classes[astral] = np.where(codes[astral] >= 0x20000, _HAN, _SEPARATOR)
    return classes


def _without_tones(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Replace vowels with tone marks (zuì, dǐng) by plain ones; everything else stays."""
    toned = (codes >= 0xE0) & (codes <= 0x1DC)
    if not toned.any():
        return codes
    plain = codes.copy()
    plain[toned] = [ord(_TONES.get(chr(code), chr(code))) for code in codes[toned].tolist()]
    return plain


def _spelled_runs(classes: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Return stretches where at least four Han characters stand one by one between single separators (全·国·第·一).

    Even a full stop counts as a separator there: 销。量。第。一.
    """
    if len(classes) < 7:
        return []
    han = classes == _HAN
    gap = (classes == _SEPARATOR) | (classes == _STOP)
    step = han[:-2] & gap[1:-1] & han[2:]  # Han, separator, Han
    chained = np.flatnonzero(step[:-4] & step[2:-2] & step[4:])
    if not len(chained):
        return []
    runs: list[tuple[int, int]] = []
    for start in chained.tolist():
        end = start + 7
        if runs and start <= runs[-1][1]:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


@lru_cache(maxsize=1)
def _class_table() -> NDArray[np.uint8]:
    """Return the class of each BMP character."""
    table = np.zeros(0x10000, dtype=np.uint8)
    for code in range(0x10000):
        char = chr(code)
        if "\u3400" <= char <= "\u9fff" or char == "〇":
            table[code] = _HAN
        elif char in _STOPS:
            table[code] = _STOP
        elif char not in _WORDLIKE and (char.isspace() or unicodedata.category(char)[0] in "PS"):
            table[code] = _SEPARATOR
    return table


def collapse(text: str) -> str:
    """Return a text in the form that the automaton sees: without separators."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")
    return codes[_classes(codes) != _SEPARATOR].tobytes().decode("utf-32-le", "replace")
