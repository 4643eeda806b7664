"""What a clock that was ahead has left in the database: times that lie further ahead than any that a run sets.

Until then they would hold targets and hosts that nobody looks at. Machines whose clocks differ by less than `SLACK` are
no concern of this.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from netpatrol.store import host_leases
from netpatrol.store.database import Store, database_errors

SLACK = timedelta(hours=1)
LONGEST_LEASE = timedelta(days=1)
"""As long as NETPATROL_LEASE_SECONDS may be."""


def free_the_future(store: Store, now: datetime) -> int:
    """Make targets due that were last done later than now, and free what is held or rests for longer than anything is.

    Returns how many targets it was about; nobody knows when they were really done.
    """
    later, too_long = {"$gt": now + SLACK}, {"$gt": now + LONGEST_LEASE + SLACK}
    with database_errors():
        store.db["targets"].update_many({"lease_until": too_long}, {"$set": {"lease_until": now}})
        undone = {"$set": {"last_done_at": None}, "$min": {"due_at": now}}
        number = store.db["targets"].update_many({"last_done_at": later}, undone).modified_count
        host_leases.shorten(store, now, SLACK)
        return int(number)
