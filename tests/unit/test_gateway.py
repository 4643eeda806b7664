"""The browser's way out: what it lets through, what it refuses, and what hostile input does to it."""

import asyncio
import base64
import contextlib
import random
import socket
from collections import Counter
from contextlib import asynccontextmanager

import pytest

from netpatrol import gateway
from netpatrol.gateway import Gateway
from netpatrol.text.addresses import Gate

LOCAL = Gate.allowing(["127.0.0.1"])
TLS = b"\x16\x03\x01\x00\x05hello"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@asynccontextmanager
async def web(answer=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi", *, stays=False):
    """Serve one fixed answer; yields the port and the bytes that were sent to it."""
    got = []

    async def serve(reader, writer):
        got.append(b"")
        while not got[-1].endswith((b"\r\n\r\n", b"hello", b"body")) and (more := await reader.read(1000)):
            got[-1] += more
        writer.write(answer)
        await writer.drain()
        while stays and (more := await reader.read(1000)):
            got[-1] += more
            writer.write(b"echo")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], got
    finally:
        server.close()


@asynccontextmanager
async def way_out(gate=LOCAL, why_not=lambda method, url: ""):
    refused = Counter()
    async with Gateway(gate, why_not, lambda reason: refused.update([reason])) as made:
        yield made, refused


def known(way, data):
    """Put the password of a gateway into a request, before the fields that it has."""
    user = base64.b64encode("{username}:{password}".format(**way.proxy).encode())
    return data.replace(b" HTTP/1.1\r\n", b" HTTP/1.1\r\nProxy-Authorization: Basic " + user + b"\r\n", 1)


async def say(way, data, *, end=False, as_page=True):
    """Send bytes to a gateway, as the page that it is for; return all that comes back."""
    data = known(way, data) if as_page else data
    reader, writer = await asyncio.open_connection("127.0.0.1", int(way.address.rpartition(":")[2]))
    writer.write(data)
    if end:
        writer.write_eof()
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionError:
        return b"reset"
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def status(answer):
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


async def test_a_request_is_passed_on_and_the_connection_ends_with_its_answer():
    async with web() as (port, got), way_out() as (way, _):
        answer = await say(way, b"GET http://127.0.0.1:%d/a?b=c HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\nCookie: d=e\r\n\r\n" % port)
    assert answer == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
    assert got == [b"GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: d=e\r\nConnection: close\r\n\r\n" % port]


@pytest.mark.parametrize("field", [b"", b"Proxy-Authorization: Basic eDp5\r\n", b"Proxy-Authorization: \r\n", b"Authorization: Basic eDp5\r\n"])
@pytest.mark.parametrize("request_line", [b"GET http://127.0.0.1:%d/", b"POST http://127.0.0.1:%d/", b"CONNECT 127.0.0.1:%d"])
async def test_whoever_does_not_know_the_password_gets_nothing(request_line, field):
    asked = []
    async with web() as (port, got), way_out(why_not=lambda method, url: asked.append(url) or "") as (way, _):
        answer = await say(way, request_line % port + b" HTTP/1.1\r\n" + field + b"\r\n", as_page=False)
    assert status(answer) == 407
    assert b"\r\nProxy-Authenticate: Basic " in answer
    assert asked == got == []


async def test_a_right_password_beside_another_is_none():
    async with way_out() as (way, _):
        assert status(await say(way, b"GET http://127.0.0.1/ HTTP/1.1\r\nProxy-Authorization: Basic eDp5\r\n\r\n")) == 407


async def test_each_page_has_a_password_of_its_own():
    async with way_out() as (one, _), way_out() as (other, _):
        assert one.proxy["password"] != other.proxy["password"]
        assert one.proxy["username"] != other.proxy["username"]


async def test_a_body_goes_along():
    async with web() as (port, got), way_out() as (way, _):
        await say(way, b"POST http://127.0.0.1:%d/ HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody" % port)
    assert got[0].endswith(b"\r\n\r\nbody")


