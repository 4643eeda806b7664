"""Reads tables, CSV or XLSX whatever their suffix says, row by row; hostile ones end in one clear error."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from netpatrol.errors import RegisterError


def read_table(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells) of a CSV or XLSX file, whatever its suffix says."""
    try:
        start = path.open("rb").read(4)
    except OSError as error:
        raise RegisterError(f"打不开：{error.strerror}", path=path) from error
    if start[:2] == b"PK":
        return _xlsx(path)
    if start == b"\xd0\xcf\x11\xe0":
        raise RegisterError("这是旧版 .xls 文件，请另存为 .xlsx 或 CSV 后再导入", path=path)
    return _csv(path, zipped=start[:2] == b"\x1f\x8b")


def _csv(path: Path, *, zipped: bool) -> Iterator[tuple[int, list[str]]]:
    raw = gzip.open(path, "rb") if zipped else path.open("rb")  # noqa: SIM115 - closed by the wrapper below
    encoding = _encoding(path, zipped=zipped)
    with io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as lines:
        reader = csv.reader(_without_nul(lines))
        while True:
            try:
                yield reader.line_num + 1, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise RegisterError(f"CSV 读不下去：{error}", path=path, row=reader.line_num) from error


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _encoding(path: Path, *, zipped: bool) -> str:
    """Return the encoding of a CSV file: BOM, UTF-8 if the whole file is, else GB 18030."""
    with gzip.open(path, "rb") if zipped else path.open("rb") as raw:
        head = raw.read(4)
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        raw.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := raw.read(1 << 20):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    import zipfile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError) as error:
        raise RegisterError(f"XLSX 打不开：{error}", path=path) from error
    sheet = book.worksheets[0]
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        yield number, ["" if cell is None else str(cell) for cell in row]
