"""Parameters of which neither name nor value tells: the site shows whether they count, and the ledger hears what is left."""

from datetime import UTC, datetime

import pytest

from netpatrol.ledger import SAME_PAGE, End, Ledger
from netpatrol.spiders._base import PatrolSpider
from netpatrol.spiders._doubts import SHOWN, Doubts, mark_of
from netpatrol.spiders._site import Bounds, SiteCrawl
from netpatrol.spiders._traps import headings_of, said_by
from netpatrol.store.records import Target
from netpatrol.text.html import parse_document, parse_markup

URL = "http://a.example/goods.php?sid={}"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
WORDS = "毛尖绿茶百花蜂蜜土家腊肉野生葛粉散养鸡蛋高山脐橙"


def walk(url, says, values):
    """Return the site after a walk over addresses that are all linked from its start page, and what was fetched."""
    target = Target(shop_id="a.example", url="http://a.example/", host="a.example", kind="site")
    site = SiteCrawl(target=target, bounds=Bounds(depth=3, pages=99, seconds=60.0), ledger=Ledger(), started_at=NOW)
    site.plan("http://a.example/", depth=0, via="start")
    site.end(site.next_page(NOW), End.CHECKED)
    for value in values:
        site.plan(url.format(value), depth=1, via="http://a.example/")
    fetched = []
    while planned := site.next_page(NOW):
        fetched.append(planned.url)
        value = planned.url.rpartition("=")[2]
        document = parse_document(f"<title>店</title>{says(value)}<a href=/>首页</a>".encode(), "text/html", planned.url)
        cut = PatrolSpider._why_cut(None, site, document, planned)
        site.end(planned, End.SKIPPED if cut else End.CHECKED, cut)
    assert site.ledger.adds_up()
    return site, fetched


@pytest.mark.parametrize(
    "says",
    [
        lambda value: f"<h1>商品第{value}号</h1><p>普通说明</p>",
        lambda value: f"<h1>商品</h1><p>{WORDS[int(value) :]}</p>",
    ],
    ids=["numbers in a heading", "other words"],
)
def test_what_counts_is_fetched_value_by_value(says):
    site, fetched = walk(URL, says, range(1, 13))
    assert len(fetched) == 12
    assert site.ledger.record()["pages"]["skipped"] == 0


@pytest.mark.parametrize(
    "says",
    [
        lambda value: "<h1>毛尖</h1><p>高山绿茶</p>",
        lambda value: f"<h1>毛尖</h1><p>高山绿茶</p><p>今天有 {int(value) * 7} 人看过</p><a href=/x?sid={value}>x</a>",
        lambda value: "<h1>毛尖</h1>" + "".join(f"<li>{name}</li>" for name in (("绿茶", "红茶") if int(value) % 2 else ("红茶", "绿茶"))),
    ],
    ids=["the same", "the same but for numbers", "another order"],
)
def test_what_changes_nothing_is_fetched_until_the_site_has_shown_it(says):
    site, fetched = walk(URL, says, range(1, 41))
    assert len(fetched) == SHOWN + 1
    assert site.ledger.counts("a.example") == {(End.CHECKED, ""): 2, (End.SKIPPED, SAME_PAGE): 39}
    site.plan("http://a.example/goods.php?sid=99", depth=1, via="")
    site.plan("http://a.example/goods.php?sid=99", depth=1, via="")
    assert site.ledger.counts("a.example")[End.SKIPPED, SAME_PAGE] == 40


def test_what_a_section_has_shown_holds_for_its_other_pages():
    site, _ = walk("http://a.example/goods.php?id=1&sid={}", lambda value: "<h1>毛尖</h1>", range(1, 4))
    assert site.plan("http://a.example/goods.php?id=2&sid=1", depth=1, via="")
    assert site.next_page(NOW).url == "http://a.example/goods.php?id=2"
    assert not site.plan("http://a.example/goods.php?id=2&sid=5", depth=1, via="")
    assert not site.plan("http://a.example/goods.php?id=2", depth=1, via="")
    assert site.plan("http://a.example/list.php?id=2&sid=1", depth=1, via="")
    assert site.next_page(NOW).url == "http://a.example/list.php?id=2&sid=1"


def test_one_page_that_differs_is_enough_to_count():
    doubts = Doubts()
    for value, mark in ((1, 1), (2, 1), (3, 1), (4, 2)):
        doubts.note(URL.format(value), mark)
    assert not doubts.are_settled(URL.format(5))


@pytest.mark.parametrize(("marks", "settled"), [((1, 1), True), ((1, 2), False)])
def test_a_session_that_goes_along_to_every_page_is_seen_after_a_few(marks, settled):
    doubts = Doubts()
    for name, pair in (("a", (1, 1)), ("b", (2, 2)), ("c", marks)):
        for sid, mark in enumerate(pair):
            doubts.note(f"http://a.example/{name}.html?sid={sid}", mark)
    assert doubts.are_settled("http://a.example/d.html?sid=7") is settled
    assert not doubts.are_settled("http://a.example/d.html?from=7")


def test_the_plain_address_of_a_page_is_compared_as_well():
    doubts = Doubts()
    assert not doubts.note("http://a.example/p/1", 1)
    assert doubts.note("http://a.example/p/1?from=1", 1)
    assert not doubts.note("http://a.example/p/2?from=1", 2)
    assert doubts.note("http://a.example/p/2", 2)
    assert doubts.are_settled("http://a.example/p/3?from=2")
    assert not doubts.note("http://a.example/index.html", 3)
    assert not doubts.note("http://a.example/", 3)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("<h1>a</h1><img src=/1.jpg>", "<h1>a</h1><img src=/2.jpg>", False),
        ("<img src=/1.jpg?t=1>", "<img src=/1.jpg?t=2>", True),
        ("<h1>1</h1><p>a</p>", "<h1>2</h1><p>a</p>", False),
        ("<p>1元</p>", "<p>2元</p>", True),
        ('{"id": 1}', '{"id": 2}', False),
        ("{}", "{}", True),
    ],
)
def test_what_makes_two_pages_the_same(one, other, same):
    documents = [
        parse_document(markup.encode(), "application/json") if markup.startswith("{") else parse_markup(markup) for markup in (one, other)
    ]
    marks = {mark_of(document, said_by(document.markup), headings_of(document)) for document in documents}
    assert (len(marks) == 1) is same
