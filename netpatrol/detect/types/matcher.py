"""A compiled way of finding: which words start the search, and where its matches lie in a window of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from netpatrol.detect.model import MatchSpec


class Finder(Protocol):
    """Finds spans in `text[start:end]`."""

    def __call__(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield offsets in `text`, in order, not overlapping."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """One matcher of a rule; `triggers` are normalised words of which one stands in every match."""

    spec: MatchSpec
    triggers: tuple[str, ...]
    find: Finder


_REFUSALS = 600
"""Compiling takes as long as so many looks for the words that must be there (3 to 5 ms against 7 µs)."""


def finder_of(source: Callable[[], str], needs: tuple[tuple[str, ...], ...] = ()) -> Finder:
    """Return a finder for a regex, which `source` tells when it is first needed.

    It is bounded by construction (no unbounded repeats but of single classes); of each of `needs` one word stands in
    every match. Python's engine, because its calls cost a tenth of RE2's; free regexes of analysts go to RE2
    (`types/pattern.py`).
    """
    compiled: list[re.Pattern[str]] = []  # compiled when first needed: most rules never are in one run
    refused = 0

    def find(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        nonlocal refused
        if not compiled:
            if refused < _REFUSALS and not _has_each(text[start:end], needs):
                refused += 1
                return
            compiled.append(re.compile(source()))
        for match in compiled[0].finditer(text, start, end):
            if match.end() > match.start():
                yield match.span()

    return find


def _has_each(text: str, needs: tuple[tuple[str, ...], ...]) -> bool:
    """Say whether of each of these sets of words one stands in the text."""
    return all(any(word in text for word in words) for words in needs)
