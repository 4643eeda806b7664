"""Sections that say nothing new are cut with a reason; sections that do are not, however alike their pages look."""

import random
import re
from datetime import UTC, datetime
from itertools import permutations

import pytest

from netpatrol.items import Link
from netpatrol.ledger import Ledger
from netpatrol.spiders._hearing import why_cut
from netpatrol.spiders._planned import Planned
from netpatrol.spiders._sections import LISTED_ALLOWED, REPEATS_ALLOWED
from netpatrol.spiders._site import Bounds, SiteCrawl
from netpatrol.spiders._traps import SHINGLE, TrapGuard, said_by, shingles
from netpatrol.store.records import Target
from netpatrol.text.html import parse_document
from netpatrol.text.urls import page_key

MENU = "".join(f"<li><a href='/c/{n}'>{name}</a></li>" for n, name in enumerate(["茶叶", "蜂蜜", "香菇", "木耳", "脐橙", "腊肉", "土鸡蛋", "葛粉", "干笋", "魔芋"])) * 30
FOOT = "<footer>清江茶行 版权所有，地址：长阳县龙舟坪镇，电话见营业执照公示页面</footer>"


def page(said):
    return said_by(f"<html><title>清江茶行</title><ul>{MENU}</ul>{said}{FOOT}</html>")


def walk(pages, section="s"):
    """Return why a section was cut, and after how many pages; "" if it never was."""
    guard = TrapGuard()
    for number, said in enumerate(pages, 1):
        guard.note(section, page(said))
        if guard.why_cut(section):
            return guard.why_cut(section), number
    return "", 0


def test_a_calendar_is_cut_as_a_trap():
    assert walk(f"<h1>2024年{month}月</h1><p>本月活动：无</p>" for month in range(1, 30)) == ("trap", 4)


@pytest.mark.parametrize(
    "said",
    [
        lambda n, rng: f"<p>会话 {''.join(rng.choices('abcdef', k=8))}</p>",
        lambda n, rng: f"<p>{rng.choice('甲乙丙丁')}</p><p>{rng.choice('东南西北')}区</p>",
        lambda n, rng: "".join(f"<li>{name}</li>" for name in rng.sample(["毛尖红茶", "高山绿茶", "百花蜂蜜", "野生葛粉", "土家腊肉", "散养鸡蛋"], 6)),
    ],
    ids=["a token", "a letter", "another order"],
)
def test_pages_that_are_nearly_equal_are_cut(said):
    rng = random.Random(7)
    why, after = walk(said(n, rng) for n in range(60))
    assert why in ("near_duplicates", "trap")
    assert after <= 20


NAMES = [a + b + c for a in "清江百里西陵" for b in "毛尖红绿黄白" for c in "茶笋菇蜜柚粉"]


@pytest.mark.parametrize(
    "said",
    [
        lambda name: f"<h1>{name}一等品</h1><img alt='{name}'><p>{name}的详情</p><b>￥68</b>",
        lambda name: f"<p>{name}：{''.join(random.Random(name).choices('山高水长云雾滋养手工采摘自然晾晒慢火烘焙', k=30))}</p>",
    ],
    ids=["only a name", "a sentence"],
)
def test_a_productive_section_is_not_cut_though_its_pages_share_nearly_all(said):
    assert walk(said(name) for name in random.Random(1).sample(NAMES, 150)) == ("", 0)


GOODS = re.findall("..", "红茶绿茶白茶黑茶花茶蜂蜜木耳香菇板栗核桃柑橘脐橙腊肉香肠豆豉辣酱葛粉藕粉茶油菜油米酒白酒黄酒豆干鱼干笋干天麻杜仲")
RULES = "<p>本店所有商品均由产地直接发货，支持七天无理由退换货，如有质量问题请在签收后四十八小时之内联系客服处理，我们将尽快办理退款。</p>" * 3


