"""Owns the form of text that rules are matched on: NFKC per character, simplified, lower case, nothing invisible.

The map back to the raw text is kept: evidence is quoted in the raw form, and nothing that is stored is converted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

_GONE = 0  # table value of a deleted character; NUL itself is deleted, so the value is free
_SPECIAL = 0xD800  # table value of what one UTF-16 unit cannot say: surrogates and characters that expand
_KEPT_CONTROLS = "\t\n\r"
_SPACES = {"\x0b": " ", "\x0c": " ", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
_FILLERS = "\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u3164\uffa0\u034f"  # letters that show nothing

# Marks over, under or across the character before.
_COMBINING = ((0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20F0), (0xFE20, 0xFE2F))
_LOOK_ALIKES = dict(  # Cyrillic and Greek letters that nobody can tell from Latin ones
    zip("АВЕКМНОРСТХУІЅЈаеорсухіѕјΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "abekmhopctxyisjaeopcyxisjabezhikmnoptyxo", strict=True)
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """Text for matching. `origin[i]` is the raw offset of `text[i]`, one entry more than there are characters.

    None where both have the same offsets.
    """

    text: str
    origin: NDArray[np.int32] | None


def normalise(raw: str) -> Normalised:
    """Return the form of `raw` that rules are matched on, with the way back to its offsets.

    Idempotent: normalising the result changes nothing. Separators and line breaks stay; a lone surrogate
    becomes U+FFFD.
    """
    units = np.frombuffer(raw.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    mapped = _table().take(units, mode="clip")  # half the time of indexing
    if (mapped == _SPECIAL).any():
        return _normalise_any(raw)
    gone = mapped == _GONE
    if not gone.any():
        return Normalised(mapped.tobytes().decode("utf-16-le"), None)
    kept = np.flatnonzero(~gone)
    return Normalised(mapped[kept].tobytes().decode("utf-16-le"), _with_end(kept, len(raw)))


def plain(word: str) -> str:
    """Return the text that `normalise` gives for a short one, without arrays."""
    return "".join(map(_fold, word))


def _normalise_any(raw: str) -> Normalised:
    """Do the same for text with characters beyond the BMP or characters that become several."""
    codes = np.frombuffer(raw.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    mapped = _table()[np.minimum(codes, 0xFFFF)].astype("<u4")
    mapped[codes > 0xFFFF] = _SPECIAL
    lengths = (mapped != _GONE).astype(np.int64)
    special = np.flatnonzero(mapped == _SPECIAL)
    parts = [_fold(chr(code)) for code in codes[special].tolist()]
    lengths[special] = [len(part) for part in parts]
    origin = np.repeat(np.arange(len(codes)), lengths)
    out = np.repeat(mapped, lengths)
    starts = np.concatenate(([0], np.cumsum(lengths)))[special]
    places = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths[special])))[:-1], lengths[special])
    filled = np.frombuffer("".join(parts).encode("utf-32-le"), dtype="<u4")
    out[places + np.arange(len(filled))] = filled
    text = out.tobytes().decode("utf-32-le")
    same = len(text) == len(raw) and bool((lengths == 1).all())
    return Normalised(text, None if same else _with_end(origin, len(raw)))


def _with_end(origin: NDArray[Any], end: int) -> NDArray[np.int32]:
    return np.append(origin, end).astype(np.int32)


@cache
def _fold(char: str) -> str:
    """Return what one character becomes: nothing, one character or several; stable under itself."""
    if char in _SPACES:
        return _SPACES[char]
    if char in _LOOK_ALIKES:
        return _LOOK_ALIKES[char]
    if _is_invisible(char):
        return ""
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    folded = "".join(simplified_characters().get(c, c) for c in unicodedata.normalize("NFKC", char)).lower()
    if folded == char:
        return char
    return "".join(_fold(c) for c in folded)


def _is_invisible(char: str) -> bool:
    """Say whether a character leaves no mark of its own on a page, or only strikes out, underlines or dots its neighbour."""
    if char in _KEPT_CONTROLS:
        return False
    code = ord(char)
    selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or 0x1F3FB <= code <= 0x1F3FF
    combining = any(first <= code <= last for first, last in _COMBINING)
    return selector or combining or char in _FILLERS or unicodedata.category(char) in ("Cc", "Cf")


@lru_cache(maxsize=1)
def simplified_characters() -> dict[str, str]:
    """Return traditional -> simplified, one character each (data/t2s.txt states its source and licence)."""
    lines = files("netpatrol").joinpath("data/t2s.txt").read_text(encoding="utf-8").splitlines()
    return {line[0]: line[2] for line in lines if line and not line.startswith("#")}


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint16]:
    """Return the BMP as a lookup table; built once per process (about 0.1 s)."""
    table = np.arange(0x10000, dtype="<u2")
    for code in _foldable():
        char = chr(code)
        folded = _fold_uncached(char)
        if folded != char:
            table[code] = _entry(folded)
    table[0xD800:0xE000] = _SPECIAL
    return table


def _foldable() -> Iterator[int]:
    """Yield the characters that can change: ideographs, syllables and private ones do only where the table says so."""
    yield from range(0x3400)
    yield from (ord(char) for char in simplified_characters() if char < "\U00010000")
    yield from range(0xA000, 0xAC00)
    yield from range(0xD7A4, 0xD800)
    yield from range(0xF900, 0x10000)


def _entry(folded: str) -> int:
    if not folded:
        return _GONE
    return ord(folded) if len(folded) == 1 and ord(folded) < 0x10000 else _SPECIAL


_fold_uncached = _fold.__wrapped__
