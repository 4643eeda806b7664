"""How the server answers: no hot query scans a collection, and what a claim costs does not grow with the targets.

The real functions run while the server's profiler looks on; each command that it saw is then explained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from netpatrol.items import Decision, RunRecord
from netpatrol.store import archives, clues, leads, pages, queries, runs, schema, shops, targets, workers
from netpatrol.store.database import Store
from netpatrol.store.records import ShopRecord

pytestmark = pytest.mark.mongo
EXPLAINED = {"find", "aggregate", "count", "distinct", "findAndModify", "update", "delete"}
DAY = timedelta(days=1)


@pytest.fixture
def full(store: Store, make: SimpleNamespace) -> Store:
    """A database in which it matters what is read: 600 targets, most of them of two platforms, pages, leads, decisions."""
    fronts = [make.target(f"mall{n % 2}.example/s/{n}", tier=0) for n in range(400)]
    targets.add_found(store, fronts + [make.target(f"shop{n}.example") for n in range(200)], make.now)
    for number in range(40):
        shop = make.shop if number == 0 else make.target(f"shop{number}.example").shop
        pages.save_pages(store, [make.page(n, shop) for n in range(5)])
        found = [make.lead(lead_id=f"{number:032x}", shop=shop, unit=f"u{number % 4}", subject=f"s{number % 9}")]
        leads.save_leads(store, shop.shop_id, found, make.now)
        leads.decide(store, Decision(lead_id=f"{number:032x}", verdict="claim", by=f"b{number % 5}", at=make.now))
        runs.save_run(store, RunRecord(run_id=f"r{number}", spider="sites", started_at=make.now))
    return store


@pytest.fixture
def watched(full: Store) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Return a function that says what the server was asked since the test began."""
    full.db.command("profile", 2)
    yield lambda: list(full.db["system.profile"].find({"ns": {"$not": {"$regex": "system.profile"}}}))
    full.db.command("profile", 0)
    full.db["system.profile"].drop()


def command_of(entry: dict[str, Any]) -> dict[str, Any] | None:
    """Return what can be explained of a profiled operation."""
    asked, collection = entry["command"], entry["ns"].partition(".")[2]
    if entry["op"] in ("update", "remove") and "q" in asked:
        if entry["op"] == "remove":
            return {"delete": collection, "deletes": [{"q": asked["q"], "limit": asked.get("limit", 0)}]}
        change = {name: asked[name] for name in ("q", "u", "multi", "upsert", "hint") if name in asked}
        return {"update": collection, "updates": [change]}
    name = next(iter(asked))
    if name not in EXPLAINED:
        return None
    left_out = ("lsid", "$clusterTime", "$db", "$readPreference", "txnNumber", "startTransaction", "autocommit", "writeConcern", "readConcern", "stmtId")
    return {key: value for key, value in asked.items() if key not in left_out and not key.startswith("$")}


def stages(plan: Any) -> Iterator[str]:
    """Yield the names of all stages of what the server explains; a scan inside $lookup too."""
    if isinstance(plan, dict):
        if isinstance(plan.get("stage"), str):
            yield plan["stage"]
        if plan.get("strategy") == "NestedLoopJoin" or int(plan.get("collectionScans", 0)) > 0:
            yield "COLLSCAN"
        for name, value in plan.items():
            if name not in ("command", "rejectedPlans", "serverParameters"):
                yield from stages(value)
    elif isinstance(plan, list):
        for value in plan:
            yield from stages(value)


