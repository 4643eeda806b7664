"""Which targets a run works on: asked for, found on the way, or due; one site of each host at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from netpatrol.ledger import End
from netpatrol.store import targets as store_targets
from netpatrol.store.records import Target
from netpatrol.store.runs import note_alive
from netpatrol.store.workers import free_lost_leases
from netpatrol.text.urls import bare_host

if TYPE_CHECKING:
    from netpatrol.patrol import Patrol

@dataclass(slots=True)
class Claims:
    """Claims targets by lease and remembers which were begun.

    `wanted` are the ids that this run is about; None: whatever is due. `asked` among them were named by the operator and
    are done in any case; the others were found on the way and are done where they are due. `undone_since` overrides being
    due: whatever was not done since then.
    """

    patrol: Patrol
    kinds: tuple[str, ...]
    undone_since: datetime | None = None
    every: bool = False
    wanted: set[str] | None = None
    asked: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    new: dict[str, Target] = field(default_factory=dict)
    kept_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def ask_for(self, target_ids: Collection[str]) -> None:
        """Limit the run to these targets, and to what they lead to."""
        self.wanted = (self.wanted or set()) | set(target_ids)
        self.asked |= set(target_ids)

    def find(self, target: Target) -> bool:
        """Note a target that was come across; return whether it is new to this run. Another address of a list is one more start page."""
        known = self.new.get(target.target_id)
        if known is not None and store_targets.is_listed(target) and target.url not in (known.url, *known.also):
            self._also(known, target.url)
        if known is not None or target.target_id in self.begun:
            return False
        self.new[target.target_id] = target
        return True

    def _also(self, known: Target, url: str) -> None:
        if len(known.also) < store_targets.ALSO_KEPT:
            self.new[known.target_id] = replace(known, also=(*known.also, url))
        else:
            most = store_targets.START_PAGES
            self.patrol.trouble(f"{known.host}：清单所列网址超过 {most} 个，多出的不作起始页，只看站内链接通到的", exit_code=1)

    async def store_new(self) -> None:
        """Store the targets that were come across since the last time."""
        found, self.new = self.new, {}
        if not found:
            return
        if self.wanted is not None:
            self.wanted |= set(found)
        await self.patrol.ask_store(store_targets.add_found, list(found.values()), datetime.now(UTC))

    async def next(self, busy: Collection[str]) -> Target | None:
        """Return the next target whose host is not busy; None where nothing is left to claim for now."""
        target = await self._claim(busy)
        if target is not None:
            await self._wait_out(target)
        return target

    async def _wait_out(self, target: Target) -> None:
        """Wait until a host that another worker asked just now may be asked again; nothing else was left to claim.

        A longer rest is one that the host itself asked for: its requests wait, or are not made.
        """
        if target.not_before is None:
            return
        rest = (target.not_before - datetime.now(UTC)).total_seconds()
        if rest <= self.patrol.settings.getfloat("NETPATROL_MAX_CRAWL_DELAY"):
            await asyncio.sleep(max(0.0, rest))
        else:
            self.patrol.rests.hold(bare_host(target.host), rest)

    async def keep(self, working: Collection[str]) -> frozenset[str]:
        """Prolong the leases where a third of their time is over; to be called at least as often.

        Return which of these targets are another worker's by now: this one stalled for longer than its leases.
        """
        lease, now = self.patrol.settings.getint("NETPATROL_LEASE_SECONDS"), datetime.now(UTC)
        if now - self.kept_at >= timedelta(seconds=lease / 3):
            self.kept_at = now
            await self.patrol.ask_store(note_alive, self.patrol.run_id, now + timedelta(seconds=lease))
            held = await self.patrol.ask_store(store_targets.heartbeat, self.patrol.worker, now, lease)
            if held is not None:
                return frozenset(working) - held
        return frozenset()

    async def _claim(self, busy: Collection[str]) -> Target | None:
        if self._had_enough():
            return None
        if self.wanted is None:
            return await self._claim_among(None, self.undone_since, busy)
        asked, found = self.asked - self.begun, self.wanted - self.asked - self.begun
        target = await self._claim_among(asked, self.patrol.started_at, busy) if asked else None
        if target is None and found:  # what an earlier run patrolled lately is not patrolled again on the way
            target = await self._claim_among(found, self.patrol.started_at if self.every else None, busy)
        return target

    async def _claim_among(self, target_ids: set[str] | None, since: datetime | None, busy: Collection[str]) -> Target | None:
        """Claim one of these targets (None: of all) whose host is not busy: not done since then, or due where `since` is None.

        Nothing is done twice in one run, however short its interval is.
        """
        settings, worker = self.patrol.settings, self.patrol.worker
        how: Mapping[str, object] = {
            "all_since": since,
            "undone_since": self.patrol.started_at,
            "target_ids": target_ids,
            "busy": busy,
            "pace": settings.getfloat("DOWNLOAD_DELAY"),
        }
        terms = settings.getint("NETPATROL_LEASE_SECONDS"), self.kinds
        target = await self.patrol.ask_store(store_targets.claim, worker, datetime.now(UTC), *terms, **how)
        if target is None:
            freed = await self.patrol.ask_store(free_lost_leases, datetime.now(UTC), but=worker)
            if freed:  # another worker of this machine was killed meanwhile: what it had is ours to do
                target = await self.patrol.ask_store(store_targets.claim, worker, datetime.now(UTC), *terms, **how)
        if target is not None:
            self.begun.add(target.target_id)
        return target

    def _had_enough(self) -> bool:
        return len(self.begun) >= self.patrol.settings.getint("NETPATROL_MAX_TARGETS")

    def give_up_the_rest(self) -> None:
        """Account for targets of this run that are not ours to do: another worker has them, they are not due yet, or too many."""
        for target_id in (self.wanted or set()) - self.begun:
            self.patrol.ledger.plan_target(target_id)
            reason = "leased_or_parked" if target_id in self.asked else "not_due"
            reason = "target_budget" if self._had_enough() else reason
            reason = "database_away" if self.patrol.store_away else reason
            self.patrol.ledger.end_target(target_id, End.SKIPPED, reason)
