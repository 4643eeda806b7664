"""Engines of other versions of the packs: a Git revision or a folder."""

from __future__ import annotations

import io
import subprocess  # git itself is asked for the packs of a revision
import tarfile
import tempfile
from pathlib import Path

from netpatrol.detect.engine import Engine
from netpatrol.detect.model import PackSet
from netpatrol.detect.pack import RULES, load_packs
from netpatrol.errors import NetPatrolError


def engine_of(against: str) -> Engine:
    """Return the engine of a folder of packs, of a Git revision, or ("") of the built-in packs."""
    if not against:
        return Engine(load_packs(RULES))
    folder = Path(against)
    if folder.is_dir():
        whole = any("netpatrol.shared/" in path.read_text(encoding="utf-8")[:200] for path in folder.glob("*.yml"))
        return Engine(load_packs(folder) if whole else load_packs(RULES, folder))
    return Engine(_packs_of_revision(against))


def _packs_of_revision(revision: str) -> PackSet:
    if revision.startswith("-"):
        raise NetPatrolError(f"不是规则目录，也不是 Git 版本：{revision}")
    command = ["git", "archive", revision, "."]
    answer = subprocess.run(command, cwd=RULES, capture_output=True, check=False)  # noqa: S603
    if answer.returncode:
        raise NetPatrolError(f"不是规则目录，也不是 Git 版本：{revision}")
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(answer.stdout)) as archive:
        archive.extractall(folder, filter="data")
        return load_packs(folder)
