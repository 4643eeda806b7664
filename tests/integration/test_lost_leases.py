"""A worker that stalled for longer than its leases leaves its sites to those that have them by then."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import HtmlResponse, Request
from scrapy.settings import Settings

from netpatrol.fold import Folded
from netpatrol.ledger import End, Ledger
from netpatrol.middlewares import AddressGuard, Refused
from netpatrol.spiders import _base as base
from netpatrol.spiders import _settling as settling
from netpatrol.spiders._claims import Claims
from netpatrol.spiders._endings import Endings
from netpatrol.spiders._moves import Moves
from netpatrol.spiders.sites import SitesSpider
from netpatrol.store import targets
from netpatrol.store.database import Store
from netpatrol.store.leads import LeadCounts
from netpatrol.store.records import Target
from netpatrol.text.addresses import Gate

pytestmark = pytest.mark.mongo
HOUR = timedelta(hours=1)


class Stub:
    """What a spider and its claims need of a patrol."""

    is_ending = False

    def __init__(self, store: Store) -> None:
        self.store, self.worker, self.ledger, self.run_id, self.desk = store, "stalled", Ledger(), "r1", None
        self.started_at = datetime.now(UTC)
        bounds = {"NETPATROL_MAX_DEPTH": 3, "NETPATROL_MAX_PAGES": 100, "NETPATROL_MAX_SECONDS": 9999, "NETPATROL_SITES_AT_ONCE": 4}
        self.settings = Settings({"NETPATROL_LEASE_SECONDS": 600, "NETPATROL_MAX_TARGETS": 100, "DOWNLOAD_DELAY": 1, **bounds})

    async def ask_store(self, function: Any, *args: Any, **named: Any) -> Any:
        return function(self.store, *args, **named)


async def no_marks(asked: Any) -> dict[str, Any]:
    return {}


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The shops that were folded."""
    shops: list[str] = []

    def fold_shop(store: Store, desk: Any, shop: Any, now: Any, visit: Any) -> Folded:
        shops.append(shop.shop_id)
        return Folded(state="checked", leads=LeadCounts())

    monkeypatch.setattr(settling, "fold_shop", fold_shop)
    return shops


async def stalled_spider(store: Store, make: SimpleNamespace, hosts: list[str]) -> tuple[SitesSpider, list[Target], datetime]:
    """Return a spider in the middle of these sites, which it claimed two hours ago."""
    now = datetime.now(UTC)
    targets.add_found(store, [make.target(host, due_at=now - 3 * HOUR) for host in hosts], now - 3 * HOUR)
    spider = SitesSpider()
    spider.patrol = patrol = Stub(store)  # type: ignore[assignment]
    spider.crawler = SimpleNamespace(settings=patrol.settings, stats=None, engine=None)  # type: ignore[assignment]
    spider.settings, spider.ledger, spider.wake = patrol.settings, patrol.ledger, asyncio.Event()  # type: ignore[misc]
    spider.marks = SimpleNamespace(ask=no_marks)  # type: ignore[assignment]
    spider.claims = Claims(spider.patrol, ("site", "storefront"), kept_at=now - 2 * HOUR)
    spider.settling = settling.Settling(
        patrol=spider.patrol, policy=SimpleNamespace(), stays_due=False, crawler=spider.crawler  # type: ignore[arg-type]
    )
    spider.endings = Endings(
        patrol=spider.patrol, settling=spider.settling, marks=spider.marks, sites=spider.sites, wake=spider.wake, goes_on=spider.goes_on,
        moves=Moves(spider.crawler, spider.patrol),
    )  # fmt: skip
    claimed = [targets.claim(store, "stalled", now - 2 * HOUR, 600, ("site", "storefront")) for _ in hosts]
    return spider, [target for target in claimed if target], now


async def heartbeat(spider: SitesSpider) -> None:
    spider.wake.set()
    await spider._wait()
    await asyncio.gather(*spider.endings.tasks)


async def test_a_site_whose_lease_was_lost_is_left_to_its_new_owner(store: Store, make: SimpleNamespace, folded: list[str]) -> None:
    spider, (target,), now = await stalled_spider(store, make, ["tea.example"])
    site = spider._begin(target, {})
    first = site.next_page(site.started_at)
    assert first is not None
    site.plan("http://tea.example/2", depth=1, via="x")
    other = targets.claim(store, "other", now, 600)
    assert other is not None
    await heartbeat(spider)
    request = Request(first.url, meta={"netpatrol_site": site, "netpatrol_page": first})
    with pytest.raises(Refused, match="lease_lost"):
        AddressGuard(Gate.allowing(()), contact=True).process_request(request)
    late = HtmlResponse(first.url, body=b"<a href=/3>3</a>", encoding="utf-8", request=request)
    assert [one async for one in spider.parse(late)] == []
    await asyncio.gather(*spider.endings.tasks)
    assert not site.plan("http://tea.example/4", depth=1, via="x")

    assert (folded, spider.sites) == ([], {})
    assert spider.ledger.targets == {(End.SKIPPED, "lease_lost"): 1}
    assert spider.ledger.pages == {(End.SKIPPED, "lease_lost"): 3}
    assert spider.ledger.adds_up()
    held = targets.target(store, "tea.example")
    assert held is not None
    assert (held.status, held.lease_owner) == ("leased", "other")


