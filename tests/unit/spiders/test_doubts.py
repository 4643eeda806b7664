"""Parameters of which neither name nor value tells: the site shows whether they count, and the ledger hears what is left."""

from datetime import UTC, datetime

import pytest

from netpatrol.ledger import SAME_PAGE, End, Ledger
from netpatrol.spiders import _site
from netpatrol.spiders._doubts import SHOWN, Doubts, mark_of
from netpatrol.spiders._hearing import why_cut
from netpatrol.spiders._samples import EVERY, SAMPLES
from netpatrol.spiders._site import Bounds, SiteCrawl
from netpatrol.store.records import Target
from netpatrol.text.html import parse_document, parse_markup

URL = "http://a.example/goods.php?sid={}"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
WORDS = "毛尖绿茶百花蜂蜜土家腊肉野生葛粉散养鸡蛋高山脐橙"


TEXT = "".join(chr(0x4E00 + at * 31 % 9000) for at in range(120))


def said(key):
    """Return more than enough words, of each key others."""
    return "".join(chr(0x4E00 + (hash(("x", key)) + at * 97) % 9000) for at in range(150)).encode()


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
        document = parse_document(f"<title>店</title>{says(value)}<a href=/?sid={value}>首页</a>".encode(), "text/html", planned.url)
        cut = why_cut(site, document, planned)
        site.end(planned, End.SKIPPED if cut else End.CHECKED, cut)
    assert site.ledger.adds_up()
    return site, fetched


@pytest.mark.parametrize(
    "says",
    [
        lambda value: f"<h1>商品第{value}号</h1><p>普通说明</p>",
        lambda value: f"<h1>商品</h1><p>{WORDS[int(value) :]}</p>",
        lambda value: f"<p>{TEXT}</p><p>编号{value}，{int(value) * 7}元</p>",
        lambda value: f"<p>{TEXT}</p><img src=/picture.php?id={value}>",
        lambda value: f"<p>{TEXT}</p><a href=/show.php?id={value}>看</a>",
        lambda value: "<p>暂无商品</p>" if int(value) < 5 else f"<p>{WORDS[int(value) :]}</p>",
        lambda value: f"<p>该商品已下架，去看看别的吧。{TEXT}</p>" if int(value) < 5 else f"<p>{WORDS[int(value) :]}{TEXT}</p>",
        lambda value: "<p>系统繁忙，请稍后再试</p>" if int(value) < 5 else f"<h1>{WORDS[int(value) :]}</h1><p>{TEXT}</p>",
    ],
    ids=["a heading", "words", "numbers", "pictures", "links", "empty kinds", "sold out", "a wall"],
)
def test_what_counts_is_fetched_value_by_value(says):
    site, fetched = walk(URL, says, range(1, 13))
    assert len(fetched) == 12
    assert site.ledger.record()["pages"]["skipped"] == 0


@pytest.mark.parametrize(
    "says",
    [
        lambda value: f"<h1>毛尖</h1><p>高山绿茶{TEXT}</p>",
        lambda value: f"<h1>毛尖</h1><p>{TEXT}</p><p>今天有 {int(value) * 7} 人看过</p><a href=/x?sid={value}>x</a><script>t={value}</script>",
        lambda value: f"<h1>毛尖{TEXT}</h1>" + "".join(f"<li>{name}</li>" for name in (("绿茶", "红茶") if int(value) % 2 else ("红茶", "绿茶"))),
    ],
    ids=["the same", "the same but for visits, sessions and code", "another order"],
)
def test_what_changes_nothing_is_fetched_until_the_site_has_shown_it_and_now_and_then(says):
    site, fetched = walk(URL, says, range(1, 44))
    assert len(fetched) == SHOWN + 1 + 40 // EVERY
    assert site.ledger.counts("a.example")[End.CHECKED, ""] == 2
    site.close()
    assert site.ledger.counts("a.example") == {(End.CHECKED, ""): 2, (End.SKIPPED, SAME_PAGE): 42}
    assert site.ledger.adds_up()


def test_samples_come_to_an_end():
    doubts = Doubts()
    assert sum(doubts.is_sample(URL.format(n)) for n in range(1000)) == SAMPLES


def test_what_was_left_is_fetched_after_all_where_a_later_page_differs():
    site, fetched = walk(URL, lambda value: f"<p>{TEXT}</p>" if int(value) < 5 else f"<p>{said(value).decode()}</p>", range(1, 41))
    assert len(fetched) == 40
    site.close()
    assert site.ledger.record()["pages"]["planned"] == 41
    assert site.ledger.adds_up()


