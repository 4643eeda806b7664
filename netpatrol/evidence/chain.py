"""Append-only chain files: one canonical JSON line per entry, each naming the SHA-256 of the line before.

One process writes one chain, under a lock that falls with it, so no chain ever forks. A head file beside
it says how many entries there are and what the last one hashes to.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from errno import EINVAL
from io import FileIO
from pathlib import Path
from typing import Any

from netpatrol.errors import EvidenceError, UnwritableError, why

GENESIS = "0" * 64


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return the one JSON form of a manifest: sorted keys, no spaces, UTF-8, no newline in it."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace")


def sha256(data: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How many entries a chain has, and the digest of the last."""

    count: int = 0
    last: str = GENESIS

    def as_bytes(self) -> bytes:
        """Return the head file's content."""
        return canonical({"count": self.count, "last": self.last}) + b"\n"


def head_file(path: Path) -> Path:
    """Return the head file of a chain file."""
    return path.with_suffix(".head")


class ChainFile:
    """A chain that this process writes. EvidenceError where another one holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        # No buffer: what a full disk refused must not be written after all when the file is closed.
        self._file = path.open("ab", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise EvidenceError(f"固证链 {path.name} 正由另一个进程写入（chain is held by another process）") from error
        self.head = self._recover()

    def _recover(self) -> Head:
        """Cut a torn last line, as a kill leaves it, and return the head."""
        lines, whole = read_lines(self.path)
        if whole < self.path.stat().st_size:
            os.truncate(self.path, whole)
        return Head(count=len(lines), last=sha256(lines[-1]) if lines else GENESIS)

    def append(self, entries: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
        """Append entries, durable on return; returns the digest of each. `seq` and `previous` are filled in."""
        digests, lines, head = [], [], self.head
        start = os.fstat(self._file.fileno()).st_size
        for entry in entries:
            line = canonical({**entry, "seq": head.count, "previous": head.last})
            head = Head(count=head.count + 1, last=sha256(line))
            lines.append(line + b"\n")
            digests.append(head.last)
        try:
            write_all(self._file, b"".join(lines))
            os.fsync(self._file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                os.truncate(self.path, start)
            raise unwritable(self.path, error) from error
        self.head = head
        with contextlib.suppress(EvidenceError):  # the entries are in the chain; the head follows with the next
            self._write_head()
        return tuple(digests)

    def _write_head(self) -> None:
        """Write the head. It may lag behind the chain after a kill or on a full disk, never run ahead of it."""
        draft = self.path.with_suffix(".head.tmp")
        try:
            draft.write_bytes(self.head.as_bytes())
            draft.replace(head_file(self.path))
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise unwritable(self.path, error) from error

    def close(self) -> None:
        """Write the head once more, if the disk lets us, and give the chain up."""
        if not self._file.closed:
            with self._file, contextlib.suppress(EvidenceError):
                self._write_head()

    def discard(self) -> None:
        """Give up a chain that nothing was entered in, and leave nothing of it."""
        with self._file:
            self.path.unlink(missing_ok=True)


def write_all(file: FileIO, data: bytes) -> None:
    """Write all of it to a file without a buffer."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) or 0 :]


def unwritable(path: Path, error: OSError) -> UnwritableError:
    """Return the error for a file that cannot be written."""
    broken = next((part for part in (path, *path.parents) if part.is_symlink() and not part.exists()), None)
    reason = why(error) if broken is None else f"{broken} 是断开的符号链接"
    return UnwritableError(f"无法写入固证文件 {path}：{reason}（cannot write evidence）")


def need_file(path: Path) -> None:
    """Raise OSError where something stands that is no file: to read it may take for ever, or all of the memory."""
    if path.exists() and not path.is_file():
        raise OSError(EINVAL, "不是普通文件", str(path))


def read_lines(path: Path) -> tuple[list[bytes], int]:
    """Return the whole lines of a chain file, and how many bytes they take; OSError for what is no file (a pipe, a device)."""
    try:
        need_file(path)
        data = path.read_bytes()
    except FileNotFoundError:
        return [], 0
    whole = data.rfind(b"\n") + 1
    return data[:whole].split(b"\n")[:-1], whole


def is_held(path: Path) -> bool:
    """Say whether a process is writing this chain."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock file; waits for the others, which hold it for milliseconds."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise unwritable(path, error) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
