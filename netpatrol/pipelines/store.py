"""Stage 6: pages into the database, in batches; to the spool when the database is away. An item passes this stage
when its page is durable, so whoever counts items counts what cannot be lost any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import ClassVar

from scrapy.crawler import Crawler

from netpatrol.errors import StoreError
from netpatrol.items import Dossier, PageState, PartKind
from netpatrol.leads.build import lead_finding
from netpatrol.ledger import End
from netpatrol.pipelines._base import Stage
from netpatrol.pipelines._batch import Batcher
from netpatrol.store.likeness import look_of
from netpatrol.store.pages import save_pages
from netpatrol.store.records import PageRecord
from netpatrol.text.promo import offer_lines
from netpatrol.text.urls import host_of


class Store(Stage):
    """Batches page records for the writer thread."""

    name: ClassVar[str] = "store"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.batcher: Batcher[PageRecord, bool] = Batcher(self._write)

    async def work(self, dossier: Dossier) -> Dossier:
        """Wait until the page is stored (or spooled), then end it in the ledger."""
        record = self._record(dossier)
        kept = await self.batcher.add(record)
        how, reason = (End.FAILED, "not_stored") if not kept else end_of(dossier)
        self.patrol.ledger.end(record.shop.shop_id, dossier.page.planned, how, reason)
        return dossier

    async def _write(self, records: Sequence[PageRecord]) -> list[bool]:
        """Write a batch; return for each page whether it is durable."""
        try:
            refused = await self.patrol.write(self._save, records)
        except StoreError as error:
            self.patrol.trouble(f"页面记录既不能入库也不能暂存：{error}")
            refused = {record.page_id for record in records}
        self.count("batches")
        return [record.page_id not in refused for record in records]

    def _save(self, records: Sequence[PageRecord]) -> set[str]:
        """Write in the writer thread; return the ids of pages that the database refused."""
        assert self.patrol.store is not None
        try:
            return set(save_pages(self.patrol.store, records).refused)
        except StoreError as error:
            self.patrol.spool.put("pages", records)
            self.patrol.trouble(f"数据库不可用，{len(records)} 个页面已暂存到本机，下次启动时补录：{error}")
            return set()

    def _record(self, dossier: Dossier) -> PageRecord:
        page, text = dossier.page, dossier.text
        assert page.shop is not None
        evidence_id = dossier.evidence.evidence_id if dossier.evidence else ""
        findings = dossier.judgement.findings if dossier.judgement else ()
        return PageRecord(
            shop=page.shop,
            url=page.final_url,
            key=page.key,
            host=host_of(page.final_url),
            state=text.state if text else PageState.BAD_INPUT,
            seen_at=page.fetched_at,
            run_id=page.run_id,
            status=page.status,
            kind=text.kind if text else PartKind.PAGE,
            title=text.title[:500] if text else "",
            body_sha256=dossier.evidence.body_sha256 if dossier.evidence else hashlib.sha256(page.body).hexdigest(),
            rendered_sha256=hashlib.sha256(page.rendered.html.encode("utf-8", "replace")).hexdigest() if page.rendered else "",
            evidence=dossier.evidence,
            findings=tuple(
                lead_finding(
                    finding, url=page.final_url, evidence_id=evidence_id, seen=page.fetched_at, pack_lock=self.patrol.pack_lock
                )
                for finding in findings
            ),
            text=text.raw if text else "",
            duties=dossier.judgement.duties if dossier.judgement else (),
            facts=dossier.facts.facts if dossier.facts else (),
            match=dossier.match,
            pack_lock=self.patrol.pack_lock,
            register_version=self.patrol.record.register_version,
            gone=page.status >= 400,
            extra=look_of(text, offer_lines(text)) if text else {},
        )


def end_of(dossier: Dossier) -> tuple[End, str]:
    """Return how a stored page ends in the ledger: only a page that was read in full and judged was checked."""
    if dossier.problems:
        worst = dossier.problems[0]
        if worst.code == "timeout":
            return End.SKIPPED, "rule_timeout"
        in_text = worst.stage == "read" and dossier.text is not None
        return (End.SKIPPED, worst.code) if in_text else (End.FAILED, f"{worst.stage}_error")
    if dossier.text is None:
        return End.FAILED, "unreadable"
    if dossier.text.state is not PageState.CHECKED:
        return End.SKIPPED, str(dossier.text.state)
    return End.CHECKED, ""
