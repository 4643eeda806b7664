"""Tidies up after writers that were killed: their unfinished tail is set apart, good records are not touched."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Container
from datetime import datetime
from pathlib import Path

from netpatrol.errors import EvidenceError
from netpatrol.evidence.archive import Archive, chain_states
from netpatrol.evidence.chain import ChainFile, is_held, read_lines, sha256
from netpatrol.evidence.manifest import iso


def recover(archive: Archive, now: datetime) -> tuple[str, ...]:
    """Close the chains of dead writers; return their names. Chains of living writers are left alone."""
    with archive.tidying():
        states = chain_states(archive)
        _drop_unregistered(archive, states)
        open_chains = [name for name, state in states.items() if state.opened and not state.closed]
        return tuple(name for name in open_chains if _recover(archive, name, now))


def _drop_unregistered(archive: Archive, names: Container[str]) -> None:
    """Remove the empty chain of a writer that was killed before it could enter it in the register."""
    for path in archive.chains.glob("*.jsonl"):
        if path != archive.register and path.stem not in names and path.stat().st_size == 0 and not is_held(path):
            path.unlink()


def _recover(archive: Archive, name: str, now: datetime) -> bool:
    if not archive.chain(name).exists():
        return False  # a removed chain: for verify to say, not for us to make anew
    try:
        chain = ChainFile(archive.chain(name))
    except EvidenceError:
        return False
    try:
        cut = [_cut(archive, path, end) for path, end in _ends(archive, name).items()]
        notes = [note for note in cut if note]
        if notes:
            chain.append(({"type": "recovered", "at": iso(now), "cut": notes},))
        head = chain.head
        archive.enter({"type": "close", "chain": name, "count": head.count, "last": head.last, "at": iso(now)})
    finally:
        chain.close()
    return True


def _ends(archive: Archive, name: str) -> dict[Path, int]:
    """Return where the chained records end in each WARC file of a chain."""
    ends = dict.fromkeys(archive.folder.glob(f"warc/{name}-*.warc.gz"), 0)
    for line in read_lines(archive.chain(name))[0]:
        with contextlib.suppress(ValueError, KeyError, TypeError):
            entry = json.loads(line)
            path = archive.warc(entry["warc_file"])
            ends[path] = max(ends.get(path, 0), int(entry["warc_offset"]) + int(entry["warc_length"]))
    return ends


def _cut(archive: Archive, path: Path, end: int) -> dict[str, object] | None:
    """Move what lies behind the last chained record to `torn/`; nothing refers to it."""
    if not path.exists():
        return None
    size = path.stat().st_size
    if size == 0 and end == 0:
        path.unlink()  # killed between making the file and writing to it
    if size <= end:
        return None
    with path.open("rb") as file:
        file.seek(end)
        tail = file.read()
    torn = archive.folder / "torn" / f"{path.name}.{end}"
    torn.parent.mkdir(mode=0o700, exist_ok=True)
    torn.write_bytes(tail)
    if end:
        os.truncate(path, end)
    else:
        path.unlink()
    return {"file": path.name, "offset": end, "length": len(tail), "sha256": sha256(tail)}
