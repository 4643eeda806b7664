"""Each mark is asked after once in a run, however many sites show it and whenever they end."""

import asyncio
from collections import Counter
from types import SimpleNamespace

import pytest
from scrapy.http import HtmlResponse

from netpatrol.spiders._marks import MARKS_A_SITE, Marks

MARK = "http://filing.example/lz/7"
FILE = "<html><body><p>主体名称：宜昌青茶商贸有限公司</p><p>网站域名：marked.example</p></body></html>"


class Host:
    """Answers slowly, or not at all."""

    def __init__(self, *, away=False):
        self.away, self.asked = away, Counter()

    async def download_async(self, request):
        self.asked[request.url] += 1
        await asyncio.sleep(0)
        if self.away:
            raise OSError("away")
        return HtmlResponse(request.url, body=FILE.encode(), encoding="utf-8", request=request)


@pytest.fixture
def host():
    return Host()


def marks_at(host):
    return Marks(SimpleNamespace(engine=host), ["filing.example"])


async def test_sites_that_end_at_once_ask_once_and_hear_the_same(host):
    marks = marks_at(host)
    first, second = await asyncio.gather(marks.ask([MARK]), marks.ask([MARK]))
    assert first == second
    assert first[MARK] is not None
    assert host.asked == {MARK: 1}


async def test_a_site_that_is_given_up_takes_no_answer_from_another(host):
    marks = marks_at(host)
    given_up, other = asyncio.ensure_future(marks.ask([MARK])), asyncio.ensure_future(marks.ask([MARK]))
    await asyncio.sleep(0)
    given_up.cancel()
    assert (await other)[MARK] is not None
    assert host.asked == {MARK: 1}


async def test_what_nobody_answers_is_not_asked_again():
    host = Host(away=True)
    marks = marks_at(host)
    assert await marks.ask([MARK]) == {MARK: None}
    assert await marks.ask([MARK]) == {MARK: None}
    assert host.asked == {MARK: 1}


async def test_a_site_full_of_marks_asks_after_few(host):
    links = [f"http://filing.example/lz/{n}" for n in range(9)]
    assert list(await marks_at(host).ask(links)) == links[:MARKS_A_SITE]
    assert sum(host.asked.values()) == MARKS_A_SITE
