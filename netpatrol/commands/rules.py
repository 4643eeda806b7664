"""`netpatrol rules`: what an analyst does with rule packs, from a new rule to a published one."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netpatrol.commands.tables import Format, as_json, filter_option
from netpatrol.errors import NetPatrolError, PackErrors, why

if TYPE_CHECKING:
    from netpatrol.detect.engine import Engine
    from netpatrol.detect.live import Record
    from netpatrol.detect.model import PackSet
    from netpatrol.detect.score import Score

app = typer.Typer(no_args_is_help=True, add_completion=False, help="规则包：检查、测试、解释、比较、发布。")
Packs = Annotated[str, filter_option("另加的规则包目录，覆盖内置的同编号规则；默认 NETPATROL_PACKS", "--packs")]
On = Annotated[str, typer.Option("--on", help="按哪一天，默认今天", metavar="YYYY-MM-DD")]
LABELLED = "fixtures/labelled/claims-dev.jsonl"
"""What `score` and `diff` look at where no file is given: it comes with the project, not with a package of it."""


@app.command(epilog="例：netpatrol rules lint ｜ netpatrol rules lint --packs 我的规则")
def lint(packs: Packs = "", on: On = "") -> None:
    """检查规则包：所有错误一次列出，写明文件、行号、规则。"""
    from netpatrol.detect.lint import lint as lint_packs
    from netpatrol.detect.lint import slow_matchers
    from netpatrol.detect.lock import read_lock
    from netpatrol.detect.model import BUILT_IN

    try:
        loaded = _load(packs)
    except PackErrors as errors:
        typer.echo(str(errors))
        typer.echo(f"共 {len(errors.errors)} 处错误")
        raise typer.Exit(1) from errors
    locked = read_lock(_lock(""), _lock(packs))
    complaints = [*lint_packs(loaded, locked, _day(on)), *slow_matchers(loaded, locked)]
    layered = any(pack.layer != BUILT_IN for pack in loaded.packs)
    told = [each for each in complaints if each.grave or not (layered and each.is_built_in)]
    for complaint in told:
        typer.echo(str(complaint))
    grave, untold = sum(complaint.grave for complaint in told), len(complaints) - len(told)
    rest = f"（自带规则包另有 {untold} 处，不带 --packs 时列出）" if untold else ""
    typer.echo(
        f"{len(loaded.packs)} 个规则包，{len(loaded.rules())} 条规则：{grave} 处错误，{len(told) - grave} 处提醒{rest}"
    )
    if grave:
        raise typer.Exit(1)


@app.command("test", epilog="例：netpatrol rules test ｜ netpatrol rules test medical.treat_disease")
def run_tests(
    only: Annotated[str, typer.Argument(help="只测编号以此开头的规则", show_default=False)] = "",
    packs: Packs = "",
    on: On = "",
) -> None:
    """运行规则包里的全部例句。"""
    from netpatrol.detect.examples import run_examples

    counts: Counter[str] = Counter()
    for outcome in run_examples(_engine(packs), _day(on), only):
        counts["known" if outcome.known else "bad" if outcome.fault else "good"] += 1
        if outcome.fault and outcome.kind == "pending":
            counts["bad"] -= 1
            typer.echo(f"{outcome.pack.path}:{outcome.example.line} {outcome.rule.id}（提醒）{outcome.fault}")
        elif outcome.fault:
            typer.echo(
                f"{outcome.pack.path}:{outcome.example.line} {outcome.rule.id} {outcome.example.text}：{outcome.fault}"
            )
    typer.echo(f"例句通过 {counts['good']}，失败 {counts['bad']}，已知漏判 {counts['known']}")
    if not sum(counts.values()):
        raise NetPatrolError(f"没有编号以“{only}”开头的规则")
    if counts["bad"]:
        raise typer.Exit(1)


@app.command("list", epilog="例：netpatrol rules list ｜ netpatrol rules list --family medical --format jsonl")
def list_rules(
    family: Annotated[str, filter_option("只列这一类")] = "",
    packs: Packs = "",
    form: Format = "table",
) -> None:
    """列出规则：编号、名称、严重程度、把握、状态。"""
    rows = [
        {
            "rule": rule.id,
            "title": rule.title,
            "severity": str(rule.severity),
            "confidence": str(rule.confidence),
            "verdict": str(rule.verdict),
            "scope": rule.scope,
            "status": rule.status,
            "contested": rule.contested,
            "pack": pack.name,
            "version": pack.version,
            "legal": [f"{basis.title}{basis.article}" for key in rule.basis if (basis := pack.citation(key))],
            "penalty": pack.penalty,
        }
        for pack, rule in _load(packs).rules()
        if family in ("", rule.family)
    ]
    if form == "jsonl":
        for row in rows:
            typer.echo(as_json(row))
        return
    for row in rows:
        typer.echo(f"{row['rule']}\t{row['title']}\t{row['severity']}/{row['confidence']}\t{row['status']}")
    typer.echo(f"共 {len(rows)} 条", err=True)


@app.command(
    epilog="例：netpatrol rules explain '全网第一的蜂蜜' ｜ netpatrol rules explain 治愈糖尿病 --goods ordinary_food"
)
def explain(
    text: Annotated[str, typer.Argument(help="要解释的文字；- 为标准输入")],
    kind: Annotated[str, typer.Option(help="页面部分：product_title、detail、about、review…")] = "detail",
    goods: Annotated[str, typer.Option(help="商品类别，如 ordinary_food；不写则从文字推断")] = "",
    packs: Packs = "",
    on: On = "",
) -> None:
    """一步一步说明一段文字怎样被判：触发、陷阱、命中、考虑过的豁免、结论。"""
    from netpatrol.detect.explain import explain as explain_text
    from netpatrol.detect.fields import GOODS
    from netpatrol.items import PartKind

    for option, given, known in (("--kind", kind, tuple(PartKind)), ("--goods", goods, ("", *GOODS))):
        if given not in known:
            raise NetPatrolError(f"{option} 只能是 {'、'.join(filter(None, known))}，现为 {given!r}")
    raw = sys.stdin.read() if text == "-" else text
    for line in explain_text(_engine(packs), raw, on=_day(on), kind=PartKind.of(kind), goods=goods):
        typer.echo(line)


@app.command(epilog="例：netpatrol rules new 我的规则/absolute.yml absolute.local.tea_king 茶王")
def new(
    file: Annotated[Path, typer.Argument(help="规则包文件；没有则新建")],
    rule: Annotated[str, typer.Argument(help="永久编号，如 absolute.local.tea_king")],
    word: Annotated[str, typer.Argument(help="要找的词")],
) -> None:
    """写出一条新规则的样子，供填写。"""
    from netpatrol.detect.scaffold import new_rule

    line = new_rule(file, rule, word, _day(""))
    typer.echo(f"已写入 {file}，第 {line} 行起；填好后运行：netpatrol rules lint --packs {file.parent}")


@app.command(epilog="例：netpatrol rules score fixtures/labelled/claims-dev.jsonl --format jsonl")
def score(
    labelled: Annotated[Path | None, typer.Argument(help="标注文件（JSON Lines）", show_default=f"项目里的 {LABELLED}")] = None,
    packs: Packs = "",
    on: On = "",
    form: Format = "table",
    show: Annotated[int, typer.Option(help="列出几条判错的")] = 0,
) -> None:
    """用标注文件打分：按判定、家族、规避方式。"""
    from netpatrol.detect.score import score as score_items

    items, refused = _labelled(labelled or _of_the_project(LABELLED))
    result = score_items(_engine(packs), items, _day(on))
    if form == "jsonl":
        typer.echo(as_json(result.as_dict()))
    else:
        _tell_score(result, show)
    if refused:
        raise typer.Exit(1)


def _of_the_project(name: str) -> Path:
    """Return a file of the project, wherever the command is run."""
    path = Path(__file__).resolve().parents[2] / name
    if not path.is_file():
        raise NetPatrolError(f"这里没有项目里的 {name}，请写出要用的文件")
    return path


def _labelled(path: Path) -> tuple[list[dict[str, Any]], int]:
    """Return the items of a labelled file and how many lines cannot be used; these are named on stderr."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise NetPatrolError(f"标注文件打不开：{path}（{why(error)}）") from error
    items, refused = [], 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            item["text"].encode()
            item["verdict"].encode()
            items.append(item)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            refused += 1
            typer.echo(f"未收：{path} 第 {number} 行：应是有 text、verdict 的 JSON 对象", err=True)
    if not items:
        raise NetPatrolError(f"标注文件里没有可用的行：{path}")
    return items, refused


