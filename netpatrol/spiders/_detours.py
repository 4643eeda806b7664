"""Learns of one site which addresses only redirect to pages that are had anyway: `/?p=7` beside `/archives/7`, `mod=redirect`.

A kind of address (`text.urls.shape`) that has done so several times and never led to anything new is left, but for one in
every few: as with parameters that change nothing (`_doubts.py`), the site may show otherwise later.
"""

from __future__ import annotations

from collections import Counter

from netpatrol.spiders._samples import Samples
from netpatrol.text.urls import shape

SHOWN = 4
"""Addresses of a kind that must have led to pages that were seen."""


class Detours:
    """Where the addresses of one site have redirected to."""

    def __init__(self) -> None:
        self._to_seen: Counter[str] = Counter()
        self._onward: set[str] = set()
        self._samples = Samples()

    def note(self, url: str, *, seen: bool) -> bool:
        """Note where an address led: to a page that was `seen`, or on; whether that shows its kind to be worth asking for after all."""
        kind = shape(url)
        if seen:
            self._to_seen[kind] += 1
            return False
        before = self._are(kind)
        self._onward.add(kind)
        return before

    def are_detours(self, url: str) -> bool:
        """Whether addresses of this kind have led to nothing but pages that were seen."""
        return bool(self._to_seen) and self._are(shape(url))

    def _are(self, kind: str) -> bool:
        return self._to_seen[kind] >= SHOWN and kind not in self._onward

    def is_sample(self, url: str) -> bool:
        """Count an address that need not be asked for; whether it is one of those that are."""
        return self._samples.takes(shape(url))
