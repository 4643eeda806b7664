"""The parts of a rule pack as they are after loading: plain frozen data, no YAML and no matching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from netpatrol.items import Citation, Confidence, PartKind, Severity, Verdict, ZoneName

BUILT_IN = "national"
"""The layer of the packs that come with netpatrol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From when until when something holds; both days included, None is open."""

    start: date | None = None
    end: date | None = None

    def holds(self, on: date) -> bool:
        """Say whether the day lies inside."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """An article of law with the days on which it was in force."""

    key: str
    title: str
    article: str
    in_force: Period
    version: str = ""
    checked: bool = False
    url: str = ""
    note: str = ""

    def citation(self) -> Citation:
        """Return the form that a finding carries."""
        return Citation(law=self.title, article=self.article, checked=self.checked, key=self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSpec:
    """One way in which a rule finds its wording. `kind` names the file in `types/` that compiles it."""

    kind: str
    any: tuple[str, ...] = ()
    say: tuple[str, ...] = ()
    near: tuple[tuple[str, ...], ...] = ()
    window: int = 8
    order: str = "any"
    regex: str = ""
    trigger: tuple[str, ...] = ()
    boundary: str = "none"
    needs: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    within: str = "sentence"
    missing: tuple[str, ...] = ()
    fact: str = ""
    valid: bool | None = None
    goods: tuple[str, ...] = ()
    not_goods: tuple[str, ...] = ()
    pages: tuple[PartKind, ...] = ()
    verdict: Verdict | None = None
    quiet: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must hold, all of it, for an exemption to let a hit pass."""

    say: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    hit: tuple[str, ...] = ()
    hit_absent: tuple[str, ...] = ()
    barrier: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    within: str = "sentence"
    gap: int | None = None
    quoted: bool = False
    pages: tuple[PartKind, ...] = ()
    goods: tuple[str, ...] = ()
    approval: tuple[str, ...] = ()
    promo: bool | None = None
    name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A clause that lets wording pass, as data: why, on what basis, and when (any of the conditions)."""

    key: str
    clause: str
    why: str
    when: tuple[Condition, ...]
    basis: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    not_rules: tuple[str, ...] = ()
    verdict: Verdict = Verdict.EXEMPT
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence that a rule must (or must not) catch; `spans` are the `<<…>>` parts in `text` without the marks."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    by: str = ""
    goods: str = ""
    page: PartKind = PartKind.DETAIL
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """The examples of one rule by what they prove; `pending` are known misses."""

    violation: tuple[Example, ...] = ()
    clean: tuple[Example, ...] = ()
    exempt: tuple[Example, ...] = ()
    pending: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule under its permanent id."""

    id: str
    title: str
    family: str
    severity: Severity
    confidence: Confidence
    basis: tuple[str, ...]
    match: tuple[MatchSpec, ...]
    message: str
    unless: tuple[str, ...] = ()
    where: tuple[ZoneName, ...] = ()
    pages: tuple[PartKind, ...] = ()
    goods: tuple[str, ...] = ()
    not_goods: tuple[str, ...] = ()
    verdict: Verdict = Verdict.VIOLATION
    scope: str = "text"
    status: str = "active"
    valid: Period = Period()
    contested: bool = False
    yields: bool = False
    leaves_to: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    known_false: tuple[str, ...] = ()
    note: str = ""
    examples: Examples = Examples()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One YAML file of rules."""

    name: str
    title: str
    version: int
    status: str
    owner: str
    reviewed_by: str
    reviewed_on: date | None
    review_due: date | None
    valid: Period
    penalty: str
    basis: tuple[Basis, ...]
    rules: tuple[Rule, ...]
    layer: str = BUILT_IN
    path: str = ""
    digest: str = ""
    leniency: tuple[str, ...] = ()

    def citation(self, key: str) -> Basis | None:
        """Return the legal basis of that key."""
        return next((basis for basis in self.basis if basis.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A rule that does not work any more, because a pack of a later layer has one of the same id."""

    rule_id: str
    pack: str
    layer: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSet:
    """All packs of all layers, with what they share. `lock` is the digest that every finding can be traced to."""

    packs: tuple[Pack, ...]
    lexicons: dict[str, tuple[str, ...]]
    exemptions: tuple[Exemption, ...]
    traps: tuple[MatchSpec, ...]
    restore: tuple[str, ...]
    glyphs: dict[str, tuple[str, ...]]
    plain_glyphs: tuple[str, ...]
    cues: dict[str, tuple[str, ...]]
    goods: dict[str, tuple[str, ...]]
    replaced: tuple[Replaced, ...] = ()
    lock: str = ""

    def rules(self) -> tuple[tuple[Pack, Rule], ...]:
        """Return every rule with its pack."""
        return tuple((pack, rule) for pack in self.packs for rule in pack.rules)
