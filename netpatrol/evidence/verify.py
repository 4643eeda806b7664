"""Says of an evidence folder whether everything in it still is what was stored, and if not, what and where.

Every byte of the record files is covered by the digest of some manifest, every manifest by the one after
it, every chain by its head and by the register, the register by its own head. What the database knows of
captures of this archive (`expected`) covers the rest: that nobody took a whole archive back to an earlier day. What it
says of a capture must be what the manifest says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from netpatrol.errors import why
from netpatrol.evidence.archive import Archive, ChainState, chain_states
from netpatrol.evidence.chain import GENESIS, Head, head_file, is_held, need_file, read_lines, sha256
from netpatrol.evidence.manifest import essence, reference
from netpatrol.items import EvidenceRef

LOOK_AHEAD = 50  # records searched for the one that has moved up; more than that cut out at once reads as changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that does not hold: where, a code for programs, and a Chinese sentence."""

    where: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}：{self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was verified and what does not hold."""

    links: int = 0
    captures: int = 0
    files: int = 0
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    broken: frozenset[tuple[str, int]] = frozenset()  # (chain, seq) of links that do not hold

    @property
    def ok(self) -> bool:
        """Say whether everything holds."""
        return not self.faults


def verify(folder: Path, expected: Iterable[EvidenceRef] = (), missing: Iterable[str] = ()) -> Report:
    """Verify a whole evidence folder. `expected` are captures that must be in it, `missing` sentences on what is not entered."""
    work = _Verification(Archive(folder=folder))
    work.run()
    work.expect(expected)
    work.faults.extend(Fault(where="evidence", code="entry_removed", message=message) for message in missing)
    return Report(
        links=work.links,
        captures=len(work.manifests),
        files=work.files,
        faults=tuple(work.faults),
        notes=tuple(work.notes),
        broken=frozenset(work.broken),
    )


def links(folder: Path, report: Report) -> Iterator[dict[str, Any]]:
    """Yield for each link of each chain whether it holds."""
    archive = Archive(folder=folder)
    for name in sorted(chain_states(archive)):
        for seq, line in enumerate(read_lines(archive.chain(name))[0]):
            entry = _entry(line) or {}
            yield {
                "chain": name,
                "seq": seq,
                "what": entry.get("type"),
                "url": entry.get("url"),
                "manifest_sha256": sha256(line),
                "holds": (name, seq) not in report.broken,
            }


class _Verification:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self.manifests: dict[str, int] = {}  # digest -> a hash of the reference, small enough for millions
        self.broken: set[tuple[str, int]] = set()
        self.links = self.files = 0

    def fault(self, path: Path, code: str, message: str) -> None:
        self.faults.append(Fault(where=str(path.relative_to(self.archive.folder)), code=code, message=message))

    def run(self) -> None:
        register = self.archive.register
        if not register.exists():
            if any(path.stat().st_size for path in self.archive.folder.glob("*/*") if path.is_file()):
                self.fault(register, "file_removed", "固证登记文件被删除")
            return
        self.walk(register, busy=False)
        self.identity()
        states = chain_states(self.archive)
        known = {self.archive.chain(name).name for name in states} | {register.name}
        for path in sorted(self.archive.chains.glob("*.jsonl")):
            if path.name not in known:
                self.fault(path, "unknown_file", "固证链没有登记，或登记记录被删除")
        for name, state in sorted(states.items()):
            self.chain(name, state)
        for path in sorted(self.archive.folder.glob("warc/*")):
            if not any(path.name.startswith(f"{name}-") for name in states):
                self.fault(path, "unknown_file", "文件不属于任何固证链")

    def identity(self) -> None:
        """Compare the id of the archive with what the register says; older archives have none."""
        path, registered = self.archive.id_file, self.archive.registered_ids()
        if len(registered) > 1:
            self.fault(self.archive.register, "changed", f"登记了不止一个存档编号：{'、'.join(registered)}")
        elif registered and not path.exists():
            self.fault(path, "file_removed", "存档编号文件被删除")
        elif registered and path.read_bytes() != f"{registered[0]}\n".encode():
            self.fault(path, "changed", f"存档编号与登记的 {registered[0]} 不符")

    # -- chains --------------------------------------------------------------------------------------

    def chain(self, name: str, state: ChainState) -> None:
        path = self.archive.chain(name)
        if not path.exists():
            self.fault(path, "file_removed", "固证链文件被删除")
            return
        if not path.is_file():
            self.fault(path, "unreadable", "固证链不是普通文件")
            return
        busy = not state.closed
        if busy and not is_held(path):
            self.notes.append(f"{path.name}：写入进程中途终止，下次启动时自动收尾")
        entries = self.walk(path, busy=busy, vouched=Head(count=state.count, last=state.last) if state.closed else None)
        if state.closed:
            self._check_close(path, state)
        self.records(name, entries, busy)

    def walk(self, path: Path, *, busy: bool, vouched: Head | None = None) -> list[dict[str, Any]]:
        """Follow the links of a chain file; return its entries. A busy one may end in the middle of a line.

        `vouched` is what the register says of its end: a head may lag behind that, where a full disk refused to be told.
        """
        lines, whole = read_lines(path)
        if whole < path.stat().st_size and not busy:
            self.fault(path, "changed", f"第 {len(lines) + 1} 行不完整（文件末尾被改动或截断）")
        entries: list[dict[str, Any]] = []
        previous = GENESIS
        for number, line in enumerate(lines, 1):
            entry = _entry(line)
            self._check_link(path, number, entry, previous, len(entries))
            previous = sha256(line)
            if entry is not None:
                entries.append(entry)
                self.links += 1
                if entry.get("type") == "capture":
                    self.manifests[previous] = _hash_of(entry, previous)
        self._check_head(path, lines, busy=busy, vouched=vouched)
        return entries

    def _check_link(self, path: Path, number: int, entry: dict[str, Any] | None, previous: str, seen: int) -> None:
        if entry is None:
            self.broken.add((path.stem, number - 1))
            self.fault(path, "changed", f"第 {number} 条清单无法读取，内容被改动")
        elif entry.get("previous") != previous:
            if entry.get("seq") == number - 1:
                self.broken.add((path.stem, number - 2))
                self.fault(path, "changed", f"第 {number - 1} 条清单被改动（第 {number} 条所记摘要与它不符）")
            else:
                self.broken.add((path.stem, number - 1))
                self.fault(path, "record_removed", f"第 {number} 条清单之前有记录被删除或插入，固证链在此断开")

    def _check_head(self, path: Path, lines: list[bytes], *, busy: bool, vouched: Head | None) -> None:
        head = head_file(path)
        try:
            data = head.read_bytes()
        except FileNotFoundError:
            if path == self.archive.register and len(lines) <= 1:
                self.notes.append(f"{path.name}：刚开始登记就写不下了，链头没有记到，下次启动时自动补上")
            elif not busy:
                self.fault(head, "file_removed", "链头文件被删除")
            return
        actual = Head(count=len(lines), last=sha256(lines[-1]) if lines else GENESIS)
        if data == actual.as_bytes():
            return
        stated = _entry(data) or {}
        count = stated.get("count")
        if not isinstance(count, int) or data != Head(count=count, last=str(stated.get("last"))).as_bytes():
            self.fault(head, "changed", "链头文件被改动")
        elif count > len(lines):
            self.fault(path, "truncated", f"固证链被截断：应有 {count} 条清单，只剩 {len(lines)} 条")
        elif count and stated["last"] != sha256(lines[count - 1]):
            self.broken.add((path.stem, count - 1))
            self.fault(path, "changed", f"第 {count} 条清单与链头所记摘要不符，被改动")
        elif path == self.archive.register:  # nothing vouches for what was entered last, and the next writer tells its head
            self.notes.append(f"{path.name}：最后 {len(lines) - count} 条登记时写入中断，链头没有记到，下次启动时自动补上")
        elif not busy and actual != vouched:
            self.fault(path, "unknown_record", f"链头只记 {count} 条清单，文件有 {len(lines)} 条")

    def _check_close(self, path: Path, state: ChainState) -> None:
        lines, _ = read_lines(path)
        if len(lines) < state.count:
            self.fault(path, "truncated", f"固证链被截断：登记 {state.count} 条清单，只剩 {len(lines)} 条")
        elif state.count and sha256(lines[state.count - 1]) != state.last:
            self.fault(path, "changed", f"固证链内容与登记的摘要不符（第 {state.count} 条）")
        elif len(lines) > state.count:
            self.fault(path, "unknown_record", f"固证链登记结束时有 {state.count} 条清单，现在有 {len(lines)} 条")

    # -- records -------------------------------------------------------------------------------------

    def records(self, name: str, entries: list[dict[str, Any]], busy: bool) -> None:
        by_file: dict[str, list[dict[str, Any]]] = {}
        for entry in entries:
            if "warc_file" in entry:
                by_file.setdefault(str(entry["warc_file"]), []).append(entry)
        for file, parts in by_file.items():
            self.files += 1
            path = self.archive.warc(file)
            try:
                need_file(path)
                with path.open("rb") as opened:
                    self._file(path, opened, parts, busy)
            except FileNotFoundError:
                self.broken |= {(name, int(entry.get("seq", 0))) for entry in parts}
                self.fault(path, "file_removed", f"固证文件被删除（内有 {len(parts)} 条记录）")
            except (OSError, KeyError, TypeError, ValueError) as error:
                self.fault(path, "unreadable", f"无法校验：{why(error)}")
        for path in self.archive.folder.glob(f"warc/{name}-*"):
            if f"warc/{path.name}" not in by_file and not busy:
                self.fault(path, "unknown_file", "文件没有任何清单记录")

    def _file(self, path: Path, file: BinaryIO, parts: list[dict[str, Any]], busy: bool) -> None:
        """Compare the records of one file with their digests. After a removed record the others have moved."""
        size, moved, end = file.seek(0, 2), 0, 0
        total = max(int(entry["warc_offset"]) + int(entry["warc_length"]) for entry in parts)
        for at, entry in enumerate(parts):
            offset, length = int(entry["warc_offset"]), int(entry["warc_length"])
            if offset != end:
                self.fault(path, "changed", f"清单不连续：第 {end} 字节起没有清单")
            end = offset + length
            if _digest(file, offset - moved, length) == entry["warc_sha256"]:
                continue
            what = entry.get("url") or "文件头"
            self.broken.add((path.name.rpartition("-")[0], int(entry["seq"])))
            if size < total - moved and _is_followed(file, parts[at + 1 : at + LOOK_AHEAD], offset - moved, size):
                self.fault(path, "record_removed", f"第 {offset} 字节处的记录被删除：{what}")
                moved += length
            elif size < end - moved:
                self.fault(path, "truncated", f"文件被截断：第 {offset} 字节处的记录不完整或已被删除：{what}")
            else:
                self.fault(path, "changed", f"第 {offset} 至 {end} 字节的记录被改动：{what}")
        if size > end - moved and not busy:
            self.fault(path, "unknown_record", f"第 {end - moved} 字节之后多出 {size - end + moved} 字节，没有清单")

    # -- what must be there --------------------------------------------------------------------------

    def expect(self, refs: Iterable[EvidenceRef]) -> None:
        for ref in refs:
            held = self.manifests.get(ref.manifest_sha256)
            if held is None:
                message = f"数据库登记的固证 {ref.evidence_id}（{ref.url}）不在固证链中，被删除或改动"
                self.faults.append(Fault(where=ref.warc_file, code="record_removed", message=message))
            elif held != hash(essence(ref)):
                message = f"固证 {ref.evidence_id} 在数据库里的登记与固证链中的清单不符，登记被改动"
                self.faults.append(Fault(where="evidence", code="entry_changed", message=message))


def _is_followed(file: BinaryIO, later: list[dict[str, Any]], offset: int, size: int) -> bool:
    """Say whether a later record, or the end of the file, stands where a record should: then it was cut out."""
    if offset == size:
        return True
    return any(_digest(file, offset, int(entry["warc_length"])) == entry["warc_sha256"] for entry in later)


def _hash_of(entry: Mapping[str, Any], manifest_sha256: str) -> int:
    """Return a hash of what a manifest says of its capture, for this run; 0 for one that says too little."""
    try:
        return hash(essence(reference(entry, manifest_sha256)))
    except (KeyError, TypeError, ValueError):
        return 0


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _digest(file: BinaryIO, offset: int, length: int) -> str:
    file.seek(max(0, offset))
    digest = hashlib.sha256()
    for block in _blocks(file, length):
        digest.update(block)
    return digest.hexdigest()


def _blocks(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0 and (block := file.read(min(length, 1 << 20))):
        length -= len(block)
        yield block
