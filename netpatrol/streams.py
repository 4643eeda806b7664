"""The standard streams of a command: what cannot be written to them changes no exit code."""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path


def prepare() -> None:
    """Make the streams fit for any text and any end; call it before anything is written."""
    _open_what_is_closed()
    _write_anything()
    atexit.register(_drop_what_cannot_be_written)  # runs before the interpreter's own last flush


def tell(message: object) -> None:
    """Say something on stderr, or nothing where that is full or has gone: the exit code says it as well."""
    with suppress(OSError):
        print(message, file=sys.stderr, flush=True)  # noqa: T201 - for the operator's terminal


def _open_what_is_closed() -> None:
    """Put the null device where a standard stream was closed (`<&-`, some supervisors): Python leaves None there."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - as long as the process


def _write_anything() -> None:
    """Write UTF-8 to files and pipes, and as an escape, which JSON reads too, what an encoding cannot write."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _drop_what_cannot_be_written() -> None:
    """Send what a stream can not get rid of to the null device: the interpreter's last flush would fail and exit with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
