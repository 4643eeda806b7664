"""The types that flow through a patrol, in order of flow. Read this first.

A page is found (`PageItem`), preserved (`EvidenceRef`), read (`PageText`, `PageFacts`), judged
(`Finding`), matched to a registered entity (`Match`) and turned into leads (`Lead`). A `Dossier` is the
envelope to which each stage adds its slot. All types are frozen; tuples, not lists; aware UTC datetimes;
ids are digests made by `digest()`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

EMPTY: Mapping[str, str] = {}
POSTED = "#post:"
"""What the key of a page to which a form led has before the form's fields."""

_COUNTS = re.compile(r"\d+")


def digest(*parts: str) -> str:
    """Return the id of something that these parts identify: 32 hex digits of SHA-256.

    Parts are length-prefixed, so ("ab", "c") and ("a", "bc") differ.
    """
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def claim_of(quote: str) -> str:
    """Return a wording without blanks, and with no count or date in it: by this it is known again."""
    return _COUNTS.sub("#", "".join(quote.split()))


Expression = tuple[str, str]
"""Family of rules and claim: what is said, whichever rule finds it."""


def expression_of(family: str, quote: str) -> Expression:
    """Return what is said by a wording that a rule of a family finds."""
    return family, claim_of(quote)


# -- closed sets -------------------------------------------------------------------------------------


class ZoneName(StrEnum):
    """Where on a page a text stands (`where` in reports)."""

    TEXT = "text"
    TITLE = "title"
    ALT = "alt"
    ATTR = "attr"
    META = "meta"
    JSONLD = "jsonld"
    STATE = "state"
    NOSCRIPT = "noscript"
    OCR = "ocr"


class Gate(StrEnum):
    """What the forms of a page ask for before it shows anything."""

    NONE = ""
    LOCK = "lock"
    """A password and nothing else: of this very page."""
    LOGIN = "login"
    """Who a visitor is."""


class PartKind(StrEnum):
    """What kind of text a page, or one part of it, is (`page_kind` in requests)."""

    PRODUCT_TITLE = "product_title"
    DETAIL = "detail"
    BANNER = "banner"
    ABOUT = "about"
    NEWS = "news"
    FOOTER = "footer"
    META = "meta"
    REVIEW = "review"
    POLICY = "policy"
    PAGE = "page"

    @classmethod
    def of(cls, name: str | None) -> PartKind:
        """Return the kind of that name; unknown and absent names are `page`."""
        try:
            return cls(name or "page")
        except ValueError:
            return cls.PAGE


class PageState(StrEnum):
    """How far a page could be checked. Everything but CHECKED is "not checked", never "clean"."""

    CHECKED = "checked"
    NEEDS_RENDER = "needs_render"
    CHALLENGE = "challenge"
    UNDECODABLE = "undecodable"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    NOT_HTML = "not_html"
    EMPTY = "empty"
    JUMP = "jump"
    SOFT_404 = "soft_404"
    PARSE_SUSPECT = "parse_suspect"
    BAD_INPUT = "bad_input"


class Verdict(StrEnum):
    """A lead, let pass by a clause, or for a person to look at."""

    VIOLATION = "violation"
    EXEMPT = "exempt"
    REVIEW = "review"


class Severity(StrEnum):
    """How serious a claim is if it is what it seems."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Confidence(StrEnum):
    """How often such a hit is right."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class MatchVerdict(StrEnum):
    """How sure a match of page and entity is."""

    EXACT = "exact"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Determination(StrEnum):
    """数据判定: what the register says of the shop (docs/handler.zh.md tells what to do first)."""

    MATCH = "match"
    MISMATCH = "mismatch"
    REVOKED = "revoked"
    INVALID_CODE = "invalid_code"
    NO_MATCH = "no_match"
    OUT_OF_REGION = "out_of_region"
    SELF_DECLARED_EXEMPT = "self_declared_exempt"
    UNKNOWN = "unknown"


