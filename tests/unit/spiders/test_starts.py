"""Addresses that lists name of one site are all start pages of its patrol."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

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


def test_more_addresses_than_are_start_pages_are_told():
    told = []
    patrol = SimpleNamespace(trouble=lambda message, exit_code: told.append((message, exit_code)))
    claims = Claims(patrol=patrol, kinds=("site",))
    for number in range(23):
        claims.find(named(f"/{number}"))
    assert [(message.partition("：")[0], code) for message, code in told] == [("a.example", 1)] * 2


@pytest.mark.parametrize("first", ["http", "https"])
def test_a_page_that_a_list_names_under_both_schemes_is_asked_for_under_the_other_once(first):
    second = {"http": "https", "https": "http"}[first]
    target = Target(shop_id="a.example", url=f"{first}://a.example/x", also=(f"{second}://a.example/x", f"{first}://a.example/y"), host="a.example")
    site = SiteCrawl(target=target, bounds=Bounds(depth=3, pages=9, seconds=9), ledger=Ledger(), started_at=NOW, lately={})
    SitesSpider.plan_start(None, site)
    start, other = site.frontier.popleft(), site.frontier.popleft()
    assert site.ask_otherwise(start)
    again = site.frontier.popleft()
    assert (again.url, again.key, site.is_start(again)) == (f"{second}://a.example/x", start.key, True)
    assert not site.ask_otherwise(again)
    assert not site.ask_otherwise(other)


def test_each_of_them_is_planned():
    target = Target(shop_id="a.example", url="http://a.example/", also=("http://a.example/promo/1", "http://b.example/x"), host="a.example")
    site = SiteCrawl(target=target, bounds=Bounds(depth=3, pages=9, seconds=9), ledger=Ledger(), started_at=NOW, lately={})
    SitesSpider.plan_start(None, site)
    assert [planned.url for planned in site.frontier] == ["http://a.example/", "http://a.example/promo/1"]
    assert [site.is_start(planned) for planned in site.frontier] == [True, False]
