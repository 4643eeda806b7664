"""Reads lists of what to patrol: addresses, a telecom's domains, couriers' senders; says of each line why not."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unicodedata import normalize

from netpatrol.errors import StoreError, why
from netpatrol.items import digest
from netpatrol.store.hosts import LONGEST_ADDRESS, address_of, host_of, several, without_password
from netpatrol.store.records import Target, Via

MAX_BYTES = 200_000_000
MAX_CELL = 20_000
NOTHING = "没有一行可用（是空的，或只有表头）"
NO_COLUMN = "表头里没有“域名”（电信清单）或“店铺名”（寄递清单）一列，认不出要巡查什么"
# Column -> what real lists call it, squeezed and in lower case.
DOMAIN = (
    "域名",
    "网站域名",
    "网址",
    "网站",
    "网站地址",
    "站点域名",
    "首页网址",
    "domain",
    "host",
    "url",
    "website",
    "site",
)
SHOP = (
    "寄件店铺名",
    "店铺名",
    "店铺名称",
    "网店名称",
    "寄件店铺",
    "商家名称",
    "shop",
    "shop_name",
    "shopname",
    "store",
)
TELECOM: Mapping[str, tuple[str, ...]] = {
    "operator": (
        "主办单位",
        "主办单位名称",
        "单位名称",
        "主办者",
        "网站主办者",
        "备案主体",
        "主体名称",
        "owner",
        "operator",
    ),
    "icp": ("icp备案号", "备案号", "icp", "备案许可证号", "icp许可证号", "网站备案号"),
    "district": ("区县", "所在区县", "属地", "县市区", "district"),
    "provider": ("接入商", "接入服务商", "运营商", "接入单位", "isp", "provider"),
}
COURIER: Mapping[str, tuple[str, ...]] = {
    "sender": ("寄件人", "寄件人姓名", "发件人", "联系人", "sender"),
    "phone": ("联系电话", "电话", "手机", "手机号", "寄件人电话", "寄件电话", "phone", "tel", "mobile"),
    "address": ("寄件地址", "地址", "发件地址", "寄件人地址", "详细地址", "address"),
    "monthly": ("月均件数", "月件量", "月均件量", "件数", "monthly"),
}


_IN_DIGITS = ("phone", "monthly", "icp")
"""Clues that are numbers, whose digits some lists write in full width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A line that could not be used; row 0: the whole list."""

    path: str
    row: int
    reason: str
    line: str

    def __str__(self) -> str:
        return f"{self.path} 第 {self.row} 行：{self.reason}：{self.line}" if self.row else f"{self.path}：{self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How lines become targets. `key_of` gives the shop id of a host; `lets` says whether a host may be asked at all."""

    now: datetime
    key_of: Callable[[str], str]
    lets: Callable[[str], bool]


def read_sources(paths: Sequence[Path], reader: Reader) -> tuple[tuple[Target, ...], tuple[Refused, ...]]:
    """Return all targets of these files, and the lines refused; StoreError (exit 2) where a file cannot be read."""
    targets: list[Target] = []
    refused: list[Refused] = []
    for path in paths:
        found = list(read_text(text_of(path), str(path), reader))
        targets += (one for one in found if isinstance(one, Target))
        refused += (one for one in found if isinstance(one, Refused))
        if not found:
            refused.append(Refused(path=str(path), row=0, reason=NOTHING, line=""))
    return tuple(targets), tuple(refused)


def text_of(path: Path) -> str:
    """Return the text of a list, whatever it is encoded in; StoreError (exit 2) for what cannot be read or is no text."""
    try:
        if path.is_char_device() or path.is_block_device():
            raise _unusable(path, "是设备，不是文件")
        if path.stat().st_size > MAX_BYTES:
            raise _unusable(path, "文件超过 200 MB，请分开导入")
        data = path.read_bytes()
    except OSError as error:
        raise _unusable(path, why(error)) from error
    if _is_binary(data):
        raise _unusable(path, "不是文本文件（请另存为 CSV）")
    return decode(data)


_CONTROLS = bytes({*range(1, 9), *range(14, 32)} - {27})
"""Bytes that no text holds; of packed data they are a tenth. NULs are counted apart, ESC begins colours."""


