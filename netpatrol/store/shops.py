"""Shops: what is known of each as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from netpatrol.items import digest
from netpatrol.store.bulk import Written, write
from netpatrol.store.clues import LONGEST
from netpatrol.store.database import Store, database_errors
from netpatrol.store.records import ShopRecord, from_document, to_document


def is_shop(shop_id: str) -> dict[str, Any]:
    """Return the query of one shop, which one shard can answer."""
    return {"_id": digest(shop_id), "shop.shop_id": shop_id}


def save_shops(store: Store, records: Sequence[ShopRecord]) -> Written:
    """Write what is known of shops; channels add up, first and last sight widen. Idempotent."""
    from pymongo import UpdateOne

    updates = []
    for record in records:
        document = to_document(record)
        seen, via = document["seen_at"], document.pop("found_via")
        first, last = document.pop("first_seen") or seen, document.pop("last_seen") or seen
        change: dict[str, Any] = {"$set": document, "$min": {"first_seen": first}, "$max": {"last_seen": last}}
        change["$addToSet"] = {"found_via": {"$each": via}}
        updates.append(UpdateOne(is_shop(record.shop.shop_id), change, upsert=True))
    return write(store, "shops", updates)


def save_shop(store: Store, record: ShopRecord) -> Written:
    """Write what is known of one shop; see `save_shops`."""
    return save_shops(store, (record,))


def note_names(store: Store, shop_id: str, keys: Collection[str]) -> None:
    """Note the keys of the names under which a known shop shows itself."""
    with database_errors():
        store.db["shops"].update_one(is_shop(shop_id), {"$set": {"names": sorted(key[:LONGEST] for key in keys if key)}})


def shops_named(
    store: Store, keys: Collection[str], *, but: str, states: Collection[str], limit: int
) -> Iterator[tuple[frozenset[str], ShopRecord]]:
    """Yield (its keys, shop) of other shops that show one of these names and are in none of these states."""
    query = {"names": {"$in": [key[:LONGEST] for key in keys]}, "shop.shop_id": {"$ne": but}, "state": {"$nin": list(states)}}
    with database_errors():
        for found in store.db["shops"].find(query).sort("_id", 1).limit(limit):
            yield frozenset(found["names"]), from_document(ShopRecord, found)


def shop(store: Store, shop_id: str) -> ShopRecord | None:
    """Return what is known of a shop, or None."""
    with database_errors():
        found = store.db["shops"].find_one(is_shop(shop_id))
    return from_document(ShopRecord, found) if found else None


CHECKED = ("checked", "partial")
"""States of shops that were checked: rates are of these alone."""


def rates(store: Store, run_ids: Collection[str]) -> tuple[int, int]:
    """Return how many shops whose newest visit was in one of these runs were checked, and how many of them have open leads."""
    stages: list[dict[str, Any]] = [
        {"$match": {"state": {"$in": list(CHECKED)}, "run_id": {"$in": list(run_ids)}}},
        {"$lookup": {
            "from": "leads", "localField": "shop.shop_id", "foreignField": "shop_id", "as": "open",
            "pipeline": [{"$match": {"status": "open"}}, {"$limit": 1}, {"$project": {"_id": 1}}],
        }},
        {"$group": {"_id": None, "checked": {"$sum": 1}, "open": {"$sum": {"$size": "$open"}}}},
    ]  # fmt: skip
    with database_errors():
        found = next(iter(store.db["shops"].aggregate(stages)), None)
    return (int(found["checked"]), int(found["open"])) if found else (0, 0)


def shops(store: Store) -> Iterator[ShopRecord]:
    """Yield all shops, by host."""
    with database_errors():
        for found in store.db["shops"].find().sort([("host", 1), ("shop.shop_id", 1)]):
            yield from_document(ShopRecord, found)
