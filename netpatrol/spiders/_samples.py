"""What is left because its like said nothing new is sampled all the same: the site may show otherwise later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

EVERY = 4
"""Of the addresses that are left, one in so many is fetched all the same."""
SAMPLES = 25
"""Of one kind; each of them said nothing new, or it would not be left any more."""


class Samples:
    """Counts what is left of each kind of address of one site."""

    def __init__(self) -> None:
        self._asked: Counter[Hashable] = Counter()

    def takes(self, kind: Hashable) -> bool:
        """Count an address that need not be fetched; whether it is one of those that are."""
        self._asked[kind] += 1
        return self._asked[kind] % EVERY == 0 and self._asked[kind] <= EVERY * SAMPLES
