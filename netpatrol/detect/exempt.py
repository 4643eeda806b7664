"""Exemptions as typed conditions: which clause lets a hit pass, and which were looked at and do not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from netpatrol.detect.context import Page
from netpatrol.detect.index import Index
from netpatrol.detect.model import Basis, Condition, Exemption
from netpatrol.detect.naming import Naming
from netpatrol.detect.types.matcher import Finder, finder_of
from netpatrol.detect.types.slot import Lexicons, alternation, compile_slot, expand
from netpatrol.items import PartKind

_MARGIN = 60  # characters after a match that decide it too: words that must not follow
_LEAD, _LONGEST_ANSWER = 5, 12  # characters: what may stand before the words of an answer, and how long those can be
_PAUSE = ","  # as it stands in normalised text
_ASKING = "吗么嘛呢"
_DENYING = re.compile("[不没无未别]")
_OPENING, _CLOSING = "“‘《「『【\"'", "”’》」』】\"'"


@dataclass(frozen=True, slots=True)
class Place:
    """A hit as conditions see it: offsets of the view and the kind of its part of the page."""

    start: int
    end: int
    part: PartKind
    sells: bool


@dataclass(frozen=True, slots=True)
class SlotFinder:
    """A slot that must overlap the hit, with the words of which one stands in each of its matches."""

    find: Finder
    triggers: tuple[str, ...]
    longest: int | None

    def overlaps(self, text: str, place: Place, low: int, high: int) -> bool:
        """Say whether a match in `text[low:high]` overlaps the hit; looks no further than a match can reach."""
        if self.longest is not None:
            low, high = max(low, place.start - self.longest), min(high, place.end + self.longest + _MARGIN)
        for start, end in self.find(text, low, high):
            if start >= place.end:
                return False
            if end > place.start:
                return True
        return False


@dataclass(frozen=True, slots=True)
class CompiledCondition:
    """A condition with its words compiled."""

    spec: Condition
    slots: tuple[SlotFinder, ...]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    around: re.Pattern[str] | None
    absent: re.Pattern[str] | None
    hit: re.Pattern[str] | None
    hit_absent: re.Pattern[str] | None
    barrier: re.Pattern[str] | None
    unanswered: re.Pattern[str] | None
    naming: Naming | None
    signs: tuple[str, ...]  # words of which one must stand around the hit; none: always possible

    def holds(self, page: Page, place: Place, possible: frozenset[int]) -> bool:
        """Say whether every part of the condition holds for a hit; the cheap parts are asked first."""
        spec = self.spec
        if spec.pages and place.part not in spec.pages:
            return False
        if spec.promo is not None and spec.promo != place.sells:
            return False
        if spec.goods and page.goods not in spec.goods:
            return False
        if spec.approval and not page.approvals.intersection(spec.approval):
            return False
        if self.naming and not self.naming.holds(page, place.start, place.end, spec.name):
            return False
        return self._words_hold(page, place, possible)

    def _words_hold(self, page: Page, place: Place, possible: frozenset[int]) -> bool:
        text = page.view.text
        if self.hit and not self.hit.search(text, place.start, place.end):
            return False
        if self.hit_absent and self.hit_absent.search(text, place.start, place.end):
            return False
        low, high = page.reach(self.spec.within, place.start, place.end)
        gap, barrier = self.spec.gap, self.barrier
        if self.before and not _ends_near(self.before, text, low, place, gap, barrier):
            return False
        if self.after and not _starts_near(self.after, text, place.end, high, gap, barrier):
            return False
        if self.around and not self.around.search(text, low, high):
            return False
        if self.absent and self.absent.search(text, low, high):
            return False
        if self.unanswered and any(_is_answered(self.unanswered, text, end) for end in _question_ends(page, place)):
            return False
        if self.spec.quoted and not _is_quoted(text, place, *page.sentence(place.start)):
            return False
        if not self.slots:
            return True
        return any(id(slot) in possible and slot.overlaps(text, place, low, high) for slot in self.slots)


@dataclass(frozen=True, slots=True)
class CompiledExemption:
    """An exemption ready to be asked."""

    spec: Exemption
    when: tuple[CompiledCondition, ...]
    ids: frozenset[int]  # of its conditions, as `Index` names them

    def may_free(self, family: str, rule_id: str) -> bool:
        """Say whether it is for hits of this rule at all."""
        return (not self.spec.families or family in self.spec.families) and rule_id not in self.spec.not_rules

    def holds(self, page: Page, place: Place, possible: frozenset[int]) -> bool:
        """Say whether any of its conditions lets the hit pass; `possible` is what `Index` left over."""
        if self.ids.isdisjoint(possible):
            return False
        return any(id(condition) in possible and condition.holds(page, place, possible) for condition in self.when)


def compile_condition(spec: Condition, lexicons: Lexicons) -> CompiledCondition:
    """Compile the words of a condition; raises SlotError."""
    slots = [compile_slot(say, lexicons) for say in spec.say]
    return CompiledCondition(
        spec=spec,
        slots=tuple(SlotFinder(finder_of(slot.source, slot.needs), slot.triggers, slot.longest) for slot in slots),
        before=_words(spec.before, lexicons),
        after=_words(spec.after, lexicons),
        around=_words(spec.around, lexicons),
        absent=_words(spec.absent, lexicons),
        hit=_words(spec.hit, lexicons),
        hit_absent=_words(spec.hit_absent, lexicons),
        barrier=_words(spec.barrier, lexicons),
        unanswered=_words(spec.unanswered, lexicons),
        naming=Naming(lexicons) if spec.name else None,
        signs=_signs(spec, tuple(word for slot in slots for word in slot.triggers), lexicons),
    )


def _signs(spec: Condition, slot_words: tuple[str, ...], lexicons: Lexicons) -> tuple[str, ...]:
    if spec.within == "page":
        return ()
    for entries in (spec.before, spec.after, spec.around):
        if entries and not slot_words:
            return tuple(word for entry in entries for word in expand(entry, lexicons))
    return slot_words


def index_of(exemptions: Iterable[CompiledExemption]) -> Index:
    """Return the index of all conditions of these exemptions and of the slots in them."""
    return Index(_signposts(condition for exemption in exemptions for condition in exemption.when))


def _signposts(conditions: Iterable[CompiledCondition]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for condition in conditions:
        yield id(condition), condition.signs
        for slot in condition.slots:
            yield id(slot), () if condition.spec.within == "page" else slot.triggers


def compile_exemption(spec: Exemption, lexicons: Lexicons) -> CompiledExemption:
    """Compile an exemption; raises SlotError."""
    when = tuple(compile_condition(condition, lexicons) for condition in spec.when)
    return CompiledExemption(spec, when, frozenset(map(id, when)))


def in_force(exemption: Exemption, basis: Mapping[str, Basis], on: date) -> bool:
    """Say whether every law that an exemption rests on was in force on the day."""
    return all(basis[key].in_force.holds(on) for key in exemption.basis if key in basis)


def _words(entries: tuple[str, ...], lexicons: Lexicons) -> re.Pattern[str] | None:
    words = tuple(dict.fromkeys(word for entry in entries for word in expand(entry, lexicons)))
    return re.compile(alternation(words)) if words else None


def _ends_near(
    words: re.Pattern[str], text: str, low: int, place: Place, gap: int | None, barrier: re.Pattern[str] | None
) -> bool:
    """Say whether a word starts before the hit and ends at most `gap` characters from it (None: anywhere).

    It may run into the hit: 不承诺 before 承诺稳赚. Past a word of `barrier` it does not reach: 不含糖的 before 全国第一;
    where pauses are barriers, one inside the hit is one too: 是不是总失眠，这款茶治好失眠.
    """
    if barrier and barrier.fullmatch(_PAUSE) and text.find(_PAUSE, place.start, place.end) >= 0:
        return False
    for match in words.finditer(text, low, place.end):
        if match.start() >= place.start:
            return False
        if gap is not None and place.start - match.end() > gap:
            continue
        if not barrier or not barrier.search(text, match.end(), place.start):
            return True
    return False


def _starts_near(
    words: re.Pattern[str], text: str, at: int, high: int, gap: int | None, barrier: re.Pattern[str] | None
) -> bool:
    """Say whether a word starts at most `gap` characters after the hit, with nothing of `barrier` in between."""
    match = words.search(text, at, high)
    if match is None or (gap is not None and match.start() - at > gap):
        return False
    return not barrier or not barrier.search(text, at, match.start())


def _question_ends(page: Page, place: Place) -> Iterator[int]:
    """Yield where a question that holds the hit may end: with its sentence, or with its clause (能治吗，当然能)."""
    text = page.view.text
    end = page.sentence(max(place.start, place.end - 1))[1]
    clause = page.clause(place.start, place.end)[1]
    if clause < end and text[clause - 1] in _ASKING:
        yield clause
    yield end


def _is_answered(words: re.Pattern[str], text: str, end: int) -> bool:
    """Say whether what stands after a question that ends at `end` begins with one of the words (能治吗？答：当然能).

    The few characters of a lead (答：, 亲,) may stand before it; a denial among them (答：不能) makes it none.
    """
    at = end + 1
    while at < len(text) and text[at].isspace():
        at += 1
    match = words.search(text, at, at + _LEAD + _LONGEST_ANSWER)
    return match is not None and match.start() - at <= _LEAD and not _DENYING.search(text, at, match.start())


def _is_quoted(text: str, place: Place, low: int, high: int) -> bool:
    """Say whether the hit stands inside quotation marks or a book title of its sentence, or begins right before them."""
    for opening, closing in zip(_OPENING, _CLOSING, strict=True):
        left = text.rfind(opening, low, place.end)
        if left < 0 or closing in text[left + 1 : place.start]:
            continue
        if text.find(closing, place.end, high) >= 0:
            return True
    return False
