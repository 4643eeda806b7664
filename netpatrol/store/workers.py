"""Names of workers, and leases that workers of this machine left when they were killed."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from netpatrol.store import host_leases
from netpatrol.store.database import Store, database_errors
from netpatrol.store.embedded import is_alive

DEATHS = 25
"""Workers of this machine that may die over a target before it is parked. All that they had under way count as theirs,
and people kill workers too: a few deaths say nothing.
"""


def machine() -> str:
    """Return a name of this machine and its space of process numbers: two containers of one name differ in it."""
    try:
        space = os.readlink("/proc/self/ns/pid").strip("pid:[]")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("utf-8")[:8]
    except OSError:
        space = boot = ""
    return f"{os.uname().nodename}/{boot}{space}"


def worker_name(run_id: str) -> str:
    """Return the name of this process as a worker of a run."""
    return f"{machine()}:{os.getpid()}:{run_id}"


def free_lost_leases(store: Store, now: datetime | None = None, *, but: str = "") -> int:
    """Make targets claimable again whose worker ran on this machine and is no more; return how many.

    `but`: the worker that asks. Hosts of the dead rest for their pace from `now` on: nobody knows when they were asked
    last. Leases of other machines run out by themselves.
    """
    now, ours = now or datetime.now(UTC), machine() + ":"
    host_leases.forget_old(store, now)
    with database_errors():
        named = {*store.db["targets"].distinct("lease_owner"), *store.db["host_leases"].distinct("owner", {"until": {"$gt": now}})}
        lost = [owner for owner in named if str(owner).startswith(ours) and owner != but and is_gone(owner)]
        if not lost:
            return 0
        freed = {"status": "due", "lease_owner": "", "lease_until": None}
        query = {"status": "leased", "lease_owner": {"$in": lost}}
        reason = f"巡查进程 {DEATHS} 次在查它时中断"
        parked = {**freed, "status": "parked", "parked_reason": reason}
        store.db["targets"].update_many({**query, "attempts": {"$gte": DEATHS}}, {"$set": parked})
        number = store.db["targets"].update_many(query, {"$set": freed, "$min": {"due_at": now}}).modified_count
        host_leases.give_up(store, lost, now)
        return int(number)


def is_gone(worker: str) -> bool:
    """Whether a worker ran on this machine and is no more; of other machines nobody knows."""
    ours = machine() + ":"
    return worker.startswith(ours) and not _is_running(worker[len(ours) :].partition(":")[0])


def _is_running(pid: str) -> bool:
    return pid.isdigit() and int(pid) != os.getpid() and is_alive(int(pid))
