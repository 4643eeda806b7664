"""From markup to words: what joins, what parts, what is left out, where each text stands, and that quotes are exact."""


from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.items import PageState, PageText, PartKind, ZoneName
from netpatrol.text.html import parse_document, parse_markup
from netpatrol.text.read import read_document, read_facts, read_text
from tests.support.timing import cpu_of


def zones_of(markup: str, *names: ZoneName) -> list[str]:
    page = read_document(parse_markup(markup))
    return [page.raw[zone.start : zone.end] for zone in page.zones if not names or zone.name in names]


def holds(page: PageText) -> None:
    """Check that zones are in order, apart from each other, and that the normalised text leads back into raw."""
    at = 0
    for zone in page.zones:
        assert at <= zone.start <= zone.end <= len(page.raw)
        assert zone.start == 0 or page.raw[zone.start - 1] == "\n"
        at = zone.end + 1
    for start in range(0, len(page.norm), max(1, len(page.norm) // 20)):
        first, last = page.raw_span(start, start + 1)
        assert 0 <= first < last <= len(page.raw)


BODY = {
    "bold": ("<p>三峡<b>最</b>佳</p>", ["三峡最佳"]),
    "nested_inline": ("<p><span>第<em><i>一</i></em></span><font color=red>品牌</font></p>", ["第一品牌"]),
    "comment": ("<p>根<!-- x -->治</p>", ["根治"]),
    "empty_inline": ("<p>根<i></i>治</p>", ["根治"]),
    "word_break": ("<h1><span>顶</span><wbr><span>级</span></h1>", ["顶级"]),
    "unknown_element": ("<p>顶<x-y>级</x-y></p>", ["顶级"]),
    "blocks": ("<div>世界<p>级别</p>很高</div>", ["世界", "级别", "很高"]),
    "line_break": ("<p>世界<br>级别</p>", ["世界", "级别"]),
    "cells": ("<table><tr><td>世界</td><td>级别</td></tr></table>", ["世界", "级别"]),
    "cells_with_inline": ("<td><p>有效率<i>98</i>%，<b>第</b>一<i>品牌</i><p>退款", ["有效率98%，第一品牌", "退款"]),
    "list": ("<ul><li>国家<li>级</ul>", ["国家", "级"]),
    "text_beside_block": ("<div>前<div>中</div>后</div>", ["前", "中", "后"]),
    "menu_links": ("<div><a>首页</a><a>最新</a> <a>高级</a></div>", ["首页", "最新", "高级"]),
    "link_in_a_sentence": ("<p>国家<a>级</a>配方</p>", ["国家级配方"]),
    "spaces": ("<p>  三峡 \n\t 脐橙  </p>", ["三峡 脐橙"]),
    "ideographic_space_kept": ("<p>电话　地址</p>", ["电话　地址"]),
    "entities": ("<p>&#38450;&#30284;&amp;&nbsp;好</p>", ["防癌&\u00a0好"]),
    "zero_width_kept": ("<p>降\u200b压</p>", ["降\u200b压"]),
    "script_and_style_out": ("<p>甲</p><script>var a='乙'</script><style>.丙{}</style><template>丁</template>", ["甲"]),
    "unclosed_paragraphs": ("<p>甲<p>乙", ["甲", "乙"]),
    "invisible_inline": (
        '<div>这是<i>唯</i><span style="font-size: 0">的</span><i>一</i>选择</div>',
        ["这是唯一选择", "的"],
    ),
    "invisible_by_class": ("<style>.n{font-size:0}</style><p>唯<span class=n>的</span>一</p>", ["唯一", "的"]),
    "invisible_by_one_of_several_selectors": ("<style>.q , u.z{display:none}</style><p>全<b class=q>某</b>国<u class=z>某</u>第一</p>", ["全国第一", "某某"]),
    "invisible_by_id": ("<style>p>#q{visibility:hidden}</style><p>全<b id=q>某</b>国</p>", ["全国", "某"]),
    "invisible_by_tag": ("<style>/* .q */ b{opacity:0}</style><p>全<b>某</b>国</p>", ["全国", "某"]),
    "seen_though_a_tag_elsewhere_is_hidden": ("<style>.nav b{display:none}</style><p>全<b>国</b>第一</p>", ["全国第一"]),
    "seen_though_something_before_it_is_not": ("<style>.q:before{display:none}</style><p>全<b class=q>国</b>第一</p>", ["全国第一"]),
    "declared_shadow": ("<div><template shadowrootmode=open><p>国家级</p></template></div><template><p>藏</p></template><p>后</p>", ["国家级", "后"]),
    "invisible_with_blanks": ('<p>唯<span style="display:\t/**/none">的</span>一</p>', ["唯一", "的"]),
    "invisible_by_a_nought_with_a_point": ('<p>唯<span style="opacity:.0">的</span>一<i style="font-size:0.0px">甲</i></p>', ["唯一", "的甲"]),
    "invisible_in_capitals": ("<STYLE>.n{DISPLAY:NONE}</STYLE><p>唯<span class=n>的</span>一</p>", ["唯一", "的"]),
    "invisible_by_attribute": ("<style>[data-q]{display:none}</style><p>唯<span data-q=1>的</span>一</p>", ["唯一", "的"]),
    "invisible_on_paper_only": ("<style>@media print{.m{margin:0}.np{display:none}}.o{color:red}</style><p>本品<i class=np>不</i>能</p>", ["本品不能"]),
    "invisible_after_a_block_for_paper": ("<style>@media print{.m{margin:0}}.n{display:none}</style><p>唯<b class=n>的</b>一</p>", ["唯一", "的"]),
    "invisible_on_screen_and_paper": ("<style>@media screen, print{.n{display:none}}</style><p>唯<b class=n>的</b>一</p>", ["唯一", "的"]),
    "small_type_is_seen": ('<p>唯<span style="font-size:0.8em">一</span></p>', ["唯一"]),
    "hidden_tab_is_read": ('<div style="display:none">详情介绍</div>', ["详情介绍"]),
    "turned": ('<p>本品<bdo dir="rtl">病治能</bdo></p>', ["本品病治能", "本品能治病"]),
    "turned_by_a_character": ("<p>本品\u202e病治能\u202c 好</p>", ["本品\u202e病治能\u202c 好", "本品能治病 好"]),
    "turned_by_style": ('<p style="direction:rtl; unicode-bidi:bidi-override">病治能</p>', ["病治能", "能治病"]),
    "turned_by_class": (
        "<style>.r{unicode-bidi:bidi-override;direction:rtl}</style><p><span class='r'>病治能</span></p>",
        ["病治能", "能治病"],
    ),
    "nul": ("<p>甲</p>\0<p>根\0治</p>", ["甲", "根治"]),
    "noscript": ("<noscript><p>请开启 JavaScript</p></noscript>", ["请开启 JavaScript"]),
    "short": ("药", ["药"]),
    "option": ("<select><option>甲</option><option>乙</option></select>", ["甲", "乙"]),
    "frameset": ("<frameset><noframes>甲</noframes></frameset>", []),
}


@pytest.mark.parametrize(("markup", "expected"), BODY.values(), ids=BODY)
def test_body(markup: str, expected: list[str]) -> None:
    assert zones_of(markup, ZoneName.TEXT, ZoneName.NOSCRIPT) == expected


HEAD = {
    "title": ("<title> 三峡\n脐橙 </title><svg><title>图</title></svg>", ZoneName.TITLE, ["三峡 脐橙"]),
    "description": ('<meta name="Description" content="顶级花菇">', ZoneName.META, ["顶级花菇"]),
    "og": (
        '<meta property="og:title" content="顶级藏品"><meta property="og:url" content="http://x/中">',
        ZoneName.META,
        ["顶级藏品"],
    ),
    "keywords": ('<meta name="keywords" content="花菇,木耳">', ZoneName.META, ["花菇,木耳"]),
    "viewport_is_none": ('<meta name="viewport" content="宽度">', ZoneName.META, []),
    "alt": ('<img alt="根治疤痕">', ZoneName.ALT, ["根治疤痕"]),
    "title_attribute": ('<a title="&#x6700;&#x5927;">点</a>', ZoneName.ATTR, ["最大"]),
    "placeholder_and_value": ('<input placeholder="搜商品" value="搜索">', ZoneName.ATTR, ["搜商品", "搜索"]),
    "data_attribute": ('<div data-desc="根治">甲</div>', ZoneName.ATTR, ["根治"]),
    "data_attribute_json": ('<div data-props=\'{"desc":"<p>根<b>治</b></p>"}\'>甲</div>', ZoneName.ATTR, ["根治"]),
    "attribute_that_repeats_the_text": ('<a title="首页">首页</a>', ZoneName.ATTR, []),
    "latin_attribute": ('<img alt="logo">', ZoneName.ALT, []),
    "class_is_none": ('<div class="根治">甲</div>', ZoneName.ATTR, []),
}


@pytest.mark.parametrize(("markup", "zone", "expected"), HEAD.values(), ids=HEAD)
def test_head_and_attributes(markup: str, zone: ZoneName, expected: list[str]) -> None:
    assert zones_of(markup, zone) == expected


DATA = {
    "json_ld": ('<script type="application/ld+json">{"@type":"Product","name":"\\u7075\\u829d \\u6291\\u5236"}</script>', ZoneName.JSONLD, ["灵芝 抑制"]),
    "json_ld_broken": ('<script type="application/ld+json">{"name":"灵芝","description":"祛湿",}</script>', ZoneName.JSONLD, ["灵芝", "祛湿"]),
    "next_data": ('<script id="__NEXT_DATA__" type="application/json">{"p":{"points":["祛湿","驱寒"],"n":3}}</script>', ZoneName.STATE, ["祛湿", "驱寒"]),
    "initial_state": ('<script>window.__INITIAL_STATE__={"title":"\\u7b2c\\u4e00\\u54c1\\u724c"};(function(){})()</script>', ZoneName.STATE, ["第一品牌"]),
    "html_in_a_string": ('<script>var s={"desc":"<p>根<b>治</b><\\/p><p>鼻炎<\\/p>"}</script>', ZoneName.STATE, ["根治", "鼻炎"]),
    "json_in_a_string": ('<script>var s={"d":"{\\"t\\":\\"根治\\"}"}</script>', ZoneName.STATE, ["根治"]),
    "json_parse": ("<script>var s = JSON.parse('{\"t\":\"\\u6839\\u6cbb\"}');</script>", ZoneName.STATE, ["根治"]),
    "literal": ("<script>var s = {title:'根治', /* 注 */ n:1, // 注\n list:[\"祛湿\",], f:function(){return '甲'}};</script>", ZoneName.STATE, ["根治", "祛湿", "甲"]),
    "assigned_string": ("<script>var slogan='第一品牌';</script>", ZoneName.STATE, ["第一品牌"]),
    "template_string": ("<script>el.innerHTML=`<p>根<b>治</b></p>`;</script>", ZoneName.STATE, ["根治"]),
    "document_write": ("<script>document.write('<p>根治</p>')</script>", ZoneName.STATE, ["根治"]),
    "percent_encoded": ("<script>x=decodeURIComponent('%E6%A0%B9%E6%B2%BB')</script>", ZoneName.STATE, ["根治"]),
    "push": ('<script>self.__next_f.push([1,"a:[\\"$\\",\\"p\\",\\"根治鼻炎\\"]"])</script>', ZoneName.STATE, ['a:["$","p","根治鼻炎"]']),
    "messages_are_none": ("<script>alert('请选择规格'); if(x=='是'){}</script>", ZoneName.STATE, []),
    "comments_are_none": ("<script>// 根治\nvar a=1;/* 祛湿 */</script>", ZoneName.STATE, []),
    "template_script_is_none": ('<script type="text/x-template"><p>根治</p></script>', ZoneName.STATE, []),
    "surrogate_pair": ('<script>var s={"t":"\\ud83c\\udf75根治"}</script>', ZoneName.STATE, ["🍵根治"]),
    "repeated_once": ('<script>var s={"a":"根治","b":"根治"}</script>', ZoneName.STATE, ["根治"]),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "zone", "expected"), DATA.values(), ids=DATA)
def test_data(markup: str, zone: ZoneName, expected: list[str]) -> None:
    assert zones_of(markup, zone) == expected


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ('{"a":"全国第一的蜂蜜",}', ["全国第一的蜂蜜"]),
        ("[" * 3_000 + '"全国第一"' + "]" * 3_000, ["全国第一"]),
        ('{"n":' + "9" * 5_000 + ',"t":"国家级"}', ["国家级"]),
        ('{"a":"全国第一"} {"b":"国家级"}', ["全国第一", "国家级"]),
    ],
)
def test_broken_json_is_read_as_far_as_its_strings_go(body: str, texts: list[str]) -> None:
    text = read_document(parse_document(body.encode(), "application/json"))
    assert text.state is PageState.PARSE_SUSPECT
    assert [text.raw[zone.start : zone.end] for zone in text.zones] == texts


