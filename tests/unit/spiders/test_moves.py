"""Where a start page leads to is the shop's new home only if it looks like it."""

import pytest

from netpatrol.spiders._moves import is_new_home
from netpatrol.text.html import parse_markup

NAMES = ("青峡茶行",)
SHOP = "<h1>青峡茶行</h1><p>毛尖 ￥68 <button>立即购买</button></p>"


def page(body, title=""):
    return parse_markup(f"<html><head><title>{title}</title></head><body>{body}</body></html>", "http://new.example/")


@pytest.mark.parametrize("for_good", [True, False])
@pytest.mark.parametrize(
    ("body", "title"),
    [
        (SHOP, "新站"),
        ("<p>欢迎光临，各种名茶应有尽有，产自高山</p>", "青峡茶行 - 首页"),
        ("<p>欢迎光临，各种名茶应有尽有，产自高山</p>", "清江茶叶专卖店"),
    ],
    ids=["sells", "bears the name", "is called a shop"],
)
def test_a_shop_is_a_new_home(body, title, for_good):
    assert is_new_home(page(body, title), NAMES, for_good=for_good)


@pytest.mark.parametrize("for_good", [True, False])
@pytest.mark.parametrize(
    "body",
    [
        "<h1>网站暂停访问</h1><p>您访问的网站因欠费已被接入商暂停，请网站负责人尽快续费</p>",
        "<p>该域名未备案，无法访问，请登录接入商备案系统办理备案</p>",
        "<p>该网站本月流量已用完，下月自动恢复</p>",
        "<p>由于您访问的网站存在风险，已被拦截</p>",
        "<p>系统维护中，请稍后再来</p>",
        "<p>该域名正在出售</p>",
        "<p>页面不存在</p>",
    ],
)
def test_a_notice_is_no_new_home(body, for_good):
    assert not is_new_home(page(body, "提示"), NAMES, for_good=for_good)


def test_another_site_is_a_new_home_only_where_the_old_one_says_for_good():
    portal = page("<p>宜昌本地生活门户网站，新闻、房产、汽车、招聘</p>", "宜昌门户")
    assert is_new_home(portal, NAMES, for_good=True)
    assert not is_new_home(portal, NAMES, for_good=False)
