"""Decoding: what is declared, what is true, what is plausible; short texts, stray bytes, any bytes."""


from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.text.decode import codec_of, decode

SHOP = "本店主营三峡脐橙与秭归桃叶橙，产地直发，坏果包赔，欢迎新老客户选购。"
SHOP_TRADITIONAL = "本店主營手工髮製品，產品皆由師傅親手製作，歡迎各位顧客選購，電話聯繫。"


def page(text: str, head: str = "") -> str:
    return f"<html><head>{head}<title>{text[:6]}</title></head><body><p>{text}</p></body></html>"


META = {
    "utf8_declared": (page(SHOP, '<meta charset="utf-8">'), "utf-8", "", "utf-8"),
    "utf8_undeclared": (page(SHOP), "utf-8", "", "utf-8"),
    "gb2312_declared": (page(SHOP, '<meta charset="gb2312">'), "gb18030", "", "gb18030"),
    "gbk_undeclared": (page(SHOP), "gb18030", "", "gb18030"),
    "gbk_by_header": (page(SHOP), "gb18030", "text/html; charset=GBK", "gb18030"),
    "gbk_malformed_meta": (page(SHOP, '<meta httpequiv="ContentType" content="text/html; charset=gbk">'), "gb18030", "", "gb18030"),
    "gbk_late_meta": (page(SHOP, "<!-- " + "x" * 5200 + ' --><meta charset="gb2312">'), "gb18030", "", "gb18030"),
    "gbk_xml_declaration": ('<?xml version="1.0" encoding="gbk"?>' + page(SHOP), "gb18030", "", "gb18030"),
    "utf8_lying_meta": (page(SHOP, '<meta charset="gbk">'), "utf-8", "", "utf-8"),
    "utf8_lying_header": (page(SHOP), "utf-8", "text/html; charset=gb2312", "utf-8"),
    "gbk_lying_utf8_meta": (page(SHOP, '<meta charset="utf-8">'), "gb18030", "", "gb18030"),
    "gbk_lying_latin_header": (page(SHOP), "gb18030", "text/html; charset=ISO-8859-1", "gb18030"),
    "gbk_lying_big5_meta": (page(SHOP, '<meta charset="big5">'), "gb18030", "", "gb18030"),
    "big5_declared": (page(SHOP_TRADITIONAL, '<meta charset="big5">'), "big5", "", "big5"),
    "big5_undeclared": (page(SHOP_TRADITIONAL), "big5", "", "big5"),
    "big5_lying_gbk_meta": (page(SHOP_TRADITIONAL, '<meta charset="gbk">'), "big5", "", "big5"),
    "big5_hong_kong": (page("佢哋嘅產品" + SHOP_TRADITIONAL), "big5hkscs", "", "big5"),
    "traditional_in_gbk": (page(SHOP_TRADITIONAL), "gb18030", "", "gb18030"),
    "gbk_only_character": (page("朱镕基题字：" + SHOP), "gb18030", "", "gb18030"),
    "utf16_no_mark": (page(SHOP), "utf-16-le", "", "utf-16-le"),
    "utf16_big_endian_no_mark": (page(SHOP), "utf-16-be", "", "utf-16-be"),
    "utf16_mark": ("\ufeff" + page(SHOP), "utf-16-le", "", "utf-16-le"),
    "unknown_charset": (page(SHOP, '<meta charset="x-what">'), "gb18030", "", "gb18030"),
    "no_real_codec": (page(SHOP, '<meta charset="utf-7">'), "gb18030", "", "gb18030"),
    "ascii": ("<p>hello</p>", "ascii", "", "utf-8"),
    "japanese": (page("お買い上げありがとうございます。またのご来店をお待ちしております", '<meta charset="shift_jis">'), "shift_jis", "", "shift_jis"),
    "latin": (page("déjà vu, café crème, garçon, où êtes-vous"), "cp1252", "text/html; charset=iso-8859-1", "iso-8859-1"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "codec", "header", "used"), META.values(), ids=META)
