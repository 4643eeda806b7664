"""Files that are whole or absent whatever happens, and on disk when the call returns."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put a file in place, over the one that may stand there. OSError where that cannot be; what stood there stands then."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    _sweep(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make what was renamed or removed in a folder last."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def is_alive(pid: str) -> bool:
    """Whether a process of that number runs, as what wrote its number somewhere did."""
    try:
        os.kill(int(pid), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except OSError:
        return True  # another user's
    return int(pid) > 0


def _sweep(path: Path) -> None:
    """Remove what writers of a file that were killed left behind."""
    for draft in path.parent.glob(f"{path.name}.*.tmp"):
        if not is_alive(draft.name.removeprefix(f"{path.name}.").removesuffix(".tmp")):
            draft.unlink(missing_ok=True)
