"""Writes batches so that one bad document never costs the others: the bad one is kept in `refused`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from netpatrol.store.clean import clean
from netpatrol.store.database import Store, database_errors

if TYPE_CHECKING:
    from pymongo import UpdateOne

BATCH = 500
DUPLICATE = 11000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a batch: written, stale (something newer stands there), and the ids of what was refused.

    What the server refused is kept, with the reason, in the collection `refused`.
    """

    written: int = 0
    stale: int = 0
    refused: tuple[str, ...] = ()

    def __add__(self, other: Written) -> Written:
        return Written(
            written=self.written + other.written,
            stale=self.stale + other.stale,
            refused=self.refused + other.refused,
        )


def write(store: Store, collection: str, updates: Sequence[UpdateOne]) -> Written:
    """Run upserts unordered, majority and journalled. A duplicate key means that something newer stands there."""
    result = Written()
    for start in range(0, len(updates), BATCH):
        result += _write(store, collection, updates[start : start + BATCH])
    return result


def _write(store: Store, collection: str, updates: Sequence[UpdateOne]) -> Written:
    from pymongo.errors import BulkWriteError

    with database_errors():
        try:
            store.db[collection].bulk_write(list(updates), ordered=False)
        except BulkWriteError as error:
            if error.details.get("writeConcernErrors"):
                raise
            faults = error.details["writeErrors"]
            refused = tuple(_keep(store, collection, fault) for fault in faults if fault["code"] != DUPLICATE)
            written = len(updates) - len(faults)
            return Written(written=written, stale=len(faults) - len(refused), refused=refused)
    return Written(written=len(updates))


def _keep(store: Store, collection: str, fault: dict[str, Any]) -> str:
    """Keep what the server would not take, with its reason; return its id."""
    key = str(fault.get("op", {}).get("q", {}).get("_id", ""))
    reason = str(fault.get("errmsg", ""))[:300]
    kept = clean(
        {
            "collection": collection,
            "key": key,
            "reason": reason,
            "at": datetime.now(UTC),
            "details": repr(fault.get("errInfo", ""))[:5000],
            "document": repr(fault.get("op", {}).get("u", ""))[:1_000_000],
        }
    )
    store.db["refused"].insert_one(kept)
    return key
