"""Reads captures back: our own by reference, for rescans and export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from netpatrol.errors import EvidenceError, why
from netpatrol.evidence.archive import Archive, chain_states, need_here
from netpatrol.evidence.chain import read_lines, sha256
from netpatrol.evidence.manifest import page_fields, reference
from netpatrol.items import EvidenceRef, PageItem, Rendered


def captures(folder: Path) -> Iterator[tuple[EvidenceRef, dict[str, Any]]]:
    """Yield (reference, manifest) of each capture of an archive, chain by chain, oldest first."""
    archive = Archive(folder=folder)
    archive_id = archive.archive_id
    for name in sorted(chain_states(archive)):
        for line in read_lines(archive.chain(name))[0]:
            try:
                entry = json.loads(line)
                if entry["type"] == "capture":
                    yield reference(entry, sha256(line), archive_id), entry
            except (ValueError, KeyError, TypeError):
                continue  # `verify` names what is damaged


def find_manifest(folder: Path, ref: EvidenceRef) -> dict[str, Any]:
    """Return the manifest of a capture; EvidenceError where it is gone or changed, ElsewhereError where it never was here."""
    need_here(Archive(folder=folder), ref)
    name = Path(ref.warc_file).name.rpartition("-")[0]
    path = Archive(folder=folder).chain(name)
    try:
        status = path.stat()
        offset, length = _places(path, status.st_size, status.st_mtime_ns)[ref.manifest_sha256]
        with path.open("rb") as file:
            file.seek(offset)
            found: dict[str, Any] = json.loads(file.read(length))
            return found
    except (OSError, KeyError, ValueError) as error:
        raise EvidenceError(
            f"固证 {ref.evidence_id} 的清单不在固证链 {name} 中（manifest is not in its chain）"
        ) from error


@lru_cache(maxsize=8)
def _places(path: Path, size: int, changed: int) -> dict[str, tuple[int, int]]:
    """Return where in a chain file, as it stands now, each manifest lies, by its digest."""
    places, offset = {}, 0
    for line in read_lines(path)[0]:
        places[sha256(line)] = (offset, len(line))
        offset += len(line) + 1
    return places


def read_capture(folder: Path, ref: EvidenceRef) -> PageItem:
    """Return the page of a capture with its raw bytes; EvidenceError where they are gone or changed."""
    return read_entry(folder, find_manifest(folder, ref))


def read_entry(folder: Path, entry: dict[str, Any]) -> PageItem:
    """Return the page that a manifest describes; its digest is checked first."""
    parts = _parts(sound_record(folder, entry))
    body = parts.get("response", b"")
    if sha256(body) != entry["body_sha256"]:
        raise EvidenceError(f"{entry['url']} 的正文与清单摘要不符（body differs from its digest）")
    page = PageItem(**page_fields(entry), body=body)
    if "rendered" not in entry:
        return page
    html = parts.get("conversion", b"").decode("utf-8", "replace")
    engine = str(entry["rendered"]["engine"])
    return replace(page, rendered=Rendered(html=html, screenshot=parts.get("resource", b""), engine=engine))


def sound_record(folder: Path, entry: dict[str, Any]) -> bytes:
    """Return the raw records of a capture; EvidenceError where they are gone or changed."""
    data = record_bytes(folder, entry)
    if sha256(data) != entry["warc_sha256"]:
        raise EvidenceError(f"{entry['warc_file']} 第 {entry['warc_offset']} 字节处的记录已被改动（record was changed）")
    return data


def record_bytes(folder: Path, entry: dict[str, Any]) -> bytes:
    """Return the raw records of a capture, as they lie in the file."""
    path = Archive(folder=folder).warc(str(entry["warc_file"]))
    try:
        with path.open("rb") as file:
            file.seek(int(entry["warc_offset"]))
            return file.read(int(entry["warc_length"]))
    except OSError as error:
        raise EvidenceError(f"固证文件 {path} 读不到：{why(error)}（cannot read evidence file）") from error


def _parts(data: bytes) -> dict[str, bytes]:
    from io import BytesIO

    from warcio.archiveiterator import ArchiveIterator

    return {record.rec_type: record.content_stream().read() for record in ArchiveIterator(BytesIO(data))}
