"""Host names as lists write them, in one spelling; addresses of bare domains."""

from __future__ import annotations

import ipaddress
import re
from itertools import takewhile
from urllib.parse import SplitResult, urlsplit

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}:/{2,}|https?(?::/*|/{2,})|//+)", re.IGNORECASE)
_BETWEEN = re.compile(r"[、，,;；|\s]+")
_OTHER_SCHEME = re.compile(
    r"(?!h+t+p+s?:)(?:[a-z][a-z0-9+.-]{0,20}://|(?:mailto|tel|sms|javascript|vbscript|data|about|blob|file|ftp|sftp|weixin):)",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"((?:^|//|[\s,：])(?!mailto:)[^/@\s:]*:)[^/@\s]+(?=@)")
_NAMED = re.compile(r"^[^/]*(?:[a-z0-9\u3400-\u9fff][.。．｡][a-z\u3400-\u9fff]{2}|//)", re.IGNORECASE)
"""A cell's part that may be an address: a name with a domain, or a scheme."""
LONGEST_HOST = 253
LONGEST_ADDRESS = 2_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_DOTS = str.maketrans({"。": ".", "．": ".", "｡": ".", "／": "/", "：": ":"})


def host_of(text: str) -> str:
    """Return the host of an address or bare domain: lower case, punycode, no port, no trailing dot.

    ValueError, with a Chinese reason, where there is none.
    """
    text = _SCHEME.sub("", text.translate(_DOTS).strip().strip("\ufeff\u200b\"'“”<>"), count=1)
    host = re.split(r"[/?#\\]", text, maxsplit=1)[0].rpartition("@")[2].strip()
    if host.startswith("["):
        return str(_address(host[1:].partition("]")[0]) or _fail("不是有效的域名"))
    host = re.sub(r":\d*\Z", "", host).rstrip(".").lower()
    if not host:
        _fail("没有域名")
    if _BETWEEN.search(host):
        _fail("一格里不止一个域名" if len(several(text)) > 1 else "不是有效的域名")
    if len(host) > LONGEST_HOST:
        _fail("域名过长")
    return str(_address(host) or _ascii(host))


def _ascii(host: str) -> str:
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        _fail("不是有效的域名")
    labels = ascii_host.split(".")
    if len(ascii_host) > 253 or len(labels) < 2 or not all(map(_LABEL.match, labels)) or labels[-1].isdigit():
        _fail("不是有效的域名")
    return ascii_host


def _fail(reason: str) -> str:
    raise ValueError(reason)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def address_of(text: str) -> str:
    """Return the start address of a bare domain or of an address as written in a list; ValueError as `host_of`."""
    if len(text) > LONGEST_ADDRESS:
        _fail(f"网址超过 {LONGEST_ADDRESS} 个字符")
    if other := _OTHER_SCHEME.match(text.strip()):
        _fail(f"不是网页地址（{other[0]}），只收 http 和 https")
    host = host_of(text)
    if _CONTROL.search(text.strip()):
        _fail("网址里有控制字符")
    stripped = text.translate(_DOTS).strip().strip("\ufeff\u200b\"'“”<>")
    if not re.match(r"https?://", stripped, re.IGNORECASE):
        stripped = "http://" + _SCHEME.sub("", stripped)
    try:
        parts = urlsplit(stripped)
    except ValueError:
        return _fail("网址写错了")
    if "@" in parts.netloc:
        _fail("网址里有用户名或口令，或者是电子邮件地址，请只写网址")
    shown = f"[{host}]" if ":" in host else host
    port = f":{number}" if (number := _port(parts)) not in (None, 0, 80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme.lower()}://{shown}{port}{parts.path.strip() or '/'}{query}"


def several(text: str) -> tuple[str, ...]:
    """Return the addresses with which a cell of a list begins (`a.cn、b.cn 已注销`); the cell itself where it has one, or none."""
    parts = tuple(takewhile(_NAMED.search, filter(None, _BETWEEN.split(text.strip()))))
    return parts if len(parts) > 1 else (text,)


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        _fail("端口无效")
    return None


def without_password(text: str) -> str:
    """Return a line of a list as it is told: a password in an address is nobody's business."""
    return _PASSWORD.sub(r"\1***", text)
