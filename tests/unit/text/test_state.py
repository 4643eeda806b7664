"""How far a page could be checked: every state has pages of its own, and whole pages keep theirs."""


from __future__ import annotations

import pytest

from netpatrol.items import PageState
from netpatrol.text.html import parse_document, parse_markup
from netpatrol.text.jumps import jump_targets
from netpatrol.text.read import read_document
from netpatrol.text.state import says_it_failed

LONG = "<p>本店主营三峡脐橙与秭归桃叶橙，产地直发，坏果包赔，欢迎新老客户选购。</p>" * 12

GOODS = "<title>毛尖</title><h1>清江毛尖</h1><p>全国第一，根治糖尿病</p><p>价格 68 元</p>"

STATES = {
    "whole": (f"<title>脐橙</title>{LONG}", PageState.CHECKED),
    "one_line": ("<p>药</p>", PageState.CHECKED),
    "slider": ("<title>旗舰店</title><div id='nc_1_wrapper'></div><p>亲，请拖动下方滑块完成验证</p><p>访问过于频繁，请稍后再试</p>", PageState.CHALLENGE),
    "captcha": ("<title>安全验证</title><img src=/captcha.php><p>请输入验证码继续访问</p>", PageState.CHALLENGE),
    "cloud": ("<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x.js'></script><p>Checking your browser</p>", PageState.CHALLENGE),
    "firewall": ("<title>访问拦截</title><p>您的访问请求可能存在风险，已被网站防火墙拦截</p>", PageState.CHALLENGE),
    "shop_that_has_a_captcha_at_login": (f"{LONG}<p>登录请输入验证码</p><img src='captcha.png'>", PageState.CHECKED),
    "shell_app": ("<title>店</title><div id=app></div><script src='/app.js'></script>", PageState.NEEDS_RENDER),
    "shell_asks_for_script": ("<noscript>请开启 JavaScript 后浏览本店。</noscript><div id='root'></div><script>fetch('/api')</script>", PageState.NEEDS_RENDER),
    "shell_asks_without_mount": ("<p>您的浏览器不支持JavaScript，请启用后访问</p><script src=x.js></script>", PageState.NEEDS_RENDER),
    "shell_with_data": ('<div id=app></div><script>window.S={"t":"青峡足浴包 祛湿驱寒 老人专用 独立小包 顺丰包邮"}</script>', PageState.CHECKED),
    "app_with_text": (f"<div id=app>{LONG}</div><script src=a.js></script>", PageState.CHECKED),
    "script_jump": ('<script>window.location.replace("http://shop.example/a")</script>', PageState.JUMP),
    "script_jump_with_refresh": (
        "<script>window.location.replace(\"http://shop.example/a\")</script><noscript><META http-equiv='refresh' content=\"0;URL='http://shop.example/a'\"></noscript>",
        PageState.JUMP,
    ),
    "script_jump_by_href": ("<title>跳转中</title><script>location.href='/index.asp';</script>", PageState.JUMP),
    "refresh_only": ('<meta http-equiv="refresh" content="0;url=/index.html"><p>正在跳转</p>', PageState.JUMP),
    "refresh_of_itself": (f'<meta http-equiv="refresh" content="300">{LONG}', PageState.CHECKED),
    "page_with_a_jump_button": (f"{LONG}<script>function go(){{location.href='/a'}}</script>", PageState.CHECKED),
    "gone": ("<title>404</title><p>页面不存在</p><a href=/>返回首页</a>", PageState.SOFT_404),
    "gone_by_a_box": ("<script>alert('该产品不存在或已被删除！');history.go(-1);</script>", PageState.SOFT_404),
    "gone_by_a_box_that_leads_on": ("<script language=javascript>alert('没有此商品！');location.href='/list.html';</script>", PageState.SOFT_404),
    "a_box_for_some": ("<script>if(!ok){alert('该商品已下架')}</script><p>药</p>", PageState.CHECKED),
    "a_box_that_says_nothing_of_it": ("<script>alert('欢迎光临');location.href='/shop/'</script>", PageState.JUMP),
    "a_record_deleted": ("<p>ADODB.Field 错误 '800a0bcd'</p><p>BOF 或 EOF 中有一个是“真”，或者当前的记录已被删除。</p>", PageState.SOFT_404),
    "no_such_record": ("<title>店</title><a href=/>首页</a><p>没有该记录</p>", PageState.SOFT_404),
    "no_such_thing_in_it": ("<title>店</title><p>蜂蜜，没有该产品说明所列的副作用</p>", PageState.CHECKED),
    "gone_or_not_for_you": ("<title>提示</title><p>该商品不存在或您没有权限查看</p>", PageState.CHECKED),
    "gone_or_not_for_you_in_two_lines": ("<title>页面不存在</title><p>页面不存在</p><p>或您无权访问</p>", PageState.CHECKED),
    "gone_or_log_in": ("<title>提示</title><p>商品不存在，或者您尚未登录，请先登录</p>", PageState.CHECKED),
    "gone_or_not_yet_shown": ("<title>提示</title><p>文章不存在或已被删除或正在被审核</p>", PageState.CHECKED),
    "gone_or_maybe_not_for_you": ("<title>提示</title><p>该商品可能已被删除，也可能是您没有登录</p>", PageState.CHECKED),
    "gone_or_in_trouble": ("<title>提示</title><p>网络异常或商品已下架</p>", PageState.CHECKED),
    "gone_or_not_for_you_in_a_box": ("<script>alert('商品不存在或您没有查看权限');history.go(-1);</script>", PageState.EMPTY),
    "gone_beside_a_way_to_log_in": ("<title>店</title><p>您好，请登录 免费注册</p><p>商品不存在或已下架，登录后享会员价</p>", PageState.SOFT_404),
    "deleted_by_its_author": ("<title>提示</title><p>该文章已被作者删除</p>", PageState.SOFT_404),
    "deleted_by_who_published_it": ("<title>提示</title><p>内容已被发布者删除</p>", PageState.SOFT_404),
    "a_thread_deleted": ("<title>提示</title><p>该帖子已被楼主删除</p>", PageState.SOFT_404),
    "taken_down_by_its_seller": ("<title>提示</title><p>该宝贝已被卖家下架</p>", PageState.SOFT_404),
    "sold_out_and_taken_down": ("<title>提示</title><p>商品已售罄下架</p>", PageState.SOFT_404),
    "not_sold_any_more": ("<title>提示</title><p>本商品已停售</p>", PageState.SOFT_404),
    "not_made_any_more": ("<title>提示</title><p>该产品已停产</p>", PageState.SOFT_404),
    "others_not_made_any_more": ("<title>毛尖</title><p>旧款产品已停产，新款包装升级，口感不变</p>", PageState.CHECKED),
    "moved_elsewhere": ("<title>提示</title><p>该商品已转移</p>", PageState.CHECKED),
    "a_host_in_arrears": ("<title>提示</title><p>网站暂停访问，请续费</p>", PageState.CHECKED),
    "goods_gone": ("<title>店</title><p>很抱歉，该商品已下架</p>", PageState.SOFT_404),
    "shop_closed": ("<title>江城商城</title><p>该店铺已关闭</p>", PageState.SOFT_404),
    "shop_closed_for_ever": ("<title>本店已关闭</title><p>本店已停止营业，感谢新老顾客多年支持</p>", PageState.SOFT_404),
    "shop_closed_for_now": ("<title>江城商城</title><p>本店已停止营业，节后恢复</p>", PageState.CHECKED),
    "gone_by_a_layer_in_a_frame": (
        "<title>店</title><a href=/>首页</a><script>layer.msg('商品不存在',{time:9},function(){location.href='/'})</script><p>本店主营土特产</p>" * 2,
        PageState.SOFT_404,
    ),
    "goods_with_a_layer": (f"{GOODS}<script>layer.msg('商品不存在')</script>", PageState.CHECKED),
    "puzzle": ("<title>毛尖</title><p>请先完成下方拼图再继续浏览</p><p>热销推荐 ￥88</p>", PageState.CHALLENGE),
    "a_puzzle_for_sale": ("<title>拼图</title><p>完成这幅拼图要三个小时，￥88</p>", PageState.CHECKED),
    "page_that_mentions_it": (f"{LONG}<p>已下架的商品不再补货</p>", PageState.CHECKED),
    "goods_with_a_hidden_notice": (f"{GOODS}<p style='display: none'>页面不存在</p>", PageState.CHECKED),
    "goods_with_a_hidden_wall": (f"{GOODS}<p hidden>访问过于频繁</p>", PageState.CHECKED),
    "goods_with_a_remark_in_the_markup": (f"{GOODS}<!-- captcha -->", PageState.CHECKED),
    "goods_with_a_captcha_for_comments": (f"{GOODS}<input name=captcha><div class=geetest></div>", PageState.CHECKED),
    "goods_among_others_that_are_gone": (f"{GOODS}<p>其他商品已下架</p>", PageState.CHECKED),
    "goods_with_404_in_their_name": ("<title>404 号茶</title><p>清江毛尖，售价 68 元</p>", PageState.CHECKED),
    "goods_that_go_on_if_a_condition_holds": (f"{GOODS}<script>if(0){{location.href='/x'}}</script>", PageState.CHECKED),
    "a_slider_of_aluminium": ("<title>铝合金滑块</title><p>全国第一的铝合金滑块</p>", PageState.CHECKED),
    "a_guard_of_clouds": ("<title>云安</title><p>我们的云防护产品全国第一</p>", PageState.CHECKED),
    "a_jump_on_a_condition": ("<title>店</title><script>if(top==self){location.href='/index.php'}</script>", PageState.JUMP),
    "goods_without_side_effects": ("<title>蜂胶</title><p>本产品不存在任何副作用，根治糖尿病，无效退款。</p>", PageState.CHECKED),
    "goods_without_faults": ("<title>茶</title><p>商品绝不存在质量问题</p>", PageState.CHECKED),
    "goods_that_have_no_like": ("<title>找不到比这更好的蜂胶</title><p>好蜂胶</p>", PageState.CHECKED),
    "a_shop_that_has_no_like": ("<title>全网找不到第二家的茶叶店铺</title><p>好茶</p>", PageState.CHECKED),
    "a_warning_of_another_domain": ("<title>茶</title><p>本域名未备案的假冒网站请勿相信</p>", PageState.CHECKED),
    "goods_that_are_not_there": ("<title>提示</title><p>抱歉，您要找的商品不存在或已下架，返回首页</p>", PageState.SOFT_404),
    "a_page_not_found_by_its_title": ("<title>找不到页面 - 茶叶商城</title><p>请返回</p>", PageState.SOFT_404),
    "a_shop_that_is_not_there": ("<title>提示</title><p>该店铺不存在，请检查网址</p>", PageState.SOFT_404),
    "a_clinical_proof": ("<title>茶</title><p>已完成临床验证，根治鼻炎</p>", PageState.CHECKED),
    "a_proof_of_safety": ("<title>茶</title><p>通过国家安全验证</p>", PageState.CHECKED),
    "a_busy_campaign": ("<title>茶</title><p>活动期间访问频繁，请耐心等待客服</p>", PageState.CHECKED),
    "a_slider_of_a_window": ("<title>纱窗</title><p>滑块向右滑，纱窗一推就开</p>", PageState.CHECKED),
    "a_check_to_be_done": ("<title>x</title><p>完成安全验证后即可继续访问</p>", PageState.CHALLENGE),
    "a_visitor_too_busy": ("<title>x</title><p>您的操作频繁，请稍后</p>", PageState.CHALLENGE),
    "unclosed_script": ("<body><script>var a=1;<p>国家级配方 根治鼻炎</p>", PageState.PARSE_SUSPECT),
    "empty": ("", PageState.EMPTY),
    "blank": (" \n\0 ", PageState.EMPTY),
    "no_text": ("<html><body><img src=x.jpg></body></html>", PageState.EMPTY),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "state"), STATES.values(), ids=STATES)
