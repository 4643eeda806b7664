"""read -> detect -> match -> lead as pure functions, and `check_page()` over them.

A Scrapy pipeline, `netpatrol check`, `netpatrol rescan` and the tests call the same functions. Nothing here
knows Scrapy, MongoDB or the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from netpatrol.entities.determine import match_shop
from netpatrol.entities.features import ShopEvidence, gather
from netpatrol.entities.statements import find_known_names, find_licence_pictures, find_statements
from netpatrol.items import CheckRequest, Dossier, Judgement, PageFacts, PageItem, PageState, PageText, PartKind, Problem, Verdict, ZoneName
from netpatrol.text.html import Document, parse_document, parse_markup
from netpatrol.text.read import read_document, read_facts, read_text
from netpatrol.text.state import says_it_failed

if TYPE_CHECKING:
    from netpatrol.detect.engine import Engine
    from netpatrol.entities.register import Register
    from netpatrol.items import Match

READ_STATES = frozenset({PageState.CHECKED, PageState.TRUNCATED, PageState.PARSE_SUSPECT})
"""States in which a page says something of its shop; one of these makes a shop checked rather than unknown."""

ENOUGH_SHOWN = 8
"""Chinese characters of visible text from which a rendered page counts as read."""

JUDGED_STATES = READ_STATES | {PageState.NEEDS_RENDER, PageState.CHALLENGE, PageState.JUMP}
"""States in which the words that were read are judged all the same; only CHECKED can come out clean."""

_AROUND = (PartKind.BANNER, PartKind.FOOTER, PartKind.POLICY)
"""Parts that every page of a site shows alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a page is checked against: rule packs, register, region (division-code prefixes)."""

    engine: Engine
    register: Register | None = None
    region: tuple[str, ...] = ()


def document_of(page: PageItem) -> Document:
    """Return the parsed page: the rendered one if there is one, else what the spider parsed, else parse it now."""
    if page.rendered is not None:
        return parse_markup(page.rendered.html, page.final_url)
    if isinstance(page.document, Document):
        return page.document
    return parse_document(page.body, page.content_type, page.final_url)


def read(dossier: Dossier) -> Dossier:
    """Add text and facts."""
    page = dossier.page
    document = document_of(page)
    text = read_document(document, kind=page.kind)
    if page.truncated and text.state is PageState.CHECKED:
        text = _in_state(text, PageState.TRUNCATED)
    if page.rendered is not None and text.state is PageState.NEEDS_RENDER and shows_something(text) and not says_it_failed(text.raw):
        text = _in_state(text, PageState.CHECKED)  # a browser had its say: what little stands there is all there is
    if page.unfinished and text.state is PageState.CHECKED:
        text = _in_state(text, PageState.NEEDS_RENDER)
    return dossier.having(text=text, facts=_all_facts(text, document, page.final_url))


def read_snippet(dossier: Dossier, raw: str) -> Dossier:
    """Add text and facts of a plain text that belongs to no markup."""
    text = read_text(raw, kind=dossier.page.kind)
    return dossier.having(text=text, facts=_all_facts(text))


def _all_facts(text: PageText, document: Document | None = None, url: str = "") -> PageFacts:
    """Return identifiers, and what else a page says of its operator: exempt from registration, licence as a picture."""
    found = read_facts(text, document, url)
    return PageFacts(facts=(*found.facts, *find_statements(text), *find_licence_pictures(document)))


def detect(dossier: Dossier, engine: Engine, *, on: date, product_category: str = "") -> Dossier:
    """Add the judgement; a page that could not be read gets none, and says so."""
    text, facts = dossier.text, dossier.facts or PageFacts()
    says_gone = text is not None and text.state is PageState.SOFT_404 and not text.compared
    if text is None or not (says_gone or text.state in JUDGED_STATES):
        return _not_read(dossier)
    judgement = engine.judge(text, facts, on=on, product_category=product_category)
    if says_gone:
        if not _still_advertises(judgement):
            return _not_read(dossier)
        dossier = dossier.having(text=_in_state(text, PageState.CHECKED))
    slow = tuple(Problem(stage="detect", code="timeout", detail=rule) for rule in judgement.timeouts)
    return dossier.having(judgement=judgement, problems=(*dossier.problems, *slow))


def _not_read(dossier: Dossier) -> Dossier:
    state = dossier.text.state if dossier.text else PageState.BAD_INPUT
    return dossier.having(problems=(*dossier.problems, Problem(stage="read", code=str(state))))


def _still_advertises(judgement: Judgement) -> bool:
    """Whether a page that says that something is gone holds a wording of its own that would be a lead: then it is there.

    What every page of a site shows around itself (menu, footer) and what it is called do not count.
    """
    return any(
        finding.verdict is Verdict.VIOLATION and finding.zone is ZoneName.TEXT and finding.part not in _AROUND
        for finding in judgement.findings
    )


def match_page(dossier: Dossier, desk: Desk) -> Dossier:
    """Add the page's own match, and the registered names that stand in its text to its facts."""
    if desk.register is None or dossier.facts is None:
        return dossier
    if dossier.text is not None:
        known = find_known_names(dossier.text, dossier.facts, desk.register)
        dossier = dossier.having(facts=PageFacts(facts=(*dossier.facts.facts, *known)))
    return dossier.having(match=match(evidence_of([dossier]), desk))


def has_violation(html: str, url: str, engine: Engine, *, on: date) -> bool:
    """Whether the markup of a page holds a wording that would be a lead."""
    document = parse_markup(html, url)
    text = read_document(document)
    judgement = engine.judge(text, read_facts(text, document, url), on=on)
    return any(finding.verdict is Verdict.VIOLATION for finding in judgement.findings)


def match(evidence: ShopEvidence, desk: Desk) -> Match:
    """Return who runs the shop, from all that its pages show together."""
    return match_shop(evidence, desk.register, region=desk.region)


def evidence_of(dossiers: Sequence[Dossier]) -> ShopEvidence:
    """Gather what the pages of one shop show of its operator."""
    return gather(
        [(d.page.final_url, d.facts) for d in dossiers if d.facts is not None],
        readable=any(d.text is not None and d.text.state in READ_STATES for d in dossiers),
    )


def check_page(request: CheckRequest, desk: Desk, *, snippet: str | None = None) -> Dossier:
    """Read, judge and match one page by itself.

    `snippet` is a plain text to check instead of the page's body. Raises nothing for hostile pages: what could
    not be done stands in `problems`.
    """
    dossier = Dossier(page=request.page)
    dossier = read_snippet(dossier, snippet) if snippet is not None else read(dossier)
    dossier = detect(dossier, desk.engine, on=request.on, product_category=request.product_category)
    return match_page(dossier, desk)


def shows_something(text: PageText) -> bool:
    shown = "".join(text.raw[zone.start : zone.end] for zone in text.zones if zone.name is ZoneName.TEXT)
    return sum("\u4e00" <= char <= "\u9fff" for char in shown) >= ENOUGH_SHOWN


def _in_state(text: PageText, state: PageState) -> PageText:
    from dataclasses import replace

    return replace(text, state=state)


__all__ = [
    "Desk",
    "Judgement",
    "check_page",
    "detect",
    "document_of",
    "evidence_of",
    "match",
    "match_page",
    "read",
    "read_snippet",
]
