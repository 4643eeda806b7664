"""Where scripts go by themselves, and pages that lead on by nothing else."""

import pytest

from netpatrol.items import PageState
from netpatrol.text.bare import leads_nowhere
from netpatrol.text.html import parse_markup
from netpatrol.text.jumps import jump_targets
from netpatrol.text.read import read_document

URL = "http://a.example/"
WAY = "<a href=/about.asp>关于</a>"
TEXT = "<p>秭归某某酒业有限公司是一家集白酒酿造、销售于一体的企业，坐落在长江之滨，公司占地三十亩，员工五十人，年产白酒三百吨</p>"
SPLASHES = {
    "onload": """<body onload="window.location='main.asp'"><img src=a.jpg>""",
    "onload_later": """<body onload="setTimeout('location.href=&quot;main.asp&quot;',5000)"><object data=a.swf></object>""",
    "named_later": """<script>function jump(){window.location="main.asp"} setTimeout("jump()",3000)</script><img src=logo.jpg>""",
    "when_loaded": """<script>window.onload=function(){location.replace("main.asp")}</script>""",
    "jquery": """<script>$(function(){window.location.href="main.asp"})</script>""",
    "arrow": """<script>setTimeout(() => {location.assign("main.asp")}, 900)</script>""",
    "later": """<script>setTimeout(function(){location.href="main.asp"},2000)</script><p>3秒后进入</p>""",
    "countdown": """<script>var t=5;var timer=setInterval(function(){t--;s.innerHTML=t;if(t==0){clearInterval(timer);location.href="main.asp"}},1000)</script>
        <span id=s>5</span>秒后自动进入首页""",
    "variable": """<script>var u="main.asp";location.href=u</script>""",
    "opened": """<script>window.open("main.asp","","fullscreen=yes");</script><p>如没弹出请关闭拦截</p>""",
    "navigate": """<script>window.navigate("main.asp")</script>""",
    "clicked": """<script>function go(){window.location.href="main.asp"}</script><img src=enter.gif onclick="go()">""",
    "written": """<script>eval(function(p){return p}("location.href='main.asp'"))</script>""",
}


@pytest.mark.parametrize("markup", SPLASHES.values(), ids=SPLASHES)
def test_a_splash_page_is_but_the_way_to_another(markup):
    document = parse_markup(f"<title>秭归特产有限公司</title>{markup}", URL)
    assert jump_targets(document) == ("main.asp",)
    assert read_document(document).state is PageState.JUMP


@pytest.mark.parametrize(
    ("code", "to"),
    [
        ('location="/sh"+"op/"', "/shop/"),
        ("window.location.replace('/index_' + 'cn' + '.html')", "/index_cn.html"),
        ('var u="/sh"+"op/";location.href=u', "/shop/"),
        ('e.onclick=function(){window.open("/sh"+"op/")}', "/shop/"),
    ],
)
def test_strings_that_are_joined_are_one_address(code, to):
    assert jump_targets(parse_markup(f"<p>土特产店</p><script>{code}</script>", URL)) == (to,)


@pytest.mark.parametrize(
    "code",
    [
        'location.href="/home/"+d.getFullYear()+".html"',
        'location.href="/p_"+(screen.width<800?"m":"w")+".html"',
        'location.replace("/p_" + n)',
        'location="http://"+x+"/a"',
        'location=x+"/a"',
        'location="/a,/b".split(",")[1]',
        'var u="/a";u+=x;location=u',
        'var u="/a"+x;location=u',
        'setTimeout("location=\'/a"+x+"\'",9)',
        'window.open("/s"+x)',
    ],
)
def test_what_a_script_puts_together_is_no_address_and_the_page_is_to_be_drawn(code):
    page = parse_markup(f"<p>土特产店</p><script>{code}</script>", URL)
    assert jump_targets(page) == ()
    assert read_document(page).state is PageState.NEEDS_RENDER


def test_where_devices_are_told_apart_each_way_is_one():
    code = 'function to(){if(/iphone/i.test(s)){window.location.href="/m/"}else{window.location.href="main.asp"}} to();'
    assert jump_targets(parse_markup(f"<script>{code}</script>", URL)) == ("/m/", "main.asp")


