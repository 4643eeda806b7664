"""Tables for people, as wide as the terminal, text from web pages shown as text; and the choice of lines for programs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Annotated, Any, TypeVar

import typer

from netpatrol.errors import NetPatrolError

# Control characters could drive the terminal; direction marks could turn a line around.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

_One = TypeVar("_One")

_DRIVING = re.compile(r"[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")  # what JSON itself does not escape of these


def _known(form: str) -> str:
    """Refuse a format that there is not, before anything is opened; one object of JSON is a line of JSON Lines."""
    if form not in ("table", "jsonl", "json"):
        raise NetPatrolError(f"--format 不认识 {form!r}，可用 table、jsonl")
    return "jsonl" if form == "json" else form


def _lines_only(form: str) -> str:
    if _known(form) != "jsonl":
        raise NetPatrolError("导出只有 jsonl，没有 --format table")
    return "jsonl"


def not_empty(ctx: typer.Context, param: typer.CallbackParam, given: str) -> str:
    """Refuse an option given as nothing: a variable of the shell that is not set would list everything."""
    if not given.strip() and ctx.get_parameter_source(str(param.name)).name != "DEFAULT":  # type: ignore[union-attr]
        raise NetPatrolError(f"{param.opts[0]} 是空的；不限就不要写它")
    return given


Format = Annotated[str, typer.Option("--format", help="table 或 jsonl", callback=_known)]
"""The option of every command that shows things to people and to programs."""
LinesOnly = Annotated[str, typer.Option("--format", help="目前只有 jsonl", callback=_lines_only)]


def filter_option(text: str, *names: str, metavar: str | None = None) -> Any:
    """Return an option that restricts what is looked at: left out, it restricts nothing; empty, it is refused."""
    return typer.Option(*names, help=text, metavar=metavar, callback=not_empty)


def safe(text: str) -> str:
    """Return a text from a web page as one harmless line."""
    return _UNSAFE.sub(" ", text)


def as_json(value: object, *, default: Callable[[Any], Any] | None = None, indent: int | None = None) -> str:
    """Return a value as JSON in which what could drive or turn round a terminal is written as an escape."""
    written = json.dumps(value, ensure_ascii=False, default=default, indent=indent)
    return _DRIVING.sub(lambda char: f"\\u{ord(char[0]):04x}", written)


def at_most(found: Iterable[_One], limit: int) -> list[_One]:
    """Return so many of what was found; where there are more, say so on stderr: a list that is cut looks like all there is.

    What is given must have been looked for with a limit of at least one more.
    """
    kept = list(islice(found, limit + 1))
    if len(kept) > limit:
        sys.stderr.write(f"只列出前 {limit} 条，后面还有；--limit 可列出更多\n")
    return kept[:limit]


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> None:
    """Print a table to stdout; `empty` instead of one without rows. To a file or pipe, nothing is cut."""
    if not rows:
        sys.stdout.write(empty + "\n")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 240, highlight=False)
    table = Table(*columns, header_style="bold", show_edge=False)
    for row in rows:
        table.add_row(*(Text(safe(cell)) for cell in row))
    console.print(table)
