"""Domains at which nobody's shop is any more."""

import pytest

from netpatrol.spiders._parked import is_parked
from netpatrol.text.html import parse_markup


def page(body, title=""):
    return parse_markup(f"<html><head><title>{title}</title></head><body>{body}</body></html>", "http://a.example/")


@pytest.mark.parametrize(
    "body",
    [
        "<h1>该域名正在出售</h1><p>一口价 ￥8800</p>",
        "<p>您访问的域名已过期，请联系注册商续费</p>",
        "<p>此域名 a.example 可转让，联系 QQ</p>",
        "<h1>没有找到站点</h1><p>您的请求在服务器中没有找到对应的站点</p>",
        "<h2>a.example</h2><p>This domain is for sale</p>",
        '<p>a.example domain</p><script src="//www.sedoparking.com/x.js"></script>',
        "<h1>Welcome to nginx!</h1>",
        "<h3>恭喜，站点创建成功！</h3><p>这是默认index.html，本页面由系统自动生成</p>",
    ],
)
def test_parked(body):
    assert is_parked(page(body))


@pytest.mark.parametrize(
    "body",
    [
        "<h1>清江茶庄</h1><p>新茶上市，￥68 一斤，欢迎选购。</p>",
        "<h1>域名注册代理</h1><p>" + "我们代办域名注册、网站建设、备案咨询。" * 120 + "该域名出售</p>",
        "<p>旺铺转让，联系电话 0717-0000000</p>",
        "<p>本店二手书出售</p>",
        "<p>由于流量超限，本站点已被暂停，请联系空间商</p>",
        "<p>网站被暂停：本月流量已用完，下月自动恢复</p>",
        "<p>网站已到期，请续费</p>",
        "<p>站点已欠费，请续费后访问</p>",
        "<p>虚拟主机已到期，请联系管理员续费</p>",
        "<h1>This Account has been suspended.</h1>",
        "",
    ],
    ids=["a shop", "much text", "a shop for lease", "books", "over its traffic", "until next month", "until it is paid for", "in arrears", "its host to be paid", "suspended", "nothing"],
)
def test_not_parked(body):
    assert not is_parked(page(body))


def test_goods_on_offer_are_no_parked_domain_whatever_a_hidden_line_says():
    shop = "<h1>清江茶</h1><b>￥98.00</b><a href='/cart'>立即购买</a>"
    hidden = "<div style='display:none'>本域名出售</div>"
    assert not is_parked(parse_markup(f"<html><body>{shop}{hidden}</body></html>"))
    assert is_parked(parse_markup(f"<html><title>本域名出售</title><body>￥98.00 立即购买{hidden}</body></html>"))