def test_reads_pages_whatever_they_declare(text: str, codec: str, header: str, used: str) -> None:
    decoded = decode(text.encode(codec), header)
    assert decoded.text == text.removeprefix("\ufeff")
    assert decoded.encoding.used == used
    assert not decoded.encoding.doubt
    assert decoded.encoding.replaced == 0


def test_tells_what_was_declared() -> None:
    assert decode(page(SHOP, '<meta charset="gbk">').encode()).encoding.declared == "gbk"
    assert decode(page(SHOP).encode(), "text/html; charset=Big5").encoding.declared == "big5"


def test_drops_a_byte_order_mark() -> None:
    decoded = decode(b"\xef\xbb\xbf" + page(SHOP).encode())
    assert decoded.text == page(SHOP)
    assert decoded.encoding.used == "utf-8"


@pytest.mark.parametrize(
    "text", ["疗效", "药", "您好", "国家级", "最低价", "根治鼻炎", "第一品牌", "香菇", "加盟", "联通", "减肥", "白酒"]
)
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_reads_very_short_texts(text: str, codec: str) -> None:
    assert decode(text.encode(codec)).text == text


@pytest.mark.parametrize("text", ["療效", "國家級", "第一品牌", "最低價格", "電話號碼"])
def test_reads_short_big5(text: str) -> None:
    assert decode(text.encode("big5")).text == text


def test_goes_on_after_a_stray_byte_and_counts() -> None:
    body = page(SHOP, '<meta charset="gb2312">').encode("gb18030")
    body = body.replace("，".encode("gb18030"), b"\xff\xa3\xac", 1)
    decoded = decode(body)
    assert decoded.encoding.used == "gb18030"
    assert decoded.encoding.replaced >= 1
    assert not decoded.encoding.doubt
    assert "坏果包赔" in decoded.text


def test_goes_on_in_utf8_with_a_cut_character() -> None:
    decoded = decode(page(SHOP).encode()[:-20] + b"\xe6\x9c")
    assert decoded.encoding.used == "utf-8"
    assert 1 <= decoded.encoding.replaced <= 2
    assert "秭归桃叶橙" in decoded.text


def test_keeps_utf8_with_some_gbk_in_it() -> None:
    body = page(SHOP * 5).encode() + "友情链接".encode("gb18030")
    decoded = decode(body)
    assert decoded.encoding.used == "utf-8"
    assert SHOP in decoded.text


def test_replacement_characters_that_the_site_wrote_are_not_counted() -> None:
    assert decode(f"{SHOP}\ufffd".encode()).encoding.replaced == 0


def test_doubts_what_reads_as_nothing() -> None:
    noise = bytes((index * 89 + 7) % 128 + 128 for index in range(400))
    assert decode(noise).encoding.doubt


@pytest.mark.parametrize(
    ("name", "codec"),
    [("GB2312", "gb18030"), ("x-gbk", "gb18030"), ("utf8", "utf-8"), ("Big5-HKSCS", "big5hkscs"), ("latin1", "cp1252"),
     ("punycode", ""), ("unicode_escape", ""), ("nonsense", ""), ("", ""), ("a" * 40, "")],
)  # fmt: skip
def test_names_the_codec_of_a_declaration(name: str, codec: str) -> None:
    assert codec_of(name) == codec


@given(st.binary(max_size=400), st.text(max_size=60))
def test_never_raises_on_any_bytes(body: bytes, header: str) -> None:
    decoded = decode(body, header)
    decoded.text.encode("utf-8")
    assert decoded.encoding.used


@given(
    st.text(alphabet=SHOP + "最佳第一治疗abc123，。 ", min_size=12, max_size=200).filter(
        lambda text: sum(char > "一" for char in text) >= 8
    )
)
def test_reads_any_chinese_in_utf8_and_gb18030(text: str) -> None:
    for codec in ("utf-8", "gb18030"):
        assert decode(text.encode(codec)).text == text
