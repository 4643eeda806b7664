"""The few errors that netpatrol raises on purpose; each carries where the trouble is and what to do.

`NetPatrolError.exit_code` is what a command ends with (see docs/operations.md): 2 for unusable input,
3 for a service that is away.
"""

from __future__ import annotations

from errno import EACCES, EDQUOT, EEXIST, EIO, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOSPC, ENOTDIR, ENOTEMPTY, EPERM, EROFS
from pathlib import Path

_WHY = {
    ENOENT: "没有这个文件或目录", EISDIR: "是目录，不是文件", ENOTDIR: "路径中有一段不是目录", EACCES: "没有权限", EPERM: "没有权限",
    ENOSPC: "磁盘已满", EDQUOT: "磁盘配额已满", EROFS: "磁盘只读", ENOTEMPTY: "已存在，而且不空",
    EEXIST: "已有同名的文件", ELOOP: "符号链接绕成了圈", ENAMETOOLONG: "名字过长", EIO: "磁盘读写出错",
}  # fmt: skip


def why(error: Exception) -> str:
    """Return why a file could not be read or written, for people."""
    if not isinstance(error, OSError):
        return str(error)
    return _WHY.get(error.errno or 0) or error.strerror or str(error)


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


class UnwritableError(EvidenceError):
    """Evidence that cannot be written: the disk is full, or its folder is none that we may write to."""

    exit_code = 3


class StoreError(NetPatrolError):
    """The database is away, refuses us, or refused a record."""

    exit_code = 3


class AddressError(StoreError):
    """An address of a database that is none."""

    exit_code = 2
