"""What handlers decided, finding by finding: the live precision of rules is counted from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from netpatrol.store.database import database_errors

if TYPE_CHECKING:
    from netpatrol.store.database import Store

_RIGHT = {"confirm": True, "correct": True, "transfer": True, "finish": True, "dismiss": False}


def decided_findings(store: Store) -> list[tuple[str, bool]]:
    """Return (rule id, was right) of every finding that was decided on, by the latest decision about it.

    A decision is about what its lead held when it was made, not about what came later.
    """
    latest: dict[tuple[str, str], tuple[str, int]] = {}
    with database_errors():
        for decision in store.db["decisions"].find({}).sort("at", 1):
            rules = Counter(decision.get("rules") or _held_then(store, decision))
            latest |= {(decision["lead_id"], rule): (decision["verdict"], number) for rule, number in rules.items()}
    return [
        (rule, _RIGHT[verdict]) for (_, rule), (verdict, number) in latest.items() if verdict in _RIGHT for _ in range(number)
    ]


def _held_then(store: Store, decision: dict[str, Any]) -> Iterator[str]:
    """Yield the rules of what a lead held when an older version noted a decision, as far as it still holds it."""
    lead = store.db["leads"].find_one({"_id": decision["lead_id"]}, {"findings.rule_id": 1, "findings.first_seen": 1}) or {}
    return (finding["rule_id"] for finding in lead.get("findings", ()) if finding["first_seen"] <= decision["at"])
