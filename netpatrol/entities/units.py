"""Who handles which division: the operator's own table of units (centre, county bureaus, stations)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from netpatrol.entities.columns import squeeze
from netpatrol.entities.divisions import full_name, table
from netpatrol.entities.places import clean_address, locate
from netpatrol.entities.tables import read_table
from netpatrol.errors import RegisterError, why
from netpatrol.lasting import write_whole

FILE = "units.json"
_DIVISION = (
    "区划代码",
    "行政区划代码",
    "区划",
    "行政区划",
    "辖区",
    "地区",
    "区县",
    "乡镇",
    "division",
    "code",
    "region",
    "area",
)
_UNIT = ("单位", "单位名称", "管辖单位", "承办单位", "机构", "机构名称", "unit", "name", "office")
_LEVEL = ("级别", "层级", "类型", "level", "type")
_LEVELS = {
    "centre": re.compile("中心|支队|市局|总队|centre|center", re.IGNORECASE),
    "bureau": re.compile("县局|区局|分局|大队|局$|bureau", re.IGNORECASE),
    "station": re.compile("所$|监管所|工商所|站$|中队|station", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One line: a unit, the division that it handles, its level (centre, bureau, station)."""

    division: str
    name: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Units:
    """All units by division; the deepest division that is handled by somebody decides."""

    by_division: Mapping[str, Unit] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[Unit]) -> Units:
        """Return the table of these lines; of two for one division the later holds."""
        return cls({unit.division: unit for unit in units})

    @classmethod
    def load(cls, home: Path) -> Units:
        """Return the table in force, empty if none was imported. Raises RegisterError for a damaged one."""
        path = home / "register" / FILE
        try:
            return cls.of(Unit(**row) for row in json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError) as error:
            raise RegisterError(f"管辖单位表损坏，请重新导入：{why(error)}", path=path) from error

    def save(self, home: Path) -> None:
        """Put this table in force."""
        folder = home / "register"
        folder.mkdir(parents=True, exist_ok=True)
        rows = [{"division": u.division, "name": u.name, "level": u.level} for u in self.by_division.values()]
        write_whole(folder / FILE, json.dumps(rows, ensure_ascii=False, indent=1).encode())

    def handling(self, division: str) -> Unit | None:
        """Return who handles a division: its own unit, else the one above it, up to the prefecture."""
        for size in (9, 6, 4):
            if len(division) >= size and division[:size] in self.by_division:
                return self.by_division[division[:size]]
        return None

    @property
    def centre(self) -> Unit | None:
        """Return the unit for what has no place of its own."""
        return next((unit for unit in self.by_division.values() if unit.level == "centre"), None)


def read_units(path: Path) -> tuple[Units, tuple[RegisterError, ...]]:
    """Return the table of a file and the lines refused. Raises RegisterError for a file that is none."""
    rows = iter(read_table(path))
    columns: dict[str, int] = {}
    units: list[Unit] = []
    refused: list[RegisterError] = []
    for number, cells in rows:
        if isinstance(cells, RegisterError):
            refused.append(cells)
        elif not columns:
            columns = _columns(cells, path)
        elif any(cell.strip() for cell in cells):
            try:
                units.append(_unit(cells, columns, path, number))
            except RegisterError as error:
                refused.append(error)
    if not units:
        raise RegisterError("没有可用的行：" + "；".join(str(error) for error in refused[:5]), path=path)
    return Units.of(units), tuple(refused)


def _columns(header: list[str], path: Path) -> dict[str, int]:
    plain = [squeeze(cell) for cell in header]
    found = {}
    for name, known in (("division", _DIVISION), ("unit", _UNIT), ("level", _LEVEL)):
        at = next((plain.index(squeeze(word)) for word in known if squeeze(word) in plain), None)
        if at is not None:
            found[name] = at
    if "division" not in found or "unit" not in found or found["division"] == found["unit"]:
        raise RegisterError("应有两列：区划（代码或名称）与单位名称，可加一列级别（中心、局、所）", path=path, row=1)
    return found


def _unit(cells: list[str], columns: Mapping[str, int], path: Path, row: int) -> Unit:
    division, name, level = (
        cells[columns[key]].strip()[:100] if key in columns and columns[key] < len(cells) else ""
        for key in ("division", "unit", "level")
    )
    if not name:
        raise RegisterError("单位名称为空", path=path, row=row, column="unit")
    code = division_code(division)
    if not code:
        raise RegisterError(f"认不出区划：{division}", path=path, row=row, column="division")
    return Unit(division=code, name=name, level=_level(level) or _level(name) or ("station" if len(code) > 6 else ""))


def _level(text: str) -> str:
    return next((level for level, pattern in _LEVELS.items() if pattern.search(text)), "")


def division_code(text: str) -> str:
    """Return the code of a division given by code (trailing zeros or not) or by name, "" if there is none."""
    digits = text.strip().removesuffix(".0")
    if digits.isdigit():
        for size in (9, 6, 4, 2):
            code, rest = digits[:size], digits[size:]
            if len(digits) >= size and not rest.strip("0") and code in table():
                return code
        return ""
    place = locate(text)
    return place.code if place.end >= len(clean_address(text)) else ""


def transfer(division: str) -> str:
    """Return the unit of a case that belongs elsewhere: `transfer` with the target division."""
    return f"transfer {division} {full_name(division)}".rstrip()