def test_not_more_is_kept_than_is_bounded(monkeypatch):
    monkeypatch.setattr(_site, "MOST_LEFT", 5)
    site, _ = walk(URL, lambda value: f"<p>{TEXT}</p>", range(1, 41))
    assert len(site.left) == 5
    site.close()
    assert site.ledger.counts("a.example") == {(End.CHECKED, ""): 2, (End.SKIPPED, SAME_PAGE): 39}


def test_what_a_section_has_shown_holds_for_its_other_pages():
    site, _ = walk("http://a.example/goods.php?id=1&sid={}", lambda value: f"<h1>毛尖{TEXT}</h1>", range(1, 4))
    assert site.plan("http://a.example/goods.php?id=2&sid=1", depth=1, via="")
    assert site.next_page(NOW).url == "http://a.example/goods.php?id=2"
    assert not site.plan("http://a.example/goods.php?id=2&sid=5", depth=1, via="")
    assert not site.plan("http://a.example/goods.php?id=2", depth=1, via="")
    assert site.plan("http://a.example/list.php?id=2&sid=1", depth=1, via="")
    assert site.next_page(NOW).url == "http://a.example/list.php?id=2&sid=1"


def test_one_page_that_differs_is_enough_to_count():
    doubts = Doubts()
    for value, mark in ((1, 1), (2, 1), (3, 1), (4, 2)):
        doubts.note(URL.format(value), mark, said(mark))
    assert not doubts.are_settled(URL.format(5))
    assert doubts.differences == 1


def test_pages_that_say_what_others_of_the_site_say_show_nothing():
    doubts = Doubts()
    doubts.note("http://a.example/", 9, said(1))
    assert not any(doubts.note(URL.format(value), 1, said(1)) for value in range(9))
    assert not doubts.are_settled(URL.format(9))


@pytest.mark.parametrize(("marks", "settled"), [((1, 1), True), ((1, 2), False)])
def test_a_session_that_goes_along_to_every_page_is_seen_after_a_few(marks, settled):
    doubts = Doubts()
    for name, pair in (("a", (1, 1)), ("b", (2, 2)), ("c", marks), ("d", (4, 4))):
        for sid, mark in enumerate(pair):
            doubts.note(f"http://a.example/{name}.html?sid={sid}", mark, said((name, mark)))
    doubts.note("http://a.example/e.html?sid=1", 1, said("e"))
    assert doubts.are_settled("http://a.example/d.html?sid=7") is settled
    assert not doubts.are_settled("http://a.example/d.html?from=7")
    assert not doubts.are_settled("http://a.example/e.html?sid=7")  # a section speaks for itself at least once


def test_the_plain_address_of_a_page_is_compared_as_well():
    doubts = Doubts()
    assert not doubts.note("http://a.example/p/1", 1, said("p1"))
    assert doubts.note("http://a.example/p/1?from=1", 1, said("p1"))
    assert not doubts.note("http://a.example/p/2?from=1", 2, said("p2"))
    assert doubts.note("http://a.example/p/2", 2, said("p2"))
    assert doubts.are_settled("http://a.example/p/3?from=2")
    assert not doubts.note("http://a.example/index.html", 3, said("i"))
    assert not doubts.note("http://a.example/", 3, said("i"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("<h1>a</h1><img src=/1.jpg>", "<h1>a</h1><img src=/2.jpg>", False),
        ("<img src=/1.jpg?id=1>", "<img src=/1.jpg?id=2>", False),
        ("<img src=/1.jpg?sid=1>", "<img src=/1.jpg?sid=2>", True),
        ("<a href=/x?id=1>", "<a href=/x?id=2>", False),
        ("<a href=/x?sid=1>", "<a href=/x?sid=2>", True),
        ("<p>浏览 1 次</p>", "<p>浏览 2 次</p>", True),
        ("<h1>1</h1><p>a</p>", "<h1>2</h1><p>a</p>", False),
        ("<p>1元</p>", "<p>2元</p>", False),
        ('{"id": 1}', '{"id": 2}', False),
        ("{}", "{}", True),
    ],
)
def test_what_makes_two_pages_the_same(one, other, same):
    documents = [
        parse_document(markup.encode(), "application/json") if markup.startswith("{") else parse_markup(markup, "http://a.example/") for markup in (one, other)
    ]
    marks = {mark_of(document) for document in documents}
    assert (len(marks) == 1) is same
