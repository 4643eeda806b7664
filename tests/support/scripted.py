"""Hosts whose pages are drawn by scripts that make a browser ask for what it must not. Notes all that is asked.

Served twice: as a forward proxy in front of names (`proxied`), and as two hosts of loopback that are asked directly
(`direct`), of which the second stands for what is inside.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

BAD = "<h1>蜂蜜</h1><p>￥68 <button>立即购买</button></p><p>本品根治糖尿病，无效退款，全国第一</p>"
SHOWN = "<h1>山货店</h1><p>欢迎来到本店，各类土特产品应有尽有，欢迎选购，支持到店自提，电话 0717-6223344</p>"
SHELL = '<html><head><meta charset=utf-8><title>x</title>{}</head><body><div id="app"></div><script src="/static/app.js"></script></body></html>'
INSIDE = "10.66.0.1"


def show(html: str, after: int = 0) -> str:
    return f";setTimeout(()=>{{document.getElementById('app').innerHTML=`{html}`}},{after})"


SPYING = """
const tried = f => { try { f() } catch (e) {} };
tried(() => fetch('/r/fetch', {mode: 'no-cors'}).catch(() => {}));
tried(() => fetch('/r307/post', {mode: 'no-cors', method: 'POST', body: 'x'}).catch(() => {}));
tried(() => { const x = new XMLHttpRequest(); x.open('GET', '/r/xhr'); x.send() });
tried(() => { new Image().src = '/r/img' });
tried(() => { new Image().src = '//INSIDE/img' });
tried(() => { new Audio('/r/audio').play() });
tried(() => document.body.insertAdjacentHTML('beforeend', `<iframe src=/r/iframe></iframe><object data=/r/object></object><embed src=/r/embed>
  <form id=f action=/r/form method=post target=other></form><video src=/r/video poster=/r/poster></video><a id=a href=//INSIDE/ping-to ping=/r/ping target=_blank>x</a>
  <iframe srcdoc="<script>fetch('//INSIDE/srcdoc',{mode:'no-cors'});open('//INSIDE/srcdoc-popup')</scr`+`ipt>"></iframe>`));
tried(() => document.getElementById('f').submit());
tried(() => document.getElementById('a').click());
tried(() => window.open('http://INSIDE/popup'));
tried(() => window.open('/r/popup', '_blank', 'noopener'));
tried(() => new Worker('/worker.js'));
tried(() => new SharedWorker('/worker.js'));
tried(() => new Worker('/importing.js'));
tried(() => new Worker(URL.createObjectURL(new Blob(["fetch('http://INSIDE/blob-worker',{mode:'no-cors'})"]))));
tried(() => navigator.serviceWorker.register('/worker.js'));
tried(() => new WebSocket('ws://INSIDE/ws'));
tried(() => new WebSocket('wss://INSIDE/wss'));
tried(() => new EventSource('/r/events'));
tried(() => navigator.sendBeacon('/r307/beacon', 'x'));
tried(() => navigator.sendBeacon('http://INSIDE/beacon', 'x'));
tried(() => new WebTransport('https://INSIDE/transport'));
const Peer = window.RTCPeerConnection || document.querySelector('iframe').contentWindow.RTCPeerConnection;
tried(() => { const p = new Peer({iceServers: [{urls: 'stun:IP:UDP'}, {urls: 'turn:IP:PORT?transport=tcp', username: 'a', credential: 'b'}]});
  p.createDataChannel('x'); p.createOffer().then(o => p.setLocalDescription(o)) });
