"""Entrances: pages that say little and lead to themselves under another address, which is fetched once."""

from datetime import UTC, datetime

import pytest

from netpatrol.ledger import End, Ledger
from netpatrol.spiders._entrances import jumps, sent_home, ways_in
from netpatrol.spiders._hearing import hear
from netpatrol.spiders._names import ENTRIES
from netpatrol.spiders._planned import Planned
from netpatrol.spiders._site import Bounds, SiteCrawl
from netpatrol.store.records import Target
from netpatrol.text.html import parse_markup

URL = "http://a.example/"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
FOOT = "<div>宜昌某某商贸有限公司 地址：宜昌市西陵区 电话：0717-6223344 本店主营各类土特产品</div>"
MUCH = "<p>本店经营高山绿茶、百花蜂蜜、土家腊肉、野生葛粉，产地直发，七天无理由退换。</p>" * 9
MENU = "".join(f"<a href='/c/{n}'>栏目</a>" for n in range(15))


def refresh(url):
    return f"<meta http-equiv=refresh content='0;url={url}'>"


@pytest.mark.parametrize(
    ("markup", "ways"),
    [
        ("<p>欢迎光临</p><a href=/home.html>进入网站</a>" + FOOT, ["http://a.example/home.html"]),
        ("<a href=/index.asp>中文版</a><a href=/en/>English</a>", ["http://a.example/index.asp"]),
        ("<frameset rows=*><frame src=/home.htm></frameset>", ["http://a.example/home.htm"]),
        (refresh("/index.php"), ["http://a.example/index.php"]),
        (refresh("http://m.a.example/"), ["http://m.a.example/"]),
        (refresh("https://a.example/"), ["https://a.example/"]),
        (refresh("http://www.a.example/"), ["http://www.a.example/"]),
        ("<script>location.href='/index.php'</script>", ["http://a.example/index.php"]),
        ("""<img src=a.jpg onclick="window.location.href='/index.php'">""", ["http://a.example/index.php"]),
        ("""<div onclick="location='index.php'">进入网站</div>""", ["http://a.example/index.php"]),
        ("""<a href="javascript:location.href='/index.php'">进入</a>""", ["http://a.example/index.php"]),
        ("<div data-href='/index.php'>进入</div><script src=a.js></script>", ["http://a.example/index.php"]),
        ("<object type='text/html' data='/index.php'></object>", ["http://a.example/index.php"]),
        ("""<img onclick="window.open('/default.aspx')">""", ["http://a.example/default.aspx"]),
        ("<form action='/index.php'><input type=submit value=进入网站></form>", ["http://a.example/index.php"]),
        ("<form action='/index.php' method=post><input type=image alt=点击进入></form>", ["http://a.example/index.php"]),
        ("""<map><area onclick="location.href='/home.html'"></map>""", ["http://a.example/home.html"]),
        ("<svg><a xlink:href='/index.php'><text>进入</text></a></svg>", ["http://a.example/index.php"]),
        (MUCH + """<p onclick="location='/index.php'">进入商城</p>""", ["http://a.example/index.php"]),
        (MUCH + "<a href=/index.php>进入商城</a><a href=http://b.example/>友情链接</a>", ["http://a.example/index.php"]),
        (MUCH + MENU + "<a href=/index.php>进入商城</a>", []),
        (refresh("/shop/"), []),
        ("<p>欢迎光临</p><a href=/>首页</a><a href='/#top'>顶部</a>", []),
        (MENU + "<a href=/index.html>首页</a>", []),
        (MUCH + "<a href=/index.html>首页</a>", []),
        (MENU + MUCH + refresh("/index.php"), []),
    ],
)
def test_what_an_entrance_leads_to(markup, ways):
    assert list(ways_in(parse_markup(markup, URL), URL, start=True)) == ways


@pytest.mark.parametrize(
    ("markup", "ways"),
    [("<a href=https://www.a.example/x>电脑版</a>", []), (refresh("https://www.a.example/x"), ["https://www.a.example/x"])],
)
def test_deeper_pages_are_left_alone_unless_they_send_on(markup, ways):
    url = "http://a.example/x"
    assert list(ways_in(parse_markup(markup, url), url, start=False)) == ways


@pytest.mark.parametrize(
    ("markup", "urls"),
    [
        ("<script>location.href='/shop/main.php'</script>", ["http://a.example/shop/main.php"]),
        ("<script>window.location.replace('http://b.example/')</script>", ["http://b.example/"]),
        (MUCH + "<script>location.href='/shop/main.php'</script>", []),
        ("<script>location.href='javascript:x()'</script>", []),
        ("<p>location</p>", []),
    ],
)
def test_where_a_script_goes_at_once(markup, urls):
    assert [link.url for link in jumps(parse_markup(markup, URL))] == urls


@pytest.mark.parametrize(
    ("markup", "home"),
    [
        ("<script>window.location.href='/';</script>", URL),
        ("<script>alert('参数错误！');location.href='/';</script>", URL),
        (refresh("/"), URL),
        (refresh("/index.html"), "http://a.example/index.html"),
        (refresh("/list.html"), ""),
        ("<script>location.href='http://b.example/'</script>", ""),
        ("<script>document.cookie='a=1';location.href='/';</script>", ""),
        ("<script>if(!top.seen)location.href='/';</script>", ""),
        ("<script>function home(){location.href='/'}</script>", ""),
        (MUCH + "<script>location.href='/'</script>", ""),
    ],
)
def test_which_pages_only_send_their_visitors_home(markup, home):
    page = parse_markup(markup, f"{URL}goods/1.html")
    assert sent_home(page, URL) == sent_home(page, f"{URL}shop/hall.asp") == home


