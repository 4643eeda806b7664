from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from netpatrol.errors import EvidenceError, NetPatrolError
from netpatrol.evidence.package import pack
from netpatrol.evidence.reading import captures
from netpatrol.items import EvidenceRef

Archive = tuple[Path, tuple[EvidenceRef, ...]]


def test_a_package_holds_records_manifests_summary_and_digests(archive: Archive, tmp_path: Path) -> None:
    folder, refs = archive
    found = list(captures(folder))[1:3]
    with zipfile.ZipFile(pack(folder, found, tmp_path / "case.zip", "案件 1")) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    for line in files.pop("sha256sums.txt").decode().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest
    manifest = files[f"{refs[1].evidence_id}.manifest.json"]
    assert hashlib.sha256(manifest).hexdigest() == refs[1].manifest_sha256
    records = ArchiveIterator(BytesIO(files[f"{refs[1].evidence_id}.warc.gz"]))
    assert [record.rec_type for record in records] == ["request", "response"]
    assert "2026-01-15 12:00:00（北京时间）" in files["说明.txt"].decode()


def test_what_was_changed_is_not_handed_out(archive: Archive, tmp_path: Path) -> None:
    folder, refs = archive
    path = folder / refs[0].warc_file
    data = bytearray(path.read_bytes())
    data[refs[1].warc_offset + 30] ^= 1
    path.write_bytes(data)
    with pytest.raises(EvidenceError, match="已被改动"):
        pack(folder, list(captures(folder)), tmp_path / "case.zip", "案件 1")
    assert not (tmp_path / "case.zip").exists()


def test_nothing_is_overwritten(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "case.zip").write_bytes(b"mine")
    with pytest.raises(NetPatrolError, match="已存在") as raised:
        pack(archive[0], list(captures(archive[0])), tmp_path / "case.zip", "案件 1")
    assert raised.value.exit_code == 2
    assert (tmp_path / "case.zip").read_bytes() == b"mine"
