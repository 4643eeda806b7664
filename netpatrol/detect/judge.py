"""From a match to a finding: does the rule apply here, which clause lets it pass, and the reasons in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from netpatrol.detect.context import Page
from netpatrol.detect.exempt import Place
from netpatrol.detect.model import MatchSpec, Pack, Rule
from netpatrol.detect.role import WHY, passes_as
from netpatrol.detect.ruleset import Ruleset
from netpatrol.items import Citation, Finding, PartKind, Verdict, Zone, ZoneName, digest

_MOST_REMEMBERED = 400  # characters of a block whose verdicts are remembered; longer ones do not repeat
_Passed = tuple["str | None", str, tuple[str, ...], Verdict]
_HIDDEN = (ZoneName.ALT, ZoneName.ATTR, ZoneName.META, ZoneName.JSONLD, ZoneName.STATE, ZoneName.NOSCRIPT)
_HIDDEN_NAMES = {
    ZoneName.ALT: "图片替代文字",
    ZoneName.ATTR: "标签属性",
    ZoneName.META: "网页描述信息",
    ZoneName.JSONLD: "结构化数据",
    ZoneName.STATE: "内嵌数据",
    ZoneName.NOSCRIPT: "无脚本文字",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A match of a rule, in offsets of the view, before anything about its surroundings was asked."""

    start: int
    end: int
    pack: Pack
    rule: Rule
    spec: MatchSpec
    order: int