@pytest.mark.parametrize(
    ("markup", "targets"),
    [
        (f"<script>function quit(){{location.href='/out.asp'}}</script>{WAY}", ()),
        (f"<script>$('.a').click(function(){{location.href='/b.asp'}})</script>{WAY}", ()),
        (f"<script>$(function(){{$('.a').click(function(){{location.href='/b.asp'}})}})</script>{WAY}", ()),
        (f"<script>window.open('/notice.html')</script>{WAY}", ()),
        (f"<script>window.onload=function(){{location.href='/main.asp'}}</script>{WAY}", ("/main.asp",)),
        ("<script>window.open('http://b.example/share')</script>", ()),
        ("<script>var a='main.asp';location.href=b</script>", ()),
        ("<script>if(location==a){}</script>", ()),
        ("<p>location</p>", ()),
    ],
)
def test_what_only_a_click_does_is_a_way_where_there_is_no_other(markup, targets):
    assert jump_targets(parse_markup(markup, URL)) == targets


def test_a_short_page_below_the_front_page_is_no_jump_for_a_button():
    markup = "<h1>秭归纽荷尔脐橙十斤装</h1><script>function buy(){location.href='/cart.asp'}</script><img src=buy.gif onclick='buy()'>"
    assert read_document(parse_markup(markup, URL + "show.asp?id=3")).state is PageState.CHECKED
    assert read_document(parse_markup(markup, URL)).state is PageState.JUMP


@pytest.mark.parametrize(
    ("markup", "state"),
    [
        ("<form name=f action=main.asp method=post></form><script>document.f.submit()</script>", PageState.NEEDS_RENDER),
        ("<img src=a.jpg><script src=inc/menu.js></script>", PageState.NEEDS_RENDER),
        ("<p>欢迎光临</p><a href='/'>首页</a><script>document.write(menu())</script>", PageState.NEEDS_RENDER),
        (f"<p>欢迎光临</p>{WAY}<script src=inc/menu.js></script>", PageState.CHECKED),
        ("<p>秭归脐橙店，电话联系</p><script>var _hmt=[];hm.src='https://hm.baidu.com/hm.js?1';document.write(hm)</script>", PageState.CHECKED),
        ("<p>秭归脐橙店，电话联系</p><script src=/js/jquery-1.8.min.js></script>", PageState.CHECKED),
        ("<p>秭归脐橙店，电话联系</p><script src=//cdn.example/menu.js></script>", PageState.CHECKED),
        ("<p>秭归脐橙店，电话联系</p>", PageState.CHECKED),
        (f"{TEXT}<script src=inc/menu.js></script>", PageState.CHECKED),
    ],
)
def test_a_front_page_of_next_to_no_text_that_only_a_script_leads_on_from_is_not_checked(markup, state):
    assert read_document(parse_markup(markup, URL)).state is state
    assert read_document(parse_markup(markup, URL + "index.asp")).state is state
    assert read_document(parse_markup(markup, URL + "goods/3.html")).state is not PageState.NEEDS_RENDER


@pytest.mark.parametrize(
    ("markup", "nowhere"),
    [
        (f"{TEXT}<SCRIPT src='inc/menu.js' type='text/javascript'></SCRIPT>", True),
        (f"{TEXT}<a href=/>首页</a><a href='#top'>顶部</a><a href=http://b.example/>友情链接</a><script src=nav.js></script>", True),
        (f"{TEXT}{WAY}<script src=nav.js></script>", False),
        (f"""{TEXT}<p onclick="location='show.asp?id=1'">酒</p><script src=nav.js></script>""", False),
        (f"{TEXT}<iframe src=nav.asp></iframe><script src=nav.js></script>", False),
        (f"{TEXT}<script src=/js/swiper.min.js></script><script>new Swiper('.a')</script>", False),
        (f"{TEXT}<a href=/u/a.jpg>照片</a><script>document.write('<a href=x>')</script>", True),
        (TEXT, False),
    ],
)
def test_a_page_whose_menu_a_script_may_write_is_known(markup, nowhere):
    assert leads_nowhere(parse_markup(markup, URL)) is nowhere
