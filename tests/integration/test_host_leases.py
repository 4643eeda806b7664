"""One worker to a host, and the pause that it leaves to the next: what keeps a host's rate across workers."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from netpatrol.store import host_leases, targets, workers
from netpatrol.store.database import Store

pytestmark = pytest.mark.mongo
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
BOTH = ("site", "storefront")
CLAIMER = """
import sys
from datetime import datetime
from pathlib import Path
from netpatrol.store import mongo, targets
home, database, worker, now = sys.argv[1:]
with mongo.connect(Path(home), "", database=database) as store:
    while (target := targets.claim(store, worker, datetime.fromisoformat(now), kinds=("site", "storefront"))) is not None:
        print(target.shop_id, flush=True)
"""


def claim(store: Store, worker: str, now: object, **more: object):
    return targets.claim(store, worker, now, kinds=BOTH, **more)  # type: ignore[arg-type]


@pytest.fixture
def mall(store: Store, make: SimpleNamespace) -> Store:
    targets.add_found(store, [make.target(f"mall.example/s/{n}") for n in range(4)], make.now)
    return store


def test_of_two_processes_one_gets_the_host(mall: Store, make: SimpleNamespace, mongo_home: Path) -> None:
    targets.add_found(mall, [make.target(f"shop{n}.example") for n in range(12)], make.now)
    command = [sys.executable, "-c", CLAIMER, str(mongo_home), mall.db.name]
    processes = [
        subprocess.Popen([*command, worker, make.now.isoformat()], stdout=subprocess.PIPE, text=True) for worker in ("w1", "w2")
    ]
    claimed = [process.communicate()[0].split() for process in processes]
    assert sorted(claimed[0] + claimed[1]) == sorted({*claimed[0], *claimed[1]})
    assert len(claimed[0] + claimed[1]) == 16
    assert sorted(sum(shop.startswith("mall.example") for shop in shops) for shops in claimed) == [0, 4]


def test_aliases_of_a_host_are_one_host(store: Store, make: SimpleNamespace) -> None:
    fronts = [make.target("mall.example/s/1", host="www.mall.example"), make.target("mall.example/s/2", host="m.mall.example")]
    targets.add_found(store, fronts, make.now)
    assert claim(store, "w1", make.now) is not None
    assert claim(store, "w2", make.now) is None


def test_the_next_worker_is_told_to_wait_out_the_pause(mall: Store, make: SimpleNamespace) -> None:
    first = claim(mall, "w1", make.now, pace=5)
    assert first is not None
    assert first.not_before is None
    targets.release(mall, first.target_id, "w1", "done", make.now + 60 * SECOND)
    second = claim(mall, "w2", make.now + 61 * SECOND)
    assert second is not None
    assert second.not_before == make.now + 65 * SECOND
    targets.release(mall, second.target_id, "w2", "done", make.now + 90 * SECOND)  # its own pace is unknown: 5 is kept
    rested = claim(mall, "w3", make.now + 95 * SECOND)
    assert rested is not None
    assert rested.not_before is None


def test_a_worker_that_takes_its_own_host_again_need_not_wait(mall: Store, make: SimpleNamespace) -> None:
    first = claim(mall, "w1", make.now, pace=5)
    assert first is not None
    targets.release(mall, first.target_id, "w1", "done", make.now)
    again = claim(mall, "w1", make.now)
    assert again is not None
    assert again.not_before is None


def test_what_has_rested_goes_before_what_rests(mall: Store, make: SimpleNamespace) -> None:
    first = claim(mall, "w1", make.now, pace=30)
    assert first is not None
    targets.release(mall, first.target_id, "w1", "done", make.now)
    targets.add_found(mall, [make.target("tea.example", tier=3)], make.now)
    claimed = [claim(mall, "w2", make.now + SECOND) for _ in range(2)]
    assert [target is not None and target.host for target in claimed] == ["tea.example", "mall.example"]


def test_a_longer_pause_that_the_host_asks_for_is_handed_on(mall: Store, make: SimpleNamespace) -> None:
    first = claim(mall, "w1", make.now, pace=1)
    assert first is not None
    assert host_leases.note_pace(mall, "mall.example", "w1", 20)
    assert not host_leases.note_pace(mall, "mall.example", "w2", 90)
    targets.release(mall, first.target_id, "w1", "done", make.now)
    second = claim(mall, "w2", make.now)
    assert second is not None
    assert second.not_before == make.now + 20 * SECOND


def test_a_rest_that_the_host_asked_for_is_handed_on(mall: Store, make: SimpleNamespace) -> None:
    first = claim(mall, "w1", make.now, pace=1)
    assert first is not None
    assert host_leases.note_rest(mall, "mall.example", "w1", make.now, 3600)
    assert host_leases.note_rest(mall, "mall.example", "w1", make.now, 60)  # the longer one counts
    assert not host_leases.note_rest(mall, "mall.example", "w2", make.now, 9000)
    targets.release(mall, first.target_id, "w1", "done", make.now)
    second = claim(mall, "w2", make.now)
    assert second is not None
    assert second.not_before == make.now + 3600 * SECOND
    targets.release(mall, second.target_id, "w2", "done", make.now + 2 * HOUR)
    third = claim(mall, "w3", make.now + 3 * HOUR)
    assert third is not None
    assert third.not_before is None


def test_a_rest_outlives_a_lease_that_ran_out_and_no_rest_is_longer_than_a_day(mall: Store, make: SimpleNamespace) -> None:
    assert claim(mall, "dead", make.now) is not None
    assert host_leases.note_rest(mall, "mall.example", "dead", make.now, 10.0**300)
    target = claim(mall, "w2", make.now + HOUR)
    assert target is not None
    assert target.not_before == make.now + 24 * HOUR


def test_hosts_of_the_dead_rest_too(mall: Store, make: SimpleNamespace) -> None:
    dead = f"{workers.machine()}:999999999:r1"
    assert claim(mall, dead, make.now, pace=7) is not None
    assert claim(mall, "w2", make.now + SECOND) is None
    assert workers.free_lost_leases(mall, make.now + 2 * SECOND) == 1
    target = claim(mall, "w2", make.now + 3 * SECOND)
    assert target is not None
    assert target.not_before == make.now + 9 * SECOND


def test_a_host_is_free_when_its_lease_ran_out(mall: Store, make: SimpleNamespace) -> None:
    assert claim(mall, "dead", make.now, pace=7) is not None
    target = claim(mall, "w2", make.now + HOUR)
    assert target is not None
    assert target.not_before is None


def test_a_host_whose_targets_others_have_done_is_not_held_on_to(
    mall: Store, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, seen = targets.due.most_urgent, []

    def just_done(*args: object) -> list[dict[str, object]]:
        seen.append(read(*args))  # type: ignore[arg-type]
        return seen[0] if len(seen) == 1 else []

    with monkeypatch.context() as patch:
        patch.setattr(targets.due, "most_urgent", just_done)
        patch.setattr(targets, "_lease", lambda *_: None)
        assert claim(mall, "w1", make.now) is None
    assert len(seen) == 2
    assert claim(mall, "w2", make.now) is not None


def test_a_lock_that_went_with_the_old_primary_gives_the_target_back(
    mall: Store, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([False, False, True])
    monkeypatch.setattr(host_leases, "holds", lambda *_: next(answers))
    claimed = claim(mall, "w1", make.now)
    assert claimed is not None
    assert claimed.attempts == 1
    assert mall.db["targets"].count_documents({"status": "leased"}) == 1


def test_many_workers_at_once_never_share_a_host(store: Store, make: SimpleNamespace) -> None:
    targets.add_found(store, [make.target(f"mall{n % 3}.example/s/{n}") for n in range(30)], make.now)

    def work(number: int) -> list[str]:
        hosts = []
        while (target := claim(store, f"w{number}", make.now)) is not None:
            hosts.append(target.host)
        return hosts

    with ThreadPoolExecutor(6) as pool:
        by_worker = list(pool.map(work, range(6)))
    assert sum(map(len, by_worker)) == 30
    assert sum(len(set(hosts)) for hosts in by_worker) == 3


def test_what_kills_its_workers_on_this_machine_is_parked_in_the_end(store: Store, make: SimpleNamespace) -> None:
    targets.add_found(store, [make.target("tea.example")], make.now)
    for number in range(workers.DEATHS):
        assert claim(store, f"{workers.machine()}:999999999:r{number}", make.now) is not None
        workers.free_lost_leases(store, make.now)
    parked = targets.target(store, "tea.example")
    assert parked is not None
    assert (parked.status, parked.parked_reason) == ("parked", f"巡查进程 {workers.DEATHS} 次在查它时中断")


def test_hosts_that_nobody_holds_are_forgotten(mall: Store, make: SimpleNamespace) -> None:
    target = claim(mall, "w1", make.now)
    assert target is not None
    targets.release(mall, target.target_id, "w1", "done", make.now)
    assert host_leases.forget_old(mall, make.now + HOUR) == 0
    assert host_leases.forget_old(mall, make.now + 25 * HOUR) == 1
