"""The spool: what waits on disk is replayed in order, twice without harm, and damage is set apart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from netpatrol.errors import StoreError
from netpatrol.items import RunRecord
from netpatrol.store import pages, runs, shops, spool, targets
from netpatrol.store.database import Store
from netpatrol.store.records import ShopRecord

pytestmark = pytest.mark.mongo


@pytest.fixture
def waiting(tmp_path: Path) -> spool.Spool:
    return spool.Spool(tmp_path / "spool")


def test_all_kinds_are_replayed(store: Store, make: SimpleNamespace, waiting: spool.Spool) -> None:
    waiting.put("pages", [make.page(1), make.page(2)])
    waiting.put("shops", [ShopRecord(shop=make.shop, host="tea.example", seen_at=make.now, state="partial")])
    waiting.put("targets", [make.target("tea.example")])
    waiting.put("runs", [RunRecord(run_id="r1", spider="sites", started_at=make.now, stats={"a.b": 1})])
    assert waiting.put("pages", []) is None
    assert waiting.replay(store, make.now) == spool.Replayed(files=4, records=5)
    assert waiting.pending() == ()
    assert [page.url for page in pages.pages_of(store, "tea.example")] == [make.page(1).url, make.page(2).url]
    known, run = shops.shop(store, "tea.example"), runs.run(store, "r1")
    assert known is not None
    assert known.state == "partial"
    assert run is not None
    assert run.stats == {"a.b": 1}
    assert targets.target(store, "tea.example") is not None
    assert pages.dirty_shops(store)


def test_a_replay_never_covers_newer_pages(store: Store, make: SimpleNamespace, waiting: spool.Spool) -> None:
    waiting.put("pages", [make.page(1, title="old")])
    pages.save_pages(store, [make.page(1, title="new", seen_at=make.now + timedelta(days=1))])
    waiting.replay(store, make.now)
    assert [page.title for page in pages.pages_of(store, "tea.example")] == ["new"]


def test_the_order_is_kept(store: Store, make: SimpleNamespace, waiting: spool.Spool) -> None:
    for title in ("first", "second", "third"):
        waiting.put("pages", [make.page(1, title=title)])
    waiting.replay(store, make.now)
    assert [page.title for page in pages.pages_of(store, "tea.example")] == ["third"]


def test_while_the_database_is_away_everything_stays(
    store: Store, make: SimpleNamespace, waiting: spool.Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting.put("pages", [make.page(1)])

    def away(*_: object) -> None:
        raise StoreError("away")

    with monkeypatch.context() as patch:
        patch.setattr(pages, "save_pages", away)
        with pytest.raises(StoreError):
            waiting.replay(store, make.now)
    assert len(waiting.pending()) == 1
    assert waiting.replay(store, make.now).files == 1


@pytest.mark.parametrize(
    "damage", [lambda d: d[: len(d) // 2], lambda d: b"nonsense", lambda d: b"", lambda d: d[:-1] + b"\xff"]
)
def test_damaged_files_are_set_apart_and_named(
    store: Store, make: SimpleNamespace, waiting: spool.Spool, damage
) -> None:
    bad = waiting.put("pages", [make.page(1)])
    assert bad is not None
    bad.write_bytes(damage(bad.read_bytes()))
    waiting.put("pages", [make.page(2)])
    replayed = waiting.replay(store, make.now)
    assert replayed.files == 1
    assert [line.partition(":")[0] for line in replayed.damaged] == [bad.name]
    assert (waiting.folder / "damaged" / bad.name).exists()


def test_hostile_pages_can_wait_too(store: Store, make: SimpleNamespace, waiting: spool.Spool) -> None:
    page = make.page(1, extra={"$where": "1", "a.b": "2", "": "3"})
    waiting.put("pages", [page, make.page(2, extra={"x": "y" * 20_000_000, "s": "\ud800"})])
    waiting.replay(store, make.now)
    stored = list(pages.pages_of(store, "tea.example"))
    assert stored[0].extra == page.extra
    assert len(stored[1].extra["x"]) == 1_000_000


def test_a_full_disk_is_a_clear_error(
    make: SimpleNamespace, waiting: spool.Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool.os, "fsync", full)
    with pytest.raises(StoreError, match="磁盘已满") as raised:
        waiting.put("pages", [make.page(1)])
    assert raised.value.exit_code == 3
    assert list(waiting.folder.iterdir()) == []
