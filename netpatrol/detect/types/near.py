"""Type `near`: one of each group, close together, in a given or any order."""

from __future__ import annotations

from itertools import permutations

from netpatrol.detect.model import MatchSpec
from netpatrol.detect.types.frequency import cost
from netpatrol.detect.types.matcher import Matcher, finder_of
from netpatrol.detect.types.slot import Lexicons, SlotError, alternation, expand

_MOST_GROUPS = 3


def compile_near(spec: MatchSpec, lexicons: Lexicons) -> Matcher:
    """Compile groups of words within `window` characters of one sentence."""
    groups = [tuple(dict.fromkeys(word for entry in group for word in expand(entry, lexicons))) for group in spec.near]
    if not 2 <= len(groups) <= _MOST_GROUPS:
        raise SlotError(f"near 需要 2 到 {_MOST_GROUPS} 组词")
    orders = [tuple(groups)] if spec.order == "fixed" else list(permutations(groups))
    gap = f"[^。！？!?;；\\n]{{0,{spec.window}}}?"

    def source() -> str:
        return "|".join(gap.join(f"(?:{alternation(group)})" for group in order) for order in orders)

    return Matcher(spec, min(groups, key=cost), finder_of(source))
