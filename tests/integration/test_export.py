"""Exports and the handlers' queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from netpatrol.items import Candidate, Decision, Determination, Match, MatchVerdict, Severity, ShopRef, Verdict
from netpatrol.store import leads, pages, shops
from netpatrol.store.database import Store
from netpatrol.store.export import lead_lines, neutral_lines
from netpatrol.store.queries import QUERIES, Asked, run
from netpatrol.store.records import ShopRecord

pytestmark = pytest.mark.mongo
DAY = timedelta(days=1)
PERSON = Candidate(entity_id="王小芳/13812345678", name="王小芳（芳芳小铺）", score=0.9, verdict=MatchVerdict.LIKELY)
LEAD_KEYS = [
    "lead_id",
    "host",
    "url",
    "shop",
    "family",
    "rule",
    "text",
    "entity",
    "entity_name",
    "determination",
    "verdict",
    "severity",
    "legal",
    "unit",
    "status",
    "first_seen",
    "last_seen",
    "evidence",
]


@pytest.fixture
def filled(store: Store, make: SimpleNamespace) -> Store:
    verdicts = (Verdict.VIOLATION, Verdict.EXEMPT, Verdict.REVIEW)
    found = tuple(make.finding(f"k{n}", verdict=verdict, quote=f"根治{n}") for n, verdict in enumerate(verdicts))
    pages.save_pages(
        store, [make.page(1, findings=found, body_sha256="b1"), make.page(2, findings=found, body_sha256="b1")]
    )
    match = Match(entity=PERSON, candidates=(PERSON,), determination=Determination.MATCH, reasons=("联系人王小芳",))
    known = ShopRecord(
        shop=make.shop, host="tea.example", seen_at=make.now, match=match, determination=Determination.MATCH
    )
    shops.save_shop(store, known)
    for state in ("unreachable", "gone"):
        other = ShopRef(shop_id=f"{state}.example", url=f"http://{state}.example/")
        pages.save_pages(store, [make.page(1, shop=other)])
        shops.save_shop(store, ShopRecord(shop=other, host=f"{state}.example", seen_at=make.now, state=state))
    lead = make.lead(PERSON.entity_id, subject_name=PERSON.name, match=match, findings=found)
    leads.save_leads(store, make.shop.shop_id, [lead], make.now)
    return store


def test_a_line_for_each_lead_and_finding(filled: Store) -> None:
    lines = list(lead_lines(filled))
    assert [list(line) for line in lines] == [LEAD_KEYS] * 2
    assert [line["verdict"] for line in lines] == ["violation", "review"]
    assert [line["verdict"] for line in lead_lines(filled, exempt=True)] == ["violation", "exempt", "review"]
    assert lines[0]["legal"] == [{"law": "广告法", "article": "17"}]
    assert lines[0]["first_seen"] == "2026-01-15T12:00:00+08:00"


def test_natural_persons_are_masked(filled: Store) -> None:
    [line, *_] = lead_lines(filled)
    assert (line["entity"], line["entity_name"]) == ("王**/138****5678", "王**（芳芳小铺）")


def test_closed_leads_are_exported_on_demand(filled: Store, make: SimpleNamespace) -> None:
    leads.save_leads(filled, make.shop.shop_id, [], make.now + DAY)
    assert list(lead_lines(filled)) == []
    assert {line["status"] for line in lead_lines(filled, every=True)} == {"closed"}


def test_neutral_lines_are_unmasked_one_per_page_and_text_and_one_per_shop(filled: Store) -> None:
    lines = list(neutral_lines(filled, exempt=True))
    known = {"entity": "王小芳/13812345678", "determination": "match"}
    shops_found = [line for line in lines if "family" not in line]
    assert shops_found == [
        {"host": "tea.example", "url": "http://tea.example/", **known},
        {
            "host": "unreachable.example",
            "url": "http://unreachable.example/",
            "entity": None,
            "determination": "unknown",
        },
    ]
    of_tea = [line for line in lines if "family" in line and line["host"] == "tea.example"]
    assert [list(line) for line in of_tea] == [
        ["host", "url", "family", "text", "entity", "determination", "verdict"]
    ] * 3
    assert [(line["url"], line["text"], line["verdict"]) for line in of_tea] == [
        ("http://tea.example/1", "根治0", "violation"),
        ("http://tea.example/1", "根治1", "exempt"),
        ("http://tea.example/1", "根治2", "review"),
    ]


def test_what_is_gone_is_exported_on_demand_only(filled: Store, make: SimpleNamespace) -> None:
    assert "gone.example" not in {line["host"] for line in neutral_lines(filled)}
    assert "gone.example" in {line["host"] for line in neutral_lines(filled, every=True)}
    gone = [make.page(number, findings=(), gone=True, seen_at=make.now + DAY) for number in (1, 2)]
    pages.save_pages(filled, gone)
    assert [line for line in neutral_lines(filled) if "family" in line and line["host"] == "tea.example"] == []


# -- queries -----------------------------------------------------------------------------------------


def _ids(store: Store, name: str, now: object, **fields: str) -> list[str]:
    asked = Asked(now=now, by=fields.pop("by", ""), unit=fields.pop("unit", ""))  # type: ignore[arg-type]
    return [found["_id"] for found in run(store, QUERIES[name], asked)]


@pytest.fixture
def three(store: Store, make: SimpleNamespace) -> Store:
    """Three leads of three shops: an urgent one of today, an old one, and one of an unregistered shop."""
    urgent = make.finding(severity=Severity.CRITICAL)
    old = make.now - 40 * DAY
    batch = {
        "a": make.lead(lead_id="a" * 32, findings=(urgent,), priority=90),
        "b": make.lead(lead_id="b" * 32, first_seen=old, unit="夷陵区", priority=20),
        "c": make.lead(lead_id="c" * 32, determination=Determination.NO_MATCH, first_seen=old, subject="shop:c"),
    }
    for shop_id, lead in batch.items():
        leads.save_leads(store, shop_id, [replace(lead, shop=replace(make.shop, shop_id=shop_id))], make.now)
    return store


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("today", "a"),
        ("critical", "a"),
        ("unlicensed", "c"),
        ("undecided", "acb"),
        ("overdue", "bc"),
        ("corrected", ""),
        ("mine", ""),
    ],
)
def test_queries_for_leads(three: Store, make: SimpleNamespace, name: str, expected: str) -> None:
    assert [lead_id[0] for lead_id in _ids(three, name, make.now)] == list(expected)


def test_decisions_move_leads_between_queries(three: Store, make: SimpleNamespace) -> None:
    def decide(verdict: str, day: int, by: str = "王芳") -> None:
        leads.decide(three, Decision(lead_id="b" * 32, verdict=verdict, by=by, at=make.now + day * DAY))

    decide("claim", 0)
    assert _ids(three, "mine", make.now, by="王芳") == ["b" * 32]
    assert "b" * 32 not in _ids(three, "undecided", make.now)
    assert "b" * 32 in _ids(three, "overdue", make.now)
    decide("dismiss", 1)
    assert _ids(three, "mine", make.now, by="王芳") == []
    assert "b" * 32 not in _ids(three, "overdue", make.now)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("by-unit", {"西陵区": 2, "夷陵区": 1}),
        ("by-family", {"medical": 3}),
        ("by-determination", {"match": 2, "no_match": 1}),
        ("by-rule", {"medical.cure": 3}),
        ("repeat-offenders", {"91420500MA00000000": 2}),
    ],
)
def test_queries_for_figures(three: Store, make: SimpleNamespace, name: str, expected: dict[str, int]) -> None:
    assert {row["_id"]: row["leads"] for row in run(three, QUERIES[name], Asked(now=make.now))} == expected


def test_a_subject_whose_lead_came_back_is_a_repeat_offender(three: Store, make: SimpleNamespace) -> None:
    lead = make.lead(lead_id="c" * 32, subject="shop:c")
    leads.save_leads(three, "c", [], make.now)
    leads.save_leads(three, "c", [lead], make.now)
    assert "shop:c" in _ids(three, "repeat-offenders", make.now)


def test_every_query_can_be_kept_to_a_unit(three: Store, make: SimpleNamespace) -> None:
    assert _ids(three, "undecided", make.now, unit="夷陵区") == ["b" * 32]


def test_pages_that_a_script_draws_into_one_shell_each_speak(store: Store, make: SimpleNamespace) -> None:
    found = (make.finding("k1", quote="根治"),)
    drawn = [make.page(n, findings=found, body_sha256="shell", rendered_sha256=f"drawn{n}") for n in (1, 2)]
    pages.save_pages(store, drawn)
    shops.save_shop(store, ShopRecord(shop=make.shop, host="tea.example", seen_at=make.now))
    urls = [line["url"] for line in neutral_lines(store) if "text" in line]
    assert urls == ["http://tea.example/1", "http://tea.example/2"]
