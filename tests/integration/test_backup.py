"""Backup and restore: all of it, or nothing at all."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from netpatrol.errors import StoreError
from netpatrol.items import RunRecord
from netpatrol.store import backup, leads, pages, runs, schema
from netpatrol.store.archives import note_archive
from netpatrol.store.database import Store

pytestmark = pytest.mark.mongo


@pytest.fixture
def filled(store: Store, make: SimpleNamespace) -> Store:
    pages.save_pages(store, [make.page(number) for number in range(30)])
    leads.save_leads(store, "tea.example", [make.lead()], make.now)
    return store


def _contents(store: Store) -> dict[str, list[dict[str, object]]]:
    return {name: list(store.db[name].find().sort("_id", 1)) for name in schema.FIELDS}


def test_what_was_backed_up_comes_back(filled: Store, make: SimpleNamespace, tmp_path: Path) -> None:
    before = _contents(filled)
    counts = backup.backup(filled, tmp_path / "b", make.now)
    assert counts["pages"] == 30
    filled.client.drop_database(filled.db.name)
    assert backup.restore(filled, tmp_path / "b", make.now) == counts
    assert _contents(filled) == before
    assert schema.prepare(filled) == []
    assert schema.upgrade(filled, schema.VERSION) == []
    assert set(filled.db.list_collection_names()) == set(schema.FIELDS)


def test_a_database_that_is_not_empty_is_not_overwritten(filled: Store, make: SimpleNamespace, tmp_path: Path) -> None:
    backup.backup(filled, tmp_path / "b", make.now)
    pages.save_pages(filled, [make.page(99)])
    with pytest.raises(StoreError, match="--force") as raised:
        backup.restore(filled, tmp_path / "b", make.now)
    assert raised.value.exit_code == 2
    assert filled.db["pages"].count_documents({}) == 31
    backup.restore(filled, tmp_path / "b", make.now, force=True)
    assert filled.db["pages"].count_documents({}) == 30


def _edit_manifest(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest))

    return do


def _cut_document(folder: Path) -> None:
    data = gzip.decompress((folder / "pages.bson.gz").read_bytes())
    (folder / "pages.bson.gz").write_bytes(gzip.compress(data[:-10]))


def _flip(folder: Path) -> None:
    data = bytearray(gzip.decompress((folder / "pages.bson.gz").read_bytes()))
    data[len(data) // 2] ^= 1
    (folder / "pages.bson.gz").write_bytes(gzip.compress(bytes(data)))


def _flip_packed(folder: Path) -> None:
    data = bytearray((folder / "pages.bson.gz").read_bytes())
    data[data.index(0, 10) + 1] |= 0b110  # behind the name in the header: a kind of block that there is not
    (folder / "pages.bson.gz").write_bytes(bytes(data))


DAMAGE = {
    "packed byte changed": _flip_packed,
    "file cut": lambda folder: (folder / "pages.bson.gz").write_bytes((folder / "pages.bson.gz").read_bytes()[:-9]),
    "document cut": _cut_document,
    "byte changed": _flip,
    "file removed": lambda folder: (folder / "leads.bson.gz").unlink(),
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "manifest is no manifest": lambda folder: (folder / "manifest.json").write_text("[]"),
    "newer schema": _edit_manifest(lambda manifest: manifest.update(schema=99)),
    "strange collection": _edit_manifest(lambda manifest: manifest["collections"].update(x={})),  # type: ignore[attr-defined]
    "collection not listed": _edit_manifest(lambda manifest: manifest["collections"].pop("leads")),  # type: ignore[attr-defined]
    "no collection listed": _edit_manifest(lambda manifest: manifest.update(collections={})),
    "nothing listed, by an older program": _edit_manifest(lambda manifest: manifest.update(collections={}, schema=1)),
    "words for a number": _edit_manifest(lambda manifest: manifest.update(schema="six")),
    "path out of the folder": _edit_manifest(
        lambda manifest: manifest["collections"]["pages"].update(file="../../../etc/passwd")  # type: ignore[index]
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_backup_touches_nothing(filled: Store, make: SimpleNamespace, tmp_path: Path, damage: str) -> None:
    backup.backup(filled, tmp_path / "b", make.now)
    DAMAGE[damage](tmp_path / "b")
    before = _contents(filled)
    with pytest.raises(StoreError) as raised:
        backup.restore(filled, tmp_path / "b", make.now, force=True)
    assert raised.value.exit_code == 2
    assert not re.search(r"indices|invalid literal|Expecting", str(raised.value))
    assert _contents(filled) == before


def test_a_backup_without_a_collection_that_came_later_leaves_none_of_the_old(
    filled: Store, make: SimpleNamespace, tmp_path: Path
) -> None:
    note_archive(filled, "a" * 16, tmp_path, make.now)
    backup.backup(filled, tmp_path / "b", make.now)
    _edit_manifest(lambda manifest: (manifest.update(schema=3), manifest["collections"].pop("archives")))(tmp_path / "b")  # type: ignore[attr-defined]
    backup.restore(filled, tmp_path / "b", make.now, force=True)
    assert filled.db["archives"].count_documents({}) == 0
    assert schema.prepare(filled) == []


@pytest.mark.parametrize("begins", ["before", "while loading"])
def test_nothing_is_restored_while_a_run_is_under_way(
    filled: Store, make: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begins: str
) -> None:
    backup.backup(filled, tmp_path / "b", make.now)
    run = RunRecord(run_id="r7", spider="sites", started_at=make.now, alive_until=make.now + timedelta(seconds=60))
    load = backup._load

    def begun(store: Store, path: Path, name: str) -> None:
        runs.save_run(filled, run)
        load(store, path, name)

    if begins == "before":
        runs.save_run(filled, run)
    else:
        monkeypatch.setattr(backup, "_load", begun)
    with pytest.raises(StoreError, match="巡查 r7 正在进行") as raised:
        backup.restore(filled, tmp_path / "b", make.now, force=True)
    assert raised.value.exit_code == 2
    assert filled.db["pages"].count_documents({}) == 30
    assert set(filled.db.list_collection_names()) == set(schema.FIELDS)
    runs.save_run(filled, replace(run, ended_at=make.now))
    monkeypatch.undo()
    backup.restore(filled, tmp_path / "b", make.now, force=True)


def test_a_restore_that_fails_while_loading_touches_nothing(
    filled: Store, make: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.backup(filled, tmp_path / "b", make.now)
    before = _contents(filled)
    load = backup._load

    def failing(store: Store, path: Path, name: str) -> None:
        if name.endswith("runs"):
            raise KeyboardInterrupt
        load(store, path, name)

    monkeypatch.setattr(backup, "_load", failing)
    with pytest.raises(KeyboardInterrupt):
        backup.restore(filled, tmp_path / "b", make.now, force=True)
    assert _contents(filled) == before
    assert set(filled.db.list_collection_names()) == set(schema.FIELDS)


def test_a_restore_killed_while_swapping_must_be_done_again(
    filled: Store, make: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.backup(filled, tmp_path / "b", make.now)
    before = _contents(filled)
    with monkeypatch.context() as patch:
        patch.setattr(backup, "_swap", _half_swap)
        with pytest.raises(KeyboardInterrupt):
            backup.restore(filled, tmp_path / "b", make.now, force=True)
    with pytest.raises(StoreError, match="没有完成"):
        schema.prepare(filled)
    backup.restore(filled, tmp_path / "b", make.now, force=True)
    assert schema.prepare(filled) == []
    assert _contents(filled) == before


def _half_swap(store: Store, names: list[str]) -> None:
    store.db["restore_marks"].insert_one({"_id": "swapping"})
    store.db[backup.BESIDE + names[1]].rename(names[1], dropTarget=True)
    raise KeyboardInterrupt


def test_a_backup_is_whole_or_absent(
    filled: Store, make: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_dump_all", full)
    with pytest.raises(StoreError, match="无法写入备份"):
        backup.backup(filled, tmp_path / "b", make.now)
    assert list(tmp_path.iterdir()) == []


def test_two_backups_into_one_place_are_told_and_do_no_harm(filled: Store, make: SimpleNamespace, tmp_path: Path) -> None:
    with backup._alone(tmp_path / ".b.part"):
        (tmp_path / ".b.part" / "pages.bson.gz").write_bytes(b"x")
        with pytest.raises(StoreError, match="另一个备份正在写") as raised:
            backup.backup(filled, tmp_path / "b", make.now)
        assert (tmp_path / ".b.part" / "pages.bson.gz").exists()
    assert raised.value.exit_code == 2
    (tmp_path / ".b.part").mkdir()
    (tmp_path / ".b.part" / "left").write_bytes(b"by one that was killed")
    assert backup.backup(filled, tmp_path / "b", make.now)["pages"] == 30
    assert not (tmp_path / "b" / "left").exists()


def test_an_old_backup_is_never_overwritten(filled: Store, make: SimpleNamespace, tmp_path: Path) -> None:
    backup.backup(filled, tmp_path / "b", make.now)
    with pytest.raises(StoreError, match="已存在"):
        backup.backup(filled, tmp_path / "b", make.now)
