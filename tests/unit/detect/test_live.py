"""Live precision: rates with intervals, and when a rule falls back to review."""

from __future__ import annotations

from netpatrol.detect.live import demoted_rules, live_precision


def test_rates_and_intervals_worst_first() -> None:
    decisions = [("good", True)] * 9 + [("good", False)] + [("bad", False)] * 9 + [("bad", True)]
    bad, good = live_precision(decisions)
    assert (bad.rule_id, bad.right, bad.wrong, round(bad.rate, 2)) == ("bad", 1, 9, 0.1)
    assert good.low < good.rate < good.high
    assert 0 <= bad.low < bad.rate < bad.high < 0.5


def test_a_rule_is_demoted_only_when_surely_below_the_floor() -> None:
    assert demoted_rules([("bad", False)] * 20) == {"bad"}
    assert demoted_rules([("few", False)] * 5) == frozenset()
    assert demoted_rules([("middling", False)] * 6 + [("middling", True)] * 5) == frozenset()
    assert demoted_rules([]) == frozenset()
