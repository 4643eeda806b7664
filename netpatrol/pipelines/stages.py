"""Stages 3 to 5: read, detect, match. Each calls one function of the core; large pages in the reader thread."""

from __future__ import annotations

from typing import ClassVar

from netpatrol import core
from netpatrol.items import Dossier
from netpatrol.pipelines._base import Stage
from netpatrol.times import local_date


class Read(Stage):
    """Bytes to words and facts."""

    name: ClassVar[str] = "read"

    async def work(self, dossier: Dossier) -> Dossier:
        """Add text and facts; the parsed page is given up, for it would wait for the database with the others."""
        if dossier.page.status >= 400:
            return dossier
        try:
            return await self.patrol.work(dossier.page.size, core.read, dossier)
        finally:
            if dossier.page.document is not None:
                dossier.page.document.release()


class Detect(Stage):
    """Words to findings, by the packs in force on the day the page was seen."""

    name: ClassVar[str] = "detect"

    async def work(self, dossier: Dossier) -> Dossier:
        """Add the judgement."""
        if dossier.text is None:
            return dossier
        on = local_date(dossier.page.fetched_at)
        return await self.patrol.work(dossier.page.size, lambda: core.detect(dossier, self.patrol.desk.engine, on=on))


class Match(Stage):
    """Facts to entities: what this page by itself says; the shop is judged by all its pages when it is folded."""

    name: ClassVar[str] = "match"

    async def work(self, dossier: Dossier) -> Dossier:
        """Add the page's own match."""
        if dossier.facts is None or self.patrol.desk.register is None:
            return dossier
        return await self.patrol.work(dossier.page.size, core.match_page, dossier, self.patrol.desk)