@pytest.mark.parametrize(
    ("markup", "cut"),
    [
        (lambda n: f"<title>商品详情</title><h1>{GOODS[n]}</h1>", False),
        (lambda n: f"<title>{GOODS[n]}</title><p>商品</p>", False),
        (lambda n: f"<title>活动</title><h1>2024年{'一二三四五六七八九十'[n % 10]}月{n}日</h1><p>{'甲乙丙丁'[n % 4]}{'东南西北'[n // 4 % 4]}</p>", True),
        (lambda n: f"<h1>会话 {''.join(random.Random(n).choices('abcdef', k=8))}</h1>", True),
        (lambda n: f"<h1>{GOODS[n % 5]}</h1><p>{''.join(random.Random(n).choices('abcdef', k=8))}</p>", True),
        (lambda n: f"<h1>不锈钢球阀 DN{15 + 5 * n}</h1><p>现货</p>", False),
        (lambda n: f"<title>vivo X{100 + n} 手机</title><p>现货</p>", False),
        (lambda n: f"<title>展厅</title><table><tr><td width=90>产品名称</td>\n<td><b>{GOODS[n]}</b></td></tr></table>", False),
        (lambda n: f"<title>展厅</title><p>型号：{'甲乙丙丁'[n % 4]}</p>", True),
        (lambda n: f"<h1>产品列表 Page {n}</h1><p>暂无</p>", True),
        (lambda n: f"<h1>日程 Week {n}</h1><p>暂无</p>", True),
        (lambda n: f"<h1>日程 2024-{n:02}</h1><p>暂无</p>", True),
    ],
    ids=["a name in a heading", "a name in the title", "a calendar", "tokens", "few names", "sizes", "models", "a field", "few in a field", "pages", "weeks", "months"],
)  # fmt: skip
def test_a_name_that_differs_each_time_is_new_however_alike_the_rest_is(markup, cut):
    assert any(cut_for(markup(n), f"/goods/{n}", site) for site in [fresh_site()] for n in range(len(GOODS))) is cut


def fresh_site():
    target = Target(shop_id="a.example", url="http://a.example/", host="a.example", kind="site", platform="")
    now = datetime(2026, 11, 30, tzinfo=UTC)
    site = SiteCrawl(target=target, bounds=Bounds(depth=3, pages=99, seconds=60.0), ledger=Ledger(), started_at=now)
    site.plan(target.url, depth=0, via="start")
    site.next_page(now)
    return site


def cut_for(markup, path, site, via=""):
    document = parse_document(f"{markup}{RULES}<a href=/>首页</a>".encode(), "text/html", f"http://a.example{path}")
    return why_cut(site, document, planned(document.url, via))


def planned(url, via=""):
    return Planned(url=url, key=page_key(url), depth=1, via=via)


def test_a_list_that_names_its_goods_is_followed_to_its_end():
    names = ["".join(pair) for pair in permutations("红绿白黑花青黄紫", 2)]
    site, page = fresh_site(), "http://a.example/list.asp"
    site.traps.note_lists(page, [Link(url=f"http://a.example/list.asp?id={n}", text=f"{name}茶") for n, name in enumerate(names[:40])])
    whys = [cut_for("<p>图片欣赏</p>", f"/list.asp?id={n}", site, page) for n in range(1 + 40 + REPEATS_ALLOWED)]
    assert whys.index("trap") == 40 + REPEATS_ALLOWED  # the first said something


@pytest.mark.parametrize(
    ("markup", "via", "cut"),
    [
        (lambda n: f"<h1>商品第{n}号</h1>", "http://a.example/", False),
        (lambda n: f"<h1>商品第{n}号</h1>", "http://a.example/goods.php?id=1", True),
        (lambda n: f"<h1>商品</h1><p>第{n}号</p>", "http://a.example/", False),
        (lambda n: f"<h1>商品</h1><p>第{n}号</p>", "http://a.example/goods.php?id=1", True),
    ],
    ids=["listed on the start page", "one led to by the other", "headed alike", "headed alike and led to by another"],
)
def test_a_list_on_the_start_page_has_an_end_and_its_numbers_count(markup, via, cut):
    site = fresh_site()
    assert any(cut_for(markup(n), f"/goods.php?id={n}", site, via) for n in range(12)) is cut


def test_a_list_whose_first_pages_are_empty_is_followed_but_not_for_ever():
    site = fresh_site()
    whys = [cut_for("<p>暂无商品</p>", f"/list.php?id={n}", site, "http://a.example/") for n in range(40)]
    assert whys.index("trap") == LISTED_ALLOWED + REPEATS_ALLOWED


