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
        rows('<a onclick="detail(N)">红茶</a>') + "<a href='#' onclick=\"location.href='/about.html'\">关于我们</a>",
        rows('<a onclick="detail(N)">红茶</a>', 2) + '<script>function detail(id){window.open("/g/"+id+".html?f="+Math.random())}</script>',
        rows('<img src=N.jpg onclick="detail(N)">'),
        rows('<p onclick="detail(this)" gid=N>红茶</p>') + '<script>function detail(t){location.href="/g/"+t.getAttribute("gid")}</script>',
        rows("<a href=\"javascript:__doPostBack('GridView1','Select$N')\">红茶</a>", 2),
        rows("<a href=\"javascript:__doPostBack('Repeater1$ctl0N$lnkDetail','')\">红茶</a>"),
        rows('<p class=item data-sku="N">红茶</p>') + '<script>$(".item").click(function(){location.href="/g/"+$(this).attr("data-sku")})</script>',
        rows('<p class=item data-id="N"><img src=N.jpg>红茶</p>') + "<script src=/list.js></script>",
        rows("<form method=post action=/show.asp><input type=hidden name=id value=N><input type=submit value=查看详情></form>"),
    ],
)  # fmt: skip
def test_what_only_a_script_turns_or_opens_is_known(markup):
    assert hides_ways(parse_markup(GOODS + markup, URL))


@pytest.mark.parametrize(
    "markup",
    [
        "<script>$(window).scroll(function(){if($(window).scrollTop()+h>=d){p++;$.ajax({url:'/list?page='+p})}})</script>",
        '<script>window.addEventListener("scroll",()=>{fetch("/api/list?p="+(++p))})</script>',
        "<script>window.onscroll=function(){if(atEnd()){loadMore()}}</script>",
        "<script>$(window).on('scroll', loadNext)</script>",
        '<script>new IntersectionObserver(()=>fetch("/api/list?p="+(++p))).observe(e)</script>',
        '<script>$(".l").dropload({scrollArea:window,loadDownFn:function(me){}})</script>',
        '<script>layui.use("flow",function(){layui.flow.load({elem:"#l"})})</script>',
        '<script>var m=new MeScroll("mescroll",{up:{callback:up}})</script>',
        '<script>$("#l").infiniteScroll({path:".next"})</script>',
        '<a href="javascript:;">下页</a><a href="javascript:;">末页</a>',
        '<a href="javascript:go(2)">2</a><a href="javascript:go(3)">3</a>',
        '<a href="javascript:;" data-p=2>2</a><a href="javascript:;" data-p=3>3</a>',
        "<ul class=pagination><li>1</li><li>2</li><li>3</li></ul>",
        "<ul class=el-pager><li class=number>1</li><li class=number>2</li></ul>",
        "<div id=laypage></div><script src=/list.js></script>",
        '<a href="javascript:;" class="next">&raquo;</a>',
        "<button class=next>Next</button>",
        '<a href="javascript:;" onclick="change()">换一批</a>',
        '<a href="javascript:more()">更多商品</a>',
        '<div class=more onclick="loadMore()">更多</div>',
        "<div id=more>点击加载下一页</div>",
    ],
)
def test_lists_that_go_on_when_a_reader_scrolls_or_turns_by_a_script_are_known(markup):
    assert hides_ways(parse_markup(GOODS + markup, URL))


