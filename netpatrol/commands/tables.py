"""Tables for people, as wide as the terminal, text from web pages shown as text; and the choice of lines for programs."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from netpatrol.errors import NetPatrolError

# Control characters could drive the terminal; direction marks could turn a line around.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def _known(form: str) -> str:
    """Refuse a format that there is not, before anything is opened."""
    if form not in ("table", "jsonl"):
        raise NetPatrolError(f"--format 不认识 {form!r}，可用 table、jsonl")
    return form


Format = Annotated[str, typer.Option("--format", help="table 或 jsonl", callback=_known)]
"""The option of every command that lists things."""


def safe(text: str) -> str:
    """Return a text from a web page as one harmless line."""
    return _UNSAFE.sub(" ", text)


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
