from __future__ import annotations

from pathlib import Path

import pytest

from netpatrol.entities.units import Unit, Units, division_code, read_units
from netpatrol.errors import RegisterError


def read(tmp_path: Path, text: str) -> tuple[Units, tuple[RegisterError, ...]]:
    path = tmp_path / "units.csv"
    path.write_text(text, "utf-8")
    return read_units(path)


def test_tables_by_code_and_by_name(tmp_path: Path) -> None:
    text = "区划,单位,级别\n420500,网监中心,中心\n夷陵区,夷陵区局,局\n420506001,小溪塔所,所\n假县,某局,局\n420502,,局\n"
    units, refused = read(tmp_path, text)
    assert len(refused) == 2
    assert units.by_division["4205"] == Unit(division="4205", name="网监中心", level="centre")
    assert [units.handling(code).name for code in ("420506001", "420506002", "420502", "4205")] == [  # type: ignore[union-attr]
        "小溪塔所", "夷陵区局", "网监中心", "网监中心",
    ]  # fmt: skip
    assert units.handling("4403") is None
    assert units.centre is not None


def test_a_table_in_force_is_loaded(tmp_path: Path) -> None:
    units, _ = read(tmp_path, "division,unit\n4205,网监中心\n")
    units.save(tmp_path)
    assert Units.load(tmp_path) == units
    (tmp_path / "register" / "units.json").write_text("{", "utf-8")
    with pytest.raises(RegisterError, match="重新导入"):
        Units.load(tmp_path)


@pytest.mark.parametrize("text", ["甲,乙\n1,2\n", "区划,单位\n假县,某局\n"])
def test_unusable_tables_are_one_error(text: str, tmp_path: Path) -> None:
    with pytest.raises(RegisterError):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("420506", "420506"),
        ("420506000000", "420506"),
        ("420500", "4205"),
        ("42", "42"),
        ("宜昌市夷陵区", "420506"),
        ("999999", ""),
        ("夷陵区某处", ""),
    ],
)
def test_divisions_by_code_or_name(text: str, code: str) -> None:
    assert division_code(text) == code
