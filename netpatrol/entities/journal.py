"""An import's record survives a kill: all of it is on disk before its version is in force, and put in its place after that.

Under `NETPATROL_HOME/register/`: `import.pending.json`, the line of the log that is still to be written. Whoever comes next
puts the record in its place if the version in force is the record's, else drops it. To be called under the import lock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netpatrol.entities.history import drop_changes, imports, keep_changes, log_import
from netpatrol.lasting import write_whole

PENDING = "import.pending.json"


def is_pending(home: Path) -> bool:
    """Say whether an import was broken off between its new version and its record."""
    return (home / "register" / PENDING).exists()


def prepare(home: Path, entry: Mapping[str, Any]) -> None:
    """Put the line of the log on disk, the changes being there already: from here on the switch decides."""
    write_whole(home / "register" / PENDING, json.dumps(entry, ensure_ascii=False).encode())


def settle(home: Path) -> None:
    """Finish the record of an import whose version is in force, drop that of one whose version is not. Can be repeated."""
    path = home / "register" / PENDING
    try:
        entry = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return
    except ValueError:  # a disk that lost what it was given
        path.unlink()
        return
    if entry["version"] == _in_force(home):
        keep_changes(home, entry["number"])
        if all(one["number"] != entry["number"] for one in imports(home)):
            log_import(home, entry)
    else:
        drop_changes(home, entry["number"])
    path.unlink()


def _in_force(home: Path) -> str:
    try:
        return (home / "register" / "current").read_text("utf-8").strip()
    except FileNotFoundError:
        return ""
