"""Reads XLSX workbooks row by row; archives made to explode, foreign archives and encrypted files are refused."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from netpatrol.errors import RegisterError

MAX_UNPACKED = 3_000_000_000
MAX_STRINGS = 500_000_000
MAX_RATIO = 400
"""Unpacked size to packed size of a whole workbook; real registers reach 30."""
MAX_SHEETS = 100
MAX_MERGED = 200_000
_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_LONGEST_TAG = 200
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, OSError, EOFError, SyntaxError, AttributeError)
Row = tuple[int, "list[str] | RegisterError"]


class Sheet(NamedTuple):
    """One table of a file: the name of its sheet, "" for the only one, and its rows with their numbers."""

    name: str
    rows: Iterator[Row]


def read_workbook(path: Path) -> Iterator[Sheet]:
    """Yield the sheets with their rows, those that hold a table first; each is to be read before the next. Raises RegisterError."""
    import warnings

    _check_archive(path)
    import openpyxl

    try:
        with warnings.catch_warnings(), path.open("rb") as file:  # by file: a suffix is no matter
            warnings.simplefilter("ignore")  # styles and extensions that are no concern of ours
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            written = openpyxl.load_workbook(file, read_only=True) if _has_formulas(path) else None
            for sheet in _tables(book):
                if sheet.sheet_state == "visible":
                    yield Sheet(sheet.title, _rows(sheet, written, path))
                else:
                    yield Sheet(sheet.title, iter([(1, RegisterError("工作表是隐藏的，没有读", path=path))]))
            if len(book.worksheets) > MAX_SHEETS:
                yield Sheet("", iter([(1, RegisterError(f"工作表多于 {MAX_SHEETS} 张，其余没有读", path=path))]))
    except RegisterError:
        raise
    except _BROKEN as error:
        raise _broken(error, path) from error


def _rows(sheet: Any, written: Any, path: Path) -> Iterator[Row]:
    try:
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True)
        if written is not None:
            rows = _with_formulas(rows, written, sheet.title)
        for number, row in enumerate(_with_merged(rows, _merged(sheet, path)), 1):
            yield number, [_text(cell) for cell in row]
    except _BROKEN as error:
        raise _broken(error, path) from error


def _broken(error: Exception, path: Path) -> RegisterError:
    return RegisterError(f"XLSX 读不下去（文件损坏或不规范）：{error}", path=path)


def _merged(sheet: Any, path: Path) -> dict[int, list[tuple[int, int]]]:
    """Return what is merged over several rows of a sheet: first row -> last row and column of each stretch; from 1."""
    from openpyxl.utils import column_index_from_string

    found: dict[int, list[tuple[int, int]]] = {}
    with zipfile.ZipFile(path) as archive:
        stretches = (stretch for piece in _pieces(archive, sheet._worksheet_path) for stretch in _MERGED.findall(piece))
        kept = set(islice(stretches, MAX_MERGED))
    for left, top, _, bottom in kept:
        if int(bottom) > int(top):
            found.setdefault(int(top), []).append((int(bottom), column_index_from_string(left.decode())))
    return found


def _with_merged(rows: Iterator[tuple[Any, ...]], merged: dict[int, list[tuple[int, int]]]) -> Iterator[tuple[Any, ...]]:
    """Yield rows in which what is merged downwards is said of each row: 吊销 over three rows is said of three."""
    under: dict[int, tuple[int, Any]] = {}
    for number, row in enumerate(rows, 1):
        under = {at: (bottom, said) for at, (bottom, said) in under.items() if bottom >= number}
        if under:
            cells = [*row, *[None] * (max(under) - len(row))]
            for at, (_, said) in under.items():
                cells[at - 1] = said if cells[at - 1] is None else cells[at - 1]
            row = tuple(cells)
        under |= {at: (bottom, row[at - 1]) for bottom, at in merged.get(number, ()) if at <= len(row)}
        yield row


def _has_formulas(path: Path) -> bool:
    """Say whether a cell of any sheet is a formula."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(b"<f>" in piece or b"<f " in piece for name in sheets for piece in _pieces(archive, name))


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a sheet in pieces, for it may be large; each begins with the end of the one before, so that no tag is cut."""
    before = b""
    with archive.open(name) as file:
        while piece := file.read(1 << 20):
            yield before + piece
            before = piece[-_LONGEST_TAG:]


def _with_formulas(rows: Iterator[tuple[Any, ...]], book: Any, title: str) -> Iterator[tuple[Any, ...]]:
    """Yield rows in which a formula that was never calculated shows as written, so that its row is not taken for empty."""
    sheet = book[title]
    sheet.reset_dimensions()
    for shown, written in zip(rows, sheet.iter_rows(values_only=True), strict=True):
        yield tuple(as_written if value is None else value for value, as_written in zip(shown, written, strict=True))


def _tables(book: Any) -> list[Any]:
    """Return the sheets, those on which a table may stand first; hidden ones that hold nothing are left out."""
    sheets = book.worksheets[:MAX_SHEETS]
    for sheet in sheets:
        sheet.reset_dimensions()
    found = [sheet for sheet in sheets if sheet.sheet_state == "visible" or _holds(sheet, rows=1)]
    return sorted(found or sheets[:1], key=lambda sheet: not _holds(sheet, rows=2, within=20))


def _holds(sheet: Any, *, rows: int, within: int | None = None) -> bool:
    """Say whether so many of the rows of a sheet hold something."""
    filled = (row for row in sheet.iter_rows(values_only=True, max_row=within) if any(cell is not None for cell in row))
    return len(list(islice(filled, rows))) == rows


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            unpacked = sum(part.file_size for part in parts)
            packed = sum(part.compress_size for part in parts) or 1
            strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
            if unpacked > MAX_UNPACKED or strings > MAX_STRINGS or (unpacked > 20_000_000 and unpacked / packed > MAX_RATIO):
                raise RegisterError("压缩包展开后过大，疑为恶意文件，未打开", path=path)
            if "xl/workbook.xml" not in names:
                raise RegisterError("这个压缩包不是 XLSX 工作簿", path=path)
            for part in parts:
                if part.filename.endswith(".xml"):
                    with archive.open(part) as file:
                        if b"<!DOCTYPE" in file.read(2048):
                            raise RegisterError("工作簿里有外部实体定义，疑为恶意文件，未打开", path=path)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise RegisterError(f"XLSX 打不开（文件损坏或加了密码）：{error}", path=path) from error


def _text(cell: Any) -> str:
    """Return a cell as it reads: whole numbers without a fraction, days without a time."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)
