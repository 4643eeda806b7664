"""One row of a register export -> an entity: values cleaned, codes put where they belong, unusable rows refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from netpatrol.entities.entity import Entity
from netpatrol.errors import RegisterError
from netpatrol.text.codes import is_citizen_id

MAX_CELL = 4_000
MAX_NAME = 200
_NOTHING = frozenset(
    ("", "-", "--", "---", "/", "\\", "无", "空", "#N/A", "N/A", "n/a", "NA", "null", "NULL", "None", "nan")
)
FORMULA = re.compile(r"^[=@+]\s*[A-Za-z(]|^=|^-\s*[A-Za-z(]+\(")
_TEXT_MARKS = re.compile(r"^['\s]+")
_QUOTED = re.compile(r'^="((?:[^"]|"")*)"$')
ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
"""A code that a spreadsheet took for a number: its last digits are lost."""
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]{0,20}[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|[ -~])?|\x9b[0-9;?]{0,20}[@-~]")
"""Orders to a terminal, whole: without its first character the rest would stay as text."""
_CODE = re.compile(r"[0-9A-Z]{18}")
_OLD_NUMBER = re.compile(r"[0-9]{13}|[0-9]{15}(?:-\d)?")
_DATE = re.compile(r"^\D{0,3}(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})(?!\d)")


def make_entity(mapping: Mapping[str, int], cells: Sequence[str], path: Path | str, row: int) -> Entity:
    """Return the entity of one row; raises RegisterError naming row and column."""
    values = {}
    for field, index in mapping.items():
        cell = cells[index] if index < len(cells) else ""
        if len(cell) > MAX_CELL and field != "scope":
            raise RegisterError(f"单元格过长（{len(cell)} 字符）", path=path, row=row, column=field)
        values[field] = clean(cell[:MAX_CELL])
        if FORMULA.match(values[field]) and field != "scope":
            raise RegisterError("是公式，没有算出的值，请导出为值", path=path, row=row, column=field)
    values["name"] = _name(values.get("name", ""), path, row)
    values["uscc"], values["reg_no"] = _codes(values.get("uscc", ""), values.get("reg_no", ""), path, row)
    values["phone"] = phone(values.get("phone", ""))
    values["domain"] = bare_domain(values.get("domain", ""))
    values["icp"] = re.sub(r"\s|-\d+$", "", values.get("icp", ""))
    values["emark"] = values.get("emark", "").replace(" ", "").upper()
    for field in ("founded", "approved"):
        values[field] = iso_date(values.get(field, "")) or values.get(field, "")
    values["former"] = "；".join(part for part in re.split(r"[；;、,，|]", values.get("former", "")) if part.strip())
    return Entity(**values)


def _name(name: str, path: Path | str, row: int) -> str:
    name = re.sub(r"\s+", "", name)
    if not name:
        raise RegisterError("名称为空", path=path, row=row, column="name")
    if "\ufffd" in name:
        raise RegisterError("名称是乱码，请检查文件编码", path=path, row=row, column="name")
    if not any(char.isalpha() for char in name):
        raise RegisterError(f"名称里没有文字：{name[:30]}", path=path, row=row, column="name")
    if len(name) > MAX_NAME:
        raise RegisterError(f"名称过长（{len(name)} 字符）", path=path, row=row, column="name")
    return name


def bare_code(value: str) -> str:
    """Return a code without the marks and blanks in it, in capitals."""
    return re.sub(r"[^0-9A-Za-z]", "", value).upper()


def _codes(uscc: str, reg_no: str, path: Path | str, row: int) -> tuple[str, str]:
    """Return USCC and registration number, each in its place; a citizen's number is never kept."""
    if ROUNDED.fullmatch(uscc) or ROUNDED.fullmatch(reg_no):
        raise RegisterError("代码被表格软件写成了科学计数，末几位已丢失，请把该列设为文本重新导出", path=path, row=row, column="uscc")
    uscc, reg_no = bare_code(uscc), bare_code(reg_no)
    if _OLD_NUMBER.fullmatch(uscc):
        uscc, reg_no = "", reg_no or uscc
    if _CODE.fullmatch(reg_no) and not is_citizen_id(reg_no):
        uscc, reg_no = uscc or reg_no, ""
    uscc = "" if is_citizen_id(uscc) else uscc
    reg_no = "" if is_citizen_id(reg_no) else reg_no
    if uscc and not _CODE.fullmatch(uscc):
        raise RegisterError(f"代码形状不对：{uscc[:30]}", path=path, row=row, column="uscc")
    if reg_no and not re.fullmatch(r"[0-9A-Z]{5,20}", reg_no):
        raise RegisterError(f"注册号形状不对：{reg_no[:30]}", path=path, row=row, column="reg_no")
    return uscc, reg_no


def clean(cell: str) -> str:
    """Return a cell in half width (brackets of names kept), without controls, stray spaces and spreadsheet quoting."""
    text = cell
    if not cell.isascii() and not unicodedata.is_normalized("NFKC", cell):
        text = "".join(c if c in "（）" else unicodedata.normalize("NFKC", c) for c in cell)
    if not text.isprintable():
        text = _ESCAPE.sub("", text)
        text = "".join(c for c in text if unicodedata.category(c)[0] != "C" or c in "\t\n")
    text = text.strip()
    if text.startswith("'"):
        text = _TEXT_MARKS.sub("", text)
    quoted = _QUOTED.match(text)
    text = quoted[1].strip() if quoted else text
    return "" if text in _NOTHING else text


def phone(text: str) -> str:
    """Return the first telephone of a cell, digits only."""
    for part in re.split(r"[,，;；、/\s]{1,3}(?=[01][0-9-]{6,})", text):
        digits = re.sub(r"\D", "", part)
        if digits.startswith("86") and len(digits) == 13:
            digits = digits[2:]
        if 7 <= len(digits) <= 16:
            return digits
    return ""


def bare_domain(text: str) -> str:
    """Return a host without scheme, www., port, path and trailing dot, in lower case."""
    host = re.sub(r"^[a-z]+:/{0,2}", "", text.strip().lower()).split("/")[0].split(":")[0].rstrip(".")
    host = host.removeprefix("www.")
    if not host.isascii():
        try:
            return host.encode("idna").decode()
        except UnicodeError:
            return host
    return host


def iso_date(text: str) -> str:
    """Return a date as YYYY-MM-DD from the usual ways to write one (a spreadsheet's day number, too), else ""."""
    found = _DATE.match(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        if text.isdigit() and 20_000 < int(text) < 80_000:
            return (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()
    except ValueError:
        return ""
    return ""
