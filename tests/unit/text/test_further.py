"""Ways onward that are no links."""

import pytest

from netpatrol.items import Link
from netpatrol.text.further import (
    continues,
    data_links,
    details,
    has_closed_pager,
    named_hosts,
    paging_addresses,
    paging_forms,
    turns_a_page,
)
from netpatrol.text.html import parse_document, parse_markup

URL = "http://a.example/list"


def test_addresses_in_embedded_state_and_in_json():
    markup = (
        '<script>window.__S__={"items":[{"url":"/item/1.html"},{"url":"\\/item\\/2.html"}],"api":"/api/items?page=2&amp","img":"/x.png"}</script>'
        '<script src="x.js"></script><a href="/ordinary">o</a>'
    )
    assert [link.url for link in data_links(parse_markup(markup, URL))] == [
        "http://a.example/item/1.html", "http://a.example/item/2.html", "http://a.example/api/items?page=2&amp",
    ]  # fmt: skip
    assert data_links(parse_markup('<script>$.ajax({"url":"/list?p="+p})</script>', URL)) == ()
    body = b'{"next": "/api/items?page=3", "items": [{"url": "http://b.example/7"}], "logo_url": "/l.png", "next2": null}'
    assert [link.url for link in data_links(parse_document(body, "application/json", URL))] == [
        "http://a.example/api/items?page=3", "http://b.example/7",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ('<form method="post" action="/plus/list.php"><input type="hidden" name="page" value="2"><input type="submit" value="下一页"></form>', True),
        ('<form method=POST action="/l"><input type=hidden name=typeid value=7><input type=hidden name=pageno value=2><button>下一页</button></form>', True),
        ('<form method="post" action="/message/leave"><input name="text"><input type="submit" value="留言"></form>', False),
        ('<form method="post" action="/x"><input type="hidden" name="token" value="t"><input type="hidden" name="page" value="2"></form>', False),
        ('<form method="post" action="/x"><input type="hidden" name="typeid" value="2"></form>', False),
        ('<form method="post" action="/x"><textarea name="page"></textarea><input type="hidden" name="page" value="2"></form>', False),
        ('<form method="get" action="/s"><input type="hidden" name="page" value="2"></form>', False),
        ('<form method="post" action="javascript:x()"><input type="hidden" name="page" value="2"></form>', False),
        ('<form method="post" action="/plus/list.php"><input type="hidden" name="mod" value="goods_list"><input type="hidden" name="page" value="2"></form>', True),
        *(
            (f'<form method=post action="/list.asp"><input type=hidden name=page value=2><input type=hidden name="{name}" value="{value}"><button>下一页</button></form>', sent)
            for name, value, sent in (
                ("cls", "茶叶", True), ("BigClassName", "tea", True), ("keyword", "", True), ("x", "1", False), ("token", "a1", False),
                ("cls", "删除", False), ("message", "好", False), ("act", "buy", False),
            )
        ),
        ('<form method="post" action="/order.php"><input type="hidden" name="page" value="2"></form>', False),
        ('<form method="post" action="/cart/clear"><input type=hidden name=p value=1><button>清空购物车</button></form>', False),
        ('<form method="post" action="/x"><input type=hidden name=act value=clear><input type=hidden name=p value=1></form>', False),
        ('<form method="post" action="/x"><input type=hidden name=action value=delete><input type=hidden name=cid value=5><input type=hidden name=page value=1></form>', False),
        ('<form method="post" action="/x"><input type=hidden name=mod value=unsubscribe><input type=hidden name=page value=1></form>', False),
        ('<form method="post" action="/delGoods.do"><input type=hidden name=page value=1></form>', False),
        ('<form method="post" action="/x?do=logout"><input type=hidden name=page value=1></form>', False),
        ('<form method="post" action="/%E5%88%A0%E9%99%A4"><input type=hidden name=page value=1></form>', False),
        ('<form method="post" action="/x"><input type=hidden name=page value=1><input type=submit value="删除"></form>', False),
        *(
            (f'<form method="post" action="{to}"><input type=hidden name=cid value=5><input type=hidden name=page value=1><button>{label}</button></form>', sent)
            for to, label, sent in (
                ("/coupon.php", "领取优惠券", False), ("/x1.php", "立即抢购", False), ("/x2.php", "申请退货", False), ("/x3.php", "下架", False),
                ("/refund.php", "", False), ("/unsubscribe", "", False), ("/shanchu.php", "", False), ("/apply.php", "", False), ("/x", "签到", False),
                ("/x", "3", True), ("/x", "下一页 »", True), ("/x", "加载更多", True), ("/x", "GO", True), ("/goods_list.php", "", True),
            )
        ),
        ('<form method="post" action="/address/list.php"><input type=hidden name=page value=2></form>', True),
        ('<form method="post" action="/login"><input type="password" name="p"></form>', False),
    ],
)
def test_only_forms_that_page_on_are_ours_to_send(form, sent):
    assert bool(paging_forms(parse_markup(form, URL))) is sent


