"""The id of an archive: made once, kept in the folder and in the register, and named by each reference."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from netpatrol.evidence.archive import Archive, ElsewhereError
from netpatrol.evidence.reading import captures, read_capture
from netpatrol.evidence.verify import verify
from netpatrol.evidence.writer import EvidenceWriter
from netpatrol.items import EvidenceRef, PageItem

Kept = tuple[Path, tuple[EvidenceRef, ...]]


def test_the_id_is_made_once_and_named_by_every_capture(archive: Kept, make_page: Callable[..., PageItem]) -> None:
    folder, refs = archive
    with EvidenceWriter(folder, "r2") as writer:
        later = writer.preserve(make_page(9))
    ids = {ref.archive for ref in (*refs, later)}
    assert ids == {Archive(folder=folder).archive_id} == set(Archive(folder=folder).registered_ids())
    assert {ref.archive for ref, _ in captures(folder)} == ids
    assert len(ids.pop()) == 16


def test_two_archives_have_two_ids(archive: Kept, tmp_path: Path) -> None:
    with EvidenceWriter(tmp_path / "other", "r1") as other:
        assert other.archive_id != archive[1][0].archive


def test_a_capture_of_another_archive_is_not_looked_for_here(archive: Kept) -> None:
    folder, refs = archive
    with pytest.raises(ElsewhereError, match="0123456789abcdef"):
        read_capture(folder, replace(refs[0], archive="0123456789abcdef"))
    assert read_capture(folder, replace(refs[0], archive="")).url == refs[0].url  # kept before archives had ids


@pytest.mark.parametrize("change", ["removed", "changed"])
def test_an_id_that_was_meddled_with_is_found_and_mended(archive: Kept, change: str) -> None:
    folder, refs = archive
    path = Archive(folder=folder).id_file
    if change == "removed":
        path.unlink()
    else:
        path.write_text("0123456789abcdef\n", "ascii")
    assert [fault.where for fault in verify(folder, refs).faults] == ["archive.id"]
    with EvidenceWriter(folder, "r2") as writer:
        assert writer.archive_id == refs[0].archive
    assert verify(folder, refs).ok


def test_an_archive_without_an_id_holds_and_gets_one(archive: Kept) -> None:
    folder, _ = archive
    Archive(folder=folder).id_file.unlink()
    register = Archive(folder=folder).register
    register.unlink()
    register.with_suffix(".head").unlink()
    for name in sorted(path.stem for path in folder.glob("chains/*.jsonl")):  # as versions without ids entered them
        head = json.loads(folder.joinpath(f"chains/{name}.head").read_bytes())
        Archive(folder=folder).enter({"type": "open", "chain": name})
        Archive(folder=folder).enter({"type": "close", "chain": name, **head})
    assert verify(folder).ok
    with EvidenceWriter(folder, "r2") as writer:
        assert writer.archive_id
    assert verify(folder).ok
