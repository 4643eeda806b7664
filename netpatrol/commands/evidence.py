"""`netpatrol evidence`: show, verify and hand out what was preserved."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netpatrol.commands.captures import captures_of, expected_of, has_database, lies_elsewhere, place_of
from netpatrol.commands.tables import Format, as_json

if TYPE_CHECKING:
    from netpatrol.commands.captures import Here
    from netpatrol.evidence.verify import Report
    from netpatrol.store.archives import Holdings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="固证：查看、校验、导出网页证据。")


@app.command(epilog="例：netpatrol evidence show 3f2a（线索） ｜ netpatrol evidence show 20260115093000123-9c0d…（固证）")
def show(
    name: Annotated[str, typer.Argument(help="线索编号或固证编号")],
    form: Format = "table",
) -> None:
    """查看一条线索的全部固证，或一份固证的清单。"""
    from netpatrol.evidence.package import describe
    from netpatrol.store import places

    found = captures_of(name)
    for ref, entry in found.here:
        if form == "jsonl":
            line = {"evidence_id": ref.evidence_id, "manifest_sha256": ref.manifest_sha256, **entry}
            sys.stdout.write(as_json(line) + "\n")
        else:
            sys.stdout.write("\n".join([f"固证编号    {ref.evidence_id}", *describe(ref, entry)]) + "\n\n")
    if found.elsewhere:
        sys.stderr.write(f"{lies_elsewhere(found.elsewhere)}\n")
    if found.alone and has_database():
        sys.stderr.write("数据库连不上，没有与其中的登记核对（not held against the database）\n")
    unsound = [*found.wrong, *_unsound(places.evidence_folder(places.home()), found.here)]
    if unsound:
        sys.stderr.write("".join(f"{line}\n" for line in unsound))
        raise typer.Exit(1)


def _unsound(folder: Path, found: Here) -> Iterator[str]:
    """Yield a sentence for each capture whose manifest stands while its record is gone or changed."""
    from netpatrol.errors import EvidenceError
    from netpatrol.evidence.reading import sound_record

    for ref, entry in found:
        try:
            sound_record(folder, entry)
        except EvidenceError as error:
            yield f"固证 {ref.evidence_id} 不可用：{error}"


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

    folder = places.evidence_folder(places.home())
    held = expected_of(folder, name) if name or (not archive_only and has_database()) else None
    report = check(folder, held.refs if held else (), missing=held.missing if held else ())
    if form == "jsonl":
        for link in links(folder, report):
            sys.stdout.write(as_json(link) + "\n")
        for fault in report.faults:
            line = {"where": fault.where, "code": fault.code, "message": fault.message, "holds": False}
            sys.stdout.write(as_json(line) + "\n")
        totals = {"holds": report.ok, "links": report.links, "captures": report.captures, "files": report.files}
        elsewhere = dict(held.elsewhere) if held else {}
        line = {**totals, "faults": len(report.faults), "elsewhere": elsewhere, "unnamed": held.unnamed if held else 0}
        sys.stdout.write(as_json(line) + "\n")
    else:
        sys.stdout.write("".join(f"不符  {fault}\n" for fault in report.faults))
        sys.stdout.write("".join(f"说明  {note}\n" for note in (*report.notes, *_not_looked_at(held))))
        sys.stdout.write(f"{_outcome(report, folder)}\n")
    if not report.ok:
        raise typer.Exit(1)


def _outcome(report: Report, folder: Path) -> str:
    outcome = "全部相符" if report.ok else f"{len(report.faults)} 处不符"
    if report.ok and not report.links:
        outcome = f"{folder} 里还没有固证"
    return f"已校验 {report.links} 环、{report.captures} 份固证、{report.files} 个文件：{outcome}"


def _not_looked_at(held: Holdings | None) -> Iterator[str]:
    """Yield a sentence for each other archive whose captures were not looked at."""
    if held is None:
        return
    for archive, number in held.elsewhere.items():
        yield f"{number} 份固证在{place_of(archive, held.places)}，没有核对，请在那里运行本命令"
    if held.unnamed:
        yield f"{held.unnamed} 份较早的固证没有记下存档编号，不在本机的固证链中，没有核对"


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
    found = captures_of(name)
    note = "".join([*found.wrong, *([lies_elsewhere(found.elsewhere)] if found.elsewhere else [])])
    pack(folder, found.here, target, f"netpatrol 固证导出：{name}" + (f"\n\n注意：本包不全。{note}" if note else ""))
    sys.stdout.write(f"已导出 {target}\n")
    if note:
        sys.stderr.write(f"本包不全。{note}\n")
        raise typer.Exit(1)
