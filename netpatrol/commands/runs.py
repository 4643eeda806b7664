"""`netpatrol runs`: the crawl runs and their coverage ledgers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netpatrol.commands.tables import Format, as_json, at_most, filter_option, print_table

if TYPE_CHECKING:
    from datetime import date

    from netpatrol.items import RunRecord
    from netpatrol.store.database import Store

app = typer.Typer(no_args_is_help=True, add_completion=False, help="巡查记录与覆盖台账。")
COLUMNS = ("编号", "爬虫", "开始", "结束", "结果", "计划", "已查", "跳过", "失败", "对得上")

RESULTS = {
    "": "进行中", "finished": "做完", "shutdown": "人为中断", "stalled": "停滞", "not_preserved": "证据写不下",
    "killed": "中断（进程已不在）",
}  # fmt: skip


@app.command("list", epilog="例：netpatrol runs list")
def list_runs(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="最多几条")] = 20,
    form: Format = "table",
) -> None:
    """列出巡查记录，最近的在前。"""
    from netpatrol.store import runs

    with _store() as store:
        found = at_most(runs.runs(store, limit + 1), limit)
    if form == "jsonl":
        for run in found:
            sys.stdout.write(as_json(_as_json(run)) + "\n")
        return
    print_table(COLUMNS, [_row(run) for run in found], "没有巡查记录")


@app.command("show", epilog="例：netpatrol runs show 20260115（编号可只写开头几位）")
def show_run(
    run_id: Annotated[str, typer.Argument(help="巡查编号")],
    form: Format = "table",
) -> None:
    """查看一次巡查：参数、规则包、主体库版本、覆盖台账及各项原因。"""
    from netpatrol.errors import NetPatrolError
    from netpatrol.store import runs

    with _store() as store:
        run = runs.run(store, run_id)
    if run is None:
        raise NetPatrolError(f"没有巡查记录 {run_id!r}（no such run）")
    if form == "jsonl":
        sys.stdout.write(as_json(_as_json(run)) + "\n")
        return
    sys.stdout.write("".join(f"{line}\n" for line in _lines(run)))


@app.command("coverage", epilog="例：netpatrol runs coverage --since 2026-11-01 --until 2026-11-30")
def show_coverage(
    since: Annotated[str, filter_option("从哪天起（北京时间，YYYY-MM-DD）；默认最早")] = "",
    until: Annotated[str, filter_option("到哪天止，含当天；默认今天")] = "",
    spider: Annotated[str, filter_option("只看这个爬虫")] = "",
    form: Format = "table",
) -> None:
    """一段时间的覆盖台账：各次巡查合计，计划 = 核查 + 跳过 + 失败；比例只按核查过的算。"""
    from netpatrol.errors import NetPatrolError
    from netpatrol.ledger import summed
    from netpatrol.store import runs
    from netpatrol.store.shops import rates
    from netpatrol.times import local_date

    first, last = _day(since, "--since"), _day(until, "--until")
    if first and last and first > last:
        raise NetPatrolError(f"--since {first} 晚于 --until {last}，这段时间里没有一天")
    with _store() as store:
        within = [
            run
            for run in runs.runs(store, 100_000)
            if (first is None or local_date(run.started_at) >= first)
            and (last is None or local_date(run.started_at) <= last)
            and (not spider or run.spider == spider)
        ]
        checked, suspect = rates(store, [run.run_id for run in within])
    total = summed(run.ledger for run in within)
    shops = {"checked": checked, "with_open_leads": suspect, "share": round(suspect / checked, 4) if checked else None}
    unfinished = sum(run.ended_at is None for run in within)
    if form == "jsonl":
        sys.stdout.write(as_json({"runs": len(within), "unfinished": unfinished, **total, "shops": shops}) + "\n")
        return
    sys.stdout.write(f"巡查 {len(within)} 次，其中没有正常结束的 {unfinished} 次（不计入）\n")
    for noun, title in (("targets", "对象"), ("pages", "页面")):
        sys.stdout.write("".join(f"{line}\n" for line in _table(title, total[noun])))
    share = f"{suspect / checked:.1%}" if checked else "无从计算"
    sys.stdout.write(f"网店  核查过 {checked} 家，其中有未结线索 {suspect} 家：{share}（没查成的不算在内，也不算没问题）\n")


def _day(written: str, option: str) -> date | None:
    from datetime import date

    from netpatrol.errors import NetPatrolError

    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise NetPatrolError(f"{option} 应为 YYYY-MM-DD，现为 {written!r}") from error


def _as_json(run: RunRecord) -> dict[str, Any]:
    from netpatrol.store.export import shown
    from netpatrol.store.records import to_document

    plain = {**to_document(run), "ledger": dict(run.ledger), "stats": dict(run.stats), "args": dict(run.args)}
    document: dict[str, Any] = json.loads(json.dumps(plain, ensure_ascii=False, default=_text(shown)))
    return document


def _text(shown: Any) -> Any:
    from datetime import datetime

    return lambda item: shown(item) if isinstance(item, datetime) else str(item)


@contextmanager
def _store() -> Iterator[Store]:
    """Open the store, with the runs told as broken off whose processes are no more."""
    from datetime import UTC, datetime

    from netpatrol.store.mongo import connect
    from netpatrol.store.runs import note_killed

    with connect() as store:
        note_killed(store, datetime.now(UTC))
        yield store


def _row(run: RunRecord) -> list[str]:
    pages = _pages(run.ledger)
    counts = [str(pages.get(name, "")) for name in ("planned", "checked", "skipped", "failed")]
    return [
        run.run_id,
        run.spider,
        _time(run.started_at),
        _end(run),
        _result(run),
        *counts,
        _adds_up(pages),
    ]


def _pages(ledger: Mapping[str, Any]) -> Mapping[str, Any]:
    pages = ledger.get("pages", ledger)
    return pages if isinstance(pages, Mapping) else {}


def _adds_up(table: Mapping[str, Any]) -> str:
    if "planned" not in table:
        return ""
    total = sum(int(table.get(name, 0)) for name in ("checked", "skipped", "failed"))
    return "是" if total == table["planned"] else f"否（{total}）"


def _time(moment: Any) -> str:
    from netpatrol.store.export import shown

    return shown(moment)[:16].replace("T", " ")


def _end(run: RunRecord) -> str:
    return _time(run.ended_at) if run.ended_at else "不详" if run.finish_reason else "未结束"


def _result(run: RunRecord) -> str:
    result, code = RESULTS.get(run.finish_reason, run.finish_reason), run.ledger.get("exit_code", 0)
    return f"{result}（以 {code} 结束）" if run.finish_reason == "finished" and code else result


def _lines(run: RunRecord) -> Iterator[str]:
    yield f"巡查  {run.run_id}（{run.spider}）"
    yield f"时间  {_time(run.started_at)} 至 {_end(run)}（北京时间）  {_result(run)}"
    yield f"版本  {run.build or '未知'}    规则包锁 {run.pack_lock or '无'}    主体库 {run.register_version or '无'}"
    if run.args:
        yield "参数  " + "，".join(f"{name}={value}" for name, value in run.args.items())
    for name, title in (("pages", "页面"), ("targets", "对象")):
        table = run.ledger.get(name)
        if isinstance(table, Mapping):
            yield from _table(title, table)
    for trouble in run.ledger.get("troubles", ()):
        yield f"注意  {trouble}"
    if run.ledger.get("exit_code"):
        yield f"退出码  {run.ledger['exit_code']}"
    for name, value in run.stats.items():
        yield f"  {name}  {value}"


def _table(title: str, table: Mapping[str, Any]) -> Iterator[str]:
    from netpatrol.ledger import told

    counts = {"计划": "planned", "已查": "checked", "跳过": "skipped", "失败": "failed"}
    figures = "，".join(f"{name} {table.get(key, 0)}" for name, key in counts.items())
    yield f"{title}  {figures}    计划 = 已查 + 跳过 + 失败：{_adds_up(table)}"
    for name, key in (("跳过", "skipped_by_reason"), ("失败", "failed_by_reason")):
        reasons = table.get(key)
        if isinstance(reasons, Mapping):
            for reason, number in sorted(reasons.items(), key=lambda pair: -pair[1]):
                yield f"  {name}  {number:>6}  {told(reason)}"
