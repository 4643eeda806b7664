"""The engine: one page in, its findings out. Candidates first; words are cut only around doubtful ones."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache

from netpatrol.detect.collector import paused
from netpatrol.detect.context import Page
from netpatrol.detect.duties import judge_duties
from netpatrol.detect.judge import Candidate, Judge
from netpatrol.detect.matching import Matching
from netpatrol.detect.model import PackSet
from netpatrol.detect.role import role_of_page
from netpatrol.detect.ruleset import Ruleset
from netpatrol.detect.scan import MOST_HITS, Entry, Hit, Scanner
from netpatrol.detect.view import View, apply_repairs, join_answers
from netpatrol.detect.wording import Words
from netpatrol.items import Finding, Judgement, PageFacts, PageText, Severity, Verdict
from netpatrol.text.normalise import normalise

_GRAVITY = tuple(Severity)
_MOST_FINDINGS = 500
_MOST_CANDIDATES = 2_000
_MOST_QUIET = 400  # matches that only tell what was let pass cost most and matter least
_ADDRESS = re.compile(r"(?:https?:)?//[\x21-\x7e]+|www\.[\x21-\x7e]+|[a-z0-9._-]+@[a-z0-9-]+\.[a-z0-9.-]+")
_SAID = re.compile("在本|在我们|每周|每月|每逢")  # a sentence that ends like a name: 某专家每周六在本门诊部
_LONGEST_TRIGGER = 24  # characters; more are in no word of the packs
_AROUND = 40  # characters that decide how words are cut around a doubtful stretch


class Engine:
    """Judges pages by a pack set; safe to share between threads once made."""

    def __init__(
        self, packs: PackSet, *, demoted: frozenset[str] = frozenset(), entries: dict[str, Entry] | None = None
    ) -> None:
        """Compile a pack set; `demoted` are rules whose findings only ask for a person (see `detect/live.py`).

        `entries` are those of its rules where they are known from an earlier run (see `detect/kept.py`).
        """
        self.packs, self.demoted = packs, demoted
        with paused():
            self.rules = Ruleset(packs, entries)
            self.matching = Matching(self.rules.armed, self.rules.traps)

    def demote(self, rules: frozenset[str]) -> None:
        """From now on let findings of these rules only ask for a person."""
        self.demoted = rules

    def judge(self, text: PageText, facts: PageFacts, *, on: date, product_category: str = "") -> Judgement:
        """Return role, findings and duties of a page as the law stood on that day.

        What could not be looked at within bounds is named in `timeouts`; such a page is not clean.
        """
        timeouts: list[str] = []
        view, hits, whole = self.look(text)
        if not whole:
            timeouts.append(f"触发词超过 {MOST_HITS} 处，只看了前面的")
        page = Page(text, facts, view, self.rules.signs, product_category)
        judge = Judge(self.rules, page, on, self.demoted)
        findings: list[Finding] = []
        candidates = self._candidates(page, hits, judge)
        loud = sum(not candidate.spec.quiet for candidate in candidates)
        if loud > _MOST_CANDIDATES:
            timeouts.append(f"待判之处超过 {_MOST_CANDIDATES}，只判了前面的")
        for candidate in candidates[: max(min(loud, _MOST_CANDIDATES), _MOST_QUIET)]:
            finding = judge.finding(candidate)
            if finding is not None:
                findings.append(finding)
            if len(findings) >= _MOST_FINDINGS:
                timeouts.append(f"疑点超过 {_MOST_FINDINGS} 处，只列出前面的")
                break
        findings.sort(key=lambda finding: (finding.start, finding.end, finding.rule_id))
        duties = judge_duties(self.rules, page, on)
        return Judgement(role=role_of_page(page), findings=tuple(findings), duties=duties, timeouts=tuple(timeouts))

    def look(self, text: PageText) -> tuple[View, list[Hit], bool]:
        """Scan the page; if something was written to evade, restore it and scan again. The last says whether all was seen."""
        norm = text.norm
        scanner = self.rules.scanner
        hits, repairs, whole = scanner.scan(norm, _breaks_of(text), _word_check(norm))
        if not repairs:
            return join_answers(View(norm)), hits, whole
        view = join_answers(apply_repairs(norm, repairs))
        return view, _moved(hits, view) + _around_repairs(scanner, view), whole

    def _candidates(self, page: Page, hits: list[Hit], judge: Judge) -> list[Candidate]:
        """Return the matches that apply at all; of overlapping ones of a family only one."""
        if not hits:
            return []
        found = []
        for start, end, number in self.matching.matches(page, hits, _masks(page)):
            entry = self.rules.armed[number]
            candidate = Candidate(start, end, entry.pack, entry.rule, entry.matcher.spec, entry.order)
            if judge.applies(candidate):
                found.append(candidate)
        kept = _without_left(_one_of_family(found, judge.verdict), judge.verdict)
        return sorted(kept, key=lambda candidate: candidate.spec.quiet)


def _moved(hits: list[Hit], view: View) -> list[Hit]:
    """Return the hits outside of repaired stretches, in offsets of the view."""
    starts = [repair.start for repair in view.repairs]
    kept: list[Hit] = []
    for start, end, numbers in hits:
        place = bisect_right(starts, end - 1) - 1
        if place < 0 or view.repairs[place].end <= start:
            at = view.view_offset(start)
            kept.append((at, at + end - start, numbers))
    return kept


def _around_repairs(scanner: Scanner, view: View) -> list[Hit]:
    """Return the hits that touch repaired stretches: only their surroundings are scanned again."""
    found: dict[tuple[int, int], Hit] = {}
    for repair in view.repairs:
        at = view.view_offset(repair.start)
        low, end = max(0, at - _LONGEST_TRIGGER), at + len(repair.text)
        hits, _, _ = scanner.scan(view.text[low : end + _LONGEST_TRIGGER], lambda: (), lambda _a, _b: False)
        for start, stop, numbers in hits:
            if low + start < end and at < low + stop:
                found[low + start, low + stop] = (low + start, low + stop, numbers)
    return list(found.values())


def _breaks_of(text: PageText) -> Callable[[], Sequence[int]]:
    """Return the question at which offsets of `norm` blocks end; worked out when first asked."""

    @cache
    def breaks() -> Sequence[int]:
        ends = [zone.end for zone in text.zones]
        return ends if text.origin is None else [bisect_left(text.origin, end) for end in ends]

    return breaks


def _word_check(norm: str) -> Callable[[int, int], bool]:
    """Return the question whether a stretch can be read on its own (醉佳 yes, 喝醉好 no: 喝醉 is a word)."""

    def allows(start: int, end: int) -> bool:
        low, high = max(0, start - _AROUND), min(len(norm), end + _AROUND)
        words = Words(norm, low, high)
        return not words.cross(start, end) and not words.is_word(start, end)

    return allows


def _masks(page: Page) -> list[tuple[int, int]]:
    """Return stretches of the view where rules do not look: addresses of the web and mail, names of traders."""
    text = page.view.text
    masks: list[tuple[int, int]] = []
    if "//" in text or "www." in text or "@" in text:
        masks.extend(match.span() for match in _ADDRESS.finditer(text))
    for name in dict.fromkeys(fact.value for fact in page.facts.of("name") if fact.how != "shop"):
        if _SAID.search(name):
            continue
        bare = normalise(name).text
        at = text.find(bare) if bare else -1
        while at >= 0:
            masks.append((at, at + len(bare)))
            at = text.find(bare, at + len(bare))
    return sorted(masks)


def _one_of_family(found: list[Candidate], verdict: Callable[[Candidate], Verdict]) -> list[Candidate]:
    """Of overlapping matches of one family keep the one that says most (see `_rank`)."""
    found.sort(key=lambda candidate: _rank(candidate, verdict(candidate)))
    kept: list[Candidate] = []
    taken: dict[str, list[tuple[int, int]]] = {}
    for candidate in found:
        spans = taken.setdefault(candidate.rule.family, [])
        place = bisect_left(spans, (candidate.start, candidate.end))
        near = spans[max(0, place - 1) : place + 1]
        if any(a < candidate.end and candidate.start < b for a, b in near):
            continue
        spans.insert(place, (candidate.start, candidate.end))
        kept.append(candidate)
    return kept


def _without_left(found: list[Candidate], verdict: Callable[[Candidate], Verdict]) -> list[Candidate]:
    """Drop what a rule leaves to another family that names the same place or borders on it (零风险高回报 is finance)."""
    if not any(candidate.rule.leaves_to for candidate in found):
        return found
    loud = [c for c in found if not c.spec.quiet and verdict(c) is Verdict.VIOLATION]
    loud.sort(key=lambda candidate: candidate.start)
    starts = [candidate.start for candidate in loud]

    def is_left(candidate: Candidate) -> bool:
        families = candidate.rule.leaves_to
        near = loud[bisect_left(starts, candidate.start - Page.longest_sentence) : bisect_right(starts, candidate.end)]
        return any(other.rule.family in families and candidate.start <= other.end for other in near)

    return [candidate for candidate in found if not (candidate.rule.leaves_to and is_left(candidate))]


def _rank(candidate: Candidate, verdict: Verdict) -> tuple[str, bool, bool, bool, int, int, int, int]:
    """Sort: certain before doubtful, particular before wide, grave before light, pack order, longer before shorter."""
    rule, spec = candidate.rule, candidate.spec
    doubtful = verdict is Verdict.REVIEW  # as any rule on trial is: it never takes the place of one in force
    grave = _GRAVITY.index(rule.severity)
    length = candidate.start - candidate.end
    return rule.family, spec.quiet, doubtful, rule.yields, grave, candidate.order, length, candidate.start
