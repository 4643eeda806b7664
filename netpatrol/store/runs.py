"""Crawl runs with their coverage ledger: planned = checked + skipped + failed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from netpatrol.items import RunRecord
from netpatrol.store.database import Store, database_errors
from netpatrol.store.records import from_document, to_document
from netpatrol.store.workers import is_gone

KILLED = "killed"
"""Why a run has no end: its process is no more."""
LONGEST_UNSEEN = timedelta(days=1)
"""How long a run of an older version, which gave no sign of life, is taken to go on."""


def save_run(store: Store, run: RunRecord) -> None:
    """Write a run; called at its start, and again at its end."""
    with database_errors():
        store.db["runs"].update_one({"_id": run.run_id}, {"$set": to_document(run)}, upsert=True)


def note_alive(store: Store, run_id: str, until: datetime) -> None:
    """Say that a run goes on, also where it was taken for dead because it stalled."""
    with database_errors():
        change = {"$set": {"alive_until": until, "finish_reason": ""}}
        store.db["runs"].update_one({"_id": run_id, "ended_at": None}, change)


def note_killed(store: Store, now: datetime) -> int:
    """Mark the runs that have no end and show no life any more; return how many. They keep no end: nobody saw it."""
    with database_errors():
        lost = [run.run_id for run in _without_end(store) if not is_alive(run, now)]
        if not lost:
            return 0
        change = {"$set": {"finish_reason": KILLED}}
        return int(store.db["runs"].update_many({"_id": {"$in": lost}, "ended_at": None}, change).modified_count)


def living(store: Store, now: datetime) -> tuple[str, ...]:
    """Return the ids of the runs that are under way."""
    with database_errors():
        return tuple(run.run_id for run in _without_end(store) if is_alive(run, now))


def _without_end(store: Store) -> list[RunRecord]:
    found = store.db["runs"].find({"ended_at": None, "finish_reason": {"$ne": KILLED}})
    return [from_document(RunRecord, one) for one in found]


def is_alive(run: RunRecord, now: datetime) -> bool:
    """Whether a run without an end may still go on: a process of this machine by itself, others by their last sign."""
    until = run.alive_until or run.started_at + LONGEST_UNSEEN
    return until > now and not is_gone(run.worker)


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
