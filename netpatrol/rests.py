"""Until when hosts want to be left alone, as they said themselves (Retry-After): told by one run to the next."""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic


class Rests:
    """Hosts that rest, by the seconds that are left."""

    KEPT = 20_000

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    def left(self, host: str) -> float:
        """Return the seconds for which a host is to be left alone; 0 or less for none."""
        return self._until.get(host, 0.0) - monotonic()

    def hold(self, host: str, seconds: float) -> bool:
        """Leave a host alone for so long; return whether that is longer than was known. Of very many hosts the latest count."""
        before, until = self._until.pop(host, 0.0), monotonic() + seconds
        self._until[host] = max(before, until)
        if len(self._until) > self.KEPT:
            self._until.popitem(last=False)
        return until > before + 1
