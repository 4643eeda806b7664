"""`netpatrol match`: compare pages or single fields with the register; needs no database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netpatrol.commands.tables import as_json

if TYPE_CHECKING:
    from netpatrol.core import Desk
    from netpatrol.items import Match

app = typer.Typer(add_completion=False)
FIELDS = ("name", "uscc", "reg_no", "icp", "phone", "address", "domain")


@app.command(epilog='例：echo \'{"id": 1, "name": "宜昌某某有限公司"}\' | netpatrol match --jsonl')
def match(
    files: Annotated[list[str] | None, typer.Argument(help="JSON Lines 文件；- 为标准输入", show_default=False)] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="输入输出均为 JSON Lines（目前唯一的格式）")] = True,
) -> None:
    """把页面（text、html、path）或字段（名称、代码、备案号、电话…）与主体库比对。"""
    from netpatrol.commands.check import _desk, _jsonl_inputs, bad_input
    from netpatrol.report import match_report

    desk = _desk("on")
    refused = False
    for ident, request in _jsonl_inputs(files or ["-"]):
        try:
            report = match_report(_match(request, desk), ident=ident)
        except (TypeError, ValueError, OSError) as error:
            report, refused = bad_input(ident, error), True
        sys.stdout.write(as_json(report) + "\n")
    sys.stdout.flush()
    if refused:
        raise typer.Exit(1)


def _match(request: Any, desk: Desk) -> Match:
    if not isinstance(request, dict):
        raise TypeError("每行应是一个 JSON 对象")
    if any(request.get(name) is not None for name in ("text", "html", "path")):
        return _match_page(request, desk)
    return _match_fields(request, desk)


def _match_page(request: dict[str, Any], desk: Desk) -> Match:
    from netpatrol.commands.check import _page
    from netpatrol.core import match_page, read, read_snippet
    from netpatrol.items import Dossier, Match

    page, snippet, _ = _page(request, "page")
    dossier = Dossier(page=page)
    dossier = read_snippet(dossier, snippet) if snippet is not None else read(dossier)
    return match_page(dossier, desk).match or Match(reasons=("尚未导入主体库，无法判定",))


def _match_fields(request: dict[str, Any], desk: Desk) -> Match:
    from netpatrol.core import match
    from netpatrol.entities.features import evidence_of_fields

    fields = {name: request[name] for name in FIELDS if request.get(name)}
    if not fields:
        raise ValueError(f"应有 {'、'.join(FIELDS)} 之一，或 text、html、path")
    if not all(isinstance(value, str) for value in fields.values()):
        raise TypeError("字段应是字符串")
    return match(evidence_of_fields(fields), desk)
