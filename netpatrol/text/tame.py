"""Owns the defence against markup that blows a parser up: formatting that multiplies, nesting without end.

By the HTML standard a parser opens every unclosed `<b a=1>` again in each later block: 35 kB of markup became 4 million
nodes and 1.9 GB. And it looks through all open elements at every block: 20,000 nested lists took 3 s, growing with the
square. No honest page comes near these limits, so honest pages pass unchanged.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

_NAMES = "b|i|u|em|font|small|big|code|tt|s|strike|strong|nobr"
# Both cases spelled out: a pattern that ignores case is not looked up by its first character, and takes twice as long.
_FORMATTING = re.compile(rf"<(/?)({_NAMES}|{_NAMES.upper()}|Font|Strong)[\s>/]")
_WITH_ATTRIBUTES = re.compile(rf"<({_NAMES})[\s/][^>]*", re.IGNORECASE)  # ends before the bracket
_MAX_OPEN = 60
_SAFE_LENGTH = 6_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_NOT_NESTING = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dd",
        "dt",
        "thead",
        "tbody",
        "tfoot",
        "html",
        "head",
        "body",
        "colgroup",
        "script",
        "style",
        "title",
        "textarea",
    }
)
_MANY_TAGS = 20_000
_MAX_DEPTH = 512  # as Chrome's

# A tag as the HTML standard takes it apart. An attribute may hold `<`, `>` in quotes and need no blank before it, so that
# no shorter pattern finds where a tag ends; what is no tag (comments, scripts) is passed over whole.
_ATTRIBUTE = (
    r"""(?:[\s/]*+(?:=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+|(?=>))?+)?+|=))"""
)
_RAW = "script|style|textarea|title|xmp|noframes|noembed|iframe"
_TOKEN = re.compile(
    rf"<!--[\s\S]*?(?:--!?>|\Z)|<[!/?][^>]*+|<({_RAW}|{_RAW.upper()})(?=[\s/>]){_ATTRIBUTE}*+[\s/]*+>?[\s\S]*?(?:</\1|\Z)"
    rf"|<[a-zA-Z][^\s/>]*+({_ATTRIBUTE}*+)"
)
_EACH_ATTRIBUTE = re.compile(_ATTRIBUTE)
_LONG_TAG = 6_000  # characters of attributes; fewer hold too few of them
_MANY_ATTRIBUTES = 2_000


def tame(markup: str) -> str:
    """Return the markup, with what would blow the parser up taken out of it; its text stays whole."""
    if len(markup) > _SAFE_LENGTH and _multiplies(markup):
        markup = _WITH_ATTRIBUTES.sub(r"<\1", markup)  # without attributes only three of a kind are opened again
    if len(markup) > 4 * _MANY_TAGS:
        if markup.count("<") > _MANY_TAGS:
            markup = _flattened(markup)
        markup = _with_few_attributes(markup)
    return markup


def _with_few_attributes(markup: str) -> str:
    """Return the markup without what goes beyond thousands of attributes in one tag: each is compared with all before it."""
    kept: list[str] = []
    at = 0
    for tag in _TOKEN.finditer(markup):
        if tag[2] and len(tag[2]) > _LONG_TAG:
            last = next(islice(_EACH_ATTRIBUTE.finditer(markup, tag.start(2), tag.end(2)), _MANY_ATTRIBUTES, None), None)
            if last is not None:
                kept.append(markup[at : last.start()])
                at = tag.end(2)
    return "".join([*kept, markup[at:]]) if kept else markup


def _multiplies(markup: str) -> bool:
    """Say whether too many formatting elements are open at one time."""
    found = _FORMATTING.findall(markup)
    if len(found) <= _MAX_OPEN:
        return False
    opened: Counter[str] = Counter()
    most = 0
    for slash, written in found:
        name = written.lower()
        if not slash:
            opened[name] += 1
            most = max(most, opened[name])
        elif opened[name]:
            opened[name] -= 1
    return most > _MAX_OPEN


def _flattened(markup: str) -> str:
    """Return the markup with elements nested deeper than the limit turned into line breaks."""
    kept: list[str] = []
    at = depth = 0
    for match in _TAG.finditer(markup):
        if match[2].lower() in _NOT_NESTING:
            continue
        if not match[1]:
            depth += 1
            deep = depth > _MAX_DEPTH
        else:
            deep = depth > _MAX_DEPTH
            depth = max(0, depth - 1)
        if deep:
            kept.append(markup[at : match.start()])
            kept.append("<br")
            at = match.end()
    if not kept:
        return markup
    kept.append(markup[at:])
    return "".join(kept)
