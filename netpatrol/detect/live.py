"""Live precision of rules from what handlers decided, and which rules fall back to review because of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

FLOOR = 0.5  # a rule that is surely right less often than this asks for a person first
FEWEST = 10  # decisions before a rule can be judged
_Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class Record:
    """How often a rule was right: counts, rate and its 95 % Wilson interval."""

    rule_id: str
    right: int
    wrong: int
    rate: float
    low: float
    high: float

    @property
    def demoted(self) -> bool:
        """Say whether even the upper bound lies below the floor, with enough decisions."""
        return self.right + self.wrong >= FEWEST and self.high < FLOOR


def live_precision(decisions: Iterable[tuple[str, bool]]) -> tuple[Record, ...]:
    """Return the records of rules from (rule id, was right) pairs, the worst first."""
    counts: dict[str, list[int]] = {}
    for rule_id, right in decisions:
        counts.setdefault(rule_id, [0, 0])[0 if right else 1] += 1
    records = [_record(rule_id, right, wrong) for rule_id, (right, wrong) in counts.items()]
    return tuple(sorted(records, key=lambda record: (record.high, record.rule_id)))


def demoted_rules(decisions: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """Return the rules that fall back to review."""
    return frozenset(record.rule_id for record in live_precision(decisions) if record.demoted)


def _record(rule_id: str, right: int, wrong: int) -> Record:
    n = right + wrong
    rate = right / n
    middle = (rate + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
    half = _Z * sqrt(rate * (1 - rate) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
    return Record(rule_id, right, wrong, rate, max(0.0, middle - half), min(1.0, middle + half))
