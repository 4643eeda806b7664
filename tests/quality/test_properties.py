"""Properties of detection over the labelled corpus: shortcuts change no verdict, evasions of innocent text add none."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import judge_snippet, snippet
from netpatrol.detect.mutate import WAYS, mutations
from netpatrol.detect.score import read_labelled
from netpatrol.items import PageFacts, PartKind, Verdict
from netpatrol.text.words import JiebaTokenizer, borders, tokenizer

LABELLED = Path(__file__).parents[2] / "fixtures" / "labelled" / "claims-dev.jsonl"
ON = date(2026, 11, 30)
ITEMS = read_labelled(LABELLED)


def _violations(engine: Engine, text: str, item: dict[str, str]) -> list[str]:
    kind = PartKind.of(item.get("page_kind"))
    found = judge_snippet(engine, text, on=ON, kind=kind, goods=item.get("product_category") or "")
    return [finding.rule_id for finding in found if finding.verdict is Verdict.VIOLATION]


@pytest.mark.parametrize("way", WAYS)
def test_innocent_text_in_evasive_writing_raises_no_new_hits(engine: Engine, way: str) -> None:
    new = []
    for item in ITEMS:
        if item["verdict"] == "violation" or item.get("contested"):
            continue
        text = item["text"]
        written = dict(mutations(text, 0, len(text))).get(way)
        if written is not None and _violations(engine, written, item) and not _violations(engine, text, item):
            new.append((way, written))
    assert new == []


def test_every_quote_stands_at_its_offsets(engine: Engine) -> None:
    for item in ITEMS:
        text = item["text"]
        for _, written in [("", text), *mutations(text, 0, len(text))]:
            judgement = engine.judge(snippet(written, PartKind.of(item.get("page_kind"))), PageFacts(), on=ON)
            assert all(written[f.start : f.end] == f.quote for f in judgement.findings)


def test_a_sentence_is_judged_alike_alone_and_in_a_page(engine: Engine) -> None:
    """The memory of sentences and the candidate search must not depend on what stands around."""
    rng = random.Random(3)
    for _ in range(40):
        chosen = [item for item in rng.sample(ITEMS, 6) if "\n" not in item["text"]]
        page = "。\n".join(item["text"] for item in chosen)
        together = [f for f in judge_snippet(engine, page, on=ON, goods="unknown") if f.verdict is Verdict.VIOLATION]
        engine.matching.forget()
        again = [f for f in judge_snippet(engine, page, on=ON, goods="unknown") if f.verdict is Verdict.VIOLATION]
        assert [(f.rule_id, f.start, f.end) for f in together] == [(f.rule_id, f.start, f.end) for f in again]


def test_borders_around_a_candidate_are_those_of_the_whole_page() -> None:
    """Cutting only the block around a hit gives the borders that jieba gives on the page."""
    slow, fast = JiebaTokenizer(), tokenizer()
    page = "。".join(item["text"] for item in ITEMS)
    whole = borders(page, slow)
    at = 0
    for item in ITEMS:
        local = borders(item["text"], fast)
        assert {at + place for place in local} <= whole | {at, at + len(item["text"])}
        at += len(item["text"]) + 1
