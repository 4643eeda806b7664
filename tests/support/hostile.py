"""A small web of hosts that each do one bad thing, behind a forward proxy. Counts what it was asked."""

from __future__ import annotations

import json
import subprocess
import threading
import time
import zlib
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlsplit

GOODS = "<h1>蜂蜜</h1><p>￥68 <button>立即购买</button></p><p>全国第一的蜂蜜</p>"


def page(body: str, title: str = "小店") -> bytes:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'.encode()


def bomb(size: int = 1 << 30) -> bytes:
    """Return 1 MB that becomes 1 GB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    chunk = b"\0" * (1 << 20)
    return b"".join([*(packer.compress(chunk) for _ in range(size >> 20)), packer.flush()])


BOMB = bomb()
INTERNAL = "".join(
    f'<a href="{url}">x</a>'
    for url in (
        "http://127.0.0.1:9/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:9/", "http://2130706433/", "http://0x7f.1/",
        "file:///etc/passwd", "javascript:alert(1)", "http://localhost:9/", "http://10.0.0.1/admin", "http://intranet/",
    )
)  # fmt: skip
DEEP = "<div>" * 10_000 + "深处的国家级配方" + "</div>" * 10_000
KEYS = json.dumps({"$where": "sleep(9000)", "a.b": {"$gt": ""}, "": "x", "__proto__": {"y": 1}, "name": "蜂蜜"}, ensure_ascii=False)


def offer(name: str, claim: str = "") -> str:
    return f"<h1>{name}</h1><p>￥68 <button>立即购买</button></p><p>{claim}{name}蜂蜜，净含量 500 克，产自高山，现割现发，坏了包赔。</p>"


def filled(name: str) -> str:
    """Return a part of a page that only a script fills."""
    asks = f'fetch("/detail/{name}.txt").then(answer=>answer.text())'
    return f'<div id="detail"></div><script>{asks}.then(said=>document.getElementById("detail").innerHTML=said)</script>'


OTHERS = '<div><h3>热销推荐</h3><a href="/goods/槐花.html">槐花</a><p>￥68 加入购物车</p><a href="/goods/枣花.html">枣花</a><p>￥66 加入购物车</p></div>'
CHANGES = {
    "槐花": (200, page(offer("槐花"), "槐花 - 青峡蜂蜜")),
    "枣花": (200, page(offer("枣花", "全国第一的"), "枣花 - 青峡蜂蜜")),
    "椴树": (200, page("<h1>会员登录</h1><form><input name=user><input type=password></form><p>请先登录再看商品</p>", "会员登录 - 青峡蜂蜜")),
    "荆条": (200, b"Too many connections"),
    "党参": (200, page("<h1>系统维护中</h1><p>请稍后再来</p>", "青峡蜂蜜")),
    "百花": (404, b"gone"),
    "五味": (302, b"/"),
    "油菜": (200, page(offer("油菜", "全国第一的") + '<p style="display:none">页面不存在</p>', "油菜 - 青峡蜂蜜")),
    "野菊": (200, page("<h1>全国第一的野菊蜂蜜</h1><p>本产品不存在任何副作用</p>", "野菊 - 青峡蜂蜜")),
    "桂花": (200, page("<h1>全国第一的桂花蜂蜜</h1><p>该商品已下架</p>", "桂花 - 青峡蜂蜜")),
    "乌桕": (200, page("<p>请确认您已年满十八岁</p><p>确认进入 离开</p>", "青峡蜂蜜")),
    "洋槐": (301, "/new/洋槐.html".encode()),
    "枇杷": (302, b"/404.html"),
    "龙眼": (302, b"/login?back=/"),
    "荔枝": (302, b"http://passport.example/login"),
    "黄连": (302, b"/closed.html"),
    "莲子": (200, "<script>alert('该产品不存在或已被删除！');history.go(-1);</script>".encode("gbk")),
    "银耳": (200, b"<script>window.location.href='/';</script>"),
    "板栗": (200, page("", "").replace(b"<head>", b'<head><meta http-equiv=refresh content="0;url=/">')),
    "木耳": (200, "<p>ADODB.Field 错误 '800a0bcd'</p><p>BOF 或 EOF 中有一个是“真”，或者当前的记录已被删除。</p>".encode("gbk")),
    "杜仲": (200, page("<script>document.cookie='seen=1';location.href='/';</script>", "杜仲 - 青峡蜂蜜")),
    "山楂": (200, page(offer("山楂") + '<iframe src="/detail/山楂.html"></iframe>', "山楂蜜 - 青峡蜂蜜")),
    "核桃": (200, page(offer("核桃") + '<a href="/goods/核桃_2.html">2</a>', "核桃蜜 - 青峡蜂蜜")),
    "白果": (500, "<p>ADODB.Field 错误 '800a0bcd'</p><p>BOF 或 EOF 中有一个是“真”，或者当前的记录已被删除。</p>".encode("gbk")),
    "红枣": (200, page("<h1>红枣</h1><p>掌柜出远门去了</p>", "红枣 - 青峡蜂蜜")),
    "蓝莓": (302, "/user.php?back=/goods/蓝莓.html".encode()),
    "茯苓": (302, b"/away.html"),
    "花椒": (200, page("<p>本品只给老主顾看，三秒后返回首页</p>", "花椒 - 青峡蜂蜜").replace(b"<head>", b'<head><meta http-equiv=refresh content="3;url=/">')),
    "杏仁": (200, page(f"<h1>杏仁</h1><p>掌柜出远门去了</p>{OTHERS}", "杏仁 - 青峡蜂蜜")),
    "葛根": (200, page(f"<h1>掌柜的话</h1><p>{'各位老主顾，山里的路让大雨冲断了，要等修好才能下山，给大家添了麻烦，实在对不住。' * 4}</p>", "葛根 - 青峡蜂蜜")),
    "香榧": (200, page("<p>{$goods.name}</p><p>{$goods.price}</p><p>{$goods.description}</p>", "香榧 - 青峡蜂蜜")),
    "菊芋": (200, page("<h1>菊芋</h1><p>￥68 <button>立即购买</button></p><form>暗号 <input type=password><input type=submit></form>", "菊芋 - 青峡蜂蜜")),
    "板枣": (200, page(offer("板枣") + '<a href="/goods/板枣_2.html">下一页</a>', "板枣蜜 - 青峡蜂蜜")),
    "柿饼": (200, page(offer("柿饼") + """<a href="#" onclick="location.href='/goods/柿饼/2.html'">下一页</a>""", "柿饼蜜 - 青峡蜂蜜")),
    "莲心": (200, page(offer("莲心") + '<a href="/detail/莲心.html">商品详情</a>', "莲心蜜 - 青峡蜂蜜")),
    "百合": (200, page(offer("百合") + '<object type="text/html" data="/detail/百合.html"></object>', "百合蜜 - 青峡蜂蜜")),
    "石斛": (200, page(offer("石斛") + '<iframe src="http://img.changing.example/detail/石斛.html"></iframe>', "石斛蜜 - 青峡蜂蜜")),
    "荞麦": (200, page(offer("荞麦") + filled("荞麦"), "荞麦 - 青峡蜂蜜")),
    "藜麦": (200, page(offer("藜麦") + filled("藜麦"), "藜麦 - 青峡蜂蜜")),
    "橘子": (302, b"/error.html"),
    "莲藕": (200, page("<script>layer.msg('商品不存在',{time:9},function(){location.href='/'})</script>" + "<p>山里人家，自产自销。</p>" * 8, "莲藕")),
    "樱桃": (200, page(offer("樱桃") + "<p>功效详见下图</p><img src=/d1.jpg>", "樱桃 - 青峡蜂蜜")),
    "燕麦": (200, page("<div>您好，请登录 免费注册</div><p style='display:none'>加载中，请稍候</p>" + offer("燕麦"), "燕麦 - 青峡蜂蜜")),
    "松子": (200, page("<p>该商品不存在或您没有权限查看</p>", "提示")),
    "榛子": (200, page("<p>商品不存在，或者您尚未登录，请先登录</p>", "提示")),
    "芝麻": (200, page("<p>该域名正在出售</p>", "提示")),
    "花生": (200, page("<p>站点已欠费，请续费后访问</p>", "提示")),
    "红豆": (200, page("<p>该文章已被作者删除</p>", "提示")),
    "绿豆": (200, page("<p>本商品已停售</p>", "提示")),
    "芡实": (200, b'{"code":404,"msg":"\xe5\x95\x86\xe5\x93\x81\xe4\xb8\x8d\xe5\xad\x98\xe5\x9c\xa8"}'),
}
"""Goods that all claimed the same, and what their addresses answer later; a redirect's body is where it leads."""
LATER = {
    "/new/洋槐.html": page(offer("洋槐"), "新洋槐 - 青峡蜂蜜"),
    "/404.html": page("<p>页面不存在</p>", "提示"),
    "/detail/山楂.html": page("<p>全国第一的山楂蜂蜜</p>", "山楂 详情"),
    "/goods/核桃_2.html": page("<p>全国第一的核桃蜂蜜</p>", "核桃 第二页"),
    "/detail/荞麦.txt": "<p>全国第一的荞麦蜂蜜</p>".encode(),
    "/detail/藜麦.txt": "<p>产自高山的藜麦蜂蜜</p>".encode(),
    "/goods/板枣_2.html": page("<p>板枣蜂蜜，净含量 500 克</p><a href='/goods/板枣_3.html'>下一页</a>", "第二页"),
    "/goods/板枣_3.html": page("<p>全国第一的板枣蜂蜜</p>", "板枣 三"),
    "/goods/柿饼/2.html": page("<p>全国第一的柿饼蜂蜜</p>", "柿饼 二"),
    "/detail/莲心.html": page("<p>全国第一的莲心蜂蜜</p>", "莲心 详情"),
    "/detail/百合.html": page("<p>全国第一的百合蜂蜜</p>", "百合 详情"),
    "/detail/石斛.html": page("<p>全国第一的石斛蜂蜜</p>", "石斛 详情"),
    "/user.php": page("<form>名字 <input name=user> 暗号 <input type=password></form>", "会员中心"),
    "/away.html": page("<p>掌柜出远门去了</p>", "告示"),
    "/error.html": page("<p>您访问的商品不存在或已下架</p>", "出错了"),
    "/closed.html": page("<h1>系统维护中</h1><p>请稍后再来</p>", "青峡蜂蜜"),
}
"""What stands at addresses to which goods lead later."""
ENDED = {"槐花", "百花", "五味", "洋槐", "枇杷", "莲子", "银耳", "板栗", "木耳", "橘子", "莲藕", "芡实", "白果", "红豆", "绿豆", "燕麦"}
"""Goods corrected, gone, or moved within the shop; of all others nothing is known to be corrected."""


