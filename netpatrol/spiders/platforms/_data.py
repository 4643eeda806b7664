"""JSON that pages carry: answers of an API, state that a script assigns, JSON-LD. Found by literals, bounded in all ways."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netpatrol.text.html import Document

SCANNED = 2_000_000
ASSIGNMENTS = 8
OBJECTS = 4_000
DEPTH = 8
_ASSIGNED = re.compile(r"=\s{0,9}(?=[{\[])")
_DECODER = json.JSONDecoder()
NAMES = ("name", "shopName", "shop_name", "storeName", "sellerName", "merchantName", "title")


def states(document: Document) -> tuple[Any, ...]:
    """Return the JSON values of a page: the body itself, JSON scripts, and what scripts assign as JSON."""
    return document.once(_states)


def _states(document: Document) -> tuple[Any, ...]:
    if document.json is not None:
        return (document.json,)
    found: list[Any] = []
    for kind, script in document.scripts:
        if len(script) > SCANNED:
            continue
        found.extend(_whole(script) if "json" in kind else _assigned(script))
    return tuple(found)


def _whole(script: str) -> Iterator[Any]:
    try:
        yield json.loads(script)
    except (ValueError, RecursionError):
        return


def _assigned(script: str) -> Iterator[Any]:
    end = tried = 0
    for start in _ASSIGNED.finditer(script):
        if start.end() < end:
            continue
        tried += 1
        if tried > ASSIGNMENTS:
            return
        try:
            value, end = _DECODER.raw_decode(script, start.end())
        except (ValueError, RecursionError):
            continue
        if value:
            yield value


def objects(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (key that led to it, object) for each object within a value, outer ones first."""
    level: list[tuple[str, Any]] = [("", value)]
    given = 0
    for _ in range(DEPTH):
        following: list[tuple[str, Any]] = []
        for key, item in level:
            if isinstance(item, dict):
                given += 1
                if given > OBJECTS:
                    return
                yield key, item
                following.extend((str(name), child) for name, child in item.items() if isinstance(child, dict | list))
            elif isinstance(item, list):
                following.extend((key, child) for child in item if isinstance(child, dict | list))
        level = following


def text_of(item: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """Return the first of these members that is a text, trimmed; "" if none is."""
    return next((value.strip()[:200] for name in names if isinstance(value := item.get(name), str) and value.strip()), "")


def number_of(item: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    """Return the first of these members that is a whole number (or writes one); None if none is."""
    for name in names:
        value = item.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.isdecimal() and len(value) < 10:
            return int(value)
    return None
