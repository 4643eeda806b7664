"""Publishing packs: validate, compile, self-test, then swap; whatever fails leaves the last good packs in place."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

from netpatrol.detect.engine import Engine
from netpatrol.detect.examples import run_examples
from netpatrol.detect.lint import lint
from netpatrol.detect.lock import LOCK, read_lock, write_lock
from netpatrol.detect.model import PackSet
from netpatrol.detect.pack import RULES, load_packs
from netpatrol.errors import NetPatrolError

_DONE_BY_THEN = 3600
"""Seconds after which nobody publishes any more what he began then."""


def faults_of(packs: PackSet, locked: Path, on: date) -> tuple[str, ...]:
    """Return everything that forbids publishing: grave complaints of lint and failed examples."""
    complaints = [str(complaint) for complaint in lint(packs, read_lock(RULES / LOCK, locked), on) if complaint.grave]
    engine = Engine(packs)
    failed = [
        f"{outcome.pack.path}:{outcome.example.line} {outcome.rule.id} {outcome.example.text}：{outcome.fault}"
        for outcome in run_examples(engine, on)
        if outcome.fault and outcome.kind != "pending"
    ]
    return (*complaints, *failed)


def publish_in_place(folder: Path, packs: PackSet) -> Path:
    """Write the lock of packs that lie where they are used; returns its path."""
    lock = folder / LOCK
    temporary = lock.with_name(f".{LOCK}.{os.getpid()}")
    write_lock(packs, temporary)
    os.replace(temporary, lock)
    return lock


def publish_to(source: Path, target: Path, packs: PackSet) -> Path | None:
    """Copy checked packs to the folder that patrols read, in one swap; return where the packs before stay (`<target>.previous`).

    NetPatrolError where either folder holds anything but packs: it is another's, and would be moved away or deleted.
    """
    target = Path(os.path.abspath(target))
    if not target.name:
        raise NetPatrolError(f"{target} 不能作规则目录，没有发布，原来的规则照旧；请换一个目录")
    previous = target.with_name(f"{target.name}.previous")
    for folder in (target, previous):
        _refuse_others(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    _clear_left(target)
    staged = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for path in sorted([*source.glob("*.yml"), *source.glob("*.yaml")]):
            shutil.copy2(path, staged / path.name)
        write_lock(packs, staged / LOCK)
        load_packs(staged) if (staged / "shared.yml").exists() else None
        staged.chmod(0o755)
        replaces = target.exists()
        if replaces:
            shutil.rmtree(previous, ignore_errors=True)
            target.rename(previous)
        staged.rename(target)
        return previous if replaces else None
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _clear_left(target: Path) -> None:
    """Remove what publishers that were killed have left beside a folder; one that is at work is younger."""
    for left in target.parent.glob(f".{glob.escape(target.name)}.????????"):
        if left.is_dir() and not left.is_symlink() and left.stat().st_mtime < time.time() - _DONE_BY_THEN:
            shutil.rmtree(left, ignore_errors=True)


def _refuse_others(folder: Path) -> None:
    """Raise NetPatrolError for a folder that is none, or that holds what publishing did not put there."""
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise NetPatrolError(f"{folder} 不是目录，没有发布，原来的规则照旧")
    others = sorted(path.name for path in folder.iterdir() if path.name != LOCK and path.suffix not in (".yml", ".yaml"))
    if others:
        raise NetPatrolError(f"{folder} 里有不是规则包的文件（{'、'.join(others[:3])}），没有发布，原来的规则照旧；请换一个目录")