setTimeout(() => tried(() => { location.href = '/r/navigation' }), 30);
"""
HINTS = """<link rel=icon href=/r/icon><link rel=preconnect href="http://INSIDE"><link rel=dns-prefetch href="//INSIDE"><link rel=prefetch href=/r/prefetch>
<link rel=prefetch href="http://INSIDE/prefetch"><link rel=preload as=fetch href=/r/preload><link rel=modulepreload href=/r/module.js><link rel=manifest href=/r/manifest>
<link rel=stylesheet href=/r/css><style>@import url(/r/import.css); body{background:url(/r/background)} @font-face{font-family:x;src:url(/r/font)} p{font-family:x}</style>
<script type=speculationrules>{"prefetch":[{"source":"list","urls":["/r/ahead"]}],"prerender":[{"source":"list","urls":["/r/prerender"]}]}</script>
<link rel=prerender href=/r/prerender2>"""
POPPING = "for(let i=0;i<5;i++)window.open('/pop?'+i);document.body.insertAdjacentHTML('beforeend','<a id=a target=_blank href=/pop?a rel=noopener>x</a>');document.getElementById('a').click()"
CALLING = """for(let i=0;i<60;i++)fetch('/api/'+i).then(r=>r.text()).then(t=>{document.getElementById('app').innerHTML+=t});
for(let i=0;i<60;i++)fetch('http://victim.example/order'+i,{mode:'no-cors',method:'POST',body:'order=1'})"""
GREEDY = "for(let i=0;i<300;i++)fetch('/more/'+i)"
FRAMING = """const app=document.getElementById('app'), frame=document.createElement('iframe'), picture=new Image();
frame.onload=()=>{app.innerHTML=`SHOWN`}; frame.src='/out/frame'; picture.onerror=()=>app.append(frame); picture.src='http://frames.example/picture'"""
HIDING = {
    "shadow": f"s.attachShadow({{mode:'open'}}).innerHTML=`<section>{BAD}</section>`",
    "closed": f"s.attachShadow({{mode:'closed'}}).innerHTML=`{BAD}`",
    "nested": """const t=s.attachShadow({mode:'open'});t.innerHTML='<p></p>';t.firstChild.attachShadow({mode:'open'}).append('本品根治糖尿病，全国第一')""",
    "blob": f"f.src=URL.createObjectURL(new Blob([`<meta charset=utf-8>{BAD}`],{{type:'text/html'}}))",
    "data": f"f.src='data:text/html;charset=utf-8,'+encodeURIComponent(`{BAD}`)",
    "framed": f"f.contentDocument.open();f.contentDocument.write(`{BAD}`);f.contentDocument.close()",
    "styled": """document.head.insertAdjacentHTML("beforeend","<style>#s::after{content:'本品根治糖尿病，无效退款，全国第一'}</style>")""",
    "drawn": "const c=document.createElement('canvas');s.append(c);c.getContext('2d').fillText('本品根治糖尿病，无效退款，全国第一',5,20)",
    "typed": "const t=document.createElement('textarea');s.append(t);t.value='本品根治糖尿病，无效退款，全国第一'",
}
"""Ways to show words that the markup of the page does not say."""
WORDS, WELCOME = "本品根治糖尿病，无效退款，全国第一", "<h1>蜂蜜</h1><p>￥68 <button>立即购买</button></p>" + "<p>本店蜂蜜取自当地蜂场，每瓶五百克，保质期十八个月，开封后请冷藏。</p>" * 8
FILL = "document.getElementById('d').innerHTML"
SPELLED = "'" + "".join(f"\\u{ord(char):04x}" for char in WORDS) + "'"
GROWING = """<script>let n=1;const more=()=>fetch('/more/'+n++).then(r=>r.text()).then(t=>{document.getElementById('d').insertAdjacentHTML('beforeend',t)});
more();addEventListener('scroll',more)</script>"""
CODES = f"String.fromCharCode({','.join(str(ord(char) + 1) for char in WORDS)}).replace(/./g,c=>String.fromCharCode(c.charCodeAt(0)-1))"
SELLING = """<link rel=stylesheet href=/plain.css><p id=d>口味清甜</p><div id=clock>倒计时</div><button id=buy>加入购物车</button><span id=top>返回顶部</span>
<select id=size><option>大</option><option>小</option></select><script src=/plain.js></script><script>let left=90;
setInterval(()=>{document.getElementById('clock').innerText='还剩'+left--+'秒'},1000);setInterval(()=>fetch('/api/quick'),60000);
document.getElementById('buy').onclick=()=>fetch('/api/cart',{method:'POST',body:'1'}).then(()=>alert('请先登录'));
document.getElementById('size').onchange=()=>fetch('/api/stock').then(()=>{});addEventListener('scroll',()=>{document.getElementById('top').hidden=false});
document.getElementById('top').addEventListener('click',()=>scrollTo(0,0))</script>"""
"""A page as many shops have it, with all that stirs on it and says nothing of its goods."""
CODED = f"{FILL}='{''.join(f'&#{ord(char)};' for char in WORDS)}'"
BESIDE = {
    "asking": f"<div id=d></div><script>fetch('/api/quick').then(r=>r.text()).then(t=>{{{FILL}=t}})</script>",
    "written": f"<p>{WORDS}</p>",
}
"""What stands on pages that say much by themselves."""
ELSEWHERE = {
    "timing": f"<div id=d></div><script>setTimeout(()=>{{{CODED}}},700)</script>",
    "clicking": f"<ul><li onclick='show()'>功效说明</li></ul><div id=d></div><script>function show(){{{CODED}}}</script>",
    "styling": "<style>#d::before{content:'本品根治糖尿病，无效退款，全国第一'}</style><p id=d></p>",
    "inserting": "<div id=d><a href='#x'>目录</a></div><script>fetch('/api/quick').then(r=>r.text()).then(t=>document.getElementById('d').insertAdjacentHTML('beforeend',t))</script>",
    "veiled": "<div id=d></div><script>window['fe'+'tch']('/api/quick').then(r=>r.text()).then(t=>{document['getElement'+'ById']('d')['inner'+'HTML']=t})</script>",
    "serving": "<div id=d></div><script src='http://static.serving.example/fill.js'></script>",
    "titled": f"<script>document.title={SPELLED}</script>",
    "stroking": f"<canvas id=d></canvas><script>document.getElementById('d').getContext('2d').strokeText({SPELLED},5,20)</script>",
    "pressing": f"<input type=button id=d><script>document.getElementById('d').value={SPELLED}</script>",
    "hoping": f"<input id=d><script>document.getElementById('d').placeholder={SPELLED}</script>",
    "touching": f"<div id=d></div><button onclick=\"document.getElementById('d').innerText={SPELLED}\">功效说明</button>",
    "opening": "<iframe id=d></iframe><button onclick=\"d.src='/f.html'\">功效说明</button>",
    "growing": "<div id=d></div>" + GROWING,
    "reaching": "<div id=d></div>" + GROWING,
    "foreign": "<iframe src=http://elsewhere.example.com/f.html></iframe>",
    "failing": "<iframe src=/down></iframe>",
    "lacking": "<p id=d></p><script src=/down></script>",
    "hosted": "<p id=d>茶</p><script src=http://others.example.com/fill.js></script>",
    "erring": f"<p id=d>茶</p><img src=/none.png onerror=\"document.getElementById('d').innerText={SPELLED}\">",
    "beneath": "<link rel=stylesheet href=/words.css><p id=d></p>",
    "scrolling": "<ul id=d><li>蜂蜜</li></ul>" + GROWING.replace("more();addEvent", "addEvent"),
    "telling": f"<a onclick=\"alert('{WORDS}')\">功效说明</a>",
    "confirming": f"<button id=b>购买</button><script>document.getElementById('b').onclick=()=>confirm({SPELLED}+'，买吗')</script>",
    "hovering": f"<p id=d>功效</p><script>document.getElementById('d').onmouseover=function(){{this.innerText={CODES}}}</script>",
    "sliding": f"<p id=d>新品</p><script>let t=['新品','包邮','产地直发',{CODES}],i=0;setInterval(()=>{{document.getElementById('d').innerText=t[++i%4]}},2500)</script>",
    "chaining": f"<p id=d>新品</p><script>let i=0;(function next(){{document.getElementById('d').innerText=i++<9?'新品':{CODES};setTimeout(next,3000)}})()</script>",
    "listening": "<p id=d>茶</p><button>说明</button><script src=/listen.js></script>",
    "working": "<div id=d></div><script>new Worker('/static/w.js').onmessage=e=>{document.getElementById('d').innerText=e.data}</script>",
    "streaming": "<div id=d></div><script>new EventSource('/sse').onmessage=e=>{document.getElementById('d').innerText=e.data}</script>",
    "turning": """<ul id=d><li>蜂蜜</li></ul><button onclick="fetch('/more/'+n++).then(r=>r.text()).then(t=>d.innerHTML+=t)">加载更多</button><script>let n=1</script>""",
    "pointing": "<p id=d>茶</p><div data-i=1>功效</div><div data-i=2>产地</div>"
    f"<script>document.addEventListener('click',e=>{{if(e.target.closest('[data-i]'))document.getElementById('d').innerText={CODES}}})</script>",
    "trusting": f"<p id=d>茶</p><button id=b>说明</button><script>b.addEventListener('click',e=>{{if(e.isTrusted)d.innerText={CODES}}})</script>",
    "delving": "<p id=d>茶</p><div id=o><button id=b>说明</button></div><script>b.onclick=()=>{o.innerHTML='<button id=c>第二步</button>';c.onclick=()=>{"
    f"o.innerHTML='<i id=e>第三步</i>';e.onclick=()=>{{d.innerText={CODES}}}}}}}</script>",
    "delaying": f"<p id=d>茶</p><button id=b>说明</button><script>b.onclick=()=>setTimeout(()=>{{d.innerText={CODES}}},4000)</script>",
    "shading": "<p id=d>茶</p><div id=h></div><script>const t=h.attachShadow({mode:'closed'});t.innerHTML='<button>说明</button>';"
    f"t.firstChild.onclick=()=>{{d.innerText={CODES}}}</script>",
    "enclosing": f"<iframe srcdoc=\"<p id=d>茶</p><button id=b>说明</button><script>b.onclick=()=>{{d.innerText={CODES}}}</script>\"></iframe>",
    "boxing": "<p id=d>茶</p><div id=b style='height:40px;overflow:auto'><p style='height:900px'>产地</p></div>"
    f"<script>b.onscroll=()=>{{if(b.scrollTop>300)d.innerText={CODES}}}</script>",
    "windowing": f"<button id=b>说明</button><script>b.onclick=()=>{{window.open('').document.write('<p>'+{CODES}+'</p>')}}</script>",
    "paging": f"<p id=d>1</p><button id=b>下一张</button><script>let n=1;b.onclick=()=>{{d.innerText=++n==11?{CODES}:'第'+n+'张'}}</script>",
    "holding": "<p id=d>茶</p><p id=b>按住看说明</p><script>let t;b.onpointerdown=()=>{t=setTimeout(()=>{"
    f"d.innerText={CODES}}},700)}};b.onpointerup=()=>clearTimeout(t)</script>",
    "swiping": "<p id=d>茶</p><div id=b>左滑</div><script>let x;b.ontouchstart=e=>{x=e.touches[0].clientX};"
    f"b.addEventListener('touchend',e=>{{if(x-e.changedTouches[0].clientX>40)d.innerText={CODES}}})</script>",
    "keying": f"<p id=d>茶</p><script>document.onkeydown=e=>{{if(e.key=='ArrowRight')d.innerText={CODES}}}</script>",
    "crowding": "<p id=d>茶</p><div id=o></div><script>for(let i=0;i<3000;i++){const b=document.createElement('button');b.innerText='第'+i+'款';"
    f"b.onclick=()=>{{d.innerText=i==2900?{CODES}:'款'}};o.append(b)}}</script>",
    "stirring": "<p id=d>口味清甜</p><button id=b>＋</button><i id=n>1</i><div data-i=1>产地</div><script>b.onclick=()=>{n.innerText=1+ +n.innerText};"
    "document.addEventListener('click',e=>{if(e.target.closest('[data-i]'))d.innerText='产自宜昌'});"
    "document.onkeydown=e=>{if(e.key=='Escape')d.innerText=''}</script>",
    "mending": "<p>蜂蜜口味清甜</p><iframe src=//map.baidu.com/x></iframe><input onclick=\"this.value=''\">",
    "selling": SELLING,
    "showing": "<p id=d></p><button onclick=\"document.getElementById('d').innerText='口味清甜'\">功效说明</button>",
}
"""Where the words of a page go that has said them plainly, while the host is down."""
UNSEEN = frozenset(
    {"clicking", "touching", "opening", "growing", "foreign", "failing", "lacking", "telling", "confirming", "hovering", "sliding", "chaining", "listening", "turning", "working", "streaming",
     "pointing", "trusting", "delving", "delaying", "shading", "enclosing", "boxing", "windowing", "paging", "holding", "swiping", "keying", "crowding"}
)
"""Those of them that nobody sees whole, however a browser draws them."""
MENDED = frozenset({"mending", "selling", "showing", "stirring"})
"""Those of them that have given the words up."""
LATER = "fetch('PATH').then(r=>r.text()).then(t=>{document.getElementById('app').innerHTML+=t}).catch(()=>{})"
SCRIPTS = {
    "spying": SPYING + show(SHOWN, 700),
    "hinting": show(SHOWN, 700),
    "both": SPYING + show(SHOWN, 700),
    "calling": CALLING,
    "greedy": GREEDY + show(SHOWN, 300),
    "popping": POPPING + show(SHOWN, 300),
    "framing": FRAMING.replace("SHOWN", SHOWN),
    "leaving": "setTimeout(()=>{location.href='http://victim.example/secret'},20)",
    "private": "setTimeout(()=>{location.href='/private/x'},20)",
    "moving": "setTimeout(()=>{location.href='/new/'},20)",
    "sly": show(BAD) + ";setTimeout(()=>{location.href='http://victim.example/secret'},20)",
    "api": "fetch('/api/goods',{method:'POST',body:'{}'}).then(r=>r.text()).then(t=>{document.getElementById('app').innerHTML=t})",
    "cdn": "fetch('http://calls.example/goods').then(r=>r.text()).then(t=>{document.getElementById('app').innerHTML=t})",
    "returning": "if(document.cookie.includes('seen=1'))" + show(BAD)[1:] + ";else{document.cookie='seen=1';location.reload()}",
    **{name: f"document.getElementById('app').innerHTML=`{SHOWN}<div id=s></div><iframe id=f></iframe>`;{script}" for name, script in HIDING.items()},
    "slow": f"document.getElementById('app').innerHTML=`{SHOWN}`;" + LATER.replace("PATH", "/api/slow"),
    "down": f"document.getElementById('app').innerHTML=`{SHOWN}`;" + LATER.replace("PATH", "/api/down"),
    "dead": f"document.getElementById('app').innerHTML=`{SHOWN}`;" + LATER.replace("PATH", "/api/dead"),
    "tracked": f"document.getElementById('app').innerHTML=`{SHOWN}`;" + "fetch('http://tracker.example/down').catch(()=>{});" + LATER.replace("PATH", "/api/quick"),
    "moody": f"document.getElementById('app').innerHTML=`{SHOWN}`;" + LATER.replace("PATH", "/api/moody"),
    "timed": f"document.getElementById('app').innerHTML=`{SHOWN}`;" + show(BAD, 2500)[1:],
    "loading": "document.getElementById('app').innerHTML=`<p>本店热销 ￥68</p><p>详情加载中...</p>`;" + ";".join(["let tick=()=>setTimeout(tick,40)", "tick()"]),
    "stuck": f"document.getElementById('app').innerHTML=`{SHOWN}`;for(;;);",
    "pushing": show(BAD) + ";history.pushState({},'','/home')",
}
ROBOTS = {
    "calling": "Disallow: /api/", "private": "Disallow: /private/", "victim": "Disallow: /", "popping": "Disallow: /tick\nDisallow: /pop",
}  # fmt: skip


class Asked(list[tuple[str, str, str]]):
    """What was asked: method, host (with the port, where one was named), path."""

    def at(self, host: str) -> list[str]:
        return [path for _, where, path in self if where.partition(":")[0] == host]


class Host(BaseHTTPRequestHandler):
    """Answers by the host's name; asked directly, it is the spying one."""

    protocol_version = "HTTP/1.1"
    asked: Asked
    spied = ""
    is_down = False
    """Whether what some pages ask their own site for is answered by an error."""
    inside, ip, tcp, udp = INSIDE, INSIDE, 9, 9

    def answer(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        local = self.server.server_address[0]
        Host.asked.append((self.command, parts.netloc or f"{local}:{self.server.server_address[1]}", parts.path))
        if local == "127.0.0.2":
            return self.send(200, "<p>内网机密</p>")
        name = (parts.hostname or "").split(".")[0] if parts.netloc else self.spied
        return self.page(name, parts.path)

    def page(self, name: str, path: str) -> None:
        inside = f"//{Host.inside}"
        if path == "/robots.txt":
            return self.send(200, f"User-agent: *\n{ROBOTS.get(name, 'Disallow:')}\n", "text/plain")
        if path.startswith(("/r/", "/r307/")):
            return self.send(307 if "307" in path else 302, "", Location=f"http:{inside}/from{path}")
        if path.startswith("/out/"):
            return self.send(302, "", Location=f"http://frames.example{path.removeprefix('/out')}")
        if path == "/static/app.js" or path.endswith("worker.js") or path == "/importing.js":
            script = {"/worker.js": "fetch('http://INSIDE/worker',{mode:'no-cors'});fetch('/r/worker',{mode:'no-cors'})", "/importing.js": "importScripts('http://INSIDE/imported.js')"}
            return self.send(200, self.filled(script.get(path, "/*app*/" * 50 + SCRIPTS.get(name, ""))), "application/javascript")
        if path == "/fill.js":
            return self.send(200, f"setTimeout(()=>{{{CODED}}},300)", "application/javascript")
        if path == "/listen.js":
            script = f"document.querySelector('button').addEventListener('click',()=>{{document.getElementById('d').innerText={CODES}}})"
            return self.send(200, script, "application/javascript")
        if path in ("/words.css", "/plain.css", "/plain.js"):
            return self.send(200, f"#d::before{{content:'{WORDS}'}}" if "words" in path else "/**/", "application/javascript" if "js" in path else "text/css")
        if path.startswith("/more/"):
            number = int(path.rpartition("/")[2])
            is_last = number == (4 if name in ("reaching", "scrolling") else 40)
            return self.send(200, BAD if is_last else "" if name in ("reaching", "scrolling") and number > 4 else f"<p>第{number}批蜂蜜已经装瓶，欢迎选购</p>")
        if path == "/pop":
            return self.send(200, "<title>p</title><script>setInterval(()=>fetch('/tick?'+Math.random()),50)</script>")
        if path in ("/api/slow", "/api/dead"):
            time.sleep(2.5 if path == "/api/slow" else 20)
        if path in ("/api/down", "/down") or (path == "/api/moody" and Host.is_down):
            return self.send(503, "busy", Access_Control_Allow_Origin="*")
        if name == "victim" or path in ("/private/x", "/new/") or path.startswith(("/api/", "/goods")):
            return self.send(200, f"<html><head><meta charset=utf-8><title>店</title></head><body>{BAD}</body></html>", Access_Control_Allow_Origin="*")
        if path == "/" and name in (*BESIDE, *ELSEWHERE):
            beside = ELSEWHERE.get(name, "") if Host.is_down else BESIDE.get(name, BESIDE["written"])
            return self.send(200, f"<html><head><meta charset=utf-8><title>{name}</title></head><body>{WELCOME}{beside}</body></html>")
        if path == "/":
            more = {"hinting": HINTS, "both": HINTS, "stuck": "<script>var app={'slogan':'全国第一的蜂蜜'}</script>"}
            return self.send(200, self.filled(SHELL.format(more.get(name, ""))))
        return self.send(404, "none")

    def filled(self, text: str) -> str:
        return text.replace("INSIDE", Host.inside).replace("IP", Host.ip).replace("UDP", str(Host.udp)).replace("PORT", str(Host.tcp))

    def send(self, status: int, body: str, kind: str = "text/html", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body.encode())))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_POST = do_HEAD = do_OPTIONS = answer

    def do_CONNECT(self) -> None:
        Host.asked.append(("CONNECT", self.path, ""))
        self.send_error(502)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Says nothing of a browser that hangs up."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def _serving(*servers: ThreadingHTTPServer) -> Iterator[None]:
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


