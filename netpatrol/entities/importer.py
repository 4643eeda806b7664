"""Register exports -> entities: all files, newer rows over older ones, duplicates joined, refused rows listed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from netpatrol.entities.columns import HEADER_SEARCHED, find_header, is_header_again
from netpatrol.entities.rows import make_entity
from netpatrol.entities.staging import Staging
from netpatrol.entities.tables import read_tables, refuse_streams
from netpatrol.entities.unread import holds_code, who_is_among, who_is_on
from netpatrol.entities.workbooks import Row
from netpatrol.errors import RegisterError, why

REFUSED_KEPT, NAMED_KEPT = 10_000, 500_000
EVERY = 50_000
_NO_HEADER = "没有认出表头，这张工作表没有读"
_FEWEST = 3
"""Filled cells of a row that belongs to a table."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that was imported: its name, digest, rows."""

    name: str
    sha256: str
    rows: int


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What came of reading exports: entities, rows read, and the refused rows.

    `refused` holds the first of them, `refused_rows` counts all; `columns` is field -> header, of all files. `named` are the
    codes and folded names on refused rows and in notes, `unnamed` counts what does not say whom it is about: sheets, rows that
    nobody can read or that name nobody.
    """

    entities: Staging
    rows: int = 0
    refused_rows: int = 0
    refused: list[RegisterError] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    unnamed: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    files: list[SourceFile] = field(default_factory=list)

    @property
    def superseded(self) -> int:
        """Return how many rows gave way to a newer one, or joined another's entity."""
        len(self.entities)
        return self.entities.superseded


def read_register(paths: Sequence[Path], progress: Progress = lambda _: None) -> ImportReport:
    """Read exports into entities; memory stays flat. Raises RegisterError for a file that cannot be read at all."""
    report = ImportReport(entities=Staging())
    for path in paths:
        before = report.rows
        digest = _digest(path)
        report.entities.sources.append(path.name)
        _read_file(path, report, progress)
        report.files.append(SourceFile(name=path.name, sha256=digest, rows=report.rows - before))
    return report


def _digest(path: Path) -> str:
    try:
        refuse_streams(path)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise RegisterError(f"打不开：{why(error)}", path=path) from error


def _read_file(path: Path, report: ImportReport, progress: Progress) -> None:
    """Read all tables of a file. A sheet whose header nobody knows is a note, or told as not read; one at least must be known."""
    has_one, wrong = False, None
    for name, rows in read_tables(path):
        first = list(islice(rows, HEADER_SEARCHED))
        readable = [(number, cells) for number, cells in first if not isinstance(cells, RegisterError)]
        place = f"{path} 工作表“{name}”"
        try:
            found = find_header(readable, path)
        except RegisterError as error:
            wrong = wrong or error
            _pass_over(first, rows, place, report)
            continue
        below = readable[found[0] - 1][0]
        _note_above([row for row in first if row[0] < below], place if has_one else path, report)
        _read_rows(chain((row for row in first if row[0] > below), rows), found, place if has_one else path, report, progress)
        has_one = True
    if wrong is not None and not has_one:
        raise wrong


def _pass_over(first: list[Row], rows: Iterator[Row], place: str, report: ImportReport) -> None:
    """Pass over a sheet whose header nobody knows: told as not read, or mere notes; who stands in notes has not left either."""
    why = _why_unread(first) or _note_all(chain(first, rows), report)
    if why:
        _refuse(report, RegisterError(why, path=place))
        report.unnamed += 1


def _why_unread(first: list[Row]) -> str:
    """Return why a sheet was not read, "" where its first rows are none of a table."""
    wrong = [cells for _, cells in first if isinstance(cells, RegisterError)]
    if wrong:
        return wrong[0].message
    filled = [sum(map(bool, map(str.strip, cells))) for _, cells in first if not isinstance(cells, RegisterError)]
    return _NO_HEADER if sum(cells >= _FEWEST for cells in filled) > 1 else ""


def _note_all(rows: Iterator[Row], report: ImportReport) -> str:
    """Note who stands on a sheet; return why it was not read once a cell is a code, two rows hold one, or it is too much."""
    holding = 0
    for _, cells in rows:
        if isinstance(cells, RegisterError):
            return cells.message
        who, codes = who_is_among(cells)
        holding += holds_code(cells)
        report.named |= who
        if codes or holding > 1 or len(report.named) > NAMED_KEPT:
            return _NO_HEADER
    return ""


def _note_above(rows: list[Row], place: Path | str, report: ImportReport) -> None:
    """Note who stands above a header: titles, mostly; a row with a code is told as not read."""
    for number, cells in rows:
        who, codes = (set[str](), 1) if isinstance(cells, RegisterError) else who_is_among(cells)
        report.named |= who
        if codes:
            _refuse(report, RegisterError("在表头上面，没有读", path=place, row=number))
            report.unnamed += not who


def _refuse(report: ImportReport, *errors: RegisterError) -> None:
    report.refused_rows += len(errors)
    report.refused.extend(errors[: max(0, REFUSED_KEPT - len(report.refused))])


def _read_rows(
    rows: Iterator[Row], found: tuple[int, list[str], dict[str, int]], place: Path | str, report: ImportReport, progress: Progress
) -> None:
    _, header, mapping = found
    report.columns.update({name: header[at].strip() for name, at in mapping.items()})
    number = len(report.entities.sources) - 1
    for row, cells in _data(rows, header, mapping):
        report.rows += 1
        try:
            if isinstance(cells, RegisterError):
                raise cells
            report.entities.add(make_entity(mapping, cells, place, row), number, row)
        except RegisterError as error:
            _refuse(report, error)
            _note_who(report, cells, mapping)
        if report.rows % EVERY == 0:
            progress(f"{report.entities.sources[-1]}：已读 {report.rows:,} 行，未收 {report.refused_rows:,} 行")


def _note_who(report: ImportReport, row: list[str] | RegisterError, mapping: dict[str, int]) -> None:
    """Note whom a refused row is about: who stands in a file, readable or not, has not left the register."""
    who, is_unknown = (set[str](), True) if isinstance(row, RegisterError) else who_is_on(mapping, row)
    has_room = len(report.named) < NAMED_KEPT
    if has_room:
        report.named |= who
    report.unnamed += is_unknown or (bool(who) and not has_room)


def _data(rows: Iterator[Row], header: list[str], mapping: dict[str, int]) -> Iterator[Row]:
    """Yield rows that hold something and are no header once more."""
    for number, cells in rows:
        if isinstance(cells, RegisterError) or (
            any(cell.strip() for cell in cells) and not is_header_again(cells, header, mapping)
        ):
            yield number, cells
