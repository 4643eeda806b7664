"""Turns the checked records of pack files into `PackSet`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from netpatrol.detect.lock import digest_of, lock_of
from netpatrol.detect.model import (
    Basis,
    Condition,
    Example,
    Examples,
    Exemption,
    MatchSpec,
    Pack,
    PackSet,
    Period,
    Replaced,
    Rule,
)
from netpatrol.detect.types import COMPILERS
from netpatrol.items import Confidence, PartKind, Severity, Verdict, ZoneName

Row = Mapping[str, Any]
KINDS = (*COMPILERS, "say", "missing", "fact", "external")


class Source(Protocol):
    """Where a record came from, and where its faults go."""

    rule: str

    @property
    def path(self) -> Any:
        """The file."""

    @property
    def layer(self) -> str:
        """national, provincial or local."""

    def fault(self, message: str, line: int = 0) -> None:
        """Note a fault."""


def build_pack_set(records: Sequence[tuple[Source, Any]]) -> PackSet:
    """Build the set; what a later layer names anew (rules by id, lexicons, exemptions) replaces the earlier."""
    shared = [record for _, record in records if record.get("schema") == "netpatrol.shared/1"]
    lexicons: dict[str, tuple[str, ...]] = {}
    for _, record in records:
        lexicons.update(record.get("lexicons", {}))
    packs: list[Pack] = []
    exemptions: dict[str, Exemption] = {}
    traps: list[MatchSpec] = []
    for source, record in records:
        for key, row in record.get("exemptions", {}).items():
            exemptions[key] = _exemption(key, row)
        traps.extend(match_of(row, source) for row in record.get("traps", ()))
        if record.get("schema") == "netpatrol.pack/1":
            packs.append(_pack(record, source))
    kept, replaced = _without_overridden(packs)
    found = PackSet(
        packs=kept,
        replaced=replaced,
        lexicons=lexicons,
        exemptions=tuple(exemptions.values()),
        traps=tuple(traps),
        restore=tuple(say for record in shared for say in record.get("restore", ())),
        glyphs=_merged(shared, "glyphs"),
        plain_glyphs=tuple(glyph for record in shared for glyph in record.get("plain_glyphs", ())),
        cues=_merged(shared, "cues"),
        goods=_merged(shared, "goods"),
    )
    return replace(found, lock=lock_of(found))


def _merged(shared: Sequence[Row], field: str) -> dict[str, tuple[str, ...]]:
    return {name: words for record in shared for name, words in record.get(field, {}).items()}


def _without_overridden(packs: Sequence[Pack]) -> tuple[tuple[Pack, ...], tuple[Replaced, ...]]:
    """Drop the rules that a later layer defines anew; each pack keeps its own version, owner and law."""
    latest = {rule.id: place for place, pack in enumerate(packs) for rule in pack.rules}
    kept = tuple(
        replace(pack, rules=tuple(rule for rule in pack.rules if latest[rule.id] == place))
        for place, pack in enumerate(packs)
    )
    gone = (
        Replaced(rule_id=rule.id, pack=packs[latest[rule.id]].name, layer=pack.layer, place=f"{pack.path}:{rule.line}")
        for place, pack in enumerate(packs)
        for rule in pack.rules
        if latest[rule.id] != place and pack.layer != packs[latest[rule.id]].layer
    )
    return kept, tuple(gone)


def _pack(record: Any, source: Source) -> Pack:
    name = record.get("pack", "")
    review = record.get("review", {})
    pack = Pack(
        name=name,
        title=record.get("title", ""),
        version=record.get("version", 0),
        status=record.get("status", ""),
        owner=record.get("owner", ""),
        reviewed_by=review.get("by", ""),
        reviewed_on=review.get("on"),
        review_due=review.get("due"),
        valid=_period(record.get("valid")),
        penalty=record.get("penalty", ""),
        leniency=record.get("leniency", ()),
        basis=tuple(_basis(key, row) for key, row in record.get("legal_basis", {}).items()),
        rules=tuple(_rule(row, record, source) for row in record.get("rules", ())),
        layer=source.layer,
        path=str(source.path),
    )
    if name != source.path.stem:
        source.fault(f"规则包名“{name}”应与文件名“{source.path.stem}”相同", record.lines.get("pack", 1))
    return replace(pack, digest=digest_of(pack))


def _period(row: Row | None) -> Period:
    return Period(start=row.get("from"), end=row.get("until")) if row else Period()


def _basis(key: str, row: Row) -> Basis:
    return Basis(
        key=key,
        title=row.get("title", ""),
        article=row.get("article", ""),
        version=row.get("version", ""),
        in_force=_period(row.get("in_force")),
        checked=row.get("checked", False),
        url=row.get("url", ""),
        note=row.get("note", ""),
    )


def _rule(row: Any, record: Row, source: Source) -> Rule:
    source.rule = row.get("id", "")
    rule = Rule(
        id=row.get("id", ""),
        title=row.get("title", ""),
        family=row.get("id", "").partition(".")[0],
        severity=Severity(row.get("severity", "medium")),
        confidence=Confidence(row.get("confidence", "medium")),
        basis=row.get("basis", ()),
        match=tuple(match_of(match, source) for match in row.get("match", ())),
        message=row.get("message", ""),
        unless=tuple(dict.fromkeys((*row.get("unless", ()), *record.get("unless", ())))),
        where=tuple(ZoneName(zone) for zone in row.get("where", ())),
        pages=_pages(row),
        goods=row.get("goods", ()),
        not_goods=row.get("not_goods", ()),
        verdict=Verdict(row.get("verdict", "violation")),
        scope=row.get("scope", "text"),
        status=row.get("status", record.get("status", "active")),
        valid=_period(row.get("valid")),
        contested=row.get("contested", False),
        yields=row.get("yields", False),
        leaves_to=row.get("leaves_to", ()),
        allow=row.get("allow", ()),
        known_false=row.get("known_false", ()),
        note=row.get("note", ""),
        examples=_examples(row.get("examples", {}), source),
        line=row.line,
    )
    source.rule = ""
    return rule


def _pages(row: Row) -> tuple[PartKind, ...]:
    return tuple(PartKind(page) for page in row.get("pages", ()))


def match_of(row: Any, source: Source) -> MatchSpec:
    """Return one entry of a rule's `match`, or a trap."""
    kinds = ["missing"] if "missing" in row else [kind for kind in KINDS if kind in row]
    if len(kinds) != 1:
        source.fault(f"match 每项应恰有一种找法（{'、'.join(KINDS)}），现有 {len(kinds)} 种", row.line)
    return MatchSpec(
        kind=kinds[0] if kinds else "",
        any=row.get("any", ()),
        say=row.get("say", ()),
        near=row.get("near", ()),
        window=row.get("window", 8),
        order=row.get("order", "any"),
        regex=row.get("regex", ""),
        trigger=row.get("trigger", ()),
        boundary=row.get("boundary", "none"),
        needs=row.get("needs", ()),
        absent=row.get("absent", ()),
        within=row.get("within", "sentence"),
        missing=row.get("missing", ()),
        fact=row.get("fact", ""),
        valid=row.get("valid"),
        goods=row.get("goods", ()),
        not_goods=row.get("not_goods", ()),
        pages=_pages(row),
        verdict=Verdict(row["verdict"]) if "verdict" in row else None,
        quiet=row.get("quiet", False),
        line=row.line,
    )


