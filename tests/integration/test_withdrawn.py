"""A rule that goes away corrects nothing: what it found is withdrawn, and comes back with its first sight."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from netpatrol.entities.register import Register
from netpatrol.fold import fold_shop
from netpatrol.items import PageState, ShopRef
from netpatrol.store import leads, pages
from netpatrol.store.database import Store

pytestmark = pytest.mark.mongo
DAY = timedelta(days=1)
SAID, ELSE = "常饮此茶可根治失眠", "常饮此茶，清爽解渴"
SHOP = ShopRef(shop_id="tea.example", url="http://tea.example/")


@pytest.fixture
def desk() -> Any:
    return SimpleNamespace(register=Register.of(()), region=("4205",), engine=None)


def see(store: Store, make: SimpleNamespace, desk: Any, at: datetime, lock: str, text: str, *, found: bool, **more: Any) -> dict[str, Any]:
    """Store the shop's page as it was judged then, fold the shop, and return its lead."""
    findings = (make.finding(url=f"{SHOP.url}1", first_seen=at, last_seen=at),) if found else ()
    record = make.page(1, SHOP, seen_at=at, pack_lock=lock, text=text, findings=findings, **more)
    pages.save_pages(store, [record])
    fold_shop(store, desk, SHOP, at)
    return dict(store.db["leads"].find_one({"shop_id": SHOP.shop_id}) or {})


@pytest.mark.parametrize(
    ("lock", "text", "reason"),
    [("other", SAID, "withdrawn"), ("first", SAID, "corrected"), ("other", ELSE, "corrected")],
    ids=["the rules changed", "the page changed around the words", "the words went with the rules"],
)
def test_why_a_lead_ends_whose_page_is_still_there(store: Store, make: SimpleNamespace, desk: Any, lock: str, text: str, reason: str) -> None:
    assert see(store, make, desk, make.now, "first", SAID, found=True)["status"] == "open"
    lead = see(store, make, desk, make.now + DAY, lock, text, found=False)
    assert (lead["status"], lead["closed_reason"]) == ("closed", reason)


def test_a_rule_that_comes_back_finds_its_lead_as_it_was(store: Store, make: SimpleNamespace, desk: Any) -> None:
    see(store, make, desk, make.now, "first", SAID, found=True)
    see(store, make, desk, make.now + DAY, "other", SAID, found=False)
    see(store, make, desk, make.now + 2 * DAY, "other", SAID, found=False, state=PageState.CHALLENGE)
    lead = see(store, make, desk, make.now + 3 * DAY, "first", SAID, found=True)
    assert (lead["status"], lead["first_seen"]) == ("open", make.now)
    later = see(store, make, desk, make.now + 4 * DAY, "first", SAID, found=True)
    assert later["first_seen"] == make.now
    assert [event["what"] for event in leads.history(store, lead["lead_id"])] == ["new", "closed", "restored"]
    page = store.db["pages"].find_one()
    assert page is not None
    assert page["withdrawn"] == []
    assert "text" not in page


def test_what_was_withdrawn_and_is_then_corrected_comes_back_as_new(store: Store, make: SimpleNamespace, desk: Any) -> None:
    see(store, make, desk, make.now, "first", SAID, found=True)
    see(store, make, desk, make.now + DAY, "other", SAID, found=False)
    see(store, make, desk, make.now + 2 * DAY, "other", ELSE, found=False)
    lead = see(store, make, desk, make.now + 3 * DAY, "first", SAID, found=True)
    assert (lead["status"], lead["first_seen"]) == ("open", make.now + 3 * DAY)
