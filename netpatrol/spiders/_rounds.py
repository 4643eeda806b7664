"""A round: recheck, discover, sites on seeds, sites, storefronts, one after the other. What one of them looked at, the next
need not fetch.

A round ends where the order begins anew: the second `sites` in a row fetches all that it is asked for. So does a run that
is to fetch every target anew (`due=all`): it shares a round only with patrols that were to do so too. Of a page that
an earlier run of the round fetched, the capture in the archive is read again for its links; the page is not stored twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from netpatrol.core import document_of
from netpatrol.errors import EvidenceError
from netpatrol.evidence.reading import read_capture
from netpatrol.items import EvidenceRef, PageState, RunRecord
from netpatrol.store import places
from netpatrol.store.pages import pages_of
from netpatrol.store.runs import runs

if TYPE_CHECKING:
    from netpatrol.patrol import Patrol
    from netpatrol.store.database import Store
    from netpatrol.store.records import Target
    from netpatrol.text.html import Document

logger = logging.getLogger(__name__)

ORDER = ("recheck", "discover", "sites", "storefronts")
PATROLS = ("sites", "storefronts")
"""The spiders that read a target to its end; the others take a look."""
LONGEST = timedelta(hours=12)
RUNS_READ = 20
_NOT_NEEDED = ("findings", "duties", "facts", "match")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The round that a run belongs to. `looked_since`: since when its earlier runs have looked at pages; `patrolled_since`:
    since when they have patrolled targets to their end. None where no earlier run did.
    """

    looked_since: datetime | None = None
    patrolled_since: datetime | None = None


def _rank(spider: str, seeds: str) -> float:
    """Return where in a round a run stands; a patrol of seeds comes before that of what is due."""
    return ORDER.index(spider) - (0.5 if seeds else 0)


def round_of(spider: str, seeds: str, started_at: datetime, earlier: Iterable[RunRecord], *, every: bool = False) -> Round:
    """Return the round of a run by the runs before it, newest first. A run that never ended is part of none.

    `every`: the run is to fetch every target anew, so that what others patrolled because it was due does not count.
    """
    if spider not in ORDER:
        return Round()
    rank, looked, patrolled = _rank(spider, seeds), None, None
    for run in earlier:
        if run.started_at > started_at:  # by a clock that was ahead: what it saw is no news
            continue
        mine = _rank(run.spider, run.args.get("seeds", "")) if run.spider in ORDER else rank
        if mine >= rank or run.ended_at is None or started_at - run.started_at > LONGEST:
            break
        if every and run.spider in PATROLS and run.args.get("due") != "all":
            break
        rank, looked = mine, run.started_at
        patrolled = run.started_at if run.spider in PATROLS else patrolled
    return Round(looked_since=looked, patrolled_since=patrolled)


class RoundMemory:
    """What earlier runs of this run's round have seen."""

    def __init__(self, patrol: Patrol, spider: str, seeds: str, *, every: bool) -> None:
        assert patrol.store is not None
        self.patrol = patrol
        before = [run for run in runs(patrol.store, RUNS_READ) if run.run_id != patrol.run_id]
        self.round = round_of(spider, seeds, patrol.started_at, before, every=every)

    async def pages_of(self, target: Target) -> Mapping[str, EvidenceRef]:
        """Return the captures of a target's pages that were checked in this round, by page key."""
        since = self.round.looked_since
        if since is None or target.last_done_at is None or target.last_done_at < since:
            return {}
        return await self.patrol.ask_store(pages_seen, target.shop_id, since) or {}

    def document(self, seen: EvidenceRef) -> Document | None:
        """Return a page as it was seen; None where this machine does not keep its capture."""
        try:
            page = read_capture(places.evidence_folder(self.patrol.home), seen)
        except (EvidenceError, KeyError, TypeError, ValueError) as error:
            logger.info("The capture %s is not here, the page is fetched again: %s", seen.evidence_id, error)
            return None
        document = document_of(page)
        document.refresh = page.headers.get("Refresh", "")
        return document


def pages_seen(store: Store, shop_id: str, since: datetime) -> dict[str, EvidenceRef]:
    """Return the captures of a shop's standing pages that were checked since then, by page key."""
    checked = (page for page in pages_of(store, shop_id, without=_NOT_NEEDED) if page.state is PageState.CHECKED and not page.gone)
    return {page.key: page.evidence for page in checked if page.evidence is not None and (page.last_seen or page.seen_at) >= since}
