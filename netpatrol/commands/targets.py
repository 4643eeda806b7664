"""`netpatrol targets`: import lists of what to patrol, and look at what is due."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netpatrol.commands.hosts import Host
from netpatrol.commands.tables import Format, as_json, at_most, filter_option, print_table, safe

if TYPE_CHECKING:
    from netpatrol.store.records import Target

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="巡查对象：导入网址、电信域名、快递寄件人清单；列出、查看。"
)
Limit = Annotated[int, typer.Option(min=1, max=1_000_000, help="最多几条")]
COLUMNS = ("巡查对象", "种类", "状态", "到期", "次数", "上次结果", "来源", "说明")
KIND = {"site": "网站", "storefront": "平台店铺", "clue": "线索人"}
STATUS = {"due": "待查", "leased": "在查", "parked": "搁置", "kept": "备查"}


@app.command("import", epilog="例：netpatrol targets import 电信域名.csv 快递寄件人.csv seeds.txt")
def import_targets(
    files: Annotated[list[Path], typer.Argument(help="网址清单、电信域名清单、快递寄件人清单（UTF-8 或 GB18030）")],
) -> None:
    """导入清单。用不了的行逐行说明原因（此时以 1 结束），其余照常导入；没有一行可用时以 2 结束。"""
    from datetime import UTC, datetime

    from netpatrol.settings import NETPATROL_ALLOWED_INTERNAL, as_list
    from netpatrol.store import targets
    from netpatrol.store.mongo import connect
    from netpatrol.store.sources import Reader, read_sources
    from netpatrol.text.addresses import Gate
    from netpatrol.text.urls import bare_host

    now = datetime.now(UTC)
    reader = Reader(now=now, key_of=bare_host, lets=Gate.allowing(as_list(NETPATROL_ALLOWED_INTERNAL)).lets)
    found, refused = read_sources(files, reader)
    with connect() as store:
        new, known = targets.add_found(store, found, now)
        parked = targets.count_parked(store, found)
    for line in refused:
        sys.stderr.write(f"{safe(str(line))}\n")
    over_full = targets.over_full(found)
    for host, number in over_full.items():
        most = targets.START_PAGES
        sys.stderr.write(f"{safe(host)}：列了 {number} 个网址，前 {most} 个作起始页，其余 {number - most} 个不作，只看站内链接通到的\n")
    if parked:
        sys.stderr.write(f"其中 {parked} 个对象已搁置，再次列入并不放回：targets list --status parked 看原因，targets unpark 放回\n")
    clues = sum(target.kind == "clue" for target in found)
    merged = len(found) - new - known
    same = f"，同一对象并入 {merged}" if merged else ""
    sys.stdout.write(
        f"读到 {len(found)} 行（其中 {clues} 行只作线索），新增 {new}，已有 {known}{same}，拒收 {len(refused)}\n"
    )
    if refused or over_full:
        raise typer.Exit(1 if found else 2)


@app.command(
    "list", epilog="例：netpatrol targets list --status parked ｜ netpatrol targets list --kind clue --format jsonl"
)
def list_targets(
    status: Annotated[str, filter_option("due、leased、parked、kept；默认全部")] = "",
    kind: Annotated[str, filter_option("site、storefront、clue；默认全部")] = "",
    host: Host = "",
    limit: Limit = 100,
    form: Format = "table",
) -> None:
    """列出巡查对象。"""
    from netpatrol.errors import NetPatrolError

    for option, given, known in (("--status", status, STATUS), ("--kind", kind, KIND)):
        if given and given not in known:
            raise NetPatrolError(f"{option} 不认识 {given!r}，可用 {'、'.join(known)}")
    wanted = {"status": status, "kind": kind}
    _print({name: value for name, value in wanted.items() if value}, limit, form, host)


@app.command("due", epilog="例：netpatrol targets due")
def due_targets(limit: Limit = 100, form: Format = "table") -> None:
    """列出现在到期的巡查对象，最紧要的在前。"""
    from datetime import UTC, datetime

    _print({"status": "due", "kind": {"$ne": "clue"}, "due_at": {"$lte": datetime.now(UTC)}}, limit, form)


@app.command("show", epilog="例：netpatrol targets show www.example.com")
def show_target(
    name: Annotated[str, typer.Argument(help="主机、网址或网店编号")],
) -> None:
    """查看一个巡查对象的全部记录（JSON）。"""
    from netpatrol.errors import NetPatrolError
    from netpatrol.store import targets
    from netpatrol.store.hosts import host_of
    from netpatrol.store.mongo import connect
    from netpatrol.text.urls import bare_host

    with connect() as store:
        found = targets.target(store, name)
        if found is None:
            try:
                found = targets.target(store, bare_host(host_of(name)))
            except ValueError:
                found = None
    if found is None:
        raise NetPatrolError(f"没有巡查对象 {name!r}（no such target）")
    sys.stdout.write(as_json(_as_json(found), indent=1) + "\n")


@app.command("unpark", epilog="例：netpatrol targets unpark www.example.com")
def unpark_target(name: Annotated[str, typer.Argument(help="网店编号")]) -> None:
    """把搁置的巡查对象重新列入待查。"""
    from datetime import UTC, datetime

    from netpatrol.errors import NetPatrolError
    from netpatrol.items import digest
    from netpatrol.store import targets
    from netpatrol.store.mongo import connect

    with connect() as store:
        if not targets.unpark(store, digest(name), datetime.now(UTC)):
            raise NetPatrolError(f"没有搁置的巡查对象 {name!r}（no such parked target）")
    sys.stdout.write(f"已重新列入待查：{name}\n")


def _print(query: dict[str, Any], limit: int, form: str, host: str = "") -> None:
    from netpatrol.commands.hosts import of_host
    from netpatrol.store import targets
    from netpatrol.store.mongo import connect

    with connect() as store:
        found = at_most(targets.listed(store, query | of_host(store, host), limit + 1), limit)
    if form == "jsonl":
        for target in found:
            sys.stdout.write(as_json(_as_json(target)) + "\n")
        return
    print_table(COLUMNS, [_row(target) for target in found], "没有巡查对象")


def _row(target: Target) -> list[str]:
    from netpatrol.store.export import shown

    return [
        target.name if target.kind == "clue" else target.shop_id,
        KIND.get(target.kind, target.kind),
        STATUS.get(target.status, target.status),
        shown(target.due_at)[:16].replace("T", " ") if target.due_at and target.kind != "clue" else "",
        str(target.attempts),
        target.last_result,
        "、".join(dict.fromkeys(via.channel for via in target.found_via)),
        target.parked_reason or "；".join(_masked(target).values()),
    ]


def _masked(target: Target) -> dict[str, str]:
    """Return the clues as shown: a sender is a natural person."""
    from netpatrol.store.masks import mask_address, mask_name, mask_phones

    clues = {name: mask_phones(value) for name, value in target.clues.items()}
    if "sender" in clues:
        clues["sender"] = mask_name(clues["sender"])
    if "address" in clues:
        clues["address"] = mask_address(target.clues["address"])
    return clues


def _as_json(target: Target) -> dict[str, Any]:
    from netpatrol.store.export import shown
    from netpatrol.store.records import to_document

    document = {"target_id": target.target_id, **to_document(target), "clues": _masked(target)}
    shown_document: dict[str, Any] = json.loads(json.dumps(document, ensure_ascii=False, default=shown))
    return shown_document
