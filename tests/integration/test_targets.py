"""Targets: one host to one worker, leases that run out, parking, and what is found twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from netpatrol.store import sources, targets
from netpatrol.store.database import Store
from netpatrol.store.records import Target, Via
from netpatrol.text.addresses import Gate

pytestmark = pytest.mark.mongo
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOTH = ("site", "storefront")


@pytest.fixture
def five(store: Store, make: SimpleNamespace) -> Store:
    targets.add_found(store, [make.target(f"shop{number}.example") for number in range(5)], make.now)
    return store


def _claim_all(store: Store, worker: str, now: object) -> list[str]:
    claimed = []
    while (target := targets.claim(store, worker, now, kinds=BOTH)) is not None:  # type: ignore[arg-type]
        claimed.append(target.shop_id)
    return claimed


def test_each_target_goes_to_one_worker(five: Store, make: SimpleNamespace) -> None:
    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(lambda n: _claim_all(five, f"w{n}", make.now), range(4)))
    assert sorted(shop for shops in claimed for shop in shops) == [f"shop{number}.example" for number in range(5)]


def test_storefronts_of_one_host_go_to_one_worker(store: Store, make: SimpleNamespace) -> None:
    targets.add_found(
        store, [make.target(f"mall.example/s/{n}") for n in range(3)] + [make.target("tea.example")], make.now
    )
    first = targets.claim(store, "w1", make.now, kinds=BOTH)
    assert first is not None
    assert first.host == "mall.example"
    assert _claim_all(store, "w2", make.now) == ["tea.example"]
    assert (
        _claim_all(store, "w1", make.now) == ["mall.example/s/1", "mall.example/s/2"]
        or first.shop_id != "mall.example/s/0"
    )
    held = [one["_id"] for one in store.db["targets"].find({"host": "mall.example"})]
    for target_id in held[:2]:
        targets.release(store, target_id, "w1", "back", make.now)
    assert targets.claim(store, "w2", make.now, kinds=BOTH) is None
    targets.release(store, held[2], "w1", "back", make.now)
    assert len(_claim_all(store, "w2", make.now)) == 3


def test_a_dead_workers_targets_come_back(five: Store, make: SimpleNamespace) -> None:
    assert len(_claim_all(five, "dead", make.now)) == 5
    assert _claim_all(five, "w2", make.now + 14 * MINUTE) == []
    assert len(_claim_all(five, "w2", make.now + 16 * MINUTE)) == 5


def test_a_heartbeat_keeps_leases(five: Store, make: SimpleNamespace) -> None:
    _claim_all(five, "w1", make.now)
    assert targets.heartbeat(five, "w1", make.now + 10 * MINUTE) == {make.target(f"shop{n}.example").target_id for n in range(5)}
    assert _claim_all(five, "w2", make.now + 20 * MINUTE) == []
    assert targets.heartbeat(five, "w1", make.now + HOUR) == set()
    assert len(_claim_all(five, "w2", make.now + HOUR)) == 5


def test_a_worker_that_was_too_slow_cannot_give_back_what_another_holds(five: Store, make: SimpleNamespace) -> None:
    slow = targets.claim(five, "slow", make.now)
    assert slow is not None
    _claim_all(five, "w2", make.now + HOUR)
    assert targets.heartbeat(five, "slow", make.now + HOUR) == set()
    assert (targets.holds(five, slow.target_id, "slow"), targets.holds(five, slow.target_id, "w2")) == (False, True)
    assert not targets.release(five, slow.target_id, "slow", "done", make.now + HOUR)
    assert targets.release(five, slow.target_id, "w2", "done", make.now + HOUR)


@pytest.mark.parametrize(("tier", "days"), [(0, 1), (1, 3), (2, 7), (3, 30)])
def test_what_is_done_is_due_again_by_its_tier(store: Store, make: SimpleNamespace, tier: int, days: int) -> None:
    targets.add_found(store, [make.target("tea.example", tier=tier)], make.now)
    target = targets.claim(store, "w", make.now)
    assert target is not None
    targets.release(store, target.target_id, "w", "done", make.now)
    assert targets.claim(store, "w", make.now + days * DAY - MINUTE) is None
    assert targets.claim(store, "w", make.now + days * DAY) is not None


def test_what_fails_is_tried_later_and_then_parked(store: Store, make: SimpleNamespace) -> None:
    targets.add_found(store, [make.target("tea.example")], make.now)
    now = make.now
    for wait in (6, 12, 0):
        target = targets.claim(store, "w", now)
        assert target is not None
        targets.release(store, target.target_id, "w", "failed", now, reason="超时")
        assert targets.claim(store, "w", now) is None
        now += wait * HOUR
    parked = targets.target(store, "tea.example")
    assert parked is not None
    assert (parked.status, parked.last_result, parked.parked_reason) == ("parked", "failed: 超时", "超时")
    assert targets.claim(store, "w", now + 365 * DAY) is None
    assert targets.unpark(store, parked.target_id, now)
    assert targets.claim(store, "w", now) is not None


def test_what_kills_its_workers_is_parked(store: Store, make: SimpleNamespace) -> None:
    targets.add_found(store, [make.target("tea.example")], make.now)
    claims = [targets.claim(store, f"w{n}", make.now + n * HOUR) for n in range(4)]
    assert [claim is not None for claim in claims] == [True, True, True, False]
    parked = targets.target(store, "tea.example")
    assert parked is not None
    assert parked.parked_reason == "租约到期 3 次仍未完成"


def test_a_worker_that_is_told_to_stop_gives_back_what_it_holds(five: Store, make: SimpleNamespace) -> None:
    mine = [targets.claim(five, "w1", make.now, pace=60.0) for _ in range(2)]
    theirs = targets.claim(five, "w2", make.now)
    assert targets.give_back(five, "w1", make.now) == 2
    assert targets.give_back(five, "w1", make.now) == 0
    for target in mine:
        assert target is not None
        back = five.db["targets"].find_one({"_id": target.target_id})
        assert (back["status"], back["attempts"], back["lease_owner"]) == ("due", 0, "")
    assert theirs is not None
    assert five.db["targets"].find_one({"_id": theirs.target_id})["status"] == "leased"
    again = [targets.claim(five, "w2", make.now) for _ in range(4)]
    assert sum(target is not None and target.not_before is not None for target in again) == 2  # their hosts rest for w1's pace


def test_everything_can_be_claimed_anew_once(five: Store, make: SimpleNamespace) -> None:
    for _ in range(5):
        target = targets.claim(five, "w", make.now)
        assert target is not None
        targets.release(five, target.target_id, "w", "done", make.now)
    start = make.now + HOUR
    anew = []
    while (target := targets.claim(five, "w", start, all_since=start)) is not None:
        anew.append(target.shop_id)
        targets.release(five, target.target_id, "w", "failed", start)
    assert sorted(anew) == [f"shop{number}.example" for number in range(5)]


def test_a_claim_can_be_kept_to_some_targets(five: Store, make: SimpleNamespace) -> None:
    wanted = make.target("shop3.example").target_id
    target = targets.claim(five, "w", make.now, target_ids=[wanted])
    assert target is not None
    assert target.shop_id == "shop3.example"
    assert targets.claim(five, "w", make.now, target_ids=[wanted]) is None


def test_the_urgent_come_first(store: Store, make: SimpleNamespace) -> None:
    targets.add_found(store, [make.target("b.example", tier=3), make.target("a.example", tier=0)], make.now)
    assert _claim_all(store, "w", make.now) == ["a.example", "b.example"]


def test_what_is_found_again_only_gains_channels_and_clues(store: Store, make: SimpleNamespace) -> None:
    first = make.target("tea.example", clues={"operator": "甲"})
    assert targets.add_found(store, [first], make.now) == (1, 0)
    leased = targets.claim(store, "w", make.now)
    via = Via(channel="link", source="http://honey.example/", at=make.now + DAY)
    again = make.target(
        "tea.example", url="http://other/", found_via=(via,), clues={"operator": "乙", "icp": "$x"}, name="$name"
    )
    for _ in range(2):
        assert targets.add_found(store, [again], make.now + DAY) == (0, 1)
    known = targets.target(store, "tea.example")
    assert known is not None
    assert leased is not None
    assert (known.url, known.status, known.lease_until) == (first.url, "leased", leased.lease_until)
    assert known.clues == {"operator": "甲", "icp": "$x"}
    assert known.name == "$name"
    assert [via.channel for via in known.found_via] == ["seed", "link"]


def test_other_addresses_of_lists_are_kept_as_start_pages(store: Store, make: SimpleNamespace) -> None:
    def named(path: str, channel: str = "telecom") -> Target:
        return replace(make.target("tea.example"), url=f"http://tea.example{path}", found_via=(Via(channel=channel, source=path, at=make.now),))

    targets.add_found(store, [named("/promo/1"), named("/"), named("/promo/1"), named("/promo/2", "link")], make.now)
    targets.add_found(store, [replace(named("/"), also=("http://tea.example/promo/3",))], make.now)
    found = targets.target(store, "tea.example")
    assert found is not None
    assert sorted((found.url, *found.also)) == [f"http://tea.example{path}" for path in ("/", "/promo/1", "/promo/3")]
    many = [named(f"/{number}") for number in range(99)]
    assert targets.over_full(many[:21] * 2) == {}
    assert targets.over_full([*many, named("/x", "link")]) == {"tea.example": 99}
    targets.add_found(store, many, make.now)
    assert len(targets.target(store, "tea.example").also) == targets.ALSO_KEPT  # type: ignore[union-attr]


def test_channels_do_not_let_a_document_grow(store: Store, make: SimpleNamespace) -> None:
    for number in range(3):
        vias = tuple(Via(channel="link", source=f"http://{number}-{n}.example/", at=make.now) for n in range(40))
        targets.add_found(store, [make.target("tea.example", found_via=vias)], make.now)
    known = targets.target(store, "tea.example")
    assert known is not None
    assert len(known.found_via) == targets.VIAS_KEPT


def test_clues_are_kept_and_never_claimed(store: Store, make: SimpleNamespace) -> None:
    text = "寄件店铺名,联系电话\n清和小店,13800000000\n"
    found = list(sources.read_text(text, "x.csv", sources.Reader(now=make.now, key_of=str, lets=Gate().lets)))
    targets.add_found(store, found, make.now)  # type: ignore[arg-type]
    assert _claim_all(store, "w", make.now) == []
    assert [clue.clues["shop_name"] for clue in targets.listed(store, {"kind": "clue"})] == ["清和小店"]


def test_hosts_at_hand_and_what_this_run_has_done_are_not_claimed(five: Store, make: SimpleNamespace) -> None:
    first = targets.claim(five, "w", make.now, kinds=BOTH, busy=["shop0.example"])
    assert first is not None
    assert first.host != "shop0.example"
    targets.release(five, first.target_id, "w", "done", make.now, next_due=make.now)
    rest = set(_claim_undone(five, make.now))
    assert rest == {f"shop{number}.example" for number in range(5)} - {first.shop_id}


def _claim_undone(store: Store, now: object) -> list[str]:
    claimed = []
    while (target := targets.claim(store, "w", now, kinds=BOTH, undone_since=now)) is not None:  # type: ignore[arg-type]
        claimed.append(target.shop_id)
    return claimed
