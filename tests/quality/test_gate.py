"""The quality gate: floors over a labelled corpus that nobody lowers by accident."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from netpatrol.detect.engine import Engine
from netpatrol.detect.score import Score, read_labelled, score

LABELLED = Path(__file__).parents[2] / "fixtures" / "labelled" / "claims-dev.jsonl"
DIGEST = "e7d0486cd9657996ec2b35bc38e48ad289ca678f6a7b8f8529ddb14a822221ce"
ON = date(2026, 11, 30)
FLOORS = {
    "absolute": 0.97, "medical": 0.95, "medical_ad": 0.93, "health_food": 0.87, "cosmetics": 0.9, "food": 0.8,
    "infant": 1.0, "agri": 0.83, "alcohol": 0.75, "tobacco": 1.0, "education": 0.85, "finance": 0.85,
    "realestate": 0.8, "false_ad": 0.75, "citation": 0.8, "disparage": 0.75, "state": 0.85, "public_order": 0.85,
    "unfair": 1.0, "price": 1.0, "terms": 0.83, "promo": 1.0, "ad_id": 1.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def result(engine: Engine) -> Score:
    return score(engine, read_labelled(LABELLED), ON)


def test_the_corpus_is_the_pinned_one() -> None:
    assert hashlib.sha256(LABELLED.read_bytes()).hexdigest() == DIGEST


def test_overall_floors(result: Score) -> None:
    assert result.violation.f1 >= 0.96, result.wrong[:10]
    assert result.violation.precision >= 0.96, result.wrong[:10]


def test_named_rightly(result: Score) -> None:
    for (right, of), floor in ((result.family_named, 0.95), (result.exempt_kept, 0.97), (result.clause_named, 0.9)):
        assert right / of >= floor


@pytest.mark.parametrize("family", FLOORS)
def test_floor_of_each_family(result: Score, family: str) -> None:
    right, of = result.families[family]
    assert right / of >= FLOORS[family]


def test_every_labelled_family_has_a_floor(result: Score) -> None:
    assert set(result.families) == set(FLOORS)


def test_evasions(result: Score) -> None:
    right = sum(pair[0] for pair in result.evasions.values())
    of = sum(pair[1] for pair in result.evasions.values())
    assert right / of >= 0.95
