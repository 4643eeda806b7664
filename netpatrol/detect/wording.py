"""Whether a stretch stands on its own among the words of its sentence; words are cut only when this is asked."""

from __future__ import annotations

from functools import cached_property

from netpatrol.text.words import tokenizer


class Words:
    """The words of `text[low:high]`."""

    def __init__(self, text: str, low: int, high: int) -> None:
        self._text, self._low, self._high = text, low, high

    @cached_property
    def _known(self) -> tuple[tuple[int, int], ...]:
        """Return the places of dictionary words of several characters (guessed ones say nothing)."""
        cutter, at, found = tokenizer(), self._low, []
        for word in cutter.cut(self._text[self._low : self._high]):
            if len(word) > 1 and cutter.knows(word):
                found.append((at, at + len(word)))
            at += len(word)
        return tuple(found)

    def cross(self, start: int, end: int) -> bool:
        """Say whether a dictionary word reaches over an edge of the stretch (superlatives and Latin are exempt).

        最 and 第 glue to what follows in every dictionary, so their phrases never depend on words.
        """
        stretch = self._text[start:end]
        if stretch[0] in "最第" or stretch.isascii():
            return False
        return any(a < start < b or a < end < b for a, b in self._known)

    def is_word(self, start: int, end: int) -> bool:
        """Say whether the stretch is one dictionary word."""
        return (start, end) in self._known
