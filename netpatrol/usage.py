"""Says in Chinese what the command-line framework says in English: wrong usage, and the headings of help pages.

The framework translates none of its errors and asks the system's language for its headings; those who read our screens
read Chinese.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netpatrol.errors import NetPatrolError

if TYPE_CHECKING:
    from typer import TyperException

HELP = "显示这份说明"

_SAID = tuple(
    (re.compile(english, re.DOTALL), chinese)
    for english, chinese in (
        (r"No such command '(.*?)'\.(?: Did you mean (.*)\?)?", r"没有“\1”这个命令；相近的有：\2"),
        (r"Missing command\.", "没有写子命令"),
        (r"No such option: (\S+)(?: \(Possible options: (.*)\))?", r"没有 \1 这个选项；相近的有：\2"),
        (r"Option '(.*)' requires an argument\.", r"选项 \1 后面要写值"),
        (r"Option '(.*)' does not take a value\.", r"选项 \1 后面不写值"),
        (r"Option '(.*)' requires (\d+) arguments\.", r"选项 \1 后面要写 \2 个值"),
        (r"Missing argument '?(.*?)'?\.(?: .*)?", r"没有写参数 \1"),
        (r"Missing option '?(.*?)'?\.(?: .*)?", r"没有写选项 \1"),
        (r"Got unexpected extra argument\(s\) \((.*)\)", r"多出了参数：\1"),
        (r"Invalid value for '?(.*?)'?: .*valid integer.*", r"\1 要写整数"),
        (r"Invalid value for '?(.*?)'?: .*valid number.*", r"\1 要写数字"),
        (r"Invalid value for '?(.*?)'?: .*greater than or equal to (\S+)", r"\1 不能小于 \2"),
        (r"Invalid value for '?(.*?)'?: .*less than or equal to (\S+)", r"\1 不能大于 \2"),
        (r"Invalid value for '?(.*?)'?: (.*)", r"\1 的值不能用：\2"),
    )
)
_NOTHING_NEAR = "；相近的有："


class WrongUsage(NetPatrolError):  # noqa: N818 - what it tells is the user's, not ours
    """A command that cannot be understood: what is wrong, how it is written, where help is."""


def wrong_usage(error: TyperException) -> WrongUsage | None:
    """Return what the framework's error tells, in Chinese; None for what is no error of usage (help that was asked for)."""
    if error.exit_code != WrongUsage.exit_code or type(error).__name__ == "NoArgsIsHelpError":
        return None
    lines = [f"用法有误：{_in_chinese(error.format_message())}"]
    context = getattr(error, "ctx", None)
    if context is not None:
        lines += [context.get_usage().replace("Usage: ", "用法：", 1), f"说明见 {context.command_path} --help"]
    return WrongUsage("\n".join(lines))


def _in_chinese(message: str) -> str:
    for english, chinese in _SAID:
        match = english.fullmatch(message)
        if match is not None:
            return match.expand(chinese).removesuffix(_NOTHING_NEAR)
    return message


def speak_chinese() -> None:
    """Give the help pages Chinese headings; called where one is about to be printed, as it loads the printer."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.DEFAULT_STRING = "[默认 {}]"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
