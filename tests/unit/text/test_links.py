"""Link discovery: base, encodings, schemes, fragments, refreshes, frames."""


from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.text.html import parse_document, parse_markup
from netpatrol.text.links import find_links
from tests.support.timing import cpu_of

HERE = "http://shop.example/list/page.html"

def urls_of(markup):
    return [(link.url.removeprefix("http://shop.example"), link.where) for link in find_links(parse_markup(markup, HERE))]


def test_links_of_a_page_that_a_frame_holds_itself_are_links():
    inner = "&lt;a href=&quot;a.html&quot;&gt;茶&lt;/a&gt;&lt;iframe src=/b.html&gt;&lt;/iframe&gt;"
    assert urls_of(f'<iframe srcdoc="{inner}" src=/shown-instead.html></iframe><a href=/c.html>') == [
        ("/list/a.html", "a"), ("/b.html", "iframe"), ("/c.html", "a"),
    ]  # fmt: skip
    assert urls_of('<iframe srcdoc="&lt;iframe srcdoc=&quot;&amp;lt;a href=/deep&amp;gt;&quot;&gt;"></iframe><iframe srcdoc="茶"></iframe>') == []


def test_a_page_names_those_before_and_after_it_in_its_head():
    assert urls_of("<link rel=next href=?p=3><link rel='Prev' href=?p=1><link rel='stylesheet next' href=''><link rel=icon href=/i>") == [
        ("/list/page.html?p=3", "link"), ("/list/page.html?p=1", "link"),
    ]  # fmt: skip


HREFS = {
    "path": ("/a.html", "http://shop.example/a.html"),
    "relative": ("a.html", "http://shop.example/list/a.html"),
    "impossible_port": ("http://x.example:99999/a", None),
    "no_port": ("http://x.example:/a", "http://x.example:/a"),
    "up": ("../a.html", "http://shop.example/a.html"),
    "same_folder": ("./a.html", "http://shop.example/list/a.html"),
    "other_scheme": ("https://x.example/a", "https://x.example/a"),
    "protocol_relative": ("//x.example/a", "http://x.example/a"),
    "query_only": ("?p=2", "http://shop.example/list/page.html?p=2"),
    "fragment_dropped": ("/a#top", "http://shop.example/a"),
    "fragment_only": ("#top", None),
    "route": ("#/goods/3", "http://shop.example/list/page.html#/goods/3"),
    "hashbang": ("/m#!/goods/3", "http://shop.example/m#!/goods/3"),
    "backslashes": ("\\a\\b.html", "http://shop.example/a/b.html"),
    "spaces_around": ("  /a.html\n", "http://shop.example/a.html"),
    "line_break_inside": ("/a\n.html", "http://shop.example/a.html"),
    "tab_in_scheme": ("ht\ttp://x.example/", "http://x.example/"),
    "control_character": ("\x01/a.html", "http://shop.example/a.html"),
    "space_inside": ("/a b.html", "http://shop.example/a%20b.html"),
    "chinese_path": ("/膏药", "http://shop.example/%E8%86%8F%E8%8D%AF"),
    "chinese_query": ("/s?q=药", "http://shop.example/s?q=%E8%8D%AF"),
    "escaped_untouched": ("/s?q=%D2%A9&r=%e4", "http://shop.example/s?q=%D2%A9&r=%e4"),
    "chinese_host": ("http://三峡.example/", "http://xn--ehqt57a.example/"),
    "host_in_capitals": ("HTTP://X.Example/A", "http://x.example/A"),
    "no_path": ("http://x.example", "http://x.example/"),
    "user_part": ("http://user:pw@x.example/", "http://x.example/"),
    "javascript": ("javascript:void(0)", None),
    "javascript_hidden": (" java\nscript:alert(1)", None),
    "mailto": ("mailto:a@x.example", None),
    "tel": ("tel:07176000000", None),
    "data": ("data:text/html,x", None),
    "file": ("file:///etc/passwd", None),
    "weixin": ("weixin://dl/chat", None),
    "broken_host": ("http://a b/", None),
    "no_host": ("http://", None),
    "empty": ("", None),
    "blank": ("   ", None),
}


@pytest.mark.parametrize(("href", "url"), HREFS.values(), ids=HREFS)
def test_resolves_an_href(href: str, url: str | None) -> None:
    markup = f'<a href="{href}">x</a>'
    assert [link.url for link in find_links(parse_markup(markup, HERE))] == ([url] if url else [])


def test_encodes_the_query_in_the_pages_encoding_and_the_path_in_utf8() -> None:
    markup = '<meta charset="gbk"><a href="/search.asp?q=药">搜索本店药品</a><a href="/膏药.html">膏药产品介绍</a><a href="/s?q=%D2%A9">药</a>'
    document = parse_document(markup.encode("gbk"), url=HERE)
    assert [link.url for link in find_links(document)] == [
        "http://shop.example/search.asp?q=%D2%A9",
        "http://shop.example/%E8%86%8F%E8%8D%AF.html",
        "http://shop.example/s?q=%D2%A9",
    ]


def test_links_of_an_undeclared_gbk_page() -> None:
    document = parse_document('<body><a href="/list.asp?cat=保健品&page=2">下一页</a></body>'.encode("gbk"), url=HERE)
    assert [link.url for link in find_links(document)] == ["http://shop.example/list.asp?cat=%B1%A3%BD%A1%C6%B7&page=2"]


