"""Reads tables row by row, CSV or XLSX whatever their suffix says; memory stays flat, hostile files end in one error.

A row that cannot be read comes as a RegisterError in its place, so that the rows after it still count.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import stat
import zlib
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from netpatrol.entities.workbooks import Row, Sheet, read_workbook
from netpatrol.errors import RegisterError, why

MAX_LINE = 2_000_000
"""Characters of one line; a longer one is refused, not held."""
MAX_RECORD_LINES = 60
"""A quoted cell over more lines than this is a quotation mark that was never closed."""
MAX_BYTES = 20_000_000_000
_DELIMITERS = ("\t", ",", ";", "|", "，")


def read_table(path: Path) -> Iterator[Row]:
    """Yield (row number, cells or what is wrong with the row) of a file, or of the first sheet of a workbook that holds a
    table. Raises RegisterError where the file is none.
    """
    return next(iter(read_tables(path))).rows


def read_tables(path: Path) -> Iterator[Sheet]:
    """Return the tables of a file: one, or those of the sheets of a workbook; each is to be read before the next.

    Raises RegisterError where the file is no table.
    """
    try:
        refuse_streams(path)
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise RegisterError(f"打不开：{why(error)}", path=path) from error
    if not start.strip():
        raise RegisterError("文件是空的", path=path)
    if start[:2] == b"PK":
        return read_workbook(path)
    if start[:4] == b"\xd0\xcf\x11\xe0":
        raise RegisterError("这是旧版 .xls 或加了密码的工作簿，请另存为不带密码的 .xlsx 或 CSV 后再导入", path=path)
    if start.lstrip()[:1] == b"<":
        raise RegisterError("这是网页或 XML（有的系统把它存成 .xls），请用表格软件打开后另存为 CSV", path=path)
    if start[:4] == b"%PDF" or start[:3] == b"\xff\xd8\xff" or start[:4] == b"\x89PNG":
        raise RegisterError("这不是表格文件", path=path)
    return iter([Sheet("", _csv(path, zipped=start[:2] == b"\x1f\x8b"))])


def refuse_streams(path: Path) -> None:
    """Refuse what cannot be read twice, or never ends: pipes and devices."""
    kind = path.stat().st_mode
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
        raise RegisterError("是管道或设备，请先存成文件", path=path)


def _csv(path: Path, *, zipped: bool) -> Iterator[Row]:
    try:
        encoding = _encoding(path, zipped=zipped)
        with io.TextIOWrapper(_open(path, zipped=zipped), encoding=encoding, errors="replace", newline=None) as lines:
            yield from _records(path, lines)
    except (OSError, EOFError, zlib.error) as error:
        raise RegisterError(f"读到一半读不下去（文件不完整或已损坏）：{why(error)}", path=path) from error


def _open(path: Path, *, zipped: bool) -> IO[bytes]:
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]


def _records(path: Path, lines: io.TextIOWrapper) -> Iterator[Row]:
    """Yield records; a quotation mark that is never closed costs its own line, not the rest of the file."""
    waiting: deque[str] = deque()
    number, delimiter = 0, ""

    def line() -> str:
        return waiting.popleft() if waiting else lines.readline(MAX_LINE)

    while text := line():
        number += 1
        if len(text) >= MAX_LINE and not text.endswith("\n"):
            _skip_line(lines)
            yield number, RegisterError("一行过长，已跳过", path=path, row=number)
            continue
        if not text.strip("\r\n \t,;|\0"):
            continue
        delimiter = delimiter or _delimiter(text)
        begun = number
        more: list[str] = []
        while text.count('"') % 2 and len(more) < MAX_RECORD_LINES and len(text) < MAX_LINE:
            following = line()
            if not following:
                break
            more.append(following)
            text += following
        if text.count('"') % 2:
            text = text[: len(text) - sum(map(len, more))]
            waiting.extendleft(reversed(more))
            yield begun, [cell.strip('"') for cell in text.rstrip("\r\n").split(delimiter)]
            continue
        number += len(more)
        yield begun, _cells(text, delimiter)


def _cells(text: str, delimiter: str) -> list[str]:
    text = text.rstrip("\r\n").replace("\0", "")
    if '"' not in text:
        return text.split(delimiter)
    csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE * 2))
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return [cell.strip('"') for cell in text.split(delimiter)]


def _delimiter(text: str) -> str:
    return max(_DELIMITERS, key=text.count)


def _skip_line(lines: io.TextIOWrapper) -> None:
    while (rest := lines.readline(MAX_LINE)) and not rest.endswith("\n"):
        pass


def _encoding(path: Path, *, zipped: bool) -> str:
    """Return the encoding of a CSV file: byte order mark, UTF-16 by its shape, UTF-8, else GB 18030."""
    with _open(path, zipped=zipped) as raw:
        head = raw.read(1 << 20)
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        if head[:200].count(0) > len(head[:200]) // 4:
            return "utf-16-le" if head[1:200:2].count(0) > head[0:200:2].count(0) else "utf-16-be"
        if sum(head.count(bytes((control,))) for control in range(9)) > max(8, len(head) // 200):
            raise RegisterError("这不是表格文件（里面是二进制数据）", path=path)
        if _is_utf8(head, raw, path):
            return "utf-8-sig"
    wrong = head.decode("utf-8", "replace").count("\ufffd"), head.decode("gb18030", "replace").count("\ufffd")
    if wrong[0] < wrong[1]:
        return "utf-8-sig"
    if _begins_in_utf8(head):
        raise RegisterError("表头是 UTF-8，后面的行是 GBK（两种编码拼在一个文件里），请统一编码另存后再导入", path=path)
    return "gb18030"


def _begins_in_utf8(head: bytes) -> bool:
    """Say whether the first line is Chinese in UTF-8; that GBK text reads as such by chance is next to impossible."""
    first = head.lstrip().split(b"\n", 1)[0]
    try:
        return not first.isascii() and any("\u4e00" <= char <= "\u9fff" for char in first.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _is_utf8(chunk: bytes, raw: IO[bytes], path: Path) -> bool:
    decoder, size = codecs.getincrementaldecoder("utf-8")(), 0
    try:
        while chunk:
            decoder.decode(chunk)
            size += len(chunk)
            if size > MAX_BYTES:
                raise RegisterError("文件过大", path=path)
            chunk = raw.read(1 << 20)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
