"""Pages made to be slow: what is looked for in their elements and scripts grows with them, not with their square."""

import pytest

from netpatrol.text.bare import leads_nowhere
from netpatrol.text.filled import asks_for_text, grows_by_scrolling, may_be_filled, says_in_code, unread_frames
from netpatrol.text.further import paging_addresses, paging_forms
from netpatrol.text.handlers import handler_links, turns_by_script
from netpatrol.text.hidden import hides_ways
from netpatrol.text.html import parse_markup
from netpatrol.text.jumps import jump_targets
from netpatrol.text.written import written_links
from tests.support.timing import cpu_of

URL = "http://a.example/"
BY_DATA = '<script>location=1;$(this).data("id")</script>'


def calls(count):
    return "".join(f'<li onclick="f{n}({n})">茶</li><li onclick="f{n}(1{n})">茶</li><li onclick="f{n}(2{n})">茶</li>' for n in range(count))


HOSTILE = {
    "names_and_code": lambda n: calls(n) + f"<script>{'var functional=1; ' * 20 * n}</script>",
    "names_and_codes": lambda n: calls(n) + "<script>function f(){}</script>" * 4 * n,
    "nested_by_data": lambda n: BY_DATA + "<div data-id=1><i>茶</i>" * 4 * n,
    "nested_empty_by_data": lambda n: BY_DATA + "<div data-id=1>" * 4 * n,
    "nested_calls": lambda n: '<div onclick="detail(1)"><i>茶</i>' * 4 * n,
    "nested_empty_calls": lambda n: '<div onclick="detail(1)">' * 4 * n,
    "nested_addresses": lambda n: "".join(f"<div onclick=\"open('/{k}.html')\">" for k in range(4 * n)),
    "nested_next": lambda n: '<div onclick="f(1)">下一页' * 4 * n,
    "jumps_by_name": lambda n: f"<script>{'location=x;' * 200}</script>" * (n // 8),
    "nested_pagers": lambda n: "<script src=/a.js></script>" + "<div class=pagination><span>1</span>" * n,
    "nested_empty_pagers": lambda n: "<script src=/a.js></script>" + "<div class=pagination>" * 4 * n,
    "dead_turns": lambda n: '<a href="javascript:;">下页</a>' * 4 * n + '<a href="javascript:;">末页</a>',
    "arrows": lambda n: "<a class=next>&raquo;<b></b></a>" * 4 * n,
    "calls_for_more": lambda n: '<b onclick="show()">更多</b>' * 4 * n,
    "scrolls": lambda n: "<script>" + "$(window).scroll(function(){x()});" * 8 * n + "</script>",
    "unclosed_scrolls": lambda n: "<script>" + "x.scroll(" * 20 * n + "</script>",
    "entries": lambda n: "<script>" + "['茶','/a.asp']," * 8 * n + "</script>",
    "open_tags_in_code": lambda n: "<script>x='" + "<a href=" * 20 * n + "'</script>",
    "joined_strings": lambda n: ("<script>location=" + "'/a'+" * 300 + "x</script>") * (n // 8),
    "entrances": lambda n: "<script src=/a.js></script>" + "<div>进入<i>商城</i>" * 4 * n,
    "seeing_forms": lambda n: "<form action=/s><input type=hidden name=id value=1><input type=submit value=查看></form>" * n,
    "post_backs": lambda n: "".join(f"<a href=\"javascript:__doPostBack('R$ctl{k}$x','')\">茶</a>" for k in range(2 * n)),
    "parts_to_fill": lambda n: (
        "".join(f"<div id=a{k}>茶</div>" for k in range(n)) + "<script>" + "".join(f"$('#a{k}').html(x);" for k in range(n)) + "</script>"
    ),
    "nested_parts_to_fill": lambda n: (
        "".join(f"<div id=a{k}>茶" for k in range(n)) + "<script>" + "".join(f"$('#a{k}').html(x);" for k in range(n)) + "</script>"
    ),
    "nested_empty_parts_to_fill": lambda n: (
        "".join(f"<div id=a{k}>" for k in range(n)) + "<script>" + "".join(f"$('#a{k}').html(x);" for k in range(n)) + "</script>"
    ),
    "veiled_and_empty": lambda n: "".join(f"<div id=a{k}>" for k in range(n)) + "<script>" + "window['a'+b];" * n + "</script>",
    "acts_on_parts": lambda n: "".join(f"<div id=a{k} onclick=\"a{k}.innerHTML='x'\">" for k in range(n)),
    "selects": lambda n: ("<form action=/list><select name=page>" + "<option value=2>" * 20 + "</select></form>") * n,
}


def looked_at(markup):
    document = parse_markup(markup, URL)

    def look():
        document._made.clear()
        for part in (
            handler_links, turns_by_script, hides_ways, jump_targets, leads_nowhere, paging_forms, paging_addresses, written_links, may_be_filled,
            asks_for_text, grows_by_scrolling, lambda given: says_in_code(given, ["治愈"]), lambda given: list(unread_frames(given)),
        ):  # fmt: skip
            part(document)

    return cpu_of(look)


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_page_twice_as_long_takes_about_twice_as_long(make):
    assert looked_at(make(800)) < 3 * looked_at(make(400)) + 0.02