# -- found -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRef:
    """The subject that a page belongs to: a site of its own, or a storefront of a platform.

    `shop_id` is stable over runs: the registered host for a site, `host/storefront path` on a platform.
    """

    shop_id: str
    url: str
    platform: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a browser made of a page."""

    html: str
    screenshot: bytes = b""
    engine: str = ""


class ParsedPage(Protocol):
    """A page whose markup is parsed already; what is inside is `text/html.py`'s to know."""

    def release(self) -> None:
        """Give up the tree, when nobody asks this page anything any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageItem:
    """One fetched page with its raw bytes. `document` caches the parsed page between spider and read stage."""

    url: str
    final_url: str
    fetched_at: datetime
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    request_headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    redirects: tuple[str, ...] = ()
    kind: PartKind = PartKind.PAGE
    found_via: str = ""
    key: str = ""
    """What identifies the page within its shop, whatever session or alias its address names."""
    planned: str = ""
    """The key under which the ledger planned it; another one where a redirect lay between."""
    shop: ShopRef | None = None
    rendered: Rendered | None = None
    truncated: str = ""
    """Why the body is not whole, as WARC calls it: `length` (more than is taken), `disconnect` (no more came); "" where it is."""
    unfinished: bool = False
    """Whether a browser would have had more to show than it could: what was read is judged, and the page is not checked."""
    ip_address: str = ""
    spider: str = ""
    run_id: str = ""
    document: ParsedPage | None = field(default=None, compare=False, repr=False)

    @property
    def size(self) -> int:
        """How much there is to read: bytes, or characters of what a browser showed."""
        return max(len(self.body), len(self.rendered.html) if self.rendered else 0)

    @property
    def content_type(self) -> str:
        """Return the Content-Type header as sent, or "" if there is none."""
        return self.headers.get("Content-Type", "")


# -- preserved ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRef:
    """Where a capture lies and by what it can be proven unchanged."""

    evidence_id: str
    url: str
    body_sha256: str
    warc_file: str
    warc_offset: int
    manifest_sha256: str
    previous: str
    stored_at: datetime
    archive: str = ""
    """The id of the archive (evidence folder) that holds it; "" where it was kept before archives had one."""


# -- read --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How bytes became text. `doubt` is true when no reading was convincing."""

    used: str
    declared: str = ""
    doubt: bool = False
    replaced: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A block of text: `PageText.raw[start:end]`; `path` is a short element path, `part` its kind.

    Inline tags do not end a zone, block tags do: a claim never spans two zones.
    """

    name: ZoneName
    start: int
    end: int
    path: str = ""
    part: PartKind = PartKind.PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page as words. `raw` holds all zones in order, separated by newlines; quotes are slices of it.

    `norm` is `raw` normalised for matching (NFKC, simplified, lower case, separators kept) and
    `origin[i]` the raw offset of `norm[i]`; None where both have the same offsets. `origin` has one
    entry more than `norm` has characters.
    """

    raw: str
    zones: tuple[Zone, ...]
    norm: str
    origin: Any = None
    encoding: Encoding = Encoding(used="utf-8")
    title: str = ""
    state: PageState = PageState.CHECKED
    compared: bool = False
    """Whether `state` was told by what the site answers elsewhere, so that no words of the page itself can change it."""
    kind: PartKind = PartKind.PAGE
    promo: Mapping[str, bool] = field(default_factory=dict)
    gate: Gate = Gate.NONE
    pictures: tuple[str, ...] = ()
    """Where the pictures of the page stand, as written; passing parameters left out."""
    unseen: tuple[str, ...] = ()
    """Lines of `norm` that hidden elements say; of pages that say little, where it matters what they show."""

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw offsets of `norm[start:end]`; `end` must be greater than `start`."""
        if self.origin is None:
            return start, end
        return int(self.origin[start]), int(self.origin[end - 1]) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One identifier on a page. `value` is normalised, `raw` as printed; `valid` None where nothing can be checked."""

    name: str
    value: str
    raw: str
    valid: bool | None = None
    repaired: bool = False
    zone: ZoneName = ZoneName.TEXT
    start: int = 0
    end: int = 0
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """All identifiers of a page, in order of appearance."""

    facts: tuple[Fact, ...] = ()

    def of(self, *names: str) -> tuple[Fact, ...]:
        """Return the facts of these kinds."""
        return tuple(fact for fact in self.facts if fact.name in names)

    def values(self, *names: str) -> tuple[str, ...]:
        """Return the distinct values of these kinds, in order of appearance."""
        return tuple(dict.fromkeys(fact.value for fact in self.of(*names)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a page, absolute; `where` is the tag that carries it (a, area, iframe, frame, refresh, canonical, link)."""

    url: str
    text: str = ""
    rel: str = ""
    where: str = "a"


# -- detected ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """An article of law as it stood on the day the page was seen."""

    law: str
    article: str
    checked: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A wording that a rule points at, with its verdict. `raw[start:end] == quote` always holds.

    `considered` are the exemptions looked at and rejected; `reasons` are Chinese sentences for the handler.
    """

    finding_id: str
    rule_id: str
    pack: str
    pack_version: int
    family: str
    verdict: Verdict
    severity: Severity
    confidence: Confidence
    basis: tuple[Citation, ...]
    zone: ZoneName
    start: int
    end: int
    quote: str
    clause: str
    message: str
    exemption: str | None = None
    considered: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    part: PartKind = PartKind.PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A page-level duty (licence shown, statement present) that seems not to be met."""

    rule_id: str
    verdict: Verdict
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What detection says of one page."""

    role: str
    findings: tuple[Finding, ...] = ()
    duties: tuple[Duty, ...] = ()
    timeouts: tuple[str, ...] = ()


# -- matched -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One reason for (or against) a match: both values compared and a Chinese sentence."""

    name: str
    score: float
    page_value: str
    register_value: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An entity that may be the operator."""

    entity_id: str
    name: str
    score: float
    verdict: MatchVerdict
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Who runs the shop, by the register; `entity` is None where nobody or several are as likely."""

    entity: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    determination: Determination = Determination.UNKNOWN
    reasons: tuple[str, ...] = ()
    register_version: str = ""
    unit: str = ""


# -- led ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFinding:
    """A finding as a lead keeps it: what, where, when first and last seen, and the captures that show it."""

    key: str
    rule_id: str
    family: str
    verdict: Verdict
    severity: Severity
    confidence: Confidence
    quote: str
    clause: str
    url: str
    zone: ZoneName
    basis: tuple[Citation, ...]
    message: str
    reasons: tuple[str, ...]
    exemption: str | None
    considered: tuple[str, ...]
    pack: str
    pack_version: int
    evidence: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    pack_lock: str = ""
    """Lock of the rule packs that found it last; "" where an older version did."""

    @property
    def expression(self) -> Expression:
        """Return what is said, whichever rule of the family finds it."""
        return expression_of(self.family, self.quote)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A case lead (案件线索): one subject, one shop, one rule family."""

    lead_id: str
    key_version: int
    subject: str
    subject_name: str
    shop: ShopRef
    host: str
    family: str
    findings: tuple[LeadFinding, ...]
    determination: Determination
    match: Match
    priority: int
    priority_reasons: tuple[str, ...]
    unit: str
    first_seen: datetime
    last_seen: datetime


# -- the envelope ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that went wrong with one page; `fatal` ends the run non-zero."""

    stage: str
    code: str
    detail: str = ""
    fatal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One page on its way through the stages; each adds its slot."""

    page: PageItem
    evidence: EvidenceRef | None = None
    text: PageText | None = None
    facts: PageFacts | None = None
    judgement: Judgement | None = None
    match: Match | None = None
    leads: tuple[Lead, ...] = ()
    problems: tuple[Problem, ...] = ()

    def having(self, **slots: Any) -> Dossier:
        """Return a copy with these slots filled."""
        return replace(self, **slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided about a lead; append-only, never written by the crawler."""

    lead_id: str
    verdict: str
    by: str
    at: datetime
    note: str = ""
    rules: tuple[str, ...] = ()
    """Of each finding that it is about, the rule that found it; () where an older version noted none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One crawl run and its coverage ledger: planned = checked + skipped + failed.

    `worker` is the process, which shows at least until `alive_until` that it lives; a run without an end after that was killed.
    """

    run_id: str
    spider: str
    started_at: datetime
    worker: str = ""
    alive_until: datetime | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    build: str = ""
    pack_lock: str = ""
    register_version: str = ""
    ended_at: datetime | None = None
    finish_reason: str = ""
    ledger: Mapping[str, Any] = field(default_factory=dict)
    stats: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """What `core.check_page` needs besides the packs and the register."""

    page: PageItem
    on: date
    product_category: str = ""
