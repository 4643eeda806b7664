"""Whether the configured proxy answers at all: one that does not would make every shop look unreachable."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit
from urllib.request import getproxies

from netpatrol.errors import NetPatrolError

SECONDS = 5.0


class ProxyAwayError(NetPatrolError):
    """The proxy that all requests would go through does not answer."""

    exit_code = 3


def check_proxy() -> None:
    """Raise ProxyAwayError for a configured proxy (http_proxy, https_proxy) that takes no connection."""
    proxies = getproxies()
    for url in dict.fromkeys(url for kind, url in proxies.items() if kind in ("http", "https") and url):
        where = urlsplit(url if "://" in url else f"http://{url}")
        try:
            port = where.port or (443 if where.scheme == "https" else 80)
            with socket.create_connection((where.hostname or "", port), SECONDS):
                continue
        except (OSError, ValueError) as error:
            shown = where.netloc.rpartition("@")[2]
            why = getattr(error, "strerror", "") or str(error)
            raise ProxyAwayError(f"代理 {shown} 连不上，请检查 http_proxy：{why}") from error
