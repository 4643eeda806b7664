"""The coverage ledger: every page that a run planned ends in exactly one state with a reason.

planned = checked + skipped + failed holds by construction: a page is planned once, ended once, and what is still
open when the run ends is counted as skipped (interrupted).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum


class End(StrEnum):
    """How a planned page or target ended."""

    CHECKED = "checked"
    SKIPPED = "skipped"
    FAILED = "failed"


class Ledger:
    """Counts pages (per shop and in all) and targets. Not thread-safe: the event loop owns it."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], None] = {}
        self._open_targets: dict[str, None] = {}
        self.planned = self.targets_planned = 0
        self.pages: Counter[tuple[End, str]] = Counter()
        self.targets: Counter[tuple[End, str]] = Counter()
        self._by_shop: dict[str, Counter[tuple[End, str]]] = {}
        self.ended = 0
        """Pages and targets that came to an end so far."""

    def plan(self, shop_id: str, key: str) -> None:
        """Plan a page. Planning what is open already changes nothing."""
        if (shop_id, key) not in self._open:
            self._open[shop_id, key] = None
            self.planned += 1

    def end(self, shop_id: str, key: str, how: End, reason: str = "") -> None:
        """End a planned page; a second end of the same page is ignored: the first reason stands."""
        if (shop_id, key) not in self._open:
            return
        del self._open[shop_id, key]
        self.ended += 1
        self.pages[how, reason] += 1
        self._by_shop.setdefault(shop_id, Counter())[how, reason] += 1

    def skip(self, shop_id: str, key: str, reason: str) -> None:
        """Plan a page and skip it at once."""
        self.plan(shop_id, key)
        self.end(shop_id, key, End.SKIPPED, reason)

    def plan_target(self, shop_id: str) -> None:
        """Plan a target."""
        if shop_id not in self._open_targets:
            self._open_targets[shop_id] = None
            self.targets_planned += 1

    def end_target(self, shop_id: str, how: End, reason: str = "") -> None:
        """End a target and forget its pages."""
        if shop_id in self._open_targets:
            del self._open_targets[shop_id]
            self.ended += 1
            self.targets[how, reason] += 1
        self._by_shop.pop(shop_id, None)

    def counts(self, shop_id: str) -> Counter[tuple[End, str]]:
        """Return how many pages of a shop ended how and why, so far."""
        return self._by_shop.get(shop_id, Counter())

    def close(self) -> None:
        """End what is still open: the run was interrupted."""
        for shop_id, key in list(self._open):
            self.end(shop_id, key, End.SKIPPED, "interrupted")
        for shop_id in list(self._open_targets):
            self.end_target(shop_id, End.SKIPPED, "interrupted")

    def adds_up(self) -> bool:
        """Whether planned = checked + skipped + failed, for pages and targets, counting what is open."""
        pages = sum(self.pages.values()) + len(self._open)
        return pages == self.planned and sum(self.targets.values()) + len(self._open_targets) == self.targets_planned

    def record(self) -> Mapping[str, object]:
        """Return the ledger as a run record keeps it."""
        return {
            "pages": _table(self.planned, self.pages),
            "targets": _table(self.targets_planned, self.targets),
            "adds_up": self.adds_up(),
        }


def _table(planned: int, counts: Counter[tuple[End, str]]) -> dict[str, object]:
    table: dict[str, object] = {"planned": planned}
    for how in End:
        reasons = {reason: number for (end, reason), number in sorted(counts.items()) if end is how and reason}
        table[str(how)] = sum(number for (end, _), number in counts.items() if end is how)
        if how is not End.CHECKED:
            table[f"{how}_by_reason"] = reasons
    return table
