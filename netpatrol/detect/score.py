"""Scores an engine on labelled snippets: precision, recall and F1 by verdict, family and kind of evasion."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import judge_snippet
from netpatrol.items import Finding, PartKind, Verdict

# Families that may stand for one another on one text, because one sentence can break several articles.
_EQUIVALENT = (
    {"medical", "food", "health_food", "medical_ad", "cosmetics"},
    {"absolute", "price"},
    {"absolute", "citation"},
    {"false_ad", "unfair", "citation"},
)


@dataclass
class Count:
    """Hits and misses."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float:
        """Return how many of the flagged are right."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        """Return how many of the wrong ones are flagged."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        """Return their harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass
class Score:
    """What `rules score` reports; pairs are [right, of]."""

    items: int = 0
    violation: Count = field(default_factory=Count)
    family_named: list[int] = field(default_factory=lambda: [0, 0])
    exempt_kept: list[int] = field(default_factory=lambda: [0, 0])
    clause_named: list[int] = field(default_factory=lambda: [0, 0])
    families: dict[str, list[int]] = field(default_factory=dict)
    evasions: dict[str, list[int]] = field(default_factory=dict)
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, with the rates."""
        count = self.violation
        rates = {"precision": count.precision, "recall": count.recall, "f1": count.f1}
        return asdict(self) | {"violation": asdict(count) | {name: round(rate, 4) for name, rate in rates.items()}}


def read_labelled(path: Path) -> list[dict[str, Any]]:
    """Return the items of a JSON Lines file (see `docs/analyst.zh.md` for its fields)."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def score(engine: Engine, items: Sequence[Mapping[str, Any]], on: date) -> Score:
    """Judge every item as plain text and compare; contested items are left out."""
    result = Score()
    for item in items:
        if item.get("contested"):
            continue
        kind = PartKind.of(item.get("page_kind"))
        found = judge_snippet(engine, item["text"], on=on, kind=kind, goods=item.get("product_category") or "")
        _count(result, item, found)
    return result


def _count(result: Score, item: Mapping[str, Any], found: Sequence[Finding]) -> None:
    result.items += 1
    flagged = [finding for finding in found if finding.verdict is Verdict.VIOLATION]
    bad = item["verdict"] == "violation"
    result.violation.tp += bool(flagged) and bad
    result.violation.fp += bool(flagged) and not bad
    result.violation.fn += bad and not flagged
    if bool(flagged) != bad:
        got = [[finding.rule_id, finding.quote] for finding in flagged]
        result.wrong.append({"id": item.get("id"), "text": item["text"], "expected": item["verdict"], "got": got})
    if bad:
        _count_families(result, item, flagged)
    if item["verdict"] == "exempt":
        named = any(finding.exemption == item.get("exempt_clause") for finding in found)
        _add(result.exempt_kept, not flagged)
        _add(result.clause_named, named)


def _count_families(result: Score, item: Mapping[str, Any], flagged: Sequence[Finding]) -> None:
    labelled = {label["family"] for label in item.get("labels", ()) if label.get("family")}
    for family in labelled:
        _add(result.families.setdefault(family, [0, 0]), _named(family, flagged))
    _add(result.family_named, any(_named(family, flagged) for family in labelled))
    if item.get("evasion"):
        _add(result.evasions.setdefault(item["evasion"], [0, 0]), bool(flagged))


def _named(family: str, flagged: Iterable[Finding]) -> bool:
    return any(
        finding.family == family or any({family, finding.family} <= group for group in _EQUIVALENT)
        for finding in flagged
    )


def _add(pair: list[int], right: bool) -> None:
    pair[0] += right
    pair[1] += 1
