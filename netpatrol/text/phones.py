"""Owns telephone numbers: mobile, landline with area code, 400 and 800, in every form in which shops print them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote

from netpatrol.items import Zone
from netpatrol.text.found import Found, Words

_CLUSTER = re.compile(r"[0-9][0-9]*(?:[ \-.()/_\u2010-\u2015\u2212~|*]{1,4}[0-9]+){0,12}")
_DIGITS = re.compile(r"\D")
_TOLL_FREE = re.compile(r"(?<!\d)[48]00(?:[^\d/]{0,3}\d){7}(?!\d)")
_MOBILE = re.compile(
    r"(?<!\d)1[3-9]\d(?:\d{8}|[^\d/]{1,3}\d{4}[^\d/]{1,3}\d{4}|\d{4}[^\d/]{1,2}\d{4}|[^\d/]{1,2}\d{8}|[^\d/]{1,3}\d{3}[^\d/]{1,3}\d{5})(?!\d)"
)
_LANDLINE = re.compile(r"(?<!\d)(0(?:10|2\d|[3-9]\d{2}))[^\d/]{0,4}([2-9]\d{2,3}[^\d/]?\d{4})(?!\d)")
_REMARK = re.compile(r"\D+\d{1,2}$")
_NEXT_FIELD = re.compile(r"\s{0,4}[|\s]\s{0,4}\d+$")
_EXTENSION = re.compile(r"\s{0,2}(?:转|-|ext\.?|分机号?:?)\s{0,2}\d{1,6}(?!\d)")
_CALLED = re.compile(r"电话|热线|手机|致电|来电|联系方式|传真|座机|tel|phone|mobile|拨打|专线|服务台|☎|📞|微信")
# Numbers of goods and orders that have a telephone's length.
_NO_PHONE = re.compile(
    r"(?:货号|款号|型号|批号|批次|单号|订单|流水|编号|编码|条码|条形码|序列号|卡号|券码|验证码|尾号|sku|spu|ean|isbn|商品id|产品id|货品|"
    r"店铺id)(?:号|码|编号|号码)?\s{0,3}[:#=]?\s{0,3}$"
)
_BEFORE = 16
# The rest of a number that a line break cuts (138<br>0013<br>8000): looked for by the break, then back and on from it.
_NEXT_LINE = re.compile(r"\n([2-9]\d{6,7}|\d{8}|\d{3,4}(?:\n\d{3,4})?)(?![0-9a-z\-.,，/:%])")
_CUT = re.compile(r"(?<![0-9a-z\-./])(?:(?:\+?86|0086)[ \-]?)?(?:1[3-9]\d(?:[ \-]?\d{4})?|[48]00(?:[ \-]?\d{3,4})?|0\d{2,3}-)$")
_MOST_CUT = 100
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_CELLS = ("td", "th", "li", "dd", "dt", "option")
_LOCALS = re.compile(r"[2-9]\d{6,7}(?: {0,2}[/| ] {0,2}[2-9]\d{6,7}){1,5}")
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
    cut = list(islice(_on_lines(words), _MOST_CUT))
    yield from cut
    for match in _CLUSTER.finditer(norm):
        alone = _standing_alone(norm, match) if match.end() - match.start() >= 7 else None
        rest = _without_goods_number(norm, alone) if alone else None
        if rest is not None and not any(rest.start() < found.end and found.start < rest.end() for found in cut):
            yield from _in_cluster(norm, rest)
    if "零" in norm or "幺" in norm:
        for match in _SPELLED.finditer(norm):
            digits = match[0].translate(_NUMERALS)
            if digits.isdigit() and _is_mobile(digits):
                yield Found("phone", digits, *match.span(), None, False, "free")


def _standing_alone(norm: str, match: re.Match[str]) -> re.Match[str] | None:
    """Return a cluster that is no part of a word, an address of a page or an e-mail name; None for those that are.

    Where only the field behind it runs into a word (0717-6221234 | 91420500M…), the cluster ends before that field.
    """
    start, end = match.span()
    before = norm[max(0, start - 8) : start]
    if _WORD_CHAR.match(before[-1:]) and not _MAY_PRECEDE.search(before):
        return None
    if _WORD_CHAR.match(norm[end : end + 1]) is None:
        return match
    field = _NEXT_FIELD.search(match[0])
    return _CLUSTER.match(norm, start, start + field.start()) if field else None


def _without_goods_number(norm: str, match: re.Match[str]) -> re.Match[str] | None:
    """Return a cluster without its first number where that is the number of goods or of an order."""
    start = match.start()
    if not _NO_PHONE.search(norm, max(0, start - _BEFORE), start):
        return match
    first = _DIGITS.search(norm, start, match.end())
    return _CLUSTER.search(norm, first.start(), match.end()) if first else None


def _on_lines(words: Words) -> Iterator[Found]:
    """Yield numbers that line breaks cut in two or three: announced as telephones, or alone in one element."""
    norm = words.norm
    for match in _NEXT_LINE.finditer(norm):
        head = _CUT.search(norm, max(0, match.start() - _BEFORE), match.start())
        value = _whole(_DIGITS.sub("", head[0] + match[0])) if head else ""
        if head is None or not value:
            continue
        how = _how(norm, head.start())
        if how == "label" or (value[0] == "1" and _stands_in_one_element(words, head.start(), match)):
            yield Found("phone", value, head.start(), match.end(), None, False, how)


def _stands_in_one_element(words: Words, start: int, rest: re.Match[str]) -> bool:
    """Say whether groups of four digits (no years) are lines of one element that is no cell of a table."""
    norm, zones = words.norm, words.text.zones
    lines = rest[1].split("\n")
    if norm[start - 1 : start] not in ("", "\n") or any(len(line) != 4 or _YEAR.fullmatch(line) for line in lines):
        return False
    first, last = (words.text.raw_span(at, at + 1)[0] for at in (start, rest.end() - 1))
    within = zones[bisect_right(zones, first, key=_start) - 1 : bisect_right(zones, last, key=_start)]
    return len({zone.path for zone in within}) == 1 and within[0].path.rpartition(">")[2].partition(".")[0].partition("#")[0] not in _CELLS


def _start(zone: Zone) -> int:
    return zone.start


def phone_of_link(href: str) -> str:
    """Return the number of a tel: link, "" for any other."""
    number = re.split("[,;?pw#]", unquote(href.strip()[4:])[:40], maxsplit=1)[0]
    return _whole(_DIGITS.sub("", number))


def _in_cluster(norm: str, match: re.Match[str]) -> Iterator[Found]:
    """Yield the numbers of one cluster of digits and separators."""
    text, offset = _without_remark(match[0]), match.start()
    digits = _DIGITS.sub("", text)
    if 10 <= len(digits) <= (16 if digits[:4] == "0086" else 13) and "/" not in text:
        whole = _whole(digits)
        if whole:
            end = offset + len(text)
            end = end if whole.startswith("1") else _with_extension(norm, end)
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


def _without_remark(text: str) -> str:
    """Return a cluster without a digit or two behind a number that is whole: hours, a discount, an extension (（8:00-21:00）)."""
    remark = _REMARK.search(text)
    return text[: remark.start()] if remark and _whole(_DIGITS.sub("", text[: remark.start()])) else text


def _local(norm: str, text: str, offset: int, area: str, taken: list[tuple[int, int]]) -> Iterator[Found]:
    """Yield numbers without area code: behind a slash they share the one before, after a label they stand alone."""
    if not area and (taken or _how(norm, offset) != "label"):
        return
    several = not area and _LOCALS.fullmatch(text) is not None
    for part in _LOCAL.finditer(text):
        if any(part.start() < end and start < part.end() for start, end in taken):
            continue
        if area and text[part.start() - 1 : part.start()] not in ("/", "|", " "):
            continue
        if not area and len(text) > 12 and not several:
            continue
        value = f"{area}-{part[0]}" if area else part[0]
        yield Found(
            "phone", value, offset + part.start(), offset + part.end(), None, False, "label" if not area else "free"
        )


def _whole(digits: str) -> str:
    """Return the usual form of digits that are one telephone number, "" for any others."""
    if digits.startswith("0086"):
        digits = _at_home(digits[4:])
    elif digits.startswith("86") and 11 <= len(digits) <= 14:
        digits = _at_home(digits[2:])
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


def _at_home(digits: str) -> str:
    """Return a number without country code as it is dialled within the country."""
    if digits[:1] == "0" or (digits[:1] == "1" and len(digits) == 11) or digits[:3] in ("400", "800"):
        return digits
    return "0" + digits


def _is_mobile(digits: str) -> bool:
    return digits[0] == "1" and digits[1] in "3456789" and len(set(digits)) > 2


def _with_extension(norm: str, end: int) -> int:
    match = _EXTENSION.match(norm, end)
    return match.end() if match else end


def _how(norm: str, start: int) -> str:
    return "label" if _CALLED.search(norm, max(0, start - 14), start) else "free"
