"""Which earlier runs a run may rely on: those of its round, never the same spider's own earlier one."""

from datetime import UTC, datetime, timedelta

import pytest

from netpatrol.items import RunRecord
from netpatrol.spiders._rounds import LONGEST, Round, round_of

START = datetime(2026, 11, 30, tzinfo=UTC)


def at(minutes):
    return START + timedelta(minutes=minutes)


def arguments(spider):
    """Return the arguments of a run that is written as `sites seeds.txt all`: its seeds, and whether it was `due=all`."""
    words = spider.split()[1:]
    return {"seeds": next((word for word in words if word != "all"), ""), "due": "all" if "all" in words else ""}


def history(*spiders, ended=True):
    """Return runs, newest first, of spiders that ran one after the other, ten minutes each."""
    runs = [
        RunRecord(run_id=str(n), spider=spider.split()[0], args=arguments(spider), started_at=at(n * 10), ended_at=at(n * 10 + 9) if ended else None)
        for n, spider in enumerate(spiders)
    ]
    return runs[::-1]


@pytest.mark.parametrize(
    ("before", "spider", "looked", "patrolled"),
    [
        ([], "sites", None, None),
        (["discover"], "sites", 0, None),
        (["recheck", "discover"], "sites", 0, None),
        (["discover", "sites"], "storefronts", 0, 1),
        (["sites"], "sites", None, None),
        (["discover", "sites", "storefronts"], "sites", None, None),
        (["discover", "sites", "storefronts", "discover"], "sites", 3, None),
        (["discover", "sites", "storefronts", "discover", "sites"], "storefronts", 3, 4),
        (["sites", "storefronts"], "storefronts", None, None),
        (["discover", "sites", "storefronts"], "recheck", None, None),
        (["discover", "sites seeds.txt"], "sites", 0, 1),
        (["discover", "sites seeds.txt", "sites"], "sites seeds.txt", None, None),
        (["sites"], "sites seeds.txt", None, None),
        (["sites seeds.txt"], "sites seeds.txt", None, None),
        (["sites seeds.txt"], "sites all", None, None),
        (["discover", "sites seeds.txt"], "sites all", None, None),
        (["discover"], "sites all", 0, None),
        (["sites seeds.txt all"], "sites all", 0, 0),
        (["sites seeds.txt all", "sites all"], "storefronts all", 0, 0),
        (["sites"], "storefronts all", None, None),
        (["sites all"], "storefronts", 0, 0),
        (["rescan"], "sites", None, None),
        (["discover"], "rescan", None, None),
    ],
)
def test_the_round_of_a_run(before, spider, looked, patrolled):
    told = arguments(spider)
    found = round_of(spider.split()[0], told["seeds"], at(200), history(*before), every=told["due"] == "all")
    moments = (None if looked is None else at(looked * 10), None if patrolled is None else at(patrolled * 10))
    assert (found.looked_since, found.patrolled_since) == moments


def test_a_run_that_never_ended_is_part_of_no_round():
    assert round_of("sites", "", at(200), history("discover", ended=False)) == Round()


def test_what_is_long_ago_is_another_round():
    assert round_of("sites", "", START + LONGEST + timedelta(minutes=1), history("discover")) == Round()


def test_a_run_that_a_clock_ahead_has_dated_later_is_part_of_no_round():
    ahead = RunRecord(run_id="ahead", spider="recheck", started_at=at(8 * 60), ended_at=at(8 * 60 + 5))
    assert round_of("sites", "", at(30), [ahead]) == Round()
    assert round_of("sites", "", at(30), [ahead, *history("discover")]) == Round(looked_since=at(0))
