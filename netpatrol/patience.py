"""When to try again: as long after as the host asks, and nothing of the host before."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import time
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import RetryMiddleware

from netpatrol.middlewares import Refused
from netpatrol.patrol import Patrol
from netpatrol.store.host_leases import note_rest
from netpatrol.text.urls import bare_host, host_of

if TYPE_CHECKING:
    from scrapy.http import Request, Response
    from scrapy.settings import BaseSettings

CUT_OFF = "dataloss"
"""Scrapy's flag of an answer of which less came than was announced; browsers show what came."""
_SECONDS = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\d*\s*(?:[,;]|$)", re.ASCII)  # some say fractions, some say it twice


class PatientRetry(RetryMiddleware):
    """Scrapy's retries, waiting as long as the host asks (Retry-After); the host's other pages wait with them.

    A host that asks for more than MAX_WAIT seconds is left alone until then: its pages end as `retry_after`. So do those
    for which no place to wait is left: a request that waits holds one of CONCURRENT_REQUESTS, and half are for the others.
    """

    MAX_WAIT = 120.0

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._places = max(1, settings.getint("CONCURRENT_REQUESTS") // 2)

    async def process_request(self, request: Request) -> None:
        """Wait while the host wants to be left alone; raise Refused where that is longer than a visit can wait."""
        left = Patrol.of(self.crawler).rests.left(bare_host(host_of(request.url)))
        if left <= 0:
            return
        if left > self.MAX_WAIT or not self._places:
            raise Refused("retry_after")
        self._places -= 1
        try:
            await asyncio.sleep(left)
        finally:
            self._places += 1

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Retry an answer that asks for patience, or whose end did not come: at last what came of it is taken."""
        if CUT_OFF in response.flags and not request.meta.get("dont_retry"):
            return self._retry(request, CUT_OFF) or response
        if response.status not in self.retry_http_codes or request.meta.get("dont_retry"):
            return response
        wait = retry_after(response.headers.get("Retry-After"), now=time())
        if wait:
            await self._hold(bare_host(host_of(request.url)), wait)
        again = self._retry(request, str(response.status))
        return response if again is None or wait > self.MAX_WAIT else again

    async def _hold(self, host: str, wait: float) -> None:
        """Leave a host alone from now on, and note it for whoever has the host next: it may be another process, soon."""
        patrol = Patrol.of(self.crawler)
        if patrol.rests.hold(host, wait) and patrol.store is not None:
            await patrol.ask_store(note_rest, host, patrol.worker, datetime.now(UTC), wait)


def retry_after(header: bytes | None, *, now: float) -> float:
    """Return the seconds that a Retry-After header asks to wait; 0 for none or nonsense."""
    if not header:
        return 0.0
    text = header.decode("latin-1").strip()
    seconds = _SECONDS.match(text)
    if seconds:
        return float(seconds[1])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (TypeError, ValueError, OverflowError):
        return 0.0
