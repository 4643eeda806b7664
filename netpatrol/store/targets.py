"""Targets (巡查对象): what to patrol and when; one host to one worker at a time, by leases that run out."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from netpatrol.items import digest
from netpatrol.schedule import Policy, Standing, interval
from netpatrol.store import due, host_leases
from netpatrol.store.bulk import BATCH, write
from netpatrol.store.database import Store, database_errors
from netpatrol.store.due import Wish
from netpatrol.store.records import Target, from_document, to_document

if TYPE_CHECKING:
    from pymongo import UpdateOne

ALSO_KEPT = 20
START_PAGES = 1 + ALSO_KEPT
LISTS = ("seed", "manual", "telecom")
"""Channels by which somebody names an address: one further in is meant to be looked at."""
VIAS_KEPT = 50
RETRY_AFTER = timedelta(hours=6)
MAX_ATTEMPTS = 3


# -- found -------------------------------------------------------------------------------------------


def add_found(store: Store, targets: Sequence[Target], now: datetime) -> tuple[int, int]:
    """Add targets; what is known already only gains channels and clues. Returns (new, known)."""
    seen: set[str] = set()
    new = 0
    for start in range(0, len(targets), BATCH):
        batch = targets[start : start + BATCH]
        ids = {target.target_id for target in batch} - seen
        with database_errors():
            known = store.db["targets"].count_documents({"_id": {"$in": list(ids)}})
        # Several lines about one shop: each adds its channel and clues.
        write(store, "targets", [_addition(target, now) for target in batch])
        seen |= ids
        new += len(ids) - known
    return new, len(seen) - new


def _addition(target: Target, now: datetime) -> UpdateOne:
    from pymongo import UpdateOne

    document = to_document(target)
    more = document.pop("also")
    named = [target.url, *more] if is_listed(target) and target.url else []
    also = {"$ifNull": ["$also", []]}
    begun_at = {"$concatArrays": [[{"$ifNull": ["$url", {"$literal": target.url}]}], also]}
    vias = [{**via, "key": f"{via['channel']}|{via['source']}"} for via in document.pop("found_via")]
    clues, due = document.pop("clues"), document["due_at"] or now
    first = {**document, "status": "kept" if target.kind == "clue" else "due", "due_at": due, "found_at": now}
    standing = {"$ifNull": ["$found_via", []]}
    unseen = _without(vias, _keys(standing), "$$this.key")
    change = {
        **{name: {"$ifNull": [f"${name}", {"$literal": value}]} for name, value in first.items()},
        "name": {"$cond": [{"$in": [{"$ifNull": ["$name", ""]}, [""]]}, {"$literal": target.name}, "$name"]},
        "clues": {"$mergeObjects": [{"$literal": clues}, {"$ifNull": ["$clues", {}]}]},
        "found_via": {"$slice": [{"$concatArrays": [standing, unseen]}, VIAS_KEPT]},
        "also": {"$slice": [{"$concatArrays": [also, _without(named, begun_at)]}, ALSO_KEPT]},
        "tier": {"$min": ["$tier", target.tier]},
    }
    return UpdateOne({"_id": target.target_id, "shop_id": target.shop_id}, [{"$set": change}], upsert=True)


def over_full(targets: Iterable[Target]) -> dict[str, int]:
    """Return the hosts of which lists name more addresses than are start pages, and how many they name."""
    named: dict[str, set[str]] = {}
    for target in targets:
        if is_listed(target) and target.url:
            named.setdefault(target.shop_id, set()).update((target.url, *target.also))
    return {shop_id: len(urls) for shop_id, urls in named.items() if len(urls) > START_PAGES}


def count_parked(store: Store, targets: Sequence[Target]) -> int:
    """Return how many of these targets are parked: naming one again does not put it back."""
    ids = sorted({target.target_id for target in targets})
    with database_errors():
        return sum(
            store.db["targets"].count_documents({"_id": {"$in": ids[at : at + BATCH]}, "status": "parked"})
            for at in range(0, len(ids), BATCH)
        )


def is_listed(target: Target) -> bool:
    """Whether a list names a target, so that its address is meant to be looked at."""
    return any(via.channel in LISTS for via in target.found_via)


def _without(new: Sequence[Any], known: Any, each: str = "$$this") -> dict[str, Any]:
    """Return the expression of those of some values that are not known."""
    return {"$filter": {"input": {"$literal": new}, "cond": {"$not": [{"$in": [each, known]}]}}}


def _keys(vias: Any) -> dict[str, Any]:
    return {"$map": {"input": vias, "in": "$$this.key"}}


def id_of(shop_id: str) -> str:
    """Return the id of the target of a shop."""
    return digest(shop_id)


def target(store: Store, shop_id: str) -> Target | None:
    """Return the target of a shop, or None."""
    with database_errors():
        found = store.db["targets"].find_one({"_id": digest(shop_id), "shop_id": shop_id})
    return from_document(Target, found) if found else None


def has_any(store: Store) -> bool:
    """Whether there is any target at all, of whatever kind: a region without platform shops is nobody's mistake."""
    with database_errors():
        return store.db["targets"].find_one({}, {"_id": 1}) is not None


