"""Whom rows and sheets that were not understood are about: who stands on them has not left the register."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from netpatrol.entities.names import fold
from netpatrol.entities.rows import FORMULA, MAX_CELL, MAX_NAME, ROUNDED, bare_code, bare_domain, clean, phone
from netpatrol.text.codes import begins_in_province, has_uscc_shape, is_citizen_id, is_registration_number

ENTITY_FIELDS = ("name", "uscc", "reg_no")
_CONTACTS = ("address", "person", "icp", "emark")
_OWN = ("scope", "founded", "approved")
_FEWEST = 3
"""Filled cells that make a row without name and code somebody's, if one is its own and not what many share."""
_ANY_CODE = re.compile(r"[0-9A-Z]{18}|[0-9]{5,20}")
_WHOLE_CODE = re.compile(r"[0-9A-Z]{18}|[0-9]{13}|[0-9]{15}")
_WITHIN = re.compile(r"(?<![0-9A-Z])(?:[0-9A-Z]{18}|[0-9]{15}|[0-9]{13})(?![0-9A-Z])")
_ROUNDED_CODE = re.compile(r"\d(?:\.\d+)?[eE]\+?1[2-9]")
_BETWEEN = re.compile(r"[、，,;；:：。|\s]+")
_TOTAL = re.compile(r"(?:合|总|小|共|累)\s*计[:：]?\s*[\d,.]*\s*[户家个条行]?|总数[:：]?\s*\d*|共\s*[\d,]+\s*[户家个条行].{0,6}")
_NOTE = re.compile(
    r"(?:备注|附注|注|说明|填表|制表|填报|经办|打印|审核|复核|统计|数据|以上|以下)[^:：]{0,12}[:：]|以上|以下|数据截[至止]|"
    + _TOTAL.pattern
)


def who_is_on(mapping: Mapping[str, int], cells: Sequence[str]) -> tuple[set[str], bool]:
    """Return the codes and folded names that can be read on a refused row, and whether it is about somebody they do not name.

    A code that is cut or rounded names nobody, nor does a name of broken characters; who has a telephone, a domain, an
    address or a person is somebody.
    """
    values = {field: clean(cells[at][:MAX_CELL]) for field, at in mapping.items() if at < len(cells)}
    held = [values.get(field, "") for field in ENTITY_FIELDS]
    readable = [value for value in held if value and not FORMULA.match(value) and not ROUNDED.fullmatch(value)]
    codes = {bare for value in readable if _ANY_CODE.fullmatch(bare := bare_code(value))}
    whole = {code for code in codes if _WHOLE_CODE.fullmatch(code) and not is_citizen_id(code)}
    whole |= {bare for cell in cells if _is_surely_code(bare := _bare(clean(cell[:MAX_NAME])))}
    names = {fold(value) for value in readable if _is_name(value)}
    is_somebody = any(held) or _is_reachable(values, cells)
    return codes | whole | names, is_somebody and not whole and not names


def who_is_among(cells: Sequence[str]) -> tuple[set[str], int]:
    """Return the codes and folded names in the cells of a sheet without a header, and how many of the cells are codes.

    What may be a code, a formula without its value or a number that a spreadsheet rounded, is one.
    """
    found: set[str] = set()
    codes = 0
    for value in filter(None, (clean(cell[:MAX_CELL]) for cell in cells)):
        codes += _is_code(_bare(value)) or bool(_ROUNDED_CODE.fullmatch(value)) or value.startswith("=")
        found.update(_within(value))
    return found, codes


def holds_code(cells: Sequence[str]) -> bool:
    """Say whether a code stands in the cells, be it within other words."""
    return any(_is_code(code) for cell in cells for code in _WITHIN.findall(clean(cell[:MAX_CELL]).upper()))


def _within(value: str) -> Iterator[str]:
    """Yield the codes and folded names that a cell holds, whole or listed in it."""
    yield from _WITHIN.findall(value.upper())
    bare = _bare(value)
    if _ANY_CODE.fullmatch(bare):
        yield bare
    for part in {value, *_BETWEEN.split(value)}:
        if _is_name(part):
            yield fold(part)


def _is_reachable(values: Mapping[str, str], cells: Sequence[str]) -> bool:
    """Say whether a row without name and code holds what only a subject has; totals and notes are none."""
    if any(_TOTAL.fullmatch(clean(cell[:MAX_NAME])) for cell in cells):
        return False
    said = {field: value for field, value in values.items() if value and not _NOTE.match(value)}
    if phone(said.get("phone", "")) or "." in bare_domain(said.get("domain", "")):
        return True
    return any(char.isalpha() for field in _CONTACTS for char in said.get(field, "")) or (
        len(said) >= _FEWEST and any(field in said for field in _OWN)
    )


def _bare(value: str) -> str:
    """Return a cell of nothing but letters, digits and marks without the marks, "" for any other."""
    return bare_code(value) if len(value) <= MAX_NAME and _has_no_words(value) else ""


def _has_no_words(value: str) -> bool:
    return all(char.isascii() or not char.isalpha() for char in value)


def _is_code(bare: str) -> bool:
    """Say whether this may be a code: one whose check character is wrong, or that holds a foreign letter, as well."""
    if len(bare) == 18:
        return sum(map(str.isdigit, bare)) >= 8 and not is_citizen_id(bare)
    return bool(_WHOLE_CODE.fullmatch(bare)) and begins_in_province(bare)


def _is_surely_code(bare: str) -> bool:
    """Say whether this is a code wherever it stands: telephones with prefix and numbers of filings are none."""
    return (has_uscc_shape(bare) and not is_citizen_id(bare)) or is_registration_number(bare)


def _is_name(value: str) -> bool:
    return len(value) <= MAX_NAME and "\ufffd" not in value and not _has_no_words(value)
