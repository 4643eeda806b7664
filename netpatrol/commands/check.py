"""`netpatrol check`: judge files, standard input or JSON Lines; needs no database."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, NoReturn
from urllib.parse import urlsplit

import typer

from netpatrol.commands.tables import Format, as_json
from netpatrol.errors import NetPatrolError, why

if TYPE_CHECKING:
    from netpatrol.core import Desk
    from netpatrol.items import Dossier, PageItem

app = typer.Typer(add_completion=False)
MAX_FILE = 20_000_000


@app.command(
    epilog="例：netpatrol check page.html ｜ echo '全网第一的蜂蜜' | netpatrol check - --kind product_title ｜ "
    "netpatrol check --jsonl < pages.jsonl > out.jsonl"
)
def check(
    files: Annotated[list[str] | None, typer.Argument(help="网页或文本文件；- 为标准输入", show_default=False)] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="输入为 JSON Lines，每行一个对象；输出同序 JSON Lines")] = False,
    form: Format = "table",
    on: Annotated[str, typer.Option("--on", help="按哪一天的法律与规则判读，默认今天", metavar="YYYY-MM-DD")] = "",
    kind: Annotated[str, typer.Option("--kind", help="页面类型：product_title、detail、review、policy…")] = "page",
    register: Annotated[str, typer.Option("--register", help="on 或 off：是否比对主体库；默认有则用")] = "",
    fail_on: Annotated[str, typer.Option("--fail-on", help="violation：有疑点时以 1 结束")] = "",
) -> None:
    """核查网页或文本：疑点、主体、应尽义务。"""
    _validate(register, fail_on)
    _tell_unknown(kind)
    day = _day(on)
    desk = _desk(register)
    if not desk.engine.rules.has_rules(day):
        print(f"{day} 没有规则在效期内，什么都不会判为疑点", file=sys.stderr)  # noqa: T201
    inputs = _jsonl_inputs(files or ["-"]) if jsonl else _file_inputs(files or ["-"])
    refused = violations = 0
    for ident, request in inputs:
        report, dossier = _check_one(ident, request, kind, day, desk)
        refused += dossier is None
        violations += any(finding["verdict"] == "violation" for finding in report.get("findings", ()))
        if jsonl or form == "jsonl":
            sys.stdout.write(as_json(report) + "\n")
        else:
            _print_table(report)
    sys.stdout.flush()
    if refused or (fail_on and violations):
        raise typer.Exit(1)


def _validate(register: str, fail_on: str) -> None:
    for value, allowed, option in (
        (register, ("", "on", "off"), "--register"),
        (fail_on, ("", "violation"), "--fail-on"),
    ):
        if value not in allowed:
            raise NetPatrolError(f"{option} 只能是 {'、'.join(a for a in allowed if a)}，现为 {value!r}")


def _tell_unknown(kind: str) -> None:
    """Say that a kind of page is none that is known; it is then judged as a whole page, as in JSON Lines."""
    from netpatrol.items import PartKind

    if kind not in tuple(PartKind):
        print(f"没有页面类型 {kind!r}，按 page 判；可用：{'、'.join(PartKind)}", file=sys.stderr)  # noqa: T201


def _day(text: str) -> date:
    from netpatrol.times import today

    try:
        return date.fromisoformat(text) if text else today()
    except ValueError as error:
        raise NetPatrolError(f"--on 应为 YYYY-MM-DD，现为 {text!r}") from error


def _desk(register: str) -> Desk:
    from netpatrol import settings
    from netpatrol.patrol import open_desk
    from netpatrol.store.places import home

    # A register that cannot be read is no hindrance to who does not want it.
    desk, _ = open_desk(home(), packs=settings.NETPATROL_PACKS, region=settings.region(), register=register != "off")
    if register == "on" and desk.register is None:
        raise NetPatrolError("尚未导入主体库：netpatrol register import 文件")
    return desk


# -- inputs ------------------------------------------------------------------------------------------


def _file_inputs(files: list[str]) -> Iterator[tuple[object, Any]]:
    """Yield what can be read; only then say what could not be."""
    failed = []
    for name in files:
        try:
            body = sys.stdin.buffer.read(MAX_FILE + 1) if name == "-" else _read(Path(name))
        except (OSError, ValueError) as error:
            failed.append(f"打不开 {name}：{why(error)}")
            continue
        yield name, {"bytes": body}
    if failed:
        raise NetPatrolError("\n".join(failed))


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_FILE + 1)


def _jsonl_inputs(files: list[str]) -> Iterator[tuple[object, Any]]:
    for name in files:
        try:
            lines = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115 - closed below
        except OSError as error:
            raise NetPatrolError(f"打不开 {name}：{why(error)}") from error
        with lines:
            for number, line in enumerate(_lines(lines), 1):
                if line.strip():
                    yield _request(line, number)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file; of one without end what shows that it is too long."""
    while line := file.readline(MAX_FILE + 1):
        yield line
        while len(line) > MAX_FILE and not line.endswith(b"\n"):
            line = file.readline(MAX_FILE + 1)