def test_json_body() -> None:
    body = json.dumps(
        {"code": 0, "detail_html": "<p>根<b>治</b></p>", "reviews": ["不错"], "tel": "0717-6001122"}
    ).encode()
    document = parse_document(body, "application/json; charset=utf-8")
    page = read_document(document)
    assert [page.raw[zone.start : zone.end] for zone in page.zones] == ["根治", "不错", "0717-6001122"]
    assert {zone.name for zone in page.zones} == {ZoneName.STATE}
    assert [zone.part for zone in page.zones][:2] == [PartKind.DETAIL, PartKind.REVIEW]
    assert read_facts(page).values("phone") == ("0717-6001122",)


def test_paths_name_the_way() -> None:
    page = read_document(parse_markup('<main><div class="detail x"><p>甲</p></div><ul id="k"><li>乙</li></ul></main>'))
    assert [zone.path for zone in page.zones] == ["main>div.detail>p", "main>ul#k>li"]


def test_a_plain_text_is_one_zone_at_its_own_offsets() -> None:
    page = read_text("最佳，\n第一", kind=PartKind.REVIEW)
    assert page.raw == "最佳，\n第一"
    assert [(zone.start, zone.end, zone.part) for zone in page.zones] == [(0, 6, PartKind.REVIEW)]


