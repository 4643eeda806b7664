"""What handlers decided, finding by finding: the live precision of rules is counted from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from netpatrol.store.database import database_errors

if TYPE_CHECKING:
    from netpatrol.items import Decision
    from netpatrol.store.database import Store

_RIGHT = {"confirm": True, "correct": True, "transfer": True, "finish": True, "dismiss": False}


def decided_findings(store: Store) -> list[tuple[str, bool]]:
    """Return (rule id, was right) of every finding that was decided on, by the latest decision about it.

    A decision is about what its lead held when it was made, not about what came later.
    """
    with database_errors():
        decisions = list(store.db["decisions"].find({}, {"lead_id": 1, "verdict": 1, "at": 1, "rules": 1}).sort("at", 1))
        held = _findings_of(store, {decision["lead_id"] for decision in decisions if not decision.get("rules")})
    latest: dict[tuple[str, str], tuple[str, int]] = {}
    for decision in decisions:
        rules = Counter(decision.get("rules") or _held_then(decision, held))
        latest |= {(decision["lead_id"], rule): (decision["verdict"], number) for rule, number in rules.items()}
    return [
        (rule, _RIGHT[verdict]) for (_, rule), (verdict, number) in latest.items() if verdict in _RIGHT for _ in range(number)
    ]


def found_since(lead: Mapping[str, Any], decision: Decision) -> list[Mapping[str, Any]]:
    """Return the violations of a lead's document that a decision is not about: seen later, or found by rules that found none then."""
    known, since = Counter(decision.rules), []
    for finding in (one for one in lead["findings"] if one["verdict"] == "violation"):
        if finding["first_seen"] > decision.at or (decision.rules and not known[finding["rule_id"]]):
            since.append(finding)
        else:
            known[finding["rule_id"]] -= 1
    return since


Findings = Mapping[str, Sequence[Mapping[str, Any]]]


def _findings_of(store: Store, lead_ids: Collection[str]) -> Findings:
    """Return what leads hold now, by their ids: for decisions of an older version, which do not say what they are about."""
    found = store.db["leads"].find({"_id": {"$in": list(lead_ids)}}, {"findings.rule_id": 1, "findings.first_seen": 1})
    return {lead["_id"]: lead.get("findings", ()) for lead in found}


def _held_then(decision: Mapping[str, Any], held: Findings) -> Iterator[str]:
    """Yield the rules of what a lead held when a decision was made, as far as it still holds it."""
    findings = held.get(decision["lead_id"], ())
    return (finding["rule_id"] for finding in findings if finding["first_seen"] <= decision["at"])
