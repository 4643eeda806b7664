"""Addresses in handlers and attributes are links like others; what a script puts together is said to be missing."""

import pytest

from netpatrol.text.handlers import handler_links, turns_by_script
from netpatrol.text.html import parse_markup

URL = "http://a.example/shop/"


@pytest.mark.parametrize(
    ("markup", "paths"),
    [
        ("""<table><tr onclick="window.open('show.asp?id=1')"><td>红茶</td></tr>""", ["/shop/show.asp?id=1"]),
        ("""<table><tr onclick="location.href='/show.asp?id=2'"><td>绿茶</td></tr>""", ["/show.asp?id=2"]),
        ("""<a href="javascript:void(0)" onClick="window.location = 'goods/3'">白茶</a>""", ["/shop/goods/3"]),
        ("""<input type=button ONCLICK="self.location.replace('show.asp?id=4')">""", ["/shop/show.asp?id=4"]),
        ("""<a href="javascript:window.open('show.asp?id=5')">黑茶</a>""", ["/shop/show.asp?id=5"]),
        ("""<A HREF="JavaScript:location=%27show.asp?id=6%27">花茶</A>""", ["/shop/show.asp?id=6"]),
        ("""<a href="#" onclick="openWin('show.asp?id=7',600,400);return false">蜂蜜</a>""", ["/shop/show.asp?id=7"]),
        (
            """<select onchange="location=this.value"><option value="">友情<option value="list.asp?page=2">二<option value=7></select>""",
            ["/shop/list.asp?page=2"],
        ),
        (
            """<select onchange="location.href='list.asp?page='+this.options[this.selectedIndex].value"><option value=1><option value=2></select>""",
            ["/shop/list.asp?page=1", "/shop/list.asp?page=2"],
        ),
        ("""<div data-url="show.asp?id=8">香菇</div><a data-href="/goods/9" href="javascript:;">脐橙</a>""", ["/shop/show.asp?id=8", "/goods/9"]),
        ("""<div onclick="location='#/goods/3'">板栗</div>""", ["/shop/#/goods/3"]),
        ("""<object data="a.html" type="text/html"></object><embed src="/b.htm">""", ["/shop/a.html", "/b.htm"]),
        ("""<object data="film.swf"></object><embed src="/b.mp4"><div data-url="goods"></div><img data-url="/x.jpg">""", []),
        (
            """<a href="javascript:detail(12)">红茶</a><b onclick="detail('13')">绿茶</b>
            <script>function detail(id){var w=1;location.href="/show.jsp?id="+id+"&c=1";}</script>""",
            ["/show.jsp?id=12&c=1", "/show.jsp?id=13&c=1"],
        ),
        ("""<a href="javascript:see(12)">红茶</a><script>function see(id){window.open("s-"+id+".html")}</script>""", ["/shop/s-12.html"]),
        ("""<a onclick="del(3)">x</a><script>function del(id){if(confirm("?")){location="/del.asp?id="+id}}</script>""", []),
        ("""<a onclick="at(3)">x</a><script>function at(id){location="/a.asp?id="+other}</script>""", []),
        ("""<b onclick="location='/sh'+'op/'">酒</b><b onclick="open('/a'+'b'+c)">茶</b><b onclick="open('/a,b'.split(',')[0])">茶</b>""", ["/shop/"]),
        ("""<select onchange="location=base+'list.asp?page='+this.value"><option value=1></select>""", []),
        ("""<a onclick="location='show.asp?id='+id">x</a><a onclick="say('好茶')">x</a><a onclick="buy(3)">x</a>""", []),
        ("""<a onclick="if(confirm('删除？'))location='del.asp?id=1'">x</a><a onclick="$.get('/like.php?id=1')">x</a>""", []),
        ("""<a href="javascript:void(0)">x</a><a onclick="open('mailto:a@a.example')">x</a><a onclick="f('x.js')">x</a>""", []),
        ("<p>只有字</p>", []),
        ("""<b onclick="location.assign(`/g/1.html`)">酒</b><b onclick="location.href=`/g/2.html`">茶</b><b onclick="see(`/g/3.html`)">蜜</b>""", ["/g/1.html", "/g/2.html", "/g/3.html"]),
        ("""<b onclick="location.href=`/g/${id}.html`">酒</b><b onclick="see(`/g/${id}.html`)">酒</b>""", []),
        ("""<b onclick="uni.navigateTo({url:'/g/1.html'})">酒</b><b onclick="wx.reLaunch({ fail: f, url: `/g/2.html` })">茶</b>""", ["/g/1.html", "/g/2.html"]),
        ("""<b onclick="swan.redirectTo({url:'/g/1?id='+id})">酒</b>""", []),
        ("""<b onclick="router.push('/g/1')">酒</b><b onclick="this.$router.replace({path:'/g/2'})">茶</b>""", ["/g/1", "/g/2"]),
        ("""<b onclick="history.pushState(0,0,'/g/1.html')">酒</b><b onclick="history.replaceState({}, '', `/g/2.html`)">茶</b>""", ["/g/1.html", "/g/2.html"]),
        *(
            (f"""<table><td {touch}="self.location='/g/1.html'">酒</td></table>""", ["/g/1.html"])
            for touch in ("onmousedown", "onmouseup", "onpointerdown", "ontouchstart", "ontouchend", "ondblclick", "onDblClick", "onkeydown")
        ),
        ("""<b onmouseover="location='/g/1.html'">酒</b>""", []),
        *((f"""<a href="#" {held}="/g/1.html">酒</a>""", ["/g/1.html"]) for held in ("data-link", "data-to", "data-path", "data-goto", "data-jump-url", "data-src")),
        ("""<img data-src="/pic/1"><b data-to="#panel"></b><b data-link="item"></b><a data-method="delete" data-link="/g/1.html">x</a>""", []),
        ("""<a data-url="/like/1" data-confirm="确定？">x</a>""", []),
    ],
)
def test_literal_addresses_are_links(markup, paths):
    assert [link.url.removeprefix("http://a.example") for link in handler_links(parse_markup(markup, URL))] == paths


def test_a_link_says_what_its_element_says_and_a_frame_nothing():
    row, frame = handler_links(parse_markup("""<b onclick="open('a.html')">红 茶</b><object data="b.html">x</object>""", URL))
    assert (row.text, row.where, frame.text, frame.where) == ("红 茶", "script", "", "object")


@pytest.mark.parametrize(
    ("markup", "hides"),
    [
        ("""<a href="javascript:__doPostBack('GridView1','Page$2')">2</a>""", True),
        ("""<a href="javascript:__doPostBack('AspNetPager1','2')">下一页</a>""", True),
        ("""<a href="javascript:goPage(3)">下一页</a>""", True),
        ("""<a href="#" onclick="more(2);return false">下一页 &gt;</a>""", True),
        ("""<a href="javascript:__doPostBack('Login','')">登录</a>""", False),
        ("""<a href="javascript:;" class=off>下一页</a><a href="javascript:void(0)">下一页</a>""", False),
        ("""<a href="javascript:location='list.asp?page=2'">下一页</a>""", False),
        ("""<a href="javascript:slide(3)">3</a>""", False),
        ("""<a href="?page=2">下一页</a>""", False),
    ],
)
def test_a_page_that_only_its_script_can_turn_is_known(markup, hides):
    assert turns_by_script(parse_markup(markup, URL)) is hides
