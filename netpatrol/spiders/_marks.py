"""Asks official hosts what the files of licence marks (电子标识) say: politely, once for each mark, remembered for the run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from netpatrol.entities.emark import OFFICIAL, MarkAnswer, read_answer
from netpatrol.items import Link
from netpatrol.spiders._answers import header
from netpatrol.spiders._asking import answer_of
from netpatrol.text.html import parse_document
from netpatrol.text.read import read_document
from netpatrol.text.urls import bare_host, host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MARKS_A_SITE = 2
MAX_BODY = 300_000


class Marks:
    """The marks that were asked after in this run. Robots, delays and the address guard hold for these requests too."""

    def __init__(self, crawler: Crawler, official: Iterable[str]) -> None:
        self.crawler, self.official = crawler, frozenset(map(bare_host, official))
        self._asked: dict[str, asyncio.Task[MarkAnswer | None]] = {}

    def of_page(self, links: Iterable[Link]) -> tuple[str, ...]:
        """Return the links of a page that lead to a host which keeps files of marks."""
        hosts = ((link.url, bare_host(host_of(link.url))) for link in links if link.where == "a")
        return tuple(url for url, host in hosts if host in self.official or OFFICIAL.search(host))

    async def ask(self, links: Iterable[str]) -> dict[str, MarkAnswer | None]:
        """Return what the files behind these links say; None where nobody answered."""
        asked = list(dict.fromkeys(links))[:MARKS_A_SITE]
        return {link: await self._answer(link) for link in asked}

    async def _answer(self, link: str) -> MarkAnswer | None:
        if link not in self._asked:  # two sites that show one mark may end at once: the second waits for the first's answer
            self._asked[link] = asyncio.ensure_future(self._fetch(link))
        return await asyncio.shield(self._asked[link])

    async def _fetch(self, link: str) -> MarkAnswer | None:
        response = await answer_of(self.crawler, link)
        if response is None:
            return None
        document = parse_document(response.body[:MAX_BODY], header(response, "Content-Type"), response.url)
        text = read_document(document).raw
        return read_answer(text, response.status)
