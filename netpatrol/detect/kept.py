"""What rule packs come to, kept on disk between runs: reading and compiling them was three of the five seconds of a command.

A file holds what one set of pack files has come to under one netpatrol: its name is a digest of both, so that none is ever
out of date, and stands in its seal, so that none is another's. Reading one runs no code of its own: it can make the plain
records of packs and nothing else. One that is damaged is left alone and made anew; a folder that others may write to is not
used; where none can be written, everything is compiled as before.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from netpatrol import items
from netpatrol.detect import model
from netpatrol.detect.collector import paused
from netpatrol.detect.engine import Engine
from netpatrol.detect.lock import LOCK
from netpatrol.detect.model import PackSet
from netpatrol.detect.pack import RULES, load_packs, pack_paths
from netpatrol.detect.scan import Entry
from netpatrol.detect.types.slot import Understood, recall, understood

MOST = 6
"""Files kept: an analyst makes a new one with each change."""
_PROGRAM = RULES.parent
_READ_BY_IT = ("items.py", "detect/**/*.py", "text/**/*.py", "data/*")
_SUFFIX, _UNFINISHED, _SEAL = ".packs", ".new-", 32
_LARGEST = 64_000_000  # bytes; ours have 7 million
_WRITTEN_BY_THEN = 3600  # seconds


class _Built(NamedTuple):
    packs: PackSet
    slots: dict[str, Understood]
    entries: dict[str, tuple[tuple[int, ...], str, bool, bool]]


def kept_engine(folders: Iterable[Path], keep: Path | None) -> Engine:
    """Return an engine of the packs in these folders, by what is kept of them in the folder `keep`, else made and kept there.

    None keeps nothing. Raises PackErrors as `load_packs` does.
    """
    folders = tuple(folders)
    name = _name(folders) if keep is not None else ""
    if keep is None or not name:
        return Engine(load_packs(*folders))
    path = keep / f"{name}{_SUFFIX}"
    with paused():
        engine = _recalled(path, name)
        if engine is None:
            engine = Engine(load_packs(*folders))
            if _name(folders) == name:  # else what was loaded is not what was named: somebody edited meanwhile
                known = {word: (of.matchers, of.restored, of.splittable, of.doubtful) for word, of in engine.rules.entries.items()}
                _write(path, name, _Built(engine.packs, understood(engine.packs.lexicons), known))
    return engine


def _recalled(path: Path, name: str) -> Engine | None:
    """Return the engine that a file holds; None where there is none of ours, or it is damaged in whatever way."""
    try:
        built = _read(path, name)
        if built is None:
            return None
        recall(built.packs.lexicons, built.slots)
        return Engine(built.packs, entries={word: Entry(*rest) for word, rest in built.entries.items()})
    except Exception:  # what may be wrong with a file knows no list, and all of it can be made anew
        return None


def _name(folders: tuple[Path, ...]) -> str:
    """Return the digest of these packs and of the program that reads them; "" where that cannot be told."""
    digest = hashlib.blake2b(sys.version.encode(), digest_size=20)
    if not all(folder.is_dir() and pack_paths(folder) for folder in folders):
        return ""  # `load_packs` says what is wrong
    try:
        for path in _files(folders):
            if not path.is_file():  # a pipe would never end; `load_packs` says what is wrong
                return ""
            content = path.read_bytes()
            digest.update(f"\0{path}\0{len(content)}\0".encode(errors="surrogateescape"))
            digest.update(content)
    except OSError:
        return ""
    return digest.hexdigest()


def _files(folders: tuple[Path, ...]) -> Iterator[Path]:
    for pattern in _READ_BY_IT:
        yield from sorted(path for path in _PROGRAM.glob(pattern) if path.is_file())
    yield RULES / LOCK
    for folder in folders:
        yield from pack_paths(folder.absolute())


def _read(path: Path, name: str) -> _Built | None:
    """Return what a file holds; None where it is not the one that we wrote under this name. Raises whatever damage causes."""
    if not _is_ours_alone(path.parent):
        return None
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # a pipe would be waited for
        about = os.fstat(file.fileno())
        if about.st_uid != os.geteuid() or not stat.S_ISREG(about.st_mode) or about.st_size > _LARGEST:
            return None
        seal, payload = file.read(_SEAL), file.read()
    if _seal(name, payload) != seal:
        return None
    return _Built(*_Reader(io.BytesIO(payload)).load())


def _seal(name: str, payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=_SEAL, key=name.encode()).digest()


def _is_ours_alone(folder: Path) -> bool:
    """Whether nobody else may put files into a folder, or rename those in it."""
    about = folder.stat()
    return about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _write(path: Path, name: str, built: _Built) -> None:
    """Keep what was built, whole or not at all; a disk that is full or not ours is no fault."""
    payload = pickle.dumps(tuple(built), protocol=5)
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _is_ours_alone(path.parent):
            return
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_UNFINISHED, delete=False) as file:
            temporary = file.name
            file.write(_seal(name, payload) + payload)
        Path(temporary).replace(path)
        _forget_the_oldest(path.parent)
    except OSError:
        with suppress(OSError):
            Path(temporary).unlink()


def _forget_the_oldest(folder: Path) -> None:
    """Remove what is over the number kept, and what writers that were killed have left."""
    kept = sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
    left = [path for path in folder.glob(f"{_UNFINISHED}*") if path.stat().st_mtime < time.time() - _WRITTEN_BY_THEN]
    for path in kept[MOST:] + left:
        path.unlink(missing_ok=True)


def _records() -> Iterator[type]:
    """Yield the classes that packs are made of."""
    yield date
    yield Understood
    for module in (model, items):
        for value in vars(module).values():
            if isinstance(value, type) and (is_dataclass(value) or issubclass(value, Enum)):
                yield value


class _Reader(pickle.Unpickler):
    """Makes the records of packs, and nothing else whatever a file asks for."""

    _MAKES: ClassVar = {(made.__module__, made.__qualname__): made for made in _records()}

    def find_class(self, module: str, name: str) -> Any:
        """Return a class of the list; UnpicklingError for anything else."""
        found = self._MAKES.get((module, name))
        if found is None:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a pack")
        return found
