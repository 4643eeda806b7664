"""A small web on loopback: folders named for hosts, served through a forward proxy, so that pages have real addresses.

For the demonstration and for tests. It serves files below one root and nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

TYPES = {".html": "text/html", ".txt": "text/plain; charset=utf-8", ".json": "application/json", ".png": "image/png"}


class _Proxy(BaseHTTPRequestHandler):
    """Answers `GET http://host/path` from `root/host/path`."""

    protocol_version = "HTTP/1.1"

    def __init__(self, root: Path, *args: object) -> None:
        self.root = root
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Serve a file, 404 for a known host without that file, 502 for an unknown host."""
        parts = urlsplit(self.path)
        host = (parts.hostname or self.headers.get("Host", "").partition(":")[0]).lower()
        folder = (self.root / host).resolve()
        if not host or folder.parent != self.root or not folder.is_dir():
            self._send(502, b"no such host", "text/plain")
            return
        file = find_file(folder, parts.path, parts.query)
        if file is None:
            self._send(404, "页面不存在".encode(), "text/html; charset=utf-8")
        else:
            self._send(200, file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream"))

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the crawl has its own log."""


def find_file(folder: Path, path: str, query: str) -> Path | None:
    """Return the file of an address: `a/b`, `a/b/index.html`, `a/b__query.html`; None outside the folder."""
    plain = unquote(path).strip("/")
    names = [f"{plain}__{query}.html"] if query else [plain, f"{plain}/index.html" if plain else "index.html"]
    for name in names:
        file = (folder / name).resolve()
        if file.is_relative_to(folder) and file.is_file():
            return file
    return None


@contextmanager
def serve(root: Path) -> Iterator[str]:
    """Serve the hosts below `root` for the length of a with block; yields the proxy's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Proxy, root.resolve()))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="demo web", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
