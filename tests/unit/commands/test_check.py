"""`check` on input that is broken, hostile or missing: one line each, and the others are judged all the same."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

SHOUT = "<title>甲\x1b[2J\x1b]0;乙\x07</title><p>全网第一的蜂蜜\u202e</p>"


@pytest.fixture
def check(tmp_path, monkeypatch):
    monkeypatch.setenv("NETPATROL_HOME", str(tmp_path / "home"))

    def run(*words: object, sent: bytes = b"", encoding: str = "utf-8", command: str = "check") -> subprocess.CompletedProcess[bytes]:
        monkeypatch.setenv("PYTHONIOENCODING", encoding)
        given = [sys.executable, "-m", "netpatrol.cli", command, *map(str, words)]
        return subprocess.run(given, input=sent, capture_output=True, check=False)

    return run


def test_a_line_that_cannot_be_used_stops_no_other(check):
    lines = [
        rb"{broken",
        rb'{"id": NaN, "text": "x"}',
        rb'{"id": -1e400, "text": "x"}',
        rb'{"id": "\ud800", "text": "x"}',
        rb'{"id": 4, "text": "\ud800"}',
        rb'{"id": 5, "html": "<title>\ud800</title>"}',
        rb'{"id": 6, "text": "x", "url": "http://["}',
        rb'{"id": 7, "text": "x", "url": "http://\ud800/"}',
        rb'{"id": 8, "path": "/"}',
        b'{"id": 10, "text": "\xff\xfe"}',
        '{"id": 9, "text": "全网第一"}'.encode(),
    ]
    done = check("--jsonl", sent=b"\n".join(lines))
    assert done.returncode == 1
    assert done.stderr == b""
    reports = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [report["id"] for report in reports] == ["line 1", "line 2", "line 3", "\ud800", 4, 5, 6, 7, 8, 10, 9]
    bad = [report["id"] for report in reports if report["state"] == "bad_input"]
    assert bad == ["line 1", "line 2", "line 3", 4, 6, 8, 10]
    assert [finding["text"] for finding in reports[-1]["findings"]] == ["全网第一"]


def test_a_line_without_end_is_told_and_not_held(check, monkeypatch):
    from netpatrol.commands import check as module

    monkeypatch.setattr(module, "MAX_FILE", 50)
    long = io.BytesIO(b'{"id": 1, "text": "' + b"x" * 400 + b'"}\n{"id": 2, "text": "y"}\n' + b"z" * 120)
    told = [module._request(line, number) for number, line in enumerate(module._lines(long), 1)]
    assert [ident for ident, _ in told] == ["line 1", 2, "line 3"]
    assert [isinstance(request, ValueError) for _, request in told] == [True, False, True]


def test_the_table_tells_what_was_not_looked_at(check):
    done = check("-", sent=("<p>加载更多</p>" * 40_000 + "<p>根治糖尿病，无效退款</p>").encode())
    assert "注意 没有看全：触发词超过 20000 处，只看了前面的" in done.stdout.decode()


def test_a_kind_that_is_none_is_told_and_judged_as_a_page(check):
    told, plain = (check("-", "--kind", kind, "--format", "jsonl", sent="全网第一的蜂蜜".encode()) for kind in ("nope", "page"))
    assert (told.returncode, told.stdout) == (plain.returncode, plain.stdout)
    assert told.stderr.decode().startswith("没有页面类型 'nope'，按 page 判；可用：product_title、")


def test_a_missing_file_stops_no_other(check, tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text("<p>全网第一的蜂蜜</p>", "utf-8")
    done = check(tmp_path / "nowhere.html", page, "--format", "jsonl")
    assert done.returncode == 2
    assert done.stderr.decode() == f"打不开 {tmp_path / 'nowhere.html'}：没有这个文件或目录\n"
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [str(page)]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_page_cannot_drive_the_terminal_that_shows_it(check, encoding):
    done = check("-", sent=SHOUT.encode(), encoding=encoding)
    assert done.returncode == 0
    shown = done.stdout.decode("utf-8")
    assert "全网第一" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_folder_that_is_not_ours_is_one_sentence(check, tmp_path, monkeypatch):
    (tmp_path / "home").write_text("a file", "utf-8")
    done = check("-", "--register", "on", sent=b"x")
    assert done.returncode in (2, 3)
    assert len(done.stderr.decode().splitlines()) == 1


def test_a_register_that_cannot_be_read_hinders_nobody_who_does_not_want_it(check, tmp_path: Path):
    broken = tmp_path / "home" / "register"
    (broken / "0123456789abcdef").mkdir(parents=True)
    (broken / "current").write_text("0123456789abcdef\n", "utf-8")
    assert check("-", sent="全网第一".encode()).returncode == 2
    done = check("-", "--register", "off", "--format", "jsonl", sent="全网第一".encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["determination"] is None


def test_a_day_before_any_rule_is_told(check):
    done = check("-", "--on", "1994-10-27", "--format", "jsonl", sent="全网第一的蜂蜜".encode())
    assert done.returncode == 0
    assert done.stderr.decode() == "1994-10-27 没有规则在效期内，什么都不会判为疑点\n"
    assert json.loads(done.stdout)["findings"] == []
    assert check("-", "--on", "2020-01-01", sent="全网第一的蜂蜜".encode()).stderr == b""