def test_state(markup: str, state: PageState) -> None:
    assert read_document(parse_document(markup.encode())).state is state


def test_text_behind_an_unclosed_script_is_read_all_the_same() -> None:
    page = read_document(parse_markup("<body><script>var a=1;<p>国家级配方 根治鼻炎</p>"))
    assert "国家级配方 根治鼻炎" in page.raw


BODIES = {
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "text/html", PageState.NOT_HTML),
    "pdf": (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", "", PageState.NOT_HTML),
    "zip": (b"PK\x03\x04" + bytes(range(256)), "text/html", PageState.NOT_HTML),
    "any_binary": (bytes(range(256)) * 8, "application/octet-stream", PageState.NOT_HTML),
    "script": ("var a='甲';".encode(), "application/javascript", PageState.NOT_HTML),
    "json": ('{"t":"甲"}'.encode(), "application/json", PageState.CHECKED),
    "json_served_as_html": ('{"t":"甲"}'.encode(), "text/html", PageState.CHECKED),
    "broken_json": ('{"t":"甲",}'.encode(), "application/json", PageState.PARSE_SUSPECT),
    "noise": (b"<p>" + bytes((index * 89 + 7) % 128 + 128 for index in range(600)), "text/html", PageState.UNDECODABLE),
}


@pytest.mark.parametrize(("body", "content_type", "state"), BODIES.values(), ids=BODIES)
def test_state_of_other_bodies(body: bytes, content_type: str, state: PageState) -> None:
    assert read_document(parse_document(body, content_type)).state is state


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ('{"code":404,"msg":"商品不存在"}', True),
        ('{"code":401,"msg":"未登录"}', False),
        ('{"code":0,"msg":"商品不存在","data":{"name":"毛尖"}}', False),
        ('{"name":"毛尖","msg":"商品不存在"}', False),
        ('["商品不存在"]', False),
    ],
)
def test_an_answer_in_data_says_that_a_thing_is_gone(answer, gone) -> None:
    state = read_document(parse_document(answer.encode(), "application/json", "http://a.example/1")).state
    assert state is (PageState.SOFT_404 if gone else PageState.CHECKED)


def test_tells_where_a_jump_goes() -> None:
    assert jump_targets(parse_markup("<script>top.location='/a.html'</script>")) == ("/a.html",)
    assert jump_targets(parse_markup("<script>if(location==='/a'){}</script>")) == ()


@pytest.mark.parametrize(
    ("said", "failed"),
    [
        ("网络异常，请稍后重试", True),
        ("系统繁忙", True),
        ("加载失败，请检查网络", True),
        ("服务器开小差了", True),
        ("清江毛尖 68 元，如页面加载失败请刷新", False),
        ("秭归脐橙，产地直发，坏果包赔", False),
    ],
)
def test_a_shell_that_could_not_have_its_data_says_so(said, failed):
    assert says_it_failed(said) is failed
