from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from netpatrol.entities.entity import Entity
from netpatrol.entities.importer import ImportReport, read_register
from netpatrol.entities.tables import read_table
from netpatrol.errors import RegisterError
from tests.unit.entities.conftest import PHARMACY, TEA

HEADER = "统一社会信用代码,名称,住所,联系电话,核准日期"
ROWS = [
    f"{TEA},宜昌市青禾商贸有限责任公司,宜昌市西陵区云集路12号,0717-6000001,2024-05-06",
    f"{PHARMACY},宜昌青禾堂大药房有限公司,,,",
]


def table(tmp_path: Path, text: str | bytes, name: str = "register.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def imported(tmp_path: Path, text: str | bytes, name: str = "register.csv", encoding: str = "utf-8") -> ImportReport:
    return read_register([table(tmp_path, text, name, encoding)])


def names(report: ImportReport) -> set[str]:
    return {entity.name for entity in report.entities}


def workbook(rows: list[list[object]], **sheets: list[list[object]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BOTH = {"宜昌市青禾商贸有限责任公司", "宜昌青禾堂大药房有限公司"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    text = "\r\n".join([HEADER, *ROWS])
    assert names(imported(tmp_path, text, encoding=encoding)) == BOTH


@pytest.mark.parametrize("mark", ["\t", ";", "|", "，"])
def test_delimiters(mark: str, tmp_path: Path) -> None:
    assert names(imported(tmp_path, "\n".join([HEADER, *ROWS]).replace(",", mark))) == BOTH


def test_compressed_files(tmp_path: Path) -> None:
    assert names(imported(tmp_path, gzip.compress("\n".join([HEADER, *ROWS]).encode()), "register.csv.gz")) == BOTH


def test_cut_short_compressed_files_are_one_error(tmp_path: Path) -> None:
    whole = gzip.compress("\n".join([HEADER, *ROWS * 500]).encode())
    with pytest.raises(RegisterError, match="读不下去"):
        imported(tmp_path, whole[: len(whole) // 2], "register.csv.gz")


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("USCC,Name,Address,Phone,Updated", id="english"),
        pytest.param("*统一社会信用代码（必填）, 企业(机构)名称 ,住所（经营场所）,电话,核准日期", id="decorated"),
        pytest.param("社会信用代码(统一代码),市场主体名称,经营场所,联系方式,变更日期", id="other-names"),
        pytest.param(f"宜昌市经营主体名册,,,,\n制表日期：2026-01-01,,,,\n{HEADER}", id="titles-above"),
        pytest.param("主体信息,,联系信息,,登记\n统一社会信用代码,名称,住所,联系电话,核准日期", id="two-header-rows"),
        pytest.param("统一社会信用代码,名称,登记与联系,,\n,,住所,联系电话,核准日期", id="merged-header"),
    ],
)
def test_headers(header: str, tmp_path: Path) -> None:
    report = imported(tmp_path, "\n".join([header, *ROWS]))
    tea = next(entity for entity in report.entities if entity.uscc == TEA)
    assert (tea.name, tea.phone, tea.approved) == ("宜昌市青禾商贸有限责任公司", "07176000001", "2024-05-06")
    assert report.rows == 2


def test_a_header_once_more_in_the_middle_is_no_row(tmp_path: Path) -> None:
    report = imported(tmp_path, "\n".join([HEADER, ROWS[0], HEADER, ROWS[1]]))
    assert (report.rows, report.refused_rows, names(report)) == (2, 0, BOTH)


def test_a_table_without_names_says_what_it_looks_for(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="找不到名称列"):
        imported(tmp_path, "甲,乙\n1,2\n")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        pytest.param(f"{TEA},,,,", "名称为空", id="no-name"),
        pytest.param(f"{TEA},\ufffd\ufffd公司,,,", "乱码", id="mojibake"),
        pytest.param(f'{TEA},"=HYPERLINK(""http://x.invalid"")",,,', "公式", id="formula"),
        pytest.param(f"{TEA},12345,,,", "没有文字", id="digits-only"),
        pytest.param("9142,宜昌坏代码有限公司,,,", "代码形状不对", id="cut-code"),
        pytest.param(f"{TEA},{'长' * 300}公司,,,", "过长", id="long-name"),
        pytest.param(f"{TEA},宜昌大格有限公司,{'号' * 5000},,", "单元格过长", id="long-cell"),
        pytest.param(f"{TEA},宜昌巨格有限公司,{'号' * 2_100_000},,", "一行过长", id="giant-line"),
    ],
)  # fmt: skip
def test_bad_rows_are_named_and_the_rest_is_imported(row: str, why: str, tmp_path: Path) -> None:
    report = imported(tmp_path, "\n".join([HEADER, ROWS[0], row, ROWS[1]]))
    assert names(report) == BOTH
    assert report.refused_rows == 1
    assert why in str(report.refused[0])
    assert "第 3 行" in str(report.refused[0])


def test_a_cell_of_ten_megabytes_costs_its_row_only(tmp_path: Path) -> None:
    report = imported(tmp_path, "\n".join([HEADER, f'x,"{"大" * 3_500_000}",,,', ROWS[0]]))
    assert names(report) == {"宜昌市青禾商贸有限责任公司"}
    assert report.refused_rows == 1


def test_cells_are_cleaned(tmp_path: Path) -> None:
    name, place, phone = "\x1b[31m\x1b宜昌市\x1b]0;x\x07青禾\x9b2J商贸\u200b\u202e\x07有限责任公司\x1b[0m　", '"宜昌市\n西陵区"', '"=""0717-6000001"""'
    row = f" '{TEA.lower()[:8]} {TEA[8:].lower()} , {name},{place},{phone},2024/5/6"
    entity = next(iter(imported(tmp_path, f"{HEADER}\n{row}").entities))
    assert (entity.uscc, entity.name, entity.phone) == (TEA, "宜昌市青禾商贸有限责任公司", "07176000001")
    assert entity.approved == "2024-05-06"


def test_full_width_digits_are_folded_and_brackets_of_names_stay(tmp_path: Path) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in TEA)
    entity = next(
        iter(imported(tmp_path, f"{HEADER}\n{wide},青禾商贸（宜昌）有限公司,,０７１７６０００００１,").entities)
    )
    assert (entity.uscc, entity.name, entity.phone) == (TEA, "青禾商贸（宜昌）有限公司", "07176000001")


def test_codes_in_the_wrong_column_are_put_right_and_citizens_numbers_dropped(tmp_path: Path) -> None:
    text = "统一社会信用代码,注册号,名称\n420583000000017,,枝江市砚峰茶叶店\n11010519491231002X,,宜昌老店\n"
    found = {entity.name: entity for entity in imported(tmp_path, text).entities}
    assert (found["枝江市砚峰茶叶店"].uscc, found["枝江市砚峰茶叶店"].reg_no) == ("", "420583000000017")
    assert (found["宜昌老店"].uscc, found["宜昌老店"].reg_no) == ("", "")


def test_a_quotation_mark_never_closed_costs_its_own_line(tmp_path: Path) -> None:
    broken = f'{PHARMACY},"宜昌青禾堂大药房有限公司,,,'
    more = [f",宜昌第{n}店铺有限公司,,," for n in range(200)]
    report = imported(tmp_path, "\n".join([HEADER, broken, *more]))
    assert report.rows == 201
    assert len(names(report)) == 201


def test_embedded_newlines_and_nul(tmp_path: Path) -> None:
    report = imported(tmp_path, f'{HEADER}\n{TEA},"宜昌市青禾\n商贸有限责任公司","西陵区\r\n云集路\0",,\n{ROWS[1]}')
    assert names(report) == BOTH


# -- which row holds -----------------------------------------------------------------------------------


def one(report: ImportReport) -> Entity:
    (entity,) = report.entities
    return entity


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_one_code_the_row_approved_last_holds(order: tuple[int, int], tmp_path: Path) -> None:
    rows = [f"{TEA},宜昌新名有限公司,,,2024-05-06", f"{TEA},宜昌旧名有限公司,,,2019-06-18"]
    report = imported(tmp_path, "\n".join([HEADER, *(rows[at] for at in order)]))
    assert one(report).name == "宜昌新名有限公司"
    assert report.superseded == 1


def test_a_row_without_code_joins_the_entity_of_its_number_or_name_and_telephone(tmp_path: Path) -> None:
    header = "统一社会信用代码,注册号,名称,联系电话,网站域名"
    number = f"{TEA},420500000000012,宜昌青禾商贸有限公司,,\n,420500000000012,宜昌青禾商贸有限公司,07176000001,\n"
    merged = one(imported(tmp_path, f"{header}\n{number}"))
    assert (merged.uscc, merged.phone) == (TEA, "07176000001")
    named = (
        f"{TEA},,宜昌青禾商贸有限公司,07176000001,\n,,宜昌青禾商贸有限公司,0717-6000001,http://www.qinghe.example/a\n"
    )
    report = imported(tmp_path, f"{header}\n{named}")
    merged = one(report)
    assert (merged.uscc, merged.domain) == (TEA, "qinghe.example")
    assert report.entities.trail[0].rule.startswith("名称与电话")
    assert report.entities.trail[0].row == 3


def test_like_names_without_anything_else_in_common_stay_apart(tmp_path: Path) -> None:
    text = (
        f"统一社会信用代码,名称,联系电话\n{TEA},宜昌青禾商贸有限公司,07176000001\n,宜昌青禾商贸有限公司,07176000009\n"
    )
    assert len(imported(tmp_path, text).entities) == 2


# -- workbooks and what is none ------------------------------------------------------------------------


def test_workbooks(tmp_path: Path) -> None:
    from datetime import date

    rows: list[list[object]] = [["名册"], ["统一社会信用代码", "注册号", "名称", "核准日期", "联系电话"]]
    rows += [[TEA, 420500000000012.0, "宜昌市青禾商贸有限责任公司", date(2024, 5, 6), 13800000001], [None] * 5]
    entity = one(imported(tmp_path, workbook(rows), "register.xlsx"))
    assert (entity.reg_no, entity.approved, entity.phone) == ("420500000000012", "2024-05-06", "13800000001")


def test_a_row_whose_name_is_a_formula_never_calculated_is_refused_not_lost(tmp_path: Path) -> None:
    rows: list[list[object]] = [["统一社会信用代码", "名称"], [TEA, "宜昌市青禾商贸有限责任公司"], [None, "=A2&\"店\""]]
    report = imported(tmp_path, workbook(rows), "register.xlsx")
    assert [entity.uscc for entity in report.entities] == [TEA]
    assert [(fault.row, "公式" in str(fault)) for fault in report.refused] == [(3, True)]


def test_two_encodings_in_one_file_are_named_as_such(tmp_path: Path) -> None:
    mixed = "统一社会信用代码,名称\n".encode() + f"{TEA},宜昌市青禾商贸有限责任公司\n".encode("gb18030") * 3
    with pytest.raises(RegisterError, match="两种编码"):
        imported(tmp_path, mixed)


def test_an_empty_first_sheet_is_passed_over(tmp_path: Path) -> None:
    data: list[list[object]] = [["统一社会信用代码", "名称"], [TEA, "宜昌市青禾商贸有限责任公司"]]
    assert one(imported(tmp_path, workbook([], 主体=data), "register.xlsx")).uscc == TEA


TABLE: list[list[object]] = [["统一社会信用代码", "名称", "登记状态"], [TEA, "宜昌市青禾商贸有限责任公司", "存续"]]
MORE: list[list[object]] = [["二分局名册"], ["名称", "统一社会信用代码", "登记状态"], ["宜昌青禾堂大药房有限公司", PHARMACY, "吊销"]]


def test_all_sheets_are_read_each_by_its_own_header(tmp_path: Path) -> None:
    report = imported(tmp_path, workbook(TABLE, 第二页=MORE), "register.xlsx")
    assert {(entity.uscc, entity.status) for entity in report.entities} == {(TEA, "存续"), (PHARMACY, "吊销")}
    assert (report.rows, report.refused_rows) == (2, 0)


def test_sheets_that_are_none_of_ours_are_told_or_notes(tmp_path: Path) -> None:
    note: list[list[object]] = [["填表说明"], ["名称要写全称"]]
    other: list[list[object]] = [["月份", "任务数", "完成数"], ["1月", 3, 2], ["2月", 5, 5]]
    report = imported(tmp_path, workbook(note, 主体=TABLE, 统计=other), "register.xlsx")
    assert [entity.uscc for entity in report.entities] == [TEA]
    (fault,) = report.refused
    assert "工作表“统计”" in str(fault) and "没有认出表头" in str(fault)
    with pytest.raises(RegisterError):
        imported(tmp_path, workbook(note, 统计=other), "register.xlsx")


def test_a_hidden_sheet_is_told(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook(TABLE, 第二页=MORE)))
    book["第二页"].sheet_state = "hidden"
    book.save(tmp_path / "hidden.xlsx")
    report = read_register([tmp_path / "hidden.xlsx"])
    assert [entity.uscc for entity in report.entities] == [TEA]
    assert ["工作表“第二页” 工作表是隐藏的" in str(fault) for fault in report.refused] == [True]


