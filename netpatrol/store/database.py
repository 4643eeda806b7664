"""A connected database, and its driver's errors in words for people."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any

from netpatrol.errors import StoreError

if TYPE_CHECKING:
    from pymongo import MongoClient
    from pymongo.database import Database

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
