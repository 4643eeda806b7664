"""Targets (巡查对象): what to patrol and when; one host to one worker at a time, by leases that run out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from netpatrol.items import digest
from netpatrol.store.bulk import write
from netpatrol.store.mongo import Store, database_errors
from netpatrol.store.records import Target, from_document, to_document

if TYPE_CHECKING:
    from pymongo import UpdateOne

VIAS_KEPT = 50
INTERVALS = {0: timedelta(days=1), 1: timedelta(days=3), 2: timedelta(days=7), 3: timedelta(days=30)}
RETRY_AFTER = timedelta(hours=6)
MAX_ATTEMPTS = 3


# -- found -------------------------------------------------------------------------------------------


def add_found(store: Store, targets: Sequence[Target], now: datetime) -> tuple[int, int]:
    """Add targets; what is known already only gains channels and clues. Returns (new, known)."""
    merged = {target.target_id: target for target in targets}
    with database_errors():
        known = {one["_id"] for one in store.db["targets"].find({"_id": {"$in": list(merged)}}, {"_id": 1})}
    # Several lines about one shop: each adds its channel and clues.
    write(store, "targets", [_addition(target, now) for target in targets])
    return len(merged.keys() - known), len(known)


def _addition(target: Target, now: datetime) -> UpdateOne:
    from pymongo import UpdateOne

    document = to_document(target)
    vias = [{**via, "key": f"{via['channel']}|{via['source']}"} for via in document.pop("found_via")]
    clues, due = document.pop("clues"), document["due_at"] or now
    first = {**document, "status": "kept" if target.kind == "clue" else "due", "due_at": due, "found_at": now}
    standing = {"$ifNull": ["$found_via", []]}
    unseen = {"$filter": {"input": {"$literal": vias}, "cond": {"$not": [{"$in": ["$$this.key", _keys(standing)]}]}}}
    change = {
        **{name: {"$ifNull": [f"${name}", {"$literal": value}]} for name, value in first.items()},
        "name": {"$cond": [{"$in": [{"$ifNull": ["$name", ""]}, [""]]}, {"$literal": target.name}, "$name"]},
        "clues": {"$mergeObjects": [{"$literal": clues}, {"$ifNull": ["$clues", {}]}]},
        "found_via": {"$slice": [{"$concatArrays": [standing, unseen]}, VIAS_KEPT]},
        "tier": {"$min": ["$tier", target.tier]},
    }
    return UpdateOne({"_id": target.target_id}, [{"$set": change}], upsert=True)


def _keys(vias: Any) -> dict[str, Any]:
    return {"$map": {"input": vias, "in": "$$this.key"}}


def id_of(shop_id: str) -> str:
    """Return the id of the target of a shop."""
    return digest(shop_id)


def target(store: Store, shop_id: str) -> Target | None:
    """Return the target of a shop, or None."""
    with database_errors():
        found = store.db["targets"].find_one({"_id": digest(shop_id)})
    return from_document(Target, found) if found else None


def listed(store: Store, query: dict[str, Any], limit: int = 0) -> Iterator[Target]:
    """Yield the targets of a query, most urgent first."""
    with database_errors():
        for found in store.db["targets"].find(query).sort([("tier", 1), ("due_at", 1)]).limit(limit):
            yield from_document(Target, found)


def clues(store: Store) -> Iterator[Target]:
    """Yield clues that have no address yet (couriers' senders)."""
    return listed(store, {"kind": "clue"})


# -- leases ------------------------------------------------------------------------------------------


def claim(
    store: Store,
    worker: str,
    now: datetime,
    lease_seconds: int = 900,
    kinds: Sequence[str] = ("site",),
    *,
    all_since: datetime | None = None,
    target_ids: Collection[str] | None = None,
    max_attempts: int = MAX_ATTEMPTS,
) -> Target | None:
    """Lease the most urgent target to a worker, with its host; None where nothing is left to claim.

    A host is worked by one worker at a time, which may hold several targets of it. A lease that ran out is
    free again; one that ran out `max_attempts` times is parked. `all_since`: claim whatever was not done since
    then, due or not. `target_ids`: claim only among these.
    """
    until = now + timedelta(seconds=lease_seconds)
    with database_errors():
        _park_lost(store, now, max_attempts)
        busy = [one["_id"] for one in store.db["host_leases"].find({"until": {"$gt": now}, "owner": {"$ne": worker}})]
        while True:
            query = _claimable(now, kinds, all_since, target_ids)
            candidate = store.db["targets"].find_one(
                {"host": {"$nin": busy}, **query}, {"host": 1}, sort=[("tier", 1), ("due_at", 1), ("_id", 1)]
            )
            if candidate is None:
                return None
            if not _lock_host(store, candidate["host"], worker, now, until):
                busy.append(candidate["host"])
                continue
            leased = _lease(store, {"_id": candidate["_id"], **query}, worker, until)
            if leased:
                return from_document(Target, leased)


def _claimable(
    now: datetime, kinds: Sequence[str], all_since: datetime | None, target_ids: Collection[str] | None
) -> dict[str, Any]:
    ready: list[dict[str, Any]] = [{"status": "leased", "lease_until": {"$lte": now}}]
    if all_since is None:
        ready.append({"status": "due", "due_at": {"$lte": now}})
    else:
        undone = [{"last_done_at": None}, {"last_done_at": {"$lt": all_since}}]
        ready.append({"status": {"$in": ["due", "parked"]}, "$or": undone})
    query: dict[str, Any] = {"kind": {"$in": list(kinds)}, "$or": ready}
    if target_ids is not None:
        query["_id"] = {"$in": list(target_ids)}
    return query


def _lock_host(store: Store, host: str, worker: str, now: datetime, until: datetime) -> bool:
    from pymongo.errors import DuplicateKeyError

    mine_or_free = {"_id": host, "$or": [{"owner": worker}, {"until": {"$lte": now}}]}
    try:
        change = {"$set": {"owner": worker}, "$max": {"until": until}}
        return bool(store.db["host_leases"].update_one(mine_or_free, change, upsert=True).acknowledged)
    except DuplicateKeyError:
        return False


def _lease(store: Store, query: dict[str, Any], worker: str, until: datetime) -> dict[str, Any] | None:
    from pymongo import ReturnDocument

    change = {"$set": {"status": "leased", "lease_owner": worker, "lease_until": until}, "$inc": {"attempts": 1}}
    return store.db["targets"].find_one_and_update({"$and": [query]}, change, return_document=ReturnDocument.AFTER)


def _park_lost(store: Store, now: datetime, max_attempts: int) -> None:
    """Park what was leased too often and never finished: it may be what kills the workers."""
    lost = {"status": "leased", "lease_until": {"$lte": now}, "attempts": {"$gte": max_attempts}}
    reason = f"租约到期 {max_attempts} 次仍未完成"
    change = {"status": "parked", "parked_reason": reason, "lease_owner": "", "lease_until": None}
    store.db["targets"].update_many(lost, {"$set": change})


def heartbeat(store: Store, worker: str, now: datetime, lease_seconds: int = 900) -> int:
    """Prolong all leases of a worker that it still holds; return how many targets it holds."""
    until = now + timedelta(seconds=lease_seconds)
    with database_errors():
        store.db["host_leases"].update_many({"owner": worker, "until": {"$gt": now}}, {"$max": {"until": until}})
        held = {"status": "leased", "lease_owner": worker, "lease_until": {"$gt": now}}
        return int(store.db["targets"].update_many(held, {"$max": {"lease_until": until}}).matched_count)


def release(
    store: Store,
    target_id: str,
    worker: str,
    result: str,
    now: datetime,
    *,
    next_due: datetime | None = None,
    reason: str = "",
    max_attempts: int = MAX_ATTEMPTS,
) -> bool:
    """Give a target back; return False where another worker holds it by now.

    `result`: done (due again by its tier, or at `next_due`), failed (tried again later, parked after
    `max_attempts` in a row), park (parked at once, with `reason`), or back (as if never claimed).
    """
    with database_errors():
        mine = {"_id": target_id, "status": "leased", "lease_owner": worker}
        found = store.db["targets"].find_one(mine, {"attempts": 1, "tier": 1, "host": 1})
        if found is None:
            return False
        change = {
            "lease_owner": "",
            "lease_until": None,
            **_outcome(found, result, now, next_due, reason, max_attempts),
        }
        freed = store.db["targets"].update_one(mine, {"$set": change}).modified_count == 1
        others = {"host": found["host"], "status": "leased", "lease_owner": worker}
        if store.db["targets"].count_documents(others, limit=1) == 0:
            store.db["host_leases"].delete_one({"_id": found["host"], "owner": worker})
        return freed


def _outcome(
    found: dict[str, Any], result: str, now: datetime, next_due: datetime | None, reason: str, max_attempts: int
) -> dict[str, Any]:
    attempts = int(found["attempts"])
    if result == "back":
        return {"status": "due", "attempts": max(0, attempts - 1)}
    shared = {"last_result": f"{result}: {reason}" if reason else result, "last_done_at": now}
    if result == "done":
        due = next_due or now + INTERVALS.get(int(found["tier"]), INTERVALS[3])
        return {**shared, "status": "due", "due_at": due, "attempts": 0, "parked_reason": ""}
    if result == "park" or attempts >= max_attempts:
        return {**shared, "status": "parked", "parked_reason": reason or f"连续 {attempts} 次未成功"}
    return {**shared, "status": "due", "due_at": next_due or now + RETRY_AFTER * 2 ** (attempts - 1)}


def unpark(store: Store, target_id: str, now: datetime) -> bool:
    """Make a parked target due again."""
    change = {"status": "due", "due_at": now, "attempts": 0, "parked_reason": ""}
    with database_errors():
        return (
            store.db["targets"].update_one({"_id": target_id, "status": "parked"}, {"$set": change}).modified_count == 1
        )
