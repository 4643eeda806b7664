"""A page that sends its visitors on says why, or is gone; an address that leads back is a gate."""

import pytest

from netpatrol.spiders._walls import keeps_out, leads_back, sent_off
from netpatrol.text.html import parse_markup


def sent(said, script=""):
    home = "<meta http-equiv=refresh content='3;url=/'>"
    return parse_markup(f"<head><title>提示</title>{home}</head><body><p>{said}</p><script>{script}</script></body>", "http://a.example/g1.html")


@pytest.mark.parametrize(
    "said",
    [
        "您没有权限浏览该商品，3秒后返回首页", "您所在的会员组没有查看此商品的权限，3秒后自动返回首页", "本商品仅限年满18周岁人士浏览",
        "访问人数过多，请稍后再来，正在返回首页", "本品只给老主顾看，正在返回首页", "系统繁忙，商品不存在",
    ],
)  # fmt: skip
def test_who_says_why_keeps_out(said):
    assert keeps_out(sent(said))
    assert keeps_out(sent("正在跳转", f"alert('{said}');"))


@pytest.mark.parametrize(
    "said",
    [
        "", "商品不存在，3秒后返回首页", "出错了，您要看的商品已下架", "没有找到相关信息", "页面正在跳转，请稍候……", "青峡茶行 正在返回首页",
        "如果您的浏览器没有自动跳转，请点击这里", "参数错误！",
    ],
)  # fmt: skip
def test_who_says_nothing_or_that_it_is_gone_does_not(said):
    assert not keeps_out(sent(said))
    assert not keeps_out(sent("", f"alert('{said}');"))


@pytest.mark.parametrize(
    ("to", "back"),
    [
        ("/user.php?back=/g1.html", True), ("/member/index.php?gotopage=%2Fg1.html", True), ("/account/?r=%2Fg1.html", True), ("/u.php?to=g1.html", True),
        ("/index.php?s=/g1.html", False), ("/g2.html", False), ("/g2.html?from=/list.html", False),
    ],
)  # fmt: skip
def test_which_addresses_lead_back(to, back):
    assert leads_back(f"http://a.example{to}", ("http://a.example/g1.html",)) is back


NEW = "http://b.example/"
TOLD = "本站已启用新域名，请各位新老顾客记下新的地址，3秒后自动跳转，给您带来不便请谅解"
REFRESH, FRAME = f"<meta http-equiv=refresh content='3;url={NEW}'>", f"<frameset rows=*><frame src={NEW}></frameset>"


@pytest.mark.parametrize(
    ("markup", "to"),
    [
        (REFRESH, NEW),
        (f"{REFRESH}<p>{TOLD}</p>", NEW),
        (f"<script>location.href='{NEW}'</script>", NEW),
        (f"{REFRESH}<p>毛尖 ￥68 <button>立即购买</button></p>", ""),
        (f"{REFRESH}<p>{TOLD * 4}</p>", ""),
        (f"{REFRESH}<a href=/g1.html>毛尖</a>", ""),
        (f"<script>document.cookie='a=1';location.href='{NEW}'</script>", ""),
        (f"<script>if(ie)location.href='{NEW}'</script>", ""),
        ("<meta http-equiv=refresh content='0;url=/list.html'>", ""),
        (f"<p>{TOLD}</p><a href={NEW}>新址</a>", ""),
        (FRAME, ""),
    ],
)
def test_which_pages_only_send_their_visitors_to_another_host(markup, to):
    assert sent_off(parse_markup(markup, "http://a.example/")) == to


def test_a_frame_around_another_host_sends_there_where_frames_count():
    assert sent_off(parse_markup(FRAME, "http://a.example/"), frames=True) == NEW
    assert sent_off(parse_markup(f"<p>地图</p><iframe src={NEW}></iframe>", "http://a.example/"), frames=True) == ""