async def test_interim_answers_are_left_out():
    async with web(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhi") as (port, _), way_out() as (way, _):
        answer = await say(way, b"GET http://127.0.0.1:%d/ HTTP/1.1\r\n\r\n" % port)
    assert answer == b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi"


async def test_what_is_refused_is_counted_and_asked_of_nobody():
    async with web() as (port, got), way_out(why_not=lambda method, url: "robots") as (way, refused):
        answers = [await say(way, text % port) for text in (b"GET http://127.0.0.1:%d/ HTTP/1.1\r\n\r\n", b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n")]
    assert [status(answer) for answer in answers] == [403, 403]
    assert refused == {"robots": 2}
    assert got == []


@pytest.mark.parametrize(
    "target",
    [
        b"GET http://10.66.0.1/", b"GET http://[::1]/", b"GET http://[::ffff:10.0.0.1]/", b"GET http://0x7f.1/", b"GET http://2130706433/",
        b"GET http://intranet/", b"GET http://localhost./", b"CONNECT 10.66.0.1:80", b"CONNECT [::1]:443", b"CONNECT [fe80::1]:443",
        b"CONNECT 0177.0.0.1:443", b"GET http://[64:ff9b::a00:1]/",
    ],
)  # fmt: skip
async def test_nothing_inside_is_asked_whatever_the_page_may(target):
    async with way_out(Gate()) as (way, refused):
        assert status(await say(way, target + b" HTTP/1.1\r\n\r\n")) == 403
    assert refused == {"internal_address": 1}


async def test_a_name_that_resolves_inside_is_refused_where_the_connection_is_made(monkeypatch):
    async def inside(*_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]

    async with way_out(Gate()) as (way, refused):
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", inside, raising=False)
        monkeypatch.setattr(asyncio, "open_connection", None)
        reader_writer = socket.create_connection(("127.0.0.1", int(way.address.rpartition(":")[2])))
        reader_writer.sendall(known(way, b"GET http://rebound.example/ HTTP/1.1\r\n\r\n"))
        answer = await asyncio.get_running_loop().run_in_executor(None, reader_writer.recv, 1000)
        reader_writer.close()
    assert status(answer) == 403
    assert refused == {"internal_address": 1}


BAD = {
    "no request": b"\x00\x01\x02\r\n\r\n",
    "address without host": b"GET / HTTP/1.1\r\n\r\n",
    "another scheme": b"GET ftp://127.0.0.1/ HTTP/1.1\r\n\r\n",
    "https in the open": b"GET https://127.0.0.1/ HTTP/1.1\r\n\r\n",
    "a user part": b"GET http://a@127.0.0.1/ HTTP/1.1\r\n\r\n",
    "no such port": b"GET http://127.0.0.1:99999/ HTTP/1.1\r\n\r\n",
    "tunnel without port": b"CONNECT 127.0.0.1 HTTP/1.1\r\n\r\n",
    "tunnel to an address": b"CONNECT http://127.0.0.1/ HTTP/1.1\r\n\r\n",
    "tunnel to a bare IPv6 address": b"CONNECT ::1:443 HTTP/1.1\r\n\r\n",
    "tunnel with a zone": b"CONNECT [fe80::1%25eth0]:443 HTTP/1.1\r\n\r\n",
    "tunnel with a broken bracket": b"CONNECT [::1:443 HTTP/1.1\r\n\r\n",
    "brackets around nothing": b"GET http://[:::::]/ HTTP/1.1\r\n\r\n",
    "tunnel to no address": b"CONNECT [1:2]:443 HTTP/1.1\r\n\r\n",
    "tunnel to port 0": b"CONNECT 127.0.0.1:0 HTTP/1.1\r\n\r\n",
    "field with a bare line feed": b"GET http://127.0.0.1/ HTTP/1.1\r\nA: b\nHost: inside\r\n\r\n",
    "field with a bare return": b"GET http://127.0.0.1/ HTTP/1.1\r\nA: b\rHost: inside\r\n\r\n",
    "folded field": b"GET http://127.0.0.1/ HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
    "space before the colon": b"GET http://127.0.0.1/ HTTP/1.1\r\nContent-Length : 5\r\n\r\n",
    "field without a name": b"GET http://127.0.0.1/ HTTP/1.1\r\n: b\r\n\r\n",
    "space in the address": b"GET http://127.0.0.1/ x HTTP/1.1\r\n\r\n",
    "old version": b"GET http://127.0.0.1/\r\n\r\n",
    "two lengths": b"POST http://127.0.0.1/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a length that is none": b"POST http://127.0.0.1/ HTTP/1.1\r\nContent-Length: +1\r\n\r\na",
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
async def test_what_two_readers_could_read_in_two_ways_is_refused(data):
    async with way_out() as (way, _):
        assert status(await say(way, data)) == 400


async def test_any_bytes_are_refused_and_asked_of_nobody():
    dice = random.Random(7)
    asked = []
    parts = [b"GET ", b"CONNECT ", b"http://", b"[::1]", b"127.0.0.1", b":443", b" HTTP/1.1", b"\r\n", b"\n", b"Host: ", b"\0", b"@", b"%0d%0a", b"\xff", b" ", b"/"]
    async with way_out(why_not=lambda method, url: asked.append(url) or "robots") as (way, _):
        for _ in range(300):
            answer = await say(way, b"".join(dice.choices(parts, k=dice.randrange(1, 12))) + b"\r\n\r\n", end=True)
            assert status(answer) in (0, 400, 403), answer
    assert all(url.startswith(("http://", "https://")) for url in asked)


@pytest.mark.parametrize(
    "host",
    [b"a..b.com", b"a" * 70 + b".com", b".b.com", b"a.com..", b"-.com", b"a_b.com", b"xn--.com", b"xn--a.com", b"a." * 120 + b"com", b"%61.com", b"a%00b.com"],
)  # fmt: skip
async def test_what_is_no_name_is_not_reached(host, caplog, monkeypatch):
    def reached(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    async with way_out(Gate.allowing([])) as (way, _):
        monkeypatch.setattr(socket, "getaddrinfo", lambda name, *_, **__: name.encode("idna") and reached())  # as the real one begins
        for line in (b"GET http://" + host + b"/", b"CONNECT " + host + b":443"):
            answer = await say(way, line + b" HTTP/1.1\r\n\r\n" + (TLS if line.startswith(b"CONNECT") else b""))
            assert status(answer) in (200, 400, 403, 502)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("host", [b"a..b.com", b"a" * 70 + b".com"])
async def test_a_label_that_is_empty_or_too_long_is_a_bad_gateway(host):
    async with way_out(Gate.allowing([])) as (way, _):
        assert status(await say(way, b"GET http://" + host + b"/ HTTP/1.1\r\n\r\n")) == 502


async def test_what_is_too_long_is_refused():
    async with way_out() as (way, _):
        assert status(await say(way, b"GET http://127.0.0.1/ HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"\r\n")) in (0, 431)
        assert status(await say(way, b"POST http://127.0.0.1/ HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n")) == 413
        assert status(await say(way, b"POST http://127.0.0.1/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")) == 411
        assert await say(way, b"GET http://127.0.0.1/ HT", end=True) == b""


async def test_silence_ends(monkeypatch):
    monkeypatch.setattr(gateway, "IDLE_SECONDS", 0.05)
    async with way_out() as (way, _):
        assert await say(way, b"GET http://127.0.0.1/ HTTP/1.1\r\n") == b""
        assert status(await say(way, b"CONNECT 127.0.0.1:443 HTTP/1.1\r\n\r\n")) == 200


async def test_an_answer_that_never_ends_is_cut(monkeypatch):
    monkeypatch.setattr(gateway, "MOST_RECEIVED", 100_000)
    async with web(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000) as (port, _), way_out() as (way, refused):
        answer = await say(way, b"GET http://127.0.0.1:%d/ HTTP/1.1\r\n\r\n" % port)
    assert len(answer) < 110_000
    assert refused == {"data": 1}


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 407 Who\r\n\r\n", b"HTTP/1.1 101 Switch\r\n\r\n", b"A: " + b"b" * 100_000])
async def test_an_answer_that_is_none_is_a_bad_gateway(answer):
    async with web(answer) as (port, _), way_out() as (way, _):
        assert status(await say(way, b"GET http://127.0.0.1:%d/ HTTP/1.1\r\n\r\n" % port)) == 502


async def test_a_host_that_is_not_there_is_a_bad_gateway(unused_port):
    async with way_out() as (way, _):
        assert status(await say(way, b"GET http://127.0.0.1:%d/ HTTP/1.1\r\n\r\n" % unused_port)) == 502


@pytest.fixture
def unused_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


async def test_a_tunnel_carries_tls():
    async with web(b"world", stays=True) as (port, got), way_out() as (way, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(way.address.rpartition(":")[2]))
        writer.write(known(way, b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % port))
        assert status(await reader.readuntil(b"\r\n\r\n")) == 200
        assert got == []
        writer.write(TLS)
        answer = await reader.readexactly(5)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    assert answer == b"world"
    assert got == [TLS]


async def test_a_tunnel_carries_nothing_else():
    async with web() as (port, got), way_out() as (way, refused):
        await say(way, b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\nGET /socket HTTP/1.1\r\nUpgrade: websocket\r\n\r\n" % port)
    assert got == []
    assert refused == {"no_tls": 1}


async def test_the_configured_proxy_is_used_with_its_password(monkeypatch):
    async with web() as (port, got), way_out(Gate()) as (way, _):
        monkeypatch.setenv("http_proxy", f"http://us%40er:pass@127.0.0.1:{port}")
        assert (await say(way, b"GET http://shop.example/a HTTP/1.1\r\n\r\n")).endswith(b"hi")
    assert got == [
        b"GET http://shop.example/a HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\nProxy-Authorization: Basic dXNAZXI6cGFzcw==\r\n\r\n"
    ]


async def test_a_tunnel_goes_through_the_configured_proxy(monkeypatch):
    async with web(b"HTTP/1.1 200 OK\r\n\r\n", stays=True) as (port, got), way_out(Gate()) as (way, _):
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{port}")
        reader, writer = await asyncio.open_connection("127.0.0.1", int(way.address.rpartition(":")[2]))
        writer.write(known(way, b"CONNECT shop.example:443 HTTP/1.1\r\n\r\n" + TLS))
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(4) == b"echo"
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    assert got == [b"CONNECT shop.example:443 HTTP/1.1\r\nHost: shop.example:443\r\n\r\n" + TLS]


async def test_all_ends_with_the_gateway():
    async with web(b"HTTP/1.1 200 OK\r\n\r\n", stays=True) as (port, _):
        async with way_out() as (way, _):
            ours = int(way.address.rpartition(":")[2])
            reader, writer = await asyncio.open_connection("127.0.0.1", ours)
            writer.write(known(way, b"GET http://127.0.0.1:%d/ HTTP/1.1\r\n\r\n" % port))
            await reader.readuntil(b"\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 5) == b""
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", ours)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def test_no_more_connections_than_a_browser_opens(monkeypatch):
    monkeypatch.setattr(gateway, "MOST_CONNECTIONS", 2)
    async with way_out() as (way, refused):
        port = int(way.address.rpartition(":")[2])
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        assert status(await say(way, b"GET http://127.0.0.1/ HTTP/1.1\r\n\r\n")) in (0, 403)
        for _, writer in held:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
    assert refused == {"connections": 1}