@pytest.mark.parametrize(
    ("name", "known", "followed"),
    [
        (lambda n: GOODS[n], "", True),
        (lambda n: f"系列{n}", "", True),
        (lambda n: f"{n}", "", False),
        (lambda n: f"第{n}页", "", False),
        (lambda n: f"{n}月", "", False),
        (lambda n: "查看详情", "", False),
        (lambda n: GOODS[n], "/map", False),
        (lambda n: GOODS[n], "/other", False),
    ],
    ids=["names", "names and numbers", "numbers", "pages", "months", "the same word", "names on a page that says nothing new", "names known by then"],
)  # fmt: skip
def test_kinds_that_a_page_lists_by_name_may_be_empty_at_first(name, known, followed):
    site, url = fresh_site(), "http://a.example/map"
    listed = [Link(url=f"http://a.example/list.php?id={n}", text=name(n)) for n in range(12)]
    if known == "/map":
        for address in ("/", "/map"):
            cut_for("<h1>全部分类</h1>", address, site)
    elif known:
        site.traps.note_lists(f"http://a.example{known}", listed)
    site.traps.note_lists(url, listed)
    assert any(cut_for("<p>暂无商品</p>", f"/list.php?id={n}", site, url) for n in range(12)) is not followed


def test_pages_in_latin_letters_that_differ_are_not_cut():
    rng = random.Random(5)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(3, 9))) for _ in range(4000)]
    pages = ("".join(f"<p>{' '.join(rng.choices(words, k=4))}</p>" for _ in range(320)) for _ in range(40))
    guard = TrapGuard()
    cuts = []
    for said in pages:
        guard.note("s", said_by(f"<html>{said}</html>"))
        cuts.append(guard.why_cut("s"))
    assert not any(cuts)


def test_a_productive_section_with_some_repeats_is_not_cut():
    guard = TrapGuard()
    for name in NAMES[:10]:
        guard.note("goods", page(f"<h1>{name}</h1><p>产自高山云雾之间的{name}</p>"))
    for _ in range(5):
        guard.note("goods", page(f"<h1>{NAMES[0]}</h1><p>产自高山云雾之间的{NAMES[0]}</p>"))
    assert guard.why_cut("goods") == ""


def test_one_section_is_no_reason_to_cut_another():
    guard = TrapGuard()
    for _ in range(9):
        guard.note("calendar", page("无活动"))
    assert (guard.why_cut("calendar"), guard.why_cut("goods")) == ("trap", "")


@pytest.mark.parametrize(
    ("markup", "cut"),
    [
        ("<noscript>请开启 JavaScript</noscript><div id=app></div><script>fetch('/api' + location.pathname)</script>", ""),
        ("<p>本月无活动</p><a href='/month/{n}'>下月</a>", "trap"),
        ('{"items": [], "next": "/month/{n}"}', "trap"),
    ],
    ids=["shells that a script fills", "pages", "answers of an API"],
)
def test_only_what_leads_on_can_be_a_trap(markup, cut):
    guard = fresh_site()
    kind = "application/json" if markup.startswith("{") else "text/html"
    whys = []
    for number in range(1, 12):
        document = parse_document(markup.replace("{n}", str(number)).encode(), kind, f"http://a.example/month/{number}")
        whys.append(why_cut(guard, document, planned(document.url)))
    assert whys[-1] == cut


@pytest.mark.parametrize(
    ("framed", "cut"),
    [
        (lambda n: f"<p>{NAMES[n]}的详情：{'采摘自高山' * 9}</p>", ""),
        (lambda n: "<p>本月无活动</p><a href=/>首页</a>", "trap"),
    ],
    ids=["goods", "a calendar"],
)
def test_a_page_that_says_the_new_thing_in_its_frame_is_judged_by_it(framed, cut):
    site = fresh_site()
    whys = []
    for number in range(1, 20):
        inner = f"http://a.example/frame/{number}"
        for url, markup in (
            (f"http://a.example/item?id={number}", f"<a href=/>首页</a><iframe src={inner}></iframe>"),
            (inner, framed(number)),
        ):
            whys.append(why_cut(site, parse_document(markup.encode(), "text/html", url), planned(url)))
            site.plan(inner, depth=1, via="")
    assert whys[-2] == cut


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("<b>香菇</b><b>木耳</b>", "<i>木耳</i><p>香菇</p>", True), ("<b>香菇木耳</b>", "<b>香菇</b><b>木耳</b>", False), ("第1页", "第23页", True), ("", "", True)],
)
def test_shingles_stay_within_a_piece(one, other, same):
    assert (set(shingles(said_by(one)).tolist()) == set(shingles(said_by(other)).tolist())) is same


@pytest.mark.parametrize(("text", "number"), [("<p>" + "香" * SHINGLE + "</p>", 1), ("<p>香菇</p>", 1), ("<p>清江百里西陵茶</p>", 2), ("12 34", 0)])
def test_how_many_shingles_a_piece_has(text, number):
    assert len(set(shingles(said_by(text)).tolist())) == number
