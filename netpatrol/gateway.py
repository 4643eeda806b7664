"""The browser's only way out: a small forward proxy on loopback that is asked about every request, on every hop.

What a page asks for by itself can be judged in the browser; where a redirect, a worker, a socket or a prefetch leads
cannot. One gateway serves one page, so it knows for whom it is asked, and everything ends with it. What is let through
goes on to the configured proxy or to an address that was judged after the name was resolved. Whoever else shares the
machine does not know its password.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import logging
import re
import secrets
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from netpatrol.text.addresses import Gate
from netpatrol.text.urls import is_web_address

logger = logging.getLogger(__name__)

MOST_HEAD = 65_536
MOST_SENT = 1_000_000
MOST_RECEIVED = 30_000_000
"""Bytes that one page may load in all."""
MOST_CONNECTIONS = 64
"""Chromium itself opens 32 to a proxy."""
CONNECT_SECONDS = 15.0
IDLE_SECONDS = 30.0
CHUNK = 65_536

_REQUEST = re.compile(rb"([A-Z]{3,10}) ([\x21-\x7e]{1,16000}) HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)")
_AUTHORITY = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[\w.-]{1,253}):(\d{1,5})")
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: |\r|$)")
_OURS = frozenset({b"connection", b"keep-alive", b"te", b"trailer", b"upgrade", b"host", b"expect"})
"""Fields between two neighbours, and the one that must say what the address says; `proxy-` ones are dropped as well."""
_THEIRS = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"alt-svc", b"upgrade"})
_HANDSHAKE = b"\x16"
"""The first byte of TLS: whatever else a tunnel is opened for (a plain WebSocket, a TURN server) is not let through."""


class _Answer(Exception):  # noqa: N818 - it is an answer
    """What a request is answered with instead of being passed on."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request as the browser sent it."""

    method: str
    url: str
    host: str
    port: int
    fields: tuple[tuple[bytes, bytes], ...]

    @property
    def length(self) -> int:
        """Return how long its body is; raises for what is not said plainly."""
        if any(name.lower() == b"transfer-encoding" for name, _ in self.fields):
            raise _Answer(411)
        said = {value.strip() for name, value in self.fields if name.lower() == b"content-length"}
        if len(said) > 1 or not all(value.isdigit() for value in said):
            raise _Answer(400)
        length = int(next(iter(said), b"0")[:12])
        if length > MOST_SENT:
            raise _Answer(413)
        return length


class Gateway:
    """Serves one page: asks `why_not(method, url)` about each request (a tunnel is `CONNECT https://host:port/`)."""

    def __init__(self, gate: Gate, why_not: Callable[[str, str], str], refused: Callable[[str], None]) -> None:
        self.gate, self.why_not, self.refused = gate, why_not, refused
        self.received = 0
        self._user, self._password = secrets.token_urlsafe(12), secrets.token_urlsafe(24)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Begin to listen, on a port of its own."""
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=MOST_HEAD)

    async def close(self) -> None:
        """Listen no more, and cut what is under way."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self) -> Gateway:
        """Open."""
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.close()

    @property
    def address(self) -> str:
        """Return the address that the browser is told."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @property
    def proxy(self) -> dict[str, str]:
        """Return the address with who may use it, as Playwright wants to be told."""
        return {"server": self.address, "username": self._user, "password": self._password}

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection: one request, one answer, or one tunnel."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if len(self._tasks) > MOST_CONNECTIONS:
                self._refuse("connections")
            await self._pass_on(reader, writer)
        except _Answer as answer:
            asks = b"Proxy-Authenticate: Basic realm=page\r\n" if answer.status == 407 else b""
            writer.write(b"HTTP/1.1 %d Refused\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n" % (answer.status, asks))
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError, ssl.SSLError) as error:
            logger.debug("A connection of the browser broke off: %r", error)
        except asyncio.CancelledError:
            writer.transport.abort()  # the page is closed: nobody waits for the rest
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = _read_request(await _head(reader, 431))
        if not self._is_known(asked):
            raise _Answer(407)
        reason = "internal_address" if not self.gate.lets(asked.host) else self.why_not(asked.method, asked.url)
        if reason:
            self._refuse(reason)
        if asked.method == "CONNECT":
            await self._tunnel(asked, reader, writer)
        else:
            await self._exchange(asked, reader, writer)

    def _is_known(self, asked: _Asked) -> bool:
        given = [value for name, value in asked.fields if name.lower() == b"proxy-authorization"]
        return len(given) == 1 and secrets.compare_digest(given[0], _basic(self._user, self._password))

    def _refuse(self, reason: str) -> None:
        self.refused(reason)
        raise _Answer(403)

    # -- plain http ----------------------------------------------------------------------------------

    async def _exchange(self, asked: _Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = await asyncio.wait_for(reader.readexactly(asked.length), IDLE_SECONDS)
        proxy = _proxy_for("http", asked.host)
        theirs, there = await self._reach(asked, proxy)
        try:
            there.write(_request_head(asked, proxy) + body)
            head = await _answer_head(theirs)
            writer.write(_closing(head))
            await self._relay(theirs, writer)
        finally:
            there.transport.abort()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hand on what comes until it ends, falls silent or is too much for one page."""
        while chunk := await asyncio.wait_for(reader.read(CHUNK), IDLE_SECONDS):
            self.received += len(chunk)
            if self.received > MOST_RECEIVED:
                self.refused("data")
                return
            writer.write(chunk)
            await asyncio.wait_for(writer.drain(), IDLE_SECONDS)

    # -- tunnels -------------------------------------------------------------------------------------

    async def _tunnel(self, asked: _Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Open a tunnel once the browser has begun with TLS; before that nobody is asked anything."""
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        first = await asyncio.wait_for(reader.read(CHUNK), IDLE_SECONDS)
        if not first.startswith(_HANDSHAKE):
            self.refused("no_tls")
            return
        proxy = _proxy_for("https", asked.host)
        theirs, there = await self._reach(asked, proxy)
        try:
            if proxy is not None:
                there.write(_request_head(asked, proxy))
                await _answer_head(theirs, only_good=True)
            there.write(first)
            ways = [asyncio.ensure_future(self._relay(*way)) for way in ((theirs, writer), (reader, there))]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        finally:
            there.transport.abort()

    # -- the way on ----------------------------------------------------------------------------------

    async def _reach(self, asked: _Asked, proxy: _Proxy | None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the configured proxy, or to an address of the host that may be connected to."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                if proxy is not None:
                    tls = ssl.create_default_context() if proxy.tls else None
                    return await asyncio.open_connection(proxy.host, proxy.port, limit=MOST_HEAD, ssl=tls)
                for address in await self._addresses(asked.host, asked.port):
                    try:
                        return await asyncio.open_connection(address, asked.port, limit=MOST_HEAD)
                    except OSError as error:
                        logger.debug("No connection to %s: %r", address, error)
        except (OSError, TimeoutError, UnicodeError) as error:  # UnicodeError: an empty or overlong label is no name at all
            logger.debug("No connection for %s: %r", asked.host, error)
        raise _Answer(502)

    async def _addresses(self, host: str, port: int) -> list[str]:
        """Resolve a host once; the connection is made to what is judged here, so there is no second look-up to deceive."""
        found = await asyncio.get_running_loop().getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        if host.lower().rstrip(".") in self.gate.names:
            return addresses
        public = [one for one in addresses if self.gate.lets_address(ipaddress.ip_address(one.partition("%")[0]))]
        if addresses and not public:
            self._refuse("internal_address")
        return public


@dataclass(frozen=True, slots=True)
class _Proxy:
    """The operator's own proxy."""

    host: str
    port: int
    tls: bool
    authorization: bytes


def _proxy_for(scheme: str, host: str) -> _Proxy | None:
    """Return the configured proxy for a scheme, None where a host is asked directly; as for all other requests."""
    url = getproxies().get(scheme)
    if not url or proxy_bypass(host):
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    user = _basic(unquote(parts.username), unquote(parts.password or "")) if parts.username else b""
    return _Proxy(
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        tls=parts.scheme == "https",
        authorization=b"Proxy-Authorization: " + user + b"\r\n" if user else b"",
    )


def _basic(user: str, password: str) -> bytes:
    return b"Basic " + base64.b64encode(f"{user}:{password}".encode())


async def _head(reader: asyncio.StreamReader, too_long: int) -> bytes:
    try:
        return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), IDLE_SECONDS)
    except asyncio.LimitOverrunError as error:
        raise _Answer(too_long) from error