def _tell_score(result: Score, show: int) -> None:
    count = result.violation
    typer.echo(f"{result.items} 条　准确率 {count.precision:.3f}　召回率 {count.recall:.3f}　F1 {count.f1:.3f}")
    for name, (right, of) in (
        ("家族说对", result.family_named),
        ("豁免未误报", result.exempt_kept),
        ("条款说对", result.clause_named),
    ):
        typer.echo(f"{name} {right}/{of}")
    for title, table in (("家族", result.families), ("规避", result.evasions)):
        typer.echo(f"{title}：" + "　".join(f"{name} {right}/{of}" for name, (right, of) in sorted(table.items())))
    for item in result.wrong[:show]:
        typer.echo(as_json(item))


@app.command(
    epilog="例：netpatrol rules diff --against HEAD~1 ｜ netpatrol rules diff --packs 我的规则 --corpus 语料.txt.gz"
)
def diff(
    against: Annotated[str, typer.Option(help="与哪一版比：Git 版本或规则目录；不写则与内置规则比")] = "",
    corpus: Annotated[
        Path | None, typer.Option(help="语料：.jsonl 或一行一段的文本，可 .gz", show_default=f"项目里的 {LABELLED}")
    ] = None,
    archive: Annotated[bool, typer.Option("--archive", help="改用存档网页作语料")] = False,
    packs: Packs = "",
    on: On = "",
    limit: Annotated[int, typer.Option(help="每种变化列几例")] = 10,
) -> None:
    """比较两版规则在语料上的不同：新增、减少、改判，各列例子。"""
    from netpatrol.detect.compare import compare, read_corpus
    from netpatrol.detect.revisions import engine_of

    lines = _archive_lines() if archive else read_corpus(corpus or _of_the_project(LABELLED))
    counts: Counter[str] = Counter()
    names = {"gained": "新增", "lost": "减少", "changed": "改判"}
    for change in compare(engine_of(against), _engine(packs), lines, _day(on)):
        counts[change.kind] += 1
        finding = change.after or change.before
        if finding is None or counts[change.kind] > limit:
            continue
        was = (
            f"{change.before.verdict}→{change.after.verdict}"
            if change.before and change.after
            else str(finding.verdict)
        )
        typer.echo(f"{names[change.kind]}\t{finding.rule_id}\t{was}\t“{finding.quote}”\t{finding.clause[:60]}")
    typer.echo("　".join(f"{names[kind]} {counts[kind]}" for kind in names))


