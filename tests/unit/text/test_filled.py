"""What a script fills is not known from the page as it came."""

import pytest

from netpatrol.text.filled import awaits_script, may_be_filled
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
    assert not may_be_filled(page(body))


@pytest.mark.parametrize("src", ["/d1.js", "d1.js", "http://www.a.example/d1.js", "//a.example/d1.js"])
def test_a_file_of_the_sites_own_may_fill_more(src):
    written = page(f"<script src='{src}'></script>")
    assert may_be_filled(written) and not awaits_script(written)
