"""How words are written to evade: look-alikes, sound-alikes, pinyin, single letters, characters taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import combinations, product

from netpatrol.detect.scan import collapse

_LONGEST = 4  # characters of a word that get pinyin for more than one of them
_AFTER_LETTERS = frozenset("级型款号座区栋楼班线版本光炎家王品")  # A级, B本, X光, C位: letters stand before these
_SHORTEST_PINYIN = 6  # letters of a word written in pinyin throughout


def variants(word: str, glyphs: Mapping[str, tuple[str, ...]], plain: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Yield evasive writings of a word, each with whether it could be ordinary text (then word borders must decide)."""
    for spelled, doubtful in _writings(word, glyphs, plain):
        if not (word[1:].isascii() and len(spelled) == len(word) and spelled.isascii()):  # z6 for 最6 is a model
            yield spelled, doubtful


def _writings(word: str, glyphs: Mapping[str, tuple[str, ...]], plain: frozenset[str]) -> Iterator[tuple[str, bool]]:
    if len(word) < 2:
        return
    options = [[(glyph, glyph not in plain) for glyph in glyphs.get(char, ())] for char in word]
    for count in (1, 2):
        for places in combinations(range(len(word)), count):
            for chosen in product(*(options[place] for place in places)):
                changed = dict(zip(places, (glyph for glyph, _ in chosen), strict=True))
                doubtful = all(doubt for _, doubt in chosen)
                yield "".join(collapse(changed.get(i, char)) for i, char in enumerate(word)), doubtful
    yield from ((spelled, False) for spelled in _spelled(word))
    yield from ((mixed, False) for mixed in _mixed(word, glyphs))
    yield from ((spelled, True) for spelled in _lettered(word))


def _spelled(word: str) -> Iterator[str]:
    """Yield writings with pinyin syllables or one letter in place of characters."""
    syllables = [_pinyin().get(char, "") for char in word]
    if not all(syllables):
        return
    counts = range(1, len(word)) if len(word) <= _LONGEST else (1,)
    for count in counts:
        for places in combinations(range(len(word)), count):
            yield "".join(syllables[i] if i in places else char for i, char in enumerate(word))
    if sum(map(len, syllables)) >= _SHORTEST_PINYIN:
        yield "".join(syllables)
    for i in range(1, len(word) - 1):
        yield word[:i] + syllables[i][0] + word[i + 1 :]


def _mixed(word: str, glyphs: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield writings of a word of two characters with a look-alike of one and pinyin for the other (蕞jia)."""
    syllables = [_pinyin().get(char, "") for char in word]
    if len(word) == 2 and all(syllables):
        yield from (collapse(glyph) + syllables[1] for glyph in glyphs.get(word[0], ()))
        yield from (syllables[0] + collapse(glyph) for glyph in glyphs.get(word[1], ()))


def _lettered(word: str) -> Iterator[str]:
    """Yield writings with one letter for the first or the last character (b过); d级 and b本 are ordinary."""
    first, last = _pinyin().get(word[0], "")[:1], _pinyin().get(word[-1], "")[:1]
    if first and word[1:] not in _AFTER_LETTERS:
        yield first + word[1:]
    if last and len(word) > 2:
        yield word[:-1] + last
        yield first + _pinyin().get(word[1], "")[:1] + word[2:]  # gj级


@lru_cache(maxsize=1)
def _pinyin() -> dict[str, str]:
    """Return character -> syllable (data/pinyin.txt states its source and licence)."""
    lines = files("netpatrol").joinpath("data/pinyin.txt").read_text(encoding="utf-8").splitlines()
    return {line[0]: line[2:].replace("ü", "v") for line in lines if line and not line.startswith("#")}
