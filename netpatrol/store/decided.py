"""What handlers decided, finding by finding: the live precision of rules is counted from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpatrol.store.database import database_errors

if TYPE_CHECKING:
    from netpatrol.store.database import Store

_RIGHT = {"confirm": True, "correct": True, "transfer": True, "finish": True, "dismiss": False}


def decided_findings(store: Store) -> list[tuple[str, bool]]:
    """Return (rule id, was right) of every finding of every lead by the latest decision about it."""
    with database_errors():
        verdicts = {row["lead_id"]: row["verdict"] for row in store.db["decisions"].find({}).sort("at", 1)}
        leads = store.db["leads"].find({"_id": {"$in": list(verdicts)}}, {"findings.rule_id": 1})
        return [
            (finding["rule_id"], _RIGHT[verdicts[lead["_id"]]])
            for lead in leads
            if verdicts[lead["_id"]] in _RIGHT
            for finding in lead.get("findings", ())
        ]
