"""Preserves pages: records to WARC, then their manifest to the chain; only then is there a reference to them."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

from netpatrol.evidence.archive import Archive
from netpatrol.evidence.chain import sha256, unwritable, write_all
from netpatrol.evidence.manifest import describe, iso, reference
from netpatrol.evidence.recover import recover
from netpatrol.evidence.warc import file_header, records
from netpatrol.items import EvidenceRef, PageItem

MAX_BYTES = 1 << 30


def _now() -> datetime:
    return datetime.now(UTC)


class EvidenceWriter:
    """Writes one chain and its WARC files; one for each process and run. Close it, or use it as context manager.

    `pack_lock` and `tool` go into each manifest. Opening one also tidies up after writers that were killed.
    """

    def __init__(
        self,
        folder: Path,
        run_id: str,
        *,
        tool: str = "netpatrol",
        pack_lock: str = "",
        max_bytes: int = MAX_BYTES,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.archive = Archive(folder=folder)
        self._shared = {"tool": tool, "pack_lock": pack_lock}
        self._run_id, self._max_bytes, self._clock = run_id, max_bytes, clock
        self._lock = Lock()
        self._file: FileIO | None = None
        self._number = self._size = self._chained_size = 0
        try:
            (folder / "warc").mkdir(parents=True, exist_ok=True, mode=0o700)
            self.archive_id = self.archive.named()
            recover(self.archive, clock())
            self.name = f"{clock():%Y%m%dT%H%M%S}-{secrets.token_hex(6)}"
            self._chain = self.archive.begin(
                self.name,
                {"type": "open", "chain": self.name, "archive": self.archive_id, "run_id": run_id, "at": iso(clock())},
            )
        except OSError as error:
            raise unwritable(folder, error) from error

    def preserve(self, page: PageItem) -> EvidenceRef:
        """Keep a page; on return it is on disk. EvidenceError where it could not be."""
        return self.preserve_all((page,))[0]

    def preserve_all(self, pages: Sequence[PageItem]) -> tuple[EvidenceRef, ...]:
        """Keep several pages for the price of one sync."""
        if not pages:
            return ()
        with self._lock:
            try:
                entries = self._rotate()
                entries += [{**self._shared, **describe(page), **self._write(records(page))} for page in pages]
                return self._chained(entries)
            except BaseException:
                self._back_out()
                raise

    def _chained(self, entries: Sequence[dict[str, Any]]) -> tuple[EvidenceRef, ...]:
        """Sync the records, then chain their manifests; return the references to the captures."""
        self._sync()
        stored = iso(self._clock())
        entries = [{**entry, "stored_at": stored} for entry in entries]
        start = self._chain.head.last
        digests = self._chain.append(entries)
        self._chained_size = self._size
        return tuple(
            reference({**entry, "previous": previous}, manifest, self.archive_id)
            for entry, previous, manifest in zip(entries, (start, *digests), digests, strict=False)
            if entry["type"] == "capture"
        )

    def _back_out(self) -> None:
        """Cut what a failed batch has written: only what is chained may lie in a file."""
        self._size = self._chained_size
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.truncate(self._size)
                self._file.seek(self._size)

    def _rotate(self) -> list[dict[str, Any]]:
        """Begin a file where there is none or it is full; its first record gets an entry of its own."""
        if self._file is not None and 0 < self._size < self._max_bytes:
            return []
        if self._file is None or self._size:
            self._open_next()
        header = file_header(str(self._shared["tool"]), self._run_id)
        return [{"type": "file", "run_id": self._run_id, **self._write((("warcinfo", header),))}]

    def _open_next(self) -> None:
        if self._file is not None:
            self._file.close()
        self._number, self._size, self._chained_size = self._number + 1, 0, 0
        path = self.archive.warc(self._warc_name)
        try:
            self._file = path.open("xb", buffering=0)
        except OSError as error:
            raise unwritable(path, error) from error

    @property
    def _warc_name(self) -> str:
        return f"warc/{self.name}-{self._number:05d}.warc.gz"

    def _write(self, parts: Iterable[tuple[str, bytes]]) -> dict[str, Any]:
        """Append records to the file; return where they lie."""
        assert self._file is not None
        start, offsets, whole = self._size, {}, b""
        for what, data in parts:
            offsets[f"{what}_offset"] = start + len(whole)
            whole += data
        try:
            write_all(self._file, whole)
        except OSError as error:
            raise unwritable(Path(self._file.name), error) from error
        self._size = start + len(whole)
        where = {"warc_file": self._warc_name, "warc_offset": start, "warc_length": len(whole)}
        return {**where, **offsets, "warc_sha256": sha256(whole)}

    def _sync(self) -> None:
        if self._file is None:
            return
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise unwritable(Path(self._file.name), error) from error

    def close(self) -> None:
        """Finish the files and enter the chain's end in the register; closing again does nothing.

        Where that cannot be written, the chain is given up as a killed writer's: the next writer ends it.
        """
        with self._lock:
            if self._chain is None:
                return
            try:
                self._close_file()
                head = self._chain.head
                end = {"type": "close", "chain": self.name, "count": head.count, "last": head.last, "at": iso(self._clock())}
                self.archive.enter(end)
            finally:
                self._chain.close()
                self._chain = None  # type: ignore[assignment]

    def _close_file(self) -> None:
        if self._file is None:
            return
        with self._file:
            self._sync()
        if not self._chained_size:  # a full disk refused even its first record
            self.archive.warc(self._warc_name).unlink(missing_ok=True)

    def __enter__(self) -> EvidenceWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
