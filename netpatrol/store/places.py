"""Where netpatrol keeps its own files: one home folder, private to its owner."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from netpatrol.errors import StoreError, why


def home(environ: Mapping[str, str] | None = None) -> Path:
    """Return the home folder: `NETPATROL_HOME`, else the platform's user data folder. It need not exist."""
    environ = os.environ if environ is None else environ
    chosen = environ.get("NETPATROL_HOME", "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    data = environ.get("XDG_DATA_HOME", "").strip()
    return (Path(data) if data.startswith("/") else Path("~/.local/share").expanduser()) / "netpatrol"


def cache() -> Path:
    """Return the folder of what can be made anew at any time: the platform's user cache folder. It need not exist."""
    given = os.environ.get("XDG_CACHE_HOME", "").strip()
    return (Path(given) if given.startswith("/") else Path("~/.cache").expanduser()) / "netpatrol"


def mongo_uri(environ: Mapping[str, str] | None = None) -> str:
    """Return `MONGO_URI`, or "" where the embedded server is meant."""
    return (os.environ if environ is None else environ).get("MONGO_URI", "").strip()


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner may enter, and return it; StoreError where that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(f"无法使用文件夹 {path}：{why(error)}（cannot use this folder）") from error
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise StoreError(f"文件夹 {path} 不可写，请检查所有者或设置 NETPATROL_HOME（folder is not writable）")
    return path


def database_folder(home: Path) -> Path:
    """Return the folder of the embedded server."""
    return home / "db"


def evidence_folder(home: Path) -> Path:
    """Return the folder of the evidence archive."""
    return home / "evidence"


def spool_folder(home: Path) -> Path:
    """Return the folder of what waits for the database to come back."""
    return home / "spool"
