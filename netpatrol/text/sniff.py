"""Owns the question what a body is: HTML, JSON, or something that is no page at all."""

from __future__ import annotations

import re
from enum import StrEnum

_MAGIC = (
    b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"BM", b"RIFF", b"OggS",
    b"ID3", b"\x00\x00\x01\x00", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"7z\xbc\xaf", b"wOFF", b"wOF2", b"\x00asm",
    b"FLV", b"\x00\x00\x00",
)  # fmt: skip
_BINARY_TYPES = (
    "image/",
    "video/",
    "audio/",
    "font/",
    "application/pdf",
    "application/zip",
    "application/octet-stream",
)
_TAG = re.compile(
    r"<(?:!doctype|!--|html|head|body|meta|title|div|p|a|table|script|span|ul|h[1-6]|br|img|font|center|frameset|\?xml)\b|<!",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\ufffd]")


class Body(StrEnum):
    """What a body is."""

    HTML = "html"
    JSON = "json"
    SCRIPT = "script"
    BINARY = "binary"
    EMPTY = "empty"


def sniff(body: bytes, text: str, content_type: str = "") -> Body:
    """Return what the body is, by its own look first and the header second; text without tags is HTML too."""
    if not text.strip("\0 \t\r\n\f\ufeff"):
        return Body.EMPTY
    if _is_binary(body, text, content_type.lower()):
        return Body.BINARY
    start = text[:200].lstrip("\ufeff \t\r\n")
    kind = content_type.partition(";")[0].strip().lower()
    if (
        start[:1] in ("{", "[")
        and ("json" in kind or not _TAG.search(text[:5000]))
        and text.rstrip()[-1:] in ("}", "]")
    ):
        return Body.JSON
    if (
        kind in ("application/javascript", "text/javascript", "text/css", "application/x-javascript")
        and start[:1] != "<"
    ):
        return Body.SCRIPT
    return Body.HTML


def _is_binary(body: bytes, text: str, kind: str) -> bool:
    """Say whether this is a file of another kind: by its first bytes, or by control characters all over."""
    head = text[:4000]
    if _TAG.search(head[:1500]):
        return len(_CONTROL.findall(head)) * 4 > len(head)
    if body.startswith(_MAGIC) and len(_CONTROL.findall(head)) * 50 > len(head):
        return True
    if body.startswith((b"%PDF-", b"PK\x03\x04", b"GIF8", b"\x89PNG", b"\xff\xd8\xff")):
        return True
    share = len(_CONTROL.findall(head)) / max(1, len(head))
    return share > (0.02 if kind.startswith(_BINARY_TYPES) else 0.1)
