"""Runs the examples in the packs: what `netpatrol rules test` does, in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from netpatrol.detect.engine import Engine
from netpatrol.detect.model import Example, Pack, Rule
from netpatrol.items import Finding, PageFacts, PageText, PartKind, Verdict, Zone, ZoneName
from netpatrol.text.normalise import normalise


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example and what is wrong with it ("" if it holds); `known` is a known miss that is only reported."""

    pack: Pack
    rule: Rule
    kind: str
    example: Example
    fault: str = ""
    known: bool = False


def snippet(text: str, kind: PartKind = PartKind.DETAIL) -> PageText:
    """Return a plain text as a page of one zone."""
    form = normalise(text)
    zone = Zone(name=ZoneName.TEXT, start=0, end=len(text))
    return PageText(raw=text, zones=(zone,), norm=form.text, origin=form.origin, kind=kind)


def judge_snippet(
    engine: Engine, text: str, *, on: date, kind: PartKind = PartKind.DETAIL, goods: str = ""
) -> tuple[Finding, ...]:
    """Return the findings of a plain text."""
    return engine.judge(snippet(text, kind), PageFacts(), on=on, product_category=goods).findings


def run_examples(engine: Engine, on: date, only: str = "") -> Iterator[Outcome]:
    """Yield the outcome of every example; `only` restricts to rules whose id starts so."""
    for pack, rule in engine.packs.rules():
        if not rule.id.startswith(only):
            continue
        groups = (
            ("violation", rule.examples.violation),
            ("clean", rule.examples.clean),
            ("exempt", rule.examples.exempt),
            ("pending", rule.examples.pending),
        )
        for kind, examples in groups:
            for example in examples:
                yield _outcome(engine, pack, rule, kind, example, on)


def _outcome(engine: Engine, pack: Pack, rule: Rule, kind: str, example: Example, on: date) -> Outcome:
    found = judge_snippet(engine, example.text, on=on, kind=example.page, goods=example.goods)
    own = [finding for finding in found if finding.rule_id == rule.id]
    same_family = [finding for finding in found if finding.family == rule.family]
    if kind == "clean":
        flagged = [finding for finding in own if finding.verdict is not Verdict.EXEMPT]
        return Outcome(pack, rule, kind, example, f"不该命中，却命中“{flagged[0].quote}”" if flagged else "")
    if kind == "pending":
        hit = any(finding.verdict is Verdict.VIOLATION for finding in own)
        return Outcome(pack, rule, kind, example, "已能命中，可移到 violation" if hit else "", known=not hit)
    if kind == "exempt":
        return Outcome(pack, rule, kind, example, _exempt_fault(same_family, example))
    live = [finding for finding in same_family if finding.verdict is not Verdict.EXEMPT]
    return Outcome(pack, rule, kind, example, _span_fault(live, own, example))


def _exempt_fault(found: list[Finding], example: Example) -> str:
    if any(finding.verdict is Verdict.VIOLATION for finding in found):
        return "应豁免，却报为疑点"
    if not any(finding.exemption == example.by for finding in found):
        named = "、".join(sorted({finding.exemption or "无" for finding in found})) or "未命中"
        return f"应由 {example.by} 豁免，实际为 {named}"
    return ""


def _span_fault(found: list[Finding], own: list[Finding], example: Example) -> str:
    if not own:
        return "没有命中" if not found else f"由 {found[0].rule_id} 命中“{found[0].quote}”，本条没有命中"
    for start, end in example.spans:
        if not any((finding.start <= start and end <= finding.end) or start <= finding.start < end for finding in own):
            return f"标出的“{example.text[start:end]}”没有命中，命中的是“{own[0].quote}”"
    return ""
