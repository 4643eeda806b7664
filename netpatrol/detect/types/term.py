"""Type `any`: one of these words."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from netpatrol.detect.model import MatchSpec
from netpatrol.detect.types.alternatives import any_of
from netpatrol.detect.types.matcher import Matcher, finder_of
from netpatrol.detect.types.slot import Lexicons, SlotError, alternation, expand


def compile_term(spec: MatchSpec, lexicons: Lexicons) -> Matcher:
    """Compile a list of words; Latin words and digits only match whole (NO.1 is not in NO.10234)."""
    words = tuple(dict.fromkeys(word for entry in spec.any for word in expand(entry, lexicons)))
    for word in words:
        if not any(map(str.isalnum, word)):
            raise SlotError(f"词条“{word}”只有符号，无法查找")
    return Matcher(spec, words, finder_of(partial(_source, words)))


def _source(words: tuple[str, ...]) -> str:
    ordered = sorted(words, key=lambda word: (-len(word), word))
    sources: list[str] = []
    for special, run in groupby(ordered, key=_is_special):
        sources.extend(map(whole, run) if special else (any_of(run),))  # noqa: B031 - used once
    return "|".join(sources)


def _is_special(word: str) -> bool:
    """Say whether a word is more than its characters: a number in it, or Latin at an edge."""
    return "#" in word or _is_latin(word[0]) or _is_latin(word[-1])


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def whole(word: str) -> str:
    """Return the regex of a word that may not continue as a longer Latin word or number."""
    source = alternation((word,))
    first, last = word[0], word[-1]
    before = "(?<![a-z0-9])" if _is_latin(first) else ""
    after = "(?![a-z0-9])" if _is_latin(last) else ""
    return before + source + after