def listed(store: Store, query: dict[str, Any], limit: int = 0) -> Iterator[Target]:
    """Yield the targets of a query, most urgent first."""
    with database_errors():
        for found in store.db["targets"].find(query).sort([("tier", 1), ("due_at", 1)]).limit(limit):
            yield from_document(Target, found)


# -- leases ------------------------------------------------------------------------------------------


def claim(
    store: Store,
    worker: str,
    now: datetime,
    lease_seconds: int = 900,
    kinds: Sequence[str] = ("site",),
    *,
    all_since: datetime | None = None,
    undone_since: datetime | None = None,
    target_ids: Collection[str] | None = None,
    busy: Collection[str] = (),
    max_attempts: int = MAX_ATTEMPTS,
    pace: float = 0.0,
) -> Target | None:
    """Lease the most urgent target to a worker, with its host; None where nothing is left to claim.

    A host is worked by one worker at a time, which may hold several targets of it. A lease that ran out is
    free again; one that ran out `max_attempts` times is parked. `all_since`: claim whatever was not done since
    then, due or not, what was not seen for longest first. `undone_since`: of what is due, leave what was done since then.
    `target_ids`: claim only among these. `busy`: none of these hosts, which the worker has at hand already.

    `pace`: seconds that this worker leaves between two requests to a host; whoever has the host after it waits that
    long (`host_leases.note_pace` raises it). A host that still rests is taken only where nothing else is left; the
    target then says `not_before`.
    """
    until = now + timedelta(seconds=lease_seconds)
    wish = Wish(now=now, kinds=tuple(kinds), all_since=all_since, undone_since=undone_since, target_ids=target_ids)
    with database_errors():
        _take_back_lost(store, now, max_attempts)
        held, resting = host_leases.taken(store, worker, now)
        held = held | set(busy)
        for shut in ((held | resting, held) if resting else (held,)):
            leased = _claim_outside(store, worker, wish, shut, until, pace)
            if leased is not None:
                return leased
    return None


def _claim_outside(
    store: Store, worker: str, wish: Wish, shut: Collection[str], until: datetime, pace: float
) -> Target | None:
    """Lease the first target that can be had whose host is not among those shut."""
    shut = set(shut)
    while candidates := due.most_urgent(store, wish, shut):
        for candidate in _spread(candidates):
            if candidate["host"] in shut:
                continue
            key = host_leases.key_of(candidate)
            lock = host_leases.lock(store, key, candidate["host"], worker, wish.now, until, pace)
            if lock is None:
                shut.add(candidate["host"])
                continue
            leased = _lease(store, {"_id": candidate["_id"], "shop_id": candidate["shop_id"], **wish.still}, worker, until)
            if leased and host_leases.holds(store, key, worker, wish.now):
                return replace(from_document(Target, leased), not_before=lock.not_before)
            # Another had both and has done with them; or the primary changed, and the lock was lost with the old one.
            if leased:
                release(store, candidate["_id"], worker, "back", wish.now)
            else:
                _give_up_host(store, candidate, worker, wish.now)
    return None


