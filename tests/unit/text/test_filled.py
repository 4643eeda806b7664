"""What a script fills is not known from the page as it came."""

import pytest

from netpatrol.text.filled import (
    asks_for_text,
    awaits_script,
    grows_by_scrolling,
    has_empty_part,
    may_be_filled,
    says_in_code,
    unread_frames,
)
from netpatrol.text.html import parse_markup

GOODS = "<h1>毛尖</h1><p>￥68 立即购买</p>"


def page(body):
    return parse_markup(f"<html><body>{GOODS}{body}</body></html>", "http://a.example/g1.html")


@pytest.mark.parametrize(
    "body",
    [
        "<div id=detail></div><script>fetch('/d').then(r=>r.text()).then(t=>document.getElementById('detail').innerHTML=t)</script>",
        "<div id=d></div><script>document.getElementById(\"d\").innerHTML='<iframe src=/f.html></iframe>'</script>",
        "<div id='desc'> </div><script>$('#desc').load('/desc.html')</script>",
        "<script>document.write('<iframe src=/f.html></iframe>')</script>",
        "<script>document.write('<script src=/d.js><\\/script>')</script>",
    ],
)
def test_a_part_that_only_a_script_fills(body):
    assert awaits_script(page(body))
    assert may_be_filled(page(body))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<div id=detail></div>",
        "<div id=detail>产自高山</div><script>document.getElementById('detail').innerHTML=t</script>",
        "<div id=cart_num></div><script>$('#cart_num').load('/cart')</script>",
        "<div id=detail></div><script>document.getElementById('detail').style.color='red'</script>",
        "<div id=x></div><script>var hm='https://hm.baidu.com/hm.js';document.getElementById('x').appendChild(hm)</script>",
        "<script>document.write(new Date().getFullYear())</script>",
        "<script src='https://cdn.example/jquery.js'></script>",
    ],
)
def test_a_page_that_says_what_it_says(body):
    assert not awaits_script(page(body))


@pytest.mark.parametrize(
    ("body", "may"),
    [
        ("", False),
        ("<div id=detail></div><script>function f(t,e){for(var i=0;i<t.length;i++)e+=i;return e}</script>", False),
        ("<script src='https://cdn.example/jquery.js'></script>", True),
        ("<script>/* google */ document.getElementById('m').innerText=j.t</script>", True),
        ("<script src='//hm.baidu.com/hm.js?1'></script>", False),
        ("<script>var h=document.createElement('script');h.src='https://hm.baidu.com/hm.js';document.body.appendChild(h)</script>", False),
        ("<style>.d:after{content:'';clear:both}</style>", False),
        ("<script src='http://other.example/d.js'></script>", True),
        ("<link rel=stylesheet href=/k.css>", True),
        ("<iframe src=/f.html></iframe>", True),
        ("<img src=/none.png onerror=\"this.parentNode.title='x'\">", True),
        ("<button id=b>看</button><script>document.getElementById('b').onclick=function(){return confirm('x')}</script>", True),
        ("<div id=m>新品</div><script>setInterval(function(){show(i++)},2500)</script>", True),
        ("<style>.k::before{content:'\\7956 \\4f20'}</style>", True),
    ],
)
def test_a_page_is_drawn_whose_words_are_lost_where_anything_on_it_may_say_them(body, may):
    assert may_be_filled(page(body)) is may


WORDS = "祖传秘方，根治糖尿病"
SPELLED = "".join(f"\\u{ord(char):04x}" for char in WORDS)


@pytest.mark.parametrize(
    "body",
    [
        f"<a onclick=\"alert('{WORDS}')\">功效说明</a>",
        "<script>var t=['新品上市','祖传秘' + '方，根治'+\n ' 糖尿病']</script>",
        f"<script>b.onclick=function(){{m.innerText='{SPELLED}'}}</script>",
        f"<script>m.innerText=unescape('{SPELLED.replace(chr(92), '%')}')</script>",
        f"<img onerror='show(String.fromCharCode({','.join(str(ord(char)) for char in WORDS)}))'>",
        f"<style>.k::before{{content:'{' '.join(chr(92) + format(ord(char), '04x') for char in WORDS)}'}}</style>",
    ],
)
def test_words_that_code_says(body):
    assert says_in_code(page(body), ["别的话", WORDS])
    assert not says_in_code(page(body), ["三天见效"])


@pytest.mark.parametrize(
    ("code", "grows"),
    [
        ("addEventListener('scroll',()=>fetch('/l?p='+n++).then(r=>r.json()).then(add=>l.appendChild(add)))", True),
        ("$(window).scroll(function(){$.get('/l',function(t){$('#list').append(t)})})", True),
        ("window.onscroll=function(){var x=new XMLHttpRequest();x.onload=function(){l.innerHTML+=x.responseText}}", True),
        ("new IntersectionObserver(()=>fetch('/l').then(t=>l.append(t)))", True),
        ("addEventListener('scroll',()=>{bar.className='fixed'})", False),
        ("addEventListener('scroll',()=>{document.getElementById('top').innerHTML='↑'});fetch('/count')", False),
        ("fetch('/l').then(t=>l.innerHTML=t)", False),
    ],
)
def test_a_list_that_grows_when_it_is_scrolled(code, grows):
    assert grows_by_scrolling(page(f"<ul id=l><li>茶</li></ul><script>{code}</script>")) is grows


