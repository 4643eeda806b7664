"""Addresses that lists name of one site are all start pages of its patrol."""

from datetime import UTC, datetime

from netpatrol.ledger import Ledger
from netpatrol.spiders._claims import Claims
from netpatrol.spiders._site import Bounds, SiteCrawl
from netpatrol.spiders.sites import SitesSpider
from netpatrol.store.records import Target, Via

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def named(path, channel="seed"):
    via = Via(channel=channel, source="list", at=NOW)
    return Target(shop_id="a.example", url=f"http://a.example{path}", host="a.example", kind="site", found_via=(via,))


def test_a_second_address_of_a_list_is_kept_with_the_first():
    claims = Claims(patrol=None, kinds=("site",))
    assert [claims.find(named(path)) for path in ("/", "/promo/1", "/promo/1", "/", "/promo/2")] == [True, *[False] * 4]
    assert not claims.find(named("/other", "link"))
    (target,) = claims.new.values()
    assert (target.url, target.also) == ("http://a.example/", ("http://a.example/promo/1", "http://a.example/promo/2"))


def test_each_of_them_is_planned():
    target = Target(shop_id="a.example", url="http://a.example/", also=("http://a.example/promo/1", "http://b.example/x"), host="a.example")
    site = SiteCrawl(target=target, bounds=Bounds(depth=3, pages=9, seconds=9), ledger=Ledger(), started_at=NOW, lately={})
    SitesSpider.plan_start(None, site)
    assert [planned.url for planned in site.frontier] == ["http://a.example/", "http://a.example/promo/1"]
    assert [site.is_start(planned) for planned in site.frontier] == [True, False]
