"""Robots in any spelling, patience as asked, and which addresses a name may resolve to."""

import asyncio
import gzip
import ipaddress
import zlib

import pytest
from protego import Protego
from scrapy.exceptions import StopDownload
from scrapy.http import HtmlResponse, Request
from scrapy.utils.test import get_crawler

from netpatrol.middlewares import AddressGuard, BodyLimit, CookieLimit, Refused, RobotsPolicy, _PublicOnly, robots_text
from netpatrol.patience import CUT_OFF
from netpatrol.text.addresses import Gate
from netpatrol.wholeness import WholeBody
from tests.support.timing import cpu_of

ROBOTS = {
    "bom before the first rule": ("User-agent: *\nDisallow: /vip/\n".encode("utf-8-sig"), "/vip/1", False),
    "comments in GBK": ("# 本站规则\nUser-agent: *\nDisallow: /vip/ # 会员专区\n".encode("gbk"), "/vip/1", False),
    "Chinese path, asked for in UTF-8": ("User-agent: *\nDisallow: /商品/\n".encode(), "/%E5%95%86%E5%93%81/1", False),
    "Chinese path, asked for in GBK": ("User-agent: *\nDisallow: /商品/\n".encode(), "/%C9%CC%C6%B7/1", False),
    "Chinese path in a GBK file": ("User-agent: *\nDisallow: /商品/\n".encode("gbk"), "/%E5%95%86%E5%93%81/1", False),
    "old line ends": (b"User-agent: *\rDisallow: /vip/\r", "/vip/1", False),
    "a page instead of rules": ("<html><body><h1>欢迎</h1></body></html>".encode(), "/vip/1", True),
    "a comment glued to a rule": ("User-agent: *\nDisallow: /vip/#后台目录\n".encode(), "/vip/1", False),
    "an empty rule before a Chinese agent": ("User-agent: *\nDisallow:\nUser-agent: 百度蜘蛛\nDisallow: /\n".encode(), "/vip/1", True),
    "UTF-16": ("User-agent: *\nDisallow: /vip/\n".encode("utf-16"), "/vip/1", False),
    "UTF-16, big end first": (b"\xfe\xff" + "User-agent: *\nDisallow: /vip/\n".encode("utf-16-be"), "/vip/1", False),
    "nothing": (b"", "/", True),
    "rules for another crawler": (b"User-agent: other\nDisallow: /\n", "/", True),
    "rules for us by version": (b"User-agent: netpatrol/0.1.0 (market regulation patrol)\nDisallow: /x\n", "/x", False),
    "rules for another by version": (b"User-agent: Other/2.1\nDisallow: /x\n", "/x", True),
    "rules for one whose name begins as ours": (b"User-agent: netpatrol-images\nDisallow: /x\n", "/x", True),
    "rules for us": (b"User-agent: netpatrol\nDisallow: /x\n\nUser-agent: *\nDisallow: /\n", "/y", True),
}


@pytest.mark.parametrize(("body", "path", "allowed"), ROBOTS.values(), ids=ROBOTS)
def test_robots_in_any_spelling(body, path, allowed):
    rules = Protego.parse(robots_text(body))
    assert rules.can_fetch(f"http://a.example{path}", "netpatrol") is allowed


async def test_what_is_known_of_robots_is_said_without_asking():
    policy = RobotsPolicy(get_crawler(settings_dict={"NETPATROL_MAX_CRAWL_DELAY": 30.0, "ROBOTSTXT_USER_AGENT": "netpatrol"}))

    async def known(rules):
        return rules

    policy._rules["http://a.example"] = asyncio.ensure_future(known(Protego.parse("User-agent: *\nDisallow: /private/")))
    policy._rules["http://b.example"] = asyncio.ensure_future(known("robots_unavailable"))
    assert policy.why_not("http://a.example/private/x") == ""  # it is being asked for: nothing is known yet
    await asyncio.gather(*policy._rules.values())
    assert policy.why_not("http://a.example/private/x") == "robots"
    assert policy.why_not("http://a.example/") == ""
    assert policy.why_not("http://b.example/") == "robots_unavailable"
    assert policy.why_not("http://c.example/private/x") == ""
    assert policy.why_not("https://a.example/private/x", "http://a.example/") == "robots"


def test_robots_of_any_bytes_raise_nothing():
    for body in (bytes(range(256)) * 40, b"\xff\xfeU\x00", b"Disallow: " + b"\x80" * 5000):
        Protego.parse(robots_text(body)).can_fetch("http://a.example/", "netpatrol")


def test_robots_of_blank_lines_cost_their_length():
    small, large = (cpu_of(lambda n=n: robots_text(b"\n" * n)) for n in (10_000, 80_000))
    assert large < 40 * small + 0.05


def test_a_small_body_limit_cuts_no_rule():
    limit = BodyLimit(1_000)
    robots = Request("http://a.example/robots.txt", meta={"netpatrol_robots": True})
    limit.bytes_received(b"#" * RobotsPolicy.MAX_BYTES, robots)
    with pytest.raises(StopDownload):
        limit.bytes_received(b"#", robots)
    with pytest.raises(StopDownload):
        limit.bytes_received(b"#" * 1_001, Request("http://a.example/"))


