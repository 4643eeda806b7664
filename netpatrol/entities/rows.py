"""Rows of a register export -> entities: headers recognised, values cleaned, unusable rows refused with a reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from netpatrol.entities.entity import Entity
from netpatrol.errors import RegisterError

HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("名称", "企业名称", "主体名称", "单位名称", "字号名称", "公司名称", "name"),
    "uscc": ("统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "uscc"),
    "reg_no": ("注册号", "工商注册号", "营业执照注册号", "regno", "reg_no"),
    "kind": ("主体类型", "企业类型", "市场主体类型", "类型", "type", "kind"),
    "person": ("法定代表人", "负责人", "经营者", "法人", "person"),
    "address": ("住所", "经营场所", "地址", "注册地址", "address"),
    "county": ("区县", "行政区划", "所属区县", "city", "county"),
    "station": ("所属工商所", "所属市场监管所", "管辖单位", "工商所", "station"),
    "scope": ("经营范围", "scope", "scope_first_80"),
    "founded": ("成立日期", "注册日期", "reg_date", "founded"),
    "status": ("登记状态", "经营状态", "企业状态", "状态", "status"),
    "phone": ("联系电话", "电话", "手机", "phone"),
    "domain": ("网站域名", "域名", "网址", "domain"),
    "icp": ("ICP备案号", "备案号", "icp"),
    "emark": ("电子标识编号", "电子标识", "emark"),
    "credit": ("信用等级", "等级", "credit"),
    "approved": ("核准日期", "变更日期", "更新日期", "approved"),
}
MAX_CELL = 4_000
_NOTHING = {"", "-", "--", "/", "无", "N/A", "n/a", "null", "NULL", "None"}
_CODE = re.compile(r"[0-9A-Z]{15,18}|[0-9]{13}")


def map_columns(header: Sequence[str], path: Path) -> dict[str, int]:
    """Return field -> column of a header row; at least the name must be there."""
    plain = [clean(cell).lower().replace(" ", "") for cell in header]
    mapping = {}
    for field, names in HEADERS.items():
        for name in names:
            if name.lower() in plain:
                mapping[field] = plain.index(name.lower())
                break
    if "name" not in mapping:
        raise RegisterError(f"找不到名称列（认得的写法：{'、'.join(HEADERS['name'])}）", path=path, row=1)
    return mapping


def make_entity(mapping: dict[str, int], cells: Sequence[str], path: Path, row: int) -> Entity:
    """Return the entity of one row; raises RegisterError naming row and column."""
    values = {}
    for field, index in mapping.items():
        cell = cells[index] if index < len(cells) else ""
        if len(cell) > MAX_CELL and field != "scope":
            raise RegisterError(f"单元格过长（{len(cell)} 字符）", path=path, row=row, column=field)
        values[field] = clean(cell[:MAX_CELL])
    if not values["name"]:
        raise RegisterError("名称为空", path=path, row=row, column="name")
    if "\ufffd" in values["name"]:
        raise RegisterError("名称是乱码，请检查文件编码", path=path, row=row, column="name")
    for field in ("uscc", "reg_no"):
        values[field] = re.sub(r"[\s\-]", "", values.get(field, "")).upper()
        if values[field] and not _CODE.fullmatch(values[field]):
            raise RegisterError(f"代码形状不对：{values[field][:30]}", path=path, row=row, column=field)
    values["phone"] = re.sub(r"[^\d]", "", values.get("phone", ""))
    values["domain"] = bare_domain(values.get("domain", ""))
    values["icp"] = re.sub(r"\s|-\d+$", "", values.get("icp", ""))
    values["name"] = re.sub(r"\s+", "", values["name"])
    return Entity(**values)


def clean(cell: str) -> str:
    """Return a cell in half width (brackets of names kept), without controls, stray spaces and spreadsheet quoting."""
    text = "".join(c if c in "（）" else unicodedata.normalize("NFKC", c) for c in cell)
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C" or c in "\t\n").strip().lstrip("'")
    return "" if text in _NOTHING else text


def bare_domain(text: str) -> str:
    """Return a host without scheme, www., path and trailing dot, in lower case."""
    host = re.sub(r"^[a-z]+://", "", text.strip().lower()).split("/")[0].rstrip(".")
    return host.removeprefix("www.")
