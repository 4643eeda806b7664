"""Decisions of handlers make a rule that is mostly wrong ask for a person first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from netpatrol.detect.examples import judge_snippet
from netpatrol.detect.kept import kept_engine
from netpatrol.detect.live import FEWEST, demoted_rules
from netpatrol.detect.pack import RULES
from netpatrol.items import Decision, Verdict
from netpatrol.store import leads
from netpatrol.store.database import Store
from netpatrol.store.decided import decided_findings, found_since
from netpatrol.store.places import cache
from netpatrol.store.queries import QUERIES, Asked, run

pytestmark = pytest.mark.mongo
ON = date(2026, 1, 15)
RULE = "absolute.level.top"


def _decide_all(store: Store, make: SimpleNamespace, verdict: str) -> None:
    for number in range(FEWEST + 2):
        lead = make.lead(subject=f"shop:{number}.example", findings=(make.finding(rule_id=RULE),))
        leads.save_leads(store, f"{number}.example", [lead], make.now)
        leads.decide(store, Decision(lead_id=lead.lead_id, verdict=verdict, by="王芳", at=make.now))


@pytest.mark.parametrize(
    ("decision", "verdict"), [("dismiss", Verdict.REVIEW), ("confirm", Verdict.VIOLATION)], ids=["wrong", "right"]
)
def test_a_rule_below_its_floor_yields_review(
    store: Store, make: SimpleNamespace, decision: str, verdict: Verdict
) -> None:
    _decide_all(store, make, decision)
    engine = kept_engine([RULES], cache())
    engine.demote(demoted_rules(decided_findings(store)))
    found = [f for f in judge_snippet(engine, "顶级牛油", on=ON) if f.rule_id == RULE]
    assert [f.verdict for f in found] == [verdict]


def test_the_latest_decision_counts(store: Store, make: SimpleNamespace) -> None:
    _decide_all(store, make, "dismiss")
    first = make.lead(subject="shop:0.example", findings=(make.finding(rule_id=RULE),))
    later = make.now + timedelta(days=1)
    leads.decide(store, Decision(lead_id=first.lead_id, verdict="confirm", by="李明", at=later))
    assert sum(right for _, right in decided_findings(store)) == 1


def test_a_decision_is_about_what_its_lead_held_then(store: Store, make: SimpleNamespace) -> None:
    lead = make.lead(subject="shop:a.example", findings=(make.finding(rule_id=RULE),))
    leads.save_leads(store, "a.example", [lead], make.now)
    leads.decide(store, Decision(lead_id=lead.lead_id, verdict="dismiss", by="王芳", at=make.now, rules=(RULE,)))
    later = make.now + timedelta(days=1)
    other = make.finding(rule_id="absolute.rank.first", quote="销量第一", key="b" * 32, first_seen=later, last_seen=later)
    leads.save_leads(store, "a.example", [make.lead(subject="shop:a.example", findings=(other,))], later)
    assert decided_findings(store) == [(RULE, False)]
    old = Decision(lead_id=lead.lead_id, verdict="confirm", by="王芳", at=make.now + timedelta(hours=1))  # of a version that noted no rules
    leads.decide(store, old)
    assert decided_findings(store) == [(RULE, False)]


@pytest.mark.parametrize(("name", "days"), [("undecided", 1), ("overdue", 60)])
def test_what_is_found_after_a_decision_waits_for_one(store: Store, make: SimpleNamespace, name: str, days: int) -> None:
    lead = make.lead(subject="shop:a.example", findings=(make.finding(rule_id=RULE),))
    leads.save_leads(store, "a.example", [lead], make.now)
    leads.decide(store, Decision(lead_id=lead.lead_id, verdict="dismiss", by="王芳", at=make.now, rules=(RULE,)))
    asked = Asked(now=make.now + timedelta(days=days))
    assert run(store, QUERIES[name], asked) == []
    later = make.now + timedelta(hours=2)
    other = make.finding(rule_id="absolute.rank.first", quote="销量第一", key="b" * 32, first_seen=later, last_seen=later)
    leads.save_leads(store, "a.example", [make.lead(subject="shop:a.example", findings=(make.finding(rule_id=RULE), other))], later)
    assert [found["lead_id"] for found in run(store, QUERIES[name], asked)] == [lead.lead_id]


@pytest.mark.parametrize(("name", "days"), [("undecided", 1), ("overdue", 60)])
@pytest.mark.parametrize(
    ("then", "now", "waits"),
    [
        ((RULE,), (RULE, "absolute.rank.first"), True),  # a rule that came later, on a page seen before
        ((RULE,), (RULE, RULE), True),
        ((RULE, "absolute.rank.first"), (RULE,), False),
        ((), (RULE, RULE), False),  # a decision of a version that noted no rules
    ],
)
def test_what_a_rule_finds_later_on_pages_seen_before_waits_for_a_decision(
    store: Store, make: SimpleNamespace, name: str, days: int, then: tuple[str, ...], now: tuple[str, ...], waits: bool
) -> None:
    decision = Decision(lead_id="", verdict="dismiss", by="王芳", at=make.now + timedelta(hours=1), rules=then)
    findings = tuple(make.finding(rule_id=rule, key=f"{at}" * 32) for at, rule in enumerate(now))
    lead = make.lead(subject="shop:a.example", findings=findings)
    leads.save_leads(store, "a.example", [lead], make.now)
    leads.decide(store, replace(decision, lead_id=lead.lead_id))
    found = run(store, QUERIES[name], Asked(now=make.now + timedelta(days=days)))
    assert [one["lead_id"] for one in found] == [lead.lead_id] * waits
    assert bool(found_since(leads.lead_document(store, lead.lead_id), decision)) is waits
