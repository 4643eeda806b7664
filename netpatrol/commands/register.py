"""`netpatrol register`: the register of entities (经济户口). Keeps a snapshot under NETPATROL_HOME."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netpatrol.errors import NetPatrolError

if TYPE_CHECKING:
    from netpatrol.entities.register import Register

app = typer.Typer(no_args_is_help=True, help="主体库（经济户口）：导入、检查、查看。")


@app.command("import", epilog="例：netpatrol register import 经济户口.csv 外省.xlsx")
def import_(
    files: Annotated[list[Path], typer.Argument(help="CSV（UTF-8、GB18030、UTF-16）或 XLSX，可为 .gz")],
) -> None:
    """导入登记名册；新的一行取代旧的一行，用不了的行逐条列出，不影响其余。"""
    from netpatrol.entities.importer import read_register
    from netpatrol.entities.register import save_register
    from netpatrol.store.places import home, private_folder

    report = read_register(files)
    if not report.entities:
        raise NetPatrolError("没有可用的行，主体库未改动" + "".join(f"\n  {error}" for error in report.refused[:20]))
    register = save_register(report.entities, private_folder(home()))
    columns = "、".join(f"{field}←{header}" for field, header in report.columns.items())
    sys.stderr.write(f"列：{columns}\n")
    for error in report.refused[:200]:
        sys.stderr.write(f"未收：{error}\n")
    if len(report.refused) > 200:
        sys.stderr.write(f"……另有 {len(report.refused) - 200} 行未收\n")
    typer.echo(
        f"主体库 {register.version}：{len(register)} 个主体，读 {report.rows} 行，"
        f"被较新行取代 {report.superseded} 行，未收 {len(report.refused)} 行"
    )
    if report.refused:
        raise typer.Exit(1)


@app.command(epilog="例：netpatrol register show 91420502MAC3D9H726")
def show(
    entity_id: Annotated[str, typer.Argument(help="统一社会信用代码、注册号或名称")],
) -> None:
    """显示一个主体；自然人信息已掩码。"""
    from dataclasses import asdict

    from netpatrol.entities.names import fold
    from netpatrol.store.masks import mask_address, mask_name, mask_phone

    register = _register()
    found = (
        register.find("id", entity_id.upper())
        or register.find("id", entity_id)
        or register.find("reg_no", entity_id)
        or register.find("name", fold(entity_id.partition("/")[0]))
    )
    if not found:
        raise NetPatrolError(f"主体库里没有 {entity_id}")
    for entity in found:
        row = asdict(entity)
        if entity.is_natural_person:
            row |= {"name": mask_name(entity.name), "person": mask_name(entity.person)}
            row |= {"phone": mask_phone(entity.phone), "address": mask_address(entity.address)}
        typer.echo(json.dumps(row, ensure_ascii=False))


@app.command(epilog="例：netpatrol register stats")
def stats() -> None:
    """统计主体库：类型、状态、区县。"""
    from collections import Counter

    register = _register()
    typer.echo(f"主体库 {register.version}：{len(register)} 个主体")
    for title, field in (("类型", "kind"), ("状态", "status"), ("区县", "county")):
        counts = Counter(getattr(entity, field) or "（空）" for entity in register.entities)
        typer.echo(f"{title}：" + "，".join(f"{value} {number}" for value, number in counts.most_common(20)))


def _register() -> Register:
    from netpatrol.entities.register import Register
    from netpatrol.store.places import home

    register = Register.load(home())
    if register is None:
        raise NetPatrolError("尚未导入主体库：netpatrol register import 文件")
    return register
