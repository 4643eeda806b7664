"""Writes versions of the register: all of a version or nothing, the old one whole until the new one is in force."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from netpatrol.entities.automaton import NameFinder
from netpatrol.entities.entity import Entity
from netpatrol.entities.flat import save_table
from netpatrol.entities.register import FORMAT, Indexer, MappedRows, Register, decode, encode
from netpatrol.errors import RegisterError, why
from netpatrol.lasting import is_alive, write_whole

KEPT_VERSIONS = 3
Progress = Callable[[str], None]


def publish(
    entities: Iterable[Entity],
    home: Path,
    meta: dict[str, Any] | None = None,
    progress: Progress = lambda _: None,
    *,
    before_switch: Progress = lambda _: None,
) -> Register:
    """Write a version of these entities and put it in force; raises RegisterError where there is no room for it.

    `before_switch` is called with the name of the version when all of it is written and the old one still in force.
    """
    folder = home / "register"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        partial = Path(tempfile.mkdtemp(prefix="partial-", dir=folder))
        try:
            version = _write(entities, partial, meta or {}, progress)
            _put_in_place(partial, folder / version)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        before_switch(version)
        _point(folder, version)
        _forget_old(folder, version)
    except OSError as error:
        raise RegisterError(f"主体库写不进去，原有主体库未动：{why(error)}", path=folder) from error
    register = Register.load(home)
    assert register is not None
    return register


def _write(entities: Iterable[Entity], folder: Path, meta: dict[str, Any], progress: Progress) -> str:
    """Write all files of a version; return its name, the digest of its rows."""
    (folder / "owner").write_text(str(os.getpid()), "utf-8")
    digest, starts = hashlib.sha256(b"register %d\n" % FORMAT), array("q", [0])
    with (folder / "rows.bin").open("wb") as out:
        for entity in entities:
            row = encode(entity)
            out.write(row)
            digest.update(row + b"\n")
            starts.append(starts[-1] + len(row))
            if len(starts) % 50_000 == 0:
                progress(f"已写入 {len(starts):,} 个主体")
        out.flush()
        os.fsync(out.fileno())
    _save_starts(folder, "rows", starts)
    rows = MappedRows(folder)
    _write_indexes(folder, _reported(rows, progress))
    progress("正在建立名称自动机")
    names = MappedRows(folder, "names")
    NameFinder.build((names[row].decode(), row) for row in range(len(names))).save(folder)
    known = {"format": FORMAT, "entities": len(rows), **meta}
    (folder / "meta.json").write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")
    return digest.hexdigest()[:16]


def _write_indexes(folder: Path, entities: Iterable[Entity]) -> None:
    """Write folded names, the tables of all keys and the index of pairs."""
    indexer, starts = Indexer(), array("q", [0])
    with (folder / "names.bin").open("wb") as out:
        for entity in entities:
            starts.append(starts[-1] + out.write(indexer.add(entity)))
    _save_starts(folder, "names", starts)
    for kind, table in indexer.tables():
        save_table(table, folder, kind)
    indexer.grams().save(folder)


def _save_starts(folder: Path, name: str, starts: array[int]) -> None:
    np.save(folder / f"{name}.starts.npy", np.frombuffer(starts, dtype=np.int64))


def _reported(rows: MappedRows, progress: Progress) -> Iterator[Entity]:
    for row in range(len(rows)):
        if row and row % 50_000 == 0:
            progress(f"已建索引 {row:,} / {len(rows):,}")
        yield decode(rows[row])


def _put_in_place(partial: Path, target: Path) -> None:
    for file in partial.iterdir():
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
    if _is_whole(partial, target):
        shutil.copyfile(partial / "meta.json", target / "meta.json.partial")
        (target / "meta.json.partial").replace(target / "meta.json")
        return  # the same rows once more
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)


def _is_whole(partial: Path, target: Path) -> bool:
    """Say whether a version of the same rows lies there undamaged."""
    sizes = {
        file.name: file.stat().st_size for file in partial.iterdir() if file.suffix in (".npy", ".bin", ".automaton")
    }
    return all((target / name).exists() and (target / name).stat().st_size == size for name, size in sizes.items())


def _point(folder: Path, version: str) -> None:
    write_whole(folder / "current", version.encode())


def _versions(folder: Path) -> list[Path]:
    found = [path for path in folder.iterdir() if path.is_dir() and (path / "meta.json").exists()]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def _forget_old(folder: Path, current: str) -> None:
    """Remove versions that nobody has loaded anew for some imports; who has one mapped keeps it."""
    for path in [path for path in _versions(folder) if path.name != current][KEPT_VERSIONS - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what imports that were stopped half way left behind."""
    for path in folder.glob("partial-*"):
        owner = path / "owner"
        if not owner.exists() or not is_alive(owner.read_text("utf-8")):
            shutil.rmtree(path, ignore_errors=True)
