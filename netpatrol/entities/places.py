"""Where something is: division codes of Hubei, provinces by their ICP letter, addresses to divisions."""

from __future__ import annotations

import csv
import gzip
import io
from functools import lru_cache
from importlib.resources import files

ICP_PROVINCES = {
    "京": "11", "津": "12", "冀": "13", "晋": "14", "蒙": "15", "辽": "21", "吉": "22", "黑": "23", "沪": "31", "苏": "32",
    "浙": "33", "皖": "34", "闽": "35", "赣": "36", "鲁": "37", "豫": "41", "鄂": "42", "湘": "43", "粤": "44", "桂": "45",
    "琼": "46", "渝": "50", "川": "51", "蜀": "51", "黔": "52", "贵": "52", "滇": "53", "云": "53", "藏": "54", "陕": "61",
    "甘": "62", "陇": "62", "青": "63", "宁": "64", "新": "65",
}  # fmt: skip
PROVINCES = {
    "北京": "11", "天津": "12", "河北": "13", "山西": "14", "内蒙古": "15", "辽宁": "21", "吉林": "22", "黑龙江": "23",
    "上海": "31", "江苏": "32", "浙江": "33", "安徽": "34", "福建": "35", "江西": "36", "山东": "37", "河南": "41", "湖北": "42",
    "湖南": "43", "广东": "44", "广西": "45", "海南": "46", "重庆": "50", "四川": "51", "贵州": "52", "云南": "53", "西藏": "54",
    "陕西": "61", "甘肃": "62", "青海": "63", "宁夏": "64", "新疆": "65",
}  # fmt: skip


@lru_cache(maxsize=1)
def divisions() -> dict[str, tuple[str, ...]]:
    """Return division name -> codes for Hubei's prefectures and counties (source: hubei_divisions.csv.gz)."""
    raw = files("netpatrol.data").joinpath("hubei_divisions.csv.gz").read_bytes()
    rows = csv.DictReader(io.TextIOWrapper(gzip.GzipFile(fileobj=io.BytesIO(raw)), encoding="utf-8"))
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row["level"] in ("city", "area"):
            found[row["name"]] = (*found.get(row["name"], ()), row["code"])
    return found


def division_of(address: str) -> str:
    """Return the division code (2, 4 or 6 digits) that an address or a company name starts with, or ""."""
    code, rest = "", address
    for name, prefix in PROVINCES.items():
        if rest.startswith(name):
            code, rest = prefix, rest[len(name) :].removeprefix("省").removeprefix("市")
            break
    if code not in ("", "42"):
        return code
    for length in range(min(11, len(rest)), 1, -1):
        for spelled in (rest[:length], rest[:length] + "市"):
            codes = divisions().get(spelled, ())
            if len(codes) == 1:
                deeper = division_of(rest[length:]) if len(codes[0]) == 4 else ""
                return deeper if deeper.startswith(codes[0]) else codes[0]
    return code