def fresh_site():
    target = Target(shop_id="a.example", url=URL, host="a.example", kind="site")
    return SiteCrawl(target=target, bounds=Bounds(depth=3, pages=10, seconds=60.0), ledger=Ledger(), started_at=NOW)


def test_each_address_of_an_entrance_is_fetched_once_and_accounted_for():
    site = fresh_site()
    site.plan(URL, depth=0, via="start")
    site.plan("http://a.example/about", depth=1, via=URL)
    entrance = site.next_page(NOW)
    for url in ("http://a.example/index.php", "http://a.example/index.php", URL):
        site.enter(entrance, url)
    entered = site.next_page(NOW)
    assert (entered.url, entered.depth, entered.own_key) == ("http://a.example/index.php", 0, entrance.key)
    site.enter(entered, URL)
    site.enter(entered, "http://a.example/index.php")
    for planned in (entrance, entered):
        site.end(planned, End.CHECKED)
    assert [planned.url for planned in site.frontier] == ["http://a.example/about"]
    assert site.ledger.counts("a.example")[End.CHECKED, ""] == 2


def test_only_where_a_site_is_entered_is_its_start_page():
    site = fresh_site()
    pages = [("http://a.example/", ()), ("http://a.example/index.php", ("http://a.example/",)), ("http://a.example/index.php", ()), ("http://a.example/x", ())]
    starts = [site.is_start(Planned(url=url, key="a.example/", depth=0, via="", hops=hops)) for url, hops in pages]
    assert starts == [True, True, False, False]


@pytest.mark.parametrize(("says", "fetched"), [((1, 1, 1, 1), 2), ((1, 2, 2, 2), 3), ((1, 2, 3, 4), 4)])
def test_after_one_name_that_says_the_same_no_other_is_tried(says, fetched):
    site = fresh_site()
    site.plan(URL, depth=0, via="start")
    ways = ("http://a.example/index.php", "http://www.a.example/", "http://m.a.example/")
    marks = dict(zip((URL, *reversed(ways)), says, strict=True))
    asked = []
    while planned := site.next_page(NOW):
        assert site.next_page(NOW) is None  # one after the other
        asked.append(planned.url)
        site.names.hear(planned, marks[planned.url])
        for url in ways:
            site.enter(planned, url)
        site.end(planned, End.CHECKED)
        site.fetching.discard(planned.key)
    assert len(asked) == fetched
    assert site.ledger.record()["pages"]["planned"] == 4
    assert site.ledger.adds_up()


def test_entrances_that_lead_on_and_on_come_to_an_end():
    site = fresh_site()
    for number in range(9):
        site.enter(Planned(url=URL, key="a.example/", depth=0, via=""), f"https://w{number}.a.example/")
    assert len(site.frontier) == ENTRIES


def walked(says, *paths):
    """Return what was fetched of addresses that are all linked from the start page, and which are pages of their own."""
    site = fresh_site()
    for path in paths:
        site.plan(f"http://a.example{path}", depth=1, via=URL)
    fetched, own = [], []
    while planned := site.next_page(NOW):
        path = planned.url.removeprefix("http://a.example")
        fetched.append(path)
        document = parse_markup(f"{MUCH}<p>{says(path)}</p>", planned.url)
        if hear(site, planned, document):
            own.append(path)
        site.fetching.discard(planned.key)
        site.end(planned, End.CHECKED)
    assert site.ledger.adds_up()
    return fetched, own


@pytest.mark.parametrize(
    ("paths", "fetched", "own"),
    [
        (("/shop/index.html", "/shop/index.php"), ["/shop/index.html", "/shop/index.php"], ["/shop/index.php"]),
        (("/m/home.html", "/m/default.asp"), ["/m/home.html", "/m/default.asp"], ["/m/default.asp"]),
        (("/shop/", "/shop/index.php", "/shop/index.html"), ["/shop/", "/shop/index.php", "/shop/index.html"], ["/shop/index.php", "/shop/index.html"]),
        (("/shop/", "/shop/index.php", "/shop/index.php?"), ["/shop/"], []),
        (("/shop/index.php", "/shop/", "/shop"), ["/shop/index.php"], []),
        (("/index.html", "/index.php"), ["/index.html"], []),
        (("/shop/index.php?id=1", "/shop/index.html?id=2"), ["/shop/index.php?id=1", "/shop/index.html?id=2"], []),
    ],
)
def test_pages_of_a_folder_that_are_called_by_two_names_may_be_two(paths, fetched, own):
    assert walked(lambda path: path, *paths) == (fetched, own)


def test_pages_of_a_folder_that_say_the_same_are_one():
    assert walked(lambda path: "", "/shop/index.html", "/shop/index.php", "/shop/default.asp") == (["/shop/index.html", "/shop/index.php"], [])


@pytest.mark.parametrize(("said", "is_own"), [("另一家手机商城", True), ("青峡商行", False)])
def test_the_front_page_of_an_alias_is_fetched_once_and_is_a_page_of_its_own_if_it_says_something_else(said, is_own):
    site, fetched, own = fresh_site(), [], []
    site.plan(URL, depth=0, via="start")
    says = {URL: "青峡商行", "http://m.a.example/": said}
    while planned := site.next_page(NOW):
        fetched.append(planned.url)
        for url in ("http://www.a.example/", "https://www.a.example/", "http://m.a.example/", "https://m.a.example/", "http://m.a.example/#/"):
            site.plan(url, depth=1, via=planned.url)
        if hear(site, planned, parse_markup(f"{MUCH}<p>{says[planned.url]}</p>", planned.url)):
            own.append(planned.url)
        site.fetching.discard(planned.key)
        site.end(planned, End.CHECKED)
    assert fetched == list(says)
    assert own == ["http://m.a.example/"] * is_own
    assert site.ledger.adds_up()
