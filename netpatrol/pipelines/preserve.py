"""Stage 2: evidence before interpretation. A page that could not be preserved yields no finding."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from netpatrol.errors import EvidenceError
from netpatrol.items import Dossier, EvidenceRef, PageItem
from netpatrol.ledger import NOT_PRESERVED, End
from netpatrol.pipelines._base import Stage
from netpatrol.pipelines._batch import Batcher


class Preserve(Stage):
    """Writes request and response to the archive and chains the manifest, many pages for one sync."""

    name: ClassVar[str] = "preserve"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.batcher: Batcher[PageItem, EvidenceRef] = Batcher(self._write, size=20)
        self._closing: asyncio.Task[None] | None = None

    async def _write(self, pages: Sequence[PageItem]) -> Sequence[EvidenceRef]:
        return await self.patrol.write(self.patrol.evidence.preserve_all, pages)

    async def work(self, dossier: Dossier) -> Dossier:
        """Add the evidence; without it the page is dropped and the run ends non-zero."""
        page = dossier.page
        try:
            evidence = await self.batcher.add(page)
        except (EvidenceError, OSError) as error:
            self.patrol.trouble(f"证据无法写入：{error}")
            self.count("errors")
            assert page.shop is not None
            self.patrol.ledger.end(page.shop.shop_id, page.planned, End.FAILED, NOT_PRESERVED)
            self._end_run()
            raise DropItem("not preserved") from error
        return dossier.having(evidence=evidence)

    def _end_run(self) -> None:
        """End the run, once: pages that cannot be kept would be asked of their hosts for nothing."""
        if self._closing is None and self.crawler.engine is not None:
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=NOT_PRESERVED))
