"""A login form, a notice or an error in the place of a page is not the page, corrected."""

import pytest

from netpatrol.store.likeness import Look, is_like

GOODS = Look("清江毛尖茶 包治百病 - 青峡茶行", 1_200, frozenset({"price", "buy"}))
ABOUT = Look("关于我们 - 青峡茶行", 800, frozenset())
PLAIN = Look("青峡茶行", 600, frozenset())

CASES = {
    "the wording is gone": (GOODS, Look("清江毛尖茶 - 青峡茶行", 1_180, GOODS.offers), True),
    "another title, still on offer": (GOODS, Look("高山绿茶新茶上市", 900, frozenset({"price"})), True),
    "half of it deleted": (GOODS, Look(GOODS.title, 500, GOODS.offers), True),
    "most of it deleted, still on offer": (GOODS, Look(GOODS.title, 200, GOODS.offers), True),
    "a login form": (GOODS, Look("用户登录 - 青峡茶行", 700, frozenset()), False),
    "a login form among menus with a basket": (ABOUT, Look("用户登录 - 青峡茶行", 700, frozenset({"buy"})), False),
    "maintenance": (GOODS, Look("系统维护中", 40, frozenset()), False),
    "an error of the database": (ABOUT, Look("", 30, frozenset()), False),
    "loading": (PLAIN, Look("青峡茶行", 12, frozenset()), False),
    "half a page": (ABOUT, Look(ABOUT.title, 150, frozenset()), False),
    "a page without offers, corrected": (ABOUT, Look("关于我们 - 青峡茶行", 760, frozenset()), True),
    "only the shop's name in the title": (PLAIN, Look("青峡茶行", 580, frozenset()), True),
    "kept before sizes were": (Look(ABOUT.title, 0, frozenset()), Look(ABOUT.title, 10, frozenset()), True),
}


@pytest.mark.parametrize(("before", "now", "like"), CASES.values(), ids=CASES)
def test_what_stands_in_a_pages_place(before, now, like):
    assert is_like(before, now) is like


def test_a_look_is_read_from_what_is_stored():
    page = {"title": "茶", "extra": {"marks": "price,contact,buy", "size": "120"}}
    assert Look.of(page) == Look("茶", 120, frozenset({"price", "buy"}))
    assert Look.of({}) == Look.of({"title": "", "extra": {"size": "³"}}) == Look("", 0, frozenset())