@app.command(
    epilog="例：netpatrol rules publish 我的规则 --to 正式规则 ｜ netpatrol rules publish（只更新 packs.lock）"
)
def publish(
    source: Annotated[Path | None, typer.Argument(help="要发布的目录；不写为内置规则", show_default=False)] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="巡查读取的目录（NETPATROL_PACKS 所指）", show_default=False)
    ] = None,
    on: On = "",
) -> None:
    """发布：检查、编译、自测都通过才换上；任何一步不通过，原来的规则照旧。"""
    from netpatrol.detect.lock import LOCK
    from netpatrol.detect.pack import RULES
    from netpatrol.detect.publish import faults_of, publish_in_place, publish_to

    folder = source or RULES
    try:
        loaded = _load(str(source) if source else "")
    except PackErrors as errors:
        typer.echo(f"{errors}\n没有发布，原来的规则照旧")
        raise typer.Exit(1) from errors
    faults = faults_of(loaded, (to or folder) / LOCK, _day(on))
    for fault in faults:
        typer.echo(fault)
    if faults:
        typer.echo(f"{len(faults)} 处不通过，没有发布，原来的规则照旧")
        raise typer.Exit(1)
    if to is not None and source is not None:
        previous = publish_to(source, to, loaded)
        typer.echo(f"已发布到 {to}" + (f"；上一版在 {previous}" if previous else ""))
    else:
        typer.echo(f"已更新 {publish_in_place(folder, loaded)}")


@app.command(epilog="例：netpatrol rules stats ｜ netpatrol rules stats --format jsonl")
def stats(form: Format = "table") -> None:
    """各规则在实际研判中的准确率与区间；明显低于下限的自动降为待人工。"""
    from netpatrol.detect.live import live_precision

    records = live_precision(_decided())
    if records and form == "table":
        typer.echo("规则\t属实/研判\t准确率（95% 区间）")
    for record in records:
        typer.echo(_record_line(record, form))
    if not records and form == "table":
        typer.echo("还没有研判记录")


