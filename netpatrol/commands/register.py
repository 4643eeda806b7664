"""`netpatrol register`: the register of entities (经济户口). Keeps versions of it under NETPATROL_HOME."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netpatrol.commands.tables import Format, as_json
from netpatrol.errors import NetPatrolError

if TYPE_CHECKING:
    from netpatrol.entities.entity import Entity
    from netpatrol.entities.history import Event
    from netpatrol.entities.importer import ImportReport
    from netpatrol.entities.register import Register
    from netpatrol.entities.updates import Published

app = typer.Typer(no_args_is_help=True, add_completion=False, help="主体库（经济户口）：导入、检查、查看、变更历史。")
REFUSED_SHOWN = 200


@app.command(
    "import", epilog="例：netpatrol register import 经济户口.csv 增量.xlsx ｜ netpatrol register import 全量.csv --full"
)
def import_(
    files: Annotated[list[Path], typer.Argument(help="CSV（UTF-8、GB18030、UTF-16）或 XLSX，可为 .gz")],
    full: Annotated[
        bool, typer.Option("--full", help="这些文件就是全部主体：不在其中的移出主体库（默认保留）")
    ] = False,
) -> None:
    """导入登记名册：新的一行取代旧的一行，变更留痕；用不了的行逐条列出，不影响其余。"""
    from datetime import UTC, datetime

    from netpatrol.entities.importer import read_register
    from netpatrol.entities.updates import update_register
    from netpatrol.store.places import home, private_folder

    report = read_register(files, _progress)
    if not len(report.entities):
        raise NetPatrolError("没有可用的行，主体库未改动" + "".join(f"\n  {error}" for error in report.refused[:20]))
    done = update_register(private_folder(home()), report, now=datetime.now(UTC), full=full, progress=_progress)
    _tell(report, done)
    if full and report.unnamed:
        typer.echo(f"有 {report.unnamed} 行或工作表没有读懂，不知道写的是谁：这一次没有移出任何主体。改好后请再用 --full 导入", err=True)
    if report.refused_rows:
        raise typer.Exit(1)


def _progress(message: str) -> None:
    from netpatrol.commands.tables import safe

    sys.stderr.write(f"{safe(message)}\n")


def _tell(report: ImportReport, done: Published) -> None:
    columns = "、".join(f"{field}←{header}" for field, header in report.columns.items())
    _progress(f"列：{columns}")
    for error in report.refused[:REFUSED_SHOWN]:
        _progress(f"未收：{error}")
    if report.refused_rows > REFUSED_SHOWN:
        sys.stderr.write(f"……另有 {report.refused_rows - REFUSED_SHOWN} 行未收\n")
    for merged in report.entities.trail[:20]:
        _progress(f"合并：{merged.source} 第 {merged.row} 行并入 {merged.entity_id}（{merged.rule}）")
    typer.echo(
        f"主体库 {done.register.version}：{len(done.register)} 个主体，读 {report.rows} 行，"
        f"被较新行取代或合并 {report.superseded} 行，未收 {report.refused_rows} 行"
    )
    typer.echo(
        f"新增 {done.added}，变更 {done.changed}，未变 {done.unchanged}，"
        f"本次未出现而保留 {done.absent}，移出 {done.removed}"
    )


@app.command(epilog="例：netpatrol register show 91420502MAC3D9H726 --shops")
def show(
    entity_id: Annotated[str, typer.Argument(help="统一社会信用代码、注册号或名称")],
    shops: Annotated[bool, typer.Option("--shops", help="加上网上档案：网店、域名、最近巡查（需要数据库）")] = False,
) -> None:
    """显示一个主体；自然人信息已掩码。"""
    from dataclasses import asdict

    for entity in _found(_register(), entity_id):
        row: dict[str, Any] = asdict(entity)
        if entity.is_natural_person:
            row |= _masked(entity)
        if shops:
            row["shops"] = list(_shops_of(entity))
        typer.echo(as_json(row))


def _masked(entity: Entity) -> dict[str, str]:
    from netpatrol.store.masks import mask_address, mask_name, mask_phone

    return {
        "name": mask_name(entity.name),
        "person": mask_name(entity.person),
        "phone": mask_phone(entity.phone),
        "address": mask_address(entity.address),
    }


def _shops_of(entity: Entity) -> Iterator[dict[str, Any]]:
    from netpatrol.store.mongo import connect
    from netpatrol.store.shops import shops
    from netpatrol.times import shown

    with connect() as store:
        for record in shops(store):
            if record.match and record.match.entity and record.match.entity.entity_id == entity.entity_id:
                yield {
                    "shop": record.shop.shop_id,
                    "url": record.shop.url,
                    "host": record.host,
                    "name": record.shop.name,
                    "determination": str(record.determination),
                    "last_patrol": shown(record.last_seen or record.seen_at),
                    "reasons": list(record.reasons[:3]),
                }


def _found(register: Register, entity_id: str) -> tuple[Entity, ...]:
    """Return the entities of a code or name; who was moved out is told with when and by which file."""
    from netpatrol.entities.history import removals
    from netpatrol.store.places import home

    found = _standing(register, entity_id)
    if found:
        return found
    gone = removals(home(), entity_id)
    renamed = tuple(entity for event in gone for entity in register.find("id", event.change.entity_id))
    if renamed:
        return renamed
    if gone:
        said = "；".join(f"{event.at[:16]} 由 {'、'.join(event.files)}（导入 {event.number}）移出" for event in gone[-5:])
        raise NetPatrolError(f"主体库里已没有 {entity_id}：{said}。经过见 netpatrol register history {entity_id}")
    raise NetPatrolError(f"主体库里没有 {entity_id}")


def _standing(register: Register, entity_id: str) -> tuple[Entity, ...]:
    from netpatrol.entities.names import fold

    return (
        register.find("id", entity_id.strip().upper())
        or register.find("id", entity_id.strip())
        or register.find("reg_no", entity_id.strip())
        or register.find("name", fold(entity_id.partition("/")[0]))
        or register.find("former", fold(entity_id))
    )


@app.command(epilog="例：netpatrol register history 91420502MAC3D9H726")
def history(entity_id: Annotated[str, typer.Argument(help="统一社会信用代码、注册号或名称，移出的也可")]) -> None:
    """列出一个主体的变更：何时、由哪个文件、什么从什么变成什么；自然人信息已掩码。"""
    from netpatrol.entities.history import history as events
    from netpatrol.entities.history import imports
    from netpatrol.entities.updates import finish_broken_off
    from netpatrol.store.masks import mask_entity_id
    from netpatrol.store.places import home

    finish_broken_off(home())
    subjects = _ids(entity_id)
    found = list(events(home(), *{one for ids in subjects for one in ids}))
    first = imports(home())[:1]
    for ids in subjects:
        own = [event for event in found if event.change.entity_id in ids]
        if first and (not own or own[0].change.kind != "added"):
            files = [file["name"] for file in first[0]["files"]]
            row = {"at": first[0]["at"], "import": first[0]["number"], "files": files, "id": mask_entity_id(ids[0])}
            typer.echo(as_json({**row, "change": "first"}))
        for event in own:
            _show(event)


def _ids(entity_id: str) -> list[tuple[str, ...]]:
    """Return the ids of each subject of a code or name, its present one first; of those that were moved out, too."""
    from netpatrol.entities.history import codes_of, removals
    from netpatrol.store.places import home

    register = _register()
    standing = _standing(register, entity_id)
    gone = [] if standing else removals(home(), entity_id)
    if not standing and not gone:
        raise NetPatrolError(f"主体库里没有 {entity_id}")
    ids: list[tuple[str, ...]] = [(entity.entity_id, entity.uscc, entity.reg_no) for entity in standing]
    ids += [(event.change.entity_id, *sorted(codes_of(event.change))) for event in gone]
    return [tuple(filter(None, dict.fromkeys(one))) for one in ids]


def _show(event: Event) -> None:
    from netpatrol.store.masks import is_person, mask_entity_id, mask_phones

    change = event.change
    row = {
        "at": event.at,
        "import": event.number,
        "files": list(event.files),
        "version": event.version,
        "id": mask_entity_id(change.entity_id),
        "change": change.kind,
        "fields": {name: list(pair) for name, pair in change.fields.items()},
    }
    if change.note:
        row["note"] = change.note
    if is_person(change.entity_id):
        row["fields"] = {name: ["***", "***"] for name in change.fields}
    typer.echo(mask_phones(as_json(row)) if is_person(change.entity_id) else as_json(row))


@app.command(epilog="例：netpatrol register check ｜ netpatrol register check --format jsonl")
def check(form: Format = "table") -> None:
    """检查主体库的脏数据，按种类报告：校验位、区划、乱码、共用电话地址、近似名称。"""
    from netpatrol.entities.dirt import KINDS, find_dirt
    from netpatrol.store.masks import mask_phones

    register = _register()
    found = find_dirt(register)
    if form == "jsonl":
        for dirt in found:
            row = {"kind": dirt.kind, "title": KINDS[dirt.kind], "count": dirt.count, "examples": dirt.examples}
            typer.echo(mask_phones(as_json(row)))
        return
    typer.echo(f"主体库 {register.version}：{len(register)} 个主体")
    for dirt in found:
        typer.echo(f"{KINDS[dirt.kind]}：{dirt.count}")
        for example in dirt.examples[:5]:
            typer.echo(f"    {mask_phones(example)}")


@app.command(epilog="例：netpatrol register stats")
def stats() -> None:
    """统计主体库：类型、状态、区县，以及历次导入。"""
    from collections import Counter

    from netpatrol.entities.history import imports
    from netpatrol.entities.updates import finish_broken_off
    from netpatrol.store.places import home

    finish_broken_off(home())
    register = _register()
    typer.echo(f"主体库 {register.version}：{len(register)} 个主体")
    counts: dict[str, Counter[str]] = {"kind": Counter(), "status": Counter(), "county": Counter()}
    for entity in register.entities:
        for field, counter in counts.items():
            counter[getattr(entity, field) or "（空）"] += 1
    for title, field in (("类型", "kind"), ("状态", "status"), ("区县", "county")):
        typer.echo(f"{title}：" + "，".join(f"{value} {number}" for value, number in counts[field].most_common(20)))
    for entry in imports(home())[-10:]:
        files = "、".join(file["name"] for file in entry["files"])
        typer.echo(
            f"导入 {entry['number']}（{entry['at'][:16]}，{files}）：读 {entry['rows']} 行，"
            f"新增 {entry['added']}，变更 {entry['changed']}，未收 {entry['refused']}"
        )


def _register() -> Register:
    from netpatrol.entities.register import Register
    from netpatrol.store.places import home

    register = Register.load(home())
    if register is None:
        raise NetPatrolError("尚未导入主体库：netpatrol register import 文件")
    return register
