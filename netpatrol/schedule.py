"""When a target is due again: by tier and by what its last visits found. Pure; the same seed draws the same shares.

What gives cause is seen often, what never does seldom, but never never: good tiers have a longest interval, and a random
share of them is due early, so that nobody can tell when the next look comes (双随机).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

SHARES = {0: 1 / 7, 1: 3 / 7, 2: 1.0, 3: 30 / 7}
"""Interval of each tier (0 complaints … 3 good), in parts of the usual one."""
GOOD = 2
"""Tiers from here on are good, as long as no lead is open."""
WITH_OPEN_LEADS = 3 / 7
NO_SHOP = 4.0
SPREAD = 0.1
"""Intervals are spread by so much of themselves, so that what was found on one day is not due in one hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How often targets are visited. `usual`: the interval of an ordinary target; `shortest` and `longest` bound all
    intervals; `random_share`: the part of good targets that is due early; `seed`: of the draw.
    """

    usual: timedelta = timedelta(days=7)
    shortest: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(days=60)
    random_share: float = 0.05
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a target when it was visited: its tier, its open leads, and whether there is a shop at all."""

    tier: int = 2
    open_leads: int = 0
    is_shop: bool = True


def next_due(target_id: str, now: datetime, standing: Standing, policy: Policy, *, on: date) -> datetime:
    """Return when a target that was visited is due again; `on` is the day of the visit, by which the share is drawn."""
    whole = _bounded(interval(standing, policy), policy)
    if is_good(standing) and _draw(policy.seed, target_id, on, "early") < policy.random_share:
        early = policy.shortest + (whole - policy.shortest) * _draw(policy.seed, target_id, on, "when")
        return now + early
    return now + _bounded(whole * (1 + SPREAD * (2 * _draw(policy.seed, target_id, on, "spread") - 1)), policy)


def is_good(standing: Standing) -> bool:
    """Whether a target gives no cause: then it may be drawn."""
    return standing.tier >= GOOD and not standing.open_leads and standing.is_shop


def interval(standing: Standing, policy: Policy) -> timedelta:
    """Return the interval of a target before it is bounded and spread."""
    share = SHARES.get(min(max(standing.tier, 0), 3), 1.0)
    if standing.open_leads:
        share = min(share, WITH_OPEN_LEADS)
    elif not standing.is_shop:
        share = max(share, NO_SHOP)
    return policy.usual * share


def _bounded(length: timedelta, policy: Policy) -> timedelta:
    return min(max(length, policy.shortest), max(policy.longest, policy.shortest))


def _draw(seed: int, target_id: str, on: date, what: str) -> float:
    """Return a number in [0, 1) that only these four decide."""
    drawn = hashlib.blake2b(f"{seed}|{target_id}|{on:%Y-%m-%d}|{what}".encode(), digest_size=7).digest()
    return int.from_bytes(drawn, "big") / (1 << 56)
