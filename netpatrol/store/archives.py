"""Which archives (evidence folders) share this database, where each was written last, and what each must hold."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from netpatrol.items import EvidenceRef
from netpatrol.store.database import Store, database_errors
from netpatrol.store.records import from_document

BY_ARCHIVE = (("archive", 1), ("_id", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What the database expects of one archive. `elsewhere`: captures of each other archive; `unnamed`: captures that
    may lie in another one, entered before archives had an id; `missing`: sentences on captures that are not entered.
    """

    refs: tuple[EvidenceRef, ...] = ()
    elsewhere: Mapping[str, int]
    places: Mapping[str, str]
    unnamed: int = 0
    missing: tuple[str, ...] = ()


def note_archive(store: Store, archive: str, folder: Path, now: datetime) -> None:
    """Note that an archive is written to by this machine, in this folder."""
    place = {"machine": os.uname().nodename, "folder": str(folder), "seen_at": now}
    with database_errors():
        store.db["archives"].update_one({"_id": archive}, {"$set": place}, upsert=True)


def place_here(folder: Path) -> str:
    """Return how `places_of` names a folder of this machine."""
    return f"{os.uname().nodename}:{folder}"


def places_of(store: Store) -> dict[str, str]:
    """Return where each archive lies: machine and folder."""
    with database_errors():
        return {str(one["_id"]): f"{one['machine']}:{one['folder']}" for one in store.db["archives"].find().sort("_id", 1)}


def holdings(store: Store, archive: str, folder: Path, chains: Collection[str]) -> Holdings:
    """Return what must lie in an archive: its own captures, and those of archives that stood in this very folder before.

    Captures without an archive belong here if one of `chains` holds them, or if no other archive is known.
    """
    places, counts = places_of(store), captures_by_archive(store)
    here = place_here(folder)
    own = {archive} | {name for name, place in places.items() if place == here}
    others = {name: counts.get(name, 0) for name in sorted((counts.keys() | places.keys()) - own - {""})}
    old = tuple(refs_of(store, ("",))) if counts.get("") else ()
    mine = tuple(ref for ref in old if not others or Path(ref.warc_file).name.rpartition("-")[0] in chains)
    return Holdings(
        refs=(*refs_of(store, sorted(own - {""})), *mine),
        elsewhere={name: number for name, number in others.items() if number},
        places=places,
        unnamed=len(old) - len(mine),
    )


def captures_by_archive(store: Store) -> dict[str, int]:
    """Return how many captures of each archive the database knows; "" for those entered before archives had an id."""
    stages: list[dict[str, Any]] = [{"$sort": {"archive": 1}}, {"$group": {"_id": "$archive", "captures": {"$sum": 1}}}]
    with database_errors():
        return {str(one["_id"] or ""): int(one["captures"]) for one in store.db["evidence"].aggregate(stages)}


def refs_of(store: Store, archives: Collection[str]) -> Iterator[EvidenceRef]:
    """Yield the references of all captures of these archives."""
    with database_errors():
        for found in store.db["evidence"].find({"archive": {"$in": list(archives)}}).sort("_id", 1):
            yield from_document(EvidenceRef, found)


def refs_beginning(store: Store, name: str) -> Iterator[EvidenceRef]:
    """Yield the references of captures whose id begins so."""
    with database_errors():
        for found in store.db["evidence"].find({"_id": {"$gte": name, "$lt": name + "\uffff"}}).sort("_id", 1).limit(100):
            yield from_document(EvidenceRef, found)


def unregistered(store: Store) -> Iterator[tuple[str, str]]:
    """Yield (lead, capture) where a lead names a capture that is not entered: its entry was removed."""
    stages: list[dict[str, Any]] = [
        {"$unwind": "$findings"},
        {"$unwind": "$findings.evidence"},
        {"$group": {"_id": "$findings.evidence", "lead": {"$min": "$_id"}}},
        {"$lookup": {"from": "evidence", "localField": "_id", "foreignField": "_id", "as": "entry"}},
        {"$match": {"entry": []}},
        {"$sort": {"lead": 1, "_id": 1}},
    ]
    with database_errors():
        for found in store.db["leads"].aggregate(stages, allowDiskUse=True):
            yield str(found["lead"]), str(found["_id"])