@pytest.mark.parametrize(("cookies", "kept"), [(3, 3), (90, 28)])
def test_cookies_stay_within_what_servers_take(cookies, kept):
    request = Request("http://a.example/", headers={"Cookie": "; ".join(f"k{n:03d}={'x' * 135}" for n in range(cookies))})
    CookieLimit().process_request(request)
    assert request.headers["Cookie"].count(b"=") == kept
    assert len(request.headers["Cookie"]) <= CookieLimit.LONGEST


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:22/", "internal_address"),
        ("http://0x7f000001/", "internal_address"),
        ("http://[::1]:6379/", "internal_address"),
        ("http://169.254.169.254/latest/", "internal_address"),
        ("http://localhost:27017/", "internal_address"),
        ("http://user@a.example/", "bad_address"),
        ("ftp://a.example/", "bad_address"),
        ("file:///etc/passwd", "bad_address"),
    ],
)
def test_the_guard_refuses(url, reason):
    with pytest.raises(Refused, match=reason):
        AddressGuard(Gate(), contact=True).process_request(Request(url))


def test_without_a_contact_only_allowed_hosts_are_asked():
    guard = AddressGuard(Gate.allowing(["127.0.0.1", "shop.test"]), contact=False)
    guard.process_request(Request("http://127.0.0.1:8000/"))
    guard.process_request(Request("http://shop.test/"))
    with pytest.raises(Refused, match="no_contact"):
        guard.process_request(Request("http://a.example/"))


def test_aliases_of_a_host_wait_for_each_other():
    slots = []
    for host in ("tea.example", "www.tea.example", "m.tea.example", "www.other.example"):
        request = Request(f"http://{host}/")
        AddressGuard(Gate(), contact=True).process_request(request)
        slots.append(request.meta["download_slot"])
    assert slots == ["tea.example", "tea.example", "tea.example", "other.example"]


def test_a_name_that_points_inside_resolves_to_nothing():
    class Receiver:
        def __init__(self):
            self.got = []

        def resolutionBegan(self, resolution):
            pass

        def addressResolved(self, address):
            self.got.append(address.host)

        def resolutionComplete(self):
            pass

    class Address:
        def __init__(self, host):
            self.host = host

    receiver = Receiver()
    gated = _PublicOnly(receiver, Gate())
    for host in ("127.0.0.1", "10.0.0.1", "::1", "fe80::1%eth0", "8.8.8.8"):
        gated.addressResolved(Address(host))
    assert receiver.got == ["8.8.8.8"]
    assert ipaddress.ip_address(receiver.got[0]).is_global


TEXT = ("<html><p>" + "根治糖尿病" * 400 + "</p></html>").encode()
ZIPPED = gzip.compress(TEXT)
RAW = zlib.compressobj(wbits=-15)
DEFLATED = RAW.compress(TEXT) + RAW.flush()


def is_marked(body: bytes, coding: str = "", status: int = 200, part: str = "") -> bool:
    headers = {"Content-Encoding": coding, "Content-Range": part}
    response = HtmlResponse("http://a.example/", status=status, body=body, headers={k: v for k, v in headers.items() if v})
    return CUT_OFF in WholeBody(20_000_000).process_response(Request("http://a.example/"), response).flags


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (ZIPPED[:-30], "gzip"), (ZIPPED[:-8], "x-gzip"), (ZIPPED[:-8] + bytes(8), "gzip"), (zlib.compress(TEXT)[:-9], "deflate"),
        (DEFLATED[:-9], "deflate"),
    ],
    ids=["cut", "without its trailer", "another checksum", "deflate", "raw deflate"],
)  # fmt: skip
def test_a_compressed_body_without_its_end_is_cut_off(body, coding):
    assert is_marked(body, coding)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (ZIPPED, "gzip"), (ZIPPED + b"\r\n", "gzip"), (ZIPPED + ZIPPED, "gzip"), (zlib.compress(TEXT), "deflate"), (DEFLATED, "deflate"),
        (TEXT, ""), (TEXT, "gzip"), (b"", "gzip"), (TEXT, "br"),
    ],
    ids=["gzip", "with something behind it", "twice", "deflate", "raw deflate", "plain", "no gzip at all", "empty", "another coding"],
)  # fmt: skip
def test_a_whole_body_is_none(body, coding):
    assert not is_marked(body, coding)


@pytest.mark.parametrize(
    ("part", "cut"), [("bytes 0-99/4000", True), ("bytes 50-99/100", True), ("bytes 0-99/100", False), ("bytes 0-99/*", True), ("", True)]
)
def test_a_part_of_a_page_is_no_page(part, cut):
    assert is_marked(TEXT, status=206, part=part) is cut


def test_what_swells_without_end_is_unpacked_to_a_bound():
    assert not is_marked(gzip.compress(bytes(40_000_000))[:-20], "gzip")
