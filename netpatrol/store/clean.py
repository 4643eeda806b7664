"""Makes any value fit for MongoDB: hostile keys, broken text, depth and size, each change recorded.

Every document that the store writes goes through `clean()`. Keys are escaped so that they come back
unchanged (`restore_key`); what had to be cut is named in the document's own field `_changed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import PurePath
from typing import Any, cast

MAX_BYTES = 15_000_000  # the server refuses documents over 16 MiB
MAX_DEPTH = 60  # the server refuses more than 100 levels
MARK = "_changed"
_BAD_KEY = re.compile(r"[%.$\x00]")
_ESCAPED = re.compile(r"%(25|2E|24|00)")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Rounds of cutting, each harsher: longest text or bytes kept, longest list kept.
_ROUNDS = ((1_000_000, 100_000), (64_000, 10_000), (4_000, 1_000), (200, 100), (20, 10))


def escape_key(key: str) -> str:
    """Return the key without `.`, `$`, NUL and lone surrogates; `%` escapes, as in URLs."""
    if not key:
        return "%"
    key = _BAD_KEY.sub(lambda match: f"%{ord(match[0]):02X}", key)
    return _SURROGATE.sub("\ufffd", key)


def restore_key(key: str) -> str:
    """Return the key that `escape_key` was given."""
    return "" if key == "%" else _ESCAPED.sub(lambda match: chr(int(match[1], 16)), key)


def clean(document: Mapping[str, Any], max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """Return a copy that MongoDB takes: plain types, safe keys, at most about `max_bytes`.

    Changes that lose something are listed in `_changed` as `path: what`.
    """
    try:
        return harmless(document, max_bytes)
    except UnfitError:
        pass
    work = _Cleaning()
    result: dict[str, Any] = work.mapping(document, "", 0)
    for longest_text, longest_list in _ROUNDS:
        if work.size <= max_bytes:
            break
        work = _Cleaning(longest_text, longest_list, work.changes)
        result = work.mapping(result, "", 0)
    if work.changes:
        result[MARK] = sorted(set(result.get(MARK) or ()) | set(list(work.changes)[:100]))
    return result


class UnfitError(Exception):
    """Something stands in a document that must be changed, or might: `clean` is for that."""


def harmless(
    document: Any, max_bytes: int = MAX_BYTES, fields_of: Callable[[type], tuple[str, ...] | None] = lambda _: None
) -> dict[str, Any]:
    """Return a copy of a document in which nothing needs a change but times and enums; UnfitError for all others.

    Nearly all documents are such; without noting paths and cutting, this takes a third of the time of `clean`.
    `fields_of` names the fields of types that are to become mappings, None for other types.
    """
    size = 0

    def copied(value: Any, depth: int) -> Any:
        nonlocal size
        kind = type(value)
        if kind is str:
            size += 4 * len(value) + 9  # at most
            if not value.isascii() and _SURROGATE.search(value):
                raise UnfitError
            return value
        size += 9
        if value is None or kind is bool or kind is float:
            return value
        if depth > MAX_DEPTH:
            raise UnfitError
        if kind is tuple or kind is list:
            return [copied(item, depth + 1) for item in value] if value else []
        if kind is dict:
            size += _keys_size(value)
            return {key: copied(item, depth + 1) for key, item in value.items()}
        if kind is datetime:
            return _utc(value)
        if kind is int and -(2**63) <= value < 2**63:
            return value
        names = fields_of(kind)
        if names is not None:
            size += 30 * len(names)
            return {name: copied(getattr(value, name), depth + 1) for name in names}
        if isinstance(value, Enum):
            return copied(value.value, depth)
        raise UnfitError

    result = copied(document, 0)
    if size > max_bytes or MARK in result:
        raise UnfitError
    return cast(dict[str, Any], result)


def _keys_size(mapping: Mapping[Any, Any]) -> int:
    """Return how many bytes the keys take; UnfitError where one of them needs escaping."""
    size = 0
    for key in mapping:
        if type(key) is not str or not key or len(key) > 1000 or not key.isascii() or _BAD_KEY.search(key):
            raise UnfitError
        size += len(key) + 2
    return size


class _Cleaning:
    """One pass over a document; keeps its size in bytes (estimated) and what was changed."""

    def __init__(self, longest_text: int = 0, longest_list: int = 0, changes: Iterable[str] = ()) -> None:
        self.longest_text, self.longest_list = longest_text, longest_list
        self.size = 0
        self.changes: dict[str, None] = dict.fromkeys(changes)

    def note(self, path: str, what: str) -> None:
        self.changes[f"{path[:200]}: {what}"] = None

    def mapping(self, value: Mapping[Any, Any], path: str, depth: int) -> dict[str, Any]:
        again = bool(self.longest_text)  # keys are escaped in the first pass only
        result: dict[str, Any] = {}
        if self.longest_list and depth and len(value) > self.longest_list:
            self.note(path, f"cut from {len(value)} entries")
            value = dict(list(value.items())[: self.longest_list])
        for raw_key, item in value.items():
            key = raw_key if again else escape_key(str(raw_key))
            if len(key) > 1000:
                self.note(path, "key cut")
                key = key[:1000].rstrip("%")
            self.size += len(key) * 3 + 2
            result[key] = self.value(item, f"{path}.{key}" if path else key, depth + 1)
        return result

    def value(self, value: Any, path: str, depth: int) -> Any:
        if depth > MAX_DEPTH and isinstance(value, (Mapping, list, tuple, set, frozenset)):
            self.note(path, "too deep, cut")
            return None
        if isinstance(value, Enum):
            value = value.value
        if isinstance(value, str):
            return self.text(value, path)
        if isinstance(value, Mapping):
            return self.mapping(value, path, depth)
        if isinstance(value, (list, tuple, set, frozenset)):
            return self.sequence(value, path, depth)
        return self.plain(value, path)

    def text(self, value: str, path: str) -> str:
        if self.longest_text and len(value) > self.longest_text:
            self.note(path, f"cut from {len(value)} characters")
            value = value[: self.longest_text]
        try:
            size = len(value.encode())
        except UnicodeEncodeError:
            value = _SURROGATE.sub("\ufffd", value)
            self.note(path, "lone surrogates replaced")
            size = len(value.encode())
        self.size += size + 6
        return value

    def sequence(self, value: Any, path: str, depth: int) -> list[Any]:
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        if self.longest_list and len(items) > self.longest_list:
            self.note(path, f"cut from {len(items)} items")
            items = items[: self.longest_list]
        self.size += 8 * len(items)
        return [self.value(item, f"{path}[]", depth + 1) for item in items]

    def plain(self, value: Any, path: str) -> Any:
        self.size += 9
        if value is None or isinstance(value, (bool, float)):
            return value
        if isinstance(value, int):
            if -(2**63) <= value < 2**63:
                return value
            self.note(path, "number too large, kept as text")
            return str(value)[:400] if value.bit_length() < 4000 else "number"
        if isinstance(value, datetime):
            return _utc(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, (bytes, bytearray, memoryview)):
            return self.bytes(bytes(value), path)
        if isinstance(value, PurePath):
            return self.text(str(value), path)
        self.note(path, f"{type(value).__name__} kept as text")
        return self.text(str(value)[:10_000], path)

    def bytes(self, value: bytes, path: str) -> bytes:
        if self.longest_text and len(value) > self.longest_text:
            self.note(path, f"cut from {len(value)} bytes")
            value = value[: self.longest_text]
        self.size += len(value)
        return value


def _utc(value: datetime) -> datetime:
    """Return the time in UTC with the milliseconds that BSON keeps; a naive time is UTC."""
    if value.tzinfo is not UTC:
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value.replace(microsecond=value.microsecond // 1000 * 1000)
