"""Digests of packs: what a finding was made by, and whether a pack changed without its version."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from netpatrol.detect.model import BUILT_IN, Pack, PackSet

LOCK = "packs.lock"
_NOT_CONTENT = {"line", "path", "digest", "version", "layer"}


def digest_of(*packs: Pack) -> str:
    """Return the digest of what packs say; places, comments and version numbers do not count."""
    return _digest([_content(pack) for pack in packs])


def lock_of(packs: PackSet) -> str:
    """Return the digest of the whole set: adding a word to one pack can shift another, so they count together."""
    apart = ("packs", "replaced", "lock")
    shared = {field.name: getattr(packs, field.name) for field in fields(packs) if field.name not in apart}
    versions = [(pack.name, pack.version, pack.digest) for pack in packs.packs]
    return _digest([versions, _content(shared)])


def lock_key(pack: Pack) -> str:
    """Return the name of a pack in the lock; packs of other layers than the national one say which."""
    return pack.name if pack.layer == BUILT_IN else f"{pack.name}@{pack.layer}"


def write_lock(packs: PackSet, path: Path) -> None:
    """Write `packs.lock`: one line a pack (name, version, digest), then the digest of the set."""
    lines = [f"{lock_key(pack)} {pack.version} {pack.digest}" for pack in packs.packs]
    path.write_text("\n".join([*lines, f"* {packs.lock}"]) + "\n", encoding="utf-8")


def read_lock(*paths: Path) -> dict[str, tuple[int, str]]:
    """Return name -> (version, digest) of lock files, later ones before earlier; the set itself is `*` with version 0.

    A file that is missing says nothing.
    """
    found: dict[str, tuple[int, str]] = {}
    for line in (line for path in paths if path.exists() for line in path.read_text(encoding="utf-8").splitlines()):
        parts = line.split()
        if len(parts) == 3 and parts[1].isdigit():
            found[parts[0]] = (int(parts[1]), parts[2])
        elif len(parts) == 2:
            found[parts[0]] = (0, parts[1])
    return found


def _content(value: Any) -> Any:
    """Drop what does not change findings."""
    if is_dataclass(value):
        return {
            field: _content(getattr(value, field)) for field in value.__dataclass_fields__ if field not in _NOT_CONTENT
        }
    if isinstance(value, dict):
        return {key: _content(item) for key, item in value.items() if key not in _NOT_CONTENT}
    if isinstance(value, list | tuple):
        return [_content(item) for item in value]
    return value


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]
