"""`netpatrol units`: who handles which division. Kept under NETPATROL_HOME beside the register."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from netpatrol.commands.tables import as_json

app = typer.Typer(no_args_is_help=True, add_completion=False, help="管辖单位：导入、列出、查询（中心、县市区局、监管所）。")


@app.command("import", epilog="例：netpatrol units import 管辖单位.csv（列：区划、单位、级别）")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX：区划（代码或名称）、单位名称、级别")],
) -> None:
    """导入管辖单位表，取代原有的表；用不了的行逐条列出。"""
    from netpatrol.commands.tables import safe
    from netpatrol.entities.units import read_units
    from netpatrol.store.places import home, private_folder

    units, refused = read_units(file)
    units.save(private_folder(home()))
    for error in refused[:200]:
        sys.stderr.write(safe(f"未收：{error}") + "\n")
    typer.echo(f"管辖单位 {len(units.by_division)} 条，未收 {len(refused)} 行")
    if refused:
        raise typer.Exit(1)


@app.command("list", epilog="例：netpatrol units list")
def list_() -> None:
    """列出管辖单位。"""
    from netpatrol.entities.divisions import full_name
    from netpatrol.entities.units import Units
    from netpatrol.store.places import home

    for unit in Units.load(home()).by_division.values():
        row = {"division": unit.division, "place": full_name(unit.division), "unit": unit.name, "level": unit.level}
        typer.echo(as_json(row))


@app.command("find", epilog="例：netpatrol units find 宜昌市夷陵区小溪塔街道营盘路12号")
def find(address: Annotated[str, typer.Argument(help="地址或区划名称")]) -> None:
    """查一个地址归哪个单位管。"""
    from netpatrol.entities.divisions import full_name
    from netpatrol.entities.places import locate
    from netpatrol.entities.units import Units
    from netpatrol.store.places import home

    place = locate(address)
    unit = Units.load(home()).handling(place.code)
    row = {
        "division": place.code,
        "place": full_name(place.code),
        "candidates": [{"division": code, "place": full_name(code)} for code in place.candidates],
        "unit": unit.name if unit else "",
    }
    typer.echo(as_json(row))
