"""What a recorded answer of a host becomes."""

import gzip
from datetime import UTC, datetime

import pytest
from scrapy.http import HtmlResponse, Request, Response
from scrapy.settings import Settings
from twisted.internet.error import DNSLookupError
from twisted.internet.error import TimeoutError as TwistedTimeout

from netpatrol.errors import NetPatrolError
from netpatrol.items import ShopRef
from netpatrol.ledger import End
from netpatrol.middlewares import Refused
from netpatrol.spiders import _answers as answers
from netpatrol.spiders._planned import Planned
from netpatrol.store.records import Via
from netpatrol.text.html import parse_document
from netpatrol.text.read import read_document

GBK_PAGE = "http://www.qingjiang-chaye.example/cha/1.html"
GONE_PAGE = "http://www.qingjiang-chaye.example/cha/9.html"
SHOP = ShopRef(shop_id="qingjiang-chaye.example", url="http://www.qingjiang-chaye.example/")


@pytest.mark.parametrize("url", [GBK_PAGE])
def test_a_recorded_gbk_page_is_read_right(response, url):
    page = answers.page_item(
        response, response.body, SHOP, Planned(url=url, key="k", depth=1, via=""), document=None, truncated="",
        spider="sites", run_id="r", now=datetime(2026, 11, 30, tzinfo=UTC),
    )  # fmt: skip
    assert (page.status, page.final_url, page.content_type) == (200, GBK_PAGE, "text/html")
    text = read_document(parse_document(page.body, page.content_type, page.final_url))
    assert text.encoding.used == "gb18030"
    assert text.title == "高山绿茶 - 清江茶庄"
    assert "全县最好喝的绿茶" in text.raw


@pytest.mark.parametrize("url", [GONE_PAGE])
def test_a_recorded_answer_keeps_its_status(response, url):
    assert response.status == 404


@pytest.mark.parametrize(
    ("error", "how", "reason"),
    [
        (Refused("robots"), End.SKIPPED, "robots"),
        (TwistedTimeout(), End.FAILED, "timeout"),
        (DNSLookupError(), End.FAILED, "dns"),
        (ValueError("x"), End.FAILED, "fetch_error"),
        (gzip.BadGzipFile("x"), End.FAILED, "broken_body"),
    ],
)
def test_why_a_page_failed(error, how, reason):
    assert answers.why_failed(error) == (how, reason)


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [("text/html; charset=gbk", b"x", ""), ("image/png", b"x", "not_html"), ("", b"x", ""), ("text/html", b"", "empty"), ("application/json", b"{}", "")],
)
def test_what_is_no_page(kind, body, why):
    assert answers.why_no_page(Response("http://a.example/", headers={"Content-Type": kind} if kind else {}, body=body)) == why


@pytest.mark.parametrize(
    ("raw", "url"),
    [(b"/x?q=1", "/x?q=1"), ("/商品".encode(), "/%E5%95%86%E5%93%81"), ("/商品".encode("gbk"), "/%E5%95%86%E5%93%81"), (b" /a b", "/a%20b"), (b"\\next.html?a=\\", "/next.html?a=%5C")],
)
def test_where_a_redirect_leads(raw, url):
    response = HtmlResponse("http://a.example/", headers={"Location": raw}, request=Request("http://a.example/"))
    assert answers.location(response) == url


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("http://www.a.example/x?q=1", "http://www.a.example/x?q=1"),
        ("http://茶庄.example/茶?q=茶", "http://xn--xwtt03f.example/%E8%8C%B6?q=%E8%8C%B6"),
        ("http://%E8%8C%B6%E5%BA%84.example/", "http://xn--xwtt03f.example/"),
        ("http://xn--xwtt03f.example:81/", "http://xn--xwtt03f.example:81/"),
        ("http://茶庄。example/", "http://xn--xwtt03f.example/"),
        ("http://茶 .example:x/", ""),
    ],
)
def test_a_chinese_domain_is_one_in_both_spellings(written, address):
    assert answers.ascii_address(written) == address


