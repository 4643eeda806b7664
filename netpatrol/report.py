"""A checked page as the JSON that other programs rely on (`netpatrol check`); fields may be added, none changes."""

from __future__ import annotations

from typing import Any

from netpatrol.items import Candidate, Dossier, Fact, Feature, Finding, Match

IDENTIFIERS = ("uscc", "reg_no", "icp", "psb", "phone", "name", "address", "licence_link", "emark", "permit", "domain")


def page_report(dossier: Dossier, *, ident: object) -> dict[str, Any]:
    """Return the report of one page."""
    text, judgement = dossier.text, dossier.judgement
    encoding = text.encoding if text else None
    return {
        "id": ident,
        "encoding": {
            "used": encoding.used if encoding else None,
            "declared": (encoding.declared or None) if encoding else None,
            "doubt": encoding.doubt if encoding else True,
        },
        "title": text.title if text else "",
        "role": judgement.role if judgement else None,
        "state": str(text.state) if text else "bad_input",
        "findings": [finding_report(finding) for finding in judgement.findings] if judgement else [],
        "duties": [
            {"rule": duty.rule_id, "verdict": str(duty.verdict), "reasons": list(duty.reasons)}
            for duty in (judgement.duties if judgement else ())
        ],
        "identifiers": [fact_report(fact) for fact in (dossier.facts.of(*IDENTIFIERS) if dossier.facts else ())],
        "entity": candidate_report(dossier.match.entity) if dossier.match and dossier.match.entity else None,
        "determination": str(dossier.match.determination) if dossier.match else None,
        "problems": [{"stage": p.stage, "code": p.code, "detail": p.detail} for p in dossier.problems],
    }


def finding_report(finding: Finding) -> dict[str, Any]:
    """Return one finding; `start` and `end` are offsets in the text of the page."""
    return {
        "family": finding.family,
        "rule": finding.rule_id,
        "verdict": str(finding.verdict),
        "exemption": finding.exemption,
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "text": finding.quote,
        "start": finding.start,
        "end": finding.end,
        "where": str(finding.zone),
        "clause": finding.clause,
        "legal": [{"law": c.law, "article": c.article, "checked": c.checked} for c in finding.basis],
        "considered": list(finding.considered),
        "reasons": list(finding.reasons),
        "message": finding.message,
    }


def fact_report(fact: Fact) -> dict[str, Any]:
    """Return one identifier."""
    return {
        "kind": fact.name,
        "value": fact.value,
        "raw": fact.raw,
        "valid": fact.valid,
        "repaired": fact.repaired,
        "where": str(fact.zone),
    }


def candidate_report(candidate: Candidate) -> dict[str, Any]:
    """Return an entity that the page was matched to, with its reasons."""
    return {
        "id": candidate.entity_id,
        "name": candidate.name,
        "score": candidate.score,
        "verdict": str(candidate.verdict),
        "features": [feature_report(feature) for feature in candidate.features],
    }


def feature_report(feature: Feature) -> dict[str, Any]:
    """Return one reason for a match."""
    return {
        "name": feature.name,
        "score": feature.score,
        "page": feature.page_value,
        "register": feature.register_value,
        "why": feature.why,
    }


def match_report(match: Match, *, ident: object) -> dict[str, Any]:
    """Return a match by itself (`netpatrol match`)."""
    return {
        "id": ident,
        "entity": candidate_report(match.entity) if match.entity else None,
        "candidates": [candidate_report(candidate) for candidate in match.candidates],
        "determination": str(match.determination),
        "reasons": list(match.reasons),
        "unit": match.unit,
        "register_version": match.register_version,
    }