def test_a_merged_cell_is_said_of_all_its_rows(tmp_path: Path) -> None:
    import openpyxl

    rows = [*TABLE, [PHARMACY, "宜昌青禾堂大药房有限公司", None]]
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows)))
    book.active["C2"] = "吊销"
    book.active.merge_cells("C2:C3")
    book.save(tmp_path / "merged.xlsx")
    assert {(entity.uscc, entity.status) for entity in read_register([tmp_path / "merged.xlsx"]).entities} == {(TEA, "吊销"), (PHARMACY, "吊销")}


@pytest.mark.parametrize("stretch", ["A1:C1", "A1:XFD1"])
def test_a_title_over_all_columns_is_a_title(tmp_path: Path, stretch: str) -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook([["主体名单", None, None], *TABLE])))
    book.active.merge_cells(stretch)
    book.save(tmp_path / "titled.xlsx")
    report = read_register([tmp_path / "titled.xlsx"])
    assert ([entity.uscc for entity in report.entities], report.refused) == ([TEA], [])


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ([TEA, "宜昌市青禾商贸有限责任公司", '=IF(1,"吊销","存续")'], "status"),
        ([TEA, '="夷陵区"&"公式店"', "存续"], "name"),
        ([9.24205060000001e17, "宜昌市青禾商贸有限责任公司", "存续"], "uscc"),
        (["9.2420506E+17", "宜昌市青禾商贸有限责任公司", "存续"], "uscc"),
    ],
)
def test_what_a_spreadsheet_did_not_say_is_refused(tmp_path: Path, cells: list[object], column: str) -> None:
    report = imported(tmp_path, workbook([*TABLE[:1], cells, [PHARMACY, "宜昌青禾堂大药房有限公司", "存续"]]), "register.xlsx")
    assert [entity.uscc for entity in report.entities] == [PHARMACY]
    assert [fault.column for fault in report.refused] == [column]