def test_a_given_kind_is_the_kind_of_every_zone() -> None:
    markup = "<title>甲</title><footer>乙</footer><script>var s={t:'丙'}</script>"
    assert {zone.part for zone in read_document(parse_markup(markup), kind=PartKind.NEWS).zones} == {PartKind.NEWS}


def test_offers_show_by_their_signs() -> None:
    page = read_document(parse_markup("<p>现价 98 元</p><a>加入购物车</a><p>净含量：500g</p>"))
    assert {name for name, there in page.promo.items() if there} == {"price", "buy", "product"}


def test_ten_thousand_nested_elements() -> None:
    assert "国家级" in zones_of("甲" + "<div>" * 10_000 + "国家级")
    assert "国家级" in zones_of("甲" + "<b>" * 10_000 + "国家级")[0]


def test_deeply_nested_data() -> None:
    assert "根治" in zones_of('<script>var s={"t":"根治","x":' + "[" * 5_000 + "]" * 5_000 + "}</script>")


def test_a_long_script_is_read_to_its_end() -> None:
    data = json.dumps(
        {"items": [{"id": index, "t": "货"} for index in range(60_000)], "last": "根治鼻炎"}, ensure_ascii=False
    )
    assert "根治鼻炎" in zones_of(f"<script>window.S={data}</script>", ZoneName.STATE)


