"""The door to the database: `connect()` gives a `Store`, from the embedded server or from `MONGO_URI`."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any

from netpatrol.errors import StoreError
from netpatrol.store import embedded, places

if TYPE_CHECKING:
    from pymongo import MongoClient
    from pymongo.database import Database

DATABASE = "netpatrol"
SELECTION_MS = 5000
ELECTION_MS = 20_000
"""A replica set of several members has no primary for about 12 seconds when its primary dies; that is waited out."""
AWAY = "连不上数据库：{error}（database is away）"


class Store:
    """A connected database; use as a context manager, or close it."""

    def __init__(self, client: MongoClient[dict[str, Any]], name: str, *, patience: float = 5) -> None:
        self.client = client
        self._db: Database[dict[str, Any]] = client[name]
        self._patience = patience
        self._reached = False
        self._gone_at: float | None = None

    @property
    def db(self) -> Database[dict[str, Any]]:
        """Return the database; StoreError at once where its server has been away longer than a change of primaries takes."""
        if self.client.topology_description.has_writable_server():
            self._reached, self._gone_at = True, None
        elif self._reached:
            now = monotonic()
            self._gone_at = now if self._gone_at is None else self._gone_at
            if now - self._gone_at > self._patience:  # the driver keeps looking; nobody waits for it again
                raise StoreError(AWAY.format(error="服务器没有应答"))
        return self._db

    def close(self) -> None:
        """Close all connections."""
        self.client.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


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
            from netpatrol.store import schema

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
        raise StoreError(f"数据库地址无效：{error}（bad MONGO_URI）") from error


def _patience_ms(uri: str) -> int:
    """Return how long a server is looked for: with several members, as long as they take to agree on a new primary."""
    scheme, _, rest = uri.partition("://")
    return ELECTION_MS if scheme == "mongodb+srv" or "," in rest.rpartition("@")[2].partition("/")[0] else SELECTION_MS


@contextlib.contextmanager
def database_errors() -> Iterator[None]:
    """Turn the driver's errors into StoreError with a message for people."""
    from pymongo.errors import (
        AutoReconnect,
        BulkWriteError,
        ConfigurationError,
        OperationFailure,
        PyMongoError,
    )

    try:
        yield
    except BulkWriteError as error:
        first = (error.details.get("writeErrors") or error.details.get("writeConcernErrors") or [{}])[0]
        raise StoreError(f"数据库拒绝写入：{first.get('errmsg', error)}（database refused a write）") from error
    except (AutoReconnect, ConfigurationError) as error:
        raise StoreError(AWAY.format(error=_short(error))) from error
    except OperationFailure as error:
        raise StoreError(f"数据库拒绝操作：{_reason(error)}（database refused）") from error
    except PyMongoError as error:
        raise StoreError(AWAY.format(error=_short(error))) from error


def _short(error: Exception) -> str:
    """Return what the driver says without its timeouts and its picture of the servers."""
    return re.split(r" \(configured timeouts|, Timeout: ", str(error), maxsplit=1)[0][:300]


def _reason(error: Any) -> str:
    if error.code == 18:
        return "用户名或密码不对"
    if error.code == 13:
        return "没有权限"
    if error.code == 14031 or "disk" in str(error).lower():
        return "磁盘空间不足"
    return str(error.details.get("errmsg", error) if error.details else error)[:300]
