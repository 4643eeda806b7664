"""Owns the search for licence numbers: USCC and old registration numbers, and licence marks behind links."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from netpatrol.items import Fact, ZoneName
from netpatrol.text.codes import has_uscc_shape, is_citizen_id, is_registration_number, is_strict_uscc, is_uscc, repair_uscc
from netpatrol.text.found import Found, Words
from netpatrol.text.phones import phone_of_link

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_LABEL = re.compile(
    r"信用代码|信用码|机构代码|税号|纳税人识别号|纳税识别号|营业执照|执照号|执照编号|注册号|注册登记号|证照编号|"
    r"登记证号|uscc|creditcode|credit_code|licenseno"
)
_MOST_RUNS = 5_000  # labels and long runs looked at; no honest page has as many
_REACH = 70  # characters after a label in which its number begins
_PRINTED = re.compile(r"[0-9a-z](?:[ \-.·_\u2013\u2014]{0,3}[0-9a-z]){11,24}")
_BROKEN = re.compile(r"(?<![0-9a-z])[0-9a-z](?:[ \-.·_\u2013\u2014]{0,3}\n?\s{0,3}[0-9a-z]){17}(?![0-9a-z])")  # over two lines
_RUN = re.compile(r"[0-9a-z][0-9a-z]{17,}")
_SPREAD = re.compile(r"9[123](?:[ \-]?[0-9a-z]){16}")  # of market regulators only: others are too like plain numbers
_WORD_END = re.compile(r"[0-9a-z]")
_OLD_LABEL = re.compile(r"注册号|执照号|执照编号|执照注册|注册登记号|登记证号|营业执照|工商注册")
_TELEPHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?[2-9]\d{6,7}|[48]00-?\d{3}-?\d{4}|[2-9]\d{6,7}")
_GLUED = re.compile(
    r"(?:([0-9a-z]{18})(0\d{2,3}-[2-9]\d{6,7}|[48]00-\d{3}-\d{4}|\d{1,12})|(1[3-9]\d{9}|0\d{9,11}|no)([0-9a-z]{18}))(?![0-9a-z])"
)
_COMPACT = re.compile(r"[^0-9a-z]")
_EMARK_TEXT = re.compile(
    r"(?:电子标识|电子营业执照标识|网络经营者标识|红盾标识|亮照标识)(?:编号|号码|"
    r"号)?\s{0,3}[:为]?\s{0,3}([0-9a-z\-]{6,40})"
)
_LICENCE_HOSTS = re.compile(r"(?:^|\.)(?:zzlz\.gsxt\.gov\.cn|gsxt\.gov\.cn|zzlz\.[a-z0-9.\-]+)$")
_MARK_HOSTS = re.compile(
    r"hd315|hongdun|wljg|gswj|wlgs|ebs\.org\.cn|szcert|hdbs|gsdzbz|baicgs|sgs\.gov\.cn|aic\.gov|gsj\.gov"
)
_MARK_PATH = re.compile(r"/(?:lz|emark|dzbs|lzbs|hdbs|bs)/([0-9A-Za-z\-]{6,40})(?:[/.?]|$)")
_MARK_KEYS = frozenset(
    {"bianhao", "bh", "id", "sn", "no", "code", "certid", "entid", "entyid", "licid", "uuid", "zch", "serial", "siteid"}
)
_CODES = "11121314152122233132333435363741424344454650515253546162636465"  # GB/T 2260, two digits each
_SIGNS = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"  # under which filings are printed
_PROVINCE_OF = {_CODES[2 * index : 2 * index + 2]: sign for index, sign in enumerate(_SIGNS)}
_TELLING_LINK = re.compile(
    r"gsxt|verifKey|verifkey|zzlz|/lz/|/lzbs/|/emark/|/dzbs/|/bs/|hd315|hongdun|wljg|gswj|wlgs|ebs\.org|szcert|"
    r"hdbs|gsdzbz|baicgs|sgs\.gov|aic\.gov|gsj\.gov|beian"
)
_ABSOLUTE = 'a[href^="http"], a[href^="//"], area[href^="http"], iframe[src^="http"], a[href^=" http"], a[href^="HTTP"]'


def find_codes(words: Words) -> Iterator[Found]:
    """Yield USCCs and old registration numbers: whatever stands near a label, and bare codes of the right shape."""
    norm = words.norm
    taken: list[tuple[int, int]] = []
    for label in islice(_LABEL.finditer(norm), _MOST_RUNS):
        found = _after_label(norm, label)
        if found is not None and _takes(taken, found):
            yield found
    for run in [*islice(_RUN.finditer(norm), _MOST_RUNS), *islice(_SPREAD.finditer(norm), _MOST_RUNS)]:
        found = _bare(norm, run)
        if found is not None and _takes(taken, found):
            yield found
    if "标识" in norm:
        for match in _EMARK_TEXT.finditer(norm):
            yield Found("emark", match[1].upper(), match.start(1), match.end(1), None, False, "label")


def _takes(taken: list[tuple[int, int]], found: Found) -> bool:
    """Enter a place among those taken, which are in order and apart; say whether it was free."""
    at = bisect_left(taken, (found.start, found.end))
    if any(start < found.end and found.start < end for start, end in taken[max(0, at - 1) : at + 1]):
        return False
    taken.insert(at, (found.start, found.end))
    return True


def _after_label(norm: str, label: re.Match[str]) -> Found | None:
    """Return the number that belongs to a label: the first after it that could be one."""
    at, end = label.end(), min(len(norm), label.end() + _REACH)
    while at < end:
        match = _PRINTED.search(norm, at, min(len(norm), end + 40))
        if match is None or match.start() >= end:
            break
        at = match.end()
        if _follows(norm, match):
            found = _unglued(norm, match.start(), "label")
        else:
            found = _judge(norm, match, label[0]) or _unglued(norm, match.start(), "label")
        if found is not None:
            return found
    return _broken(norm, label.end(), end)


def _broken(norm: str, start: int, end: int) -> Found | None:
    """Return a valid USCC that a line break cuts in two."""
    for match in _BROKEN.finditer(norm, start, min(len(norm), end + 40)):
        code = _COMPACT.sub("", match[0]).upper()
        if match.start() < end and is_uscc(code):
            return Found("uscc", code, *match.span(), True, False, "label")
    return None


def _follows(norm: str, match: re.Match[str]) -> bool:
    """Say whether a number is only part of a longer word or number."""
    start, end = match.span()
    return (start > 0 and _WORD_END.match(norm[start - 1]) is not None) or (
        end < len(norm) and _WORD_END.match(norm[end]) is not None
    )


def _judge(norm: str, match: re.Match[str], label: str) -> Found | None:
    """Return what a printed number near a label is: valid, repaired, wrong, or nothing of the kind."""
    printed = match[0]
    compact = _COMPACT.sub("", printed).upper()
    span = match.span()
    if len(compact) > 19:  # another word or number follows: try the part up to the separator
        for length in (18, 15, 13, 19, 17):
            part = _cut(printed, length)
            if part:
                inner = re.compile(re.escape(part)).match(norm, match.start())
                found = _judge(norm, inner, label) if inner is not None else None
                if found is not None and found.valid:
                    return found
        return None
    if is_citizen_id(compact):
        return None
    if is_uscc(compact):
        return Found("uscc", compact, *span, True, False, "label")
    if compact.isdigit() and len(compact) in (13, 15):
        old = _OLD_LABEL.search(label) is not None
        valid = is_registration_number(compact) if len(compact) == 15 else None
        return Found("reg_no", compact, *span, valid, False, "label") if old or valid else None
    repaired = repair_uscc(compact)
    if repaired is not None:
        return Found("uscc", repaired, *span, True, True, "label")
    if len(compact) == 19:
        alone = _cut(printed, 18)  # …71T-1
        if alone and is_uscc(_COMPACT.sub("", alone).upper()):
            return Found("uscc", compact[:18], match.start(), match.start() + len(alone), True, False, "label")
        if (glued := _unglued(norm, match.start(), "label")) is not None:
            return glued
    if 17 <= len(compact) <= 19 and sum(char.isdigit() for char in compact) >= 8 and len(set(compact)) >= 5:
        return Found("uscc", compact, *span, False, False, "label")
    return None


def _unglued(norm: str, at: int, how: str) -> Found | None:
    """Return a code that is printed without a gap before or after a telephone number or other digits, or after №.

    Chance is kept out: both check characters hold, or a label announces the code and the rest is a telephone number.
    """
    parts = _GLUED.match(norm, at)
    if parts is None or (at > 0 and _WORD_END.match(norm[at - 1])):
        return None
    group, rest = (1, parts[2]) if parts[1] else (4, parts[3])
    code = parts[group].upper()
    sure = is_strict_uscc(code) or (how == "label" and is_uscc(code) and _TELEPHONE.fullmatch(rest) is not None)
    if not sure or (how == "free" and not _TELEPHONE.fullmatch(rest)):
        return None
    return Found("uscc", code, *parts.span(group), True, False, how)


def _cut(printed: str, length: int) -> str:
    """Return the start of a printed number that has this many characters and ends at a separator."""
    count = 0
    for index, char in enumerate(printed):
        if char.isalnum():
            count += 1
        elif count == length:
            return printed[:index]
        if count > length:
            break
    return ""


def _bare(norm: str, run: re.Match[str]) -> Found | None:
    """Return a code that stands without a label: 18 characters and the right shape, never part of a longer one."""
    if _follows(norm, run) or norm[run.start() - 1 : run.start()] in tuple("=_&?/%@"):
        return None
    code = _COMPACT.sub("", run[0]).upper()
    if len(code) != 18:
        return _unglued(norm, run.start(), "free")
    if is_uscc(code):
        return Found("uscc", code, *run.span(), True, False, "free")
    repaired = repair_uscc(code) if code[0] == "9" else None
    if repaired is not None:
        return Found("uscc", repaired, *run.span(), True, True, "free")
    if run.end() - run.start() > 18:
        return None
    if code[0] == "9" and has_uscc_shape(code) and not is_citizen_id(code) and not code.isdigit():
        return Found("uscc", code, *run.span(), False, False, "free")
    return None


def find_link_facts(document: Document | None, url: str) -> Iterator[Fact]:
    """Yield what the links of a page say (licence links with their code, licence marks), and its own host."""
    if document is not None:
        for node in document.tree.css(_ABSOLUTE):
            attributes = node.attributes
            href = attributes.get("href") or attributes.get("src") or ""
            if _TELLING_LINK.search(href):
                yield from _in_link(href)
        yield from _telephones(document)
    host = (urlsplit(url).hostname or "") if url[:4] == "http" else ""
    if host:
        yield Fact(name="domain", value=host, raw=host, zone=ZoneName.TEXT, how="url")


def _telephones(document: Document) -> Iterator[Fact]:
    """Yield the numbers of tel: links."""
    for node in document.tree.css('a[href^="tel:" i]'):
        href = (node.attributes.get("href") or "").strip()
        number = phone_of_link(href)
        if number:
            yield Fact(name="phone", value=number, raw=href, zone=ZoneName.ATTR, how="link")


def _in_link(href: str) -> Iterator[Fact]:
    """Yield the facts of one absolute link."""
    try:
        parts = urlsplit(href.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return
    if _LICENCE_HOSTS.search(host) or "verifkey" in parts.path.lower():
        code = _code_of(parts.query)
        yield Fact(
            name="licence_link",
            value=code or href.strip(),
            raw=href.strip(),
            valid=True if code else None,
            zone=ZoneName.ATTR,
            how="link",
        )
        return
    marked = _MARK_PATH.search(parts.path)
    if marked and any(char.isdigit() for char in marked[1]):
        yield Fact(name="emark", value=marked[1].upper(), raw=href.strip(), zone=ZoneName.ATTR, how="link")
    elif _MARK_HOSTS.search(host):
        number = _mark_number(parts.query, parts.path)
        if number:
            yield Fact(name="emark", value=number, raw=href.strip(), zone=ZoneName.ATTR, how="link")
    if "beian" in host and ("recordcode" in parts.query or "code=" in href):
        digits = re.search(r"code=(\d{14})(?!\d)", href)
        if digits:
            yield Fact(
                name="psb",
                value=f"{_PROVINCE_OF.get(digits[1][:2], '')}公网安备{digits[1]}号",
                raw=href.strip(),
                zone=ZoneName.ATTR,
                how="link",
            )


def _code_of(query: str) -> str:
    """Return the USCC of a licence link: the valid one in `serial`, which begins with it in links of today."""
    values = dict(parse_qsl(query, keep_blank_values=True))
    for text in (values.get("serial", ""), unquote(query)):
        for match in re.finditer(r"[0-9A-Z]{18}", text.upper()):
            if is_uscc(match[0]):
                return match[0]
        inner = re.search(r"SAIC_SHOW_\d{0,12}?([0-9A-HJ-NPQRTUWXY]{18})\d{13}$", text.upper())
        if inner and is_uscc(inner[1]):
            return inner[1]
    return ""


def _mark_number(query: str, path: str) -> str:
    """Return the number of a licence mark behind a link of the old kind."""
    for key, value in parse_qsl(query):
        if key.lower() in _MARK_KEYS and len(value) >= 6 and any(char.isdigit() for char in value):
            return value.upper()
    last = path.rstrip("/").rpartition("/")[2].partition(".")[0]
    return last.upper() if len(last) >= 8 and sum(char.isdigit() for char in last) >= 6 else ""
