"""Writes claims the way evaders do, to see which ways a rule still misses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import judge_snippet
from netpatrol.text.normalise import simplified_characters


def mutations(text: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) with `text[start:end]` written in evasive ways; ways that change nothing are left out."""
    core = text[start:end]
    for kind, write in WAYS.items():
        written = write(core)
        if written != core:
            yield kind, text[:start] + written + text[end:]


def _between(mark: str) -> Callable[[str], str]:
    return lambda core: mark.join(core) if core.isalpha() else core


def _full_width(core: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in core)


def _traditional(core: str) -> str:
    table = _to_traditional()
    return "".join(table.get(char, char) for char in core)


@lru_cache(maxsize=1)
def _to_traditional() -> dict[str, str]:
    found: dict[str, str] = {}
    for old, new in simplified_characters().items():
        found.setdefault(new, old)
    return found


WAYS: dict[str, Callable[[str], str]] = {
    "zw": _between("\u200b"),
    "sep": _between("·"),
    "space": _between(" "),
    "emoji": _between("🔥"),
    "fw": _full_width,
    "trad": _traditional,
}


@dataclass(frozen=True, slots=True)
class Evaded:
    """One example in an evasive writing, and whether it was still found."""

    rule_id: str
    kind: str
    text: str
    found: bool


def self_test(engine: Engine, on: date, only: str = "") -> Iterator[Evaded]:
    """Yield what became of every example of a violation (of rules that start with `only`) in every evasive writing."""
    for _, rule in engine.packs.rules():
        if not rule.id.startswith(only) or rule.scope == "page":
            continue
        for example in rule.examples.violation:
            for start, end in example.spans[:1]:
                for kind, text in mutations(example.text, start, end):
                    found = judge_snippet(engine, text, on=on, kind=example.page, goods=example.goods)
                    yield Evaded(rule.id, kind, text, any(finding.family == rule.family for finding in found))
