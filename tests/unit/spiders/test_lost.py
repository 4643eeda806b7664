"""Large pages that say "not found" with status 200 are told from pages that only happen to say so."""

import asyncio
from types import SimpleNamespace

import pytest
from scrapy.http import Response

from netpatrol.items import PageState
from netpatrol.spiders._lost import LostPages, impossible, is_suspected
from netpatrol.text.html import parse_markup
from netpatrol.text.read import read_document

MENU = "".join(f"<li><a href='/c/{n}'>栏目{n}：山货、茶叶、蜂蜜、腊味的选购与做法</a></li>" for n in range(40))
FOOT = "<footer>清江茶行，地址：长阳县龙舟坪镇，营业执照公示，客服时间每天九点到十八点</footer>"
GOODS = "<h1>高山毛尖</h1><p>" + "明前采摘，手工炒制，汤色清亮，回味甘甜。" * 12 + "</p>"
SORRY = "<h1>抱歉</h1><p>您要找的商品不存在或已下架</p>"


def page(said, path="/x"):
    return parse_markup(f"<html><title>清江茶行</title><ul>{MENU}</ul>{said}{FOOT}</html>", f"http://a.example{path}")


class Crawler:
    """Answers like an engine, and counts."""

    def __init__(self, said, status=200):
        self.said, self.status, self.asked, self.engine = said, status, [], self

    async def download_async(self, request):
        self.asked.append(request.url)
        await asyncio.sleep(0)
        if self.said is None:
            raise OSError("away")
        body = page(self.said).markup.encode()
        return Response(request.url, status=self.status, body=body, headers={"Content-Type": "text/html; charset=utf-8"})


def site():
    return SimpleNamespace(target=SimpleNamespace(url="http://a.example/"), lost=None)


async def marked(crawler, *documents):
    lost, shop = LostPages(crawler), site()
    for document in documents:
        await lost.mark(shop, document)
    return [read_document(document).state for document in documents]


async def test_a_large_page_that_says_what_an_impossible_address_says_is_lost():
    crawler = Crawler(SORRY)
    states = await marked(crawler, page(GOODS), page(SORRY, "/goods/7"), page(SORRY + "<p>编号 8</p>", "/goods/8"))
    assert states == [PageState.CHECKED, PageState.SOFT_404, PageState.SOFT_404]
    assert crawler.asked == [impossible("http://a.example/")]


@pytest.mark.parametrize(
    ("crawler", "said"),
    [
        (Crawler(SORRY), GOODS + "<p>本店不存在虚假发货，找不到想要的商品请联系客服</p>"),
        (Crawler(SORRY, status=404), SORRY),
        (Crawler(None), SORRY),
        (Crawler("<p>欢迎光临本店首页</p>"), SORRY),
    ],
    ids=["a page that only says so", "a site with a status", "no answer", "a site that shows its start page"],
)
async def test_what_is_no_lost_page(crawler, said):
    assert await marked(crawler, page(said), page(said)) == [PageState.CHECKED, PageState.CHECKED]
    assert len(crawler.asked) == 1


async def test_pages_that_come_at_once_are_all_told_by_one_answer():
    crawler, shop = Crawler(SORRY), site()
    pages = [page(SORRY, f"/goods/{n}") for n in range(2)]
    lost = LostPages(crawler)
    await asyncio.gather(*(lost.mark(shop, one) for one in pages))
    assert [read_document(one).state for one in pages] == [PageState.SOFT_404, PageState.SOFT_404]
    assert len(crawler.asked) == 1


async def test_a_site_that_gives_no_cause_is_not_asked():
    crawler = Crawler(SORRY)
    await marked(crawler, page(GOODS), page("<p>茶</p>"))
    assert crawler.asked == []


@pytest.mark.parametrize(("said", "suspected"), [(SORRY, True), (GOODS, False), (SORRY + "<b>￥9.90</b><a>立即购买</a>", False), ("<p>本产品不含糖</p>", False)])
def test_what_is_suspected(said, suspected):
    assert is_suspected(page(said)) is suspected


def test_an_impossible_address_lies_below_the_shop_and_is_always_the_same():
    assert impossible("http://a.example/shop/7?x=1").startswith("http://a.example/shop/7/")
    assert impossible("http://a.example/") == impossible("http://a.example/")
