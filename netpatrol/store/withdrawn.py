"""Findings that no rule makes any more although their wording stands on the page as before.

A pack that was changed, taken away or set back to trial says nothing of the shop: what it no longer finds was not
corrected. It is kept beside the page's findings, so that it comes back with its first sight when the rule does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netpatrol.items import LeadFinding, PageState, Verdict
from netpatrol.store.records import PageRecord, from_document

WITHDRAWN = "withdrawn"
"""Why a lead ends whose wording stands, and that today's rules do not find."""


def held(standing: Mapping[str, Any] | None) -> tuple[LeadFinding, ...]:
    """Return the withdrawn findings of a stored page."""
    return tuple(from_document(LeadFinding, found) for found in (standing or {}).get("withdrawn", ()))


def withdrawn(page: PageRecord, standing: Mapping[str, Any] | None, old: Iterable[LeadFinding]) -> tuple[LeadFinding, ...]:
    """Return the findings of a page that other packs made of it before (`old` are those of the stored page), and whose
    words still stand in its text.
    """
    before = held(standing)
    if page.state is not PageState.CHECKED or not page.text:
        return before
    found = {finding.key for finding in page.findings}
    changed = standing is not None and standing.get("pack_lock", "") != page.pack_lock
    candidates = {finding.key: finding for finding in (*before, *(old if changed else ()))}
    return tuple(
        finding
        for key, finding in candidates.items()
        if key not in found and finding.verdict is Verdict.VIOLATION and finding.quote and finding.quote in page.text
    )
