from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from netpatrol.errors import EvidenceError
from netpatrol.evidence.archive import Archive, chain_states
from netpatrol.evidence.chain import ChainFile
from netpatrol.evidence.reading import captures, read_capture
from netpatrol.evidence.verify import verify
from netpatrol.evidence.writer import EvidenceWriter
from netpatrol.items import PageItem

Maker = Callable[..., PageItem]

KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from netpatrol.evidence.writer import EvidenceWriter
from netpatrol.items import PageItem
writer = EvidenceWriter(Path(sys.argv[1]), "killed")
for number in range(1000):
    url = f"http://tea.example/{number}"
    ref = writer.preserve(PageItem(url=url, final_url=url, fetched_at=datetime.now(UTC), body=os.urandom(3000)))
    print(ref.evidence_id, flush=True)
"""


def test_after_a_kill_what_was_acknowledged_is_there(folder: Path, make_page: Maker) -> None:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(20)]
    os.kill(process.pid, signal.SIGKILL)
    acknowledged += process.stdout.read().split("\n")[:-1]
    process.wait()
    process.stdout.close()
    with EvidenceWriter(folder, "next") as writer:
        writer.preserve(make_page(1))
    report = verify(folder)
    assert report.ok, report.faults
    assert set(acknowledged) <= {ref.evidence_id for ref, _ in captures(folder)}


def _die(writer: EvidenceWriter) -> None:
    """Let go of the files as a killed process does: nothing is finished."""
    writer._chain._file.close()
    assert writer._file is not None
    writer._file.close()


@pytest.mark.parametrize(
    ("torn_warc", "torn_chain"), [(b"", b""), (b"half a rec", b""), (b"", b'{"half'), (b"\x1f\x8b\x08torn", b'{"half')]
)
def test_torn_tails_are_set_apart_and_good_records_untouched(
    folder: Path, make_page: Maker, torn_warc: bytes, torn_chain: bytes
) -> None:
    writer = EvidenceWriter(folder, "killed")
    ref = writer.preserve(make_page(1))
    _die(writer)
    warc, chain = folder / ref.warc_file, Archive(folder=folder).chain(writer.name)
    good = warc.read_bytes()
    warc.write_bytes(good + torn_warc)
    chain.write_bytes(chain.read_bytes() + torn_chain)
    assert verify(folder).ok == (not torn_warc and not torn_chain) or verify(folder).notes

    EvidenceWriter(folder, "next").close()
    assert warc.read_bytes() == good
    assert read_capture(folder, ref) == make_page(1)
    assert verify(folder, (ref,)).ok
    assert [path.read_bytes() for path in folder.glob("torn/*")] == ([torn_warc] if torn_warc else [])


@pytest.mark.parametrize("left", [b"", b"never chained"], ids=["empty", "torn"])
def test_a_file_without_any_chained_record_is_set_apart(folder: Path, left: bytes) -> None:
    writer = EvidenceWriter(folder, "killed")
    writer._open_next()
    (folder / writer._warc_name).write_bytes(left)
    _die(writer)
    EvidenceWriter(folder, "next").close()
    assert not list(folder.glob("warc/*"))
    assert verify(folder).ok


def test_living_writers_are_left_alone(folder: Path, make_page: Maker) -> None:
    with EvidenceWriter(folder, "living") as living:
        living.preserve(make_page(1))
        EvidenceWriter(folder, "other").close()
        assert not chain_states(living.archive)[living.name].closed
        living.preserve(make_page(2))
    assert verify(folder).captures == 2


def test_a_chain_that_was_removed_is_not_made_anew(folder: Path, make_page: Maker) -> None:
    writer = EvidenceWriter(folder, "killed")
    writer.preserve(make_page(1))
    _die(writer)
    Archive(folder=folder).chain(writer.name).unlink()
    EvidenceWriter(folder, "next").close()
    assert "file_removed" in {fault.code for fault in verify(folder).faults}


def test_one_chain_has_one_writer(tmp_path: Path) -> None:
    chain = ChainFile(tmp_path / "a.jsonl")
    with pytest.raises(Exception, match="另一个进程"):
        ChainFile(tmp_path / "a.jsonl")
    chain.close()


def test_the_empty_chain_of_a_writer_that_was_killed_before_it_was_registered_is_removed(folder: Path, make_page: Maker) -> None:
    EvidenceWriter(folder, "r1").close()
    archive = Archive(folder=folder)
    archive.chain("20260115T040000-00ff").touch()
    held = ChainFile(archive.chain("20260115T040001-00ff"))
    assert {fault.code for fault in verify(folder).faults} == {"unknown_file"}
    EvidenceWriter(folder, "next").close()
    assert list(archive.chains.glob("*-00ff.jsonl")) == [held.path]
    held.discard()
    assert verify(folder).ok


def test_a_chain_that_cannot_be_registered_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    EvidenceWriter(folder, "r1").close()
    before = sorted(folder.rglob("*"))

    def full(*_: object) -> None:
        raise EvidenceError("磁盘已满")

    monkeypatch.setattr(Archive, "enter", full)
    with pytest.raises(EvidenceError):
        EvidenceWriter(folder, "r2")
    assert sorted(folder.rglob("*")) == before
