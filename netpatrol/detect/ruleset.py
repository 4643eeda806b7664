"""A pack set compiled for matching: the automaton, matchers, traps and exemptions. Made once, used for every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from netpatrol.detect.collector import paused
from netpatrol.detect.exempt import CompiledExemption, compile_exemption, in_force, index_of
from netpatrol.detect.goods import Signs
from netpatrol.detect.model import Basis, MatchSpec, Pack, PackSet, Rule
from netpatrol.detect.scan import Entry, Scanner, collapse
from netpatrol.detect.types import compile_matchers
from netpatrol.detect.types.matcher import Matcher
from netpatrol.detect.types.slot import SlotError, alternation, expand, spell_out
from netpatrol.detect.variants import variants
from netpatrol.items import Citation

LIVE = ("trial", "active")


@dataclass(frozen=True, slots=True)
class Armed:
    """A matcher in use; `order` is the place of its rule in its pack."""

    matcher: Matcher
    pack: Pack
    rule: Rule
    order: int


@dataclass(frozen=True, slots=True)
class OfDay:
    """What of a rule is in force on one day: itself, what it rests on, and the exemptions that can let its hits pass."""

    in_force: bool
    citations: tuple[Citation, ...]
    exemptions: tuple[CompiledExemption, ...]


@dataclass
class Ruleset:
    """Everything the engine needs of a pack set."""

    packs: PackSet
    known_entries: dict[str, Entry] | None = None
    armed: list[Armed] = field(default_factory=list)
    page_rules: list[tuple[Pack, Rule]] = field(default_factory=list)

    def __post_init__(self) -> None:
        lexicons = self.packs.lexicons
        self.traps = [matcher for trap in self.packs.traps for matcher in compile_matchers(trap, lexicons)]
        for pack in self.packs.packs:
            for order, rule in enumerate(pack.rules):
                if rule.status not in LIVE:
                    continue
                if rule.scope == "page":
                    self.page_rules.append((pack, rule))
                    continue
                for spec in rule.match:
                    self.armed.extend(Armed(m, pack, rule, order) for m in compile_matchers(spec, lexicons))
        self.exemptions: dict[str, CompiledExemption] = {
            spec.key: compile_exemption(spec, lexicons) for spec in self.packs.exemptions
        }
        self.index = index_of(self.exemptions.values())
        self.basis: dict[str, Basis] = {item.key: item for pack in self.packs.packs for item in pack.basis}
        self._patterns: dict[tuple[str, ...], re.Pattern[str]] = {}
        self._today: tuple[date | None, dict[tuple[str, str, str], OfDay]] = (None, {})
        self.signs = Signs(self.packs.cues, self.packs.goods, lexicons)

    def of_day(self, pack: Pack, rule: Rule, on: date) -> OfDay:
        """Return what of a rule is in force, worked out once for the day that is asked about."""
        day, known = self._today
        if day != on:
            known = {}
            self._today = (on, known)
        key = (pack.layer, pack.name, rule.id)
        if key not in known:
            found = (pack.citation(each) for each in rule.basis)
            known[key] = OfDay(
                in_force=pack.valid.holds(on) and rule.valid.holds(on),
                citations=tuple(basis.citation() for basis in found if basis is not None and basis.in_force.holds(on)),
                exemptions=tuple(self._exemptions(rule, on)),
            )
        return known[key]

    def has_rules(self, on: date) -> bool:
        """Say whether any rule is in force on this day."""
        rules = [(armed.pack, armed.rule) for armed in self.armed] + self.page_rules
        return any(pack.valid.holds(on) and rule.valid.holds(on) for pack, rule in rules)

    def _exemptions(self, rule: Rule, on: date) -> Iterator[CompiledExemption]:
        for key in rule.unless:
            exemption = self.exemptions.get(key)
            if exemption is not None and exemption.may_free(rule.family, rule.id) and in_force(exemption.spec, self.basis, on):
                yield exemption

    def words(self, entries: tuple[str, ...]) -> re.Pattern[str]:
        """Return the pattern of words and lexicons, remembered."""
        if entries not in self._patterns:
            words = (word for entry in entries for word in expand(entry, self.packs.lexicons))
            self._patterns[entries] = re.compile(alternation(tuple(dict.fromkeys(words))))
        return self._patterns[entries]

    @cached_property
    def scanner(self) -> Scanner:
        """Return the automaton over all triggers and evasive variants."""
        with paused():
            return Scanner(self.entries)

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Return every pattern with what it means."""
        return self._entries() if self.known_entries is None else self.known_entries

    def _entries(self) -> dict[str, Entry]:
        starting: dict[str, list[int]] = {}
        for number, armed in enumerate(self.armed):
            for word in armed.matcher.triggers:
                starting.setdefault(word, []).append(number)
        starts: dict[str, list[int]] = {}
        for word, numbers in starting.items():
            bare = collapse(word)
            if not bare:
                raise SlotError(f"触发词“{word}”只有符号，无法查找")
            starts.setdefault(bare, []).extend(numbers)
        words = self._restorable(starts)
        entries = {
            word: Entry(tuple(sorted(set(starts.get(word, ())))), "", word in words) for word in [*starts, *words]
        }
        for spelled, word, doubtful in self._variants(words):
            if spelled not in entries:
                entries[spelled] = Entry((), word, True, doubtful)
        return entries

    def _restorable(self, triggers: dict[str, list[int]]) -> set[str]:
        """Return the words that separators may split: those of `restore`, and triggers of Han characters only."""
        words = {word for say in self.packs.restore for word in spell_out(say, self.packs.lexicons)}
        words |= {word for word in triggers if len(word) > 1 and all("\u3400" <= char <= "\u9fff" for char in word)}
        return {word for word in map(collapse, words) if len(word) > 1}

    def _variants(self, words: set[str]) -> list[tuple[str, str, bool]]:
        plain = frozenset(self.packs.plain_glyphs)
        named = {collapse(word) for say in self.packs.restore for word in spell_out(say, self.packs.lexicons)}
        found = [
            (spelled, word, doubtful)
            for word in sorted(named & words)
            for spelled, doubtful in variants(word, self.packs.glyphs, plain)
            if spelled not in words
        ]
        return sorted(found, key=lambda item: (item[2], len(item[1])))


def specs_of(rule: Rule, *kinds: str) -> tuple[MatchSpec, ...]:
    """Return the entries of a rule's `match` of these kinds."""
    return tuple(spec for spec in rule.match if spec.kind in kinds)
