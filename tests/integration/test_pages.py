"""Pages: idempotent, never older over newer, hostile ones beside good ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from netpatrol.items import EvidenceRef, PageState, ShopRef
from netpatrol.store import pages, shops
from netpatrol.store.database import Store
from netpatrol.store.records import ShopRecord

pytestmark = pytest.mark.mongo
DAY = timedelta(days=1)


def test_saving_again_changes_nothing(store: Store, make: SimpleNamespace) -> None:
    batch = [make.page(number) for number in range(5)]
    assert pages.save_pages(store, batch).written == 5
    before = list(store.db["pages"].find())
    assert pages.save_pages(store, batch).written == 5
    assert list(store.db["pages"].find()) == before
    assert [page.url for page in pages.pages_of(store, make.shop.shop_id)] == [page.url for page in batch]


def test_findings_keep_their_first_sight_and_captures(store: Store, make: SimpleNamespace) -> None:
    for day in range(15):
        seen = make.now + day * DAY
        found = make.finding("k", first_seen=seen, last_seen=seen, evidence=(f"capture-{day:02}",))
        pages.save_pages(store, [make.page(findings=(found,), seen_at=seen)])
    [page] = pages.pages_of(store, make.shop.shop_id)
    assert (page.first_seen, page.last_seen) == (make.now, make.now + 14 * DAY)
    [finding] = page.findings
    assert (finding.first_seen, finding.last_seen) == (make.now, make.now + 14 * DAY)
    assert finding.evidence == ("capture-00", *(f"capture-{day:02}" for day in range(6, 15)))


def test_what_is_gone_from_the_page_is_gone(store: Store, make: SimpleNamespace) -> None:
    pages.save_pages(store, [make.page()])
    pages.save_pages(store, [make.page(findings=(), seen_at=make.now + DAY)])
    assert [page.findings for page in pages.pages_of(store, make.shop.shop_id)] == [()]


def test_an_older_state_never_covers_a_newer_one(store: Store, make: SimpleNamespace) -> None:
    pages.save_pages(store, [make.page(seen_at=make.now + DAY, title="new")])
    result = pages.save_pages(store, [make.page(title="old")])
    assert (result.written, result.stale, result.refused) == (0, 1, ())
    assert [page.title for page in pages.pages_of(store, make.shop.shop_id)] == ["new"]


def test_aliases_of_one_page_are_one_page(store: Store, make: SimpleNamespace) -> None:
    pages.save_pages(store, [make.page(1, key="page"), make.page(2, key="page", seen_at=make.now + DAY)])
    pages.save_pages(store, [make.page(3, key="page", seen_at=make.now + 2 * DAY)])
    assert [page.url for page in pages.pages_of(store, make.shop.shop_id)] == [make.page(3).url]


def test_of_one_page_twice_in_a_batch_the_newer_stays(store: Store, make: SimpleNamespace) -> None:
    pages.save_pages(store, [make.page(seen_at=make.now + DAY, title="new"), make.page(title="old")])
    assert [page.title for page in pages.pages_of(store, make.shop.shop_id)] == ["new"]


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"$where": "sleep(1000)", "a.b": "1", "nul\0": "2", "": "3"}, id="keys"),
        pytest.param({"title": "\ud800\udfff"}, id="surrogates"),
        pytest.param({"body": "x" * 16_000_000}, id="16 MB"),
        pytest.param({"body": "x" * 18_000_000}, id="18 MB"),
        pytest.param({"body": "词" * 20_000_000}, id="60 MB"),
        pytest.param({f"key {number}": "v" * 50 for number in range(300_000)}, id="many keys"),
    ],
)
def test_a_hostile_page_is_stored_and_never_costs_the_others(
    store: Store, make: SimpleNamespace, extra: dict[str, str]
) -> None:
    batch = [make.page(1), make.page(2, extra=extra), make.page(3)]
    assert pages.save_pages(store, batch).written == 3
    stored = list(pages.pages_of(store, make.shop.shop_id))
    assert [page.findings[0].key for page in stored] == ["k1", "k2", "k3"]
    if not any(len(value) > 1000 or "\ud800" in value for value in extra.values()) and len(extra) < 100:
        assert stored[1].extra == extra
    else:
        assert store.db["pages"].find_one({"_id": batch[1].page_id})["_changed"]  # type: ignore[index]


def test_what_the_server_refuses_is_kept_with_its_reason(store: Store, make: SimpleNamespace) -> None:
    bad = make.page(2, url="x" * 10_001)
    result = pages.save_pages(store, [make.page(1), bad, make.page(3)])
    assert result.written == 2
    assert result.refused == (bad.page_id,)
    [kept] = store.db["refused"].find()
    assert kept["collection"] == "pages"
    assert kept["key"] == bad.page_id
    assert "validation" in kept["reason"]


def test_many_captures_do_not_let_a_document_grow(store: Store, make: SimpleNamespace) -> None:
    for number in range(60):
        found = make.finding("k", evidence=tuple(f"{number:03}-{part:03}" for part in range(100)))
        pages.save_pages(store, [make.page(findings=(found,))])
    [page] = pages.pages_of(store, make.shop.shop_id)
    assert len(page.findings[0].evidence) == pages.CAPTURES_KEPT


# -- dirty shops -------------------------------------------------------------------------------------


def test_a_shop_is_dirty_until_that_very_state_is_folded(store: Store, make: SimpleNamespace) -> None:
    pages.save_pages(store, [make.page(1)])
    [(shop_id, token)] = pages.dirty_shops(store)
    assert shop_id == make.shop.shop_id
    pages.save_pages(store, [make.page(2)])
    assert not pages.clear_dirty(store, shop_id, token)
    [(_, token)] = pages.dirty_shops(store)
    assert pages.clear_dirty(store, shop_id, token)
    assert pages.dirty_shops(store) == []


def test_a_kill_between_pages_and_leads_leaves_a_dirty_shop(
    store: Store, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pages, "_save_evidence", killed)
    with pytest.raises(KeyboardInterrupt):
        pages.save_pages(store, [make.page(1)])
    assert [shop_id for shop_id, _ in pages.dirty_shops(store)] == [make.shop.shop_id]


def test_a_sighting_moves_last_seen_only(store: Store, make: SimpleNamespace) -> None:
    pages.save_pages(store, [make.page(1, body_sha256="b1"), make.page(2, gone=True)])
    known = pages.KnownPage(body_sha256="b1", pack_lock="", register_version="", state=PageState.CHECKED)
    assert pages.known_pages(store, make.shop.shop_id) == {"http://tea.example/1": known}
    later = make.now + DAY
    assert pages.sighted(store, [(make.shop.shop_id, "http://tea.example/1", later)], "r2") == 1
    page = next(pages.pages_of(store, make.shop.shop_id))
    old = replace(make.page(1, body_sha256="b1"), first_seen=make.now, last_seen=later)
    assert page == replace(old, findings=(replace(old.findings[0], last_seen=later),))


UNTOLD = [state for state in PageState if state not in pages.TOLD]


@pytest.mark.parametrize("state", UNTOLD)
def test_a_page_that_could_not_be_checked_keeps_what_was_found_on_it(store: Store, make: SimpleNamespace, state: PageState) -> None:
    pages.save_pages(store, [make.page(1)])
    walled = make.page(1, findings=(), facts=(), state=state, seen_at=make.now + DAY)
    for _ in range(2):
        pages.save_pages(store, [walled])
        held = next(pages.pages_of(store, make.shop.shop_id))
        assert (held.state, held.findings, held.facts) == (state, make.page(1).findings, make.page(1).facts)
    pages.save_pages(store, [make.page(1, findings=(), seen_at=make.now + 2 * DAY)])
    assert next(pages.pages_of(store, make.shop.shop_id)).findings == ()


def test_a_page_that_is_gone_stands_again_as_it_was_only_where_its_host_was_down(store: Store, make: SimpleNamespace) -> None:
    found = make.page(1, run_id="r1")
    gone = make.page(1, findings=(), seen_at=make.now + DAY, state=PageState.EMPTY, gone=True, status=404, run_id="r2")
    pages.save_pages(store, [found])
    pages.save_pages(store, [gone])
    assert (pages.stand_again(store, make.shop.shop_id, "r1"), pages.stand_again(store, make.shop.shop_id, "r2")) == (0, 1)
    [page] = pages.pages_of(store, make.shop.shop_id)
    assert (page.gone, page.title, [finding.key for finding in page.findings]) == (False, found.title, [finding.key for finding in found.findings])
    pages.save_pages(store, [replace(gone, seen_at=make.now + 2 * DAY)])
    pages.save_pages(store, [make.page(1, findings=(), seen_at=make.now + 3 * DAY, title="x", extra={"wall": "1"})])
    [page] = pages.pages_of(store, make.shop.shop_id)
    assert (page.gone, page.findings) == (False, ())  # what was over does not come back with what stands there now


@pytest.mark.parametrize("fields", [{"state": PageState.SOFT_404}, {}], ids=["soft", "checked"])
def test_a_page_that_says_what_it_is_now_keeps_nothing(store: Store, make: SimpleNamespace, fields: dict[str, object]) -> None:
    pages.save_pages(store, [make.page(1)])
    pages.save_pages(store, [make.page(1, findings=(), seen_at=make.now + DAY, **fields)])
    assert next(pages.pages_of(store, make.shop.shop_id)).findings == ()


def test_a_page_in_whose_place_something_else_stands_keeps_what_was_found_on_it(store: Store, make: SimpleNamespace) -> None:
    offer = {"marks": "price,buy", "size": "900"}
    pages.save_pages(store, [make.page(1, title="毛尖茶 - 青峡茶行", extra=offer)])
    for day in (1, 2):
        wall = make.page(1, title="用户登录 - 青峡茶行", extra={"marks": "", "size": "300"}, findings=(), seen_at=make.now + day * DAY)
        pages.save_pages(store, [wall])
        held = next(pages.pages_of(store, make.shop.shop_id))
        assert (held.findings, held.title, held.extra) == (make.page(1).findings, "毛尖茶 - 青峡茶行", {**offer, pages.UNLIKE: "1"})
        assert pages.known_pages(store, make.shop.shop_id) == {}  # it is read again, whatever its bytes
    pages.save_pages(store, [make.page(1, title="毛尖茶 - 青峡茶行", extra=offer, findings=(), seen_at=make.now + 3 * DAY)])
    held = next(pages.pages_of(store, make.shop.shop_id))
    assert (held.findings, held.extra) == ((), offer)


def test_what_was_found_on_the_very_same_capture_is_judged_anew(store: Store, make: SimpleNamespace) -> None:
    ref = EvidenceRef(
        evidence_id="c1", url="u", body_sha256="b", warc_file="w", warc_offset=1, manifest_sha256="m", previous="p", stored_at=make.now,
    )  # fmt: skip
    earlier, mine = make.finding("k0", quote="治愈头痛", evidence=("c0",)), make.finding("k1", evidence=("c1",))
    pages.save_pages(store, [make.page(1, findings=(earlier,))])
    for found in ((mine,), ()):
        pages.save_pages(store, [make.page(1, state=PageState.NEEDS_RENDER, evidence=ref, findings=found)])
        assert next(pages.pages_of(store, make.shop.shop_id)).findings == (*found, earlier)


def test_evidence_is_entered_once(store: Store, make: SimpleNamespace) -> None:
    ref = EvidenceRef(
        evidence_id="20260115-aa",
        url="u",
        body_sha256="b",
        warc_file="w",
        warc_offset=1,
        manifest_sha256="m",
        previous="p",
        stored_at=make.now,
    )
    for _ in range(2):
        pages.save_pages(store, [make.page(1, evidence=ref)])
    assert list(pages.evidence_refs(store)) == list(pages.evidence_refs(store, ["20260115-aa"])) == [ref]


# -- shops -------------------------------------------------------------------------------------------


def test_what_is_known_of_a_shop_adds_up(store: Store, make: SimpleNamespace) -> None:
    pages.save_pages(store, [make.page(1)])
    first = ShopRecord(shop=make.shop, host="tea.example", seen_at=make.now, found_via=("seed",), state="partial")
    shops.save_shop(store, first)
    shops.save_shop(store, replace(first, seen_at=make.now + DAY, found_via=("link",), state="checked"))
    known = shops.shop(store, make.shop.shop_id)
    assert known is not None
    assert (known.state, known.found_via) == ("checked", ("seed", "link"))
    assert (known.first_seen, known.last_seen) == (make.now, make.now + DAY)
    assert pages.dirty_shops(store)
    assert shops.shop(store, "none.example") is None


def test_storefronts_of_one_host_are_shops_of_their_own(store: Store, make: SimpleNamespace) -> None:
    fronts = [
        ShopRef(shop_id=f"mall.example/s/{n}", url=f"http://mall.example/s/{n}/", platform="mall") for n in range(3)
    ]
    pages.save_pages(store, [make.page(1, shop=front) for front in fronts])
    assert [record.shop for record in shops.shops(store)] == fronts
    assert {record.kind for record in shops.shops(store)} == {"storefront"}
