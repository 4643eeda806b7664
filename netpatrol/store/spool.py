"""What could not reach the database waits on disk: whole files in order, replayed at the next start, idempotent."""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from netpatrol.errors import StoreError
from netpatrol.items import RunRecord
from netpatrol.lasting import write_whole
from netpatrol.store import pages, runs, shops, targets
from netpatrol.store.database import Store
from netpatrol.store.places import private_folder
from netpatrol.store.records import PageRecord, ShopRecord, Target, from_document, to_document

CLASSES: Mapping[str, type[Any]] = {"pages": PageRecord, "shops": ShopRecord, "targets": Target, "runs": RunRecord}
ENDING = ".bson.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay did; damaged files are set apart in `damaged/`."""

    files: int = 0
    records: int = 0
    damaged: tuple[str, ...] = ()


class Spool:
    """A folder of batches that wait for the database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, kind: str, records: Sequence[Any]) -> Path | None:
        """Keep records (pages, shops, targets or runs) durably; return the file. StoreError where the disk is full."""
        import bson

        if kind not in CLASSES:
            raise ValueError(f"unknown kind of record: {kind}")
        if not records:
            return None
        private_folder(self.folder)
        head = {"kind": kind, "count": len(records)}
        data = b"".join(bson.encode(document) for document in (head, *map(to_document, records)))
        path = self.folder / f"{time.time_ns():020d}-{os.getpid()}-{secrets.token_hex(4)}{ENDING}"
        _write(path, gzip.compress(data, 6))
        return path

    def pending(self) -> tuple[Path, ...]:
        """Return the files that wait, oldest first."""
        return tuple(sorted(self.folder.glob(f"*{ENDING}")))

    def replay(self, store: Store, now: datetime) -> Replayed:
        """Write all that waits, oldest first; a file goes when it is written. StoreError where the database is away."""
        if not self.pending():
            return Replayed()
        files, count, damaged = 0, 0, []
        with self._alone():
            for path in self.pending():
                try:
                    kind, records = _read(path)
                except (OSError, ValueError, KeyError, EOFError, StoreError) as error:
                    damaged.append(f"{path.name}: {error}")
                    self._set_apart(path)
                    continue
                _WRITERS[kind](store, records, now)
                path.unlink(missing_ok=True)
                files, count = files + 1, count + len(records)
        return Replayed(files=files, records=count, damaged=tuple(damaged))

    def _set_apart(self, path: Path) -> None:
        apart = private_folder(self.folder / "damaged")
        path.replace(apart / path.name)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / "replay.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _write(path: Path, data: bytes) -> None:
    try:
        write_whole(path, data)
    except OSError as error:
        reason = "磁盘已满" if error.errno in (28, 122) else error.strerror
        raise StoreError(f"无法写入暂存文件 {path}：{reason}（cannot spool; pages would be lost）") from error


def _read(path: Path) -> tuple[str, list[Any]]:
    import bson
    from bson.codec_options import CodecOptions

    options: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)
    try:
        head, *documents = bson.decode_all(gzip.decompress(path.read_bytes()), options)
    except bson.errors.BSONError as error:
        raise ValueError(f"不是完整的暂存文件（{error}）") from error
    if head["count"] != len(documents):
        raise ValueError(f"应有 {head['count']} 条，只有 {len(documents)} 条")
    kind = str(head["kind"])
    return kind, [from_document(CLASSES[kind], document) for document in documents]


def _write_runs(store: Store, records: Sequence[RunRecord], now: datetime) -> None:
    for record in records:
        runs.save_run(store, record)


_WRITERS: Mapping[str, Callable[[Store, list[Any], datetime], object]] = {
    "pages": lambda store, records, now: pages.save_pages(store, records),
    "shops": lambda store, records, now: shops.save_shops(store, records),
    "targets": targets.add_found,
    "runs": _write_runs,
}
