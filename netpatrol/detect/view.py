"""The text as rules see it: normalised, with evasive writing restored, and the way back to the normalised offsets."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repair:
    """A stretch `norm[start:end]` that was written to evade, and what it says."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """`text` is the normalised text with repairs; `edges` are (view offset, norm offset, length) of its runs."""

    text: str
    repairs: tuple[Repair, ...] = ()
    edges: tuple[tuple[int, int, int], ...] = ()
    _at: tuple[int, ...] = ()

    def norm_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the normalised text of `text[start:end]`; a repaired stretch counts as a whole."""
        if not self.edges:
            return start, end
        return self._norm(start, 0), self._norm(end - 1, 1)

    def _norm(self, offset: int, side: int) -> int:
        at, norm, length = self.edges[bisect_right(self._at, offset) - 1]
        if length >= 0:
            return norm + (offset - at) + side
        return norm - length if side else norm

    def view_offset(self, norm: int) -> int:
        """Return the offset in `text` of an offset of the normalised text."""
        if not self.edges:
            return norm
        place = bisect_right(self.edges, norm, key=lambda edge: edge[1]) - 1
        at, start, length = self.edges[max(0, place)]
        return at + (norm - start if length >= 0 else 0)

    def repaired(self, start: int, end: int) -> tuple[Repair, ...]:
        """Return the repairs that touch `text[start:end]`."""
        if not self.repairs:
            return ()
        a, b = self.norm_span(start, end)
        return tuple(repair for repair in self.repairs if repair.start < b and a < repair.end)


def apply_repairs(norm: str, repairs: Sequence[Repair]) -> View:
    """Build the view of a text; of overlapping repairs the longer wins, then the earlier."""
    chosen: list[Repair] = []
    starts: list[int] = []
    for repair in sorted(repairs, key=lambda r: (r.start - r.end, r.start)):
        place = bisect_left(starts, repair.start)
        before_ok = place == 0 or chosen[place - 1].end <= repair.start
        after_ok = place == len(chosen) or repair.end <= chosen[place].start
        if before_ok and after_ok:
            chosen.insert(place, repair)
            starts.insert(place, repair.start)
    if not chosen:
        return View(norm)
    pieces: list[str] = []
    edges: list[tuple[int, int, int]] = []
    view_at = norm_at = 0
    for repair in chosen:
        if repair.start > norm_at:
            pieces.append(norm[norm_at : repair.start])
            edges.append((view_at, norm_at, repair.start - norm_at))
            view_at += repair.start - norm_at
        pieces.append(repair.text)
        edges.append((view_at, repair.start, repair.start - repair.end))  # a negative length marks a repaired stretch
        view_at += len(repair.text)
        norm_at = repair.end
    if norm_at < len(norm):
        pieces.append(norm[norm_at:])
        edges.append((view_at, norm_at, len(norm) - norm_at))
    return View("".join(pieces), tuple(chosen), tuple(edges), tuple(edge[0] for edge in edges))