BASES = {
    "none": ("", "http://shop.example/list/a"),
    "plain": ('<base href="/x/">', "http://shop.example/x/a"),
    "absolute": ('<base href="http://cdn.example/y/">', "http://cdn.example/y/a"),
    "in_a_comment": ('<!-- <base href="http://old.example/"> -->', "http://shop.example/list/a"),
    "in_a_script": ("<script>var t=\"<base href='http://evil.example/'>\";</script>", "http://shop.example/list/a"),
    "target_first": ('<base target="_blank"><base href="/x/">', "http://shop.example/x/a"),
    "empty_first": ("<base><base href='/x/'>", "http://shop.example/x/a"),
    "another_element": ('<basefoo href="http://evil.example/">', "http://shop.example/list/a"),
    "first_wins": ('<base href="/x/"><base href="/y/">', "http://shop.example/x/a"),
    "no_web_address": ('<base href="javascript:1">', "http://shop.example/list/a"),
}


@pytest.mark.parametrize(("head", "url"), BASES.values(), ids=BASES)
def test_resolves_against_the_first_base_with_an_href(head: str, url: str) -> None:
    markup = f"<html><head>{head}</head><body><a href='a'>x</a></body></html>"
    assert [link.url for link in find_links(parse_markup(markup, HERE))] == [url]


def test_finds_all_that_leads_somewhere() -> None:
    markup = """<head><link rel="canonical" href="/c"><meta http-equiv="Refresh" content="3; URL='/r'"></head>
      <noscript><meta http-equiv="refresh" content="0;url=/n"></noscript>
      <a href="/a" rel="nofollow">甲</a><map><area href="/b"></map><iframe src="/i"></iframe>"""
    found = {(link.where, urlsplit(link.url).path, link.rel) for link in find_links(parse_markup(markup, HERE))}
    assert found == {
        ("canonical", "/c", ""),
        ("refresh", "/r", ""),
        ("refresh", "/n", "noscript"),
        ("a", "/a", "nofollow"),
        ("area", "/b", ""),
        ("iframe", "/i", ""),
    }


def test_frames_of_a_frameset() -> None:
    markup = '<frameset cols="20%,80%"><frame src="menu.htm"><frame src="main.htm"></frameset>'
    assert [(link.where, link.url) for link in find_links(parse_markup(markup, HERE))] == [
        ("frame", "http://shop.example/list/menu.htm"),
        ("frame", "http://shop.example/list/main.htm"),
    ]


def test_one_link_for_each_url_with_its_text() -> None:
    markup = '<a href="/a"><img src="x.png"></a><a href="/a#x"> 三峡 \n 脐橙 </a><a href="/b" title="标题"></a><a href="/c"><img alt="图"></a>'
    assert [(link.url[-2:], link.text) for link in find_links(parse_markup(markup, HERE))] == [
        ("/a", "三峡 脐橙"),
        ("/b", "标题"),
        ("/c", "图"),
    ]


def test_without_an_address_of_its_own_only_absolute_links_count() -> None:
    markup = '<a href="/a">x</a><a href="//y.example/">x</a><a href="http://x.example/a">x</a>'
    assert [link.url for link in find_links(parse_markup(markup))] == ["http://x.example/a"]


@given(st.text(max_size=60), st.sampled_from(["", HERE, "nonsense", "http://[::1]/x"]))
def test_links_are_always_absolute_web_addresses_in_ascii(href: str, url: str) -> None:
    escaped = href.replace("&", "&amp;").replace('"', "&quot;")
    for link in find_links(parse_markup(
        f'<base href="{escaped}"><a href="{escaped}">x</a><a href="http://{escaped}">x</a>', url
    )):
        assert link.url.isascii()
        assert link.url.startswith(("http://", "https://"))
        assert urlsplit(link.url).netloc
        assert not any(char in link.url for char in " \t\r\n")


@pytest.mark.parametrize(
    "markup",
    [
        "<a rel=nofollow href=/claims>x</a><a href=/claims>real</a>",
        "<a href=/claims>real</a><a rel=nofollow href=/claims>x</a>",
        "<a href=/claims></a><a rel=nofollow href=/claims>x</a>",
        "<a rel=nofollow href=/claims></a><a href=/claims></a>",
    ],
)
def test_one_plain_link_is_enough_to_follow(markup):
    (link,) = find_links(parse_markup(markup, "http://a.example/"))
    assert link.rel == ""


def test_links_that_all_ask_not_to_be_followed():
    (link,) = find_links(parse_markup("<a rel=nofollow href=/x></a><a rel=nofollow href=/x>x</a>", "http://a.example/"))
    assert (link.rel, link.text) == ("nofollow", "x")


def test_a_page_with_more_links_than_are_looked_at_says_so(monkeypatch):
    monkeypatch.setattr("netpatrol.text.links._MAX_LINKS", 10)
    for number, more in ((9, False), (10, True), (40, True)):
        document = parse_markup("".join(f"<a href=/{n}>{n}</a>" for n in range(number)), "http://a.example/")
        assert len(find_links(document)) == min(number, 10)
        assert document.has_more_links is more


@pytest.mark.parametrize("content", [" ", "0 ", "0;", "; '"])
def test_a_refresh_of_blanks_costs_its_length(content):
    def seconds(count):
        markup = f'<meta http-equiv="refresh" content="{content}{" " * count}">'
        return cpu_of(lambda: find_links(parse_document(markup.encode(), "text/html", "http://a.example/")))

    small, large = seconds(500), seconds(7_000)
    assert large < 40 * small + 0.05


def test_the_header_that_sends_on_is_a_link_like_the_tag():
    document = parse_markup("<p>正在进入</p>", "http://a.example/x/")
    document.refresh = "0;url=..\\next.html"
    assert [(link.url, link.where) for link in find_links(document)] == [("http://a.example/next.html", "refresh")]
