"""Links that scripts write, as far as their addresses stand there."""

import pytest

from netpatrol.text.bare import has_own_links, leads_nowhere
from netpatrol.text.html import parse_markup
from netpatrol.text.written import writes_more, written_links

URL = "http://a.example/"
TEA, HONEY = "http://a.example/list.asp?id=1", "http://a.example/list.asp?id=2"


@pytest.mark.parametrize(
    ("code", "urls"),
    [
        ("""document.write("<a href='/list.asp?id=1'>茶</a><a class=x href='/list.asp?id=2'>蜜</a>")""", [TEA, HONEY]),
        (r"""el.innerHTML="<li><a target=_blank href=\"/list.asp?id=1\">茶</a></li>";""", [TEA]),
        ("""document.writeln('<A HREF=/list.asp?id=1>茶</A>')""", [TEA]),
        ("""d=new dTree("d");d.add(1,0,"茶","list.asp?id=1");d.add(2,0,"蜜","list.asp?id=2");""", [TEA, HONEY]),
        ("""var menu=[["茶","list.asp?id=1"],["蜜","list.asp?id=2"]];""", [TEA, HONEY]),
        ("""var menu=[["茶","list.asp?id=1"]];""", []),
        ("""d.add(1,0,"茶","list.asp?id="+a);d.add(2,0,"蜜","list.asp?id="+b);""", []),
        ("""$.post("提交","/a.php");$.post("保存","/b.php")""", []),
        ("""s='<a href="/show.asp?id='+id+'">'+name+'</a>'""", []),
        ("""s='<a href="/show/{{id}}.html">{{name}}</a><a href="${url}">x</a>'""", []),
        ("""document.write('<a href="/u/a.jpg">图</a><a href=x>')""", []),
        ("""var a=["茶","蜜"],b=["红","/绿"]""", []),
    ],
)
def test_links_that_a_script_writes_are_followed(code, urls):
    assert [link.url for link in written_links(parse_markup(f"<script>{code}</script>", URL))] == urls


def test_a_link_says_what_its_entry_says():
    code = """document.write("<a href='/list.asp?id=1'>红 茶</a>");m=[["蜜","/a.asp"],["酒","/b.asp"]]"""
    assert [link.text for link in written_links(parse_markup(f"<script>{code}</script>", URL))] == ["红 茶", "蜜", "酒"]


def test_a_menu_is_written_whole_or_hides_something():
    whole = parse_markup("""<script>document.write("<a href='/list.asp?id=1'>茶</a>")</script>""", URL)
    part = parse_markup("""<script>document.write("<a href='/list.asp?id=1'>茶</a><a href='"+u+"'>蜜</a>")</script>""", URL)
    assert (writes_more(whole), has_own_links(whole), leads_nowhere(whole)) == (False, True, False)
    assert (writes_more(part), has_own_links(part), leads_nowhere(part)) == (True, False, True)