def _exemption(key: str, row: Any) -> Exemption:
    return Exemption(
        key=key,
        clause=row.get("clause", key),
        why=row.get("why", ""),
        basis=row.get("basis", ()),
        families=row.get("families", ()),
        not_rules=row.get("not_rules", ()),
        verdict=Verdict(row.get("verdict", "exempt")),
        when=tuple(condition_of(item) for item in row.get("when", ())),
        line=row.line,
    )


def condition_of(row: Any) -> Condition:
    """Return one condition of an exemption."""
    return Condition(
        say=row.get("say", ()),
        before=row.get("before", ()),
        after=row.get("after", ()),
        around=row.get("around", ()),
        absent=row.get("absent", ()),
        hit=row.get("hit", ()),
        hit_absent=row.get("hit_absent", ()),
        barrier=row.get("barrier", ()),
        unanswered=row.get("unanswered", ()),
        within=row.get("within", "sentence"),
        gap=row.get("gap"),
        quoted=row.get("quoted", False),
        pages=_pages(row),
        goods=row.get("goods", ()),
        approval=row.get("approval", ()),
        promo=row.get("promo"),
        name=row.get("name", ""),
        line=row.line,
    )


def _examples(row: Any, source: Source) -> Examples:
    return Examples(
        violation=tuple(_example(item, source) for item in row.get("violation", ())),
        clean=tuple(_example(item, source) for item in row.get("clean", ())),
        exempt=tuple(_example(item, source) for item in row.get("exempt", ())),
        pending=tuple(_example(item, source) for item in row.get("pending", ())),
    )


def _example(row: Any, source: Source) -> Example:
    marked = row.get("text", "")
    text, spans, at = "", [], 0
    for mark in re.finditer(r"<<(.*?)>>", marked, re.DOTALL):
        text += marked[at : mark.start()]
        spans.append((len(text), len(text) + len(mark[1])))
        text += mark[1]
        at = mark.end()
    text += marked[at:]
    if "<<" in text or ">>" in text:
        source.fault("例句里的 << >> 不成对", row.line)
    page = PartKind(row["page"]) if row.get("page") else PartKind.DETAIL
    return Example(
        text=text, spans=tuple(spans), by=row.get("by", ""), goods=row.get("goods", ""), page=page, line=row.line
    )
