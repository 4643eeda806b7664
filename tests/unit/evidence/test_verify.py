from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netpatrol.evidence.chain import ChainFile, canonical, head_file, sha256
from netpatrol.evidence.reading import captures, find_manifest
from netpatrol.evidence.verify import links, verify
from netpatrol.evidence.writer import EvidenceWriter
from netpatrol.items import EvidenceRef, PageItem

Archive = tuple[Path, tuple[EvidenceRef, ...]]


def _chain(folder: Path) -> Path:
    return next(path for path in folder.glob("chains/*.jsonl") if path.name != "register.jsonl")


def _warc(folder: Path) -> Path:
    return next(folder.glob("warc/*"))


def test_what_was_not_touched_holds(archive: Archive) -> None:
    folder, refs = archive
    report = verify(folder, refs)
    assert report.ok
    assert (report.captures, report.files) == (5, 1)
    assert all(link["holds"] for link in links(folder, report))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), which=st.integers(0, 20), bit=st.integers(0, 7))
def test_one_changed_bit_anywhere_is_found(archive: Archive, place: float, which: int, bit: int) -> None:
    folder, _ = archive
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]
    path = files[which % len(files)]
    before = path.read_bytes()
    changed = bytearray(before)
    changed[int(place * len(before))] ^= 1 << bit
    path.write_bytes(changed)
    try:
        report = verify(folder)
        assert not report.ok
        assert all(fault.message and fault.where for fault in report.faults)
    finally:
        path.write_bytes(before)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("which", [_warc, _chain])
def test_what_is_no_file_is_told_and_not_waited_for(archive: Archive, which: Callable[[Path], Path]) -> None:
    folder, refs = archive
    path = which(folder)
    path.unlink()
    os.mkfifo(path)
    told = [fault for fault in verify(folder, refs).faults if fault.code == "unreadable"]
    assert [fault.where for fault in told] == [str(path.relative_to(folder))]
    assert "不是普通文件" in told[0].message


def _change_record(folder: Path, ref: EvidenceRef) -> None:
    data = bytearray(_warc(folder).read_bytes())
    data[ref.warc_offset + 40] ^= 1
    _warc(folder).write_bytes(data)


def _remove_record(folder: Path, ref: EvidenceRef) -> None:
    entry = find_manifest(folder, ref)
    data, start = _warc(folder).read_bytes(), entry["warc_offset"]
    _warc(folder).write_bytes(data[:start] + data[start + entry["warc_length"] :])


def _remove_last(folder: Path) -> None:
    *_, (_, entry) = captures(folder)
    _warc(folder).write_bytes(_warc(folder).read_bytes()[: entry["warc_offset"]])


def _truncate_file(folder: Path, ref: EvidenceRef) -> None:
    data = _warc(folder).read_bytes()
    _warc(folder).write_bytes(data[: ref.warc_offset + 10])


def _edit_chain(edit: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path, EvidenceRef], None]:
    def do(folder: Path, _: EvidenceRef) -> None:
        lines = _chain(folder).read_bytes().splitlines(keepends=True)
        _chain(folder).write_bytes(b"".join(edit(lines)))

    return do


def _next(line: bytes) -> bytes:
    """Return a manifest that follows a line as it should."""
    entry = {"type": "file", "seq": json.loads(line)["seq"] + 1, "previous": sha256(line.removesuffix(b"\n"))}
    return canonical(entry) + b"\n"


def _grow(folder: Path) -> None:
    """Go on with a chain that was ended, head and all."""
    chain = ChainFile(_chain(folder))
    chain.append(({"type": "file"},))
    chain.close()