def _is_binary(data: bytes) -> bool:
    """Say whether this is no text: an office file, or more NULs than a damaged line leaves behind."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    head = data[:4096]
    if len(head.translate(None, _CONTROLS)) * 50 < len(head) * 49:
        return True
    return head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")) or head.count(0) * 20 > len(head)


def _unusable(path: Path, reason: str) -> StoreError:
    error = StoreError(f"{path}：{reason}（cannot read this list）")
    error.exit_code = 2
    return error


def decode(data: bytes) -> str:
    """Return the text of a list: by byte order mark, else UTF-8, else GB 18030 with marks for stray bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def read_text(text: str, name: str, reader: Reader) -> Iterator[Target | Refused]:
    """Yield the targets and refused lines of one list, whichever kind it is."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = next((mark for mark in ("\t", ";", "，", ",") if mark in first), ",")
    columns = [_squeeze(cell) for cell in first.split(delimiter)]
    domain, shop = _column(columns, DOMAIN), _column(columns, SHOP)
    if domain is None and shop is None:
        if _is_table(columns):
            yield Refused(path=name, row=0, reason=NO_COLUMN, line="")
        else:
            yield from _addresses(text, name, reader)
        return
    rows = _rows(text, delimiter)
    next(rows, None)
    for number, cells in rows:
        row = _Row(name=name, number=number, cells=cells, columns=columns)
        if shop is not None and (domain is None or not row.cell(domain)):
            yield _sender(row, shop, reader)
        elif domain is not None:
            yield from _domains(row, domain, reader)


def _is_table(columns: Sequence[str]) -> bool:
    """Say whether a first line is the head of a table: several columns, none of them an address, one of a known name."""
    known = {name for table in (TELECOM, COURIER) for names in table.values() for name in names}
    return len(columns) > 1 and not any("." in column for column in columns) and not known.isdisjoint(columns)


def _squeeze(cell: str) -> str:
    return "".join(cell.replace("\0", "").split()).strip("\ufeff\"'").lower()


def _column(columns: Sequence[str], names: Sequence[str]) -> int | None:
    return next((at for at, column in enumerate(columns) if column in names), None)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells); lines that are empty are passed over."""
    reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, ["\ufffd"]
            continue
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    number: int
    cells: Sequence[str]
    columns: Sequence[str]

    def cell(self, at: int, most: int = 500) -> str:
        return " ".join(self.cells[at].split())[:most] if at < len(self.cells) else ""

    def clues(self, table: Mapping[str, Sequence[str]]) -> dict[str, str]:
        places = {clue: _column(self.columns, names) for clue, names in table.items()}
        told = {clue: self.cell(at) for clue, at in places.items() if at is not None and self.cell(at)}
        return {clue: normalize("NFKC", said) if clue in _IN_DIGITS else said for clue, said in told.items()}

    def refused(self, reason: str) -> Refused:
        return Refused(path=self.name, row=self.number, reason=reason, line=without_password(",".join(self.cells)[:200]))

    def via(self, channel: str, at: datetime) -> tuple[Via, ...]:
        return (Via(channel=channel, source=f"{Path(self.name).name}:{self.number}", at=at),)


def _domains(row: _Row, at: int, reader: Reader) -> Iterator[Target | Refused]:
    channel = "telecom" if len(row.columns) > 1 else "manual"
    for written in several(row.cell(at, MAX_CELL)):
        yield _site(row, written[: LONGEST_ADDRESS + 1], channel, reader, row.clues(TELECOM))


def _site(row: _Row, written: str, channel: str, reader: Reader, clues: Mapping[str, str]) -> Target | Refused:
    try:
        url, host = address_of(written), host_of(written)
    except ValueError as error:
        return row.refused(str(error))
    if not reader.lets(host):
        return row.refused("不是公网地址")
    return Target(
        shop_id=reader.key_of(host),
        url=url,
        host=host,
        found_via=row.via(channel, reader.now),
        clues=clues,
        due_at=reader.now,
    )


def _sender(row: _Row, at: int, reader: Reader) -> Target | Refused:
    """A courier's sender has no address on the web: it is kept as a clue to whom a shop belongs."""
    shop, clues = row.cell(at), row.clues(COURIER)
    if not shop:
        return row.refused("没有店铺名")
    if not any(clues.get(name) for name in ("phone", "address", "sender")):
        return row.refused("店铺名之外没有任何线索")
    key = digest(shop, clues.get("phone", ""), clues.get("address", ""))
    return Target(
        shop_id=f"courier:{key}",
        kind="clue",
        name=shop,
        status="kept",
        found_via=row.via("courier", reader.now),
        clues={"shop_name": shop, **clues},
        due_at=reader.now,
    )


def _addresses(text: str, name: str, reader: Reader) -> Iterator[Target | Refused]:
    """Yield the sites of a plain list of addresses, one a line; `#` begins a comment."""
    for number, line in enumerate(text.splitlines(), 1):
        written = line.strip().strip("\ufeff")
        if not written or written.startswith("#"):
            continue
        row = _Row(name=name, number=number, cells=(written,), columns=("url",))
        for one in several(written):
            yield _site(row, one.split()[0].rstrip(",;，；"), "seed", reader, {})
