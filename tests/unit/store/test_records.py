from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import bson
import pytest
from bson.codec_options import CodecOptions

from netpatrol.errors import StoreError
from netpatrol.items import (
    Candidate,
    Duty,
    EvidenceRef,
    Fact,
    Feature,
    Match,
    MatchVerdict,
    PageItem,
    PageState,
    PartKind,
    Rendered,
    RunRecord,
    ShopRef,
    Verdict,
)
from netpatrol.store.records import PageRecord, ShopRecord, Target, Via, from_document, to_document

NOW = datetime(2026, 1, 15, 4, 0, tzinfo=UTC)
SHOP = ShopRef(shop_id="tea.example", url="http://tea.example/")
FEATURE = Feature(name="name", score=0.5, page_value="a", register_value="b", why="名称相近")
ENTITY = Candidate(entity_id="e", name="n", score=1.0, verdict=MatchVerdict.LIKELY, features=(FEATURE,))
REF = EvidenceRef(
    evidence_id="i",
    url="u",
    body_sha256="b",
    warc_file="w",
    warc_offset=3,
    manifest_sha256="m",
    previous="p",
    stored_at=NOW,
)

RECORDS = [
    pytest.param(Target(shop_id="a", found_via=(Via(channel="seed", at=NOW),), clues={"a.b": "x"}), id="target"),
    pytest.param(
        PageRecord(
            shop=SHOP,
            url="u",
            host="h",
            state=PageState.NEEDS_RENDER,
            seen_at=NOW,
            kind=PartKind.ABOUT,
            evidence=REF,
            duties=(Duty(rule_id="d", verdict=Verdict.REVIEW),),
            facts=(
                Fact(name="icp", value="v", raw="r", valid=None),
                Fact(name="uscc", value="v", raw="r", valid=False),
            ),
            match=Match(entity=ENTITY, candidates=(ENTITY, ENTITY)),
            extra={"$where": "1", "": "2"},
        ),
        id="page",
    ),
    pytest.param(ShopRecord(shop=SHOP, host="h", seen_at=NOW, found_via=("seed",)), id="shop"),
    pytest.param(
        RunRecord(run_id="r", spider="s", started_at=NOW, ledger={"pages": {"skipped": {"robots.txt": 1}}}), id="run"
    ),
    pytest.param(
        PageItem(url="u", final_url="u", fetched_at=NOW, body=b"\0\xff", rendered=Rendered(html="h", screenshot=b"1")),
        id="page item",
    ),
]


@pytest.mark.parametrize("record", RECORDS)
def test_records_come_back_as_they_were(record: object) -> None:
    options: CodecOptions[dict[str, object]] = CodecOptions(tz_aware=True, tzinfo=UTC)
    stored = bson.decode(bson.encode(to_document(record)), options)
    assert from_document(type(record), stored) == record


def test_times_are_utc_in_milliseconds() -> None:
    local = datetime(2026, 1, 1, 8, 0, 0, 999999, tzinfo=timezone(timedelta(hours=8)))
    kept = from_document(Via, to_document(Via(channel="seed", at=local)))
    assert kept.at == datetime(2026, 1, 1, 0, 0, 0, 999000, tzinfo=UTC)


def test_what_a_newer_version_added_is_passed_over() -> None:
    assert from_document(Via, {"channel": "seed", "at": NOW, "later": 1}) == Via(channel="seed", at=NOW)


@pytest.mark.parametrize(
    ("document", "named"),
    [
        pytest.param({"channel": "seed"}, "Via.at", id="absent"),
    ],
)
def test_a_record_that_does_not_fit_names_its_field(document: dict[str, object], named: str) -> None:
    with pytest.raises(StoreError, match=named):
        from_document(Via, document)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("state", "no such state", id="enum"),
        pytest.param("facts", 7, id="list"),
        pytest.param("shop", "text", id="record"),
    ],
)
def test_a_value_that_does_not_fit_names_its_field(field: str, value: object) -> None:
    good = to_document(PageRecord(shop=SHOP, url="u", host="h", state=PageState.CHECKED, seen_at=NOW))
    with pytest.raises(StoreError):
        from_document(PageRecord, good | {field: value})
