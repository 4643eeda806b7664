"""`netpatrol leads`: list, show, export, decide, and the handlers' named queries."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from netpatrol.commands.hosts import Host
from netpatrol.commands.lead_view import VERDICTS, lead_row, lead_text
from netpatrol.commands.tables import Format, LinesOnly, as_json, at_most, filter_option, print_table, safe

app = typer.Typer(no_args_is_help=True, add_completion=False, help="案件线索：列表、查看、导出、研判、按名查询。")
COLUMNS = ("编号", "优先", "状态", "网店", "类别", "疑点原文", "主体", "判定", "管辖", "最近发现")
MOST_OF_A_NAME, MOST_OF_A_NOTE = 60, 10_000


@app.command("list", epilog="例：netpatrol leads list ｜ netpatrol leads list --unit 西陵区 --format jsonl")
def list_leads(
    status: Annotated[str, typer.Option(help="open、closed、superseded 或 all")] = "open",
    unit: Annotated[str, filter_option("只看这个管辖单位")] = "",
    family: Annotated[str, filter_option("只看这一类，如 medical")] = "",
    host: Host = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多几条")] = 50,
    form: Format = "table",
) -> None:
    """列出线索，最紧要的在前。"""
    from netpatrol.commands.hosts import of_host
    from netpatrol.errors import NetPatrolError
    from netpatrol.store.database import database_errors
    from netpatrol.store.mongo import connect

    if status not in ("open", "closed", "superseded", "all"):
        raise NetPatrolError(f"--status 不认识 {status!r}，可用 open、closed、superseded、all")
    wanted = {"status": status if status != "all" else "", "unit": unit, "family": family}
    query: dict[str, Any] = {name: value for name, value in wanted.items() if value}
    with connect() as store, database_errors():
        query |= of_host(store, host)
        found = store.db["leads"].find(query).sort([("priority", -1), ("last_seen", -1), ("_id", 1)]).limit(limit + 1)
        _print_leads(at_most(found, limit), form)


@app.command("show", epilog="例：netpatrol leads show 3f2a（编号可只写开头几位）")
def show_lead(
    lead: Annotated[str, typer.Argument(help="线索编号")],
    form: Format = "table",
) -> None:
    """查看一条线索：疑点、依据、主体、证据、研判和变化经过。"""
    from netpatrol.store import leads as store_leads
    from netpatrol.store.masks import mask_lead
    from netpatrol.store.mongo import connect

    with connect() as store:
        document = store_leads.lead_document(store, lead)
        decisions = store_leads.decisions(store, document["lead_id"])
        events = store_leads.history(store, document["lead_id"])
    masked = mask_lead(document)
    if form == "jsonl":
        from netpatrol.store.records import to_document

        masked |= {"decisions": [to_document(one) for one in decisions], "history": events}
        _print_line(masked)
        return

    sys.stdout.write(lead_text(masked, decisions, events))


@app.command(
    "export",
    epilog="例：netpatrol leads export > leads.jsonl ｜ netpatrol leads export --neutral > score.jsonl",
)
def export_leads(
    form: LinesOnly = "jsonl",
    every: Annotated[bool, typer.Option("--all", help="也要已关闭、已被取代的线索和已消失的网店")] = False,
    exempt: Annotated[bool, typer.Option("--include-exempt", help="也要因条款豁免的疑点")] = False,
    neutral: Annotated[bool, typer.Option("--neutral", help="评分用：每页每条一行，每店一行，不隐去个人信息")] = False,
) -> None:
    """导出线索，每条疑点一行 JSON；自然人信息隐去（--neutral 除外）。"""
    from netpatrol.store.export import lead_lines, neutral_lines
    from netpatrol.store.mongo import connect

    with connect() as store:
        lines = neutral_lines if neutral else lead_lines
        for line in lines(store, every=every, exempt=exempt):
            _print_line(line)


@app.command("decide", epilog="例：netpatrol leads decide 3f2a confirm --by 王芳 --note '已约谈，承认使用'")
def decide(
    lead: Annotated[str, typer.Argument(help="线索编号")],
    verdict: Annotated[str, typer.Argument(help="、".join(f"{verdict} {names[0]}" for verdict, names in VERDICTS.items()))],
    by: Annotated[str | None, typer.Option("--by", help="研判人，默认为登录名", show_default=False)] = None,
    note: Annotated[str, typer.Option("--note", help="说明")] = "",
) -> None:
    """记下一个人的研判。只增不改；巡查永远不会动它。"""
    from datetime import UTC, datetime

    from netpatrol.items import Decision, Verdict
    from netpatrol.store import leads as store_leads
    from netpatrol.store.mongo import connect

    chosen, person = _verdict(verdict), _person(by)
    _check_words("--by", person, MOST_OF_A_NAME)
    _check_words("--note", note, MOST_OF_A_NOTE)
    with connect() as store:
        document = store_leads.lead_document(store, lead)
        lead_id, found = document["lead_id"], document["findings"]
        rules = tuple(finding["rule_id"] for finding in found if finding["verdict"] != Verdict.EXEMPT)
        decision = Decision(lead_id=lead_id, verdict=chosen, by=person, at=datetime.now(UTC), note=note, rules=rules)
        latest = store_leads.decisions(store, lead_id)[-1:]
        if [(one.verdict, one.by, one.note, one.rules) for one in latest] == [(chosen, person, note, rules)]:
            sys.stdout.write(f"线索 {lead_id[:8]} 最近一次研判就是这一条，没有重复记录\n")
            return
        store_leads.decide(store, decision)
    sys.stdout.write(f"已记录：线索 {lead_id[:8]}，{VERDICTS[chosen][0]}，{safe(decision.by)}\n")


@app.command(
    "query", epilog="例：netpatrol leads query overdue ｜ netpatrol leads query mine --by 王芳 ｜ netpatrol leads query"
)
def query_leads(
    name: Annotated[str, typer.Argument(help="查询名，不写则列出全部", show_default=False)] = "",
    by: Annotated[str | None, typer.Option("--by", help="研判人（mine 用），默认为登录名", show_default=False)] = None,
    unit: Annotated[str, filter_option("只看这个管辖单位")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多几条")] = 50,
    shell: Annotated[bool, typer.Option("--shell", help="不查询，只写出可粘贴到 mongosh 的语句")] = False,
    form: Format = "table",
) -> None:
    """运行办案人员常用的查询，如 today、overdue、unlicensed、repeat-offenders。"""
    from dataclasses import replace
    from datetime import UTC, datetime

    from netpatrol.errors import NetPatrolError
    from netpatrol.store.mongo import connect
    from netpatrol.store.queries import QUERIES, Asked, run, shell_text

    if not name:
        sys.stdout.write("".join(f"{key:18} {query.chinese}\n" for key, query in QUERIES.items()))
        return
    if name not in QUERIES:
        raise NetPatrolError(f"没有查询 {name!r}，可用：{'、'.join(QUERIES)}")
    query, asked = QUERIES[name], Asked(now=datetime.now(UTC), by=_person(by), unit=unit, limit=limit)
    if shell:
        sys.stdout.write(shell_text(query, asked) + "\n")
        return
    with connect() as store:
        found = at_most(run(store, query, replace(asked, limit=limit + 1)), limit)
    if query.table:
        _print_figures(found, form)
    else:
        _print_leads(found, form)


# -- output ------------------------------------------------------------------------------------------


def _verdict(text: str) -> str:
    from netpatrol.errors import NetPatrolError

    for verdict, names in VERDICTS.items():
        if text.strip().lower() in (verdict, *names):
            return verdict
    known = "、".join(f"{verdict}（{names[0]}）" for verdict, names in VERDICTS.items())
    raise NetPatrolError(f"不认识的研判 {text!r}，可用：{known}")


def _person(by: str | None) -> str:
    """Return who decides: the one named, else who is logged in."""
    from getpass import getuser

    from netpatrol.errors import NetPatrolError

    try:
        name = getuser() if by is None else by.strip()
    except (KeyError, OSError):
        name = ""
    if not name:
        raise NetPatrolError("不知道研判人是谁，请写 --by 姓名")
    return name


def _check_words(option: str, given: str, most: int) -> None:
    """Refuse what no handler means to write and what could not be shown again: a decision is never changed."""
    from netpatrol.errors import NetPatrolError

    if len(given) > most:
        raise NetPatrolError(f"{option} 不能超过 {most} 个字，现为 {len(given)} 个")
    if any(not char.isprintable() and not char.isspace() for char in given):  # also bytes that are no text
        raise NetPatrolError(f"{option} 里有控制字符或不成文字的字节：{given[:50]!r}")


def _print_line(value: Mapping[str, Any]) -> None:
    from datetime import datetime

    from netpatrol.store.export import shown

    def text(item: Any) -> str:
        return shown(item) if isinstance(item, datetime) else str(item)

    sys.stdout.write(as_json(value, default=text) + "\n")


def _print_leads(found: Iterable[Mapping[str, Any]], form: str) -> None:
    from netpatrol.store.masks import mask_lead

    leads = map(mask_lead, found)
    if form == "jsonl":
        for lead in leads:
            _print_line(lead)
        return

    print_table(COLUMNS, [lead_row(lead) for lead in leads], "没有线索")


def _print_figures(found: Iterable[Mapping[str, Any]], form: str) -> None:
    from netpatrol.store.masks import mask_entity_id, mask_name

    rows = [{"key": mask_entity_id(str(row.pop("_id") or "")), **row} for row in map(dict, found)]
    for row in rows:
        if "name" in row and "**" in row["key"]:
            row["name"] = mask_name(row["name"])
    if form == "jsonl":
        for row in rows:
            _print_line(row)
        return
    titles = {"key": "项目", "name": "名称", "leads": "线索", "urgent": "紧要", "shops": "网店", "returns": "再现"}
    columns = list(rows[0]) if rows else []
    cells = [[str(row[name]) for name in columns] for row in rows]
    print_table([titles.get(name, name) for name in columns], cells, "没有线索")
