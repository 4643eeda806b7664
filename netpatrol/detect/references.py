"""Faults of packs that show only when all are read: what names nothing, is empty, or does not compile."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from typing import Any

from netpatrol.detect.build import Row, Source, condition_of, match_of
from netpatrol.detect.exempt import compile_condition
from netpatrol.detect.model import BUILT_IN, Condition, PackSet
from netpatrol.detect.types import compile_matchers
from netpatrol.detect.types.slot import SlotError, expand, prove, spell_out
from netpatrol.detect.types.spelling import check_spelling

_ID = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
_KEY = re.compile(r"[\w.+-]+")
_LISTS = ("any", "say", "near", "missing", "trigger", "needs", "absent")
_TELLS = ("say", "before", "after", "around", "absent", "hit", "quoted", "pages", "goods", "approval", "name")


def check_references(records: Sequence[tuple[Source, Any]], found: PackSet, published: Set[str]) -> None:
    """Fault what names something that does not exist, says nothing, or does not compile.

    The regexes of what has been published (by its digest) were put together then; it would double the time of loading.
    """
    exemptions = {exemption.key for exemption in found.exemptions}
    digests = {pack.path: pack.digest for pack in found.packs}
    seen: dict[tuple[str, str], int] = {}
    for source, record in records:
        proved = digests.get(str(source.path)) in published
        _check_lexicons(record, source, found)
        for row in record.get("rules", ()):
            source.rule = row.get("id", "")
            if (source.layer, source.rule) in seen:
                source.fault(f"规则编号重复，第 {seen[source.layer, source.rule]} 行已用", row.line)
            seen[source.layer, source.rule] = row.line
            _check_rule(row, record, source, exemptions)
            for match in row.get("match", ()):
                _check_match(match, source, found, proved=proved)
            source.rule = ""
        proved = found.lock in published  # digests of packs are of their rules alone
        for match in record.get("traps", ()):
            _check_match(match, source, found, proved=proved)
        for key, row in record.get("exemptions", {}).items():
            _check_exemption(key, row, source, found, proved=proved)


def check_basis(records: Sequence[tuple[Source, Any]]) -> None:
    """Fault articles of law that a pack does not have; asked of packs with other faults too, so that all are told at once."""
    for source, record in records:
        for row in record.get("rules", ()):
            source.rule = row.get("id", "")
            for key in row.get("basis", ()):
                if key not in record.get("legal_basis", {}):
                    source.fault(f"legal_basis 里没有“{key}”", row.lines.get("basis", row.line))
            source.rule = ""


def _check_rule(row: Any, record: Row, source: Source, exemptions: set[str]) -> None:
    if source.rule and not _ID.fullmatch(source.rule):
        message = f"编号 {source.rule!r} 应是小写字母、数字、下划线，以点分段，如 absolute.local.tea_king"
        source.fault(message, row.lines.get("id", row.line))
    if "match" in row and not row["match"]:
        source.fault("match 是空的，这条规则什么也找不到", row.lines["match"])
    for key in (*row.get("unless", ()), *record.get("unless", ())):
        if key not in exemptions:
            source.fault(f"没有名为“{key}”的豁免", row.lines.get("unless", row.line))


def _check_match(row: Any, source: Source, found: PackSet, *, proved: bool) -> None:
    empty = [name for name in _LISTS if name in row and not (row[name] and all(row[name]))]
    for name in empty:
        source.fault(f"{name} 是空的，或其中有一项是空的", row.lines.get(name, row.line))
    if not empty:
        with _told(source, row.line):
            compile_matchers(match_of(row, source), found.lexicons)
        _check_slots(row, source, found, proved=proved)


def _check_slots(row: Any, source: Source, found: PackSet, *, proved: bool, what: str = "") -> None:
    """Fault slots that seem to mean something else, or whose parts do not go together.

    Of what comes along lint proves the rest: words are escaped, so that only raw pieces may not go together.
    """
    if proved:
        return
    for say in row.get("say", ()):
        with _told(source, row.line, what):
            check_spelling(say)
            if source.layer != BUILT_IN or "/" in say:
                prove(say, found.lexicons)


def _check_exemption(key: str, row: Any, source: Source, found: PackSet, *, proved: bool) -> None:
    if not _KEY.fullmatch(key):
        source.fault(f"豁免的键名 {key!r} 只能是字、字母、数字和 . + - _", row.line)
    if "when" in row and not row["when"]:
        source.fault(f"豁免 {key}：when 是空的，永远不会放行", row.lines["when"])
    for entry in row.get("when", ()):
        condition = condition_of(entry)
        if not _tells(condition):
            source.fault(f"豁免 {key}：条件是空的，会放行一切", entry.line)
        else:
            with _told(source, entry.line, f"豁免 {key}："):
                compile_condition(condition, found.lexicons)
            _check_slots(entry, source, found, proved=proved, what=f"豁免 {key}：")


def _tells(condition: Condition) -> bool:
    """Whether a condition asks for anything: one that does not always holds."""
    return condition.promo is not None or any(getattr(condition, name) for name in _TELLS)


def _check_lexicons(record: Any, source: Source, found: PackSet) -> None:
    """Fault lists of words that cannot be spelled out: they name each other in a circle, or nothing, or have no end."""
    for field, what, entries in _word_lists(record):
        with _told(source, record.lines.get(field, record.line), f"{what}："):
            for entry in entries:
                deque(expand(entry, found.lexicons), maxlen=0)
    for say in record.get("restore", ()):
        with _told(source, record.lines["restore"]):
            spell_out(say, found.lexicons)


@contextmanager
def _told(source: Source, line: int, what: str = "") -> Iterator[None]:
    """Make a fault of what does not compile."""
    try:
        yield
    except (SlotError, re.error) as error:
        source.fault(f"{what}{error}", line)


def _word_lists(record: Any) -> Iterator[tuple[str, str, Iterable[str]]]:
    for name in record.get("lexicons", {}):
        yield "lexicons", f"词表“{name}”", (f"@{name}",)
    for field in ("cues", "goods"):
        for name, words in record.get(field, {}).items():
            yield field, f"{field} 的“{name}”", words
