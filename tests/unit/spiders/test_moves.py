"""Where a start page leads to is the shop's new home only if it says whose it is."""

import pytest

from netpatrol.items import Fact
from netpatrol.spiders._moves import Known, is_new_home, known_by
from netpatrol.text.html import parse_markup

HOME = "http://old.example/"
PHONE = Fact(name="phone", value="0717-6222222", raw="0717-6222222")
PAGES = (
    ("old.example/", "首页 - 青峡茶行", ()), ("old.example/1", "清江毛尖茶 - 青峡茶行", (PHONE,)), ("old.example/2", "高山白茶礼盒", ()),
    ("old.example/3", "产品中心", ()),
)  # fmt: skip
KNOWN = known_by(PAGES, HOME)
CLOUD = "<h1>某云</h1><p>云主机 99元 <button>立即购买</button></p>"


def page(body, title=""):
    return parse_markup(f"<html><head><title>{title}</title></head><body>{body}</body></html>", "http://new.example/")


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<h1>青峡茶行</h1><p>毛尖 ￥68 <button>立即购买</button></p>", "新站"),
        ("<p>欢迎光临，各种名茶应有尽有，产自高山</p>", "青峡茶行 - 首页"),
        ("<p>清江毛尖茶 ￥68</p><p>高山白茶礼盒 ￥99</p>", "新站"),
        ("<p>欢迎光临，订购电话 0717-6222222</p>", "新站"),
    ],
    ids=["names it", "bears the name", "has its goods", "has its telephone"],
)
def test_who_says_whose_it_is_is_a_new_home(body, title):
    assert is_new_home(page(body, title), KNOWN)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<h1>网站暂停访问</h1><p>您访问的网站因欠费已被接入商暂停，请网站负责人尽快续费</p>", "青峡茶行"),
        ("<p>该域名未备案，无法访问，请登录接入商备案系统办理备案</p>", "提示"),
        ("<p>该网站本月流量已用完，下月自动恢复</p>", "提示"),
        ("<p>由于您访问的网站存在风险，已被拦截</p>", "提示"),
        ("<p>系统维护中，请稍后再来</p>", "青峡茶行"),
        ("<p>该域名正在出售</p>", "青峡茶行"),
        ("<p>页面不存在</p>", "青峡茶行"),
        ("<p>您访问的网站未完成实名核验，请网站负责人登录控制台</p>", "温馨提示"),
        ("<p>服务中止，站长请提交工单</p>", "产品中心"),
        (CLOUD, "某云 - 云主机 域名注册"),
        (CLOUD, "首页"),
        ("<p>宜昌本地生活门户网站，新闻、房产、汽车、招聘</p>", "宜昌门户"),
        ("<p>欢迎光临，各种名茶应有尽有，产自高山</p>", "清江茶叶专卖店"),
        ("<p>清江毛尖茶的做法大全</p>", "百科"),
    ],
)
def test_a_notice_or_anybody_else_is_none(body, title):
    assert not is_new_home(page(body, title), KNOWN)


def test_who_is_not_known_cannot_be_told_elsewhere():
    assert known_by((), HOME) == Known()
    assert not is_new_home(page("<h1>青峡茶行</h1>", "青峡茶行"), Known())
    assert is_new_home(page("<h1>青峡茶行</h1>", "新站"), known_by((), HOME, "青峡茶行"))


def test_who_built_a_site_and_whose_software_it_is_tell_of_no_move():
    built = Fact(name="phone", value="0717-6111222", raw="0717-6111222", how="other")
    known = known_by((("old.example/", "首页 - 青峡茶行", (built,)),), HOME)
    assert not is_new_home(page("<h1>远景网络</h1><p>建网站找我们 电话：0717-6111222</p>", "远景网络"), known)


def test_a_casino_under_the_old_title_is_no_new_home():
    assert not is_new_home(page("<h1>真人百家乐 电子游艺 注册送58</h1>", "澳门新葡京_青峡茶行"), KNOWN)
