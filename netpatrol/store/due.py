"""Finds what may be claimed, most urgent first, from the ends of indexes: what it costs does not grow with the targets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netpatrol.store.database import Store

BY_DUE = (("kind", 1), ("status", 1), ("tier", 1), ("due_at", 1), ("host", 1))
BY_HOST = (("kind", 1), ("status", 1), ("host", 1), ("tier", 1), ("due_at", 1))
BY_DONE = (("kind", 1), ("status", 1), ("tier", 1), ("last_done_at", 1), ("host", 1))
LEASED = "leased"
"""Name of the small index of what is leased, by the end of the lease."""
AT_ONCE = 10
"""Candidates read at once: of several workers that want the first, the others take one of the rest."""
HOSTS_AT_ONCE = 50
IDS_AT_ONCE = 500
FIELDS = {"host": 1, "shop_id": 1, "tier": 1, "due_at": 1, "last_done_at": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a worker asks for; see `targets.claim`."""

    now: datetime
    kinds: tuple[str, ...]
    all_since: datetime | None
    undone_since: datetime | None = None
    target_ids: Collection[str] | None

    @property
    def ready(self) -> dict[str, Any]:
        """Return the query of what is ready. Dates before `all_since` and none at all are one range of an index."""
        if self.all_since is None:
            undone = {"last_done_at": {"$not": {"$gte": self.undone_since}}} if self.undone_since else {}
            return {"status": "due", "due_at": {"$lte": self.now}, **undone}
        return {"status": {"$in": ["due", "parked"]}, "last_done_at": {"$not": {"$gte": self.all_since}}}

    @property
    def order(self) -> list[tuple[str, int]]:
        """Return what comes first."""
        return [("tier", 1), ("due_at" if self.all_since is None else "last_done_at", 1), ("host", 1)]

    @property
    def still(self) -> dict[str, Any]:
        """Return the condition under which a candidate is leased: nobody has leased or done it since it was read."""
        return {"kind": {"$in": list(self.kinds)}, **self.ready}


def most_urgent(store: Store, wish: Wish, shut: Collection[str]) -> list[dict[str, Any]]:
    """Return some targets that may be claimed, most urgent first, none of a host that is shut."""
    if wish.target_ids is not None:
        return _among(store, wish, shut)
    outside = {"host": {"$nin": sorted(shut)}} if shut else {}
    if wish.all_since is not None:
        return _first(store, {"kind": {"$in": list(wish.kinds)}, **wish.ready, **outside}, BY_DONE, wish.order)
    found: list[dict[str, Any]] = []
    for kind in wish.kinds:
        query = {"kind": kind, **wish.ready}
        if kind == "storefront":
            found += _of_platforms(store, query, wish, shut)
        else:
            found += _first(store, {**query, **outside}, BY_DUE, wish.order)
    return sorted(found, key=itemgetter("tier", "due_at", "_id"))[:AT_ONCE]


def _first(
    store: Store, query: dict[str, Any], index: Sequence[tuple[str, int]], order: Sequence[tuple[str, int]]
) -> list[dict[str, Any]]:
    return list(store.db["targets"].find(query, FIELDS).sort(list(order)).hint(list(index)).limit(AT_ONCE))


def _of_platforms(store: Store, query: dict[str, Any], wish: Wish, shut: Collection[str]) -> list[dict[str, Any]]:
    """Return storefronts, asking by host: a platform that is shut may have a million that come first."""
    hosts = [{"$match": {"kind": query["kind"], "status": query["status"]}}, {"$group": {"_id": "$host"}}]
    known = store.db["targets"].aggregate(hosts, hint=dict(BY_HOST))  # leaps from host to host; `distinct` would not
    found: list[dict[str, Any]] = []
    for some in _chunks([one["_id"] for one in known if one["_id"] not in shut], HOSTS_AT_ONCE):
        found += _first(store, {**query, "host": {"$in": some}}, BY_HOST, wish.order[:2])
    return found


def _among(store: Store, wish: Wish, shut: Collection[str]) -> list[dict[str, Any]]:
    """Return the first of the named targets that may be claimed; of a long list, those of one part."""
    for some in _chunks(wish.target_ids or (), IDS_AT_ONCE):
        query = {"_id": {"$in": some}, "kind": {"$in": list(wish.kinds)}, **wish.ready, "host": {"$nin": sorted(shut)}}
        found = list(store.db["targets"].find(query, FIELDS).hint("_id_").sort(wish.order).limit(AT_ONCE))
        if found:
            return found
    return []


def _chunks(values: Collection[str], size: int) -> Iterator[list[str]]:
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some
