"""`netpatrol rules`: what an analyst types, with the exit codes that scripts rely on."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from netpatrol.commands.rules import app
from netpatrol.errors import NetPatrolError
from tests.unit.detect.test_pack import GOOD, write

ROOT = Path(__file__).parents[3]
DAY = ["--on", "2026-06-30"]


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, args)
    return result.exit_code, result.output


def test_an_analysts_path_from_new_rule_to_published(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    file = mine / "tea.yml"
    code, out = run("new", str(file), "tea.local.emperor", "茶皇")
    assert code == 0
    assert "lint" in out
    code, out = run("lint", "--packs", str(mine), *DAY)
    assert code == 1
    assert "tea.local.emperor" in out
    write(mine, GOOD.replace("tea.king", "tea.local.emperor").replace("宜红茶王", "宜红茶皇"))
    code, out = run("lint", "--packs", str(mine), *DAY)
    assert code == 0
    assert "netpatrol/rules/" not in out  # what could be better in the packs that come along is not the analyst's
    assert "自带规则包另有" in out
    assert run("test", "tea.local", "--packs", str(mine), *DAY)[0] == 0
    corpus = tmp_path / "corpus.txt"
    corpus.write_text("新到宜红茶皇\n普通茶\n", encoding="utf-8")
    code, out = run("diff", "--packs", str(mine), "--corpus", str(corpus), *DAY)
    assert code == 0
    assert "新增 1" in out
    code, out = run("publish", str(mine), "--to", str(tmp_path / "live"), *DAY)
    assert code == 0, out
    assert (tmp_path / "live" / "packs.lock").exists()


def test_a_broken_pack_is_not_published(tmp_path: Path) -> None:
    live = write(tmp_path / "live", GOOD)
    mine = write(tmp_path / "mine", GOOD.replace("owner: 监测组", "owner: 0717"))
    code, out = run("publish", str(mine), "--to", str(live), *DAY)
    assert code == 1
    assert "没有发布" in out
    assert (live / "tea.yml").read_text(encoding="utf-8") == GOOD


def test_explain_tells_each_step() -> None:
    code, out = run("explain", "全网蕞好的蜂蜜，最近上新", *DAY)
    assert code == 0
    for part in ("还原规避写法", "触发词", "疑点", "依据"):
        assert part in out


def test_score_prints_json(tmp_path: Path) -> None:
    items = [
        {"id": "a", "text": "全网第一的茶", "verdict": "violation", "labels": [{"family": "absolute", "span": "第一"}]},
        {"id": "b", "text": "最近上新", "verdict": "clean"},
    ]
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text("\n".join(json.dumps(item, ensure_ascii=False) for item in items), encoding="utf-8")
    code, out = run("score", str(labelled), "--format", "json", *DAY)
    assert code == 0
    assert json.loads(out)["violation"]["f1"] == 1.0


def test_list_names_law_and_penalty() -> None:
    code, out = run("list", "--family", "absolute", "--format", "json")
    row = json.loads(out.splitlines()[0])
    assert code == 0
    assert row["rule"].startswith("absolute.")
    assert row["legal"]
    assert row["penalty"]


def test_what_is_scored_by_default_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text('{"id": "b", "text": "最近上新", "verdict": "clean"}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("netpatrol.commands.rules.LABELLED", os.path.relpath(few, ROOT))
    assert "1 条" in run("score", *DAY)[1]
    assert "新增 0" in run("diff", *DAY)[1]
    monkeypatch.setattr("netpatrol.commands.rules.LABELLED", "fixtures/none.jsonl")
    for command in ("score", "diff"):
        told = CliRunner().invoke(app, [command]).exception
        assert isinstance(told, NetPatrolError)
        assert str(told) == "这里没有项目里的 fixtures/none.jsonl，请写出要用的文件"


@pytest.mark.parametrize(
    "args",
    [
        ("explain", "x", "--on", "yesterday"),
        ("explain", "x", "--kind", "nope"),
        ("explain", "x", "--goods", "nope"),
        ("score", "none.jsonl"),
        ("diff", "--against", "no-such-revision"),
        ("list", "--format", "xml"),
        ("stats", "--format", "csv"),
        ("list", "--family", ""),
        ("lint", "--packs", ""),
    ],
)
def test_unusable_input_is_one_clear_error(args: tuple[str, ...]) -> None:
    from netpatrol.errors import NetPatrolError

    result = CliRunner().invoke(app, list(args))
    assert isinstance(result.exception, NetPatrolError)
    assert result.exception.exit_code == 2


def test_a_labelled_line_that_cannot_be_used_stops_no_other(tmp_path: Path) -> None:
    labelled = tmp_path / "labelled.jsonl"
    bad = ["{broken", "[]", "null", '{"text": 5, "verdict": "clean"}', '{"text": "甲"}', '{"text": "\\ud800", "verdict": "clean"}']
    good = json.dumps({"id": "a", "text": "全网第一的蜂蜜", "verdict": "violation", "labels": [{"family": "absolute"}]})
    labelled.write_text("\n".join([*bad, good]), "utf-8")
    code, out = run("score", str(labelled), *DAY)
    assert code == 1
    assert out.count("未收：") == len(bad)
    assert "1 条　准确率 1.000" in out
    labelled.write_text("\n".join(bad), "utf-8")
    result = CliRunner().invoke(app, ["score", str(labelled)])
    assert isinstance(result.exception, NetPatrolError)
    assert result.exception.exit_code == 2
