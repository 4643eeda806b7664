"""What an analyst runs: lint, every example of every pack, the lock."""

from __future__ import annotations

from datetime import date

from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import run_examples
from netpatrol.detect.lint import lint, slow_matchers
from netpatrol.detect.lock import read_lock
from netpatrol.detect.pack import RULES

ON = date(2026, 11, 30)
FAMILIES = {
    "absolute", "medical", "medical_ad", "health_food", "cosmetics", "food", "infant", "agri", "alcohol", "tobacco",
    "education", "finance", "realestate", "false_ad", "citation", "disparage", "state", "public_order", "unfair",
    "price", "terms", "promo", "ad_id", "license",
}  # fmt: skip


def test_lint_finds_nothing_grave(engine: Engine) -> None:
    complaints = lint(engine.packs, read_lock(RULES / "packs.lock"), ON)
    assert [str(complaint) for complaint in complaints if complaint.grave] == []


def test_no_matcher_is_slow(engine: Engine) -> None:
    assert [str(complaint) for complaint in slow_matchers(engine.packs, {})] == []


def test_every_example_holds(engine: Engine) -> None:
    failed = [f"{o.rule.id} {o.kind} {o.example.text}：{o.fault}" for o in run_examples(engine, ON) if o.fault]
    assert failed == []


def test_all_families_and_rules_are_there(engine: Engine) -> None:
    ids = [rule.id for _, rule in engine.packs.rules()]
    assert {rule_id.partition(".")[0] for rule_id in ids} == FAMILIES
    assert len(ids) == len(set(ids)) >= 179


def test_the_lock_is_that_of_these_packs(engine: Engine) -> None:
    """Run `netpatrol rules publish` after a change, with versions raised."""
    locked = read_lock(RULES / "packs.lock")
    assert {name: digest for name, (_, digest) in locked.items() if name != "*"} == {
        pack.name: pack.digest for pack in engine.packs.packs
    }
    assert locked["*"][1] == engine.packs.lock


def test_every_rule_cites_a_law_in_force(engine: Engine) -> None:
    for pack, rule in engine.packs.rules():
        cited = [basis for key in rule.basis if (basis := pack.citation(key))]
        assert any(basis.in_force.holds(ON) for basis in cited), rule.id
