"""The tables of places: division codes, names and telephone area codes (see data/SOURCES.md for their sources)."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

ICP_PROVINCES = {
    "京": "11", "津": "12", "冀": "13", "晋": "14", "蒙": "15", "辽": "21", "吉": "22", "黑": "23",
    "沪": "31", "苏": "32", "浙": "33", "皖": "34", "闽": "35", "赣": "36", "鲁": "37", "豫": "41",
    "鄂": "42", "湘": "43", "粤": "44", "桂": "45", "琼": "46", "渝": "50", "川": "51", "蜀": "51",
    "黔": "52", "贵": "52", "滇": "53", "云": "53", "藏": "54", "陕": "61", "甘": "62", "陇": "62",
    "青": "63", "宁": "64", "新": "65", "台": "71", "港": "81", "澳": "82",
}  # fmt: skip
"""The signs under which ICP filings are printed -> province."""

_SUFFIXES = (
    "特别行政区",
    "壮族自治区",
    "回族自治区",
    "维吾尔自治区",
    "自治区",
    "地区",
    "林区",
    "省",
    "市",
    "盟",
    "县",
    "区",
)
_PEOPLES = (
    "土家族苗族",
    "布依族苗族", "哈尼族彝族", "傣族景颇族", "蒙古族藏族", "藏族羌族", "苗族侗族", "壮族苗族", "柯尔克孜", "朝鲜族",
    "傈僳族", "土家族", "哈萨克", "藏族", "彝族", "傣族", "白族", "回族", "蒙古",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Division:
    """A province (2 digits), prefecture (4), county (6) or township (9)."""

    code: str
    name: str
    short: str


@lru_cache(maxsize=1)
def table() -> dict[str, Division]:
    """Return all divisions by code."""
    found: dict[str, Division] = {}
    for code, name in _rows():
        found.setdefault(code, Division(code, name, short_name(name)))
    return found


@lru_cache(maxsize=1)
def by_name() -> dict[str, tuple[str, ...]]:
    """Return full name and usual short forms -> codes down to counties; a name of several places has several."""
    found: dict[str, dict[str, None]] = {}
    for code, division in table().items():
        if len(code) <= 6:
            for spelled in _spellings(division):
                found.setdefault(spelled, {})[code] = None
    return {name: tuple(codes) for name, codes in found.items()}


@lru_cache(maxsize=1)
def by_start() -> dict[str, tuple[str, ...]]:
    """Return the first two characters -> the names that begin with them, longest first."""
    found: dict[str, list[str]] = {}
    for name in by_name():
        if len(name) >= 2:
            found.setdefault(name[:2], []).append(name)
    return {start: tuple(sorted(names, key=len, reverse=True)) for start, names in found.items()}


@lru_cache(maxsize=1)
def townships() -> dict[str, tuple[str, ...]]:
    """Return township name (with and without 镇, 乡, 街道) -> 9-digit codes."""
    found: dict[str, dict[str, None]] = {}
    for code, division in table().items():
        if len(code) == 9:
            parent = table().get(code[:6])
            name = division.name.removeprefix(parent.name) if parent else division.name  # 当阳市玉阳街道
            for spelled in (division.name, name, name.removesuffix("街道").removesuffix("镇").removesuffix("乡")):
                if len(spelled) >= 2:
                    found.setdefault(spelled, {})[code] = None
    return {name: tuple(codes) for name, codes in found.items()}


@lru_cache(maxsize=1)
def area_codes() -> dict[str, str]:
    """Return telephone area code -> division: the prefecture, or what its several prefectures share."""
    found: dict[str, list[str]] = {}
    with io.StringIO(files("netpatrol.data").joinpath("cn_divisions.csv").read_text("utf-8")) as lines:
        for row in csv.DictReader(lines):
            if row["area_code"]:
                found.setdefault(row["area_code"], []).append(row["code"])
    return {area: _shared_start(codes) for area, codes in found.items()}


def _shared_start(codes: list[str]) -> str:
    first, last = min(codes), max(codes)
    same = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[: same - same % 2]


def short_name(name: str) -> str:
    """Return a division's name without its rank: 长阳土家族自治县 -> 长阳, 内蒙古自治区 -> 内蒙古."""
    for rank in ("自治州", "自治县"):
        if name.endswith(rank):
            name = name[: -len(rank)]
            for people in _PEOPLES:
                name = name.removesuffix(people)
            return name
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name[: -len(suffix)]
    return name


def full_name(code: str) -> str:
    """Return the full name of a division down from its province, "" for unknown codes: 湖北省宜昌市夷陵区."""
    parts = [table()[code[:size]].name for size in (2, 4, 6, 9) if len(code) >= size and code[:size] in table()]
    return "".join(dict.fromkeys(parts))


def _spellings(division: Division) -> Iterator[str]:
    yield division.name
    yield division.short
    if division.name.endswith("自治县"):
        yield division.short + "县"
    if division.name.endswith("自治州"):
        yield division.short + "州"


def _rows() -> Iterator[tuple[str, str]]:
    raw = files("netpatrol.data").joinpath("hubei_divisions.csv.gz").read_bytes()
    with gzip.open(io.BytesIO(raw), "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["level"] in ("province", "city", "county", "township"):
                yield row["code"], row["name"]
    with io.StringIO(files("netpatrol.data").joinpath("cn_divisions.csv").read_text("utf-8")) as lines:
        for row in csv.DictReader(lines):
            yield row["code"], row["name"]
