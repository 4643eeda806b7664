"""A clock that was ahead once holds nobody up until its time has come."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from netpatrol.items import Decision
from netpatrol.store import clocks, host_leases, leads, targets, workers
from netpatrol.store.database import Store

pytestmark = pytest.mark.mongo
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def shop(store: Store, make: SimpleNamespace) -> Store:
    targets.add_found(store, [make.target("tea.example")], make.now - DAY)
    return store


def visit(store: Store, now: datetime, worker: str) -> None:
    target = targets.claim(store, worker, now, pace=7)
    assert target is not None
    targets.release(store, target.target_id, worker, "done", now, next_due=now + 7 * DAY)


@pytest.mark.parametrize("ahead", [8 * HOUR, 40 * DAY])
def test_what_was_visited_by_a_clock_that_was_ahead_can_be_visited_again(shop: Store, make: SimpleNamespace, ahead: timedelta) -> None:
    visit(shop, make.now + ahead, f"{workers.machine()}:999999999:r1")
    assert targets.claim(shop, "w2", make.now) is None
    assert clocks.free_the_future(shop, make.now) == 1
    workers.free_lost_leases(shop, make.now)
    target = targets.claim(shop, "w2", make.now, undone_since=make.now)
    assert target is not None
    assert target.not_before is None or target.not_before <= make.now + 7 * SECOND


def test_a_visit_that_was_killed_under_such_a_clock_is_free_too(shop: Store, make: SimpleNamespace) -> None:
    assert targets.claim(shop, "elsewhere:1:r1", make.now + 40 * DAY) is not None
    clocks.free_the_future(shop, make.now)
    assert targets.claim(shop, "w2", make.now + SECOND) is not None


def test_what_is_as_it_should_be_stays(shop: Store, make: SimpleNamespace) -> None:
    """A visit of another machine whose clock is a little ahead, and a rest of hours that the host asked for."""
    target = targets.claim(shop, "w1", make.now, pace=7)
    assert target is not None
    host_leases.note_rest(shop, "tea.example", "w1", make.now, 8 * 3600)
    targets.release(shop, target.target_id, "w1", "done", make.now + 60 * SECOND, next_due=make.now + 7 * DAY)
    before = shop.db["targets"].find_one(), shop.db["host_leases"].find_one()
    assert clocks.free_the_future(shop, make.now) == 0
    assert (shop.db["targets"].find_one(), shop.db["host_leases"].find_one()) == before


def test_a_decision_is_the_latest_whatever_the_clock_says(store: Store, make: SimpleNamespace) -> None:
    first = Decision(lead_id="a" * 32, verdict="claim", by="王芳", at=make.now)
    leads.decide(store, first)
    assert leads.decide(store, Decision(lead_id="a" * 32, verdict="confirm", by="王芳", at=make.now - 2 * DAY))
    assert [one.verdict for one in leads.decisions(store, "a" * 32)] == ["claim", "confirm"]
    assert not leads.decide(store, first)