async def _answer_head(reader: asyncio.StreamReader, *, only_good: bool = False) -> bytes:
    """Return the head of an answer, interim ones aside; raises 502 for what is none, and what only concerns the proxy."""
    for _ in range(8):
        try:
            head = await _head(reader, 502)
        except (OSError, EOFError, TimeoutError) as error:
            raise _Answer(502) from error
        status = _STATUS.match(head)
        if status is None or status[1] in (b"407", b"101") or (only_good and status[1][:1] != b"2"):
            raise _Answer(502)
        if status[1][:1] != b"1":
            return head
    raise _Answer(502)


def _read_request(head: bytes) -> _Asked:
    """Return a request; raises 400 for anything that two readers could read in two ways."""
    first, *lines = head[:-4].split(b"\r\n")
    request, fields = _REQUEST.fullmatch(first), [_FIELD.fullmatch(line) for line in lines]
    if request is None or not all(fields):
        raise _Answer(400)
    method, target = request[1].decode("ascii"), request[2].decode("ascii")
    if method == "CONNECT":
        authority = _AUTHORITY.fullmatch(target)
        url = f"https://{target}/" if authority else ""
    else:
        url = target if target.lower().startswith("http://") else ""
    if not is_web_address(url):
        raise _Answer(400)
    try:
        parts = urlsplit(url)
    except ValueError as error:  # brackets around what is no address
        raise _Answer(400) from error
    port = parts.port or (443 if method == "CONNECT" else 80)
    given = tuple((field[1], field[2]) for field in fields if field is not None)
    return _Asked(method=method, url=url, host=parts.hostname or "", port=port, fields=given)


def _request_head(asked: _Asked, proxy: _Proxy | None) -> bytes:
    """Return what is sent on: the address says to whom, nothing that is between the browser and us goes along."""
    parts = urlsplit(asked.url)
    named = {word.strip().lower() for name, value in asked.fields if name.lower() == b"connection" for word in value.split(b",")}
    if asked.method == "CONNECT":
        target, kept = parts.netloc, []
    else:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        target = f"http://{parts.netloc}{path}" if proxy else path
        kept = [
            name + b": " + value
            for name, value in asked.fields
            if name.lower() not in _OURS | named and not name.lower().startswith(b"proxy-")
        ]
    lines = [f"{asked.method} {target} HTTP/1.1".encode(), f"Host: {parts.netloc}".encode(), *kept]
    if asked.method != "CONNECT":
        lines.append(b"Connection: close")
    return b"\r\n".join(lines) + b"\r\n" + (proxy.authorization if proxy else b"") + b"\r\n"


def _closing(head: bytes) -> bytes:
    """Return the head of an answer such that the browser asks nothing more on this connection."""
    first, *lines = head[:-4].split(b"\r\n")
    kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in _THEIRS]
    return b"\r\n".join([first, *kept, b"Connection: close"]) + b"\r\n\r\n"
