"""Which column of an export holds what: headers as real exports have them, over one row or two, below titles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from netpatrol.errors import RegisterError

HEADERS: dict[str, tuple[str, ...]] = {
    "name": (
        "名称", "企业名称", "主体名称", "单位名称", "字号名称", "公司名称",
        "市场主体名称", "经营主体名称", "企业(机构)名称", "商户名称", "机构名称", "个体工商户名称",
        "name", "company", "company_name", "entity_name",
    ),
    "uscc": (
        "统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "统一社会信用代码/注册号", "社会信用代码(统一代码)",
        "uscc", "credit_code", "unified_social_credit_code", "uniscid",
    ),
    "reg_no": (
        "注册号", "工商注册号", "营业执照注册号", "注册登记号", "执照号", "regno",
        "reg_no", "registration_no", "registration",
    ),
    "kind": (
        "主体类型", "企业类型", "市场主体类型", "经营主体类型", "企业(机构)类型", "类型",
        "type", "kind", "entity_type",
    ),
    "person": (
        "法定代表人", "法定代表人(负责人)", "负责人", "经营者", "经营者姓名", "法人",
        "法人代表", "姓名", "person", "legal_person",
    ),
    "address": (
        "住所", "经营场所", "地址", "注册地址", "住所(经营场所)", "住所/经营场所",
        "企业地址", "登记住所", "详细地址", "address",
    ),
    "county": (
        "区县", "行政区划", "所属区县", "县市区", "所在区县", "属地",
        "辖区", "district", "city", "county",
    ),
    "station": (
        "所属工商所", "所属市场监管所", "管辖单位", "工商所", "监管所", "所属监管所",
        "管辖机关", "日常监管所", "station",
    ),
    "scope": (
        "经营范围", "许可经营项目", "主营", "scope", "scope_first_80", "business_scope",
    ),
    "founded": (
        "成立日期", "注册日期", "登记日期", "设立日期", "开业日期", "reg_date",
        "founded", "established",
    ),
    "status": (
        "登记状态", "经营状态", "企业状态", "主体状态", "状态", "status",
    ),
    "phone": (
        "联系电话", "电话", "手机", "手机号", "企业电话", "联系方式",
        "固定电话", "phone", "tel", "telephone", "mobile",
    ),
    "domain": (
        "网站域名", "域名", "网址", "网站", "网站地址", "domain",
        "website", "url",
    ),
    "icp": (
        "icp备案号", "备案号", "网站备案号", "icp", "icp_no",
    ),
    "emark": (
        "电子标识编号", "电子标识", "电子执照编号", "emark",
    ),
    "credit": (
        "信用等级", "等级", "信用分类", "credit", "grade",
    ),
    "approved": (
        "核准日期", "变更日期", "更新日期", "核准时间", "最近核准日期", "发照日期",
        "approved", "updated", "updated_at",
    ),
    "former": (
        "曾用名", "曾用名称", "原名称", "former", "former_name",
    ),
}  # fmt: skip
HEADER_SEARCHED = 10
_DECORATION = re.compile(r"[*＊#\s_\-:：·]|\([^()]{0,20}\)$|（[^（）]{0,20}）$")
_TELLING = {
    "统一社会信用代码": "uscc", "信用代码": "uscc", "注册号": "reg_no", "企业名称": "name", "法定代表": "person",
    "经营范围": "scope", "联系电话": "phone", "备案号": "icp", "登记状态": "status", "核准日期": "approved",
}  # fmt: skip


def squeeze(cell: str) -> str:
    """Return a header cell without what only decorates it."""
    text = unicodedata.normalize("NFKC", cell).lower().strip().strip("\ufeff'\"")
    return _DECORATION.sub("", _DECORATION.sub("", text))


_EXACT = {squeeze(name): field for field, names in HEADERS.items() for name in names}


def map_columns(header: Sequence[str], path: Path | str = "") -> dict[str, int]:
    """Return field -> column of a header row. Raises RegisterError where there is no column of names."""
    mapping = guess(header)
    if "name" not in mapping:
        raise RegisterError(f"找不到名称列（认得的写法：{'、'.join(HEADERS['name'][:9])}…）", path=path, row=1)
    return mapping


def guess(header: Sequence[str]) -> dict[str, int]:
    """Return field -> column of whatever is recognised; of two columns for one field the better-known name wins."""
    plain = [squeeze(cell[:60]) for cell in header]
    mapping: dict[str, int] = {}
    for field, names in HEADERS.items():
        for name in names:
            if squeeze(name) in plain:
                mapping[field] = plain.index(squeeze(name))
                break
    taken = set(mapping.values())
    for words, field in _TELLING.items():
        at = next((at for at, cell in enumerate(plain) if words in cell and at not in taken and len(cell) <= 16), None)
        if field not in mapping and at is not None:
            mapping[field] = at
            taken.add(at)
    return mapping


def find_header(rows: Iterable[tuple[int, list[str]]], path: Path) -> tuple[int, list[str], dict[str, int]]:
    """Return (how many rows it ends at, header cells, field -> column) from the first rows of a table.

    Titles above it are passed over; a header of two rows (merged cells) counts as one.
    """
    seen = [cells for _, cells in rows]
    best: tuple[int, list[str], dict[str, int]] = (0, [], {})
    for at, cells in enumerate(seen):
        mapping = guess(cells)
        if len(mapping) > len(best[2]) and "name" in mapping:
            best = (at + 1, cells, mapping)
        below = seen[at + 1] if at + 1 < len(seen) else None
        if below is not None and len(guess(below)) >= 2 and _is_heading(below):
            both = _joined(cells, below)
            mapping = guess(both)
            if len(mapping) > len(best[2]) and "name" in mapping:
                best = (at + 2, both, mapping)
    if not best[2]:
        map_columns(seen[0] if seen else [], path)
    return best


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return one header of two rows: the lower cell where it says something, else the upper."""
    size = max(len(above), len(below))
    upper, lower = ([*row, *[""] * (size - len(row))] for row in (above, below))
    return [
        b if squeeze(b) and (squeeze(b) in _EXACT or not squeeze(a)) else a for a, b in zip(upper, lower, strict=True)
    ]


def _is_heading(cells: Sequence[str]) -> bool:
    """Say whether a row is made of headings: nothing in it looks like a code, a telephone or a date."""
    return not any(re.search(r"\d{5,}|\d{4}[-/年]\d", cell) for cell in cells)


def is_header_again(cells: Sequence[str], header: Sequence[str], mapping: dict[str, int]) -> bool:
    """Say whether a row repeats the header, as in files that were put together of several."""
    at = mapping["name"]
    return at < len(cells) and at < len(header) and squeeze(cells[at]) == squeeze(header[at]) != ""
