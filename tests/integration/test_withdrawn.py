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
from netpatrol.store.records import PageRecord

pytestmark = pytest.mark.mongo
DAY = timedelta(days=1)
SAID, ELSE = "常饮此茶可根治失眠", "常饮此茶，清爽解渴"
SHOP = ShopRef(shop_id="tea.example", url="http://tea.example/")


@pytest.fixture
def desk() -> Any:
    return SimpleNamespace(register=Register.of(()), region=("4205",), engine=None)


def page(make: SimpleNamespace, at: datetime, lock: str, text: str, *, found: bool, rule: str = "k1", number: int = 1, **more: Any) -> PageRecord:
    """Return a page of the shop as it was judged then."""
    url = f"{SHOP.url}{number}"
    finding = make.finding(f"{rule}{number}", rule_id=rule, url=url, first_seen=at, last_seen=at, pack_lock=lock, evidence=(f"{at:%d}{number}",))
    record: PageRecord = make.page(number, SHOP, seen_at=at, pack_lock=lock, text=text, findings=(finding,) if found else (), **more)
    return record


def judge(store: Store, desk: Any, *records: PageRecord) -> dict[str, Any]:
    """Store pages one by one, fold the shop, and return its lead."""
    for record in records:
        pages.save_pages(store, [record])
    fold_shop(store, desk, SHOP, records[-1].seen_at)
    return dict(store.db["leads"].find_one({"shop_id": SHOP.shop_id}) or {})


def see(store: Store, make: SimpleNamespace, desk: Any, at: datetime, lock: str, text: str, **more: Any) -> dict[str, Any]:
    """Store the shop's page as it was judged then, fold the shop, and return its lead."""
    return judge(store, desk, page(make, at, lock, text, **more))


