"""What the browser asks for while it draws pages that want it to ask for more than it may."""

import asyncio
import ssl
from collections import Counter
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright
from support import scripted
from support.certificates import certificate
from support.crawls import Patrol

from netpatrol.browser import find_browser, guard, judge_redirects, judging, launch_options
from netpatrol.gateway import Gateway
from netpatrol.store import embedded
from netpatrol.text.addresses import Gate
from netpatrol.visit import Visit

pytestmark = [pytest.mark.crawl, pytest.mark.mongo, pytest.mark.browser]

NAMES = ("spying", "hinting", "calling", "greedy", "popping", "leaving", "private", "moving", "sly", "api", "cdn", "returning", "pushing", "framing")


def crawl(folder, urls, *, proxy="", **environment):
    patrol = Patrol(folder / "home", environment)
    seeds = folder / "seeds.txt"
    seeds.write_text("\n".join(urls), "utf-8")
    patrol.crawl("sites", "-a", f"seeds={seeds}", "-s", "DOWNLOAD_DELAY=0.05", proxy=proxy)
    return patrol


@pytest.fixture(scope="module")
def patrolled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guard")
    with scripted.proxied() as (proxy, asked):
        patrol = crawl(folder, [f"http://{name}.example/" for name in NAMES], proxy=proxy)
        found = {"asked": scripted.Asked(asked), "ledger": patrol.ledger(), "leads": patrol.leads()}
    embedded.stop(patrol.home)
    return found


def hosts_of(leads):
    return {lead["host"].partition(".")[0] for lead in leads}


def test_nothing_inside_is_asked_on_any_hop_by_any_means(patrolled):
    asked = [entry for entry in patrolled["asked"] if ".example" not in entry[1]]
    assert asked == []
    assert "/r/fetch" in patrolled["asked"].at("spying.example")  # the redirect itself was met


def test_a_page_that_leaves_by_script_is_a_redirect_and_nobody_elses_words_are_its_own(patrolled):
    assert patrolled["ledger"]["pages"]["skipped_by_reason"]["redirect_off_site"] >= 1
    assert patrolled["asked"].at("victim.example") == ["/robots.txt"]
    assert not {"leaving", "victim"} & hosts_of(patrolled["leads"])


def test_robots_holds_for_what_scripts_ask_for(patrolled):
    assert "/private/x" not in patrolled["asked"].at("private.example")
    assert not [path for path in patrolled["asked"].at("calling.example") if path.startswith("/api/")]
    assert not {"private", "calling"} & hosts_of(patrolled["leads"])
    assert patrolled["ledger"]["pages"]["skipped_by_reason"]["needs_render"] == 2  # and of the greedy one not all was let through


def test_a_page_asks_for_so_much_and_no_more(patrolled):
    assert 20 < len(patrolled["asked"].at("greedy.example")) < 65


def test_popups_are_asked_for_nothing(patrolled):
    assert Counter(patrolled["asked"].at("popping.example")) == {"/robots.txt": 1, "/": 2, "/static/app.js": 1}


def test_a_frame_is_led_to_nobody_else_though_the_page_may_ask_them_for_pictures(patrolled):
    assert "/out/frame" in patrolled["asked"].at("framing.example")
    assert [path for path in patrolled["asked"].at("frames.example") if path != "/robots.txt"] == ["/picture"]


def test_a_page_that_shows_something_before_it_leaves_is_judged_by_it(patrolled):
    assert "sly" in hosts_of(patrolled["leads"])


@pytest.mark.parametrize("name", ["moving", "api", "cdn", "returning", "pushing"])
def test_shops_that_scripts_draw_are_read(patrolled, name):
    assert name in hosts_of(patrolled["leads"])


def test_the_ledger_adds_up(patrolled):
    assert patrolled["ledger"]["adds_up"] is True


def test_without_a_proxy_nothing_inside_is_asked_either(tmp_path):
    with scripted.direct("spying") as (url, asked):
        patrol = crawl(tmp_path, [url], NETPATROL_ALLOWED_INTERNAL="127.0.0.1")
        stated = patrol.ledger()["pages"]["checked"]
    embedded.stop(patrol.home)
    assert asked.at("127.0.0.2") == []
    assert "/r/fetch" in asked.at("127.0.0.1")
    assert stated == 1