def _request(line: bytes, number: int) -> tuple[object, Any]:
    """Return the id of a line and what it asks for, or what is wrong with it."""
    place = f"line {number}"
    if len(line) > MAX_FILE:
        return place, ValueError(f"这一行超过 {MAX_FILE // 1_000_000} MB")
    try:
        request = json.loads(line, parse_constant=_refuse, parse_float=_finite)
    except UnicodeDecodeError:
        try:
            request = json.loads(line.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            request = None
        ident = request.get("id", place) if isinstance(request, dict) else place
        return ident, ValueError("这一行不是 UTF-8 编码")
    except (ValueError, RecursionError):
        return place, None
    return (request.get("id") if isinstance(request, dict) else place), request


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} 不是 JSON")


def _finite(number: str) -> float:
    """Refuse 1e400: it would be written out again as Infinity, which is no JSON."""
    value = float(number)
    return value if math.isfinite(value) else _refuse(number)


def _check_one(ident: object, request: Any, kind: str, day: date, desk: Desk) -> tuple[dict[str, Any], Dossier | None]:
    from netpatrol.core import check_page
    from netpatrol.items import CheckRequest
    from netpatrol.report import page_report

    try:
        page, snippet, category = _page(request, kind)
    except (TypeError, ValueError, OSError) as error:
        return bad_input(ident, error), None
    dossier = check_page(CheckRequest(page=page, on=day, product_category=category), desk, snippet=snippet)
    return page_report(dossier, ident=ident), dossier


def bad_input(ident: object, error: Exception) -> dict[str, Any]:
    """Return the output line for an input line that cannot be used."""
    return {"id": ident, "state": "bad_input", "error": why(error)}


def _page(request: Any, kind: str) -> tuple[PageItem, str | None, str]:
    """Return the page to check, the plain text if it is one, and the product category. Raises for unusable input."""
    from netpatrol.items import PageItem, PartKind
    from netpatrol.text.html import parse_markup

    if isinstance(request, ValueError):
        raise request
    if not isinstance(request, dict):
        raise TypeError("每行应是一个 JSON 对象")
    given = [name for name in ("text", "html", "path", "bytes") if request.get(name) is not None]
    if len(given) != 1:
        raise ValueError("应恰有 text、html、path 之一")
    url, category = _url(request), _text(request, "product_category")
    headers = request.get("headers") or {}
    if not isinstance(headers, dict) or not all(isinstance(v, str) for pair in headers.items() for v in pair):
        raise TypeError("headers 应是字符串到字符串的对象")
    value = request[given[0]]
    if given[0] != "bytes" and not isinstance(value, str):
        raise TypeError(f"{given[0]} 应是字符串")
    body = _read(Path(value)) if given[0] == "path" else value if given[0] == "bytes" else b""
    page = PageItem(
        url=url,
        final_url=url,
        fetched_at=datetime.now(UTC),
        headers={name.title(): header for name, header in headers.items()},
        body=body[:MAX_FILE],
        truncated="length" if len(body) > MAX_FILE else "",
        kind=PartKind.of(_text(request, "page_kind") or kind),
        document=parse_markup(value, url) if given[0] == "html" else None,
    )
    snippet = _utf8(value) if given[0] == "text" else None
    return page, snippet, "" if category == "unknown" else category


def _text(request: dict[str, Any], name: str) -> str:
    value = request.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name} 应是字符串")
    return value or ""


def _url(request: dict[str, Any]) -> str:
    url = _text(request, "url")
    try:
        urlsplit(url)
    except ValueError as error:
        raise ValueError(f"url 不是网址：{url[:200]!r}") from error
    return url


def _utf8(text: str) -> str:
    """Refuse what cannot be written out again: half of a surrogate pair."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("text 含有不成对的代理字符（半个字符）") from error
    return text


# -- a table for people ------------------------------------------------------------------------------


def _print_table(report: dict[str, Any]) -> None:
    from netpatrol.commands.tables import print_table, safe

    def say(line: str) -> None:
        sys.stdout.write(safe(line).rstrip() + "\n")

    say(f"{report['id']}  {report.get('title') or ''}")
    if report["state"] == "bad_input":
        say(f"  无法使用：{report.get('error', '')}")
        return
    say(f"  状态 {report['state']}　性质 {report['role'] or '—'}　编码 {report['encoding']['used'] or '—'}")
    for problem in report["problems"]:
        if problem["code"] != report["state"]:
            say(f"  注意 没有看全：{problem['detail'] or problem['code']}")
    if report["findings"]:
        print_table(("结论", "规则", "原文", "所在句", "依据"), [_row(finding) for finding in report["findings"]], "")
    for duty in report["duties"]:
        say(f"  义务 {duty['rule']}：{'；'.join(duty['reasons'])}")
    shown = [f"{i['kind']} {i['value']}" + ("" if i["valid"] is not False else "（校验不符）") for i in report["identifiers"]]
    if shown:
        say("  标识 " + "　".join(shown))
    if report["determination"]:
        entity = report["entity"]
        say(f"  判定 {report['determination']}" + (f"　{entity['name']}（{entity['id']}）" if entity else ""))


def _row(finding: dict[str, Any]) -> tuple[str, ...]:
    verdict = {"violation": "涉嫌", "exempt": f"豁免 {finding['exemption']}", "review": "待人工"}[finding["verdict"]]
    legal = "；".join(f"{c['law']}{c['article']}" for c in finding["legal"][:2])
    return verdict, finding["rule"], finding["text"], finding["clause"][:60], legal
