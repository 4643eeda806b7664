"""Clues without an address (couriers' senders), found by the name of their shop.

What makes two names the same is known above this layer, which gives each clue a key once (`give_keys`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from netpatrol.store.bulk import BATCH, write
from netpatrol.store.database import Store, database_errors

BY_NAME = (("name_key", 1), ("_id", 1))
ONLY = {"kind": "clue"}
LONGEST = 200


def give_keys(store: Store, key_of: Callable[[str], str]) -> int:
    """Give clues that came in since the last time the key of their name; reads no others. Returns how many."""
    from pymongo import UpdateOne

    given = 0
    while True:
        with database_errors():
            new = list(store.db["targets"].find({**ONLY, "name_key": None}, {"name": 1, "shop_id": 1}).limit(BATCH))
        if not new:
            return given
        updates = [
            UpdateOne({"_id": one["_id"], "shop_id": one["shop_id"]}, {"$set": {"name_key": key_of(one["name"])[:LONGEST]}})
            for one in new
        ]
        written = write(store, "targets", updates).written
        given += written
        if not written:  # what the server refuses is not asked of it for ever
            return given


def clues_named(store: Store, keys: Collection[str], limit: int) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield (key, clue) of at most so many clues whose names have one of these keys."""
    wanted = {**ONLY, "name_key": {"$in": [key[:LONGEST] for key in keys if key]}}
    with database_errors():
        for found in store.db["targets"].find(wanted, {"name_key": 1, "clues": 1}).sort(list(BY_NAME)).limit(limit):
            yield found["name_key"], found["clues"]