async def test_the_gateway_and_the_arguments_hold_where_nobody_judges_in_the_page(monkeypatch):
    """The same page reaches 127.0.0.2 in 26 ways with a browser that is started plainly, a datagram and a TURN server among them."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    gate = Gate.allowing(["127.0.0.1"])
    with scripted.direct("both") as (url, asked):
        visit = Visit(start=url, gate=gate, robots=lambda url, like: "", most=200)
        async with async_playwright() as playwright, Gateway(gate, visit.why_not_pass, lambda reason: None) as way:
            browser = await playwright.chromium.launch(**launch_options(find_browser(""), way.address))
            page = await (await browser.new_context(proxy=way.proxy)).new_page()
            await page.goto(url, wait_until="commit")
            await asyncio.sleep(2)  # until all has been tried
            await browser.close()
    assert {"/r/fetch", "/r/events", "/r/navigation", "/r/worker", "/r/css"} <= set(asked.at("127.0.0.1"))
    assert asked.at("127.0.0.2") == []


LEADING_INSIDE = """<html><body><div id=app></div><script>
const inside = location.href.replace('127.0.0.1', '127.0.0.2'), tried = f => { try { f() } catch (e) {} };
tried(() => fetch('/r', {mode: 'no-cors'}).catch(() => {})); tried(() => { new Image().src = '/r' });
tried(() => document.body.insertAdjacentHTML('beforeend', '<iframe src=/r></iframe>'));
tried(() => new WebSocket(inside.replace('https', 'wss'))); tried(() => new WebSocket(inside.replace('https', 'ws')));
tried(() => open(inside)); tried(() => new Worker(URL.createObjectURL(new Blob([`fetch('${inside}',{mode:'no-cors'})`]))));
setTimeout(() => { document.getElementById('app').innerText = 'shown' }, 500);
</script></body></html>"""


@asynccontextmanager
async def secure(folder):
    """Serve a page over TLS at 127.0.0.1, beside 127.0.0.2, which is inside; yields the port and which of them was reached."""
    reached = []

    async def serve(reader, writer):
        local = writer.get_extra_info("sockname")[0]
        asked = await reader.readuntil(b"\r\n\r\n")
        reached.append((local, asked.split(b" ")[1].decode()))
        head = f"302 Found\r\nLocation: https://127.0.0.2:{port}/secret" if asked.startswith(b"GET /r ") else "200 OK\r\nContent-Type: text/html"
        body = b"" if asked.startswith(b"GET /r ") else LEADING_INSIDE.encode()
        writer.write(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    def opened(reader, writer):
        local = writer.get_extra_info("sockname")[0]
        if local == "127.0.0.2":
            reached.append((local, "connection"))
        return serve(reader, writer)

    keys = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    keys.load_cert_chain(certificate(folder))
    shop = await asyncio.start_server(opened, "127.0.0.1", 0, ssl=keys)
    port = shop.sockets[0].getsockname()[1]
    inside = await asyncio.start_server(opened, "127.0.0.2", port)  # without TLS: a connection alone is too much
    try:
        yield port, reached
    finally:
        shop.close()
        inside.close()


async def guarded(browser, way, visit, refused):
    """Open a page as the patrol does, whoever has signed the shop's certificate."""
    context = await browser.new_context(ignore_https_errors=True, proxy=way.proxy)
    await guard(context)
    page = await context.new_page()
    await judge_redirects(page, visit, lambda reason: refused.update([reason]))
    await page.route("**", judging(visit, lambda reason: refused.update([reason]), lambda route, asked: route.continue_()))
    return page


