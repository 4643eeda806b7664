"""Every command explains itself, with an example; `--help` is quick because nothing heavy is imported for it."""

import subprocess
import sys

import pytest
import typer

from netpatrol.cli import COMMANDS
from netpatrol.errors import NetPatrolError


def commands():
    from importlib import import_module

    for name in COMMANDS:
        command = typer.main.get_command(import_module(f"netpatrol.commands.{name}").app)
        children = getattr(command, "commands", None)
        if children:
            yield from ((f"{name} {child}", node) for child, node in children.items())
        else:
            yield name, command


@pytest.mark.parametrize(("name", "command"), [pytest.param(name, node, id=name) for name, node in commands()])
def test_help_says_what_it_does_and_gives_an_example(name, command):
    assert command.help, name
    assert "例" in (command.epilog or "") + command.help, f"{name}: no example"


@pytest.mark.parametrize(("name", "command"), [pytest.param(name, node, id=name) for name, node in commands()])
def test_a_format_is_one_of_the_same_two_in_every_command(name, command):
    """`json`, where one object or line is meant, is another word for `jsonl`."""
    option = next((each for each in command.params if "--format" in each.opts), None)
    if option is None:
        return
    context = command.make_context(name, [], resilient_parsing=True)
    assert {option.process_value(context, form) for form in ("jsonl", "json")} == {"jsonl"}
    for form in ("csv", "xml", "", "JSONL", *(["table"] if name == "leads export" else [])):
        with pytest.raises(NetPatrolError):
            option.process_value(context, form)


HEAVY = ("scrapy", "jieba", "rjieba", "pymongo", "numpy", "selectolax", "daachorse", "twisted", "openpyxl", "yaml")


@pytest.mark.parametrize("arguments", [["--help"], ["leads", "--help"], ["check", "--help"], ["rules", "--help"], ["register", "--help"]])
def test_help_imports_nothing_heavy(arguments):
    script = (
        "import sys; sys.argv = ['netpatrol', *sys.argv[1:]]\n"
        "from netpatrol.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("HEAVY []"), done.stdout[-200:]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["check", "nowhere.html"], 2, "nowhere.html"),
        (["check", "-", "--on", "31.12.2026"], 2, "YYYY-MM-DD"),
        (["check", "-", "--register", "maybe"], 2, "--register"),
        (["register", "import", "nowhere.csv"], 2, "nowhere.csv"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(arguments, code, told, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "netpatrol.cli", *arguments], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "NETPATROL_HOME": str(tmp_path), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mistyped_command_names_the_program():
    done = subprocess.run([sys.executable, "-m", "netpatrol.cli", "nonsense"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("用法有误：没有“nonsense”这个命令\n用法：netpatrol ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["leads", "shw"], "没有“shw”这个命令；相近的有：'show'"),
        (["check", "--onn", "x"], "没有 --onn 这个选项；相近的有：--jsonl, --on"),
        (["-x"], "没有 -x 这个选项"),
        (["check", "--on"], "选项 --on 后面要写值"),
        (["check", "--jsonl=3", "-"], "选项 --jsonl 后面不写值"),
        (["leads", "show"], "没有写参数 lead"),
        (["evidence", "verify", "a", "b", "c"], "多出了参数：b c"),
        (["leads", "list", "--limit", "x"], "--limit 要写整数"),
        (["leads", "list", "--limit", "-3"], "--limit 不能小于 1"),
    ],
)
def test_wrong_usage_is_told_in_chinese(arguments, told):
    done = subprocess.run([sys.executable, "-m", "netpatrol.cli", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == f"用法有误：{told}"


def _every_page_of_help():
    import typer

    from netpatrol.cli import COMMANDS

    yield []
    for name in COMMANDS:
        group = typer.main.get_command(__import__(f"netpatrol.commands.{name}", fromlist=["app"]).app)
        yield from ([name, *below] for below in ([], *([sub] for sub in getattr(group, "commands", ()))))


def test_every_page_of_help_is_chinese(monkeypatch, capsys):
    import re

    from netpatrol.cli import app

    for path in _every_page_of_help():
        monkeypatch.setattr(sys, "argv", ["netpatrol", *path, "--help"])
        with pytest.raises(SystemExit):
            app(prog_name="netpatrol")
        shown = capsys.readouterr().out
        assert "显示这份说明" in shown, path
        assert not re.search(r"message and exit|╭─ [A-Z]|\[default|\[required", shown), (path, shown)


def test_the_guide_of_handlers_names_decisions_that_there_are():
    from pathlib import Path

    from netpatrol.commands.leads import VERDICTS

    guide = (Path(__file__).parent.parent.parent / "docs" / "handler.zh.md").read_text("utf-8")
    told = guide.partition("可用：")[2].partition("。")[0].split("、")
    assert told == [names[0] for names in VERDICTS.values()]
