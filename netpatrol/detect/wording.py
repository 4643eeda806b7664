"""Whether a stretch stands on its own among the words of its sentence; words are cut only when this is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netpatrol.text.words import tokenizer

_BETWEEN_BLOCKS = re.compile(r"[^\u4e00-\u9fd5a-zA-Z0-9+#&._%-]")  # jieba cuts each block by itself


class Words:
    """The words of `text[low:high]`."""

    def __init__(self, text: str, low: int, high: int) -> None:
        self._text, self._low, self._high = text, low, high
        self._cut: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {}

    def _known(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Return the places of dictionary words of several characters around a stretch (guessed ones say nothing)."""
        before = _BETWEEN_BLOCKS.search(self._text[self._low : start][::-1])
        after = _BETWEEN_BLOCKS.search(self._text, end, self._high)
        low = start - before.start() if before else self._low
        high = after.start() if after else self._high
        if (low, high) not in self._cut:
            self._cut[low, high] = tuple(_words_of(self._text[low:high], low))
        return self._cut[low, high]

    def cross(self, start: int, end: int) -> bool:
        """Say whether a dictionary word reaches over an edge of the stretch (superlatives and Latin are exempt).

        最 and 第 glue to what follows in every dictionary, so their phrases never depend on words.
        """
        stretch = self._text[start:end]
        if stretch[0] in "最第" or stretch.isascii():
            return False
        return any(a < start < b or a < end < b for a, b in self._known(start, end))

    def is_word(self, start: int, end: int) -> bool:
        """Say whether the stretch is one dictionary word."""
        return (start, end) in self._known(start, end)


def _words_of(stretch: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield the places of dictionary words of several characters in a stretch that begins at `at`."""
    cutter = tokenizer()
    for word in cutter.cut(stretch):
        if len(word) > 1 and cutter.knows(word):
            yield at, at + len(word)
        at += len(word)
