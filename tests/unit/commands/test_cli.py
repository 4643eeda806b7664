"""The command line itself: readers that go away, streams that are closed, disks that are full."""

import subprocess
import sys
from errno import EEXIST, ELOOP, ENAMETOOLONG
from types import ModuleType

import pytest

from netpatrol.__main__ import start
from netpatrol.errors import why

SELF = f"{sys.executable} -m netpatrol.cli"


@pytest.fixture(params=["", "1"], ids=["buffered", "unbuffered"])
def shell(tmp_path, monkeypatch, request):
    monkeypatch.setenv("NETPATROL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONUNBUFFERED", request.param)

    def run(line: str) -> subprocess.CompletedProcess[str]:
        given = ["bash", "-c", f"set -o pipefail; {line}"]
        return subprocess.run(given, capture_output=True, check=False, encoding="utf-8")

    return run


@pytest.mark.parametrize("words", ["--help", "leads query --help", "check pyproject.toml"])
def test_a_reader_that_goes_away_is_no_failure(shell, words: str):
    done = shell(f"{SELF} {words} | true")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("check --jsonl <&-", 0),
        ("rules explain - <&-", 0),
        ("check nowhere.html 2>&-", 2),
        ("check pyproject.toml >&-", 0),
        ("check pyproject.toml --format jsonl >&- 2>&-", 0),
    ],
)
def test_a_closed_stream_is_an_empty_one(shell, line: str, code: int):
    done = shell(f"{SELF} {line}")
    assert done.returncode == code
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", ["rules list", "check pyproject.toml", "leads query --help"])
def test_a_full_disk_is_told_with_where_it_may_be(shell, tmp_path, words: str):
    done = shell(f"{SELF} {words} > /dev/full")
    assert done.returncode == 3
    assert done.stderr == f"读写出错：数据目录 {tmp_path / 'home'} 或输出的去处 磁盘已满\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("netpatrol.cli leads nosuch >/dev/full 2>/dev/full", 2),
        ("netpatrol.cli check nowhere.html 2>/dev/full", 2),
        ("netpatrol.cli check nowhere.html 2>&1 | true", 2),
        ("netpatrol.cli rules list >/dev/full 2>/dev/full", 3),
        ("scrapy crawl nowhere 2>/dev/full", 2),
        ("scrapy crawl nowhere 2>&-", 2),
        ("scrapy crawl nowhere >&- 2>&- <&-", 2),
        ("scrapy crawl nowhere 2>&1 | true", 2),
        ("scrapy crawl sites -s NETPATROL_MAX_PAGES=abc 2>/dev/full", 2),
        ("scrapy crawl 2>/dev/full", 2),
        ("scrapy crawl sites --nosuch=1 -a 2>/dev/full", 2),
    ],
)
def test_what_cannot_be_told_changes_no_exit_code(shell, line: str, code: int):
    assert shell(f"SCRAPY_SETTINGS_MODULE=netpatrol.settings {sys.executable} -m {line}").returncode == code


@pytest.mark.parametrize("program", ["netpatrol.cli rules list", "netpatrol.cli doctor --no-database", "scrapy crawl sites"])
@pytest.mark.parametrize("to", ["2>/dev/full", "2>&-"])
def test_wrong_settings_are_two_where_nobody_is_told(shell, program: str, to: str):
    setting = "NETPATROL_MAX_PAGES=abc SCRAPY_SETTINGS_MODULE=netpatrol.settings"
    assert shell(f"{setting} {sys.executable} -m {program} {to}").returncode == 2


@pytest.mark.parametrize(("code", "told"), [(ELOOP, "符号链接绕成了圈"), (EEXIST, "已有同名的文件"), (ENAMETOOLONG, "名字过长")])
def test_what_the_system_says_is_told_in_one_language(code: int, told: str):
    assert why(OSError(code, "in English")) == told


def test_what_is_no_error_of_the_system_is_told_as_it_is():
    assert why(ValueError("第 3 行不对")) == "第 3 行不对"


def test_who_breaks_it_off_while_it_is_loaded_is_told_nothing(monkeypatch):
    class Loading(ModuleType):
        def __getattr__(self, name):
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "netpatrol.cli", Loading("netpatrol.cli"))
    with pytest.raises(SystemExit) as ended:
        start()
    assert ended.value.code == 130
