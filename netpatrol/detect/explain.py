"""Tells, step by step, how a text was judged: what an analyst reads when a verdict surprises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from netpatrol.detect.context import Page
from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import snippet
from netpatrol.detect.role import role_of_page
from netpatrol.detect.scan import Hit
from netpatrol.items import Finding, PageFacts, PartKind, Verdict

_VERDICTS = {Verdict.VIOLATION: "疑点", Verdict.EXEMPT: "豁免", Verdict.REVIEW: "待人工"}


def explain(engine: Engine, text: str, *, on: date, kind: PartKind = PartKind.DETAIL, goods: str = "") -> Iterator[str]:
    """Yield lines in Chinese: form matched on, repairs, trigger words, traps, then each finding with its reasons."""
    page_text = snippet(text, kind)
    view, hits, _ = engine.look(page_text)
    page = Page(page_text, PageFacts(), view, engine.rules.signs, goods)
    numbers = "、".join(sorted(page.approvals)) or "无"
    yield f"页面部分：{kind}　性质：{role_of_page(page)}　商品类别：{page.goods}　文号：{numbers}"
    if page_text.norm != text:
        yield f"归一化：{page_text.norm}"
    for repair in view.repairs:
        yield f"还原规避写法：“{page_text.norm[repair.start : repair.end]}” → “{repair.text}”"
    yield from _triggers(engine, page, hits)
    judgement = engine.judge(page_text, PageFacts(), on=on, product_category=goods)
    if not judgement.findings:
        yield "结论：没有疑点"
    for finding in judgement.findings:
        yield from _finding(finding)


def _triggers(engine: Engine, page: Page, hits: list[Hit]) -> Iterator[str]:
    armed = engine.rules.armed
    seen: set[tuple[int, int]] = set()
    for start, end, numbers in hits:
        rules = sorted({armed[number].rule.id for number in numbers})
        yield f"触发词“{page.view.text[start:end]}”（第 {start + 1} 字）→ {'、'.join(rules)}"
        for a, b in engine.matching.trapped(page.view.text, *page.sentence(start)):
            if (a, b) not in seen:
                seen.add((a, b))
                yield f"词法陷阱：“{page.view.text[a:b]}”，其中的词不算"


def _finding(finding: Finding) -> Iterator[str]:
    weight = f"{finding.severity}/{finding.confidence}"
    yield f"{_VERDICTS[finding.verdict]}：“{finding.quote}”　{finding.rule_id}（{weight}）"
    if finding.considered:
        yield f"　　考虑过、不成立的豁免：{'、'.join(finding.considered)}"
    for reason in finding.reasons:
        yield f"　　{reason}"
    for citation in finding.basis:
        yield f"　　依据：《{citation.law}》{citation.article}{'' if citation.checked else '（待法规核对）'}"
