"""One page's contribution to leads, and the fold of all pages of a shop into its standing leads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from urllib.parse import urlsplit

from netpatrol.items import (
    Determination,
    Finding,
    Lead,
    LeadFinding,
    Match,
    ShopRef,
    Verdict,
    claim_of,
    digest,
)
from netpatrol.leads.merge import merge
from netpatrol.leads.score import priority
from netpatrol.text.urls import page_key

KEY_VERSION = 1
"""Raised when the lead key changes meaning; leads of an older version are superseded, not doubled."""


def lead_finding(finding: Finding, *, url: str, evidence_id: str, seen: datetime, pack_lock: str) -> LeadFinding:
    """Return a page's finding as a lead keeps it. Counts and dates in the claim do not change its key."""
    return LeadFinding(
        key=digest(page_key(url), finding.family, finding.rule_id, claim_of(finding.quote), str(finding.verdict)),
        rule_id=finding.rule_id,
        family=finding.family,
        verdict=finding.verdict,
        severity=finding.severity,
        confidence=finding.confidence,
        quote=finding.quote,
        clause=finding.clause,
        url=url,
        zone=finding.zone,
        basis=finding.basis,
        message=finding.message,
        reasons=finding.reasons,
        exemption=finding.exemption,
        considered=finding.considered,
        pack=finding.pack,
        pack_version=finding.pack_version,
        evidence=(evidence_id,),
        first_seen=seen,
        last_seen=seen,
        pack_lock=pack_lock,
    )


def subject_of(match: Match, shop: ShopRef) -> tuple[str, str]:
    """Return id and name of whom a lead is about: the entity if one is identified, else the shop itself.

    Where the shop shows another's code, the entity of that code is who was used, not whom the lead is about.
    """
    if match.entity is not None and match.determination is not Determination.MISMATCH:
        return match.entity.entity_id, match.entity.name
    return f"shop:{shop.shop_id}", shop.name or shop.shop_id


def lead_id(subject: str, shop: ShopRef, family: str) -> str:
    """Return the key of a lead: subject, shop, rule family, key version."""
    return digest("lead", str(KEY_VERSION), subject, shop.shop_id, family)


def build_leads(findings: Sequence[LeadFinding], shop: ShopRef, match: Match) -> tuple[Lead, ...]:
    """Return one lead per family that has a violation among these findings of one or more pages.

    Findings that a clause exempts, or that a person must look at, go along with the lead of their family.
    """
    families = sorted({finding.family for finding in findings if finding.verdict is Verdict.VIOLATION})
    return tuple(
        _build([finding for finding in findings if finding.family == family], family, shop, match) for family in families
    )


def fold(pages: Iterable[Sequence[LeadFinding]], shop: ShopRef, match: Match) -> tuple[Lead, ...]:
    """Fold the contributions of a shop's pages into its leads; the order of pages does not matter."""
    by_family: dict[str, list[Lead]] = {}
    for findings in pages:
        for family in {finding.family for finding in findings}:
            by_family.setdefault(family, []).append(_build([f for f in findings if f.family == family], family, shop, match))
    leads = (reduce(merge, contributions) for contributions in by_family.values())
    standing = (lead for lead in leads if any(f.verdict is Verdict.VIOLATION for f in lead.findings))
    return tuple(sorted(standing, key=lambda lead: lead.family))


def _build(findings: Sequence[LeadFinding], family: str, shop: ShopRef, match: Match) -> Lead:
    subject, name = subject_of(match, shop)
    points, reasons = priority(findings, match.determination)
    lead = Lead(
        lead_id=lead_id(subject, shop, family),
        key_version=KEY_VERSION,
        subject=subject,
        subject_name=name,
        shop=shop,
        host=urlsplit(shop.url).hostname or "",
        family=family,
        findings=tuple(findings),
        determination=match.determination if match else Determination.UNKNOWN,
        match=match,
        priority=points,
        priority_reasons=reasons,
        unit=match.unit,
        first_seen=min(f.first_seen for f in findings),
        last_seen=max(f.last_seen for f in findings),
    )
    return merge(lead, lead)
