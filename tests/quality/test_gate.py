"""The quality gate: floors over a labelled corpus that nobody lowers by accident."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from netpatrol.detect.engine import Engine
from netpatrol.detect.score import Score, read_labelled, score

FOLDER = Path(__file__).parents[2] / "fixtures" / "labelled"
LABELLED = FOLDER / "claims-dev.jsonl"
OTHER_AUTHORS = (
    "claims-a", "claims-b", "claims-c", "claims-d", "claims-e", "claims-f", "claims-g", "claims-h", "claims-j", "claims-k", "claims-l",
    "claims-m", "claims-n", "claims-o", "claims-p", "claims-q", "claims-r", "claims-s", "claims-t", "claims-u", "claims-v", "claims-w", "claims-x",
    "claims-y", "claims-z", "claims-aa",
)  # fmt: skip
CLAUSES = {"claims-z": 0.65}
"""Share of exempt lines whose clause is named, where it is less: the author calls ten lines exempt that claim nothing at all."""
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


@pytest.mark.parametrize("name", OTHER_AUTHORS)
def test_floors_over_the_snippets_of_other_authors(engine: Engine, name: str) -> None:
    """Written by people who had not seen the rules (r2 to r4 of claims-r: who had read them); on first sight F1 was 0.60 to 0.96, of t and u (half paraphrases) 0.84 and 0.86, of w and y 0.95, of q and z 0.94, of n 0.92, of s and p 0.91, of v 0.90, of o 0.87, of aa 0.82, and what was missed was mended by kind."""
    found = score(engine, read_labelled(FOLDER / f"{name}.jsonl"), ON)
    assert found.violation.f1 >= 0.91, found.wrong[:10]
    assert found.violation.precision >= 0.92, found.wrong[:10]
    for (right, of), floor in ((found.family_named, 0.88), (found.exempt_kept, 0.92), (found.clause_named, CLAUSES.get(name, 0.7))):
        assert right / of >= floor


def test_innocent_wording_is_left_alone(engine: Engine) -> None:
    """Seven hundred lawful lines, most with something tempting in them; on first sight 21 were flagged."""
    found = score(engine, read_labelled(FOLDER / "innocent.jsonl"), ON)
    assert len(found.wrong) <= 4, found.wrong


def test_denials_questions_and_warnings_reach_as_far_as_their_clause(engine: Engine) -> None:
    """Pairs of a claim beside a denial, question, warning or citation, and its twin that is denied, asked, warned of or cited.

    Before denials had borders three claims in ten were let off and four twins in ten flagged. Of lines written after each
    mending one claim in twenty was let off and one twin in four flagged (all of the hard kind); mended, they are here too.
    """
    found = score(engine, read_labelled(FOLDER / "scope.jsonl"), ON)
    assert found.violation.recall >= 0.97, found.wrong
    assert found.violation.precision >= 0.97, found.wrong
