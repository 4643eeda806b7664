"""Reads XLSX workbooks row by row; archives made to explode, foreign archives and encrypted files are refused."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from netpatrol.errors import RegisterError

MAX_UNPACKED = 3_000_000_000
MAX_STRINGS = 500_000_000
MAX_RATIO = 400
"""Unpacked size to packed size of a whole workbook; real registers reach 30."""
MAX_SHEETS_TRIED = 20


def read_workbook(path: Path) -> Iterator[tuple[int, list[str] | RegisterError]]:
    """Yield (row number, cells) of the first sheet that holds more than one row. Raises RegisterError."""
    import warnings

    _check_archive(path)
    import openpyxl

    try:
        with warnings.catch_warnings(), path.open("rb") as file:  # by file: a suffix is no matter
            warnings.simplefilter("ignore")  # styles and extensions that are no concern of ours
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            sheet = _sheet(book)
            sheet.reset_dimensions()
            rows = sheet.iter_rows(values_only=True)
            if _has_formulas(path):
                rows = _with_formulas(rows, openpyxl.load_workbook(file, read_only=True), sheet.title)
            for number, row in enumerate(rows, 1):
                yield number, [_text(cell) for cell in row]
    except RegisterError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        EOFError,
        SyntaxError,
        AttributeError,
    ) as error:
        raise RegisterError(f"XLSX 读不下去（文件损坏或不规范）：{error}", path=path) from error


def _has_formulas(path: Path) -> bool:
    """Say whether a cell of any sheet is a formula; sheets are read in pieces, for they may be large."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as file:
                    before = b""
                    while piece := file.read(1 << 20):
                        if b"<f>" in before + piece or b"<f " in before + piece:
                            return True
                        before = piece[-2:]
    return False


def _with_formulas(rows: Iterator[tuple[Any, ...]], book: Any, title: str) -> Iterator[tuple[Any, ...]]:
    """Yield rows in which a formula that was never calculated shows as written, so that its row is not taken for empty."""
    sheet = book[title]
    sheet.reset_dimensions()
    for shown, written in zip(rows, sheet.iter_rows(values_only=True), strict=True):
        yield tuple(as_written if value is None else value for value, as_written in zip(shown, written, strict=True))


def _sheet(book: Any) -> Any:
    for sheet in book.worksheets[:MAX_SHEETS_TRIED]:
        sheet.reset_dimensions()
        filled = 0
        for row in sheet.iter_rows(values_only=True, max_row=20):
            filled += any(cell is not None for cell in row)
            if filled > 1:
                return sheet
    return book.worksheets[0]


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
