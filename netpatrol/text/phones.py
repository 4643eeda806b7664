"""Owns telephone numbers: mobile, landline with area code, 400 and 800, in every form in which shops print them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netpatrol.text.facts import Found, Words

_CLUSTER = re.compile(r"[0-9][0-9]*(?:[ \-.()/_\u2010-\u2015\u2212~|*]{1,4}[0-9]+){0,12}")
_DIGITS = re.compile(r"\D")
_TOLL_FREE = re.compile(r"(?<!\d)[48]00(?:[^\d/]{0,3}\d){7}(?!\d)")
_MOBILE = re.compile(
    r"(?<!\d)1[3-9]\d(?:\d{8}|[^\d/]{1,3}\d{4}[^\d/]{1,3}\d{4}|\d{4}[^\d/]{1,2}\d{4}|[^\d/]{1,2}\d{8}|[^\d/]{1,3}\d{3}[^\d/]{1,3}\d{5})(?!\d)"
)
_LANDLINE = re.compile(r"(?<!\d)(0(?:10|2\d|[3-9]\d{2}))[^\d/]{0,4}([2-9]\d{2,3}[^\d/]?\d{4})(?!\d)")
_EXTENSION = re.compile(r"\s{0,2}(?:转|-|ext\.?|分机号?:?)\s{0,2}\d{1,6}(?!\d)")
_CALLED = re.compile(r"电话|热线|手机|致电|来电|联系方式|传真|座机|tel|phone|mobile|拨打|专线|服务台|☎|📞|微信")
_LOCAL = re.compile(r"(?<!\d)(?!20[0-3]\d[01]\d)[2-9]\d{6,7}(?!\d)")
_NUMERALS = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "00123456789" + "1123456789")
_SPELLED = re.compile(
    r"[一幺壹][三四五六七八九叁肆伍陆柒捌玖][〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{9}(?![〇零一二三四五六七八九幺])"
)
_WORD_CHAR = re.compile(r"[0-9a-z_=@&%#]")
_MAY_PRECEDE = re.compile(r"(?:tel|phone|mobile|call|t|m|p|v|vx|wx|微信|qq)[:.]?$")


def find_phones(words: Words) -> Iterator[Found]:
    """Yield telephone numbers. Numbers inside longer ones, order numbers and e-mail names are none."""
    norm = words.norm
    for match in _CLUSTER.finditer(norm):
        if match.end() - match.start() >= 7 and _stands_alone(norm, match):
            yield from _in_cluster(norm, match)
    if "零" in norm or "幺" in norm:
        for match in _SPELLED.finditer(norm):
            digits = match[0].translate(_NUMERALS)
            if digits.isdigit() and _is_mobile(digits):
                yield Found("phone", digits, *match.span(), None, False, "free")


def _stands_alone(norm: str, match: re.Match[str]) -> bool:
    """Say whether a cluster is no part of a word, an address of a page or an e-mail name."""
    start, end = match.span()
    before = norm[max(0, start - 8) : start]
    if _WORD_CHAR.match(before[-1:]) and not _MAY_PRECEDE.search(before):
        return False
    return _WORD_CHAR.match(norm[end : end + 1]) is None


def _in_cluster(norm: str, match: re.Match[str]) -> Iterator[Found]:
    """Yield the numbers of one cluster of digits and separators."""
    text, offset = match[0], match.start()
    digits = _DIGITS.sub("", text)
    if 10 <= len(digits) <= 13 and "/" not in text:
        whole = _whole(digits)
        if whole:
            end = _with_extension(norm, match.end()) if not whole.startswith("1") else match.end()
            bracket = 1 if ")" in text and norm[offset - 1 : offset] == "(" else 0
            yield Found("phone", whole, offset - bracket, end, None, False, _how(norm, offset))
            return
    taken: list[tuple[int, int]] = []
    area = ""
    for pattern in (_TOLL_FREE, _MOBILE, _LANDLINE):
        for part in pattern.finditer(text):
            if any(part.start() < end and start < part.end() for start, end in taken):
                continue
            plain = _DIGITS.sub("", part[0])
            value = _whole(plain)
            if not value:
                continue
            taken.append(part.span())
            area = value.split("-")[0] if pattern is _LANDLINE else area
            end = offset + part.end()
            yield Found(
                "phone", value, offset + part.start(), _with_extension(norm, end), None, False, _how(norm, offset)
            )
    yield from _local(norm, text, offset, area, taken)


def _local(norm: str, text: str, offset: int, area: str, taken: list[tuple[int, int]]) -> Iterator[Found]:
    """Yield numbers without area code: behind a slash they share the one before, after a label they stand alone."""
    if not area and (taken or _how(norm, offset) != "label"):
        return
    for part in _LOCAL.finditer(text):
        if any(part.start() < end and start < part.end() for start, end in taken):
            continue
        if area and text[part.start() - 1 : part.start()] not in ("/", "|", " "):
            continue
        if not area and len(text) > 12:
            continue
        value = f"{area}-{part[0]}" if area else part[0]
        yield Found(
            "phone", value, offset + part.start(), offset + part.end(), None, False, "label" if not area else "free"
        )


def _whole(digits: str) -> str:
    """Return the usual form of digits that are one telephone number, "" for any others."""
    if digits.startswith("86") and len(digits) in (12, 13):
        digits = digits[2:]
        digits = digits if digits.startswith("1") and len(digits) == 11 else "0" + digits
    elif digits.startswith("0086"):
        digits = digits[4:]
    if len(digits) == 11 and _is_mobile(digits):
        return digits
    if len(digits) == 10 and digits[:3] in ("400", "800") and len(set(digits[3:])) > 1:
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    if digits.startswith("0") and 10 <= len(digits) <= 12:
        code = digits[:3] if digits[1] in "12" else digits[:4]
        rest = digits[len(code) :]
        if rest[:1] not in ("0", "1") and len(rest) in (7, 8) and code[1] != "0":
            return f"{code}-{rest}"
    return ""


def _is_mobile(digits: str) -> bool:
    return digits[0] == "1" and digits[1] in "3456789" and len(set(digits)) > 2


def _with_extension(norm: str, end: int) -> int:
    match = _EXTENSION.match(norm, end)
    return match.end() if match else end


def _how(norm: str, start: int) -> str:
    return "label" if _CALLED.search(norm, max(0, start - 14), start) else "free"