@pytest.mark.parametrize(
    "unit",
    [
        "<a>甲",
        "<div class='a' id=b>甲",
        "={",
        "='",
        "甲<br>",
        "<td>",
        "<!--",
        "<script>x={'甲':",
        "&#",
        "<p style='font-size:0'>甲",
    ],
)
def test_time_grows_with_length_only(unit: str) -> None:
    def seconds(count: int) -> float:
        markup = "<script>var s='甲';" + unit * count + "</script>" if "=" in unit[:1] else unit * count
        return cpu_of(lambda: read_document(parse_markup(markup)), rounds=2)

    small, large = seconds(1_000), seconds(8_000)
    assert large < 40 * small + 0.05


PIECES = ["<p>", "</p>", "<b>", "</b>", "<script>", "</script>", "var a={", "'甲'", '"乙"', "}", "<a href=x>", "</a>", "<!--", "-->", "<table>", "<td>", "\0",
          "<bdo dir=rtl>", "</bdo>", "最佳", "<meta name=description content=丙>", "<title>", "<style>", "<img alt=丁>", "&#x6700;", "\ud800", "<template>", " ", "\n", "<noscript>"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join))
def test_any_markup_reads_with_exact_offsets(markup: str) -> None:
    document = parse_markup(markup, "http://shop.example/")
    page = read_document(document)
    holds(page)
    for fact in read_facts(page, document).facts:
        assert fact.how in ("link", "url") or page.raw[fact.start : fact.end] == fact.raw


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html", "application/json", "image/png", "text/html; charset=gbk"]),
)
def test_any_bytes_read(body: bytes, content_type: str) -> None:
    holds(read_document(parse_document(body, content_type)))


def test_a_page_that_a_frame_holds_itself_is_text():
    for inner in ("&lt;p&gt;本品根治糖尿病&lt;/p&gt;", "本品根治糖尿病"):
        text = read_document(parse_markup(f'<iframe srcdoc="{inner}"></iframe>'))
        assert [(zone.name, text.raw[zone.start : zone.end]) for zone in text.zones] == [(ZoneName.TEXT, "本品根治糖尿病")]


def test_what_hidden_elements_say_is_told_of_pages_that_say_little():
    hidden = '<p style="display:none">加载中，请稍候</p><p hidden>页面</p><p>茶</p>'
    assert read_document(parse_markup(hidden)).unseen == ("加载中,请稍候", "页面")
    assert read_document(parse_markup(hidden + "<p>茶</p>" * 1_500)).unseen == ()