async def test_a_site_that_ends_before_the_heartbeat_is_not_folded_over_its_new_owner(
    store: Store, make: SimpleNamespace, folded: list[str]
) -> None:
    spider, (target,), now = await stalled_spider(store, make, ["tea.example"])
    site = spider._begin(target, {})
    site.frontier.clear()
    assert targets.claim(store, "other", now, 600) is not None
    await spider.endings.end(site)
    assert (folded, dict(spider.ledger.targets)) == ([], {(End.SKIPPED, "lease_lost"): 1})


async def test_a_site_that_is_still_ours_goes_on_and_is_folded(
    store: Store, make: SimpleNamespace, folded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spider, (target,), now = await stalled_spider(store, make, ["tea.example"])
    store.db["targets"].update_one({"_id": target.target_id}, {"$set": {"lease_until": now + HOUR}})
    site = spider._begin(target, {})
    await heartbeat(spider)
    assert (site.lease_lost, len(site.frontier)) == (False, 1)
    monkeypatch.setattr(settling.Settling, "_due", lambda *_: now)
    site.frontier.clear()
    await spider.endings.end(site)
    assert folded == ["tea.example"]
    held = targets.target(store, "tea.example")
    assert held is not None
    assert held.lease_owner == ""


@pytest.mark.parametrize(
    ("found", "ended"),
    [("checked", (End.CHECKED, "")), ("not_a_shop", (End.CHECKED, "")), ("needs_render", (End.SKIPPED, "needs_render"))],
)
async def test_a_site_counts_as_checked_only_if_the_fold_could_tell_what_it_is(
    store: Store, make: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, found: str, ended: tuple[End, str]
) -> None:
    spider, (target,), now = await stalled_spider(store, make, ["tea.example"])
    site = spider._begin(target, {})
    site.mapped = True
    page = site.next_page(site.started_at)
    assert page is not None
    site.end(page, End.CHECKED)
    monkeypatch.setattr(settling.Settling, "_due", lambda *_: now)
    monkeypatch.setattr(settling, "fold_shop", lambda *_: Folded(state=found, leads=LeadCounts()))
    await spider.endings.end(site)
    assert spider.ledger.targets == {ended: 1}


async def test_others_of_a_host_at_work_are_left_for_whoever_comes(store: Store, make: SimpleNamespace) -> None:
    spider, _, now = await stalled_spider(store, make, ["mall.example/s/1"])
    targets.add_found(store, [make.target("mall.example/s/2", due_at=now - HOUR)], now)
    assert await spider.claims.next({"mall.example"}) is None
    assert targets.claim(store, "other", now + HOUR, 600, ("storefront",)) is not None
    assert dict(spider.ledger.targets) == {}
    assert spider.ledger.adds_up()


async def test_a_host_whose_last_site_ends_while_more_is_asked_for_is_gone_on_with(
    store: Store, make: SimpleNamespace, folded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spider, _, now = await stalled_spider(store, make, [])
    shops = [f"mall.example/s/{n}" for n in (1, 2, 3)]
    targets.add_found(store, [make.target(shop, due_at=now - HOUR) for shop in shops], now - HOUR)

    class Slow(Claims):
        """Claims that take so long that what was at work has ended when they answer."""

        async def next(self, busy: Any) -> Target | None:
            target = await super().next(busy)
            for site in tuple(spider.sites.values()):
                site.frontier.clear()
                await spider.endings.end(site)
            return target

    async def nothing_seen(target: Target) -> dict[str, Any]:
        return {}

    spider.seed_urls, spider.memory = (), SimpleNamespace(pages_of=nothing_seen)  # type: ignore[assignment]
    spider.claims = Slow(spider.patrol, ("storefront",), now)
    monkeypatch.setattr(settling.Settling, "_due", lambda *_: now + HOUR)
    monkeypatch.setattr(base, "recover", lambda *_: 0)
    assert [one async for one in spider.start() if one is None] == []
    assert sorted(folded) == shops
    assert spider.ledger.adds_up()
