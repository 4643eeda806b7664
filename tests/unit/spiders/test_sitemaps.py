"""Sitemaps: read in every form, bounded, in-site only; what they list of storefronts belongs to these."""

import gzip

import pytest

from netpatrol.spiders._sitemaps import MAX_INFLATED, Listed, Sitemaps, named_in_robots, read_sitemap, storefronts_apart

HOME = "http://www.a.example/"


def urlset(*urls):
    return ("<?xml version='1.0'?><urlset>" + "".join(f"<url><loc> {url} </loc></url>" for url in urls) + "</urlset>").encode()


def index(*urls):
    return ("<sitemapindex>" + "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls) + "</sitemapindex>").encode()


@pytest.mark.parametrize(
    ("body", "pages", "sitemaps"),
    [
        (urlset("http://www.a.example/1", "http://www.a.example/2?a=1&amp;b=2"), ("http://www.a.example/1", "http://www.a.example/2?a=1&b=2"), ()),
        (b"<urlset><url><loc><![CDATA[http://www.a.example/1]]></loc></url></urlset>", ("http://www.a.example/1",), ()),
        (gzip.compress(urlset("http://www.a.example/1")), ("http://www.a.example/1",), ()),
        (index("http://www.a.example/s1.xml.gz"), (), ("http://www.a.example/s1.xml.gz",)),
        (b"http://www.a.example/1\r\nhttp://www.a.example/2\n", ("http://www.a.example/1", "http://www.a.example/2"), ()),
        (b"<html><body>http://www.a.example/1</body></html>", (), ()),
        (b"\x1f\x8b broken", (), ()),
        (b"", (), ()),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>&a;&a;</loc></url></urlset>', (), ()),
    ],
    ids=["xml", "cdata", "packed", "index", "text", "a page", "broken", "nothing", "entities"],
)
def test_what_a_sitemap_says(body, pages, sitemaps):
    told = read_sitemap(body)
    assert (told.pages, told.sitemaps) == (pages, sitemaps)


def test_a_packed_bomb_is_inflated_up_to_the_bound():
    told = read_sitemap(gzip.compress(urlset("http://www.a.example/1") + b" " * (MAX_INFLATED * 3) + urlset("http://www.a.example/late")))
    assert told.pages == ("http://www.a.example/1",)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"User-agent: *\nDisallow: /a\nSitemap: http://www.a.example/map.xml # ours\nSITEMAP:http://b.example/x.xml", ("http://www.a.example/map.xml", "http://b.example/x.xml")),
        (b"\xef\xbb\xbfSitemap: https://www.a.example/s.xml\r\n", ("https://www.a.example/s.xml",)),
        (b"# Sitemap: http://www.a.example/no.xml\nSitemap: /relative.xml", ()),
    ],
)  # fmt: skip
def test_what_robots_name(body, named):
    assert named_in_robots(body) == named


def test_pages_below_a_storefront_belong_to_it():
    urls = tuple(f"http://www.a.example{path}" for path in ("/", "/shop/1", "/shop/1/item/5", "/shop/2", "/help", "/shop/12"))
    assert storefronts_apart(HOME, urls) == (("http://www.a.example/", "http://www.a.example/help"), ("/shop/1", "/shop/2", "/shop/12"))
    assert storefronts_apart(HOME, urls[:2]) == (urls[:2], ())


class Crawler:
    """Answers like an engine, and counts."""

    def __init__(self, answers):
        self.answers, self.asked = answers, []
        self.signals, self.engine = self, self

    def connect(self, receiver, signal):
        self.receiver = receiver

    async def download_async(self, request):
        from scrapy.http import Response

        self.asked.append(request.url)
        if request.url not in self.answers:
            raise OSError("away")
        return Response(request.url, body=self.answers[request.url])


async def test_only_what_lies_inside_is_asked_for_and_given():
    crawler = Crawler(
        {
            "http://www.a.example/map.xml": index("http://a.example/1.xml", "http://evil.example/2.xml", "//www.a.example/3.xml", "http://www.a.example/gone.xml"),
            "http://a.example/1.xml": urlset("http://m.a.example/x", "http://evil.example/y", "http://127.0.0.1/z", "//a.example/p", "http://a.example:99999/x"),
        }
    )
    found = await Sitemaps(crawler).of(HOME, ("http://www.a.example/map.xml",), guess=False)
    assert found == Listed(pages=("http://m.a.example/x",), source="http://a.example/1.xml")
    assert crawler.asked == ["http://www.a.example/map.xml", "http://a.example/1.xml", "http://www.a.example/gone.xml"]


@pytest.mark.parametrize(("guess", "asked"), [(True, ["http://www.a.example/sitemap.xml"]), (False, [])])
async def test_the_usual_place_is_tried_only_where_a_guess_is_allowed(guess, asked):
    crawler = Crawler({})
    assert await Sitemaps(crawler).of(HOME, guess=guess) == Listed()
    assert crawler.asked == asked


async def test_what_robots_named_is_asked_for_once_and_files_are_bounded():
    from scrapy.http import Request, Response

    crawler = Crawler({f"http://www.a.example/{n}.xml": index(f"http://www.a.example/{n + 1}.xml") for n in range(50)})
    sitemaps = Sitemaps(crawler)
    robots = Request("http://a.example/robots.txt", meta={"netpatrol_robots": True})
    crawler.receiver(Response(robots.url, body=b"Sitemap: http://www.a.example/0.xml"), robots)
    listed = await sitemaps.of(HOME, guess=False)
    assert crawler.asked == [f"http://www.a.example/{n}.xml" for n in range(5)]
    assert listed.has_more


@pytest.mark.parametrize(("most", "has_more"), [(20_000, False), (2_000, True)])
async def test_a_sitemap_that_lists_more_than_is_looked_at_says_so(monkeypatch, most, has_more):
    monkeypatch.setattr("netpatrol.spiders._sitemaps.ADDRESSES_A_SITE", most)
    crawler = Crawler({"http://www.a.example/map.xml": urlset(*(f"http://www.a.example/g/{n}.html" for n in range(2_300)))})
    listed = await Sitemaps(crawler).of(HOME, ("http://www.a.example/map.xml",), guess=False)
    assert (len(listed.pages), listed.has_more) == (min(2_300, most), has_more)
