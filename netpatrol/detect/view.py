"""The text as rules see it: normalised, with evasive writing restored, and the way back to the normalised offsets."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

JOINED = "\u2e2e"
"""What stands for the mark of a question that its answer completes; on pages it does not occur."""
_DENIED = (
    r"不(?![用必慌怕愁急难])|没(?!问题|关系)|未|无|哪|莫|勿|别(?![急慌怕愁担])|请|抱歉|对不起|想多|误会|谁|[真可]的?[不没]|"
    r"(?:我们?|咱们?|我家|本[店校馆院]|小店|店里|这里|它|这)[可真也都]?从?来?[不没]"
)
_TROUBLE = re.compile(
    rf"(?<![^。!?;\n\s|:])[^。!?;,:\n\s|不没别][^。!?;,:\n\s|]{{1,13}}\?(?=[^。!?;\n\s”\"’」』》)][^。!?;\n]{{2}})(?!{_DENIED})"
)
_ASKS = re.compile("[吗呢吧嘛谁哪何几]|(?<!怎)么|怎么(?!办)|怎样|如何|是否|多少|能不能|可不可|会不会|是不是|要不要|有没有|行不行|还是")


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


def join_answers(view: View) -> View:
    """Return a view in which a short question that only names a trouble (`痔疮？一贴就好`) is read on into its answer.

    Its mark becomes one that ends a clause and no sentence. A question that asks (吗, 谁, 哪…) stays one, and so does
    one that is denied, or that nothing answers.
    """
    if "?" not in view.text:
        return view
    text = _TROUBLE.sub(_joined, view.text)
    return view if text == view.text else replace(view, text=text)


def _joined(asked: re.Match[str]) -> str:
    return asked[0] if _ASKS.search(asked[0]) else asked[0][:-1] + JOINED


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
