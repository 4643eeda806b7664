"""Which worker has which host, and from when on a host may be asked again: what keeps a host's rate across workers.

One document for each host. Only who holds it (`owner`, `until`) may ask the host; whoever gives it up, or is found
dead, leaves `next_at`: the end of the pause that the host's pace asks for, or of the rest that the host itself asked for
(`rests_until`). Taking a host is one atomic write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from netpatrol.store.database import Store, database_errors

KEPT = timedelta(days=1)
"""How long a host that nobody holds is remembered, and the longest rest that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A host that is ours. `not_before`: it still rests from another worker and is asked nothing before then."""

    not_before: datetime | None = None


def key_of(target: Mapping[str, Any]) -> str:
    """Return what is locked for a target: the host in its shop key, which www. and m. share."""
    return str(target["shop_id"]).partition("/")[0]


def taken(store: Store, worker: str, now: datetime) -> tuple[set[str], set[str]]:
    """Return the hosts that other workers hold, and those that rest from one."""
    held: set[str] = set()
    resting: set[str] = set()
    fields = {"host": 1, "until": 1}
    query = {"$or": [{"until": {"$gt": now}}, {"next_at": {"$gt": now}}], "owner": {"$ne": worker}}
    for lease in store.db["host_leases"].find(query, fields):
        (held if lease["until"] > now else resting).update((lease["_id"], lease.get("host", lease["_id"])))
    return held, resting


def holds(store: Store, key: str, worker: str, now: datetime) -> bool:
    """Whether a worker holds a host, by what the primary says."""
    return store.db["host_leases"].find_one({"_id": key, "owner": worker, "until": {"$gt": now}}, {"_id": 1}) is not None


def lock(store: Store, key: str, host: str, worker: str, now: datetime, until: datetime, pace: float = 0.0) -> Lock | None:
    """Take a host for a worker, or prolong what it has; None where another holds it.

    Does not wait until the majority knows: the lease of a target that follows does, and what was written before a write
    that the majority has is safe with it, unless the primary changed in between (`holds` tells).
    """
    from pymongo import WriteConcern
    from pymongo.errors import DuplicateKeyError

    mine_or_free = {"_id": key, "$or": [{"owner": worker}, {"until": {"$lte": now}}]}
    change = {"$set": {"owner": worker, "host": host}, "$max": {"until": until, "pace": float(pace)}}
    try:
        leases = store.db["host_leases"].with_options(write_concern=WriteConcern(w=1))
        before = leases.find_one_and_update(mine_or_free, change, upsert=True)
    except DuplicateKeyError:
        return None
    if before is None or before["owner"] == worker:  # its own pauses a worker keeps itself
        return Lock()
    rests = max(before.get("next_at", now), before.get("rests_until", now))  # the second: of one whose lease ran out
    return Lock(not_before=rests if rests > now else None)


def note_pace(store: Store, key: str, worker: str, seconds: float) -> bool:
    """Note that a host asks for this pause between two requests (Crawl-delay), for whoever has it next.

    `key` as `key_of` gives it. Returns False where the worker does not hold the host.
    """
    return _raise(store, key, worker, "pace", float(seconds))


def note_rest(store: Store, key: str, worker: str, now: datetime, seconds: float) -> bool:
    """Note that a host wants to be left alone for so long (Retry-After), whoever has it next.

    Returns False where the worker does not hold the host.
    """
    return _raise(store, key, worker, "rests_until", now + timedelta(seconds=min(seconds, KEPT.total_seconds())))


def _raise(store: Store, key: str, worker: str, field: str, value: float | datetime) -> bool:
    """Raise what is noted of a host that a worker holds; whether it does."""
    with database_errors():
        raised = store.db["host_leases"].update_one({"_id": key, "owner": worker}, {"$max": {field: value}})
    return raised.matched_count == 1


def prolong(store: Store, worker: str, now: datetime, until: datetime) -> None:
    """Hold all hosts of a worker for longer."""
    store.db["host_leases"].update_many({"owner": worker, "until": {"$gt": now}}, {"$max": {"until": until}})


def give_up(store: Store, workers: Sequence[str], now: datetime, *, key: str = "", quick: bool = False) -> None:
    """Free a host of these workers, or all of theirs; each rests for its pace from now on.

    `quick`: does not wait for the majority, as in `lock`.
    """
    from pymongo import WriteConcern

    leases = store.db["host_leases"]
    if quick:
        leases = leases.with_options(write_concern=WriteConcern(w=1))
    query: dict[str, Any] = {"owner": {"$in": list(workers)}, "until": {"$gt": now}}
    if key:
        query["_id"] = key
    leases.update_many(query, [{"$set": {"until": now, "next_at": {"$max": [_pause(now), "$rests_until"]}}}])


def shorten(store: Store, now: datetime, slack: timedelta) -> None:
    """Let no host be held, or rest, for longer than anything is: the clock that said so was ahead."""
    leases = store.db["host_leases"]
    for field in ("until", "rests_until"):
        leases.update_many({field: {"$gt": now + KEPT + slack}}, {"$set": {field: now}})
    shorter = {"$max": [{"$min": ["$next_at", _pause(now)]}, "$rests_until"]}
    leases.update_many({"next_at": {"$gt": now + slack}}, [{"$set": {"next_at": shorter}}])


def _pause(now: datetime) -> dict[str, Any]:
    """Return the end of the pause that a host's pace asks for from now on, as the server works it out."""
    return {"$add": [now, {"$multiply": [1000, {"$ifNull": ["$pace", 0]}]}]}


def forget_old(store: Store, now: datetime) -> int:
    """Delete what nobody holds and what has long rested; return how many."""
    with database_errors():
        return int(store.db["host_leases"].delete_many({"until": {"$lt": now - KEPT}}).deleted_count)
