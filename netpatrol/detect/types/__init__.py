"""The kinds of matchers; each file compiles one. `COMPILERS` is the closed list."""

from __future__ import annotations

from collections.abc import Callable

from netpatrol.detect.model import MatchSpec
from netpatrol.detect.types.matcher import Matcher, finder_of
from netpatrol.detect.types.near import compile_near
from netpatrol.detect.types.pattern import compile_pattern
from netpatrol.detect.types.slot import Lexicons, compile_slot
from netpatrol.detect.types.term import compile_term

COMPILERS: dict[str, Callable[[MatchSpec, Lexicons], Matcher]] = {
    "any": compile_term,
    "near": compile_near,
    "regex": compile_pattern,
}


def compile_matchers(spec: MatchSpec, lexicons: Lexicons) -> tuple[Matcher, ...]:
    """Compile one entry of a rule's `match`; each slot of `say` becomes a matcher with its own trigger words."""
    if spec.kind == "say":
        return tuple(_compile_one_slot(spec, say, lexicons) for say in spec.say)
    compiler = COMPILERS.get(spec.kind)
    return () if compiler is None else (compiler(spec, lexicons),)


def _compile_one_slot(spec: MatchSpec, say: str, lexicons: Lexicons) -> Matcher:
    slot = compile_slot(say, lexicons)
    return Matcher(spec, slot.triggers, finder_of(slot.source, slot.needs))
