"""What rule packs come to, kept on disk between runs: reading and compiling them was three of the five seconds of a command.

A file holds what one set of pack files has come to under one netpatrol: its name is a digest of both, so that none is ever
out of date. Reading one runs no code of its own: it can make the plain records of packs and nothing else. One that is
damaged or somebody else's is left alone and made anew; where none can be written, everything is compiled as before.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
import tempfile
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
_SUFFIX, _DIGEST = ".packs", 32


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
        built = _read(path)
        if built is not None:
            recall(built.packs.lexicons, built.slots)
            entries = {word: Entry(*rest) for word, rest in built.entries.items()}
            return Engine(built.packs, entries=entries)
        engine = Engine(load_packs(*folders))
        known = {word: (of.matchers, of.restored, of.splittable, of.doubtful) for word, of in engine.rules.entries.items()}
        _write(path, _Built(engine.packs, understood(engine.packs.lexicons), known))
    return engine


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


def _read(path: Path) -> _Built | None:
    """Return what a file holds; None where there is none of ours, or it is damaged."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_uid != os.geteuid():
                return None
            digest, payload = file.read(_DIGEST), file.read()
        if hashlib.blake2b(payload, digest_size=_DIGEST).digest() != digest:
            return None
        return _Built(*_Reader(io.BytesIO(payload)).load())
    except (OSError, pickle.UnpicklingError, TypeError):
        return None


def _write(path: Path, built: _Built) -> None:
    """Keep what was built, whole or not at all; a disk that is full or not ours is no fault."""
    payload = pickle.dumps(tuple(built), protocol=5)
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            temporary = file.name
            file.write(hashlib.blake2b(payload, digest_size=_DIGEST).digest() + payload)
        Path(temporary).replace(path)
        _forget_the_oldest(path.parent)
    except OSError:
        with suppress(OSError):
            Path(temporary).unlink()


def _forget_the_oldest(folder: Path) -> None:
    kept = sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[MOST:]:
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
