"""Search sources read the answers that lie in their folders of fixtures; searching stays within its bounds."""

import json
from pathlib import Path

import pytest
from scrapy.http import Response
from scrapy.settings import Settings

from netpatrol.errors import NetPatrolError
from netpatrol.middlewares import Refused
from netpatrol.spiders._searching import SearchFailed, search
from netpatrol.spiders.search import SOURCES, queries, source_of
from netpatrol.text.html import parse_document

FOLDERS = sorted(path for path in (Path(__file__).parents[3] / "fixtures" / "search").iterdir() if path.is_dir())


def test_each_source_has_its_folder_and_each_folder_its_source():
    assert [folder.name for folder in FOLDERS] == sorted(SOURCES)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_recorded_answer_is_read(folder):
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    source = source_of(expected["source"])
    address = source.address(expected["words"], 1)
    assert address == expected["address"]
    (page,) = folder.glob("page.*")
    kind = "application/json" if page.suffix == ".json" else "text/html"
    hits = source.hits(parse_document(page.read_bytes(), kind, address))
    assert {hit.url: hit.title for hit in hits} == expected["hits"]


@pytest.mark.parametrize("configured", ["", "html", "html:so.example/{words}", "html:http://so.example/", "ftp:http://so.example/{words}"])
def test_a_source_that_cannot_be_meant_is_told(configured):
    with pytest.raises(NetPatrolError, match="NETPATROL_SEARCH"):
        source_of(configured)


@pytest.mark.parametrize(
    ("regions", "keywords", "words"),
    [
        (("夷陵", "点军"), ("蜂蜜", "茶"), ("夷陵 蜂蜜", "夷陵 茶", "点军 蜂蜜", "点军 茶")),
        ((), ("蜂蜜", "蜂蜜"), ("蜂蜜",)),
        (("夷陵",), (), ()),
    ],
)
def test_what_is_asked(regions, keywords, words):
    assert queries(regions, keywords) == words


class Crawler:
    def __init__(self, *answers):
        self.answers, self.asked, self.engine = list(answers), [], self
        self.settings = Settings({"NETPATROL_MAX_BODY": 200})

    async def download_async(self, request):
        self.asked.append(request.url)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        body = answer if isinstance(answer, bytes) else b""
        return Response(request.url, status=200 if isinstance(answer, bytes) else answer, body=body, headers={"Content-Type": "application/json"})


async def found(crawler, pages=3):
    source = source_of("json:http://so.example/?q={words}&p={page}")
    return [hit.url async for hit in search(crawler, source, "茶", pages)]


async def test_a_search_ends_with_the_first_page_that_has_nothing_new():
    one, two = b'[{"url": "http://a.example/"}]', b'[{"url": "http://b.example/"}, {"url": "http://a.example/"}]'
    crawler = Crawler(one, two, two, two)
    assert await found(crawler, pages=9) == ["http://a.example/", "http://b.example/"]
    assert len(crawler.asked) == 3


async def test_a_search_asks_no_more_pages_than_it_may():
    crawler = Crawler(*(b'[{"url": "http://%d.example/"}]' % n for n in range(9)))
    assert len(await found(crawler, pages=2)) == 2


@pytest.mark.parametrize(("answer", "why"), [(Refused("robots"), "robots"), (503, "http_503"), (OSError("x"), "OSError"), (b"<html><a href='http://a.example/'>x</a></html>", "unreadable"), (b'{"results":[{"url":"http://a.example/"},', "unreadable"), (b"[" + b" " * 300 + b"]", "truncated")])
async def test_a_search_that_refuses_says_why(answer, why):
    with pytest.raises(SearchFailed, match=why):
        await found(Crawler(answer))
