"""Register exports -> entities: all files, newer rows over older ones, refused rows listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from netpatrol.entities.entity import Entity
from netpatrol.entities.rows import make_entity, map_columns
from netpatrol.entities.tables import read_table
from netpatrol.errors import RegisterError


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What came of an import: entities, rows read, rows superseded by a newer one, and the refused rows."""

    entities: tuple[Entity, ...]
    rows: int
    superseded: int
    refused: tuple[RegisterError, ...]
    columns: dict[str, str]


def read_register(paths: Sequence[Path]) -> ImportReport:
    """Read exports into entities. Raises RegisterError for a file that cannot be read at all."""
    newest: dict[str, tuple[str, Entity]] = {}
    refused: list[RegisterError] = []
    rows = superseded = 0
    columns: dict[str, str] = {}
    for path in paths:
        table = read_table(path)
        header = next(table, None)
        if header is None:
            raise RegisterError("文件是空的", path=path)
        mapping = map_columns(header[1], path)
        columns.update({field: header[1][index] for field, index in mapping.items()})
        for number, cells in table:
            if not any(cell.strip() for cell in cells):
                continue
            rows += 1
            try:
                entity = make_entity(mapping, cells, path, number)
            except RegisterError as error:
                refused.append(error)
                continue
            key = entity.uscc or entity.reg_no or entity.entity_id
            held = newest.get(key)
            superseded += held is not None
            if held is None or entity.approved >= held[0]:
                newest[key] = (entity.approved, entity)
    return ImportReport(
        entities=tuple(entity for _, entity in newest.values()),
        rows=rows,
        superseded=superseded,
        refused=tuple(refused),
        columns=columns,
    )
