"""Crawl runs with their coverage ledger: planned = checked + skipped + failed."""

from __future__ import annotations

import re

from netpatrol.items import RunRecord
from netpatrol.store.mongo import Store, database_errors
from netpatrol.store.records import from_document, to_document


def save_run(store: Store, run: RunRecord) -> None:
    """Write a run; called at its start, and again at its end."""
    with database_errors():
        store.db["runs"].update_one({"_id": run.run_id}, {"$set": to_document(run)}, upsert=True)


def run(store: Store, run_id: str) -> RunRecord | None:
    """Return a run by its id or the start of it, or None."""
    with database_errors():
        found = store.db["runs"].find_one({"_id": run_id})
        if found is None and run_id:
            found = store.db["runs"].find_one({"_id": {"$regex": f"^{re.escape(run_id)}"}})
    return from_document(RunRecord, found) if found else None


def runs(store: Store, limit: int = 20) -> tuple[RunRecord, ...]:
    """Return the newest runs first."""
    with database_errors():
        return tuple(
            from_document(RunRecord, one) for one in store.db["runs"].find().sort("started_at", -1).limit(limit)
        )