class Judge:
    """Judges the candidates of one page."""

    def __init__(self, rules: Ruleset, page: Page, on: date, demoted: frozenset[str] = frozenset()) -> None:
        self._rules, self._page, self._on, self._demoted = rules, page, on, demoted
        self._known: dict[tuple[object, ...], _Passed] = {}

    def applies(self, candidate: Candidate) -> bool:
        """Say whether the rule is for this day, place, goods and context at all."""
        rule, spec = candidate.rule, candidate.spec
        if not self._rules.of_day(candidate.pack, rule, self._on).in_force:
            return False
        if (rule.where or rule.pages or spec.pages) and not self._in_place(candidate):
            return False
        return self._fits(candidate) and self._in_context(candidate)

    def finding(self, candidate: Candidate) -> Finding | None:
        """Return the finding of a candidate, None if it is quiet and nothing lets it pass."""
        page = self._page
        raw_start, raw_end = page.text.raw_span(*page.view.norm_span(candidate.start, candidate.end))
        zone = page.zone(raw_start)
        part = page.part(zone)
        place = Place(candidate.start, candidate.end, part, self._sells(part))
        exemption, why, considered, verdict = self._passed(candidate, place)
        if candidate.spec.quiet and (exemption is None or verdict is not Verdict.EXEMPT):
            return None
        return self._build(candidate, raw_start, raw_end, zone, part, exemption, why, considered, verdict)

    def _sells(self, part: PartKind) -> bool:
        promoting = (PartKind.PRODUCT_TITLE, PartKind.DETAIL, PartKind.BANNER, PartKind.META)
        return part in promoting or (self._page.news_sells if part is PartKind.NEWS else self._page.sells)

    def _in_place(self, candidate: Candidate) -> bool:
        """Say whether the zone and the part of the page are those that the rule is for."""
        page, rule, spec = self._page, candidate.rule, candidate.spec
        zone = page.zone(page.text.raw_span(*page.view.norm_span(candidate.start, candidate.end))[0])
        if zone is not None and rule.where and zone.name not in rule.where:
            return False
        part = page.part(zone)
        return not ((rule.pages and part not in rule.pages) or (spec.pages and part not in spec.pages))

    def _fits(self, candidate: Candidate) -> bool:
        rule, spec = candidate.rule, candidate.spec
        if not (rule.goods or rule.not_goods or spec.goods or spec.not_goods):
            return True
        page = self._page
        if not page.goods_given and page.has(f"here_{rule.family}", *page.sentence(candidate.start)):
            return True  # the sentence itself says what is sold; pages of mixed shops say many things
        goods, among = page.goods, page.categories
        wanted = all(not asked or any(name in asked for name in among) for asked in (rule.goods, spec.goods))
        return wanted and goods not in rule.not_goods and goods not in spec.not_goods

    def _in_context(self, candidate: Candidate) -> bool:
        """Say whether what the matcher needs stands around, what must be absent does not, and word borders fit."""
        spec, page = candidate.spec, self._page
        if spec.needs or spec.absent:
            low, high = page.reach(spec.within, candidate.start, candidate.end)
            stretch = page.view.text[low:high]
            words = self._rules.words
            if spec.needs and not words(spec.needs).search(stretch):
                return False
            if spec.absent and words(spec.absent).search(stretch):
                return False
        return spec.boundary != "token" or self._on_word_borders(candidate)

    def _on_word_borders(self, candidate: Candidate) -> bool:
        from netpatrol.text.words import borders, tokenizer

        low, high = self._page.clause(candidate.start, candidate.end)
        edges = borders(self._page.view.text[low:high], tokenizer())
        return candidate.start - low in edges and candidate.end - low in edges

    def _passed(self, candidate: Candidate, place: Place) -> _Passed:
        """Return what `_exempted` says, worked out once for blocks that stand on the page again and again."""
        low, high = self._page.block(place.start)
        if high - low > _MOST_REMEMBERED or high < place.end:
            return self._exempted(candidate, place)
        block = self._page.view.text[low:high]
        key = (block, place.start - low, place.end - low, place.part, candidate.rule.id, candidate.spec.line)
        if key not in self._known:
            self._known[key] = self._exempted(candidate, place)
        return self._known[key]

    def _exempted(self, candidate: Candidate, place: Place) -> _Passed:
        """Return the clause that lets the hit pass, its reason, the clauses considered before, and its verdict."""
        considered: list[str] = []
        possible = self._page.possible(self._rules.index, place.start)
        for exemption in self._rules.of_day(candidate.pack, candidate.rule, self._on).exemptions:
            if exemption.holds(self._page, place, possible):
                return exemption.spec.clause, exemption.spec.why, tuple(dict.fromkeys(considered)), exemption.spec.verdict
            considered.append(exemption.spec.clause)
        if candidate.spec.quiet:
            return None, "", tuple(considered), Verdict.EXEMPT
        clause = passes_as(self._page, place.part, candidate.rule.family, candidate.start, candidate.end)
        return clause, WHY.get(clause or "", ""), tuple(dict.fromkeys(considered)), Verdict.EXEMPT

    def _build(
        self,
        candidate: Candidate,
        start: int,
        end: int,
        zone: Zone | None,
        part: PartKind,
        exemption: str | None,
        why: str,
        considered: tuple[str, ...],
        passed: Verdict,
    ) -> Finding:
        page, rule, pack = self._page, candidate.rule, candidate.pack
        quote = page.text.raw[start:end]
        verdict = passed if exemption else self.verdict(candidate)
        basis = self._rules.of_day(candidate.pack, candidate.rule, self._on).citations
        low, high = page.text.raw_span(*page.view.norm_span(*page.sentence(candidate.start)))
        low = max(low, zone.start) if zone else low
        high = min(high, zone.end) if zone else high
        name = zone.name if zone else ZoneName.TEXT
        return Finding(
            finding_id=digest(rule.id, str(start), quote, name),
            rule_id=rule.id,
            pack=pack.name,
            pack_version=pack.version,
            family=rule.family,
            verdict=verdict,
            severity=rule.severity,
            confidence=rule.confidence,
            basis=basis,
            zone=name,
            start=start,
            end=end,
            quote=quote,
            clause=page.text.raw[low:high].strip(),
            message=rule.message.replace("{hit}", quote),
            exemption=exemption if passed is Verdict.EXEMPT else None,
            considered=considered,
            reasons=self._reasons(candidate, quote, name, basis, exemption, why, passed),
            part=part,
        )

    def verdict(self, candidate: Candidate) -> Verdict:
        """Return what a hit is before exemptions: rules on trial and rules that fail too often only ask for a look."""
        if candidate.rule.id in self._demoted or candidate.rule.status == "trial":
            return Verdict.REVIEW
        return candidate.spec.verdict or candidate.rule.verdict

    def _reasons(
        self,
        candidate: Candidate,
        quote: str,
        zone: ZoneName,
        basis: tuple[Citation, ...],
        exemption: str | None,
        why: str,
        passed: Verdict,
    ) -> tuple[str, ...]:
        rule = candidate.rule
        reasons = [f"“{quote}”符合规则“{rule.title}”"]
        repairs = self._page.view.repaired(candidate.start, candidate.end)
        reasons.extend(f"写法规避，还原为“{repair.text}”" for repair in repairs)
        if zone in _HIDDEN:
            reasons.append(f"出现在{_HIDDEN_NAMES[zone]}中，页面上一般看不到，取证须固定源代码")
        if exemption and passed is Verdict.REVIEW:
            reasons.append(f"待人工（{exemption}）：{why}")
        elif exemption:
            reasons.append(f"按 {exemption} 放行：{why}（仍须核实真实性）")
        elif rule.contested or candidate.spec.verdict is Verdict.REVIEW:
            reasons.append("实践有争议，请人工判断")
        if rule.id in self._demoted:
            reasons.append("本规则近期研判准确率低于下限，自动降为待人工")
        if rule.status == "trial":
            reasons.append("本规则在试用，不单独形成线索")
        if any(not citation.checked for citation in basis):
            reasons.append("所引条款待法规核对")
        return tuple(reasons)