def test_a_page_with_more_addresses_than_are_looked_at_says_so(monkeypatch):
    document = parse_markup(f"<script>s={[{'url': f'/g/{n}.html'} for n in range(620)]}</script>", URL)
    assert (len(data_links(document)), document.has_more_links) == (620, False)
    monkeypatch.setattr("netpatrol.text.further._DATA_LINKS", 500)
    assert (len(data_links(document)), document.has_more_links) == (500, True)


def test_what_is_sent_is_what_the_form_holds():
    form = '<form method="post" action="/plus/list.php"><input type="hidden" name="page" value="2"></form>'
    found = paging_forms(parse_markup(form, URL))[0]
    assert (found.url, found.fields) == ("http://a.example/plus/list.php", (("page", "2"),))


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("网址是 www.maifangfang.example ，自己去看吧", ("http://www.maifangfang.example/",)),
        ("网址是 maifang.example，好用", ("http://maifang.example/",)),
        ("见 http://www.b.example/x 和 m.c.example。", ("http://www.b.example/", "http://m.c.example/")),
        ("发邮件到 me@www.b.example 或看 www.page.html", ()),
        ("版本 1.2.3，步骤 a.b", ()),
        ("", ()),
    ],
)
def test_shops_named_in_text(text, hosts):
    assert named_hosts(text) == hosts


@pytest.mark.parametrize(
    ("text", "rel", "url", "turns"),
    [
        ("下一页", "", "http://a.example/list?page=3", True),
        ("下页 >", "", "http://a.example/list?page=3", True),
        ("»", "", "http://a.example/list?page=3", True),
        ("Next", "", "http://a.example/list?page=3", True),
        ("17", "", "http://a.example/list?page=17", True),
        ("更早的文章", "next", "http://a.example/list?page=3", True),
        ("下一页", "", "http://a.example/news/3.html", False),
        ("下一月", "", "http://a.example/list?page=3", False),
        ("蜂蜜", "", "http://a.example/list?page=3", False),
        ("", "", "http://a.example/list?page=3", False),
    ],
)
def test_links_that_turn_the_page_of_a_list(text, rel, url, turns):
    assert turns_a_page(Link(url=url, text=text, rel=rel, where="a"), "http://a.example/list?page=2") is turns


@pytest.mark.parametrize(
    ("form", "queries"),
    [
        ("<form action=/list.asp><input type=hidden name=page value=2><input type=submit value=下一页></form>", ["page=2"]),
        ("<form method=GET action=/list.asp?x=1><input type=hidden name=cid value=7><input type=hidden name=page value=2></form>", ["cid=7&page=2"]),
        ("<form method=get action=/list.asp><select name=page><option value=1>1<option>2</select></form>", ["page=1", "page=2"]),
        ("<form action=/list.asp><select name=page><option value=1>1<option value=all>全部</select></form>", []),
        ("<form action=/list.asp><select name=cid><option value=1>1</select><input type=hidden name=page value=2></form>", []),
        ("<form action=/list.asp><input name=kw><input type=hidden name=page value=2><input type=submit value=下一页></form>", []),
        ("<form action=/list.asp><input type=hidden name=page value=2><input type=hidden name=x value=1><input type=submit value=下一页></form>", ["page=2&x=1"]),
        ("<form action=/list.asp><input type=hidden name=page value=2><input type=hidden name=formhash value=1><input type=submit value=下一页></form>", []),
        ("<form action=/list.asp><input type=hidden name=page value=2><input type=hidden name=x value=clear><input type=submit value=下一页></form>", []),
        ("<form action=/del.asp><input type=hidden name=page value=2><input type=submit value=下一页></form>", []),
        ("<form method=post action=/list.asp><input type=hidden name=page value=2></form>", []),
    ],
)
def test_forms_that_page_on_by_get_are_addresses(form, queries):
    assert list(paging_addresses(parse_markup(form, URL))) == [f"http://a.example/list.asp?{query}" for query in queries]


