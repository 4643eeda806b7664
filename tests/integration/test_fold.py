"""Folding a shop on a real database: what it reads, and what couriers' lists say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from netpatrol.core import Desk
from netpatrol.entities.entity import Entity
from netpatrol.entities.register import Register
from netpatrol.fold import Visit, fold_shop
from netpatrol.items import Fact, MatchVerdict, PageState, ShopRef
from netpatrol.store import pages, shops, targets
from netpatrol.store.database import Store
from netpatrol.store.records import ShopRecord, Target

pytestmark = pytest.mark.mongo
OPERATOR = Entity(name="宜昌市青禾商贸有限责任公司", uscc="91420502MA0000001A", address="宜昌市西陵区云集路12号", status="存续", phone="07176000001")
OTHER = Entity(name="枝江市砚峰茶叶店", uscc="92420583MA0000003B", address="枝江市公园路8号", status="存续", phone="07176000003")


@pytest.fixture
def desk() -> Any:
    return SimpleNamespace(register=Register.of((OPERATOR, OTHER)), region=("4205",), engine=None)


def sender(name: str, phone: str = "07176000001") -> Target:
    return Target(shop_id=f"courier:{name}{phone}", kind="clue", name=name, status="kept", clues={"shop_name": name, "phone": phone})


def shop_of(host: str) -> ShopRef:
    return ShopRef(shop_id=host, url=f"http://{host}/")


def seen(store: Store, make: SimpleNamespace, desk: Desk, host: str, title: str, facts: Sequence[Fact] = ()) -> ShopRecord:
    """Store two pages of a shop, fold it, and return what is known of it."""
    shown = [replace(make.page(n, shop_of(host), facts=tuple(facts)), title=f"商品{n} - {title}") for n in range(2)]
    pages.save_pages(store, shown)
    fold_shop(store, desk, shop_of(host), make.now)
    return known(store, host)


def known(store: Store, host: str) -> ShopRecord:
    held = shops.shop(store, host)
    assert held is not None
    return held


@contextmanager
def watching(store: Store) -> Iterator[list[dict[str, Any]]]:
    """Fill the list with what the server was asked meanwhile."""
    asked: list[dict[str, Any]] = []
    store.db.command("profile", 2)
    try:
        yield asked
        asked += store.db["system.profile"].find({"ns": {"$not": {"$regex": "system.profile"}}})
    finally:
        store.db.command("profile", 0)
        store.db["system.profile"].drop()


def test_a_fold_reads_no_more_than_what_belongs_to_its_shop(store: Store, make: SimpleNamespace, desk: Desk) -> None:
    targets.add_found(store, [sender(f"小店{n}") for n in range(300)] + [sender("清和小铺")], make.now)
    for number in range(30):
        pages.save_pages(store, [make.page(n, shop_of(f"s{number}.example")) for n in range(3)])
    seen(store, make, desk, "other.example", "别的小铺")  # gives the new clues their keys
    with watching(store) as asked:
        assert seen(store, make, desk, "tea.example", "清和小铺").match
    read = [(one["ns"], one["op"], one.get("docsExamined", 0), one.get("keysExamined", 0)) for one in asked]
    assert {ns.partition(".")[2] for ns, *_ in read} >= {"targets", "pages", "shops"}
    assert max(max(docs, keys) for *_, docs, keys in read) <= 10, read


def test_what_is_imported_between_two_folds_counts_at_once(store: Store, make: SimpleNamespace, desk: Desk) -> None:
    assert seen(store, make, desk, "tea.example", "清和小铺").match.entity is None  # type: ignore[union-attr]
    targets.add_found(store, [sender("清和 小铺")], make.now)
    found = seen(store, make, desk, "tea.example", "清和小铺").match
    assert found is not None
    assert found.entity is not None
    assert (found.entity.entity_id, found.entity.verdict) == (OPERATOR.uscc, MatchVerdict.LIKELY)
    store.db["targets"].update_one({"name": "清和 小铺"}, {"$set": {"clues.phone": "07176000003"}})  # as many as before
    assert seen(store, make, desk, "tea.example", "清和小铺").match.entity.entity_id == OTHER.uscc  # type: ignore[union-attr]


def test_a_lead_is_not_corrected_by_a_page_that_could_not_be_checked(store: Store, make: SimpleNamespace, desk: Desk) -> None:
    later = make.now + timedelta(days=1)
    pages.save_pages(store, [make.page(1, shop_of("one.example"))])
    fold_shop(store, desk, shop_of("one.example"), make.now)
    pages.save_pages(store, [make.page(1, shop_of("one.example"), findings=(), state=PageState.CHALLENGE, seen_at=later)])
    assert fold_shop(store, desk, shop_of("one.example"), later, Visit(state="challenge", run_id="r2")).leads.closed == 0
    held = store.db["leads"].find_one({"shop_id": "one.example"})
    assert held is not None
    assert (held["status"], held["last_seen"]) == ("open", make.now)
    pages.save_pages(store, [make.page(1, shop_of("one.example"), findings=(), seen_at=later)])
    assert fold_shop(store, desk, shop_of("one.example"), later).leads.closed == 1


# -- two shops of one name -----------------------------------------------------------------------------


def verdicts(record: ShopRecord) -> tuple[str | None, list[str]]:
    """Return the entity that a shop is said to be, and the verdicts on its candidates."""
    assert record.match is not None
    entity = record.match.entity
    return entity.entity_id if entity else None, [str(candidate.verdict) for candidate in record.match.candidates]


@pytest.mark.parametrize("senders", [[sender("清和小铺")], [sender("清和小铺"), sender("清和小铺", OTHER.phone)]], ids=["one line", "two lines"])
def test_a_courier_line_that_two_shops_share_asserts_nothing(
    store: Store, make: SimpleNamespace, desk: Desk, senders: list[Target]
) -> None:
    targets.add_found(store, senders, make.now)
    first = seen(store, make, desk, "one.example", "清和小铺")
    assert (verdicts(first)[0] is not None) is (len(senders) == 1)
    second = seen(store, make, desk, "two.example", "【清和小铺】")
    first = known(store, "one.example")
    assert verdicts(first) == verdicts(second) == (None, ["possible"] * len(senders))
    assert "同名网店不止一家" in second.reasons[0]


def test_what_a_shop_shows_itself_still_decides(store: Store, make: SimpleNamespace, desk: Desk) -> None:
    targets.add_found(store, [sender("清和小铺")], make.now)
    seen(store, make, desk, "one.example", "清和小铺")
    shown = Fact(name="phone", value=OPERATOR.phone, raw=OPERATOR.phone)
    assert verdicts(seen(store, make, desk, "two.example", "清和小铺", [shown]))[0] == OPERATOR.uscc
    assert verdicts(known(store, "one.example"))[0] is None


@pytest.mark.parametrize("state", ["gone", "not_a_shop"])
def test_a_shop_that_is_none_any_more_shares_nothing(store: Store, make: SimpleNamespace, desk: Desk, state: str) -> None:
    targets.add_found(store, [sender("清和小铺")], make.now)
    seen(store, make, desk, "two.example", "清和小铺")
    fold_shop(store, desk, shop_of("two.example"), make.now, Visit(state=state))
    assert verdicts(seen(store, make, desk, "one.example", "清和小铺"))[0] == OPERATOR.uscc


def test_folding_a_namesake_again_does_not_say_that_it_was_seen(store: Store, make: SimpleNamespace, desk: Desk) -> None:
    targets.add_found(store, [sender("清和小铺")], make.now)
    pages.save_pages(store, [replace(make.page(1, shop_of("one.example"), facts=()), title="清和小铺")])
    fold_shop(store, desk, shop_of("one.example"), make.now, Visit(state="partial", run_id="r7", found_via=("seed",)))
    before = known(store, "one.example")
    pages.save_pages(store, [replace(make.page(1, shop_of("two.example"), facts=()), title="清和小铺")])
    fold_shop(store, desk, shop_of("two.example"), make.now + timedelta(days=3))
    after = known(store, "one.example")
    assert after.match != before.match
    assert replace(after, match=before.match, determination=before.determination, reasons=before.reasons) == before
