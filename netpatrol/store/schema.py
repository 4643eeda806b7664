"""Collections, validators, indexes, and the version of it all; docs/schema.md describes every field.

Unique indexes and those for the pages and leads of one shop start with the collection's shard key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netpatrol.errors import StoreError
from netpatrol.store import archives, clues, due
from netpatrol.store.database import Store, database_errors
from netpatrol.store.migrations import MIGRATIONS

VERSION = 6
KEY = {"bsonType": "string", "minLength": 1, "maxLength": 2000}
ADDRESS = {"bsonType": "string", "minLength": 1, "maxLength": 10_000}
TEXT = {"bsonType": "string"}
TIME = {"bsonType": "date"}
WHOLE = {"bsonType": ["int", "long", "double"]}
LIST = {"bsonType": "array"}
OBJECT = {"bsonType": "object"}
DETERMINATIONS = (
    "match",
    "mismatch",
    "revoked",
    "invalid_code",
    "no_match",
    "out_of_region",
    "self_declared_exempt",
    "unknown",
)


def _one_of(*values: str) -> dict[str, Any]:
    return {"enum": list(values)}


# Collection -> required fields and their types. Other fields are free: a newer version may add some.
FIELDS: Mapping[str, Mapping[str, Any]] = {
    "meta": {},
    "targets": {
        "shop_id": KEY,
        "kind": _one_of("site", "storefront", "clue"),
        "status": _one_of("due", "leased", "parked", "kept"),
        "host": TEXT,
        "url": TEXT,
        "found_via": LIST,
        "attempts": WHOLE,
    },
    "host_leases": {"owner": KEY, "until": TIME},
    "shops": {"shop": OBJECT, "host": TEXT, "state": KEY, "determination": _one_of(*DETERMINATIONS)},
    "pages": {
        "shop_id": KEY,
        "url": ADDRESS,
        "host": TEXT,
        "state": KEY,
        "findings": LIST,
        "first_seen": TIME,
        "last_seen": TIME,
    },
    "leads": {
        "shop_id": KEY,
        "lead_id": KEY,
        "host": TEXT,
        "subject": TEXT,
        "family": KEY,
        "status": _one_of("open", "closed", "superseded"),
        "findings": LIST,
        "determination": _one_of(*DETERMINATIONS),
        "priority": WHOLE,
        "unit": TEXT,
        "first_seen": TIME,
        "last_seen": TIME,
        "revision": WHOLE,
    },
    "lead_events": {"shop_id": KEY, "lead_id": KEY, "at": TIME, "what": KEY},
    "decisions": {"lead_id": KEY, "verdict": KEY, "by": KEY, "at": TIME},
    "evidence": {"shop_id": TEXT, "url": TEXT, "body_sha256": TEXT, "manifest_sha256": KEY, "stored_at": TIME, "archive": TEXT},
    "archives": {"machine": TEXT, "folder": TEXT, "seen_at": TIME},
    "runs": {"run_id": KEY, "spider": KEY, "started_at": TIME},
    "refused": {"collection": KEY, "reason": TEXT, "at": TIME},
}

# What each collection is sharded by in a large installation; unique indexes start with it, and so do lookups of one
# shop. "" where it stays on one shard.
SHARD_KEYS: Mapping[str, str] = {
    "meta": "",
    "targets": "shop_id",
    "host_leases": "_id",
    "shops": "shop.shop_id",
    "pages": "shop_id",
    "leads": "shop_id",
    "lead_events": "shop_id",
    "decisions": "lead_id",
    "evidence": "shop_id",
    "archives": "",
    "runs": "",
    "refused": "",
}

# Collection -> (keys, options). `_id` is always an index of its own.
INDEXES: Mapping[str, tuple[tuple[tuple[tuple[str, int], ...], Mapping[str, Any]], ...]] = {
    "targets": (
        ((("shop_id", 1),), {"unique": True}),
        ((("host", 1), ("tier", 1), ("due_at", 1)), {}),
        (due.BY_DUE, {}),
        (due.BY_HOST, {}),
        (due.BY_DONE, {}),
        ((("status", 1), ("tier", 1), ("due_at", 1)), {}),
        ((("lease_until", 1),), {"name": due.LEASED, "partialFilterExpression": {"status": "leased"}}),
        ((("lease_owner", 1), ("lease_until", 1)), {}),
        (clues.BY_NAME, {"name": "clues_by_name", "partialFilterExpression": clues.ONLY}),
    ),
    "host_leases": (((("until", 1),), {}), ((("next_at", 1),), {}), ((("owner", 1), ("until", 1)), {})),
    "shops": (
        ((("shop.shop_id", 1),), {"unique": True}),
        ((("host", 1), ("shop.shop_id", 1)), {"name": "by_host"}),
        ((("dirty", 1),), {"sparse": True}),
        ((("names", 1),), {"name": "by_name", "sparse": True}),
    ),
    "pages": (((("shop_id", 1), ("url", 1), ("key", 1)), {"unique": True}),),  # forms of one address are several pages
    "leads": (
        ((("shop_id", 1), ("lead_id", 1)), {"unique": True}),
        ((("shop_id", 1), ("status", 1)), {}),
        ((("status", 1), ("unit", 1), ("priority", -1), ("last_seen", -1)), {}),
        ((("status", 1), ("priority", -1), ("last_seen", -1), ("_id", 1)), {}),
        ((("status", 1), ("family", 1), ("priority", -1)), {}),
        ((("status", 1), ("first_seen", -1)), {}),
        ((("status", 1), ("closed_at", -1)), {}),
        ((("subject", 1), ("status", 1)), {}),
    ),
    "lead_events": (((("shop_id", 1), ("lead_id", 1), ("at", 1)), {}), ((("lead_id", 1), ("at", 1)), {})),
    "decisions": (((("lead_id", 1), ("at", 1)), {}), ((("by", 1), ("at", -1)), {})),
    "evidence": (((("shop_id", 1), ("url", 1), ("stored_at", -1)), {}), (archives.BY_ARCHIVE, {})),
    "runs": (((("started_at", -1),), {}),),
}


def since(name: str) -> int:
    """Return the schema version that first had a collection."""
    return 4 if name == "archives" else 1


def prepare(store: Store) -> list[str]:
    """Make what is missing and migrate what is older; return what was done. Doing it again does nothing.

    StoreError where the database is of a newer version than this program.
    """
    with database_errors():
        if store.db["restore_marks"].find_one({"_id": "swapping"}):
            raise StoreError("上次 db restore 没有完成，请再运行一次 db restore --force（restore was cut short）")
        found = store.db["meta"].find_one({"_id": "schema"}) or {}
        version = int(found.get("version", 0))
        if version > VERSION:
            raise StoreError(
                f"数据库结构版本 {version} 比本程序（{VERSION}）新，请升级 netpatrol（database schema is newer）"
            )
        return [] if version == VERSION else upgrade(store, version)


def upgrade(store: Store, version: int) -> list[str]:
    """Bring collections, validators, indexes and older documents to `VERSION`; return what was done."""
    with database_errors():
        done = []
        for step in range(version + 1, VERSION + 1):  # first: an index may have to go before its successor can come
            if step in MIGRATIONS:
                MIGRATIONS[step](store.db)
                done.append(f"migration {step}")
        done += [line for name in FIELDS for line in _make(store, name)]
        store.db["meta"].update_one({"_id": "schema"}, {"$set": {"version": VERSION}}, upsert=True)
        return done


def _make(store: Store, name: str) -> list[str]:
    """Make one collection with its validator and indexes; several processes may do so at once."""
    from pymongo import IndexModel
    from pymongo.errors import OperationFailure

    done = []
    rules = (
        {"validator": validator(name), "validationLevel": "strict", "validationAction": "error"} if FIELDS[name] else {}
    )
    try:
        store.db.command({"create": name, **rules})
        done.append(f"collection {name}")
    except OperationFailure as error:
        if error.code != 48:  # 48: it is there already
            raise
        if rules:
            store.db.command({"collMod": name, **rules})
    wanted = [IndexModel(list(keys), **options) for keys, options in INDEXES.get(name, ())]
    before = set(store.db[name].index_information()) if wanted and not done else set()
    made = store.db[name].create_indexes(wanted) if wanted else []
    return done + [f"index {name}.{index}" for index in made if index not in before]


def validator(name: str) -> dict[str, Any]:
    """Return the JSON-schema validator of a collection."""
    fields = FIELDS[name]
    return {"$jsonSchema": {"bsonType": "object", "required": sorted(fields), "properties": dict(fields)}}