@pytest.mark.parametrize(
    "markup",
    [
        "<script>$(window).scroll(function(){if($(this).scrollTop()>200){$('.top').fadeIn()}else{$('.top').fadeOut()}});$.ajax({url:'/n'})</script>",
        "<script>window.addEventListener('scroll',function(){head.classList.toggle('fixed',window.scrollY>90)});fetch('/user')</script>",
        "<script>window.onscroll=function(){$('img').each(function(){this.src=this.dataset.src})}</script>",
        "<script>new IntersectionObserver(function(es){es.forEach(function(e){e.target.src=e.target.dataset.src})})</script>",
        "<script>layui.use('flow',function(){layui.flow.lazyimg()})</script>",
        "<script>$(window).scroll(lazyload)</script>",
        '<a class=prev href="javascript:;">&laquo;</a><a class=next href="javascript:;">&raquo;</a>',
        '<button class=prev>Prev</button><button class=next>Next</button>',
        '<div class="swiper-button-next">&raquo;</div><div class="swiper-pagination"></div><script src=/js/site.js></script>',
        '<ul class=dots><li>1</li><li>2</li><li>3</li></ul><ol class="carousel-pagination"><li>1</li><li>2</li></ol>',
        "<div class=swiper-container><div><img src=a.jpg></div><div class=pagination></div></div><script src=/js/site.js></script>",
        '<div id=banner><ul class=pagination><li>1</li><li>2</li></ul><b onclick="go(2)">2</b><a href="javascript:;" data-page=2>2</a></div>',
        rows('<div class=elementor-element data-id="aN3f"><img src=N.jpg>茶</div>') + "<script src=/js/site.js></script>",
        "<ul class=pagination><li>1</li></ul>",
        "<div class=pagination></div>",
        '<a href="javascript:;" data-index=2>2</a><a href="javascript:;" data-slide-to=3>3</a>',
        '<a href="javascript:goImg(2)">2</a><a href="javascript:go(1)">首页</a>',
        '<a href="/tea/" onclick="count()">更多商品</a><a href="javascript:;">更多</a><p onclick="toggle()">更多</p><b onclick="showNav()">全部商品</b>',
        '<div class=bdsharebuttonbox><a href="#" class="bds_more" data-cmd="more">分享</a></div>',
        '<a href="javascript:;" onclick="scrollTo(0,0)">返回顶部</a><a href="javascript:login()">登录</a>',
        rows('<p class=tab data-id="N">分类</p>') + "<script src=/js/site.js></script>",
        rows('<p data-id="N"><a href="/g/N.html"><img src=N.jpg></a></p>') + "<script src=/js/site.js></script>",
        rows("<a href=\"javascript:__doPostBack('LoginN','')\">登录</a><a href='javascript:;' data-page='²'>²</a>"),
        rows("<a href=\"javascript:__doPostBack('Repeater1$ctl0N$btnDelete','')\">删除</a>"),
        rows("<a href=\"javascript:__doPostBack('Repeater1$ctl0N$addCart','')\">购物车</a>"),
        rows("<form method=post action=/cart.asp><input type=hidden name=id value=N><input type=submit value=加入购物车></form>"),
        rows('<a onclick="detail(N)">红茶</a>', 2),
        rows('<img src=N.jpg onclick="showPic(N)">'),
    ],
)
def test_heads_that_stick_lazy_pictures_and_buttons_are_no_ways(markup):
    assert not hides_ways(parse_markup(GOODS + markup, URL))


@pytest.mark.parametrize(
    ("markup", "url", "told"),
    [
        ("<div class=enter>进入商城</div><script src=/e.js></script>", "http://a.example/", True),
        ("<a href=/about.html>关于我们</a><div onclick='enter()'>进入商城</div><script>function enter(){location=a()}</script>", "http://a.example/", True),
        ("<img src=a.jpg alt=点击进入 onclick='enter()'><script src=/e.js></script>", "http://a.example/index.asp", True),
        ("<div onclick='enter()'>进入商城</div><script src=/e.js></script>", "http://a.example/g/1.html", False),
        ("<a href=/shop/><span>进入商城</span></a><script src=/e.js></script>", "http://a.example/", False),
        ("<div onclick=\"location='/shop/'\">进入商城</div><script src=/e.js></script>", "http://a.example/", False),
        ("<p>进入商城</p>", "http://a.example/", False),
        ("<p>欢迎进入本店</p><script src=/e.js></script>", "http://a.example/", False),
    ],
)
def test_an_entrance_whose_way_only_a_script_knows_is_told(markup, url, told):
    assert hides_ways(parse_markup(markup, url)) is told


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
