"""Stage 1: which pages are looked at. The same bytes as in an earlier run, judged alike, are a mere sighting."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from netpatrol.errors import StoreError
from netpatrol.items import Dossier, PageItem, PageState
from netpatrol.ledger import UNCHANGED, End
from netpatrol.pipelines._base import Stage
from netpatrol.pipelines._batch import Batcher
from netpatrol.store.pages import KnownPage, known_pages, sighted

Sighting = tuple[str, str, datetime]
"""Shop id, page key, and when."""


class Admit(Stage):
    """Drops what is known and unchanged, after noting that it was seen again."""

    name: ClassVar[str] = "admit"
    SHOPS_HELD: ClassVar[int] = 200

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._known: dict[str, dict[str, KnownPage]] = {}
        self.batcher: Batcher[Sighting, None] = Batcher(self._write, size=200)

    async def work(self, dossier: Dossier) -> Dossier:
        """Admit a page, or drop it as a sighting or as an error page that was never a page."""
        page = dossier.page
        assert page.shop is not None
        key = page.key
        known = (await self._known_of(page.shop.shop_id)).get(key)
        if page.status >= 400:
            if known is None:
                raise DropItem("never was a page")
            return dossier
        if known is not None and known.rendered and page.rendered is None and known.body_sha256 == _digest(page):
            self.patrol.ledger.end(page.shop.shop_id, page.planned, End.SKIPPED, "needs_render")
            raise DropItem("a shell that only a browser fills")  # what it showed last time stands
        if known is not None and self._is_unchanged(known, page):
            await self._sight(page, key)
            raise DropItem(UNCHANGED)
        return dossier

    def _is_unchanged(self, known: KnownPage, page: PageItem) -> bool:
        """Whether a page was read in full, has the same bytes, and would be judged by the same packs and register."""
        return (
            known.state is PageState.CHECKED
            and known.body_sha256 == _digest(page)
            and known.pack_lock == self.patrol.pack_lock
            and known.register_version == self.patrol.record.register_version
            and page.rendered is None
            and not page.unfinished
        )

    async def _sight(self, page: PageItem, key: str) -> None:
        assert page.shop is not None
        try:
            await self.batcher.add((page.shop.shop_id, key, page.fetched_at))
        except StoreError as error:
            self.patrol.trouble(f"数据库不可用：{error}")
        self.count("sightings")
        self.patrol.ledger.end(page.shop.shop_id, page.planned, End.CHECKED)

    async def _write(self, sightings: Sequence[Sighting]) -> list[None]:
        """Note sightings of many pages in one write."""
        await self.patrol.write(sighted, self.patrol.store, sightings, self.patrol.run_id)
        return [None] * len(sightings)

    async def _known_of(self, shop_id: str) -> dict[str, KnownPage]:
        """Return the pages of a shop that earlier runs stored, by page key; nothing when the database is away."""
        if shop_id not in self._known:
            if len(self._known) >= self.SHOPS_HELD:
                self._known.pop(next(iter(self._known)))
            try:
                self._known[shop_id] = await self.patrol.write(known_pages, self.patrol.store, shop_id)
            except StoreError as error:
                self.patrol.trouble(f"数据库不可用：{error}")
                self._known[shop_id] = {}
        return self._known[shop_id]


def _digest(page: PageItem) -> str:
    return hashlib.sha256(page.body).hexdigest()
