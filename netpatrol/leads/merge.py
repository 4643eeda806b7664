"""`merge(old, new)`: pure, associative, commutative and idempotent, so pages may be folded in any order, or twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from netpatrol.items import Lead, LeadFinding
from netpatrol.leads.score import priority


def merge(old: Lead, new: Lead) -> Lead:
    """Merge two states of the lead with one id. Raises ValueError if the ids differ."""
    if old.lead_id != new.lead_id:
        raise ValueError(f"leads {old.lead_id} and {new.lead_id} are not the same")
    later = max(old, new, key=_age)
    findings = _merge_findings((*old.findings, *new.findings))
    points, reasons = priority(findings, later.determination)
    return replace(
        later,
        findings=findings,
        priority=points,
        priority_reasons=reasons,
        first_seen=min(old.first_seen, new.first_seen),
        last_seen=max(old.last_seen, new.last_seen),
    )


def _age(lead: Lead) -> tuple[str, str]:
    """Order two states of a lead: the later seen speaks for match and shop; ties are broken by content alone."""
    return lead.last_seen.isoformat(), repr((lead.match, lead.shop, lead.unit, lead.subject_name))


def _merge_findings(findings: Iterable[LeadFinding]) -> tuple[LeadFinding, ...]:
    merged: dict[str, LeadFinding] = {}
    for finding in findings:
        held = merged.get(finding.key)
        merged[finding.key] = _merge_finding(held, finding) if held else replace(finding, evidence=_extremes(finding.evidence))
    return tuple(merged[key] for key in sorted(merged))


def _merge_finding(old: LeadFinding, new: LeadFinding) -> LeadFinding:
    later = max(old, new, key=lambda f: (f.last_seen, f.pack_version, repr(replace(f, first_seen=f.last_seen, evidence=()))))
    return replace(
        later,
        evidence=_extremes((*old.evidence, *new.evidence)),
        first_seen=min(old.first_seen, new.first_seen),
        last_seen=max(old.last_seen, new.last_seen),
    )


def _extremes(evidence: tuple[str, ...]) -> tuple[str, ...]:
    """Keep the first and the last capture (ids begin with their time); the archive has those between."""
    return tuple(dict.fromkeys((min(evidence), max(evidence)))) if evidence else ()
