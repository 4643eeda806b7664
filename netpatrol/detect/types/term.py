"""Type `any`: one of these words."""

from __future__ import annotations

from netpatrol.detect.model import MatchSpec
from netpatrol.detect.types.matcher import Matcher, finder_of
from netpatrol.detect.types.slot import Lexicons, SlotError, alternation, expand


def compile_term(spec: MatchSpec, lexicons: Lexicons) -> Matcher:
    """Compile a list of words; Latin words and digits only match whole (NO.1 is not in NO.10234)."""
    words = tuple(dict.fromkeys(word for entry in spec.any for word in expand(entry, lexicons)))
    for word in words:
        if not any(map(str.isalnum, word)):
            raise SlotError(f"词条“{word}”只有符号，无法查找")
    sources = sorted(words, key=lambda word: (-len(word), word))
    return Matcher(spec, words, finder_of("|".join(map(whole, sources))))


def whole(word: str) -> str:
    """Return the regex of a word that may not continue as a longer Latin word or number."""
    source = alternation((word,))
    first, last = word[0], word[-1]
    before = "(?<![a-z0-9])" if first.isascii() and first.isalnum() else ""
    after = "(?![a-z0-9])" if last.isascii() and last.isalnum() else ""
    return before + source + after