DEEDS = {
    "a changed byte in a record": (_change_record, "changed", "的记录被改动：http://tea.example/2"),
    "a removed record": (_remove_record, "record_removed", "字节处的记录被删除：http://tea.example/2"),
    "a truncated file": (_truncate_file, "truncated", "文件被截断"),
    "the last record removed": (
        lambda folder, _: _remove_last(folder),
        "record_removed",
        "的记录被删除：http://tea.example/4",
    ),
    "a removed file": (lambda folder, _: _warc(folder).unlink(), "file_removed", "固证文件被删除"),
    "bytes added": (
        lambda folder, _: _warc(folder).write_bytes(_warc(folder).read_bytes() + b"x"),
        "unknown_record",
        "多出",
    ),
    "a foreign file": (lambda folder, _: (folder / "warc/x.gz").write_bytes(b"x"), "unknown_file", "不属于任何固证链"),
    "a changed manifest": (
        _edit_chain(lambda old: [*old[:3], old[3].replace(b"200", b"404"), *old[4:]]),
        "changed",
        "第 4 条清单被改动",
    ),
    "a removed manifest": (_edit_chain(lambda old: old[:3] + old[4:]), "record_removed", "第 4 条清单之前有记录被删除"),
    "a truncated chain": (_edit_chain(lambda old: old[:-2]), "truncated", "固证链被截断：应有 6 条清单，只剩 4 条"),
    "a removed chain": (lambda folder, _: _chain(folder).unlink(), "file_removed", "固证链文件被删除"),
    "a removed head": (lambda folder, _: head_file(_chain(folder)).unlink(), "file_removed", "链头文件被删除"),
    "manifests added after the end": (lambda folder, _: _grow(folder), "unknown_record", "登记结束时有 6 条清单，现在有 7 条"),
    "manifests added behind the head": (
        _edit_chain(lambda old: [*old, _next(old[-1])]),
        "unknown_record",
        "链头只记 6 条清单，文件有 7 条",
    ),
    "a removed register": (
        lambda folder, _: (folder / "chains/register.jsonl").unlink(),
        "file_removed",
        "固证登记文件被删除",
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_has_its_own_message(archive: Archive, deed: str) -> None:
    folder, refs = archive
    do, code, message = DEEDS[deed]
    do(folder, refs[2])
    report = verify(folder)
    assert (code, True) in [(fault.code, message in fault.message) for fault in report.faults], report.faults


@pytest.mark.parametrize("deed", ["a changed byte in a record", "a removed record"])
def test_the_other_records_still_hold(archive: Archive, deed: str) -> None:
    folder, refs = archive
    DEEDS[deed][0](folder, refs[2])
    report = verify(folder)
    assert len(report.faults) == 1
    assert [link["url"] for link in links(folder, report) if not link["holds"]] == ["http://tea.example/2"]


def test_an_archive_taken_back_to_an_earlier_day_is_found_by_the_database(
    archive: Archive, make_page: Callable[..., PageItem], tmp_path: Path
) -> None:
    folder, _ = archive
    shutil.copytree(folder, tmp_path / "earlier")
    with EvidenceWriter(folder, "r2") as writer:
        ref = writer.preserve(make_page(9))
    assert verify(folder, (ref,)).ok
    report = verify(tmp_path / "earlier", (ref,))
    assert [fault.code for fault in report.faults] == ["record_removed"]


def test_a_folder_that_is_being_written_holds(folder: Path, make_page: Callable[..., PageItem]) -> None:
    with EvidenceWriter(folder, "r1") as writer:
        ref = writer.preserve(make_page(1))
        report = verify(folder, (ref,))
    assert report.ok
    assert not report.notes


def test_an_empty_folder_holds(tmp_path: Path) -> None:
    assert verify(tmp_path).ok


def test_what_was_never_written_was_not_deleted(folder: Path, make_page: Callable[..., PageItem]) -> None:
    (folder / "chains").mkdir(parents=True)
    (folder / "chains" / "register.jsonl.lock").touch()
    assert verify(folder).ok
    with EvidenceWriter(folder, "r1") as writer:
        writer.preserve(make_page(1))
    register = folder / "chains" / "register.jsonl"
    lines = register.read_bytes().splitlines(keepends=True)
    for path in folder.rglob("*"):
        if path.is_file() and path != register and path.name != "archive-id":
            path.unlink()
    register.write_bytes(lines[0])
    report = verify(folder)
    assert [fault.code for fault in report.faults if fault.where.endswith("register.head")] == []
    assert any("刚开始登记" in note for note in report.notes)
    register.write_bytes(b"".join(lines))
    assert "file_removed" in {fault.code for fault in verify(folder).faults if fault.where.endswith("register.head")}
