"""Three servers, of which the primary is killed: nothing acknowledged is lost, nothing is done twice, work goes on."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import pytest
from support.replica import ReplicaSet

from netpatrol.errors import StoreError
from netpatrol.items import ShopRef
from netpatrol.store import leads, mongo, pages, targets
from netpatrol.store.spool import Spool

pytestmark = [pytest.mark.full, pytest.mark.mongo, pytest.mark.timeout(280)]
HOUR = timedelta(hours=1)
Result = TypeVar("Result")


class Killer:
    """Kills the primary once, when so many things were done."""

    def __init__(self, servers: ReplicaSet, after: int) -> None:
        self.servers, self.left, self.killed = servers, after, 0
        self.lock = threading.Lock()

    def count(self) -> None:
        with self.lock:
            self.left -= 1
            if self.left == 0:
                self.killed = self.servers.kill_primary()


def again(function: Callable[..., Result], *args: object, **named: object) -> Result:
    """Call until the database takes it, as the next run would; it gives up only when the test does."""
    while True:
        try:
            return function(*args, **named)
        except StoreError:
            continue


def test_no_acknowledged_page_is_lost_or_doubled(three: ReplicaSet, make: SimpleNamespace, tmp_path: Path) -> None:
    killer, spool, number = Killer(three, 60), Spool(tmp_path / "spool"), 50
    with mongo.connect(uri=three.uri) as store:

        def write(shop_number: int) -> None:
            shop = ShopRef(shop_id=f"shop{shop_number}.example", url=f"http://shop{shop_number}.example/")
            for at in range(number):
                page = make.page(at, shop)
                try:
                    pages.save_pages(store, [page])
                except StoreError:
                    spool.put("pages", [page])
                killer.count()

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(write, range(3)))
        assert killer.killed
        three.primary()
        spool.replay(store, make.now)
        assert spool.pending() == ()
        stored = Counter((page["shop_id"], page["url"]) for page in store.db["pages"].find({}, {"shop_id": 1, "url": 1}))
        assert len(stored) == 3 * number
        assert set(stored.values()) == {1}
        assert {shop_id for shop_id, _ in pages.dirty_shops(store)} == {f"shop{n}.example" for n in range(3)}


def test_what_could_not_be_written_waits_on_disk_and_is_replayed(
    three: ReplicaSet, make: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mongo, "ELECTION_MS", 500)  # shorter than an election: pages must be spooled
    spool = Spool(tmp_path / "spool")
    with mongo.connect(uri=three.uri) as store:
        killed = three.kill_primary()
        with pytest.raises(StoreError):
            pages.save_pages(store, [make.page(1)])
        spool.put("pages", [make.page(1)])
        three.start_one(killed)
        three.primary()
        assert again(spool.replay, store, make.now).records == 1
        assert [page.url for page in again(lambda: list(pages.pages_of(store, make.shop.shop_id)))] == [make.page(1).url]


def test_leads_survive_whole(three: ReplicaSet, make: SimpleNamespace) -> None:
    killer = Killer(three, 30)
    with mongo.connect(uri=three.uri) as store:

        def save(number: int) -> None:
            shop = make.target(f"shop{number % 20}.example").shop
            found = [make.lead(lead_id=f"{number % 20:02d}-{at}", shop=shop, family=f"f{at}") for at in range(3)]
            again(leads.save_leads, store, shop.shop_id, found, make.now)
            killer.count()

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(save, range(60)))
        assert killer.killed
        assert store.db["leads"].count_documents({"status": "open"}) == 60
        events = Counter(event["lead_id"] for event in store.db["lead_events"].find())
        assert len(events) == 60
        assert set(events.values()) == {1}, "a lead was made twice"


def test_claims_go_on_after_the_election_and_no_target_has_two_workers(three: ReplicaSet, make: SimpleNamespace) -> None:
    killer = Killer(three, 40)
    held: dict[str, str] = {}
    lock = threading.Lock()
    with mongo.connect(uri=three.uri) as store:
        targets.add_found(store, [make.target(f"mall{n % 4}.example/s/{n}") for n in range(40)], make.now)
        targets.add_found(store, [make.target(f"shop{n}.example") for n in range(60)], make.now)
        finished: Counter[str] = Counter()

        def work(number: int) -> None:
            worker = f"w{number}"
            while (target := again(targets.claim, store, worker, make.now, kinds=("site", "storefront"))) is not None:
                with lock:
                    other = held.get(target.host)
                    assert other in (None, worker), f"{target.host} has two workers"
                    held[target.host] = worker
                killer.count()
                with lock:
                    held.pop(target.host, None)
                if again(targets.release, store, target.target_id, worker, "done", make.now):
                    finished[target.shop_id] += 1

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(work, range(3)))
        assert killer.killed
        # A claim whose answer was lost with the primary is a lease that nobody knows of: it runs out.
        later = make.now + HOUR
        while (target := again(targets.claim, store, "late", later, kinds=("site", "storefront"))) is not None:
            assert again(targets.release, store, target.target_id, "late", "done", later)
        done = store.db["targets"].count_documents({"last_result": "done"})
        assert done == 100
        assert set(finished.values()) == {1}