async def test_tunnels_lead_to_the_shop_and_not_inside(tmp_path, monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    gate, refused = Gate.allowing(["127.0.0.1"]), Counter()
    async with secure(tmp_path) as (port, reached), async_playwright() as playwright:
        visit = Visit(start=f"https://127.0.0.1:{port}/", gate=gate, robots=lambda url, like: "", most=60)
        async with Gateway(gate, visit.why_not_pass, lambda reason: refused.update([reason])) as way:
            browser = await playwright.chromium.launch(**launch_options(find_browser(""), way.address))
            page = await guarded(browser, way, visit, refused)
            await page.goto(visit.start, wait_until="commit")
            await page.wait_for_function("document.getElementById('app').innerText === 'shown'")
            await browser.close()
    assert {"/", "/r"} <= {path for _, path in reached}
    assert [entry for entry in reached if entry[0] == "127.0.0.2"] == []
    assert refused["internal_address"] >= 3


LEADING_ASTRAY = """<html><body><div id=app></div><img src=https://127.0.0.3:PORT/picture><script>
const socket = 'wss://127.0.0.1:PORT/private/socket', tried = f => { try { f() } catch (e) { fetch('/failed?' + e) } };
const add = html => document.body.insertAdjacentHTML('beforeend', html), worker = text => URL.createObjectURL(new Blob([text]));
onload = () => {
    tried(() => fetch('/to/good').then(answer => answer.text()).then(text => { document.getElementById('app').innerText = text }));
    tried(() => fetch('/to/private/fetch').catch(() => {})); tried(() => fetch('/twice/private/fetch').catch(() => {}));
    tried(() => fetch('/order', {method: 'POST', body: 'an order'}).catch(() => {}));
    tried(() => fetch('/away/pixel', {mode: 'no-cors'}).catch(() => {}));
    tried(() => { new Image().src = '/to/private/image' }); tried(() => add('<iframe src=/to/private/frame></iframe><iframe src=/away/frame></iframe>'));
    tried(() => add(`<iframe sandbox=allow-scripts srcdoc="<script>fetch('https://127.0.0.1:PORT/to/private/sandbox', {mode: 'no-cors'});
        new WebSocket('${socket}')</scr` + 'ipt>"></iframe>'));
    tried(() => { const made = new WebSocket(socket); made.onclose = () => fetch('/closed'); made.send('x'); });
    tried(() => new WebSocket('wss://127.0.0.3:PORT/socket'));
    tried(() => { add('<iframe id=blank></iframe>'); new (document.getElementById('blank').contentWindow.WebSocket)(socket) });
    tried(() => new Worker(worker(`new WebSocket('${socket}');fetch('https://127.0.0.1:PORT/to/private/worker')`)).postMessage('x'));
    tried(() => { const made = window.open('/popup'); made.focus(); made.document.write('x'); made.location = '/popup'; fetch('/opened') });
};
</script></body></html>"""


@asynccontextmanager
async def astray(folder):
    """Serve the page above over TLS at every address of loopback; yields its port, and who was asked for what with which body."""
    reached = []

    async def serve(reader, writer):
        asked = await reader.readuntil(b"\r\n\r\n")
        lengths = [line.partition(b":")[2] for line in asked.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        body = await reader.readexactly(int(lengths[0])) if lengths else b""
        path = asked.split(b" ")[1].decode()
        reached.append((writer.get_extra_info("sockname")[0], path, body))
        first, _, rest = path[1:].partition("/")
        away = f"https://127.0.0.3:{port}/"
        leads = {"to": f"/{rest}", "twice": f"/to/{rest}", "away": away + rest, "order": away + "order"}
        head = f"307 Moved\r\nLocation: {leads[first]}" if first in leads else "200 OK\r\nContent-Type: text/html"
        content = b"" if first in leads else LEADING_ASTRAY.replace("PORT", str(port)).encode() if path == "/" else b"shown"
        head += f"\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: {len(content)}\r\nConnection: close"
        writer.write(f"HTTP/1.1 {head}\r\n\r\n".encode() + content)
        await writer.drain()
        writer.close()

    keys = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    keys.load_cert_chain(certificate(folder))
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=keys)
    port = server.sockets[0].getsockname()[1]
    other = await asyncio.start_server(serve, "127.0.0.3", port, ssl=keys)
    try:
        yield port, reached
    finally:
        server.close()
        other.close()


@pytest.fixture
async def led_astray(tmp_path, monkeypatch):
    """Draw the page above, and go to where it leads by itself; returns what was reached."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    gate, refused = Gate.allowing(["127.0.0.1", "127.0.0.3"]), Counter()
    async with astray(tmp_path) as (port, reached), async_playwright() as playwright:
        home = f"https://127.0.0.1:{port}/"
        browser = await playwright.chromium.launch(**launch_options(find_browser(""), "http://127.0.0.1:9"))
        for start in (home, home + "to/private/page", home + "away/page"):
            visit = Visit(start=start, gate=gate, robots=lambda url, like: "robots" if urlsplit(url).path.startswith("/private/") else "", most=60)
            async with Gateway(gate, visit.why_not_pass, lambda reason: refused.update([reason])) as way:
                page = await guarded(browser, way, visit, refused)
                if start == home:
                    await page.goto(start, wait_until="load")
                    await page.wait_for_function("document.getElementById('app').innerText === 'shown'")
                    await asyncio.sleep(1)  # until all has been tried
                else:
                    with pytest.raises(PlaywrightError, match="ERR_BLOCKED_BY_CLIENT"):
                        await page.goto(start, wait_until="commit")
                await page.context.close()
        await browser.close()
    return reached


async def test_redirects_are_judged_inside_tunnels_too(led_astray):
    tried = {"fetch", "image", "frame", "sandbox", "page"}
    assert {f"/to/private/{name}" for name in tried} | {"/twice/private/fetch", "/away/frame", "/away/page", "/order"} <= {path for _, path, _ in led_astray}
    assert [path for _, path, _ in led_astray if path.startswith("/private/")] == []
    assert ("127.0.0.1", "/order", b"an order") in led_astray
    assert {(path, body) for host, path, body in led_astray if host == "127.0.0.3"} == {("/picture", b""), ("/pixel", b"")}


async def test_sockets_workers_and_popups_do_nothing_and_break_nothing(led_astray):
    paths = {path for _, path, _ in led_astray}
    assert {"/closed", "/opened", "/good"} <= paths
    assert [path for path in paths if "socket" in path or "worker" in path or "popup" in path or "failed" in path] == []
