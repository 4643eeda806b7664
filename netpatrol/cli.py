"""The `netpatrol` command. Each group of subcommands is one file in `commands/`, imported only when it is called for."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from netpatrol import streams
from netpatrol.errors import NetPatrolError, why
from netpatrol.usage import HELP, speak_chinese, wrong_usage

COMMANDS = {
    "check": "核查网页或文本：疑点、主体、职责（不需要数据库）",
    "rules": "规则包：检查、测试、解释、比较、发布",
    "match": "把页面或字段与主体库比对",
    "register": "主体库（经济户口）：导入、检查、查看",
    "units": "管辖单位：导入、列出、查询",
    "targets": "巡查对象：导入、列表、到期",
    "leads": "案件线索：列表、查看、导出、研判、查询",
    "evidence": "固证：查看、校验、导出",
    "rescan": "用今天的规则包重新判读存档网页",
    "runs": "巡查记录与覆盖台账",
    "db": "数据库：启动、停止、初始化、备份、恢复",
    "doctor": "体检：装了什么、缺什么、哪里配置不对",
    "demo": "演示：本机起演示商城，巡查一遍，列出线索",
}


class _NobodyReadsError(Exception):
    """Whoever read our output has gone (`| head`); the framework would call a BrokenPipeError a failure and exit with 1."""


@contextmanager
def _told_in_our_way() -> Iterator[None]:
    """Raise _NobodyReadsError where a reader has gone (rich, which prints help and tables, turns that into exit code 1),
    and wrong usage as one of our errors."""
    try:
        yield
    except typer.TyperException as error:
        raise wrong_usage(error) or error from error
    except BrokenPipeError as error:
        raise _NobodyReadsError from error
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):
            raise _NobodyReadsError from error
        raise


class LazyGroup(TyperGroup):
    """A group whose subcommands are imported on use, so that `--help` costs nothing."""

    def make_context(self, *args: Any, **named: Any) -> Any:
        """Read the arguments; `--help` prints here."""
        if not {"-h", "--help"}.isdisjoint(sys.argv) or len(sys.argv) <= len(["netpatrol", "leads"]):
            speak_chinese()
        with _told_in_our_way():
            return super().make_context(*args, **named)

    def invoke(self, ctx: Any) -> Any:
        """Run the command, and write out what it left in the buffer while a reader that has gone can still be told apart."""
        with _told_in_our_way():
            done = super().invoke(ctx)
            sys.stdout.flush()
            return done

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option `--help`, explained in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = HELP
        return option

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of a patrol."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import one command; help of the whole group uses the table instead."""
        if cmd_name not in COMMANDS:
            return None
        if ctx.resilient_parsing or _is_group_help():
            return TyperCommand(cmd_name, help=COMMANDS[cmd_name], short_help=COMMANDS[cmd_name])
        command = typer.main.get_command(import_module(f"netpatrol.commands.{cmd_name}").app)
        command.name = cmd_name
        for one in (command, *getattr(command, "commands", {}).values()):
            one.get_help_option(ctx).help = HELP
        return command


def _is_group_help() -> bool:
    return len(sys.argv) < 2 or sys.argv[1] in ("--help", "-h")


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="netpatrol：网络市场巡查。找网店、读网页、判用语、比主体、固证据、出线索。",
    epilog="例：netpatrol check page.html ｜ netpatrol leads list ｜ netpatrol doctor",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from netpatrol.settings import BUILD

        sys.stdout.write(f"netpatrol {BUILD}\n")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", help="显示版本", callback=_show_version, is_eager=True)] = False,
) -> None:
    """Keep the group a group even with a single command."""


def _tell_of_the_server() -> None:
    """Say on stderr where a command starts the embedded server, which outlives it."""
    logger = logging.getLogger("netpatrol.store.embedded")
    logger.addHandler(logging.StreamHandler())
    logger.setLevel(logging.INFO)


def main() -> None:
    """Run the command; errors that netpatrol raises on purpose end with one line and their exit code."""
    try:
        _run()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what was to be done is done: nothing that tidies up is to be broken off


def _run() -> None:
    streams.prepare()
    _tell_of_the_server()
    try:
        app(prog_name="netpatrol")
    except NetPatrolError as error:
        streams.tell(error)
        sys.exit(error.exit_code)
    except _NobodyReadsError:
        sys.exit(0)
    except OSError as error:  # a disk that is full, a folder that is not ours
        from netpatrol.store.places import home

        where = error.filename or f"数据目录 {home()} 或输出的去处"  # a write to an open file does not say which
        streams.tell(f"读写出错：{where} {why(error)}")
        sys.exit(3)


if __name__ == "__main__":
    main()
