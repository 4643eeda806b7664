"""A run that saw implausibly little says so; one that had little to see does not."""

import pytest

from netpatrol.floors import Floors, complaints


def ledger(planned=100, checked=90, targets=20, done=18, **skipped):
    return {
        "pages": {"planned": planned, "checked": checked},
        "targets": {"planned": targets, "checked": done, "skipped_by_reason": skipped},
    }


FLOORS = Floors(pages=5, share=0.1, against_last=0.5)


@pytest.mark.parametrize(
    ("run", "earlier", "told"),
    [
        (ledger(), (), ""),
        (ledger(checked=4), (), "只核查了 4 页，低于下限 5 页"),
        (ledger(done=1), (), "20 个对象只核查了 1 个，低于下限 10%"),
        (ledger(targets=9, done=0), (), ""),
        (ledger(done=2, not_due=5, leased_or_parked=3), (), ""),
        (ledger(targets=20, done=0, not_due=15), (), ""),
        (ledger(checked=40), (ledger(),) * 3, "只核查了 40%，此前 3 次一般为 90%"),
        (ledger(checked=40), (ledger(),) * 2, ""),
        (ledger(checked=50), (ledger(),) * 3, ""),
        (ledger(planned=20, checked=5), (ledger(),) * 3, ""),
        (ledger(checked=40), (ledger(planned=30, checked=30),) * 5, ""),
        (ledger(checked=40), ({}, {}, {}), ""),
    ],
)
def test_what_is_implausible(run, earlier, told):
    found = complaints(run, FLOORS, earlier)
    assert len(found) == bool(told)
    assert told in "".join(found)


@pytest.mark.parametrize(("planned", "known", "told"), [(0, False, True), (0, True, False), (1, False, False)])
def test_a_run_without_any_target_says_what_to_do(planned, known, told):
    found = complaints(ledger(targets=planned, done=planned), Floors(), targets_known=known)
    assert ("没有任何巡查对象" in "".join(found)) is told


def test_floors_of_nothing_ask_for_nothing():
    assert complaints(ledger(checked=0, done=0), Floors(), (ledger(),) * 5) == ()


def test_pages_beyond_a_budget_say_nothing_of_a_run():
    run = ledger(planned=100_000)
    run["pages"]["skipped_by_reason"] = {"page_budget": 99_900}
    assert complaints(run, FLOORS, (ledger(),) * 3) == ()
