"""`netpatrol evidence`: show, verify and hand out what was preserved."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from netpatrol.items import EvidenceRef

app = typer.Typer(no_args_is_help=True, add_completion=False, help="固证：查看、校验、导出网页证据。")
Format = Annotated[str, typer.Option("--format", help="table 或 jsonl")]


@app.command(epilog="例：netpatrol evidence show 3f2a（线索） ｜ netpatrol evidence show 20260115093000123-9c0d…（固证）")
def show(
    name: Annotated[str, typer.Argument(help="线索编号或固证编号")],
    form: Format = "table",
) -> None:
    """查看一条线索的全部固证，或一份固证的清单。"""
    from netpatrol.evidence.package import describe

    for ref, entry in _found(name):
        if form == "jsonl":
            line = {"evidence_id": ref.evidence_id, "manifest_sha256": ref.manifest_sha256, **entry}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        else:
            sys.stdout.write("\n".join([f"固证编号    {ref.evidence_id}", *describe(ref, entry)]) + "\n\n")


@app.command(epilog="例：netpatrol evidence verify ｜ netpatrol evidence verify 3f2a ｜ netpatrol evidence verify --archive-only")
def verify(
    name: Annotated[str, typer.Argument(help="只校验这条线索或这份固证；不写则校验全部", show_default=False)] = "",
    archive_only: Annotated[bool, typer.Option("--archive-only", help="只看固证文件夹，不与数据库核对")] = False,
    form: Format = "table",
) -> None:
    """逐环校验固证链：改动一个字节、删去文件或记录、截断都会指出在哪里。有一处不符即以 1 结束。"""
    from netpatrol.evidence.verify import links
    from netpatrol.evidence.verify import verify as check
    from netpatrol.store import places

    expected = _of(name) if name else [] if archive_only else _all_known()
    folder = places.evidence_folder(places.home())
    report = check(folder, expected)
    if form == "jsonl":
        for link in links(folder, report):
            sys.stdout.write(json.dumps(link, ensure_ascii=False) + "\n")
        for fault in report.faults:
            line = {"where": fault.where, "code": fault.code, "message": fault.message, "holds": False}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        totals = {"holds": report.ok, "links": report.links, "captures": report.captures, "files": report.files}
        sys.stdout.write(json.dumps({**totals, "faults": len(report.faults)}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"不符  {fault}\n" for fault in report.faults))
        sys.stdout.write("".join(f"说明  {note}\n" for note in report.notes))
        outcome = "全部相符" if report.ok else f"{len(report.faults)} 处不符"
        if report.ok and not report.links:
            outcome = f"{folder} 里还没有固证"
        sys.stdout.write(f"已校验 {report.links} 环、{report.captures} 份固证、{report.files} 个文件：{outcome}\n")
    if not report.ok:
        raise typer.Exit(1)


@app.command(epilog="例：netpatrol evidence export 3f2a --to 案件-3f2a.zip")
def export(
    name: Annotated[str, typer.Argument(help="线索编号或固证编号")],
    to: Annotated[Path | None, typer.Option("--to", help="写到哪个 zip 文件（须不存在）")] = None,
) -> None:
    """导出固证：WARC 记录、清单、可读说明、SHA-256 列表，打成一个 zip。"""
    from netpatrol.evidence.package import pack
    from netpatrol.store import places

    target = to or Path(f"evidence-{name[:24]}.zip")
    folder = places.evidence_folder(places.home())
    pack(folder, _found(name), target, f"netpatrol 固证导出：{name}")
    sys.stdout.write(f"已导出 {target}\n")


# -- what a name stands for --------------------------------------------------------------------------


def _found(name: str) -> list[tuple[EvidenceRef, dict[str, Any]]]:
    """Return the captures of a lead, or the capture of that id, each with its manifest."""
    from netpatrol.errors import NetPatrolError
    from netpatrol.evidence.reading import captures, find_manifest
    from netpatrol.store import places

    folder = places.evidence_folder(places.home())
    if "-" in name:  # a capture's id; needs no database
        found = [(ref, entry) for ref, entry in captures(folder) if ref.evidence_id.startswith(name)]
        if not found:
            raise NetPatrolError(f"固证文件夹中没有 {name!r}（no such capture）")
        return found
    return [(ref, find_manifest(folder, ref)) for ref in _of(name)]


def _of(name: str) -> list[EvidenceRef]:
    """Return the references that the database has for a lead or a capture."""
    from netpatrol.errors import NetPatrolError
    from netpatrol.store.leads import lead_document
    from netpatrol.store.mongo import connect
    from netpatrol.store.pages import evidence_refs

    with connect() as store:
        if "-" in name:
            ids = [name]
        else:
            lead = lead_document(store, name)
            ids = sorted({capture for finding in lead["findings"] for capture in finding["evidence"]})
        refs = list(evidence_refs(store, ids))
    if not refs:
        raise NetPatrolError(f"数据库中没有 {name!r} 的固证（no evidence of that name）")
    return refs


def _all_known() -> list[EvidenceRef]:
    """Return all references of the database, if there is one; without one the folder speaks for itself."""
    from netpatrol.store import places
    from netpatrol.store.mongo import connect
    from netpatrol.store.pages import evidence_refs

    if not places.mongo_uri() and not places.database_folder(places.home()).exists():
        return []
    with connect() as store:
        return list(evidence_refs(store))
