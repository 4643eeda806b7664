"""What a clock that was ahead has left in the database: times that lie further ahead than any that a run sets.

Until then they would hold targets and hosts that nobody looks at. Machines whose clocks differ by less than `SLACK` are
no concern of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from netpatrol.store import due, host_leases
from netpatrol.store.database import Store, database_errors

SLACK = timedelta(hours=1)
LONGEST_LEASE = timedelta(days=1)
"""As long as NETPATROL_LEASE_SECONDS may be."""


def done(when: Mapping[str, datetime]) -> dict[str, Any]:
    """Return the query of targets that were last done then, by the ends of an index whose every field is bounded."""
    any_of: dict[str, Any] = {"kind": {"$in": ["site", "storefront"]}, "status": {"$in": ["due", "leased", "parked"]}}
    return {**any_of, "tier": {"$gte": 0}, "last_done_at": dict(when)}


def free_the_future(store: Store, now: datetime) -> int:
    """Make targets due that were last done later than now, and free what is held or rests for longer than anything is.

    Returns how many targets it was about; nobody knows when they were really done.
    """
    later, too_long = {"$gt": now + SLACK}, {"$gt": now + LONGEST_LEASE + SLACK}
    with database_errors():
        store.db["targets"].update_many({"status": "leased", "lease_until": too_long}, {"$set": {"lease_until": now}}, hint=due.LEASED)
        undone = {"$set": {"last_done_at": None}, "$min": {"due_at": now}}
        number = store.db["targets"].update_many(done(later), undone, hint=list(due.BY_DONE)).modified_count
        host_leases.shorten(store, now, SLACK)
        return int(number)
