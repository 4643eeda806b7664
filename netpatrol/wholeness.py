"""Downloader middleware: whether an answer is the whole of what stands at its address."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from netpatrol.patience import CUT_OFF

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

_CODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15, "raw": -15}
"""Codings whose end can be told, as zlib numbers them."""
_RANGE = re.compile(rb"\s*bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


class WholeBody:
    """Marks an answer whose own words say that more belongs to it: a part of a page (206), a compressed body without its end.

    Scrapy takes both for whole; what stood in the rest would count as gone. Runs before the body is decompressed.
    """

    LONGEST_STEP = 1_000_000

    def __init__(self, most: int) -> None:
        self.most = most

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WholeBody:
        """Build from settings: what is more than Scrapy inflates is told elsewhere."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_response(self, request: Request, response: Response) -> Response:
        """Add the flag that Scrapy gives an answer of which less came than was announced."""
        coding = (response.headers.get("Content-Encoding") or b"").decode("latin-1").strip().lower()
        if CUT_OFF in response.flags or "download_stopped" in response.flags or not response.body:
            return response
        if is_part(response) or (coding in _CODINGS and not self.ends(response.body, coding)):
            return response.replace(flags=[*response.flags, CUT_OFF])
        return response

    def ends(self, body: bytes, coding: str) -> bool:
        """Whether a compressed body comes to its end, and is no other than was compressed; whether it is one at all is not ours to say."""
        if coding == "deflate" and not body.startswith(b"\x78"):
            coding = "raw"
        unpacking, rest, size = zlib.decompressobj(_CODINGS[coding]), body, 0
        try:
            while rest and not unpacking.eof:
                size += len(unpacking.decompress(rest, self.LONGEST_STEP))
                rest = unpacking.unconsumed_tail
                if size > self.most:
                    return True
        except zlib.error as error:
            return "incorrect data" not in str(error) and "incorrect length" not in str(error)
        return unpacking.eof


def is_part(response: Response) -> bool:
    """Whether an answer is only a part of what stands at the address."""
    told = _RANGE.match(response.headers.get("Content-Range") or b"") if response.status == 206 else None
    if told is None:
        return response.status == 206
    return told[1] != b"0" or told[3] == b"*" or int(told[2]) + 1 < int(told[3])
