"""Owns filing numbers: ICP, public security, and the permits and approvals that goods and trades need."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netpatrol.text.found import Found, Words

_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川蜀青藏琼宁"
_DASH = r"[\-\u2010-\u2015\u2212\u2500_~]"
# Letters for digits (备2O2O…, lCP) and digits in groups are read where the form leaves no doubt: 号 ends the number.
_ICP = re.compile(
    rf"([{_PROVINCE}])?\s{{0,2}}(?:i|(?<=[{_PROVINCE}])[l1|])\s?c\s?p\s{{0,2}}([备证])\s{{0,2}}(?:案|字第?)?\s{{0,2}}"
    rf"(?:(\d{{5,12}})(?![\dol])\s{{0,2}}(号?)|([\dol](?: {{0,2}}[\dol]){{4,11}}) {{0,2}}(号))"
    rf"\s{{0,2}}(?:(?:{_DASH}{{1,2}}|一(?=\d))\s{{0,2}}(\d{{1,4}})(?!\d)([ax]?))?"
)
_CP = re.compile(r"c\s?p\s{0,2}[备证]")  # what both have; the pattern itself would be tried at every character
_AS_DIGITS = str.maketrans("ol", "01", " ")
_B2 = re.compile(
    rf"([{_PROVINCE}])\s{{0,2}}(b[12])\s{{0,2}}{_DASH}\s{{0,2}}((?:19|"
    rf"20)\d{{6}})(?!\d)(?:\s{{0,2}}{_DASH}\s{{0,2}}(\d{{1,3}})(?!\d))?"
)
_HAS_B2 = re.compile(rf"b[12] ?{_DASH}")
_PSB = re.compile(
    rf"([{_PROVINCE}])?\s{{0,3}}公网安备\s{{0,3}}(?:案|"
    rf"第)?\s{{0,3}}((?:\d\s?){{11,14}})(?!\d)\s{{0,3}}号?(-\d{{1,2}}(?!\d))?"
)

_POLICE = re.compile("公网安备")
_KEYS = re.compile("食健|准字|械|妆|广审|医广|消证字")
_CODED = re.compile(r"[sjq][cys]\s?-?[0-9](?:\s?[0-9]){11,13}(?![0-9])")
_PERMITS = re.compile(
    rf"国食健[注字备准](?:字)?\s?\(?\d{{0,4}}\)?\s?[gj]?\s?\d{{4,12}}(?!\d)"
    rf"|(?:国)?食健备\s?[gj]?\s?\d{{8,14}}(?!\d)"
    rf"|国药准字\s?[hzsbjtf]\s?\d{{8}}(?!\d)"
    rf"|[国{_PROVINCE}]械注[准进许]\s?\d{{8,14}}(?!\d)"
    rf"|[国{_PROVINCE}][一-鿿]{{0,2}}械备\s?\d{{6,12}}(?!\d)号?"
    rf"|[国{_PROVINCE}][一-鿿]{{0,3}}药监械(?:经营|生产)[许备]\s?\d{{6,12}}(?!\d)号?"
    rf"|国妆(?:特[字进]|备进|网备进|注)(?:字)?\s?[gj]?\s?\d{{6,12}}(?!\d)(?:号)?"
    rf"|[{_PROVINCE}]妆\s?\d{{8}}(?!\d)"
    rf"|[{_PROVINCE}]\s?g\s?妆网备字\s?\d{{8,12}}(?!\d)"
    rf"|[{_PROVINCE}]?[一-鿿]{{0,2}}(?:药|械|食健|特食|"
    rf"医械)广审\s?\([文视声]\)\s?第?\s?\d{{6,12}}(?:-\d{{3,6}})?(?!\d)号?"
    rf"|[{_PROVINCE}]?[一-鿿]{{0,2}}医广\s?[\[(【]?\d{{4}}[\])】]?\s?第?\s?[\d\-]{{4,16}}号?"
    rf"|[{_PROVINCE}]?[一-鿿]{{0,2}}卫(?:健)?消证字\s?\(?\d{{4}}\)?\s?第?\s?[\da-z\-]{{3,16}}号?"
)
_LABELLED = re.compile(
    r"(?:许可证|备案凭证|批准文号|注册证|登记证)(?:编号|号码|号)?\s{0,2}[:为]\s{0,2}([^\s,，。;；、()\n]{5,40})"
)


def find_filings(words: Words) -> Iterator[Found]:
    """Yield ICP filings and licences, public security filings, permits and approvals."""
    norm = words.norm
    yield from _icps(norm)
    if _HAS_B2.search(norm):
        for match in _B2.finditer(norm):
            suffix = f"-{match[4]}" if match[4] else ""
            yield Found("icp", f"{match[1]}{match[2].upper()}-{match[3]}{suffix}", *match.span(), None, False, "label")
    if "公网安备" in norm:
        for key in _POLICE.finditer(norm):
            police = _PSB.search(norm, max(0, key.start() - 4), key.end() + 50)
            if police is None or police.start() > key.start():
                continue
            digits = police[2].replace(" ", "").replace("\n", "")
            yield Found(
                "psb",
                f"{police[1] or ''}公网安备{digits}号{police[3] or ''}",
                *_trimmed(norm, police),
                None,
                False,
                "label",
            )
    yield from _permits(norm)


def _icps(norm: str) -> Iterator[Found]:
    end = 0
    for key in _CP.finditer(norm):
        match = _ICP.search(norm, max(end, key.start() - 7), key.end() + 80)
        if match is None or match.start() > key.start():
            continue
        end = match.end()
        number = match[3] or match[5].translate(_AS_DIGITS)
        if match[5] and sum(char.isdigit() for char in match[5]) < 4:
            continue
        suffix = f"-{match[7]}{match[8].upper()}" if match[7] else ""
        value = f"{match[1] or ''}ICP{match[2]}{number}号{suffix}"
        yield Found("icp", value, *_trimmed(norm, match), None, False, "label")


def _trimmed(norm: str, match: re.Match[str]) -> tuple[int, int]:
    """Return a span without the spaces at its ends."""
    start, end = match.span()
    while start < end and norm[start].isspace():
        start += 1
    while end > start and norm[end - 1].isspace():
        end -= 1
    return start, end


def _permits(norm: str) -> Iterator[Found]:
    """Yield permits: numbers of a known form, and whatever a label calls the number of one."""
    taken: list[tuple[int, int]] = []
    for match in [*_coded(norm), *_worded(norm)]:
        if not any(match.start() < last and first < match.end() for first, last in taken):
            taken.append(match.span())
            yield Found("permit", "".join(match[0].split()).upper(), *match.span(), None, False, "free")
    for match in _LABELLED.finditer(norm):
        start, end = match.span(1)
        if "icp" in match[1] or "b2-" in match[1]:
            continue
        if sum(char.isdigit() for char in match[1]) >= 5 and not any(
            start < last and first < end for first, last in taken
        ):
            yield Found("permit", match[1].upper(), start, end, None, False, "label")


def _coded(norm: str) -> Iterator[re.Match[str]]:
    """Yield SC, JY and QS numbers of food makers and sellers; never as part of a word."""
    for match in _CODED.finditer(norm):
        before = norm[match.start() - 1 : match.start()]
        if match[0][:2] in ("sc", "jy", "qs") and not (before.isascii() and before.isalnum()):
            yield match


def _worded(norm: str) -> Iterator[re.Match[str]]:
    """Yield approvals whose number names its kind, looked for around the telling word only."""
    for key in _KEYS.finditer(norm):
        match = _PERMITS.search(norm, max(0, key.start() - 6), key.end() + 40)
        if match is not None and match.start() <= key.end():
            yield match
