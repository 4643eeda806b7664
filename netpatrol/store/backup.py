"""Backup and restore: one gzip file of BSON per collection and a manifest with counts and digests.

A backup appears whole or not at all. A restore checks everything first, loads beside the standing
collections, and then puts the new ones in their place.
"""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netpatrol.errors import StoreError, why
from netpatrol.store import schema
from netpatrol.store.database import Store, database_errors
from netpatrol.store.runs import living

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

FORMAT = 1
MANIFEST = "manifest.json"
BESIDE = "restore_of_"
BATCH = 1000
SNAPSHOT_FAULTS = (239, 246, 72, 123)  # too old, unavailable, not supported here


def backup(store: Store, target: Path, now: datetime) -> dict[str, int]:
    """Write a backup folder, which must not exist yet; return the count of documents by collection."""
    if target.exists():
        raise _refused(f"{target} 已存在，请换一个文件夹（backup folder exists）")
    draft = target.with_name(f".{target.name}.part")
    try:
        with _alone(draft):
            files = _dump_at_once(store, draft)
            manifest = {"format": FORMAT, "schema": schema.VERSION, "made_at": now.isoformat(), "collections": files}
            (draft / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
            draft.rename(target)
    except OSError as error:
        raise StoreError(f"无法写入备份 {target}：{why(error)}（cannot write backup）") from error
    return {name: int(entry["count"]) for name, entry in files.items()}


@contextlib.contextmanager
def _alone(draft: Path) -> Iterator[None]:
    """Make the folder that a backup is written to, empty and ours alone; what is left of it goes at the end."""
    draft.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = os.open(draft, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _refused(f"另一个备份正在写到 {draft.name}，请等它完成，或换一个文件夹（another backup is being made there）") from error
        try:
            for left in draft.iterdir():  # by a backup that was killed
                left.unlink()
            yield
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    finally:
        os.close(held)


def _refused(message: str) -> StoreError:
    error = StoreError(message)
    error.exit_code = 2
    return error


def _dump_at_once(store: Store, folder: Path) -> dict[str, dict[str, Any]]:
    """Dump all collections as they stand at one moment, where the server can; else one after another."""
    from pymongo.errors import OperationFailure

    with database_errors():
        try:
            with store.client.start_session(snapshot=True) as session:
                return _dump_all(store, folder, session)
        except OperationFailure as error:
            if error.code not in SNAPSHOT_FAULTS:
                raise
        return _dump_all(store, folder, None)


def _dump_all(store: Store, folder: Path, session: ClientSession | None) -> dict[str, dict[str, Any]]:
    return {name: _dump(store, name, folder / f"{name}.bson.gz", session) for name in schema.FIELDS}


def _dump(store: Store, name: str, path: Path, session: ClientSession | None) -> dict[str, Any]:
    from bson.raw_bson import RawBSONDocument

    raw = store.db[name].with_options(codec_options=store.db.codec_options.with_options(document_class=RawBSONDocument))
    digest, count = hashlib.sha256(), 0
    with gzip.open(path, "wb", 6) as file:
        for document in raw.find(session=session).sort("_id", 1):
            data: bytes = document.raw
            file.write(data)
            digest.update(data)
            count += 1
    return {"file": path.name, "count": count, "sha256": digest.hexdigest()}


# -- restore -----------------------------------------------------------------------------------------


def restore(store: Store, source: Path, now: datetime, *, force: bool = False) -> dict[str, int]:
    """Put a backup in the place of the database; return the count of documents by collection.

    StoreError (exit 2), with nothing touched, where the backup is damaged or of a newer schema, where a run writes to the
    database, or where it holds documents and `force` is not given.
    """
    manifest = check(source)
    _need_no_run(store, now)
    if not force:
        held = [name for name in schema.FIELDS if name != "meta" and _holds(store, name)]
        if held:
            raise _refused(f"数据库不是空的（{', '.join(held)}），确要覆盖请加 --force（database is not empty）")
    names = list(manifest["collections"])
    try:
        with database_errors():
            for name in names:
                _load(store, source / manifest["collections"][name]["file"], BESIDE + name)
            _need_no_run(store, now)  # loading may have taken minutes
            _swap(store, names)
    finally:
        with contextlib.suppress(StoreError), database_errors():
            for name in names:
                store.db.drop_collection(BESIDE + name)
    schema.upgrade(store, int(manifest["schema"]))
    return {name: int(entry["count"]) for name, entry in manifest["collections"].items()}


def _need_no_run(store: Store, now: datetime) -> None:
    """Refuse while a run is under way: what it goes on to store would be of targets and pages that are no more."""
    under_way = living(store, now)
    if under_way:
        raise _refused(f"巡查 {'、'.join(under_way)} 正在进行，等它做完或中断它之后再恢复（a run is under way）")


def _holds(store: Store, name: str) -> bool:
    with database_errors():
        return store.db[name].find_one({}, {"_id": 1}) is not None


def check(source: Path) -> dict[str, Any]:
    """Return the manifest of a backup after reading all of it; StoreError (exit 2) where anything is amiss."""
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text("utf-8"))
        if manifest["format"] != FORMAT or int(manifest["schema"]) > schema.VERSION:
            raise _refused(f"{source} 由更新的版本备份，请升级 netpatrol（backup is newer than this program）")
        missing = [name for name in schema.FIELDS if schema.since(name) <= manifest["schema"] and name not in manifest["collections"]]
        if missing:
            raise _refused(f"{source} 不是完整的备份：清单里没有 {'、'.join(missing)}（not a whole backup）")
        for name, entry in manifest["collections"].items():
            if name not in schema.FIELDS:
                raise _refused(f"{source}：不认识的集合 {name}（unknown collection）")
            if entry["file"] != Path(entry["file"]).name:
                raise _refused(f"{source}：{name} 的文件 {entry['file']} 不在备份文件夹里（file outside the backup）")
            _check_file(source / entry["file"], entry)
    except OSError as error:
        raise _refused(f"{source} 不是完整的备份：{why(error)}（not a whole backup）") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _refused(f"{source} 不是完整的备份：清单 {MANIFEST} 读不懂（not a whole backup）") from error
    return manifest


def _check_file(path: Path, entry: dict[str, Any]) -> None:
    digest, count = hashlib.sha256(), 0
    try:
        for data in _documents(path):
            digest.update(data)
            count += 1
    except (EOFError, zlib.error, OSError) as error:  # BadGzipFile is an OSError
        raise _refused(f"备份文件 {path} 损坏：{why(error)}（damaged backup file）") from error
    if count != entry["count"] or digest.hexdigest() != entry["sha256"]:
        raise _refused(f"备份文件 {path} 与清单不符，被改动或不完整（backup file differs from its manifest）")


def _documents(path: Path) -> Iterator[bytes]:
    """Yield the raw documents of a file, one at a time."""
    with gzip.open(path, "rb") as file:
        while head := file.read(4):
            size = int.from_bytes(head, "little")
            if not 5 <= size <= 17_000_000:
                raise EOFError("长度不对")
            rest = file.read(size - 4)
            if len(rest) != size - 4:
                raise EOFError("文件不完整")
            yield head + rest


def _load(store: Store, path: Path, name: str) -> None:
    from bson.raw_bson import RawBSONDocument

    store.db.drop_collection(name)
    store.db.create_collection(name)
    batch: list[Any] = []
    for data in _documents(path):
        batch.append(RawBSONDocument(data))
        if len(batch) >= BATCH:
            store.db[name].insert_many(batch)
            batch = []
    if batch:
        store.db[name].insert_many(batch)


def _swap(store: Store, names: list[str]) -> None:
    """Put the loaded collections in place of all that there are. A mark says so: whoever is killed here must restore again."""
    marks = store.db["restore_marks"]
    marks.update_one({"_id": "swapping"}, {"$set": {"collections": names}}, upsert=True)
    for name in names:
        store.db[BESIDE + name].rename(name, dropTarget=True)
    for name in schema.FIELDS.keys() - set(names):  # an older backup knows nothing of it
        store.db.drop_collection(name)
    marks.drop()
