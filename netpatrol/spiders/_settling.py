"""What becomes of a target that was visited: its pages folded into leads, its lease given back, its next visit set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from netpatrol.entities.emark import MarkAnswer
from netpatrol.fold import Folded, Visit, fold_shop
from netpatrol.ledger import NOT_PRESERVED, End
from netpatrol.schedule import Policy, Standing, next_due
from netpatrol.spiders import _answers as answers
from netpatrol.spiders._site import SiteCrawl
from netpatrol.store import targets as store_targets
from netpatrol.store.leads import LeadCounts
from netpatrol.store.pages import stand_again
from netpatrol.times import local_date

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from netpatrol.patrol import Patrol


@dataclass(slots=True, kw_only=True)
class Settling:
    """Settles visits of one run; with `stays_due` they were but looks, and targets stay due when they were."""

    patrol: Patrol
    policy: Policy
    stays_due: bool
    crawler: Crawler

    async def settle(self, site: SiteCrawl, marks: Mapping[str, MarkAnswer | None]) -> tuple[End, str]:
        """Fold a site and give its target back; return how it ended."""
        ended = self.patrol.ledger.counts(site.shop_id)
        if (End.FAILED, NOT_PRESERVED) in ended:
            return await self._settle_unkept(site, marks)
        state, result, reason = answers.outcome(
            ended,
            moved=bool(site.moved_to),
            parked=site.parked,
            start=self.patrol.ledger.end_of(site.shop_id),
        )
        if state in answers.NOBODY:
            await self.patrol.ask_store(stand_again, site.shop_id, self.patrol.run_id)
        folded = await self._fold(site, marks, state=state)
        due = self._due(site, state, folded.leads if folded is not None else None)
        await self.patrol.ask_store(
            store_targets.release, site.target.target_id, self.patrol.worker, result, datetime.now(UTC), reason=reason,
            next_due=due if result == "done" else None,
        )  # fmt: skip
        if folded is not None and folded.state == "needs_render":
            reason = folded.state  # some pages were read, and none of them is of the shop: a browser would have to draw it
        how = End.FAILED if result == "failed" else End.SKIPPED if reason else End.CHECKED
        return how, reason or state

    async def _settle_unkept(self, site: SiteCrawl, marks: Mapping[str, MarkAnswer | None]) -> tuple[End, str]:
        """Settle a visit of which pages could not be kept: it tells nothing of the target, which stays due."""
        if any(how is End.CHECKED for how, _ in self.patrol.ledger.counts(site.shop_id)):
            await self._fold(site, marks)
        await self.patrol.ask_store(store_targets.release, site.target.target_id, self.patrol.worker, "back", datetime.now(UTC))
        return End.FAILED, NOT_PRESERVED

    async def _fold(self, site: SiteCrawl, marks: Mapping[str, MarkAnswer | None], state: str = "") -> Folded | None:
        """Fold the pages of a site into leads, and count what became of these; None where the database is away."""
        visit = Visit(
            state=state,
            run_id=self.patrol.run_id,
            found_via=tuple(via.channel for via in site.target.found_via),
            clues=site.target.clues,
            moved_to=site.moved_to,
            marks=marks,
        )
        folded = await self.patrol.ask_store(fold_shop, self.patrol.desk, site.shop, datetime.now(UTC), visit)
        if folded is not None and self.crawler.stats is not None:
            for name in ("new", "changed", "closed", "reopened", "restored"):
                self.crawler.stats.inc_value(f"netpatrol/leads/{name}", getattr(folded.leads, name))
        return folded

    def _due(self, site: SiteCrawl, state: str, counts: LeadCounts | None) -> datetime:
        """Return when a target that was visited is due again; where this was only a look, when it was due before."""
        now = datetime.now(UTC)
        if self.stays_due:
            return site.target.due_at or now  # a look changes nothing about when the patrol comes
        open_leads = counts.new + counts.changed + counts.same + counts.back if counts is not None else 0
        standing = Standing(tier=site.target.tier, open_leads=open_leads, is_shop=state not in answers.NO_SHOP)
        return next_due(site.target.target_id, now, standing, self.policy, on=local_date(now))