@app.command(epilog="例：netpatrol rules mutate ｜ netpatrol rules mutate medical.cure_rate")
def mutate(
    only: Annotated[str, typer.Argument(help="只看编号以此开头的规则", show_default=False)] = "",
    packs: Packs = "",
    on: On = "",
    show: Annotated[int, typer.Option(help="列出几条漏判")] = 0,
) -> None:
    """规避自测：把例句改成规避写法，看还认不认得，按方式列召回率。"""
    from netpatrol.detect.mutate import self_test

    kinds: dict[str, list[int]] = {}
    missed: list[str] = []
    for outcome in self_test(_engine(packs), _day(on), only):
        pair = kinds.setdefault(outcome.kind, [0, 0])
        pair[0] += outcome.found
        pair[1] += 1
        if not outcome.found:
            missed.append(f"{outcome.rule_id}\t{outcome.kind}\t{outcome.text!r}")
    for kind, (found, of) in sorted(kinds.items()):
        typer.echo(f"{kind}\t{found}/{of}\t{found / of:.3f}")
    for line in missed[:show]:
        typer.echo(line)


@app.command(epilog="例：netpatrol rules bench")
def bench(packs: Packs = "") -> None:
    """速度：与 jieba 逐字切词的 CPU 时间之比（同一次运行、中位数）。"""
    from netpatrol.detect.speed import measure

    for name, ratio in measure(_engine(packs)):
        typer.echo(f"{name}\t{ratio:.1f}x")


@app.command(epilog="例：netpatrol rules schema > pack.schema.json")
def schema() -> None:
    """输出编辑器用的 JSON Schema。"""
    from netpatrol.detect.json_schema import pack_schema

    typer.echo(as_json(pack_schema(), indent=2))


def _folders(packs: str) -> tuple[Path, ...]:
    from netpatrol import settings

    return settings.pack_folders(packs or None)


def _load(packs: str) -> PackSet:
    from netpatrol.detect.pack import load_packs

    return load_packs(*_folders(packs))


def _engine(packs: str) -> Engine:
    from netpatrol.detect.kept import kept_engine
    from netpatrol.store.places import cache

    return kept_engine(_folders(packs), cache())


def _lock(packs: str) -> Path:
    from netpatrol.detect.lock import LOCK
    from netpatrol.detect.pack import RULES

    return (Path(packs) if packs else RULES) / LOCK


def _day(text: str) -> date:
    from netpatrol.times import today

    try:
        return date.fromisoformat(text) if text else today()
    except ValueError as error:
        raise NetPatrolError(f"--on 应为 YYYY-MM-DD，现为 {text!r}") from error


def _record_line(record: Record, form: str) -> str:
    if form == "jsonl":
        row: dict[str, Any] = {
            "rule": record.rule_id, "right": record.right, "wrong": record.wrong,
            "rate": round(record.rate, 3), "low": round(record.low, 3), "high": round(record.high, 3),
            "demoted": record.demoted,
        }  # fmt: skip
        return as_json(row)
    mark = "　已降为待人工" if record.demoted else ""
    of = record.right + record.wrong
    return f"{record.rule_id}\t{record.right}/{of}\t{record.rate:.2f}（{record.low:.2f}–{record.high:.2f}）{mark}"


def _decided() -> list[tuple[str, bool]]:
    """Return (rule id, was right) of every finding of every decided lead."""
    from netpatrol.store.decided import decided_findings
    from netpatrol.store.mongo import connect

    with connect() as store:
        return decided_findings(store)


def _archive_lines() -> Any:
    """Yield the text of archived pages, zone by zone, as corpus lines."""
    from netpatrol.core import read
    from netpatrol.detect.compare import Line
    from netpatrol.evidence.reading import read_capture
    from netpatrol.items import Dossier
    from netpatrol.store.mongo import connect
    from netpatrol.store.pages import pages_of
    from netpatrol.store.places import evidence_folder, home
    from netpatrol.store.shops import shops

    with connect() as store:
        for held in shops(store):
            for record in pages_of(store, held.shop.shop_id):
                if record.evidence is None:
                    continue
                text = read(Dossier(page=read_capture(evidence_folder(home()), record.evidence))).text
                if text is not None:
                    for zone in text.zones:
                        part = zone.part if zone.part != "page" else text.kind
                        yield Line(text.raw[zone.start : zone.end], part)