def test_a_workbook_called_csv_and_a_csv_called_xlsx_are_read(tmp_path: Path) -> None:
    book = workbook([["统一社会信用代码", "名称"], [TEA, "宜昌市青禾商贸有限责任公司"]])
    assert one(imported(tmp_path, book, "register.csv")).uscc == TEA
    assert names(imported(tmp_path, "\n".join([HEADER, *ROWS]), "register.xlsx")) == BOTH


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


BOMB = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"<a>" + b" " * 60_000_000}
ENTITIES = {"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", "空", id="empty"),
        pytest.param(b"\n \n", "空", id="blank"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 .xls", id="xls-renamed"),
        pytest.param(b"<html><table><tr><td>x</td></tr></table>", "网页", id="html-renamed"),
        pytest.param(b"%PDF-1.7 xxx", "不是表格", id="pdf"),
        pytest.param(bytes(range(256)) * 100, "不是表格", id="binary"),
        pytest.param(b"PK\x03\x04 cut", "XLSX", id="cut-archive"),
        pytest.param(archive({"word/document.xml": b"<x/>"}), "不是 XLSX", id="a-document"),
        pytest.param(archive(BOMB), "恶意", id="bomb"),
        pytest.param(archive(ENTITIES), "恶意", id="entities"),
        pytest.param(archive({"xl/workbook.xml": b"<nonsense"}), "XLSX", id="broken-xml"),
    ],
)
def test_what_is_no_table_is_one_clear_error(data: bytes, why: str, tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=why):
        imported(tmp_path, data, "register.xlsx")


def test_missing_files_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="打不开"):
        read_register([tmp_path / "nowhere.csv"])


@pytest.mark.parametrize("source", ["/dev/zero", "/dev/null", "pipe"])
def test_what_cannot_be_read_twice_is_no_register(tmp_path: Path, source: str) -> None:
    path = tmp_path / "register.csv"
    if source == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(source)
    for read in (read_table, lambda given: read_register([given])):
        with pytest.raises(RegisterError, match=r"register\.csv 是管道或设备，请先存成文件"):
            read(path)
