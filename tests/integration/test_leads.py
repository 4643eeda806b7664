"""Leads: one per key whoever writes, closed and reopened, decisions untouched."""

from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from netpatrol.errors import StoreError
from netpatrol.items import Decision, Determination, ShopRef
from netpatrol.store import leads, mongo
from netpatrol.store.database import Store
from netpatrol.store.leads import LeadCounts, save_leads

pytestmark = pytest.mark.mongo
DAY = timedelta(days=1)
SHOP = "tea.example"


def test_a_replay_gives_nothing_new_and_nothing_changed(store: Store, make: SimpleNamespace) -> None:
    batch = [make.lead(), make.lead(family="absolute")]
    assert save_leads(store, SHOP, batch, make.now) == LeadCounts(new=2)
    before = list(store.db["leads"].find())
    assert save_leads(store, SHOP, batch, make.now + DAY) == LeadCounts(same=2)
    assert list(store.db["leads"].find()) == before
    assert leads.standing(store, SHOP) == tuple(sorted(batch, key=lambda lead: lead.family))


def test_one_more_sighting_is_no_change(store: Store, make: SimpleNamespace) -> None:
    save_leads(store, SHOP, [make.lead()], make.now)
    later = make.now + DAY
    seen = make.finding(last_seen=later, evidence=("20260115040000000-aa", "20260116040000000-bb"))
    again = make.lead(last_seen=later, findings=(seen,))
    assert save_leads(store, SHOP, [again], later) == LeadCounts(same=1)
    assert leads.standing(store, SHOP) == (again,)
    assert [event["what"] for event in leads.history(store, again.lead_id)] == ["new"]


def test_life_of_a_lead(store: Store, make: SimpleNamespace) -> None:
    lead, other = make.lead(), make.lead(subject="shop:tea.example")
    steps = [
        ([lead], LeadCounts(new=1)),
        ([make.lead(priority=70)], LeadCounts(changed=1)),
        ([], LeadCounts(closed=1)),
        ([], LeadCounts()),
        ([lead], LeadCounts(reopened=1)),
        ([other], LeadCounts(new=1, superseded=1)),
        ([lead], LeadCounts(reopened=1, superseded=1)),
    ]
    for day, (batch, counts) in enumerate(steps):
        assert save_leads(store, SHOP, batch, make.now + day * DAY) == counts
    events = [(event["what"], event["at"] - make.now) for event in leads.history(store, lead.lead_id)]
    assert events == [
        ("new", 0 * DAY),
        ("changed", DAY),
        ("closed", 2 * DAY),
        ("reopened", 4 * DAY),
        ("superseded", 5 * DAY),
        ("reopened", 6 * DAY),
    ]
    stored = leads.lead_document(store, other.lead_id)
    assert (stored["status"], stored["superseded_by"]) == ("superseded", lead.lead_id)


def test_what_was_taken_down_was_not_corrected(store: Store, make: SimpleNamespace) -> None:
    lead = make.lead()
    for pages, reason in ((frozenset(finding.url for finding in lead.findings), "gone"), (frozenset({"http://tea.example/other"}), "corrected")):
        save_leads(store, SHOP, [lead], make.now)
        save_leads(store, SHOP, [], make.now + DAY, gone=pages)
        assert leads.lead_document(store, lead.lead_id)["closed_reason"] == reason


def test_why_a_lead_was_closed_is_kept(store: Store, make: SimpleNamespace) -> None:
    save_leads(store, SHOP, [make.lead()], make.now)
    save_leads(store, SHOP, [], make.now + DAY, reason="gone")
    stored = leads.lead_document(store, make.lead().lead_id)
    assert (stored["status"], stored["closed_reason"], stored["closed_at"]) == ("closed", "gone", make.now + DAY)


def test_leads_of_other_shops_are_left_alone(store: Store, make: SimpleNamespace) -> None:
    save_leads(store, SHOP, [make.lead()], make.now)
    shop = ShopRef(shop_id="honey.example", url="http://honey.example/")
    save_leads(store, "honey.example", [make.lead(lead_id="0" * 32, shop=shop)], make.now)
    save_leads(store, "honey.example", [], make.now)
    assert len(leads.standing(store, SHOP)) == 1


def test_no_crawl_touches_a_decision(store: Store, make: SimpleNamespace) -> None:
    save_leads(store, SHOP, [make.lead()], make.now)
    decision = Decision(lead_id=make.lead().lead_id, verdict="confirm", by="王芳", at=make.now, note="已约谈")
    assert leads.decide(store, decision)
    assert not leads.decide(store, decision)
    for batch in ([make.lead(determination=Determination.REVOKED)], [], [make.lead()]):
        save_leads(store, SHOP, batch, make.now + DAY)
    assert leads.decisions(store, make.lead().lead_id) == (decision,)


@pytest.mark.parametrize("prefix", ["", "abc", "zzzz", "ffff0000"])
def test_an_id_that_names_no_lead_is_wrong_usage(store: Store, make: SimpleNamespace, prefix: str) -> None:
    save_leads(store, SHOP, [make.lead()], make.now)
    with pytest.raises(StoreError) as raised:
        leads.lead_document(store, prefix)
    assert raised.value.exit_code == 2


def test_the_start_of_an_id_is_enough_unless_two_begin_so(store: Store, make: SimpleNamespace) -> None:
    save_leads(store, SHOP, [make.lead(lead_id="abcd1" + "0" * 27), make.lead(lead_id="abcd2" + "0" * 27)], make.now)
    assert leads.lead_document(store, "abcd1")["lead_id"].startswith("abcd1")
    with pytest.raises(StoreError, match="不唯一"):
        leads.lead_document(store, "abcd")


# -- several writers ---------------------------------------------------------------------------------


def test_threads_that_write_one_lead_make_one_lead(store: Store, make: SimpleNamespace) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: save_leads(store, SHOP, [make.lead()], make.now), range(40)))
    assert sum(result.new for result in results) == 1
    assert sum(result.same for result in results) == 39
    assert store.db["leads"].count_documents({}) == 1
    assert len(leads.history(store, make.lead().lead_id)) == 1


def _write(home: Path, database: str, lead: object, now: object, batches: int) -> None:
    with mongo.connect(home, "", database=database) as store:
        new = sum(save_leads(store, SHOP, [lead], now).new for _ in range(batches))  # type: ignore[list-item,arg-type]
    sys.exit(new)


def test_processes_that_write_one_lead_make_one_lead(store: Store, mongo_home: Path, make: SimpleNamespace) -> None:
    context = multiprocessing.get_context("spawn")
    arguments = (mongo_home, store.db.name, make.lead(), make.now, 20)
    processes = [context.Process(target=_write, args=arguments) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert sum(process.exitcode or 0 for process in processes) == 1
    assert store.db["leads"].count_documents({}) == 1
    assert len(leads.history(store, make.lead().lead_id)) == 1


def test_writers_that_disagree_leave_a_whole_history(store: Store, make: SimpleNamespace) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda points: save_leads(store, SHOP, [make.lead(priority=points % 3)], make.now), range(30)))
    stored = leads.lead_document(store, make.lead().lead_id)
    history = leads.history(store, stored["lead_id"])
    assert sorted(int(event["_id"].partition(":")[2]) for event in history) == list(range(1, stored["revision"] + 1))
    last = max(history, key=lambda event: int(event["_id"].partition(":")[2]))
    assert last["details"].get("priority", 0) == stored["priority"]
