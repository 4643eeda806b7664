"""The few errors that netpatrol raises on purpose; each carries where the trouble is and what to do.

`NetPatrolError.exit_code` is what a command ends with (see docs/operations.md): 2 for unusable input,
3 for a service that is away.
"""

from __future__ import annotations

from pathlib import Path


class NetPatrolError(Exception):
    """An error with a message for people; never shown with a traceback."""

    exit_code = 2


class PackError(NetPatrolError):
    """One fault in a rule pack, located: `path:line rule message`."""

    def __init__(self, message: str, *, path: Path | str = "", line: int = 0, rule: str = "") -> None:
        self.message, self.path, self.line, self.rule = message, str(path), line, rule
        where = f"{path}:{line}" if line else str(path)
        super().__init__(" ".join(part for part in (where, rule, message) if part))


class PackErrors(NetPatrolError):  # noqa: N818 - several errors in one
    """All faults of a folder of packs at once."""

    def __init__(self, errors: tuple[PackError, ...]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


class RegisterError(NetPatrolError):
    """A register file that cannot be read, or one row of it: `path row N (column): message`."""

    def __init__(self, message: str, *, path: Path | str = "", row: int = 0, column: str = "") -> None:
        self.message, self.path, self.row, self.column = message, str(path), row, column
        where = f"{path} 第 {row} 行" if row else str(path)
        super().__init__(" ".join(part for part in (where, f"[{column}]" if column else "", message) if part))


class EvidenceError(NetPatrolError):
    """Evidence that cannot be written, or that does not hold."""

    exit_code = 1


class StoreError(NetPatrolError):
    """The database is away, refuses us, or refused a record."""

    exit_code = 3
