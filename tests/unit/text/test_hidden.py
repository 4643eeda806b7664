"""Pages that go on by a script alone are known; buttons, tabs, carousels and the ends of lists are no such ways."""

import pytest

from netpatrol.text.hidden import hides_goods, hides_ways
from netpatrol.text.html import parse_markup

URL = "http://a.example/list"
GOODS = "".join(f"<a href=/g/{n}.html>红茶</a>" for n in range(8))
PAGER = "<a href='/list?page=2'>2</a><a href='/list?page=2'>下一页</a>"


def rows(code, count=5):
    return "".join(f"<tr><td>{code.replace('N', str(n))}</td></tr>" for n in range(count)).join(("<table>", "</table>"))


@pytest.mark.parametrize(
    "markup",
    [
        '<div id=demo></div><script>laypage.render({elem:"demo",count:100})</script>',
        '<div class="pagination" id="page"></div><script>$("#page").pagination({total:300,callback:load})</script>',
        '<div id=p></div><script>$("#p").pagination(300, {callback:load})</script>',
        '<a href="javascript:;" data-page="2">2</a><a href="javascript:;" data-page="2">下一页</a>',
        '<a href="#" class="next-page">下一页</a>',
        "<span class=next>下一页</span>",
        '<a class="next" href="javascript:;"><span>下一页</span></a>',
        '<ul class=pagination><li><a onclick="goPage(2)">2</a></li><li><a onclick="goPage(3)">3</a></li></ul>',
        '<a onclick="goPage(2)">&gt;</a>',
        '<a href="javascript:toPage(2)">2</a>',
        '<div class="load-more" id="more">加载更多</div>',
        "<button id=more>查看更多</button><script>$('#more').html('没有更多了')</script>",
        '<a href="javascript:void(0)" class="next" rel="2">点击查看更多</a>',
        '<input type=button value="加载更多" onclick="more()">',
        rows('<a href="javascript:void(0)" onclick="detail(\'N\')">红茶</a>') + "<script src=a.js></script>",
        rows('<a href="javascript:showGoods(N)">红茶</a>'),
        rows('<a href="javascript:aa(N)">红茶</a>') + "<script>function aa(id){var u=base()+id;location.href=u}</script>",
        rows('<div class=item data-id="N"><p>红茶</p></div>') + '<script>$(".item").click(function(){location.href="/item/"+$(this).data("id")})</script>',
    ],
)  # fmt: skip
def test_what_only_a_script_turns_or_opens_is_known(markup):
    assert hides_ways(parse_markup(GOODS + markup, URL))


@pytest.mark.parametrize(
    "markup",
    [
        PAGER,
        PAGER + "<script>laypage.render({elem:'x'})</script>",
        "<a href='/list?page=1'>上一页</a><span class=next>下一页</span>",
        "<span class=prev>上一页</span><span class=next>下一页</span> 共1页",
        '<span class="next disabled">下一页</span>',
        '<li class="disabled"><a class=next href="#">下一页</a></li>',
        '<a href="javascript:;">下一页</a>',
        "<a href=/news/>查看更多</a><a href=/goods/><span>查看更多</span></a>",
        '<div class="more" style="display:none">加载更多</div>',
        '<div class="load-more">加载更多</div><p>没有更多了</p>',
        "<span>更多</span><a href='#'>更多</a>",
        '<script>new Swiper(".a",{pagination:".swiper-pagination",nextButton:".next"})</script><div class=next></div>',
        '<a class="carousel-next" href="javascript:;">下一张</a><a class=next onclick="slide(2)">&gt;</a><a href="#" onclick="goImg(2)">2</a>',
        rows('<a href="javascript:setTab(N)">规格</a>') + "<script>function setTab(n){show(n)}</script>",
        rows('<a onclick="addCart(N)">加入购物车</a>'),
        rows('<a onclick="share(N)">分享</a>') + "<script>function share(n){window.open(u[n])}</script>",
        rows('<a href="/show.asp?id=N" onclick="detail(N)">红茶</a>'),
        rows('<a onclick="vote(N)">投票</a><a onclick="showPic(N)">图</a><a onclick="changeType(N)">分类</a>'),
        rows('<a onclick="aa(N)">红茶</a>') + "<script>function aa(n){$('.b').eq(n).show()}</script>",
        '<a href="javascript:login()">登录</a><a href="javascript:scrollTo(0,0)">返回顶部</a><a onclick="detail(1)">详情</a>',
        rows('<button data-id="N">加入购物车</button>') + '<script>$("button").click(function(){add($(this).data("id"));location.reload()})</script>',
        rows('<div data-id="N"><a href="/g/N.html">红茶</a></div>') + '<script>$(".item").click(function(){location.href="/item/"+$(this).data("id")})</script>',
        "<p>请翻到下一页，查看更多红茶</p>",
    ],
)  # fmt: skip
def test_buttons_tabs_carousels_and_ends_of_lists_are_no_ways(markup):
    assert not hides_ways(parse_markup(GOODS + markup, URL))


def test_a_drawn_page_that_shows_goods_without_a_link_hides_them():
    assert hides_goods(parse_markup("<uni-view>蜜 ￥9</uni-view>" * 4, URL))
    assert hides_goods(parse_markup("<div>蜜 ￥9</div>" * 4, URL))
    assert not hides_goods(parse_markup("<div>蜂蜜，欢迎来电</div>" * 4, URL))
