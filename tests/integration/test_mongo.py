"""Connecting, the schema, and its versions."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.errors import WriteError

from netpatrol.errors import StoreError
from netpatrol.store import embedded, migrations, mongo, pages, schema
from netpatrol.store.database import Store, database_errors

pytestmark = pytest.mark.mongo


def test_an_address_replaces_the_embedded_server(mongo_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = embedded.status(mongo_home)
    assert server is not None
    name = f"test_{uuid.uuid4().hex[:12]}"
    monkeypatch.setenv("MONGO_URI", server.uri.replace("/?", f"/{name}?"))
    with mongo.connect(Path("/nonexistent")) as store:
        assert store.db.name == name
        store.client.drop_database(name)


def test_a_server_that_is_away_is_exit_code_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo, "SELECTION_MS", 200)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(StoreError, match="连不上数据库") as raised:
            mongo.connect(uri=f"mongodb://127.0.0.1:{unused.getsockname()[1]}/?directConnection=true")
    assert raised.value.exit_code == 3
    assert "Topology" not in str(raised.value)  # nor anything else that only the driver's authors can read


def test_a_server_that_went_away_is_waited_for_once_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo, "SELECTION_MS", 1000)
    server = embedded.start(tmp_path)
    with mongo.connect(tmp_path) as store:
        os.kill(server.pid, signal.SIGKILL)
        for _ in range(50):  # one that waits, the others at once: fifty waits would take a minute
            with pytest.raises(StoreError, match="连不上数据库"), database_errors():
                store.db["leads"].find_one()
        try:
            embedded.start(tmp_path)
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                with contextlib.suppress(StoreError), database_errors():
                    assert store.db["leads"].count_documents({}) == 0
                    break
                time.sleep(0.2)
            assert store.db.name == "netpatrol"
        finally:
            embedded.stop(tmp_path)


@pytest.mark.parametrize("uri", ["nonsense", "mongodb://", "http://127.0.0.1/", "mongodb://a:b@127.0.0.1:99999/"])
def test_a_bad_address_is_an_error_not_a_traceback(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo, "SELECTION_MS", 200)
    with pytest.raises(StoreError) as raised:
        mongo.connect(uri=uri)
    assert raised.value.exit_code == (3 if uri == "nonsense" else 2)  # a host of that name might be away


def test_a_wrong_password_says_so(mongo_home: Path) -> None:
    server = embedded.status(mongo_home)
    assert server is not None
    head, _, tail = server.uri.partition("@")
    with pytest.raises(StoreError, match="用户名或密码不对"):
        mongo.connect(uri=f"{head}x@{tail}")


def test_preparing_again_does_nothing(store: Store) -> None:
    assert schema.prepare(store) == []
    assert schema.upgrade(store, schema.VERSION) == []


def test_what_was_dropped_is_made_again(store: Store) -> None:
    store.db["leads"].drop()
    store.db["pages"].drop_index("shop_id_1_url_1_key_1")
    done = schema.upgrade(store, schema.VERSION)
    assert "collection leads" in done
    assert "index pages.shop_id_1_url_1_key_1" in done


def test_older_versions_are_migrated_step_by_step(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {number: lambda db, number=number: db["meta"].insert_one({"_id": f"step {number}"}) for number in (8, 9)}
    store.db["meta"].update_one({"_id": "schema"}, {"$set": {"version": 7}})
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    monkeypatch.setattr(schema, "VERSION", 9)
    assert schema.prepare(store) == ["migration 8", "migration 9"]
    assert schema.prepare(store) == []
    assert store.db["meta"].find_one({"_id": "schema"})["version"] == 9  # type: ignore[index]


def as_version_1(store: Store) -> None:
    """Make of the database what version 1 made: an address of a shop was one page, hosts began unique indexes."""
    for name, keys in (("pages", ["shop_id", "url"]), ("shops", ["host", "shop.shop_id"]), ("targets", ["host", "shop_id"])):
        store.db[name].drop_indexes()
        store.db[name].create_index([(key, 1) for key in keys], unique=True)
    store.db["targets"].create_index([("name", 1)])
    store.db["meta"].update_one({"_id": "schema"}, {"$set": {"version": 1}})


def test_a_database_of_version_1_can_hold_forms_of_one_address(store: Store, make: SimpleNamespace) -> None:
    as_version_1(store)
    pages.save_pages(store, [make.page(1, key="form a")])
    schema.prepare(store)
    for name in ("pages", "shops", "targets"):
        wanted = {"_".join(f"{key}_{way}" for key, way in keys) for keys, options in schema.INDEXES[name] if "name" not in options}
        named = {str(options["name"]) for _, options in schema.INDEXES[name] if "name" in options}
        assert set(store.db[name].index_information()) == {"_id_", *wanted, *named}
    pages.save_pages(store, [make.page(1, key="form b")])
    assert sorted(page.key for page in pages.pages_of(store, make.shop.shop_id)) == ["form a", "form b"]


def test_an_upgrade_that_was_cut_short_is_done_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    as_version_1(store)
    whole = schema.MIGRATIONS[2]

    def cut_short(db: Any) -> None:
        whole(db)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", {2: cut_short})
        with pytest.raises(KeyboardInterrupt):
            schema.prepare(store)
    assert store.db["meta"].find_one({"_id": "schema"})["version"] == 1  # type: ignore[index]
    assert "migration 2" in schema.prepare(store)
    assert schema.prepare(store) == []


def test_two_that_upgrade_at_once_do_not_disturb_each_other(store: Store) -> None:
    as_version_1(store)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: schema.prepare(store), range(4)))
    assert set(store.db["pages"].index_information()) == {"_id_", "shop_id_1_url_1_key_1"}
    assert schema.prepare(store) == []


def test_captures_of_version_3_are_said_to_be_of_no_known_archive(store: Store) -> None:
    store.db.command({"collMod": "evidence", "validator": {}})
    store.db["evidence"].insert_one({"_id": "a", "shop_id": "s", "url": "u", "body_sha256": "b", "manifest_sha256": "m"})
    store.db["meta"].update_one({"_id": "schema"}, {"$set": {"version": 3}})
    assert "migration 4" in schema.prepare(store)
    assert store.db["evidence"].find_one({"_id": "a"})["archive"] == ""  # type: ignore[index]


def test_a_newer_database_is_refused(store: Store) -> None:
    store.db["meta"].update_one({"_id": "schema"}, {"$set": {"version": schema.VERSION + 1}})
    with pytest.raises(StoreError, match="升级 netpatrol"):
        schema.prepare(store)


def test_each_migration_leads_to_a_known_version() -> None:
    assert set(migrations.MIGRATIONS) <= set(range(2, schema.VERSION + 1))


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("leads", {"_id": "x"}),
        (
            "targets",
            {"shop_id": "", "kind": "site", "status": "due", "host": "", "url": "", "found_via": [], "attempts": 0},
        ),
        ("shops", {"shop": {}, "host": "h", "state": "checked", "determination": "perhaps"}),
    ],
    ids=["absent fields", "empty key", "unknown value"],
)
def test_the_server_refuses_what_does_not_fit(store: Store, name: str, document: dict[str, object]) -> None:
    with pytest.raises(WriteError, match="validation"):
        store.db[name].insert_one(document)