def scans(store: Store, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the commands that scan a collection."""
    found, explained = [], 0
    for entry in asked:
        command = command_of(entry)
        if command is None or not entry["ns"].startswith(f"{store.db.name}."):
            continue
        if "aggregate" in command:
            command.setdefault("cursor", {})
        explained += 1
        if "COLLSCAN" in set(stages(store.db.command({"explain": command, "verbosity": "executionStats"}))):
            found.append(command)
    assert explained, "the profiler saw nothing"
    return found


def use_targets(store: Store, make: SimpleNamespace) -> None:
    for kinds in (("site",), ("storefront",), ("site", "storefront")):
        target = targets.claim(store, "w1", make.now, kinds=kinds, pace=1)
        assert target is not None
        targets.heartbeat(store, "w1", make.now)
        targets.release(store, target.target_id, "w1", "done", make.now)
    every = targets.claim(store, "w1", make.now, all_since=make.now, kinds=("site", "storefront"))
    assert every is not None
    targets.claim(store, "w2", make.now, target_ids=[make.target("shop7.example").target_id])
    targets.claim(store, "w3", make.now + DAY)  # finds leases that ran out
    targets.add_found(store, [make.target("shop1.example")], make.now)
    targets.target(store, "shop1.example")
    clues.give_keys(store, str)
    list(clues.clues_named(store, ["a", "b"], 20))
    list(targets.listed(store, {"status": "due"}, 10))
    list(targets.listed(store, {"host": "mall1.example"}, 10))
    targets.unpark(store, every.target_id, make.now)
    workers.free_lost_leases(store, make.now)


def use_pages(store: Store, make: SimpleNamespace) -> None:
    shop_id = make.shop.shop_id
    pages.save_pages(store, [make.page(1)])
    list(pages.pages_of(store, shop_id))
    pages.known_pages(store, shop_id)
    pages.sighted(store, [(shop_id, make.page(1).url, make.now + DAY)])
    token = pages.dirty_token(store, shop_id)
    pages.dirty_shops(store)
    pages.clear_dirty(store, shop_id, token)
    pages.mark_gone(store, shop_id)
    list(pages.evidence_refs(store, ["a", "b"]))
    list(archives.refs_of(store, ["x", ""]))
    list(archives.refs_beginning(store, "2026"))
    archives.captures_by_archive(store)
    shops.save_shop(store, ShopRecord(shop=make.shop, host="tea.example", seen_at=make.now))
    shops.shop(store, shop_id)
    shops.note_names(store, shop_id, ["a"])
    list(shops.shops_named(store, ["a"], but="x", states=("gone",), limit=5))


def use_leads(store: Store, make: SimpleNamespace) -> None:
    leads.save_leads(store, make.shop.shop_id, [make.lead(lead_id=f"{0:032x}")], make.now + DAY)
    leads.save_leads(store, make.shop.shop_id, [], make.now + DAY)
    leads.standing(store, make.shop.shop_id)
    leads.open_pages(store)
    list(leads.all_standing(store))
    leads.lead_document(store, f"{3:032x}")
    leads.history(store, f"{3:032x}")
    leads.decisions(store, f"{3:032x}")
    leads.decide(store, Decision(lead_id=f"{3:032x}", verdict="confirm", by="b1", at=make.now))
    runs.run(store, "r1")
    runs.runs(store)
    list(store.db["leads"].find({"status": "open", "unit": "u1"}).sort([("priority", -1), ("last_seen", -1), ("_id", 1)]).limit(5))


@pytest.mark.parametrize("use", [use_targets, use_pages, use_leads], ids=lambda use: use.__name__)
def test_no_hot_query_scans_a_collection(full: Store, make: SimpleNamespace, watched: Callable[[], Any], use: Callable[..., None]) -> None:
    use(full, make)
    assert scans(full, watched()) == []


@pytest.mark.parametrize("unit", ["", "u1"], ids=["all units", "one unit"])
@pytest.mark.parametrize("name", queries.QUERIES)
def test_no_query_of_handlers_scans_a_collection(full: Store, make: SimpleNamespace, name: str, unit: str) -> None:
    query = queries.QUERIES[name]
    asked = queries.pipeline(query, queries.Asked(now=make.now, by="b1", unit=unit))
    command = {"aggregate": query.collection, "pipeline": asked, "cursor": {}}
    assert "COLLSCAN" not in set(stages(full.db.command({"explain": command, "verbosity": "executionStats"})))


def test_a_scan_would_be_noticed(full: Store, watched: Callable[[], Any]) -> None:
    full.db["pages"].find_one({"title": "x"})
    full.db["leads"].update_one({"priority": 1}, {"$set": {"priority": 2}})
    joined = {"from": "pages", "localField": "host", "foreignField": "host", "as": "x"}
    list(full.db["leads"].aggregate([{"$match": {"status": "open"}}, {"$lookup": joined}]))
    assert [next(iter(command)) for command in scans(full, watched())] == ["find", "update", "aggregate"]


@pytest.mark.parametrize("kinds", [("site",), ("storefront",), ("site", "storefront")], ids="+".join)
def test_a_claim_reads_no_more_than_the_first_few(full: Store, make: SimpleNamespace, watched: Callable[[], Any], kinds: Any) -> None:
    for worker in ("w1", "w2", "w3"):
        targets.claim(full, worker, make.now, kinds=kinds)
    read = [(entry["ns"], entry.get("keysExamined", 0)) for entry in watched()]
    assert max(keys for _, keys in read) <= 40, read


@pytest.mark.parametrize("name", schema.INDEXES)
def test_unique_indexes_start_with_the_shard_key(name: str) -> None:
    for keys, options in schema.INDEXES[name]:
        if options.get("unique"):
            assert keys[0][0] == schema.SHARD_KEYS[name]


def test_every_collection_has_its_shard_key_said() -> None:
    assert schema.SHARD_KEYS.keys() == schema.FIELDS.keys()


def test_what_concerns_one_shop_carries_its_shard_key(full: Store, make: SimpleNamespace, watched: Callable[[], Any]) -> None:
    pages.save_pages(full, [make.page(1)])
    shops.save_shop(full, ShopRecord(shop=make.shop, host="tea.example", seen_at=make.now))
    leads.save_leads(full, make.shop.shop_id, [], make.now)
    targets.add_found(full, [make.target("tea.example")], make.now)
    written = [entry for entry in watched() if entry["op"] == "update"]
    assert {entry["ns"].partition(".")[2] for entry in written} >= {"pages", "shops", "leads", "targets"}
    for entry in written:
        assert schema.SHARD_KEYS[entry["ns"].partition(".")[2]] in entry["command"]["q"], entry["command"]["q"]
