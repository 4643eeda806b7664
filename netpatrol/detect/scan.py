"""One pass over a page: where trigger words stand, and which of them were written to evade.

Separators (blanks, symbols, emoji, brackets) are dropped before the Aho-Corasick search, so that 最*佳 and
国-家-级 are found by the same pass as 最佳. A hit with separators inside only counts if the writing is evasive
(`_is_split_word`).
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netpatrol.detect.view import Repair

_OTHER, _HAN, _SEPARATOR, _STOP, _TONED_LETTER = 0, 1, 2, 3, 4
_CODING = "utf-16-le"  # the automaton reads bytes: a third faster than characters, and nothing needs decoding
_GAP = 2  # the bit that separators and stops have
MOST_HITS = 20_000  # triggers of one page that are looked into; no honest page has a tenth of them
_MOST_FOUND = 400_000  # what the automaton finds of it, hits or not: 1.8 million letters `a` held 1.4 GB
_CHUNK = 200_000  # bytes that it reads at a time
_MOST_REPAIRS = 2_000  # a page with more is hostile; what is beyond is judged as written
_FULL_STOP = ord("。")
_LONGEST_STOPPED = 4  # characters of a word that a full stop may split
_LONGEST_RUN = 400  # of one piece; a page of 600,000 spelled characters was one repair, quoted whole by each finding
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
_TONES |= dict.fromkeys("❶➀➊⓵", "1")  # numbers in discs that no normal form resolves
_TONE_TABLE = str.maketrans(_TONES)

Hit = tuple[int, int, tuple[int, ...]]
"""Start, end and the matchers that this trigger starts."""


class Scanned(NamedTuple):
    """What a scan found; `whole` is false where a page has so many triggers that only the first were looked for."""

    hits: list[Hit]
    repairs: list[Repair]
    whole: bool


class Scanner:
    """The automaton over all trigger words and evasive variants of a rule set."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        import daachorse

        self._words, self._entries = tuple(entries), tuple(entries.values())
        self._plain = tuple(None if entry.restored else entry.matchers for entry in self._entries)
        self._spans = tuple(len(word) - 1 for word in self._words)
        patterns = [word.encode(_CODING, "replace") for word in self._words]
        self._automaton = daachorse.DoubleArrayAhoCorasick(patterns) if patterns else None
        splittable = (word for word, entry in entries.items() if entry.splittable and not entry.restored)
        self._pairs = {word[i : i + 2] for word in splittable if len(word) <= _LONGEST_STOPPED for i in range(len(word) - 1)}

    def scan(self, norm: str, breaks: Callable[[], Sequence[int]], allows: Callable[[int, int], bool]) -> Scanned:
        """Return trigger hits (offsets in `norm`), repairs, and whether the text was looked through to its end.

        `breaks()` are offsets that no word crosses (ends of blocks); `allows(start, end)` says whether word borders
        let `norm[start:end]` be read as an evasive variant. Both are asked only where something looks evasive.
        """
        if self._automaton is None or not norm:
            return Scanned([], [], True)
        units = _Units(norm)
        units.open(self._stopped(norm, units))
        runs = [run for run in units.spelled_runs(breaks) if _is_spelled(norm, *run)]
        mask = units.mask(runs)
        repairs = [Repair(a, b, self._unmasked(norm[a:b:2])) for a, b in runs]
        found, whole = self._find(units.coded(mask))
        if not found:
            return Scanned([], repairs, True)
        kept = units.places(mask)
        starts = kept[[start >> 1 for start, _, _ in found]].tolist()
        ends = kept[[(end >> 1) - 1 for _, end, _ in found]].tolist()
        hits: list[Hit] = []
        entries, plain, spans = self._entries, self._plain, self._spans
        for a, last, (start, end, number) in zip(starts, ends, found, strict=True):
            if len(hits) >= MOST_HITS:
                whole = False
                break
            if start & 1:
                continue  # the second byte of one character and the first of the next
            if last - a == spans[number] and (matchers := plain[number]) is not None:
                if matchers:
                    hits.append((a, last + 1, matchers))
                continue
            entry = entries[number]
            repair = None
            if len(repairs) < _MOST_REPAIRS:
                places = list(dict.fromkeys(kept[start >> 1 : end >> 1].tolist()))
                repair = self._repair(norm, places, entry, self._words[number], breaks(), allows)
            if repair:
                repairs.append(repair)
            elif entry.matchers:
                hits.append((a, last + 1, entry.matchers))
        return Scanned(hits, repairs, whole)

    def _find(self, coded: bytes) -> tuple[list[tuple[int, int, int]], bool]:
        """Return start, end and number of each pattern found, and whether that is all: of very many the first are given."""
        assert self._automaton is not None
        if len(coded) <= _CHUNK:
            return self._automaton.find_overlapping(coded), True
        found: list[tuple[int, int, int]] = []
        before = 2 * (max(self._spans) + 1)
        for at in range(0, len(coded), _CHUNK):
            low = max(0, at - before)
            part = self._automaton.find_overlapping(coded[low : at + _CHUNK])
            found += [(low + start, low + end, number) for start, end, number in part if low + end > at]
            if len(found) > _MOST_FOUND:
                return found, False
        return found, True

    def _unmasked(self, word: str) -> str:
        """Return a spelled run with look-alikes in it restored (土 豆 蕞 好 吃)."""
        coded = word.encode(_CODING)
        if self._automaton is None or len(coded) != 2 * len(word):
            return word
        for start, end, number in self._automaton.find_overlapping(coded):
            entry = self._entries[number]
            if start % 2 == 0 and entry.restored and not entry.doubtful and 2 * len(entry.restored) == end - start:
                word = word[: start >> 1] + entry.restored + word[end >> 1 :]
        return word

    def _stopped(self, norm: str, units: _Units) -> list[int]:
        """Return full stops that stand inside of a word (极。品): between two characters that the words of packs join."""
        places = units.between_han(_FULL_STOP)
        return [at for at in places if norm[at - 1] + norm[at + 1] in self._pairs]

    def _repair(
        self,
        norm: str,
        places: list[int],
        entry: Entry,
        word: str,
        breaks: Sequence[int],
        allows: Callable[[int, int], bool],
    ) -> Repair | None:
        """Return the repair for an evasive hit, None if the writing is innocent."""
        start, end = places[0], places[-1] + 1
        if bisect_right(breaks, start) != bisect_right(breaks, end - 1) or not _has_latin_edges(norm, start, end):
            return None
        gapped = end - start > len(places)
        if gapped and not (entry.restored or entry.splittable):
            return None
        if gapped and not (word.isascii() or _is_split_word(places)):
            return None
        stopped = "。" in norm[start:end]
        listed = "、" in norm[start:end]  # 痛、风湿 and 『顶』、『尖』 are lists, 治、疗 is a word taken apart
        if listed and end - start - len(places) > norm.count("、", start, end):
            return None
        if stopped and not (end - start == len(places) + 1 and len(places) <= _LONGEST_STOPPED):
            return None
        if (entry.doubtful or listed or stopped) and not allows(start, end):
            return None
        return Repair(start, end, entry.restored or word)


