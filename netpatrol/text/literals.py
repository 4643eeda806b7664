"""Strings as code writes them: one, or several joined by `+`. What is joined with anything else, only the script knows."""

from __future__ import annotations

import re

_PART = r"""(?:"[^"'\n]{0,2000}"|'[^"'\n]{0,2000}'|`[^`"'\n$]{0,2000}`)"""
WRITTEN = rf"(?P<written>{_PART}(?:\s{{0,3}}\+\s{{0,3}}{_PART}){{0,9}})(?!\s{{0,3}}[+.\[])"
"""A string that nothing is added to, and of which nothing is called: `"/sh"+"op/"`; not `"/p_"+n`, `"/a,b".split(",")`; with
backticks, where nothing is put in."""
_BRACKET = re.compile(r"[(){}]")
_BODY = 1_500
_EACH = re.compile(_PART)


def joined(written: str) -> str:
    """Return the string that is written so."""
    return "".join(part[1:-1] for part in _EACH.findall(written))


def function_body(code: str, start: int) -> str:
    """Return the code of the call or function that begins at a place, up to its end as its brackets tell, or to a limit."""
    depth = 0
    for bracket in _BRACKET.finditer(code, start, start + _BODY):
        depth += 1 if bracket[0] in "({" else -1
        if depth < 0 or (depth == 0 and bracket[0] == "}"):
            return code[start : bracket.end()]
    return code[start : start + _BODY]