@pytest.mark.parametrize("src", ["/d1.js", "d1.js", "http://www.a.example/d1.js", "//a.example/d1.js"])
def test_a_file_of_the_sites_own_may_fill_more(src):
    written = page(f"<script src='{src}'></script>")
    assert may_be_filled(written) and not awaits_script(written)


@pytest.mark.parametrize(
    "body",
    [
        "<div id=d></div><script>setTimeout(()=>{document.getElementById('d').textContent=t},500)</script>",
        "<p id=d>&nbsp;</p><script>new IntersectionObserver(e=>{document.getElementById('d').textContent=t})</script>",
        "<div id=d>加载中…</div><script>function show(){document.getElementById('d').innerHTML=t}</script>",
        "<iframe id=d></iframe><script>document.getElementById('d').src='/f.html'</script>",
        "<canvas id=d></canvas><script>document.getElementById('d').getContext('2d').fillText(t,1,1)</script>",
        "<input id=d readonly><script>document.getElementById('d').value=t</script>",
        "<dialog id=d></dialog><script>let q=document.getElementById('d');q.innerHTML=t;q.showModal()</script>",
        "<div id=d></div><script>var w=new WebSocket('ws://x');w.onmessage=e=>{document.getElementById('d').textContent=e.data}</script>",
    ],
)
def test_a_part_that_waits(body):
    assert has_empty_part(page(body)) and awaits_script(page(body))
    assert not asks_for_text(page(body))


@pytest.mark.parametrize(
    "body",
    [
        "<div id=d></div><script>fetch('/d').then(r=>r.text()).then(t=>document.getElementById('d').innerHTML=t)</script>",
        "<div id=d></div><script>$.ajax({url:'/d',success:t=>$('#d').html(t)})</script>",
        "<div id=d></div><script>var x=new XMLHttpRequest();x.onload=()=>document.getElementById('d').innerHTML=x.responseText</script>",
    ],
)
def test_a_page_that_asks_for_what_it_says(body):
    assert asks_for_text(page(body))


@pytest.mark.parametrize("counter", ["/* google */", "var s='cnzz';", "var s='https://hm.baidu.com/hm.js';", "// umeng\n"])
def test_a_counter_that_is_named_hides_nothing(counter):
    code = f"{counter}fetch('/d').then(r=>r.text()).then(t=>document.getElementById('d').innerHTML=t)"
    assert asks_for_text(page(f"<div id=d></div><script>{code}</script>"))
    veiled = f"{counter}document['getElement'+'ById']('d')['inner'+'HTML']=atob('eA==')"
    assert awaits_script(page(f"<div id=d></div><script>{veiled}</script>"))


@pytest.mark.parametrize(
    "body",
    [
        "<div id=d>产自高山</div><script>fetch('/d').then(t=>document.getElementById('d').innerHTML=t)</script>",
        "<div id=price></div><script>fetch('/p').then(t=>document.getElementById('price').innerHTML=t)</script>",
        "<div id=cart></div><script>$.get('/cart',t=>$('#cart').html(t))</script>",
        "<span id=y></span><script>fetch('/y');document.getElementById('y').textContent=new Date().getFullYear()</script>",
        "<input id=q type=hidden><script>fetch('/y');document.getElementById('q').value=1</script>",
        "<div id=d><img src=1.jpg></div><script>fetch('/d').then(t=>document.getElementById('d').innerHTML=t)</script>",
    ],
)
def test_a_page_that_asks_for_what_stands_aside(body):
    assert not asks_for_text(page(body))


@pytest.mark.parametrize(
    "body",
    [
        "<iframe src='data:text/html,<p>x</p>'></iframe>",
        "<style>.d:after { color: red; content: '全国第一' }</style>",
        "<style>#d::before{content:attr(data-x)}</style>",
    ],
)
def test_what_a_browser_may_show_beside_the_markup(body):
    assert may_be_filled(page(body)) and not awaits_script(page(body))


def test_code_that_hides_what_it_does_is_run_before_it_is_believed():
    veiled = page("<div id=d></div><script>window['fe'+'tch']('/d')</script>")
    assert awaits_script(veiled) and may_be_filled(veiled) and not has_empty_part(veiled)
    assert not awaits_script(page("<div id=d>茶</div><script>window['fe'+'tch']('/d')</script>"))


@pytest.mark.parametrize(
    "body",
    [
        "<div id=d></div><button onclick=\"document.getElementById('d').innerText='x'\">看</button>",
        "<iframe id=f></iframe><button onclick=\"f.src='/f.html'\">看</button>",
    ],
)
def test_what_a_click_fills_is_not_seen_by_a_browser_either(body):
    assert has_empty_part(page(body))


@pytest.mark.parametrize("body", ["<input onclick=\"this.value=''\">", "<img id=c src=/c.png onclick=\"c.src='/c.png?2'\">"])
def test_what_a_click_clears_or_changes_is_no_empty_part(body):
    assert not has_empty_part(page(body))


@pytest.mark.parametrize(
    ("src", "unread"),
    [
        ("http://cdn.example.cn/f", True), ("//other.example.cn/f", True), ("http://img.shop.example.cn/f", False), ("/f", False),
        ("http://shop.example.cn/f", False), ("http://map.baidu.com/f", True), ("data:text/html,x", False), ("", False),
    ],
)  # fmt: skip
def test_a_frame_of_another_site_is_not_read(src, unread):
    document = parse_markup(f"<html><body>{GOODS}<iframe src='{src}'></iframe></body></html>", "http://www.shop.example.cn/g1.html")
    assert bool(list(unread_frames(document))) is unread