class _Units:
    """A text as an array of its characters with their classes."""

    def __init__(self, text: str) -> None:
        coded = text.encode(_CODING, "replace")
        if len(coded) == 2 * len(text):
            self.codes: NDArray[Any] = np.frombuffer(coded, dtype="<u2")
            self._encoding = _CODING
            self.classes = _class_table().take(self.codes, mode="clip")  # half the time of indexing
        else:
            self.codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")
            self._encoding = "utf-32-le"
            self.classes = _class_table()[np.minimum(self.codes, 0xFFFF)]
            astral = self.codes > 0xFFFF
            self.classes[astral] = np.where(self.codes[astral] >= 0x20000, _HAN, _SEPARATOR)
        if len(text) and int(self.classes.max()) >= _TONED_LETTER:  # vowels with tone marks (zuì) read as plain ones
            toned = self.classes == _TONED_LETTER
            self.codes = self.codes.copy()
            self.codes[toned] = [ord(_TONES.get(chr(code), chr(code))) for code in self.codes[toned].tolist()]

    def between_han(self, code: int) -> list[int]:
        """Return the offsets of a character that has Han characters on both sides."""
        han = self.classes == _HAN
        inner = self.codes[1:-1] == code
        inner &= han[2:]
        inner &= han[:-2]
        return [at + 1 for at in np.flatnonzero(inner).tolist()]

    def open(self, places: Sequence[int]) -> None:
        """Take these stops for separators."""
        if places:
            self.classes = self.classes.copy()
            self.classes[list(places)] = _SEPARATOR

    def mask(self, runs: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
        """Say of each character whether it is no separator; in spelled runs every second one is."""
        kept: NDArray[np.bool_] = self.classes != _SEPARATOR
        for start, end in runs:
            kept[start:end:2] = True
            kept[start + 1 : end : 2] = False
        return kept

    def coded(self, mask: NDArray[np.bool_]) -> bytes:
        """Return what the mask keeps as the automaton reads it: two bytes a unit, without making a text of it."""
        kept = self.codes[mask].tobytes()
        return kept if self._encoding == _CODING else kept.decode(self._encoding, "replace").encode(_CODING)

    def places(self, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Return the offset in the text of each unit of `coded`; characters beyond the BMP have two."""
        kept = np.flatnonzero(mask)
        return kept if self._encoding == _CODING else np.repeat(kept, 1 + (self.codes[kept] > 0xFFFF))

    def text(self, mask: NDArray[np.bool_]) -> str:
        """Return the characters that the mask keeps as text."""
        return self.codes[mask].tobytes().decode(self._encoding, "replace")

    def spelled_runs(self, breaks: Callable[[], Sequence[int]]) -> list[tuple[int, int]]:
        """Return stretches of at least four characters one by one between single separators (全·国·第·一, 独-1-无-2).

        The characters are Han or digits, two at least Han. Even a full stop counts as a separator there: 销。量。第。一.
        A run never crosses a break.
        """
        gap = (self.classes & _GAP).astype(np.bool_)
        firsts = np.flatnonzero(gap[1:-5] & gap[3:-3] & gap[5:-1]) + 1
        firsts = firsts[self._are_characters(firsts - 1)] if len(firsts) else firsts
        runs: list[tuple[int, int]] = []
        mark = self.codes
        for first in firsts.tolist():
            start = first - 1
            if not mark[first] == mark[first + 2] == mark[first + 4]:
                continue  # another mark ends the run: 第_一,签约
            if runs and start <= runs[-1][1] < runs[-1][0] + _LONGEST_RUN and mark[first] == mark[runs[-1][0] + 1]:
                runs[-1] = (runs[-1][0], start + 7)
            elif not runs or start >= runs[-1][1]:
                runs.append((start, start + 7))
        if not runs:
            return []
        ends = breaks()
        return [(a, b) for a, b in runs if bisect_right(ends, a) == bisect_right(ends, b - 1)]

    def _are_characters(self, starts: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Say of each start whether the four characters between marks from there on are Han or digits, two at least Han."""
        places = starts[:, None] + np.array([0, 2, 4, 6])
        han = self.classes[places] == _HAN
        digit = (self.codes[places] >= ord("0")) & (self.codes[places] <= ord("9"))
        whole: NDArray[np.bool_] = (han | digit).all(axis=1) & (han.sum(axis=1) >= 2)
        return whole


def _is_spelled(norm: str, start: int, end: int) -> bool:
    """Say whether one mark stands between all characters; lists and quoted characters are not."""
    marks = set(norm[start + 1 : end : 2])
    return len(marks) == 1 and not marks & set("、,;")


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


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char == "〇" or char >= "\U00020000"


@lru_cache(maxsize=1)
def _class_table() -> NDArray[np.uint8]:
    """Return the class of each BMP character."""
    table = np.zeros(0x10000, dtype=np.uint8)
    for code in range(0x10000):
        char = chr(code)
        if _is_han(char):
            table[code] = _HAN
        elif char in _TONES:
            table[code] = _TONED_LETTER
        elif char in _STOPS:
            table[code] = _STOP
        elif char not in _WORDLIKE and (char.isspace() or unicodedata.category(char)[0] in "PS"):
            table[code] = _SEPARATOR
    return table


def collapse(text: str) -> str:
    """Return a text in the form that the automaton sees: without separators."""
    if text.isalnum():
        return text.translate(_TONE_TABLE)
    units = _Units(text)
    return units.text(units.mask(()))
