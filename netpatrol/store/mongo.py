"""The door to the database: `connect()` gives a `Store`, from the embedded server or from `MONGO_URI`."""

from __future__ import annotations

import logging
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netpatrol.errors import AddressError
from netpatrol.store import embedded, places, schema
from netpatrol.store.database import Store, database_errors

if TYPE_CHECKING:
    from pymongo import MongoClient

DATABASE = "netpatrol"
SELECTION_MS = 5000
ELECTION_MS = 20_000
"""A replica set of several members has no primary for about 12 seconds when its primary dies; that is waited out."""


def connect(home: Path | None = None, uri: str | None = None, *, database: str = "", prepare: bool = True) -> Store:
    """Return the connected and prepared database.

    `uri`, else `MONGO_URI`, else the embedded server of `home`, which is started if need be. The name of the
    database is `database`, else the one in the address, else `netpatrol`. StoreError where it is away.
    """
    address = places.mongo_uri() if uri is None else uri
    if not address:
        address = embedded.start(home or places.home()).uri
    store = _open(address, database)
    try:
        with database_errors():
            store.client.admin.command("ping")
        if prepare:
            schema.prepare(store)
    except BaseException:
        store.close()
        raise
    return store


def _open(uri: str, database: str) -> Store:
    from pymongo import MongoClient
    from pymongo.errors import PyMongoError

    patience = _patience_ms(uri)
    # Its debug records carry whole documents, seven for every command; Scrapy's root logger would have them all made.
    logging.getLogger("pymongo").setLevel(logging.WARNING)
    try:
        client: MongoClient[dict[str, Any]] = MongoClient(
            uri,
            tz_aware=True,
            tzinfo=UTC,
            w="majority",
            journal=True,
            retryWrites=True,
            serverSelectionTimeoutMS=patience,
            connectTimeoutMS=SELECTION_MS,
            appname="netpatrol",
        )
        return Store(client, database or client.get_default_database(DATABASE).name, patience=patience / 1000)
    except (PyMongoError, ValueError) as error:
        raise AddressError(f"数据库地址无效：{error}（bad MONGO_URI）") from error


def _patience_ms(uri: str) -> int:
    """Return how long a server is looked for: with several members, as long as they take to agree on a new primary."""
    scheme, _, rest = uri.partition("://")
    return ELECTION_MS if scheme == "mongodb+srv" or "," in rest.rpartition("@")[2].partition("/")[0] else SELECTION_MS
