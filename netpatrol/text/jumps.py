"""Where the scripts of a page go at once: by themselves, when it is loaded, after a while, or where nothing else leads on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netpatrol.text.bare import has_own_links
from netpatrol.text.literals import WRITTEN, joined

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_HINTS = ("location", "navigate", "open")
_LONGEST = 3_000
_FUNCTION = re.compile("function")
_IF = re.compile(r"\bif\b")
_PLACE = (
    r"(?:location\.(?:replace|assign)\s{0,3}\(|"
    r"(?:window|document|self|top|parent)?\.?location(?:\.href)?\s{0,3}=(?!=)|\bnavigate\s{0,3}\()"
)
_JUMP = re.compile(_PLACE + r"\s{0,3}" + WRITTEN)
_GIVEN = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]{0,40})\s{0,3}=\s{0,3}" + WRITTEN)
_GROWS = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]{0,40})\s{0,3}\+=")
_JUMP_BY_NAME = re.compile(_PLACE + r"\s{0,3}([A-Za-z_$][\w$]{0,40})\s{0,3}(?=[;)}\n]|$)")
_OPENED = re.compile(r"\bwindow\.open\s{0,3}\(\s{0,3}(?!.\w{1,10}:)" + WRITTEN)
_AT_ONCE = re.compile(
    r"(?:\bonload\s{0,3}=|\$\(|\bready\s{0,3}\(|\bsetTimeout\s{0,3}\(|\bsetInterval\s{0,3}\(|^\s{0,9}[!(;]{1,2})\s{0,3}"
    r"(?:function\s{0,3}\w{0,40}\s{0,3}\(\s{0,3}\)|\(\s{0,3}\)\s{0,3}=>)"
)
"""Heads of functions that run without anybody's doing."""


def jump_targets(document: Document, *, always: bool = False, called: bool = True) -> tuple[str, ...]:
    """Return the addresses, as written, that short scripts of a page go to; `always`: of those that go on a condition, none counts.

    What stands in a function that somebody must call counts only where a page has no other way onward, and `called` says so.
    """
    if not any(hint in document.markup for hint in _HINTS):
        return ()
    only_way = called and not has_own_links(document)
    found = (to for code in _codes(document) for to in _targets(code, always=always, only_way=only_way))
    return tuple(dict.fromkeys(found))


def _codes(document: Document) -> Iterator[str]:
    yield from (code for code in document.codes if len(code) <= _LONGEST)
    for node in document.tree.css("body[onload]"):
        yield (node.attributes.get("onload") or "")[:_LONGEST]


def _targets(code: str, *, always: bool, only_way: bool) -> Iterator[str]:
    jumps = sorted(_jumps(code, opened=only_way))
    awaited = _first(_FUNCTION, code) if jumps and not only_way else len(code)
    depends = _first(_IF, code) if jumps and always else len(code)
    yield from (to for at, to in jumps if to and at <= min(awaited, depends))


def _first(pattern: re.Pattern[str], code: str) -> int:
    """Return where a word first stands in a code but for the heads of functions that run at once; behind its end for nowhere."""
    heads = {place for head in _AT_ONCE.finditer(code) for place in range(*head.span())}
    return next((found.start() for found in pattern.finditer(code) if found.start() not in heads), len(code))


def _jumps(code: str, *, opened: bool) -> Iterator[tuple[int, str]]:
    for jump in _JUMP.finditer(code):
        yield jump.start(), joined(jump["written"])
    by_name = list(_JUMP_BY_NAME.finditer(code))
    given = dict(reversed(_GIVEN.findall(code))) if by_name else {}  # the first counts
    grows = set(_GROWS.findall(code)) if by_name else set()
    yield from ((jump.start(), joined(given[jump[1]])) for jump in by_name if jump[1] in given.keys() - grows)
    for jump in _OPENED.finditer(code) if opened else ():
        yield jump.start(), joined(jump["written"])