@pytest.mark.parametrize(
    ("url", "link", "goes_on"),
    [
        ("http://a.example/g1.html", "http://a.example/g1_2.html", True),
        ("http://a.example/g1.html", "http://a.example/g1-3.html", True),
        ("http://a.example/show.asp?id=3", "http://a.example/show.asp?id=3&page=2", True),
        ("http://a.example/show.asp?id=3", "http://a.example/show.asp?page=2&id=3", True),
        ("http://a.example/show.asp?id=3", "http://a.example/show.asp?id=4", False),
        ("http://a.example/show.asp?id=3", "http://a.example/show.asp?id=3&sort=2", False),
        ("http://a.example/g1.html", "http://a.example/g2.html", False),
        ("http://a.example/g1.html", "http://a.example/g12.html", False),
        ("http://a.example/g1.html", "http://b.example/g1_2.html", False),
        ("http://a.example/shop/", "http://a.example/shop/_2", False),
        ("http://a.example/g1.html", "http://a.example/g1.html", False),
        ("http://a.example/g1.html", "http://a.example/g1/2.html", True),
        ("http://a.example/g1.html", "http://a.example/g1.html/2/", True),
        ("http://a.example/g1.html", "http://a.example/g1.html?pg=2", True),
        ("http://a.example/g1/", "http://a.example/g1/2/", True),
        ("http://a.example/g1", "http://a.example/g1/page/2", True),
        ("http://a.example/", "http://a.example/2/", False),
        ("http://a.example/g1.html", "http://a.example/g1/2.php", False),
        ("http://a.example/g1.html", "http://a.example/g2/2.html", False),
    ],
)
def test_where_a_text_goes_on(url, link, goes_on):
    assert continues(Link(url=link, where="a"), url) is goes_on


@pytest.mark.parametrize(("said", "tells"), [("商品详情", True), ("图文详情", True), (" 查看详情 ", True), ("配送说明", False), ("关于我们", False), ("", False)])
def test_what_goods_are_described_on(said, tells):
    assert details(Link(url="http://a.example/1", where="a", text=said)) is tells


def test_what_a_form_says_is_sent_in_the_encoding_of_the_page():
    form = "<form method={} action=/list.asp><input type=hidden name=page value=2><input type=hidden name=cls value=茶叶><button>下一页</button></form>"
    pages = [parse_document(f"<meta charset=gb2312>{form.format(method)}".encode("gbk"), "text/html", URL) for method in ("get", "post")]
    assert paging_addresses(pages[0]) == ("http://a.example/list.asp?page=2&cls=%B2%E8%D2%B6",)
    assert "茶叶".encode(paging_forms(pages[1])[0].charset) == b"\xb2\xe8\xd2\xb6"


@pytest.mark.parametrize(
    ("markup", "closed"),
    [
        ("<form method=post action=/l><input type=hidden name=page value=2><input type=hidden name=x value=1><input type=submit value='下一页 &gt;'></form>", True),
        ("<form method=post action=/l><input name=page><button>下一页</button></form>", True),
        ("<form method=post action=/l><input name=page><button disabled>下一页</button></form>", False),
        ("<form method=post action=/l><input type=hidden name=page value=2><button>下一页</button></form>", False),
        ("<form method=post action=/message><textarea name=t></textarea><button>留言</button></form><a href=/l?page=2>下一页</a>", False),
        ("<p>下一页</p>", False),
    ],
)
def test_a_form_that_turns_pages_and_is_not_ours_to_send_is_known(markup, closed):
    assert has_closed_pager(parse_markup(markup, URL)) is closed
