"""One site under patrol: what belongs to it, and where it stops."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from scrapy.http import HtmlResponse

from netpatrol.ledger import End, Ledger
from netpatrol.spiders import _answers as answers
from netpatrol.spiders._planned import Planned
from netpatrol.spiders._site import SHELLS, Bounds, SiteCrawl
from netpatrol.store.records import Target

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def site(url="http://www.a.example/", kind="site", depth=3, pages=10, seconds=60.0):
    target = Target(shop_id="a.example", url=url, host="www.a.example", kind=kind, platform="a.example" if kind == "storefront" else "")
    return SiteCrawl(target=target, bounds=Bounds(depth=depth, pages=pages, seconds=seconds), ledger=Ledger(), started_at=NOW)


@pytest.mark.parametrize(
    ("kind", "start", "url", "inside"),
    [
        ("site", "http://www.a.example/", "http://a.example/x", True),
        ("site", "http://www.a.example/", "https://m.a.example/x", True),
        ("site", "http://www.a.example/", "http://b.example/", False),
        ("site", "http://www.a.example/", "http://shop.a.example/", False),
        ("storefront", "http://mall.example/shop/10", "http://mall.example/shop/10", True),
        ("storefront", "http://mall.example/shop/10", "http://mall.example/shop/10/item/1.html", True),
        ("storefront", "http://mall.example/shop/10", "http://mall.example/shop/10?page=2", True),
        ("storefront", "http://mall.example/shop/10", "http://mall.example/shop/101", False),
        ("storefront", "http://mall.example/shop/10", "http://mall.example/help", False),
    ],
)
def test_what_belongs_to_a_site(kind, start, url, inside):
    assert site(start, kind).contains(url) is inside


def test_a_page_is_planned_once_under_all_its_addresses():
    crawl = site()
    assert crawl.plan("http://www.a.example/x?id=1&sid=9f8e7d6c5b4a", depth=1, via="")
    assert not crawl.plan("http://m.a.example/x?id=1#top", depth=1, via="")
    assert crawl.ledger.planned == 1


@pytest.mark.parametrize(
    ("url", "depth", "nofollow", "reason"),
    [
        ("http://a.example/deep", 4, False, "depth"),
        ("http://a.example/x?y=" + "a" * 8_000, 1, False, "long_address"),
        ("http://a.example/cart?add=1", 1, True, "nofollow"),
        ("http://a.example/d/d/d/", 1, False, "trap"),
    ],
)
def test_what_lies_beyond_the_bounds_is_skipped_with_its_reason(url, depth, nofollow, reason):
    crawl = site()
    assert not crawl.plan(url, depth=depth, via="", nofollow=nofollow)
    crawl.close()
    assert crawl.ledger.record()["pages"]["skipped_by_reason"] == {reason: 1}
    assert crawl.ledger.adds_up()


def test_one_plain_link_is_enough_whatever_the_others_say():
    crawl = site()
    assert not crawl.plan("http://a.example/claims", depth=1, via="", nofollow=True)
    assert crawl.plan("http://a.example/claims", depth=1, via="")
    assert not crawl.plan("http://a.example/claims", depth=1, via="", nofollow=True)
    crawl.end(crawl.next_page(NOW), End.CHECKED)
    crawl.close()
    pages = crawl.ledger.record()["pages"]
    assert (pages["planned"], pages["checked"]) == (1, 1)


def test_a_page_first_seen_too_deep_is_read_where_a_shorter_way_comes():
    crawl = site()
    for name in ("a", "b"):
        assert not crawl.plan(f"http://a.example/{name}", depth=4, via="")
    assert crawl.plan("http://a.example/a", depth=2, via="")
    assert not crawl.plan("http://a.example/a", depth=4, via="")
    crawl.end(crawl.next_page(NOW), End.CHECKED)
    crawl.close()
    pages = crawl.ledger.record()["pages"]
    assert (pages["planned"], pages["checked"], pages["skipped_by_reason"]) == (2, 1, {"depth": 1})


def test_the_ledger_is_told_once_that_not_all_addresses_are_remembered(monkeypatch):
    monkeypatch.setattr("netpatrol.spiders._site.MOST_SEEN", 20)
    crawl = site(pages=5)
    for n in range(100):
        crawl.plan(f"http://a.example/{n}", depth=1, via="")
    pages = crawl.ledger.record()["pages"]
    assert pages["skipped_by_reason"] == {"more_addresses": 1, "page_budget": 15}
    assert site(pages=50)._overflows() is False
    assert crawl.ledger.adds_up()


def test_a_licence_page_goes_before_what_was_planned_earlier():
    crawl = site()
    crawl.plan("http://a.example/1", depth=1, via="")
    crawl.plan("http://a.example/licence", depth=1, via="", first=True)
    assert crawl.next_page(NOW).url == "http://a.example/licence"


def test_a_shop_is_called_what_it_was_called_first():
    crawl = site()
    crawl.call("清江茶行")
    crawl.call("别的")
    assert crawl.shop.name == "清江茶行"


def test_the_page_budget_holds():
    crawl = site(pages=2)
    planned = [crawl.plan(f"http://a.example/{n}", depth=1, via="") for n in range(5)]
    assert planned == [True, True, False, False, False]
    assert crawl.ledger.record()["pages"]["skipped_by_reason"] == {"page_budget": 3}


def test_the_time_budget_ends_what_is_left():
    crawl = site(seconds=60)
    for n in range(3):
        crawl.plan(f"http://a.example/{n}", depth=1, via="")
    assert crawl.next_page(NOW) is not None
    assert crawl.next_page(NOW + timedelta(seconds=61)) is None
    assert crawl.ledger.record()["pages"]["skipped_by_reason"] == {"time_budget": 2}


@pytest.mark.parametrize(
    ("ends", "moved", "outcome"),
    [
        ([(End.CHECKED, ""), (End.SKIPPED, "needs_render")], False, ("", "done", "")),
        ([(End.CHECKED, ""), (End.SKIPPED, "crawl_delay")], False, ("partial", "done", "")),
        ([(End.SKIPPED, "needs_render")], False, ("needs_render", "done", "needs_render")),
        ([(End.SKIPPED, "truncated")], False, ("partial", "done", "truncated")),
        ([(End.SKIPPED, "parse_suspect"), (End.FAILED, "timeout")], False, ("partial", "done", "parse_suspect")),
        ([(End.SKIPPED, "rule_timeout"), (End.FAILED, "http_404")], False, ("partial", "done", "rule_timeout")),
        ([(End.SKIPPED, "robots_unavailable")], False, ("robots", "done", "robots_unavailable")),
        ([(End.FAILED, "timeout")], False, ("unreachable", "failed", "timeout")),
        ([(End.FAILED, "http_404")], False, ("gone", "done", "gone")),
        ([(End.SKIPPED, "redirect_off_site")], True, ("moved", "done", "moved")),
        ([(End.SKIPPED, "robots_unreachable")], False, ("unreachable", "failed", "robots_unreachable")),
        ([(End.FAILED, "dns")], False, ("dead", "failed", "dns")),
        ([(End.FAILED, "dns"), (End.FAILED, "timeout")], False, ("unreachable", "failed", "dns")),
        ([], False, ("unreachable", "failed", "unreachable")),
    ],
)
def test_what_becomes_of_a_site(ends, moved, outcome):
    assert answers.outcome(Counter(ends), moved=moved) == outcome


@pytest.mark.parametrize(
    ("start", "outcome"),
    [
        ((End.FAILED, "http_503"), ("unreachable", "failed", "http_503")),
        ((End.FAILED, "dns"), ("dead", "failed", "dns")),
        ((End.SKIPPED, "redirect_off_site"), ("unreachable", "failed", "redirect_off_site")),
        ((End.FAILED, "http_404"), ("gone", "done", "gone")),
        ((End.SKIPPED, "soft_404"), ("gone", "done", "gone")),
        ((End.SKIPPED, "jump"), ("partial", "done", "jump")),
        (None, ("gone", "done", "gone")),
    ],
)
def test_a_shop_is_not_gone_with_its_goods_while_its_start_page_is_down(start, outcome):
    ends = Counter([(End.FAILED, "http_404"), *([start] if start else [])])
    assert answers.outcome(ends, moved=False, start=start) == outcome


def test_a_parked_domain_is_no_shop_whatever_else_it_shows():
    assert answers.outcome(Counter([(End.CHECKED, "")]), moved=False, parked=True) == ("parked", "done", "parked")


def test_a_route_is_a_page_of_its_own_and_its_address_is_asked_for_once():
    crawl = site()
    for url in ("http://a.example/#/goods/1", "http://a.example/#/goods/2", "http://a.example/#/", "http://a.example/"):
        crawl.plan(url, depth=1, via="")
    first = crawl.next_page(NOW)
    assert (first.url, first.key) == ("http://a.example/#/goods/1", "a.example/#/goods/1")
    assert crawl.shell_of(first) is first
    crawl.keep_shell(first, HtmlResponse("http://www.a.example/", body=b"<div id=app></div>"))
    second = crawl.shell_of(crawl.next_page(NOW))
    assert (second.url, second.raw.body) == ("http://www.a.example/#/goods/2", b"<div id=app></div>")
    home = crawl.next_page(NOW)
    assert (home.url, crawl.shell_of(home), crawl.next_page(NOW)) == ("http://a.example/", home, None)


def test_few_shells_are_kept_and_no_large_ones():
    crawl = site()
    for number in range(SHELLS + 2):
        crawl.keep_shell(Planned(url=f"http://a.example/{number}", key="", depth=1, via=""), HtmlResponse("http://a.example/"))
    crawl.keep_shell(Planned(url="http://a.example/big", key="", depth=1, via=""), HtmlResponse("http://a.example/", body=b"x" * 1_000_001))
    assert list(crawl.shells) == [f"http://a.example/{number}" for number in range(2, SHELLS + 2)]


def test_other_spellings_of_an_address_are_not_asked_for():
    crawl = site()
    assert crawl.plan("http://a.example/Product.asp?Class=2&ID=1", depth=1, via="")
    for url in ("/product.asp?id=1&class=2", "/PRODUCT.ASP?class=2&id=1", "/%70roduct.asp?id=1&class=2&"):
        assert not crawl.plan("http://a.example" + url, depth=1, via="")
    assert crawl.plan("http://a.example/product.asp?id=2&class=2", depth=1, via="")
    assert crawl.next_page(NOW).key == "a.example/Product.asp?Class=2&ID=1"
    assert crawl.ledger.planned == 2


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://a.example/admin/news_del.asp?id=1", "acts"), ("http://a.example/flow.php?step=add_to_cart", "acts"), ("http://a.example/order.html", "")],
)
def test_what_acts_is_not_asked_for(url, reason):
    crawl = site()
    assert crawl.plan(url, depth=1, via="") is not bool(reason)
    assert crawl.ledger.record()["pages"]["skipped_by_reason"] == ({reason: 1} if reason else {})


def test_a_site_that_is_entered_where_it_would_act_is_read_all_the_same():
    assert site("http://a.example/admin/index.php").plan("http://a.example/admin/index.php", depth=0, via="start")