def passed(store: Store, lead: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what happened to a lead, and why it was closed."""
    return [(event["what"], event["details"].get("closed_reason", "")) for event in leads.history(store, lead["lead_id"])]


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
    stored = store.db["pages"].find_one()
    assert stored is not None
    assert stored["withdrawn"] == []
    assert "text" not in stored


@pytest.mark.parametrize(
    ("more", "reason", "first"), [({}, "corrected", 3), ({"gone": True, "status": 404}, "gone", 0)], ids=["corrected", "taken down"]
)
def test_what_was_withdrawn_and_then_ends_is_said_to_have_ended(
    store: Store, make: SimpleNamespace, desk: Any, more: dict[str, Any], reason: str, first: int
) -> None:
    see(store, make, desk, make.now, "first", SAID, found=True)
    see(store, make, desk, make.now + DAY, "other", SAID, found=False)
    ended = see(store, make, desk, make.now + 2 * DAY, "other", ELSE, found=False, **more)
    assert (ended["status"], ended["closed_reason"], ended["closed_at"]) == ("closed", reason, make.now + 2 * DAY)
    fold_shop(store, desk, SHOP, make.now + 3 * DAY)  # says it once
    lead = see(store, make, desk, make.now + 3 * DAY, "first", SAID, found=True)
    assert (lead["status"], lead["first_seen"]) == ("open", make.now + first * DAY)
    assert passed(store, lead) == [("new", ""), ("closed", "withdrawn"), ("closed", reason), ("reopened", "")]


OFFER = {"marks": "price,buy", "size": "900"}
LOGIN: dict[str, Any] = {"title": "用户登录", "extra": {"marks": "", "size": "30", "wall": "1"}}
SHOWN: dict[str, Any] = {"title": "毛尖茶", "extra": OFFER}


@pytest.mark.parametrize("withdrawn_at", [1, 2], ids=["before the login form", "with the login form"])
def test_a_page_in_whose_place_a_login_form_stands_keeps_what_was_withdrawn(
    store: Store, make: SimpleNamespace, desk: Any, withdrawn_at: int
) -> None:
    see(store, make, desk, make.now, "first", SAID, found=True, **SHOWN)
    see(store, make, desk, make.now + DAY, "other" if withdrawn_at == 1 else "first", SAID, found=withdrawn_at > 1, **SHOWN)
    for day in (2, 3):
        lead = see(store, make, desk, make.now + day * DAY, "other", "用户名 密码", found=False, **LOGIN)
        assert lead["closed_reason"] == ("withdrawn" if withdrawn_at == 1 else "")
    lead = see(store, make, desk, make.now + 4 * DAY, "other", SAID, found=False, **SHOWN)
    assert lead["closed_reason"] == "withdrawn"
    lead = see(store, make, desk, make.now + 5 * DAY, "first", SAID, found=True, **SHOWN)
    assert lead["first_seen"] == make.now
    assert passed(store, lead) == [("new", ""), ("closed", "withdrawn"), ("restored", "")]


@pytest.mark.parametrize("between", [False, True], ids=["at once", "after it was withdrawn"])
def test_a_rule_by_another_name_finds_the_same_expression(store: Store, make: SimpleNamespace, desk: Any, between: bool) -> None:
    see(store, make, desk, make.now, "first", SAID, found=True)
    if between:
        see(store, make, desk, make.now + DAY, "none", SAID, found=False)
    lead = see(store, make, desk, make.now + 2 * DAY, "other", SAID, found=True, rule="renamed")
    [finding] = lead["findings"]
    assert (lead["status"], lead["first_seen"], finding["rule_id"]) == ("open", make.now, "renamed")
    assert finding["evidence"] == ["151", "171"]
    assert [what for what, _ in passed(store, lead)] == ["new", "closed", "restored"] if between else ["new", "changed"]
    assert store.db["pages"].find_one({"withdrawn.0": {"$exists": True}}) is None
    lead = see(store, make, desk, make.now + 3 * DAY, "first", SAID, found=True)  # and back
    assert lead["first_seen"] == make.now


@pytest.mark.parametrize("old_first", [True, False], ids=["the old page first", "the new page first"])
@pytest.mark.parametrize(
    ("lock", "moved", "reason"),
    [("other", SAID, "withdrawn"), ("first", SAID, "corrected"), ("other", "服此药不可能根治失眠", "corrected")],
    ids=["rules changed", "rules as they were", "the word in another sentence"],
)
def test_words_that_moved_within_the_shop_while_their_rule_went(
    store: Store, make: SimpleNamespace, desk: Any, lock: str, moved: str, reason: str, old_first: bool
) -> None:
    see(store, make, desk, make.now, "first", SAID, found=True)
    seen = [page(make, make.now + DAY, lock, said, found=False, number=number) for number, said in ((1, ELSE), (2, moved))]
    assert judge(store, desk, *(seen if old_first else reversed(seen)))["closed_reason"] == reason
    lead = see(store, make, desk, make.now + 2 * DAY, "first", moved, found=True, number=2)
    first, back = (make.now, "restored") if reason == "withdrawn" else (make.now + 2 * DAY, "reopened")
    assert (lead["first_seen"], passed(store, lead)[-1][0]) == (first, back)


def test_a_lead_stays_open_while_another_known_page_says_the_same(store: Store, make: SimpleNamespace, desk: Any) -> None:
    judge(store, desk, *(page(make, make.now, "first", SAID, found=True, number=number) for number in (1, 2)))
    lead = see(store, make, desk, make.now + DAY, "first", ELSE, found=False)
    assert (lead["status"], [finding["url"] for finding in lead["findings"]]) == ("open", [f"{SHOP.url}2"])


def test_what_was_withdrawn_may_move_later(store: Store, make: SimpleNamespace, desk: Any) -> None:
    see(store, make, desk, make.now, "first", SAID, found=True)
    see(store, make, desk, make.now + DAY, "other", SAID, found=False)
    seen = [page(make, make.now + 2 * DAY, "other", said, found=False, number=number) for number, said in ((1, ELSE), (2, SAID))]
    lead = judge(store, desk, *seen)
    assert passed(store, lead) == [("new", ""), ("closed", "withdrawn")]
    assert see(store, make, desk, make.now + 3 * DAY, "other", ELSE, found=False, number=2)["closed_reason"] == "corrected"