def test_seed_files(tmp_path):
    good = tmp_path / "seeds.txt"
    good.write_text("\ufeff# 种子\nwww.a.example\n\nhttp://b.example/shop\nwww.a.example\n", "utf-8")
    assert answers.read_seeds(good) == answers.Seeds(urls=("http://www.a.example/", "http://b.example/shop"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_seed_files_are_decoded_as_lists_are(tmp_path, encoding):
    path = tmp_path / "seeds.txt"
    path.write_bytes("# 种子\r\n清和茶.example\r\n".encode(encoding))
    assert answers.read_seeds(path) == answers.Seeds(urls=("http://xn--0trr60db5o.example/",))


def test_a_spreadsheet_is_no_seed_file(tmp_path):
    path = tmp_path / "seeds.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"a.example\n" * 9)
    with pytest.raises(NetPatrolError, match="不是文本文件"):
        answers.read_seeds(path)


def test_a_wrong_line_of_a_seed_file_is_told_and_the_others_are_used(tmp_path):
    mixed = tmp_path / "seeds.txt"
    mixed.write_text("a.example\nnot an \x1b[2Jaddress!\nb.example\n", "utf-8")
    seeds = answers.read_seeds(mixed)
    assert seeds.urls == ("http://a.example/", "http://b.example/")
    assert len(seeds.refused) == 1
    assert "第 2 行" in seeds.refused[0]
    assert "\x1b" not in seeds.refused[0]


@pytest.mark.parametrize(("content", "message"), [("", "没有可用的网址"), ("not an address!\n", "第 1 行")])
def test_seed_files_that_cannot_be_used(tmp_path, content, message):
    bad = tmp_path / "seeds.txt"
    bad.write_text(content, "utf-8")
    with pytest.raises(NetPatrolError, match=message):
        answers.read_seeds(bad)


def test_a_missing_seed_file_is_named(tmp_path):
    with pytest.raises(NetPatrolError, match="nothing.txt"):
        answers.read_seeds(tmp_path / "nothing.txt")


@pytest.mark.parametrize("url", ["http://victim.example:99999/", "http://a\0.example/", "//a.example/x", "http://[::1/", ""])
def test_what_is_no_address_becomes_no_target(url):
    via = Via(channel="link", source="http://a.example/", at=datetime(2026, 11, 30, tzinfo=UTC))
    assert answers.target_for(url, prefix="", via=via) is None


def test_intervals_have_a_floor_whatever_the_settings_say():
    settings = Settings({"NETPATROL_RECHECK_HOURS": 0, "NETPATROL_RANDOM_SHARE": 0, "NETPATROL_RANDOM_SEED": 0})
    assert answers.policy_of(settings).shortest == answers.SHORTEST


@pytest.mark.parametrize(
    ("final", "redirects", "to"),
    [
        ("http://a.example/list", [], ""),
        ("http://a.example/home", [], ""),  # only written into the bar
        ("http://www.a.example/home", [], ""),
        ("http://a.example/login", ["http://a.example/list"], "http://a.example/login"),
        ("http://a.example/list?sid=9f86d081884c7d65", ["http://a.example/list"], ""),
        ("http://victim.example/", [], "http://victim.example/"),
        ("chrome-error://chromewebdata/", [], ""),
    ],
)
def test_where_the_browser_was_in_the_end(final, redirects, to):
    request = Request("http://a.example/list", meta={"redirect_urls": redirects} if redirects else {})
    response = HtmlResponse(final, request=request, body=b"x")
    assert answers.moved_to(response, Planned(url="http://a.example/list", key="k", depth=1, via="")) == to


@pytest.mark.parametrize(
    ("status", "depth", "key"), [(404, 1, "a.example/#/goods/3"), (200, 0, "a.example/#/goods/3"), (200, 1, "a.example/")]
)
def test_a_route_is_gone_with_its_address_and_is_no_page_where_no_script_reads_it(status, depth, key):
    url = "http://a.example/#/goods/3"
    planned = Planned(url=url, key="a.example/#/goods/3", depth=depth, via="")
    response = HtmlResponse("http://a.example/", status=status, body=b"x", request=Request(url))
    shop = ShopRef(shop_id="a.example", url="http://a.example/")
    item = answers.page_item(response, b"x", shop, planned, document=None, truncated="", spider="sites", run_id="r", now=datetime.now(UTC))
    assert item.key == key
    assert (item.url, item.final_url) == (url, f"http://{key}")


@pytest.mark.parametrize(
    ("url", "gate"),
    [
        ("http://passport.mall.example/", True),
        ("https://mall.example/user/login.php", True),
        ("https://sso.mall.example/cas?service=1", True),
        ("http://check.example/?back=http%3A%2F%2Ftea.example%2F", True),
        ("http://notice.example/?url=tea.example/g/1", True),
        ("http://newtea.example/", False),
        ("http://newtea.example/catalogue/author.html", False),
        ("http://newtea.example/about?from=old", False),
    ],
)
def test_where_visitors_are_let_through_is_no_place_of_a_shop(url, gate):
    assert answers.is_gate(url, "tea.example") is gate