@contextmanager
def proxied() -> Iterator[tuple[str, Asked]]:
    """Serve the hosts as `NAME.example`; yields the proxy's address and what is asked."""
    Host.asked, Host.inside, Host.ip = Asked(), INSIDE, INSIDE
    server = Server(("127.0.0.1", 0), Host)
    with _serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}", Host.asked


@contextmanager
def direct(spied: str) -> Iterator[tuple[str, Asked]]:
    """Serve one of them at 127.0.0.1, beside 127.0.0.2, which is inside; yields its address and what is asked.

    Datagrams and connections that are no HTTP are noted as well.
    """
    shop = Server(("127.0.0.1", 0), Host)
    inside = Server(("127.0.0.2", 0), Host)
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.2", 0))
    datagrams.settimeout(0.05)
    stream = socket.create_server(("127.0.0.2", 0))
    stream.settimeout(0.05)
    Host.asked, Host.spied, Host.ip, Host.inside = Asked(), spied, "127.0.0.2", f"127.0.0.2:{inside.server_address[1]}"
    Host.udp, Host.tcp = datagrams.getsockname()[1], stream.getsockname()[1]
    over = threading.Event()

    def listen() -> None:
        while not over.is_set():
            for kind, hear in (("UDP", lambda: datagrams.recvfrom(2000)), ("TCP", stream.accept)):
                try:
                    hear()
                except TimeoutError:
                    continue
                Host.asked.append((kind, "127.0.0.2", ""))

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    with _serving(shop, inside):
        try:
            yield f"http://127.0.0.1:{shop.server_address[1]}/", Host.asked
        finally:
            over.set()
            listener.join()
            datagrams.close()
            stream.close()
