"""Where something is: addresses, names of firms, codes, filings and telephones to divisions.

The chain of places at the beginning of an address decides and ends where it breaks: streets, estates and firms that are
named after other places never count. A county's name that several cities use decides nothing by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from netpatrol.entities.divisions import ICP_PROVINCES, area_codes, by_name, by_start, table, townships
from netpatrol.text.normalise import normalise

_JUNK = re.compile(r"^(?:中国|中华人民共和国|地址|住所|注册地|[\s:：,，.。\-—\d()（）【】\[\]|/]){1,20}")
_SEPARATORS = " \t\n,，.·-—/|"
_GAP = 4  # separators between two places of a chain
_STREET = re.compile(
    r"(?:[东西南北中]?[一二三四五六七八九十]?)(?:路|街|大道|巷|弄|胡同|里\d|城|花园|广场|大厦|小区|公馆|酒店|宾馆|"
    r"老?火锅|小吃|拉面|小面|热干面|烧烤|菜馆|面馆|烤鸭|扒鸡|火腿|桥头|人家|印象)"
)
_RANKED = re.compile(r"[省市县区州盟]$")
NEED_RANK = frozenset({
    "大同", "阿里", "安顺", "安康", "长治", "泰安", "永安", "吉安", "三明", "四平", "白山", "白银", "朝阳",
    "中山", "黄山", "日照", "天水", "东营", "玉林", "百色", "北海", "来宾", "新余", "定西", "中卫",
    "丽水", "保山", "平凉", "长春", "大庆", "鹤壁", "云浮", "永州", "德阳", "双鸭山", "清远", "河源",
    "通化", "松原", "兴安", "海东", "海北", "海南", "黄南", "海西", "红河", "文山", "南安", "永康",
    "永春", "东阳", "宜春", "金华", "安庆", "巴中", "广安", "资阳", "南平", "宁德", "崇左", "三河",
    "平湖", "新城", "永定", "和平", "长安", "新华", "通州", "西安", "青山", "白云", "西湖", "玉山",
    "乐平", "东方", "吉林", "铁山", "高新", "安居", "山南", "中江", "城", "郊", "建德", "高密",
    "龙口", "平度", "福清", "启东", "海门", "武义", "安溪", "德化", "顺昌", "慈利", "常德",
})  # fmt: skip
"""Short names that are ordinary words, or belong to several places: they count only with their rank (市, 县, 区)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place read from text. `code` has 2, 4, 6 or 9 digits, "" where unknown; `candidates` where several fit.

    `end` is where the chain of places ends in the cleaned text, `surely` whether its rank was written.
    """

    code: str = ""
    candidates: tuple[str, ...] = ()
    end: int = 0
    surely: bool = False


NOWHERE = Place()


def clean_address(address: str) -> str:
    """Return an address in one width and script, without what stands before its first place."""
    text = normalise(address[:200]).text
    junk = _JUNK.match(text)
    return text[junk.end() :] if junk else text


def locate(address: str, *, towns: bool = True, near: str = "") -> Place:
    """Return the place that an address (or a firm's name) begins with, as deep as its chain goes.

    `near` is a division that other evidence points to: of several places of one name the one in it is meant.
    """
    place = chain(clean_address(address), towns=towns)
    if place.candidates and near:
        fit = [code for code in place.candidates if code.startswith(near)]
        if len(fit) == 1:
            return Place(code=fit[0], candidates=place.candidates, end=place.end)
    return place


def chain(text: str, *, towns: bool = False) -> Place:
    """Return the place that a text begins with; the text is normalised already (`locate` does it)."""
    code, at, surely = "", 0, False
    candidates: tuple[str, ...] = ()
    while True:
        step = _step(text, at, code)
        if step is None:
            break
        codes, end, ranked = step
        if len(codes) > 1:
            candidates = codes
            break
        code, at, surely = codes[0], end, surely or ranked
        if len(code) >= 6:
            break
    if towns and code and not candidates:
        code, at = _township(text, at, code)
    return Place(code=code, candidates=candidates, end=at, surely=surely)


def _step(text: str, at: int, above: str) -> tuple[tuple[str, ...], int, bool] | None:
    """Return codes, end and whether its rank is written of the next place in a chain; None where it ends."""
    start = at
    while start < len(text) and start < at + _GAP and text[start] in _SEPARATORS:
        start += 1
    for name in by_start().get(text[start : start + 2], ()):
        if not text.startswith(name, start):
            continue
        length, codes = len(name), by_name()[name]
        codes = tuple(c for c in codes if len(c) > len(above) and c.startswith(above)) if above else codes
        if above and not codes and len(above) < 6 and by_name()[name] == (above,):
            return (above,), start + length, True  # 湖北湖北省, 宜昌宜昌市: said twice
        if not codes:
            continue
        end = start + length
        ranked = length >= 5 or (bool(_RANKED.search(name)) and (length >= 3 or name[-1] == "县"))
        if not ranked and not _may_stand_bare(name, text[end : end + 8], above):
            continue
        return _highest(codes, above, ranked, name), end, ranked
    return None


def _may_stand_bare(name: str, rest: str, above: str) -> bool:
    """Say whether a place without its rank is meant as a place: no street, dish or word of that name."""
    if _STREET.match(rest):
        return False
    if not above and _is_far_district(name):
        return False
    if name in NEED_RANK and not above:
        # 吉林通化市, 海南三亚: a province's short name before one of its cities
        return any(len(code) == 2 for code in by_name().get(name, ())) and _step(rest, 0, "") is not None
    return True


def _is_far_district(name: str) -> bool:
    """Say whether only districts of other provinces are called so: 福田, 南海 and 天河 begin many a firm's name."""
    codes = by_name()[name]
    return all(len(code) == 6 and not code.startswith("42") and table()[code].name[-1] == "区" for code in codes)


def _highest(codes: tuple[str, ...], above: str, ranked: bool, name: str) -> tuple[str, ...]:
    """Return the one that is meant where a province and its city share a name; else all."""
    shortest = min(len(code) for code in codes)
    high = tuple(code for code in codes if len(code) == shortest)
    if len(high) == 1 and (shortest < 6 or above):
        return high
    return high if len(high) > 1 else codes


def _township(text: str, at: int, code: str) -> tuple[str, int]:
    """Go down to a township of the county (or of the one county that has a township of that name)."""
    start = at
    while start < len(text) and start < at + _GAP and text[start] in _SEPARATORS:
        start += 1
    for length in range(min(10, len(text) - start), 1, -1):
        name = text[start : start + length]
        found = [c for c in townships().get(name, ()) if c.startswith(code)]
        bare = not name.endswith(("镇", "乡", "街道", "办事处"))
        if len(found) == 1 and not (bare and (len(code) < 6 or _STREET.match(text[start + length :]))):
            return found[0], start + length
    return code, at


def address_key(address: str) -> str:
    """Return the key of an address, however its province and prefecture are written; "" if it says too little."""
    text = "".join(clean_address(address).split())
    place = chain(text)
    street = text[place.end :]
    return f"{place.code}|{street}" if len(street) >= 5 and any(char.isdigit() for char in street) else ""


def division_of(address: str, near: str = "") -> str:
    """Return the division code (2, 4 or 6 digits) that an address begins with, or ""."""
    return locate(address, towns=False, near=near).code


def county_of(address: str) -> str:
    """Return the 6-digit code of an address, or ""; a township names its county."""
    code = locate(address).code
    return code[:6] if len(code) >= 6 else ""


_COMPANY = re.compile(r"(?:公司|集团|合作社|厂|中心|事务所|研究院|医院|分行|支行|商行|经营部|服务部|工作室)$")
_BRACKETED = re.compile(r"[(（]([^()（）]{2,12})[)）]")


def place_of_name(name: str) -> Place:
    """Return where a firm says it is from: the places its name begins with, else those in its brackets."""
    text = normalise(name[:80]).text
    here = locate(text, towns=False)
    if here.code and (here.surely or _COMPANY.search(text)):
        return here
    if not here.code:
        for inner in _BRACKETED.findall(text):
            place = locate(inner, towns=False)
            if place.code and place.end >= len(clean_address(inner)) and _COMPANY.search(text):
                return place
    return NOWHERE


def division_of_code(code: str) -> str:
    """Return the division that a USCC or old registration number was issued in, as deep as it tells."""
    region = code[2:8] if len(code) == 18 else code[:6] if len(code) in (13, 15) else ""
    if not region.isdigit() or region[:2] not in table():
        return ""
    while region.endswith("00") and region:
        region = region[:-2]
    return region


def division_of_icp(filing: str) -> str:
    """Return the province of an ICP filing."""
    return ICP_PROVINCES.get(filing[:1], "")


def division_of_phone(phone: str) -> str:
    """Return the division of a landline's area code; mobiles and 400 numbers tell nothing."""
    digits = "".join(char for char in phone if char.isdigit())
    if not digits.startswith("0") or not 10 <= len(digits) <= 12:
        return ""
    for size in (3, 4):
        area = digits[:size]
        if area in area_codes() and len(digits) - size in (7, 8):
            return area_codes()[area]
    return ""


def is_outside(code: str, region: tuple[str, ...]) -> bool:
    """Say whether a division lies outside the region (prefixes); too short a code proves nothing."""
    return bool(region and code) and not any(code.startswith(own) or own.startswith(code) for own in region)


def is_inside(code: str, region: tuple[str, ...]) -> bool:
    """Say whether a division surely lies in the region (or there is no region to leave)."""
    return bool(code) and (not region or any(code.startswith(own) for own in region))
