"""Findings that no rule makes any more although their wording stands on the page as before.

A pack that was changed, taken away or set back to trial says nothing of the shop: what it no longer finds was not
corrected. It is kept beside the page's findings, so that it comes back with its first sight when the rule does. A rule
that goes by another name today finds the same expression, so that nothing is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from netpatrol.items import Expression, LeadFinding, Verdict, digest
from netpatrol.store.database import Store, database_errors
from netpatrol.store.records import PageRecord, from_document

WITHDRAWN = "withdrawn"
"""Why a lead ends whose wording stands, and that today's rules do not find."""


def held(standing: Mapping[str, Any] | None) -> tuple[LeadFinding, ...]:
    """Return the withdrawn findings of a stored page."""
    return tuple(from_document(LeadFinding, found) for found in (standing or {}).get("withdrawn", ()))


def withdrawn(
    page: PageRecord, standing: Mapping[str, Any] | None, old: Iterable[LeadFinding], led: Iterable[LeadFinding] = ()
) -> tuple[LeadFinding, ...]:
    """Return the findings of a page that other packs made of it before (`old` are those of the stored page), and whose
    words still stand in its text; and those on which leads of the shop rest (`led`) that other packs made of another page,
    where this one says the same sentence by now.
    """
    if not page.text:
        return held(standing)
    lock = (standing or {}).get("pack_lock", "")
    here = (*held(standing), *(finding for finding in old if (finding.pack_lock or lock) != page.pack_lock))
    stand = [finding for finding in here if _is_violation(finding) and finding.quote in page.text]
    stand += [_brought(finding, page) for finding in led if _is_elsewhere(finding, page) and finding.clause in page.text]
    found = {finding.expression for finding in page.findings if _is_violation(finding)}
    lost: dict[Expression, LeadFinding] = {}
    for finding in stand:
        if finding.expression not in found:
            lost.setdefault(finding.expression, finding)
    return tuple(lost.values())


def _is_violation(finding: LeadFinding) -> bool:
    return finding.verdict is Verdict.VIOLATION and bool(finding.quote)


def _is_elsewhere(finding: LeadFinding, page: PageRecord) -> bool:
    """Whether other packs than today's found something on another page. The whole sentence is asked for there: a mere
    word may always have stood on this page, and meant something else.
    """
    by_others = finding.pack_lock not in ("", page.pack_lock)
    return by_others and _is_violation(finding) and finding.url != page.url and bool(finding.clause.strip())


def _brought(finding: LeadFinding, page: PageRecord) -> LeadFinding:
    """Return what was found on another page as a finding of the page that says it now: the expression was seen since then."""
    captures = (*finding.evidence[:1], *((page.evidence.evidence_id,) if page.evidence else ()))
    return replace(
        finding,
        key=digest(page.page_id, finding.key),
        url=page.url,
        evidence=captures,
        last_seen=max(finding.last_seen, page.seen_at),
    )


def led_by_others(store: Store, pages: Sequence[PageRecord]) -> dict[str, list[LeadFinding]]:
    """Return the findings of other packs on which leads of the pages' shops rest, or rested when they were withdrawn, by shop id.

    Nothing is read while the packs are those of the last time.
    """
    locks = sorted({page.pack_lock for page in pages})
    query = {
        "shop_id": {"$in": sorted({page.shop.shop_id for page in pages})},
        "$or": [{"status": "open"}, {"closed_reason": WITHDRAWN}],
        "findings": {"$elemMatch": {"verdict": str(Verdict.VIOLATION), "pack_lock": {"$exists": True, "$nin": ["", *locks]}}},
    }
    led: dict[str, list[LeadFinding]] = {}
    with database_errors():
        for lead in store.db["leads"].find(query, {"shop_id": 1, "findings": 1}):
            led.setdefault(lead["shop_id"], []).extend(from_document(LeadFinding, found) for found in lead["findings"])
    return led
