"""Real saved pages and publicly reported failures, read in place from the folder NETPATROL_TEST_DATA."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from netpatrol.items import PageState, PageText
from netpatrol.text.html import parse_document
from netpatrol.text.jumps import jump_targets
from netpatrol.text.links import find_links
from netpatrol.text.read import read_document, read_facts, read_text

pytestmark = pytest.mark.data

GB = {"gb2312", "gbk", "gb18030"}


def folder() -> Path:
    return Path(os.environ["NETPATROL_TEST_DATA"])


def manifest() -> list[dict[str, Any]]:
    with (folder() / "pages" / "manifest.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def case(name: str) -> bytes:
    return (folder() / "cases" / name).read_bytes()


def read(name: str, url: str = "http://shop.example/x.html") -> PageText:
    return read_document(parse_document(case(name), url=url))


def test_every_saved_page_is_decoded_and_titled() -> None:
    pages = manifest()
    assert len(pages) >= 22
    wrong = []
    for page in pages:
        document = parse_document((folder() / "pages" / page["file"]).read_bytes())
        true = page["true_encoding"].lower()
        right = document.encoding.used in GB if true in GB else document.encoding.used == true
        if not right or document.title != page["title"] or document.encoding.doubt:
            wrong.append((page["file"], document.encoding, document.title))
    assert wrong == []


def test_every_saved_page_is_checked_and_quoted_exactly() -> None:
    for page in manifest():
        document = parse_document((folder() / "pages" / page["file"]).read_bytes(), url="http://page.example/")
        text = read_document(document)
        assert text.state is PageState.CHECKED, page["file"]
        assert sum("一" <= char <= "鿿" for char in text.raw) >= page["han_chars"] * 0.2, page["file"]
        for fact in read_facts(text, document).facts:
            assert fact.how in ("link", "url") or text.raw[fact.start : fact.end] == fact.raw
        for link in find_links(document):
            assert link.url.startswith(("http://", "https://"))


CLAIMS = {
    "enc_01_malformed_meta.html": "治",
    "enc_03_late_meta.html": "一",
    "enc_05_stray_byte.html": "青禾堂",
    "enc_07_lying_gbk.html": "青禾堂",
    "enc_09_bom.html": "青禾堂",
    "enc_13_utf16le.html": "国家级配方",
    "html_01_nul.html": "根治百病",
    "html_03_deep.html": "青禾堂",
    "extract_01_fullwidth.html": "多年老寒腿彻底根治，不反弹",
    "extract_03_table_inline.html": "临床有效率98%，祛斑第一品牌，签约治疗",
    "extract_05_date_in_title.html": "厂家直销",
    "html_05_unclosed_script.html": "国家级配方 根治鼻炎",
}


@pytest.mark.parametrize("name", CLAIMS)
def test_reported_pages_are_read(name: str) -> None:
    assert CLAIMS[name] in read(name).raw


STATES = {
    "block_01_captcha.html": PageState.CHALLENGE,
    "redir_03_js_jump.html": PageState.JUMP,
    "html_05_unclosed_script.html": PageState.PARSE_SUSPECT,
    "enc_05_stray_byte.html": PageState.CHECKED,
    "pw_01_never_loads.html": PageState.CHECKED,
}


@pytest.mark.parametrize("name", STATES)
def test_reported_pages_end_in_their_state(name: str) -> None:
    assert read(name).state is STATES[name]


def test_gb2312_that_looks_like_big5() -> None:
    assert parse_document(case("enc_11_gb2312_like_big5.txt")).encoding.used == "gb18030"


def test_links_in_the_pages_encoding() -> None:
    document = parse_document(case("url_02_gbk_href.html"), url="http://shop.example/")
    assert [link.url for link in find_links(document)] == [
        "http://shop.example/list.asp?cat=%B1%A3%BD%A1%C6%B7&page=2",
        "http://shop.example/%E4%BA%A7%E5%93%81/%E8%86%8F%E8%8D%AF.html",
    ]
    wanted = json.loads(case("url_01_gbk_query.json"))
    markup = f'<meta charset="gbk"><a href="{wanted["href"]}">搜索本店药品</a>'.encode("gbk")
    assert find_links(parse_document(markup, url="http://shop.example/"))[0].url.endswith(wanted["must_request"])


def test_base_in_a_comment_and_in_a_script() -> None:
    document = parse_document(case("base_01_comment_script.html"), url="http://shop.example/x.html")
    assert [link.url for link in find_links(document)] == ["http://shop.example/shop/1.html"]


def test_jump_targets() -> None:
    assert jump_targets(parse_document(case("redir_03_js_jump.html")))[0].startswith("http")


def lines(name: str) -> list[str]:
    return case(name).decode("utf-8").splitlines()


def test_codes() -> None:
    (zero,) = read_facts(read_text(lines("uscc_01_check_zero.txt")[0])).of("uscc")
    assert (zero.valid, zero.value[-1]) == (True, "0")
    found = [read_facts(read_text(line)).of("uscc") for line in lines("uscc_03_wrong_check.txt")]
    assert [[fact.valid for fact in facts] for facts in found] == [[False], *[[True]] * 7, []]
    assert [facts[0].repaired for facts in found[:8]] == [False, True, True, False, False, False, False, False]
    assert {facts[0].value for facts in found[1:8]} == {"91420500MA0000000K"}


def test_telephones() -> None:
    assert read_facts(read_text(lines("phone_01_order_no.txt")[0])).values("phone") == ("13600000000",)
    assert [read_facts(read_text(line)).values("phone") for line in lines("phone_03_formats.txt")] == [
        ("0717-6000000",),
        ("0717-6000000",),
        ("0717-6000000",),
        ("0717-6000001",),
        ("400-600-0000",),
        ("400-600-0000",),
        ("400-600-0000",),
        ("13500000000",),
        (),
        ("0717-6000002",),
        (),
    ]
