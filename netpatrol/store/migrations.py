"""Steps from one schema version to the next. Each may be repeated, and may be cut short at any point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pymongo.database import Database

# Version -> what brings the documents of the version before to it. Version 1 is the first.
MIGRATIONS: Mapping[int, Callable[[Database[dict[str, Any]]], None]] = {}
