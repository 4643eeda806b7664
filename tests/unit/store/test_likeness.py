"""A login form, a notice or an error in the place of a page is not the page, corrected."""

import pytest

from netpatrol.store.likeness import Look, is_like, is_wall

GOODS = Look("清江毛尖茶 包治百病 - 青峡茶行", 1_200, frozenset({"price", "buy"}))
ABOUT = Look("关于我们 - 青峡茶行", 800, frozenset())
PLAIN = Look("青峡茶行", 600, frozenset())

CASES = {
    "the wording is gone": (GOODS, Look("清江毛尖茶 - 青峡茶行", 1_180, GOODS.offers), True),
    "another title, still on offer": (GOODS, Look("高山绿茶新茶上市", 900, frozenset({"price"})), True),
    "no price any more": (GOODS, Look(GOODS.title, 900, frozenset()), True),
    "half of it deleted": (GOODS, Look(GOODS.title, 500, GOODS.offers), True),
    "nearly all deleted, still on offer": (GOODS, Look(GOODS.title, 100, GOODS.offers), True),
    "nearly all of a page without offers deleted": (ABOUT, Look(ABOUT.title, 40, frozenset()), False),
    "another title where nothing was on offer": (ABOUT, Look("青峡茶行简介", 700, frozenset()), True),
    "something else, nothing on offer": (GOODS, Look("会员专享", 700, frozenset()), False),
    "a wall": (ABOUT, Look(ABOUT.title, 700, frozenset(), wall=True), False),
    "a wall that sells": (GOODS, Look(GOODS.title, 700, GOODS.offers, wall=True), False),
    "a page that always asked for a password": (Look("登录", 300, frozenset(), wall=True), Look("登录", 290, frozenset(), wall=True), True),
    "an error of the database": (ABOUT, Look("", 30, frozenset()), False),
    "a page without offers, corrected": (ABOUT, Look("关于我们 - 青峡茶行", 760, frozenset()), True),
    "only the shop's name in the title": (PLAIN, Look("青峡茶行", 580, frozenset()), True),
    "kept before sizes were": (Look(ABOUT.title, 0, frozenset()), Look(ABOUT.title, 10, frozenset()), True),
}

WALLS = [
    ("用户登录 - 青峡茶行", "首页 茶叶 " * 200, True), ("青峡茶行", "系统维护中，请稍后再来", True), ("", "Too many connections", True),
    ("青峡茶行", "页面出错了 Fatal error: Uncaught", True), ("青峡茶行", "请在微信客户端打开链接", True), ("青峡茶行", "页面加载中…", True),
    ("青峡茶行", "您所在的地区暂时无法访问", True), ("清江毛尖茶", "登录 注册 购物车 " + "清江毛尖产自高山。" * 80, False), ("清江毛尖茶", "登录 注册 产自高山，售价 68 元", False),
    ("青峡茶行", "请先登录再看商品", True),
]  # fmt: skip


@pytest.mark.parametrize(("title", "said", "wall"), WALLS)
def test_what_reads_like_a_wall(title, said, wall):
    assert is_wall(title, said) is wall


@pytest.mark.parametrize(("before", "now", "like"), CASES.values(), ids=CASES)
def test_what_stands_in_a_pages_place(before, now, like):
    assert is_like(before, now) is like


def test_a_look_is_read_from_what_is_stored():
    page = {"title": "茶", "extra": {"marks": "price,contact,buy", "size": "120"}}
    assert Look.of(page) == Look("茶", 120, frozenset({"price", "buy"}))
    assert Look.of({}) == Look.of({"title": "", "extra": {"size": "³"}}) == Look("", 0, frozenset())