class Host(BaseHTTPRequestHandler):
    """Answers by the first label of the host's name."""

    protocol_version = "HTTP/1.1"
    asked: Counter[str] = Counter()
    sent: list[bytes] = []
    changed = closed = down = False
    times: dict[str, list[float]] = {}

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        host = parts.hostname or "?"
        Host.asked[f"{host}{parts.path}{'?' + parts.query if parts.query else ''}"] += 1
        Host.times.setdefault(host, []).append(time.monotonic())
        if not host.endswith(".example"):
            return self.send(403, b"no")
        if parts.path == "/robots.txt":
            return self.robots(host.split(".")[0])
        name = host.split(".")[0].replace("-", "_")
        return getattr(self, name, self.plain)(parts.path, parse_qs(parts.query))

    def do_POST(self) -> None:
        """Count what was sent; nothing here is meant to be."""
        parts = urlsplit(self.path)
        Host.asked[f"POST {parts.hostname}{parts.path}"] += 1
        Host.sent.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        is_mended = Host.changed and parts.hostname == "posted.example"
        self.send(200, page(offer("桂花") if is_mended else GOODS))

    def posted(self, path: str, query: dict) -> None:
        """A list that goes on behind a form, in GBK."""
        form = (
            "<form method=post action=/list.asp><input type=hidden name=page value=2><input type=hidden name=cls value=蜂蜜>"
            "<input type=submit value=下一页></form>"
        )
        said = page(f"<h1>青峡蜂蜜</h1><p>地址：宜昌市西陵区，联系电话 0717-6222222</p>{form}").decode()
        self.send(200, said.encode("gbk"), "text/html; charset=gbk")

    def send(self, status: int, body: bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def robots(self, name: str) -> None:
        rules = {
            "robots500": (500, b"error"),
            "robotsgbk": (200, "# 规则\nUser-agent: *\nDisallow: /vip/ # 会员".encode("gbk")),
            "robotsbom": (200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /vip/"),
            "robotshtml": (200, page("首页")),
            "robotsslow": (200, b"User-agent: *\nCrawl-delay: 86400\n"),
        }
        if name == "robotsnowhere":
            return self.send(302, b"", Location="http://[::1")
        status, body = rules.get(name, (404, b"none"))
        return self.send(status, body, "text/plain")

    def plain(self, path: str, query: dict) -> None:
        self.send(200, page(GOODS + '<a href="/vip/1">会员</a><a href="/about">关于</a>'))

    def robotsslow(self, path: str, query: dict) -> None:
        """A shop that sends its visitors on to another page first."""
        if path == "/":
            return self.send(302, b"", Location="/index.html")
        return self.plain(path, query)

    def bomb(self, path: str, query: dict) -> None:
        self.send(200, page(GOODS + '<a href="/b">b</a>')) if path == "/" else self.send(200, BOMB, Content_Encoding="gzip")

    def big(self, path: str, query: dict) -> None:
        self.send(200, page(GOODS + '<a href="/b">b</a>')) if path == "/" else self.send(200, page(GOODS + "香菇木耳" * 2_500_000))

    def deep(self, path: str, query: dict) -> None:
        self.send(200, page(GOODS + DEEP))

    def script(self, path: str, query: dict) -> None:
        self.send(200, page("<script>var a=1; " + GOODS + "<p>国家级配方，" + "自家蜂场的蜂蜜。" * 40))

    def binary(self, path: str, query: dict) -> None:
        self.send(200, page(GOODS + '<a href="/b">b</a>')) if path == "/" else self.send(200, bytes(range(256)) * 300)

    def loop(self, path: str, query: dict) -> None:
        if path == "/":
            return self.send(200, page(GOODS + '<a href="/a">a</a>'))
        return self.send(302, b"", Location="/b" if path == "/a" else "/a")

    def growing(self, path: str, query: dict) -> None:
        if path == "/":
            return self.send(200, page(GOODS + '<a href="/g?x=1">a</a>'))
        return self.send(302, b"", Location=f"/g?x={'1' * (len(query['x'][0]) + 1)}")

    def long(self, path: str, query: dict) -> None:
        """A shop with addresses longer than any server takes, in a link and in a redirect."""
        if path == "/":
            links = "".join(f'<a href="{to}">x</a>' for to in ("/g?x=" + "".join(map(str, range(900))), "/jump", "/g?y=" + "第" * 1_200, "/g?z=" + "9" * 9_000, "/end"))
            return self.send(200, page(GOODS + links))
        if path == "/jump":
            return self.send(302, b"", Location="/" + "b" * 9_000)
        return self.send(200, page(f"<h1>{path}</h1><p>国家级配方的蜂蜜，￥99，{len(query)} 种</p>"))

    def shunned(self, path: str, query: dict) -> None:
        """A shop that links its claims with nofollow on one page and plainly on another."""
        pages = {
            "/": GOODS + '<a rel=nofollow href="/claims">x</a><a rel=nofollow href="/cart">x</a><a href="/b">b</a>',
            "/b": '<h1>山货</h1><p>竹编背篓，￥30</p><a href="/claims">说明</a>',
        }
        return self.send(200, page(pages.get(path, "<h1>说明</h1><p>国家级配方的蜂蜜，￥99</p>")))

    def cookie(self, path: str, query: dict) -> None:
        if "seen=1" in self.headers.get("Cookie", ""):
            return self.send(200, page(GOODS))
        return self.send(302, b"", Location="http://cookie.example/", Set_Cookie="seen=1")

    def calendar(self, path: str, query: dict) -> None:
        month = int(path.rpartition("-")[2].partition(".")[0] or 1) if "-" in path else 1
        self.send(200, page(f'{GOODS}<a href="/cal/2024-{month + 1}.html">下月</a>' if path == "/" else f'<p>2024年{month}月活动</p><a href="/cal/2024-{month + 1}.html">下月</a>'))

    def sessions(self, path: str, query: dict) -> None:
        sid = f"{time.monotonic_ns():x}"
        self.send(200, page(f'{GOODS}<p>{path}</p><a href="/a;jsessionid={sid}">a</a><a href="/b?sid={sid}">b</a><a href="/?sid={sid}">home</a>'))

    def slow(self, path: str, query: dict) -> None:
        if path == "/":
            return self.send(200, page(GOODS + '<a href="/s">s</a>'))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            for _ in range(600):
                self.wfile.write(b"<p>x</p>")
                time.sleep(0.1)  # the drip itself
        except OSError:
            pass
        return None

    def reset(self, path: str, query: dict) -> None:
        if path == "/":
            return self.send(200, page(GOODS + '<a href="/r">r</a>'))
        half = page("<h1>青峡茶</h1><p>销量全国第一</p>")
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 9999\r\n\r\n" + half)
        self.close_connection = True
        return None

    def busy(self, path: str, query: dict) -> None:
        self.send(200, page(GOODS + '<a href="/b">b</a>')) if path == "/" else self.send(503, b"busy", Retry_After="\xb2")

    def resting(self, path: str, query: dict) -> None:
        self.send(200, page(GOODS + '<a href="/b">b</a>')) if path == "/" else self.send(503, b"busy", Retry_After="3600")

    def internal(self, path: str, query: dict) -> None:
        if path == "/jump":
            return self.send(302, b"", Location="http://127.0.0.1:9/secret")
        return self.send(200, page(GOODS + INTERNAL + '<a href="/jump">jump</a>'))

    def keys(self, path: str, query: dict) -> None:
        self.send(200, page(GOODS + f'<script type="application/ld+json">{KEYS}</script>'))

    def xss(self, path: str, query: dict) -> None:
        self.send(200, page(GOODS + "<p>电话：13900001111</p>", title='"><script>alert(1)</script>=HYPERLINK("http://x")'))

    def surrogate(self, path: str, query: dict) -> None:
        self.send(200, page(GOODS + '<script type="application/ld+json">{"name": "\\ud800国家级\\u0000"}</script>'))

    def spa(self, path: str, query: dict) -> None:
        """A shop that only a script shows, and that tries to make the browser look inside."""
        if path == "/api.json":
            return self.send(200, json.dumps({"html": GOODS + '<a href="/item">蜂王浆</a>'}, ensure_ascii=False).encode(), "application/json")
        spy = "".join(f"new Image().src='{url}';" for url in ("http://127.0.0.1:9/spy.png", "http://169.254.169.254/x", "http://[::1]:9/y"))
        script = f"fetch('/api.json').then(r=>r.json()).then(d=>{{document.getElementById('app').innerHTML=d.html}});{spy}fetch('http://10.0.0.1/z')"
        return self.send(200, page(f"<noscript>请开启 JavaScript</noscript><div id=app></div><script>{script}</script>", title="商城"))

    def failing(self, path: str, query: dict) -> None:
        """A page whose script could not have its data and says so."""
        shell = "<title>茶铺</title><div id=app></div><script>app.innerText='网络异常，请检查网络后稍后重试'</script>"
        self.send(200, shell.encode())
    def routed(self, path: str, query: dict) -> None:
        """An application that has one address for a server, and one of each of its goods behind the fragment."""
        script = (
            "const names=['槐花','枣花','椴树'];const show=()=>{const m=location.hash.match(/id=(\\d)/);"
            "document.getElementById('app').innerHTML=m?'<h1>'+names[m[1]]+'</h1><p>￥68 立即购买 '+(m[1]=='1'?'全国第一的':'')+names[m[1]]+'蜂蜜，产自高山，现割现发，坏了包赔</p>'"
            ":names.map((n,i)=>'<a href=\"#/pages/detail?id='+i+'\">'+n+'</a>').join('')+'<p>欢迎光临青峡蜂蜜，自家蜂场，现割现发，坏了包赔</p>'};show();"
        )
        self.send(200, page(f"<div id=app></div><script>{script}</script>", title="青峡蜂蜜"))

    def scrolled(self, path: str, query: dict) -> None:
        """A list that grows when it is scrolled, to an end or without one."""
        if path == "/api/goods":
            number = int(query["page"][0])
            if "endless" in query:
                names = [f"endless-{number}-{n}" for n in range(3)]
            else:
                names = [f"{number}-{n}" for n in range(3)] if number < 5 else []
                time.sleep(1.5 if number > 1 else 0)  # longer than a scroll leaves for asking
            return self.send(200, json.dumps(names).encode(), "application/json")
        if path == "/detail":
            return self.send(200, page(f"<h1>蜂蜜 {query['id'][0]}</h1><p>￥68 立即购买，产自高山，现割现发，坏了包赔</p>"))
        more = "&endless=1" if path == "/endless.html" else ""
        script = (
            f"let n=1;const more=async()=>{{const l=await (await fetch('/api/goods?page='+n+++'{more}')).json();"
            "for(const g of l){const p=document.createElement('p');p.innerHTML='<a href=\"/detail?id='+g+'\">蜂蜜'+g+'，现割现发坏了包赔</a>';"
            "document.body.append(p)}};more();addEventListener('scroll',more)"
        )
        to = '<a href="/endless.html">更多</a>' if path == "/" else ""
        return self.send(200, page(f"<div id=app></div>{to}<script>{script}</script>", title="青峡蜂蜜"))

    def anchored(self, path: str, query: dict) -> None:
        """A page that says all it has by itself, and has links that look like routes."""
        links = "".join(f'<a href="#/tab{n}">第{n}栏</a>' for n in range(9))
        self.send(200, page(GOODS + links + f'<p>{"".join(chr(0x4E00 + n * 31) for n in range(150))}</p><script>var a=1</script>'))

    def written(self, path: str, query: dict) -> None:
        """A company of the old days: its home page says much, and its menu comes with a script."""
        if path == "/inc/menu.js":
            return self.send(200, b"document.write('<a href=\"/product.asp\">product</a>');", "application/javascript")
        text = "".join(chr(0x4E00 + n * 37) for n in range(120))
        shown = f'<p>{text}</p><script src="inc/menu.js"></script>' if path == "/" else "<h1>产品</h1><p>国家级配方的蜂蜜，￥99</p>"
        return self.send(200, page(shown))

    def turned(self, path: str, query: dict) -> None:
        """A list of the old days that a form turns, which says of which goods it is in the encoding of the page."""
        form = "<form method=post action=/list.asp><input type=hidden name=page value=2><input type=hidden name=cls value=茶叶><button>下一页</button></form>"
        markup = f"<html><meta charset=gb2312><title>茶</title>{GOODS}<a href=/list.asp?id=1>茶叶</a>{form}</html>"
        self.send(200, markup.encode("gb18030"), "text/html")

    def greeting(self, path: str, query: dict) -> None:
        """A company of the old days that greets with a film; the way on stands in a function."""
        way = '<script>function go(){location.href="main.asp"}</script><img src="enter.gif" onclick="go()">'
        self.send(200, page(way if path == "/" else "<h1>产品</h1><p>国家级配方的茶油，￥99</p>"))

    def never(self, path: str, query: dict) -> None:
        """A page whose script never comes to rest and shows nothing."""
        script = "setInterval(()=>{document.title=Math.random();document.getElementById('app').dataset.n=Math.random()},20)"
        self.send(200, page(f"<div id=app></div><script>{script}</script>", title="商城"))

    def marked(self, path: str, query: dict) -> None:
        self.send(200, page(GOODS + '<a href="http://filing.example/lz/7">电子标识</a>'))

    def borrowed(self, path: str, query: dict) -> None:
        """A shop that shows the licence mark of another."""
        self.marked(path, query)

    def filing(self, path: str, query: dict) -> None:
        """The official host that keeps the files of marks."""
        self.send(200, page("<h1>电子标识</h1><p>编号：7</p><p>网站：marked.example</p>", title="电子标识查验"))

    def so(self, path: str, query: dict) -> None:
        """A search of an authority's own."""
        hits = [{"title": "小店", "url": "http://found.example/"}, {"title": "里面", "url": "http://127.0.0.1:9/"}] if query["page"] == ["1"] else []
        self.send(200, json.dumps({"list": hits}).encode(), "application/json")

    def mapped(self, path: str, query: dict) -> None:
        """A shop of which one page stands only in a sitemap that robots.txt does not name."""
        if path == "/sitemap.xml":
            urls = "".join(f"<url><loc>{url}</loc></url>" for url in ("http://mapped.example/hidden", "http://plain.example/x"))
            return self.send(200, f"<urlset>{urls}</urlset>".encode(), "application/xml")
        return self.send(200, page(GOODS if path == "/" else "<h1>藏</h1><p>国家级配方的蜂蜜，￥99</p>"))

    def lost(self, path: str, query: dict) -> None:
        """A shop that answers with a large page, and 200, where nothing is."""
        menu = "".join(f'<li><a href="/goods/{n}">栏目{n}：山货、茶叶、蜂蜜、腊味的选购与做法</a></li>' for n in (1, 2, 3)) * 20
        known = path in ("/", "/goods/1")
        return self.send(200, page((GOODS if known else "<p>国家级</p><p>您要找的商品不存在或已下架</p>") + f"<ul>{menu}</ul>"))

    def forsale(self, path: str, query: dict) -> None:
        self.send(200, page('<h1>该域名正在出售</h1><p>全国第一，￥8800</p><a href="http://ads.example/">广告</a>'))

    def alike(self, path: str, query: dict) -> None:
        """A section that goes on for ever and says next to nothing new, beside one that does."""
        number = int(path.rpartition("/")[2] or 0) if path.startswith(("/x/", "/goods/")) else 0
        if path.startswith("/goods/"):
            said = "".join(chr(0x4E00 + (number * 97 + at * 31) % 9000) for at in range(40))
            return self.send(200, page(f"{GOODS}<p>{said}</p>"))
        token = zlib.crc32(str(number).encode()).to_bytes(4, "big").hex().translate(str.maketrans("0123456789", "ghijklmnop"))
        menu = "".join(f'<li><a href="/goods/{name}">栏目里的商品与说明</a></li>' for name in range(1, 41))
        more = "".join(f'<a href="/x/{number * 3 + at}">更多</a>' for at in (1, 2, 3))
        return self.send(200, page(f"{GOODS}<ul>{menu}</ul><p>编号 {token}</p>{more}"))

    def splash(self, path: str, query: dict) -> None:
        """A shop behind a page that says nothing and leads to what is commonly the same page."""
        first = '<p>欢迎光临</p><a href="/index.html">进入网站</a>'
        self.send(200, page(first if path == "/" else GOODS + f'<h2>{path}</h2><a href="/honey">蜂蜜</a><a href="/">首页</a><a href="/home.htm">返回</a>'))

    def jumping(self, path: str, query: dict) -> None:
        self.send(200, page("<script>location.href='/index.php'</script>" if path == "/" else GOODS))

    def clicked(self, path: str, query: dict) -> None:
        """A shop behind a picture to click on; its menu is written by a script, its goods stand behind buttons."""
        menu = """<script>document.write("<a href='/tea.asp'>茶叶</a><a href='/"+more+"'>更多</a>");</script>"""
        button = "<form action=/show.asp><input type=hidden name=id value=3><input type=submit value=查看详情></form>"
        said = {"/": "<img src=a.jpg onclick=\"location.href='/index.php'\">", "/index.php": menu + button, "/tea.asp": "茶叶", "/show.asp": GOODS}
        self.send(200 if path in said else 404, page(said.get(path, "无")))

    def built(self, path: str, query: dict, code: str = 'location.href="/home/"+year()+".html"') -> None:
        """A shop whose start page becomes one that a script leaves; where to is put together."""
        first = f"<p>土特产店</p><script>{code}</script>" if Host.changed else '<p>欢迎光临</p><a href="/goods">蜂蜜</a>'
        said = {"/": first, "/goods": GOODS}
        self.send(200 if path in said else 404, page(said.get(path, "无")))

    def broken(self, path: str, query: dict) -> None:
        """The same, where that way leads to nothing."""
        self.built(path, query, 'location.href="/home/"')

    def home(self, path: str, query: dict) -> None:
        """A shop whose pages link its home page by another name, as most do."""
        menu = "".join(f'<li><a href="/c/{n}">栏目{n}</a></li>' for n in range(15)) if path == "/" else ""
        self.send(200, page(f'{GOODS}<h2>{path}</h2>{menu}<a href="/index.html">首页</a>'))

    def telling(self, path: str, query: dict) -> None:
        """Parameters that look like sessions and orders: of some, each value is a page of its own; of others none is."""
        links = "".join(f'<a href="/goods?sid={n}">商品{n}</a><a href="/kinds?sort={n}">分类{n}</a><a href="/same?ref={n}">同</a>' for n in range(9))
        said = {"/goods": "商品" + str(query.get("sid")), "/kinds": "分类" + str(query.get("sort")), "/same": "说明"}.get(path, "小店")
        text = "".join(chr(0x4E00 + (len(path) * 991 + at * 31) % 9000) for at in range(150))
        self.send(200, page(f"<h1>{said}</h1><p>{text}</p><p>山货，￥30</p>{links}"))

    def old(self, path: str, query: dict) -> None:
        """An old site: ways onward in handlers, a form and a header; addresses that act; one folder with two pages."""
        text = "".join(chr(0x4E00 + (zlib.crc32(self.path.encode()) + at * 31) % 9000) for at in range(90))
        if path == "/gate.asp":
            return self.send(302, b"", Location="\\inner.asp")
        if path == "/hall.asp":
            return self.send(200, page("<p>正在进入</p>"), Refresh="0;url=/hall-2.asp")
        goods = (
            """<table><tr onclick="window.open('show.asp?id=1')"><td>一</td></tr></table><a href="javascript:location='show.asp?id=2'">二</a>"""
            """<select onchange="location=this.value"><option value="">去<option value="show.asp?id=3">三</select><b data-url="show.asp?id=4">四</b>"""
            """<form action=/list.asp><input type=hidden name=page value=2><input type=submit value=下一页></form><object data=/frame.html></object>"""
            """<a href="javascript:__doPostBack('Pager','Page$3')">3</a><a href=/gate.asp>门</a><a href=/hall.asp>厅</a>"""
            """<a href=/shop/index.html>介绍</a><a href=/shop/index.asp>商城</a><a href=/shop/index.php>商城</a>"""
            """<a href=/admin/news_del.asp?id=1>删除</a><a href=/buy.asp?id=1>立即下单</a><a href=/flow.asp?step=add_to_cart>加入</a><a href=/order.html>订购方式</a>"""
            """<a href="/Kinds.asp?A=1&B=2">类</a><a href="/kinds.asp?b=2&a=1">类</a><a href=/order.html/feed>RSS</a>"""
            """<a href="/forum.php?mod=viewthread&tid=3">帖</a><a href="/forum.php?mod=redirect&tid=3&goto=lastpost#lastpost">最后</a>"""
        )
        return self.send(200, page(f"<h1>{self.path}</h1><p>{text}</p>{goods if path == '/' else ''}"))

    def short(self, path: str, query: dict) -> None:
        """Articles that each have a short address as well, which redirects to the long one."""
        if "p" in query:
            return self.send(301, b"", Location=f"/archives/{query['p'][0]}")
        text = "".join(chr(0x4E00 + (zlib.crc32(path.encode()) + at * 31) % 9000) for at in range(90))
        links = "".join(f"<a href=/archives/{n}>文</a>" for n in range(1, 31)) if path == "/" else ""
        return self.send(200, page(f"<h1>{path}</h1><p>{text}</p>{links}<a href=/?p={path.rpartition('/')[2] or 1}>短网址</a>"))

    def emptied(self, path: str, query: dict) -> None:
        """Kinds of goods of which the first are empty, and goods of which the first are sold."""
        number = int(query.get("sort", query.get("sid", ["0"]))[0])
        links = "".join(f'<a href="/list?sort={n}">分类</a><a href="/goods?sid={n}">商品</a>' for n in range(1, 13))
        there = f'<p>第{number}种山货，￥{number * 7}</p><a href="/one?id={path[1:]}{number}">详情</a>'
        said = {"/list": "暂无商品", "/goods": "该商品已下架，去看看别的吧"}.get(path, "") if number < 5 else there
        if path == "/one":
            said = "".join(chr(0x4E00 + (zlib.crc32(query["id"][0].encode()) + at * 31) % 9000) for at in range(60))
        self.send(200, page(f'<a href="/">首页</a>{links if path == "/" else said}'))

    def onward(self, path: str, query: dict) -> None:
        """Pages that say the same, each of which leads to the next."""
        number = int(query.get("from", ["-4"])[0]) + 4
        text = "".join(chr(0x4E00 + (len(path) * 991 + at * 31) % 9000) for at in range(150))
        self.send(200, page(f'<p>{text}</p><a href="/list?from={number}">下一页</a>'))

    def names(self, path: str, query: dict) -> None:
        """A small home page that has four names and tells them all."""
        links = '<a href="/index.html">首页</a><a href="http://www.names.example/">网站</a><a href="http://m.names.example/">手机版</a><a href="/index.php">x</a>'
        self.send(200, page(GOODS + links))

    m = names

    def grows(self, path: str, query: dict) -> None:
        """A small home page with a claim, which the shop corrects and lengthens later."""
        more = "".join(f'<a href="/n{n}">新品</a>' for n in range(14)) if Host.changed else ""
        self.send(200, page(f'<h1>蜂蜜</h1><p>￥68</p><p>{"现割现发" if Host.changed else "全国第一"}的蜂蜜</p><a href="/index.html">首页</a>{more}'))

    def opens(self, path: str, query: dict) -> None:
        """A splash page with a claim, which becomes a redirect later."""
        if path == "/":
            if Host.changed:
                return self.send(301, b"", Location="/index.php")
            return self.send(200, page('<p>全国第一的蜂蜜</p><a href="/index.php">进入网站</a>'))
        return self.send(200, page('<h1>蜂蜜</h1><p>￥68 <button>立即购买</button></p><p>现割现发的蜂蜜</p><a href="/index.php">首页</a>'))

    def walled(self, path: str, query: dict) -> None:
        """A splash page with a claim, which is a wall later."""
        if Host.changed:
            return self.send(200, page('<h1>系统维护中</h1><p>请稍后再来</p>'))
        return self.send(200, page(GOODS + '<a href="/index.php">进入网站</a>' if path == "/" else '<p>现割现发的枣花蜂蜜</p>'))

    def paged(self, path: str, query: dict) -> None:
        """A list that goes on for twenty pages."""
        number = int(query.get("page", ["1"])[0])
        said = "".join(chr(0x4E00 + (number * 97 + at * 31) % 9000) for at in range(40))
        more = f'<a href="/list?page={number + 1}">下一页</a>' if number < 20 else ""
        self.send(200, page(f"<p>{said}</p>{more}" if path == "/list" else GOODS + '<a href="/list?page=1">商品</a>'))

    def clearing(self, path: str, query: dict) -> None:
        """Forms that look as if they only turned a page, and do something."""
        hidden = "<input type=hidden name=page value=1>"
        self.send(200, page(
            f'{GOODS}<form method=post action="/cart/clear">{hidden}<button>清空</button></form><form method=post action="/x">{hidden}'
            f'<input type=hidden name=action value=delete><input type=hidden name=cid value=5></form><a href="/b">b</a>'
        ))  # fmt: skip

    def dotted(self, path: str, query: dict) -> None:
        links = "".join(f'<a href="http://dotted.example{"." * (n % 2)}/p{n}">商品</a>' for n in range(6))
        self.send(200, page(f"{GOODS}<h2>{path}</h2>{links}"))

    def captcha(self, path: str, query: dict) -> None:
        self.send(200, page("<h1>安全验证</h1><p>请完成下方滑块验证后继续访问</p><div id='nc_1_wrapper'></div>", title="安全验证"))

    def leaving(self, path: str, query: dict) -> None:
        """A shop that later sends its visitors elsewhere, as the path of its seed says: `/302/place`, `/script/place`."""
        how, place = path.split("/")[1:3]
        if Host.changed and how in WAYS:
            return self.send(200, page(WAYS[how].format(PLACES[place])))
        if Host.changed:
            return self.send(int(how), b"", Location=PLACES[place])
        return self.send(200, page(GOODS))

    left_301 = left_302 = left_notice = left_portal = left_nowhere = left_inside = leaving
    left_cloud = left_refresh = left_script = left_frame = left_told = leaving

    def cloud(self, path: str, query: dict) -> None:
        """The front page of a provider, which sells as well."""
        self.send(200, page("<h1>云主机</h1><p>99元 <button>立即购买</button></p>", "某云 - 云主机 域名注册"))

    def notice(self, path: str, query: dict) -> None:
        """A provider's word on a site that is switched off for a while."""
        self.send(200, page("<h1>网站暂停访问</h1><p>您访问的网站因欠费已被接入商暂停，请尽快续费</p>", "提示"))

    def portal(self, path: str, query: dict) -> None:
        self.send(200, page("<p>本地生活门户网站，新闻、房产、汽车、招聘，应有尽有，天天更新</p>", "门户"))

    def log_message(self, format: str, *args: object) -> None:
        pass

    def changing(self, path: str, _: dict) -> None:
        """A shop each of whose goods is answered otherwise once `changed`."""
        if path == "/":
            if Host.changed and Host.down:
                return self.send(503, b"busy")
            if Host.changed and Host.closed:
                return self.send(200, LATER["/closed.html"])
            links = "".join(f'<a href="/goods/{name}.html">{name}</a>' for name in CHANGES)
            return self.send(200, page(f"<h1>青峡蜂蜜</h1><p>地址：宜昌市西陵区，联系电话 0717-6222222</p>{links}"))
        path = unquote(path)
        if path in LATER:
            return self.send(200, LATER[path])
        if path == "/login":
            return self.send(302, b"", Location="/")
        name = path.removeprefix("/goods/").removesuffix(".html")
        status, body = CHANGES[name] if Host.changed else (200, page(offer(name, "全国第一的"), f"{name} - 青峡蜂蜜"))
        return self.send(status, b"", Location=quote(body, safe="/:?=")) if status in (301, 302) else self.send(status, body)

    img = changing


PLACES = {
    "home": "http://plain.example/", "notice": "http://notice.example/", "portal": "http://portal.example/", "inside": "http://127.0.0.1/",
    "nowhere": "http://nowhere.invalid/", "cloud": "http://cloud.example/",
}  # fmt: skip
WAYS = {
    "refresh": '<meta http-equiv=refresh content="3;url={}"><p>本站已启用新域名，原来的地址不久就不再使用，请各位新老顾客记下新的地址，3秒后自动跳转</p>',
    "script": '<script>location.href="{}"</script>',
    "frame": '<iframe src="{}" width=100% height=100%></iframe>',
}
HOSTS = (
    "plain", "bomb", "big", "deep", "script", "binary", "loop", "growing", "cookie", "calendar", "sessions", "slow", "reset", "busy",
    "internal", "keys", "marked", "borrowed", "xss", "surrogate", "captcha", "robots500", "robotsgbk", "robotsbom", "robotshtml", "robotsslow",
    "robotsnowhere", "long", "shunned",
)  # fmt: skip


def until_asked(address: str, process: subprocess.Popen) -> None:
    """Wait until the web was asked for an address; an error where the asking process ends before."""
    while not Host.asked[address]:
        if process.poll() is not None:
            raise RuntimeError(f"the crawl ended before it asked for {address}")
        time.sleep(0.02)  # until the crawl gets there


@contextmanager
def serve(handler: type[Host] = Host):
    """Serve the hosts as a handler answers for them; yields the proxy's address."""
    Host.asked, Host.times, Host.sent, Host.changed, Host.closed, Host.down = Counter(), {}, [], False, False, False
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