def _spread(candidates: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the first, then the others in a random order: workers that want the same one part at once."""
    yield candidates[0]
    yield from random.sample(candidates[1:], len(candidates) - 1)


def _lease(store: Store, query: dict[str, Any], worker: str, until: datetime) -> dict[str, Any] | None:
    from pymongo import ReturnDocument

    change = {"$set": {"status": "leased", "lease_owner": worker, "lease_until": until}, "$inc": {"attempts": 1}}
    return store.db["targets"].find_one_and_update(query, change, return_document=ReturnDocument.AFTER)


def _take_back_lost(store: Store, now: datetime, max_attempts: int) -> None:
    """Make due again what a worker leased and never finished; park what was leased too often: it may be what kills them."""
    lost: dict[str, Any] = {"status": "leased", "lease_until": {"$lte": now}}
    if store.db["targets"].find_one(lost, {"_id": 1}, hint=due.LEASED) is None:
        return
    reason = f"租约到期 {max_attempts} 次仍未完成"
    given_up = {"status": "parked", "parked_reason": reason, "lease_owner": "", "lease_until": None}
    store.db["targets"].update_many({**lost, "attempts": {"$gte": max_attempts}}, {"$set": given_up})
    free = {"status": "due", "lease_owner": "", "lease_until": None}
    store.db["targets"].update_many(lost, {"$set": free, "$min": {"due_at": now}})


def heartbeat(store: Store, worker: str, now: datetime, lease_seconds: int = 900) -> frozenset[str]:
    """Prolong all leases of a worker that it still holds; return the ids of the targets that it holds.

    What it has claimed, not released, and does not hold any more is another worker's to do: a lease that ran out is lost.
    """
    until = now + timedelta(seconds=lease_seconds)
    with database_errors():
        host_leases.prolong(store, worker, now, until)
        held = {"status": "leased", "lease_owner": worker, "lease_until": {"$gt": now}}
        store.db["targets"].update_many(held, {"$max": {"lease_until": until}})
        return frozenset(one["_id"] for one in store.db["targets"].find(held, {"_id": 1}))


def holds(store: Store, target_id: str, worker: str) -> bool:
    """Whether nobody has taken a target from a worker, by what the primary says."""
    with database_errors():
        mine = {"_id": target_id, "status": "leased", "lease_owner": worker}
        return store.db["targets"].find_one(mine, {"_id": 1}) is not None


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
    `max_attempts` in a row), park (parked at once, with `reason`), or back (as if never claimed). With the last
    target of a host the host is given up too, and rests for its pace.
    """
    with database_errors():
        mine = {"_id": target_id, "status": "leased", "lease_owner": worker}
        found = store.db["targets"].find_one(mine, {"attempts": 1, "tier": 1, "host": 1, "shop_id": 1})
        if found is None:
            return False
        change = {
            "lease_owner": "",
            "lease_until": None,
            **_outcome(found, result, now, next_due, reason, max_attempts),
        }
        _give_up_host(store, found, worker, now, quick=True)
        freed = store.db["targets"].update_one({**mine, "shop_id": found["shop_id"]}, {"$set": change}).modified_count == 1
        if host_leases.holds(store, host_leases.key_of(found), worker, now):  # other targets of it; or a new primary knows nothing
            _give_up_host(store, found, worker, now)
        return freed


def give_back(store: Store, worker: str, now: datetime) -> int:
    """Give back all that a worker holds as if it had never claimed it, because it was told to stop; return how many."""
    with database_errors():
        held = [one["_id"] for one in store.db["targets"].find({"status": "leased", "lease_owner": worker}, {"_id": 1})]
        return sum(release(store, target_id, worker, "back", now) for target_id in held)


def _give_up_host(store: Store, target: Mapping[str, Any], worker: str, now: datetime, *, quick: bool = False) -> None:
    """Give up the host of a target, unless the worker holds another target of it."""
    key = host_leases.key_of(target)
    others: dict[str, Any] = {"lease_owner": worker, "status": "leased", "shop_id": {"$regex": f"^{re.escape(key)}(?:/|$)"}}
    others["_id"] = {"$ne": target["_id"]}
    if store.db["targets"].count_documents(others, limit=1) == 0:
        host_leases.give_up(store, (worker,), now, key=key, quick=quick)


def _outcome(
    found: dict[str, Any], result: str, now: datetime, next_due: datetime | None, reason: str, max_attempts: int
) -> dict[str, Any]:
    attempts = int(found["attempts"])
    if result == "back":
        return {"status": "due", "attempts": max(0, attempts - 1)}
    shared = {"last_result": f"{result}: {reason}" if reason else result, "last_done_at": now}
    if result == "done":
        due = next_due or now + interval(Standing(tier=int(found["tier"])), Policy())
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
