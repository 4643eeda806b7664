"""Readings of a misprinted code that the register knows: confused characters, one missing, one doubled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from netpatrol.text.codes import is_citizen_id

if TYPE_CHECKING:
    from netpatrol.entities.register import Register

_CONFUSED = ("O0", "I1", "B8", "Z2", "S5")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def registered_reading(printed: str, register: Register) -> str:
    """Return the one registered USCC that a printed code can be read as, "" if none or several."""
    code = "".join(char for char in printed.upper() if char.isalnum())
    if not 17 <= len(code) <= 19 or is_citizen_id(code):
        return ""
    if register.find("uscc", code):
        return code
    found = _registered(_readings(code), register)
    return found[0] if len(found) == 1 else ""


def codes_beside(printed: str, register: Register, limit: int = 3) -> list[str]:
    """Return registered USCCs that differ from a printed code in one character: a hint for people, no proof."""
    code = "".join(char for char in printed.upper() if char.isalnum())
    if len(code) != 18 or is_citizen_id(code):
        return []
    others = (code[:at] + char + code[at + 1 :] for at in range(18) for char in _ALPHABET if char != code[at])
    return _registered(others, register)[:limit]


def _registered(codes: Iterable[str], register: Register) -> list[str]:
    """Return those of some codes that the register knows; most fall at the count, which is the cheaper look."""
    return [code for code in dict.fromkeys(codes) if register.count("uscc", code) and register.find("uscc", code)]


def _readings(code: str) -> Iterator[str]:
    if len(code) == 18:
        yield from _swapped(code)
    elif len(code) == 19:
        for at in range(19):
            if at == 0 or code[at] == code[at - 1]:
                yield from _swapped(code[:at] + code[at + 1 :], most=1)
    else:
        for at in range(18):
            for char in _ALPHABET:
                yield code[:at] + char + code[at:]


def _swapped(code: str, most: int = 2) -> Iterator[str]:
    """Yield the code with every impossible character replaced, and up to `most` further ones swapped."""
    forced = code.translate(str.maketrans("OIZSV", "0125U"))
    yield forced
    places = [(at, other) for at, char in enumerate(forced) for other in _others(char)]
    for number, (at, other) in enumerate(places):
        once = forced[:at] + other + forced[at + 1 :]
        yield once
        if most > 1:
            for later, second in places[number + 1 :]:
                if later > at:
                    yield once[:later] + second + once[later + 1 :]


def _others(char: str) -> str:
    for group in _CONFUSED:
        if char in group:
            return "".join(other for other in group if other != char and other in _ALPHABET)
    return ""
