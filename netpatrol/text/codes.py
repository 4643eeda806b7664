"""Owns check digits: unified social credit codes, old registration numbers, citizens' ids, and the one safe repair.

Sources: GB 32100-2015 (USCC), GB 11714-1997 (organisation code), GS 15-2006 with ISO 7064 MOD 11,10 (registration
number), GB 11643-1999 (citizen's id).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
_VALUE = {char: index for index, char in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, index, 31) for index in range(17))
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ID_WEIGHTS = tuple(pow(2, 17 - index, 11) for index in range(17))
_ID_CHECK = "10X98765432"

# Registration department and kind of body (GB 32100-2015 table 1 and its amendments): not only 91.
_DEPARTMENTS = {
    "1": "1239", "2": "19", "3": "12345679", "4": "19", "5": "12349", "6": "129", "7": "129", "8": "19", "9": "123",
    "A": "19", "N": "1239", "Y": "1", "G": "12349",
}  # fmt: skip
_PROVINCES = frozenset(
    {
        "10",
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "66",
        "71",
        "81",
        "82",
    }
)

# What people and OCR write for a character that the alphabet has not got.
_ILLEGAL = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "UY"}
_CONFUSED = {
    "B": "8",
    "8": "B",
    "0": "DQ",
    "D": "0",
    "Q": "0",
    "1": "L",
    "L": "1",
    "6": "G",
    "G": "6",
    "5": "6",
    "U": "W",
}
_AS_DIGIT = {"O": "0", "D": "0", "Q": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8", "G": "6", "T": "7"}


def compact_code(printed: str) -> str:
    """Return a code as printed without separators, in capital half-width letters."""
    return "".join(char for char in unicodedata.normalize("NFKC", printed) if char.isalnum()).upper()


def uscc_check(body: str) -> str:
    """Return the check character of the first 17 characters of a USCC."""
    total = sum(_VALUE[char] * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check(body: str) -> str:
    """Return the check character of the first 8 characters of an organisation code."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORG_WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def is_uscc(code: str) -> bool:
    """Say whether these 18 capital characters are a USCC: shape and last character.

    The organisation code inside has a check character of its own, which some real codes break: it is not asked for.
    """
    return has_uscc_shape(code) and code[17] == uscc_check(code[:17]) and not is_citizen_id(code)


def has_uscc_shape(code: str) -> bool:
    """Say whether a code could be a USCC but for its check character: alphabet, department, region, no pattern."""
    if len(code) != 18 or not all(char in _VALUE for char in code):
        return False
    return (
        code[1] in _DEPARTMENTS.get(code[0], "")
        and code[2:8].isdigit()
        and code[2:4] in _PROVINCES
        and len(set(code)) >= 5
    )


def is_strict_uscc(code: str) -> bool:
    """Say whether both check characters hold."""
    return is_uscc(code) and code[16] == organisation_check(code[8:16])


def begins_in_province(code: str) -> bool:
    """Say whether a code begins with the two digits of a province, as registration numbers and citizens' ids do."""
    return code[:2] in _PROVINCES


def is_registration_number(number: str) -> bool:
    """Say whether 15 digits are an old registration number: region and ISO 7064 MOD 11,10."""
    if len(number) != 15 or not number.isdigit() or number[:2] not in _PROVINCES or len(set(number)) < 3:
        return False
    product = 10
    for digit in number[:14]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(number[14])) % 10 == 1


def is_citizen_id(code: str) -> bool:
    """Say whether 18 characters are a citizen's id (date of birth, check character), which is nobody's USCC."""
    if len(code) != 18 or not code[:17].isdigit() or code[17] not in "0123456789X" or code[:2] not in _PROVINCES:
        return False
    year, month, day = int(code[6:10]), int(code[10:12]), int(code[12:14])
    if not (1900 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    return code[17] == _ID_CHECK[sum(int(char) * weight for char, weight in zip(code, _ID_WEIGHTS, strict=False)) % 11]


def repair_uscc(printed: str) -> str | None:
    """Return the one valid reading of a misprinted code, None where there is none or more than one.

    Only for codes with a character that cannot be right (O, I, Z, S, V, or a letter where a digit belongs), with an L
    that may be a one, or of a length one off. Where no more is done than to replace what cannot be, the code's own check
    character decides; for every bolder reading the organisation code's check character must hold as well, so that
    chance hardly ever makes a code.
    """
    if not 17 <= len(printed) <= 19 or not printed.isalnum() or not printed.isascii():
        return None
    if len(printed) != 18:
        return _only(code for code in _of_right_length(printed) if is_strict_uscc(code))
    if all(char in _VALUE for char in printed) and printed[2:8].isdigit() and printed[1] != "L":
        return _only(code for code in _ones(printed) if is_strict_uscc(code))
    forced = list(_forced(printed))
    if "L" in printed[8:]:
        forced += _forced(printed.replace("L", "1"))
    valid = [code for code in forced if is_uscc(code)]
    if valid:
        return _only(valid) or _only(code for code in valid if is_strict_uscc(code))
    return _only(code for first in forced for code in _one_swap(first) if is_strict_uscc(code))


def _only(codes: Iterable[str]) -> str | None:
    """Return the code if all of these are the same one."""
    distinct = set(codes)
    return distinct.pop() if len(distinct) == 1 else None


def _one_swap(code: str) -> Iterator[str]:
    """Yield the code with one more character read as one that looks like it."""
    for index in range(8, 17):
        for other in _CONFUSED.get(code[index], ""):
            yield code[:index] + other + code[index + 1 :]


def _ones(code: str) -> Iterator[str]:
    """Yield the code with one L, and with all of them, read as the digit that a small l looks like."""
    yield from (code[:index] + "1" + code[index + 1 :] for index, char in enumerate(code) if char == "L")
    yield code.replace("L", "1")


def _of_right_length(printed: str) -> Iterator[str]:
    """Yield the code with one doubled character dropped, or one dropped character doubled."""
    for index in range(len(printed)):
        if len(printed) == 17:
            yield from _forced(printed[: index + 1] + printed[index:])
        elif printed[index : index + 1] == printed[index + 1 : index + 2]:
            yield from _forced(printed[:index] + printed[index + 1 :])


def _forced(code: str) -> Iterator[str]:
    """Yield the code with every impossible character replaced; digits in the region, at most 16 readings."""
    readings = [""]
    for index, char in enumerate(code):
        in_division = 1 <= index < 8 and not char.isdigit() and (index > 1 or char in "LI")
        plain = char if char in _VALUE else _ILLEGAL.get(char, "")
        options = _AS_DIGIT.get(char, "") if in_division else plain
        readings = [reading + option for reading in readings for option in options][:16]
        if not readings:
            return
    yield from readings
