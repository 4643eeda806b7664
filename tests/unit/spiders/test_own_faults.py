"""A fault of our own on a page ends that page, and its site goes on."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from twisted.python.failure import Failure

from netpatrol.ledger import Ledger
from netpatrol.spiders._site import Bounds, SiteCrawl
from netpatrol.spiders.sites import SitesSpider
from netpatrol.store.records import Target


@pytest.fixture
def spider():
    spider = SitesSpider()
    sent = []
    engine = SimpleNamespace(crawl=lambda request: sent.append(request.url))
    spider.crawler, spider.ledger, spider.sent = SimpleNamespace(engine=engine), Ledger(), sent
    spider.endings = SimpleNamespace(check=lambda site: None)
    return spider


def site_of(spider):
    """A site that began a second ago: its time is told at the test, not at the collection of a long suite."""
    target = Target(shop_id="a.example", url="http://a.example/", host="a.example", kind="site")
    site = SiteCrawl(
        target=target, bounds=Bounds(depth=3, pages=9, seconds=99), ledger=spider.ledger, started_at=datetime.now(UTC) - timedelta(seconds=1)
    )
    for n in range(4):
        site.plan(f"http://a.example/{n}", depth=1, via="")
    return site


@pytest.mark.parametrize("where", ["callback", "errback"])
def test_a_page_on_which_our_code_fails_ends_and_the_next_is_sent(spider, where):
    site = site_of(spider)
    first = site.next_page(datetime.now(UTC))
    request = Request(first.url, meta={"netpatrol_site": site, "netpatrol_page": first})
    if where == "callback":
        answer = HtmlResponse(first.url, request=request)
    else:
        answer = Failure(OSError("away"))
        answer.request = request
    spider.parse_failed(Failure(ValueError("ours")), answer)
    assert spider.ledger.record()["pages"]["failed_by_reason"] == {"parse_error": 1}
    assert spider.sent == ["http://a.example/1", "http://a.example/2"]


def test_a_start_that_fails_concerns_no_page(spider):
    spider.parse_failed(Failure(ValueError("ours")), None)
    assert spider.ledger.pages == {}
    assert spider.sent == []
