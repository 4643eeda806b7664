"""Forms that are links in all but name are followed; what is sent, filled in or done by a button is not."""

import pytest

from netpatrol.text.bare import has_own_links
from netpatrol.text.handlers import handler_links
from netpatrol.text.html import parse_markup

URL = "http://a.example/list.asp"


def form(fields="<input type=hidden name=id value=3>", label="查看详情", **attributes):
    said = "".join(f" {name}='{value}'" for name, value in ({"action": "show.asp"} | attributes).items())
    return f"<form{said}>{fields}<input type=submit value='{label}'></form>"


@pytest.mark.parametrize(
    ("markup", "paths"),
    [
        (form(), ["/show.asp?id=3"]),
        (form("", "进入网站", action="/index.php"), ["/index.php"]),
        (form("", "点击进入", action="/index.php", method="POST"), ["/index.php"]),
        ("<form action=/index.php><input type=image alt=ENTER></form>", ["/index.php"]),
        ("<form action='/show.asp?x=1'><input type=hidden name=n value=红茶><button> 详情 >> </button></form>", ["/show.asp?n=%E7%BA%A2%E8%8C%B6"]),
        ("<button formaction=/g/1.html>酒</button>", ["/g/1.html"]),
        ("<form method=get><input type=hidden name=id value=3><input type=submit value=红茶 formaction=/show.asp></form>", ["/show.asp?id=3"]),
        ("<form method=post><button formaction=/g/1.html>酒</button></form>", []),
        ("<form><input name=q><button formaction=/g/1.html>酒</button></form>", []),
        ("<form id=f method=post></form><button form=f formaction=/g/1.html>酒</button><button formmethod=post formaction=/g/1.html>酒</button>", []),
        ("<button formaction=/g/1.html>删除</button><button formaction=/cart/add?id=3>茶</button>", []),
        (form(label="加入购物车"), []),
        (form(label="提交订单"), []),
        (form(method="post"), []),
        (form(action="/del.asp"), []),
        (form("<input type=hidden name=act value=delete>"), []),
        (form("<input type=hidden name=token value=a1>"), []),
        (form("<input name=kw>"), []),
        (form("<select name=cls><option value=1></select>"), []),
        ("<form action=/show.asp><input type=hidden name=id value=3></form>", []),
        (form() + form("<input type=hidden name=id value=3><input type=submit value=购买>"), ["/show.asp?id=3"]),
    ],
)
def test_a_button_of_seeing_is_a_link(markup, paths):
    page = parse_markup(markup, URL)
    assert [link.url.removeprefix("http://a.example") for link in handler_links(page)] == paths
    assert has_own_links(page) is bool(paths)


def test_the_link_says_what_its_button_says():
    (link,) = handler_links(parse_markup(form(), URL))
    assert (link.text, link.where) == ("查看详情", "script")
