"""Duties of the page as a whole: statements that must be there, identifiers that must hold."""

from __future__ import annotations

from datetime import date

from netpatrol.detect.context import Page
from netpatrol.detect.model import MatchSpec, Rule
from netpatrol.detect.ruleset import Ruleset
from netpatrol.items import Duty, PartKind, Verdict


def judge_duties(rules: Ruleset, page: Page, on: date) -> tuple[Duty, ...]:
    """Return the duties that a whole page seems not to meet; snippets (other kinds) have none."""
    if page.text.kind is not PartKind.PAGE or not rules.page_rules:
        return ()
    duties = []
    for pack, rule in rules.page_rules:
        if pack.valid.holds(on) and rule.valid.holds(on):
            reason = next((reason for spec in rule.match if (reason := _unmet(rules, page, rule, spec))), "")
            if reason:
                duties.append(Duty(rule_id=rule.id, verdict=Verdict.REVIEW, reasons=(reason,)))
    return tuple(duties)


def _unmet(rules: Ruleset, page: Page, rule: Rule, spec: MatchSpec) -> str:
    """Return why a duty is not met, "" if it is met or does not apply."""
    if not _concerns(rules, page, rule, spec):
        return ""
    if spec.kind == "missing":
        found = rules.words(spec.missing).search(page.view.text)
        has_fact = bool(spec.fact) and bool(page.facts.of(*spec.fact.split("|")))
        return "" if found or has_fact else f"{rule.title}：整页未见“{'”“'.join(spec.missing[:3])}”等内容"
    if spec.kind == "fact":
        facts = [
            fact for fact in page.facts.of(*spec.fact.split("|")) if spec.valid is None or fact.valid is spec.valid
        ]
        return f"{rule.title}：{facts[0].raw}" if facts else ""
    return ""


def _concerns(rules: Ruleset, page: Page, rule: Rule, spec: MatchSpec) -> bool:
    goods = (*rule.goods, *spec.goods)
    if goods and page.goods not in goods:
        return False
    if page.goods in (*rule.not_goods, *spec.not_goods):
        return False
    if spec.needs and not rules.words(spec.needs).search(page.view.text):
        return False
    return not (spec.absent and rules.words(spec.absent).search(page.view.text))
