"""The kind of each part of a page."""

from __future__ import annotations

import pytest

from netpatrol.items import PartKind
from netpatrol.text.html import parse_markup
from netpatrol.text.read import read_document

FILL = "<p>这是一段普通的文字，说明商品的来历和用法。</p>" * 14

PARTS = {
    "footer_tag": (f"{FILL}<footer><p>★</p></footer>", PartKind.FOOTER),
    "footer_id": (f"{FILL}<div id='footer'><p>★</p></div>", PartKind.FOOTER),
    "footer_class": (f"{FILL}<div class='w960 footer-wrap'><p>★</p></div>", PartKind.FOOTER),
    "footer_short": (f"{FILL}<p class='foot'>★</p>", PartKind.FOOTER),
    "address": (f"{FILL}<address>★</address>", PartKind.FOOTER),
    "footer_by_words": (f"<table><tr><td>{FILL}</td></tr><tr><td>版权所有 ★</td></tr></table>", PartKind.FOOTER),
    "after_the_copyright_line": (f"{FILL}<p>版权所有 © 2024</p><p>★</p>", PartKind.FOOTER),
    "copyright_in_the_middle": (f"<p>版权所有 ★</p>{FILL}{FILL}", PartKind.PAGE),
    "comment_list": (f"{FILL}<ol class='commentlist'><li><p>★</p></li></ol>{FILL}", PartKind.REVIEW),
    "list_called_pl": (f"{FILL}<div class='pl'><table><tr><td>★</td></tr></table></div>{FILL}", PartKind.PAGE),
    "announcement": (f"{FILL}<p class='notice'>★</p>{FILL}", PartKind.PAGE),
    "camel_case_reviews": (f"{FILL}<div id='goodsReviewBox'>★</div>{FILL}", PartKind.REVIEW),
    "heading_reviews": (f"{FILL}<div><h3>用户评价（128）</h3><ul><li>★</li></ul></div>{FILL}", PartKind.REVIEW),
    "section_ends": (
        f"<div><h3>用户评价</h3><p>好</p></div><div><div><h3>商品信息</h3><p>★</p></div></div>{FILL}",
        PartKind.PAGE,
    ),
    "policy_heading": (f"{FILL}<div><h4>退换货须知</h4><p>★</p></div>{FILL}", PartKind.POLICY),
    "policy_class": (f"{FILL}<div class='after-sale policy'><p>★</p></div>{FILL}", PartKind.POLICY),
    "news_block": (f"{FILL}<div class='news'><h4>公告</h4><p>★</p></div>{FILL}", PartKind.NEWS),
    "about_heading": (f"{FILL}<div><h2>公司简介</h2><p>★</p></div>{FILL}", PartKind.ABOUT),
    "banner": (f"<div class='banner'>★</div>{FILL}", PartKind.BANNER),
    "marquee": (f"<marquee>★</marquee>{FILL}", PartKind.BANNER),
    "detail": (f"{FILL}<div class='product__description rte'><p>★</p></div>{FILL}", PartKind.DETAIL),
    "product_title": (f"<h1 class='product_title'>★</h1>{FILL}<p>￥98</p><a>加入购物车</a>", PartKind.PRODUCT_TITLE),
    "heading_one_of_a_shop": (f"<h1>★</h1>{FILL}<p>98元</p><a>立即购买</a>", PartKind.PRODUCT_TITLE),
    "heading_one_of_no_shop": (f"<h1>★</h1>{FILL}", PartKind.PAGE),
    "selling_page": (f"<h1>脐橙</h1><p>★</p>{FILL}<p>98元</p><a>立即购买</a>", PartKind.DETAIL),
    "policy_page": (f"<h1>用户协议</h1><p>★</p>{FILL}", PartKind.POLICY),
    "about_page": (f"<title>关于我们 - 店</title><p>★</p>{FILL}", PartKind.ABOUT),
    "detail_inside_a_footer": (f"{FILL}<footer><div class='detail'>★</div></footer>", PartKind.FOOTER),
    "plain": (f"<p>★</p>{FILL}", PartKind.PAGE),
    "title": (f"<title>★</title>{FILL}", PartKind.META),
}


@pytest.mark.parametrize(("markup", "part"), PARTS.values(), ids=PARTS)
def test_part(markup: str, part: PartKind) -> None:
    page = read_document(parse_markup(markup, "http://shop.example/"))
    assert [zone.part for zone in page.zones if "★" in page.raw[zone.start : zone.end]] == [part]


def test_news_by_its_address() -> None:
    page = read_document(parse_markup(f"<h1>三峡新闻</h1>{FILL}", "http://city.example/news/2024/0102.html"))
    assert page.zones[3].part is PartKind.NEWS
