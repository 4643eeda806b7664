"""One embedded MongoDB for the session, an empty database for each test, and small records to store (`make`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from netpatrol.items import (
    Candidate,
    Citation,
    Confidence,
    Determination,
    Fact,
    Lead,
    LeadFinding,
    Match,
    MatchVerdict,
    PageState,
    Severity,
    ShopRef,
    Verdict,
    ZoneName,
    digest,
)
from netpatrol.store import embedded, mongo, schema
from netpatrol.store.database import Store
from netpatrol.store.records import PageRecord, Target, Via

NOW = datetime(2026, 1, 15, 4, 0, tzinfo=UTC)
SHOP = ShopRef(shop_id="tea.example", url="http://tea.example/", name="清和茶庄")


@pytest.fixture(scope="session")
def mongo_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A NETPATROL_HOME whose embedded server runs; a missing mongod is an error, never a skip."""
    home = tmp_path_factory.mktemp("netpatrol-home")
    embedded.start(home)
    yield home
    embedded.stop(home)


@pytest.fixture
def store(mongo_home: Path) -> Iterator[Store]:
    """A prepared, empty database. It is emptied, not dropped: making its files anew takes longer than most tests."""
    with mongo.connect(mongo_home, "", database="test") as opened:
        yield opened
        for name in opened.db.list_collection_names():
            if name in schema.FIELDS:
                opened.db[name].delete_many({})
            else:
                opened.db[name].drop()


def finding(key: str = "k1", **fields: Any) -> LeadFinding:
    values: dict[str, Any] = {
        "key": key,
        "rule_id": "medical.cure",
        "family": "medical",
        "verdict": Verdict.VIOLATION,
        "severity": Severity.HIGH,
        "confidence": Confidence.HIGH,
        "quote": "根治失眠",
        "clause": "常饮此茶可根治失眠",
        "url": "http://tea.example/1",
        "zone": ZoneName.TEXT,
        "basis": (Citation(law="广告法", article="17"),),
        "message": "普通食品不得宣传疗效",
        "reasons": ("普通食品",),
        "exemption": None,
        "considered": ("NEG",),
        "pack": "medical",
        "pack_version": 1,
        "evidence": ("20260115040000000-aa",),
        "first_seen": NOW,
        "last_seen": NOW,
    }
    return LeadFinding(**(values | fields))


def page(number: int = 1, shop: ShopRef = SHOP, **fields: Any) -> PageRecord:
    values: dict[str, Any] = {
        "shop": shop,
        "url": f"{shop.url}{number}",
        "host": shop.shop_id.partition("/")[0],
        "state": PageState.CHECKED,
        "seen_at": NOW,
        "run_id": "r1",
        "findings": (finding(f"k{number}", url=f"{shop.url}{number}"),),
        "facts": (Fact(name="phone", value="0717-6222222", raw="0717-6222222"),),
    }
    return PageRecord(**(values | fields))


def lead(subject: str = "91420500MA00000000", family: str = "medical", **fields: Any) -> Lead:
    entity = Candidate(entity_id=subject, name="宜昌清和茶业有限公司", score=1.0, verdict=MatchVerdict.EXACT)
    values: dict[str, Any] = {
        "lead_id": digest(subject, SHOP.shop_id, family),
        "key_version": 1,
        "subject": subject,
        "subject_name": "宜昌清和茶业有限公司",
        "shop": SHOP,
        "host": "tea.example",
        "family": family,
        "findings": (finding(family=family),),
        "determination": Determination.MATCH,
        "match": Match(entity=entity, candidates=(entity,), determination=Determination.MATCH),
        "priority": 55,
        "priority_reasons": ("最重一处为严重",),
        "unit": "西陵区",
        "first_seen": NOW,
        "last_seen": NOW,
    }
    return Lead(**(values | fields))


def target(shop_id: str, **fields: Any) -> Target:
    host = shop_id.partition("/")[0]
    values: dict[str, Any] = {
        "shop_id": shop_id,
        "url": f"http://{shop_id}",
        "host": host,
        "kind": "storefront" if "/" in shop_id else "site",
        "found_via": (Via(channel="seed", source="seeds.txt:1", at=NOW),),
        "due_at": NOW,
    }
    return Target(**(values | fields))


@pytest.fixture
def make() -> SimpleNamespace:
    """Makers of records: finding, page, lead, target; and the time and shop that they are of."""
    return SimpleNamespace(finding=finding, page=page, lead=lead, target=target, now=NOW, shop=SHOP)
