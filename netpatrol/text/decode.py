"""Owns bytes to text: tries what is declared, measures doubt, prefers what reads as plausible Chinese.

A declaration is a hint, never proof: valid UTF-8 with Chinese in it beats a GB declaration, and a detector's
confidence counts for nothing against what the decoded text looks like (see plausible.py).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from netpatrol.items import Encoding
from netpatrol.text.plausible import Look, look_at

_SAMPLE = 60_000  # bytes judged; enough for the text behind 40 kB of scripts
_GB = (
    "gb18030",
    "gbk",
    "gb2312",
    "cp936",
    "gb_2312-80",
    "x-gbk",
    "gb2312-80",
    "csgb2312",
    "chinese",
    "ms936",
    "euc-cn",
)
_BIG5 = ("big5", "big5-hkscs", "big5hkscs", "cp950", "x-x-big5", "cn-big5", "ms950")
_LATIN = ("iso-8859-1", "latin1", "latin-1", "iso8859-1", "ascii", "us-ascii", "windows-1252", "cp1252", "iso-8859-15")

_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["'\\]{0,2}\s{0,9}([A-Za-z0-9_:.\-]{2,40})""", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,300}", re.IGNORECASE)
_XML = re.compile(rb"""^\s{0,99}<\?xml[^>]{0,99}encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_.\-]{2,40})""", re.IGNORECASE)
# Python knows codecs that no page is written in (utf-7, punycode); UTF-16 without a mark shows by its NUL bytes.
_READABLE = re.compile(
    r"utf-8|gb18030|big5hkscs|hz|shift_jis|cp932|euc_jp|iso2022_jp|euc_kr|cp949|koi8-[ru]|iso8859-\d{1,2}|cp125\d"
)
_THREE_BYTES = re.compile("[\u0800-\U0010ffff]")
_META_REACH = 200_000  # a meta may come late, behind comments and scripts


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text and how it was won from bytes."""

    text: str
    encoding: Encoding


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the bytes, judged on a sample."""

    name: str
    look: Look
    score: float


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Return the text of these bytes in the encoding that reads best; never raises.

    `content_type` is the header as sent. Bytes that cannot be read become U+FFFD and are counted.
    """
    declared = _declared(body, content_type)
    first = declared[0] if declared else ""
    marked = _by_mark(body)
    if marked:
        name, skip = marked
        return _finish(body[skip:], name, first, doubt=False)
    clean = _as_utf8(body)
    if clean is not None and not _may_be_double_byte(clean, declared):
        return Decoded(text=clean, encoding=Encoding(used="utf-8", declared=first))
    best = _best(body, declared)
    return _finish(body, best.name, first, doubt=best.look.doubtful)


def codec_of(name: str) -> str:
    """Return the codec that really reads what is declared under this name; "" if there is none.

    Declared gb2312 means gb18030 in practice, Big5 means its Hong Kong superset, iso-8859-1 Windows' superset.
    """
    plain = name.strip().strip("\"'").lower().replace("_", "-")
    if plain in _GB:
        return "gb18030"
    if plain in _BIG5:
        return "big5hkscs"
    if plain in _LATIN:
        return "cp1252"
    try:
        name = codecs.lookup(plain).name
    except (LookupError, ValueError):
        return ""
    return name if _READABLE.fullmatch(name) else ""


def _as_utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _may_be_double_byte(text: str, declared: list[str]) -> bool:
    """Say whether valid UTF-8 may be a short GB or Big5 text: two-byte characters only, and no plain Latin."""
    if text.isascii() or _THREE_BYTES.search(text):
        return False
    odd = sum(char >= "\u0250" for char in text[:_SAMPLE])
    return odd > 0 or any(codec_of(name) in ("gb18030", "big5hkscs") for name in declared)


def _by_mark(body: bytes) -> tuple[str, int] | None:
    """Return encoding and length of a byte order mark, or UTF-16 recognised by its NUL bytes."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return name, len(mark)
    head = body[:2048]
    if head.count(0) * 4 < len(head) or len(head) < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le", 0
    return ("utf-16-be", 0) if even > 4 * odd else None


def _declared(body: bytes, content_type: str) -> list[str]:
    """Return the encodings that header, XML declaration and meta name, in this order, as written."""
    names = [match[1].decode("ascii") for match in _CHARSET.finditer(content_type[:300].encode("ascii", "replace"))]
    xml = _XML.match(body[:400])
    if xml:
        names.append(xml[1].decode("ascii"))
    names += _in_metas(body[:_META_REACH])
    return list(dict.fromkeys(name.lower() for name in names))


def _in_metas(head: bytes) -> list[str]:
    if b"charset" not in head and b"CHARSET" not in head and b"harset" not in head.lower():
        return []
    found = []
    for meta in _META.finditer(head):
        match = _CHARSET.search(meta[0])
        if match:
            found.append(match[1].decode("ascii"))
            if len(found) == 2:
                break
    return found


def _best(body: bytes, declared: list[str]) -> _Reading:
    """Return the reading that looks best; a declared one wins a near tie."""
    sample = _telling_part(body)
    wanted = [codec for codec in map(codec_of, declared) if codec]
    readings = []
    for name in dict.fromkeys([*wanted, "utf-8", "gb18030", "big5hkscs"]):
        look = look_at(sample.decode(name, "replace"), name)
        bonus = 0.08 if name in wanted and name != "cp1252" else 0.0
        if name == "utf-8" and look.han and look.broken * 20 <= look.han:
            bonus += 0.3  # UTF-8 that holds over many characters does not happen by chance
        readings.append(_Reading(name, look, look.score + bonus))
        if name == "gb18030" and name in wanted and look.convincing:
            break
    best = max(readings, key=lambda reading: reading.score)
    if best.look.doubtful and not best.look.han:
        return _western(sample, declared, best)
    return best


def _western(sample: bytes, declared: list[str], best: _Reading) -> _Reading:
    """Return Windows Latin where that is plain text with accents, else what there was."""
    look = look_at(sample.decode("cp1252", "replace"), "cp1252")
    return _Reading("cp1252", look, look.score) if look.score > best.score and not look.doubtful else best


def _telling_part(body: bytes) -> bytes:
    """Return the part of the bytes that tells encodings apart: from the first byte above 127 on."""
    if len(body) <= _SAMPLE:
        return body
    match = re.search(rb"[\x80-\xff]", body)
    start = max(0, match.start() - 1000) if match else 0
    # Lead bytes must not be cut off from their trail bytes: an ASCII byte before the sample keeps them together.
    while start and body[start - 1] > 127:
        start -= 1
    return body[start : start + _SAMPLE]


def _finish(body: bytes, name: str, declared: str, *, doubt: bool) -> Decoded:
    text = body.decode(name, "replace")
    replaced = text.count("\ufffd")
    if replaced and name == "utf-8":
        replaced -= body.count(b"\xef\xbf\xbd")  # written as such by the site
    used = {"big5hkscs": "big5", "cp1252": "iso-8859-1"}.get(name, name)
    doubt = doubt or replaced * 10 > len(text)
    return Decoded(
        text=text.removeprefix("\ufeff"),
        encoding=Encoding(used=used, declared=declared, doubt=doubt, replaced=replaced),
    )
