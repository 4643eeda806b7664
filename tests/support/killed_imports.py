"""Imports a register over and over, each time killed at another change of its files, and prints where each home lies.

    python -m tests.support.killed_imports HOME REGISTER.csv FOLDER

Each home is a copy of HOME as it was; the last import is killed nowhere.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from netpatrol.entities.importer import read_register
from netpatrol.entities.updates import update_register

LATER = datetime(2026, 4, 5, 6, 7, tzinfo=UTC)
_CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate"})
_WRITING = os.O_WRONLY | os.O_RDWR


def import_all(home: Path, file: Path) -> None:
    """Import a file as the whole register."""
    update_register(home, read_register([file]), now=LATER, full=True)


def _die_at(number: int, home: Path) -> None:
    """Have this process killed just before its change of that number to what lies in a home."""
    seen = count(1)

    def hear(event: str, given: tuple[object, ...]) -> None:
        changes = event in _CHANGES or (event == "open" and isinstance(given[2], int) and given[2] & _WRITING)
        if changes and str(given[0]).startswith(str(home)) and next(seen) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)


def _is_killed(number: int, home: Path, file: Path) -> bool:
    child = os.fork()
    if not child:
        _die_at(number, home)
        import_all(home, file)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status):
        raise SystemExit(f"the import before change {number} failed")
    return os.WIFSIGNALED(status)


def main() -> None:
    """Print the homes, one a line."""
    before, file, folder = map(Path, sys.argv[1:])
    for number in count(1):
        home = folder / f"{number:03d}"
        shutil.copytree(before, home)
        killed = _is_killed(number, home, file)
        sys.stdout.write(f"{home}\n")
        if not killed:
            return


if __name__ == "__main__":
    main()
