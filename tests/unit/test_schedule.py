"""When targets are due again: bounded, ordered by cause, drawn by seed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.schedule import SPREAD, Policy, Standing, interval, is_good, next_due

NOW = datetime(2026, 11, 30, tzinfo=UTC)
DAY = date(2026, 11, 30)
standings = st.builds(Standing, tier=st.integers(-1, 9), open_leads=st.integers(0, 50), is_shop=st.booleans())
policies = st.builds(
    Policy,
    usual=st.timedeltas(timedelta(0), timedelta(days=400)),
    shortest=st.timedeltas(timedelta(0), timedelta(days=3)),
    longest=st.timedeltas(timedelta(days=3), timedelta(days=90)),
    random_share=st.floats(0, 1),
    seed=st.integers(0, 5),
)
ids = st.text(min_size=1, max_size=12)


@given(ids, standings, policies)
def test_due_times_lie_between_the_shortest_and_the_longest_interval(target_id, standing, policy):
    due = next_due(target_id, NOW, standing, policy, on=DAY)
    assert policy.shortest <= due - NOW <= policy.longest


@given(ids, standings, policies)
def test_the_same_seed_draws_the_same(target_id, standing, policy):
    assert next_due(target_id, NOW, standing, policy, on=DAY) == next_due(target_id, NOW, standing, policy, on=DAY)


@given(ids, standings, policies)
def test_whoever_gives_cause_is_not_seen_later_than_one_who_gives_none(target_id, standing, policy):
    cause = Standing(tier=standing.tier, open_leads=1, is_shop=standing.is_shop)
    clean = Standing(tier=standing.tier, is_shop=standing.is_shop)
    assert interval(cause, policy) <= interval(clean, policy)
    assert not is_good(cause)


@pytest.mark.parametrize(
    ("standing", "days"),
    [
        (Standing(tier=0), 1), (Standing(tier=1), 3), (Standing(tier=2), 7), (Standing(tier=3), 30), (Standing(tier=9), 30),
        (Standing(tier=3, open_leads=1), 3), (Standing(tier=0, open_leads=9), 1), (Standing(tier=2, is_shop=False), 28),
        (Standing(tier=3, is_shop=False), 30),
    ],
)  # fmt: skip
def test_intervals(standing, days):
    assert interval(standing, Policy()) == pytest.approx(timedelta(days=days), abs=timedelta(seconds=1))
    due = next_due("a", NOW, standing, Policy(random_share=0), on=DAY) - NOW
    assert due == pytest.approx(timedelta(days=days), abs=timedelta(days=days) * SPREAD + timedelta(seconds=1))


def early(number, policy, standing, on=DAY):
    """Return the targets among so many that are due well before their time."""
    due = {n: next_due(f"t{n}", NOW, standing, policy, on=on) - NOW for n in range(number)}
    return {n for n, length in due.items() if length < interval(standing, policy) * (1 - SPREAD)}


@pytest.mark.parametrize("share", [0.0, 0.05, 0.3])
def test_the_random_share_of_good_targets_is_due_early(share):
    found = early(4000, Policy(random_share=share), Standing(tier=3))
    assert len(found) / 4000 == pytest.approx(share * 0.9, abs=0.03)
    assert not early(500, Policy(random_share=share), Standing(tier=1))


def test_another_seed_or_day_draws_others():
    drawn = early(2000, Policy(), Standing())
    assert drawn != early(2000, Policy(seed=1), Standing())
    assert drawn != early(2000, Policy(), Standing(), on=date(2026, 12, 1))
