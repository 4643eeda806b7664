"""What the stored pages say of a shop as a whole."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from netpatrol.fold import _seen, shop_state
from netpatrol.items import Candidate, Fact, Match, MatchVerdict, PageState, ShopRef
from netpatrol.store.records import PageRecord

SHOP = ShopRef(shop_id="a.example", url="http://a.example/")
KNOWN = Match(entity=Candidate(entity_id="x", name="x", score=1.0, verdict=MatchVerdict.EXACT))


def page(state=PageState.CHECKED, marks="", facts=(), title=""):
    return PageRecord(
        shop=SHOP, url="http://a.example/", host="a.example", state=state, seen_at=datetime(2026, 11, 30, tzinfo=UTC), extra={"marks": marks},
        title=title,
        facts=tuple(Fact(name=name, value="1", raw="1") for name in facts),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pages", "found", "state"),
    [
        ([page(marks="price,buy")], Match(), "checked"),
        ([page(facts=["uscc"])], Match(), "checked"),
        ([page()], KNOWN, "checked"),
        ([page(marks="phone,contact")], Match(), "not_a_shop"),
        ([page(marks="contact", title="清溪直营店")], Match(), "checked"),
        ([page(title="关于我们 - 清溪商城")], Match(), "checked"),
        ([page(title="宜昌新闻：书店里的老店故事")], Match(), "not_a_shop"),
        ([page(PageState.NEEDS_RENDER)], KNOWN, "needs_render"),
        ([page(), page(PageState.NEEDS_RENDER)], Match(), "needs_render"),
        ([page(PageState.TRUNCATED, marks="price,buy")], KNOWN, "partial"),
        ([page(PageState.TRUNCATED, marks="price,buy"), page()], KNOWN, "checked"),
        ([page(PageState.CHALLENGE)], Match(), "challenge"),
        ([], Match(), "unreachable"),
    ],
)
def test_state_of_a_shop(pages, found, state):
    assert shop_state(pages, found) == state


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("http://a.example/", True),
        ("https://www.a.example/index.html", True),
        ("http://a.example/?utm_source=wx", True),
        ("http://a.example/?p=3", False),
        ("http://a.example/#/goods/3", False),
        ("http://a.example/about", False),
    ],
)
def test_what_the_home_page_of_a_shop_is(url, home):
    assert _seen(replace(page(), url=url), SHOP).home is home
