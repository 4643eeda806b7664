"""How common words are in running text: a search should start at the rarest word of a pattern."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

_RARE = 2.0  # per million characters, for what the table does not know
_LATIN = 60.0
_SINGLE = 5.0  # a dictionary counts words; in running text a character stands in far more of them
_EVERYWHERE = dict.fromkeys("的了是在我有不就都和很也个这人一用买", 20_000.0)


def cost(words: Iterable[str]) -> float:
    """Return about how often any of these words stands in a million characters of Chinese text."""
    return sum(map(_frequency, words))


@lru_cache(maxsize=50_000)
def _frequency(word: str) -> float:
    """Return the frequency of a word: no more than that of its rarest pair of characters."""
    table = _table()
    if len(word) == 1:
        known = table.get(word, _LATIN if word.isascii() else _RARE)
        return _EVERYWHERE.get(word, known * _SINGLE)
    pairs = [table.get(word[i : i + 2], _RARE) for i in range(len(word) - 1)]
    return min(pairs) / (len(word) - 1)


@lru_cache(maxsize=1)
def _table() -> dict[str, float]:
    """Return word -> count per million (data/wordfreq.txt states its source and licence)."""
    lines = files("netpatrol").joinpath("data/wordfreq.txt").read_text(encoding="utf-8").splitlines()
    return {word: float(count) for word, count in (line.split() for line in lines if not line.startswith("#"))}
