"""Keeps the pause between two requests to a host as the host sees it, when this machine is busy too.

Scrapy counts the pause from when it decides to send. On a busy machine a request leaves later than that, and the next
one on time: the host would see them close together.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request

DELAY_ASKED = "netpatrol_delay"
"""Key of a request's meta: the seconds between two requests that its host asks for."""
SHARE = 0.7
"""Part of the pause that must lie between the end of an answer and the next request, however late the first one left."""


class Pace:
    """Moves the begin of a host's pause on when its answer is there."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pace:
        """Build, and listen to answers."""
        pace = cls(crawler)
        crawler.signals.connect(pace.answered, signals.response_downloaded)
        return pace

    def answered(self, request: Request) -> None:
        """Hold the next request to this host back until most of the pause has passed since now."""
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        if slot is not None:
            slot.lastseen = max(slot.lastseen, monotonic() - (1 - SHARE) * slot.delay)
