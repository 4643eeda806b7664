from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netpatrol.errors import StoreError
from netpatrol.store.records import Target
from netpatrol.store.sources import Reader, Refused, read_sources, read_text
from netpatrol.text.addresses import Gate

NOW = datetime(2026, 1, 15, 4, 0, tzinfo=UTC)
READER = Reader(now=NOW, key_of=lambda host: host.removeprefix("www."), lets=Gate().lets)
TELECOM = """域名,主办单位,ICP备案号,区县,接入商
 tea.example,宜昌清和茶业有限公司,鄂ICP备2021000001号,西陵区,宜昌电信
http://www.tea.example/,宜昌清和茶业有限公司,,,宜昌联通

TEA.EXAMPLE.,,,,
not a domain,,,,
127.0.0.1,,,,
"多行
单位.example",x,,,
"""
COURIER = """寄件店铺名,寄件人,联系电话,寄件地址,月均件数
清和小店,王**,13800000000,湖北省宜昌市西陵区东山路1号,71
,王五,13800000001,宜昌,3
空店,,,,5
"""


def _read(text: str) -> tuple[list[Target], list[Refused]]:
    found = list(read_text(text, "list.csv", READER))
    return [one for one in found if isinstance(one, Target)], [one for one in found if isinstance(one, Refused)]


def test_a_telecom_list_gives_sites_with_clues() -> None:
    targets, refused = _read(TELECOM)
    assert [target.shop_id for target in targets] == ["tea.example"] * 3
    assert targets[0].clues == {
        "operator": "宜昌清和茶业有限公司",
        "icp": "鄂ICP备2021000001号",
        "district": "西陵区",
        "provider": "宜昌电信",
    }
    assert [via.source for via in targets[0].found_via] == ["list.csv:2"]
    assert [(line.row, line.reason) for line in refused] == [
        (6, "不是有效的域名"),
        (7, "不是公网地址"),
        (9, "不是有效的域名"),
    ]


def test_a_courier_list_gives_clues_without_addresses() -> None:
    targets, refused = _read(COURIER)
    assert [(target.kind, target.host, target.name, target.status) for target in targets] == [
        ("clue", "", "清和小店", "kept")
    ]
    assert targets[0].clues["phone"] == "13800000000"
    assert [(line.row, line.reason) for line in refused] == [(3, "没有店铺名"), (4, "店铺名之外没有任何线索")]


def test_several_names_in_one_cell_are_several_targets() -> None:
    names = ["tea.example", "honey.example", "oil.example", "rice.example"]
    told, _ = _read('域名,主办单位\n"tea.example、honey.example",甲\n"http://oil.example/ http://rice.example/",乙\n')
    plain, _ = _read("tea.example；honey.example\noil.example rice.example 备注\n")
    assert [target.shop_id for target in told] == names
    assert [target.shop_id for target in plain] == names
    assert [target.clues["operator"] for target in told] == ["甲", "甲", "乙", "乙"]


def test_a_telephone_in_full_width_is_the_same_one() -> None:
    targets, _ = _read("店铺名称,电话\n清和小店,13800000000\n清和小店,１３８０００００００0\n")
    assert len({target.shop_id for target in targets}) == 1


def test_a_plain_list_gives_addresses() -> None:
    targets, refused = _read("# 种子\nhttp://tea.example/a?b=1\n\nwww.honey.example\nhttp://localhost/\n")
    assert [(target.url, target.shop_id) for target in targets] == [
        ("http://tea.example/a?b=1", "tea.example"),
        ("http://www.honey.example/", "honey.example"),
    ]
    assert [line.row for line in refused] == [5]


@pytest.mark.parametrize(
    "header",
    ["网址,主办单位名称", "网站域名;单位名称", "Domain\tOwner", "网站 域名，主办者", "序号,首页网址,备案号"],
)
def test_variants_of_the_header_are_understood(header: str) -> None:
    mark = next(mark for mark in ("\t", ";", "，", ",") if mark in header)
    cells = mark.join(
        ["tea.example" if "域名" in c or "网址" in c or c == "Domain" else "1" for c in header.split(mark)]
    )
    targets, refused = _read(f"{header}\n{cells}\n")
    assert [target.host for target in targets] == ["tea.example"]
    assert not refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("域名,主办单位\r\ntea.example,宜昌清和\r\n".encode(encoding))
    targets, refused = read_sources([path], READER)
    assert [target.clues for target in targets] == [{"operator": "宜昌清和"}]
    assert not refused


@pytest.mark.parametrize(
    "data", [pytest.param(None, id="absent"), pytest.param(b"PK\x03\x04\0\0\0\0", id="spreadsheet")]
)
def test_files_that_are_no_lists_are_named(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "list.xlsx"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(StoreError, match=r"list\.xlsx") as raised:
        read_sources([path], READER)
    assert raised.value.exit_code == 2


def test_internal_hosts_can_be_allowed() -> None:
    reader = Reader(now=NOW, key_of=str, lets=Gate.allowing(["10.0.0.5"]).lets)
    assert [type(one) for one in read_text("10.0.0.5\n10.0.0.6\n", "x", reader)] == [Target, Refused]


@pytest.mark.parametrize(
    ("line", "usable"),
    [("http://10.0.0.5/", False), ("http://[::ffff:127.0.0.1]/", False), ("shop.corp", False), ("db.internal", False), ("tea.example", True)],
)
def test_what_the_gate_does_not_let_through_is_refused(line: str, usable: bool) -> None:
    (found,) = read_text(line, "list.txt", READER)
    assert isinstance(found, Refused) is not usable


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("tea.example\nho\0ney.example\ncake.example\n", id="addresses"),
        pytest.param("域名,主办单位\ntea.example,甲\nho\0ney.example,乙\ncake.example,丙\n", id="table"),
    ],
)
def test_a_stray_nul_costs_its_line_at_most(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    found, _ = read_sources([path], READER)
    assert {"tea.example", "cake.example"} <= {target.host for target in found}


@pytest.mark.parametrize("data", [b"PK\x03\x04" + b"x" * 100, bytes(200), b"\xd0\xcf\x11\xe0", gzip.compress(bytes(range(256)) * 9) + b"\ntea.example\n"], ids=["xlsx", "zeros", "xls", "gz"])
def test_what_is_no_text_is_refused_as_a_whole(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    with pytest.raises(StoreError, match="不是文本文件"):
        read_sources([path], READER)


@pytest.mark.parametrize("text", ["", "\n\n", "# 只有说明\n", "域名,主办单位\n"], ids=["empty", "blank", "comment", "header"])
def test_a_list_in_which_nothing_stands_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    found, refused = read_sources([path], READER)
    assert not found
    assert [str(one) for one in refused] == [f"{path}：没有一行可用（是空的，或只有表头）"]


@pytest.mark.parametrize("head", ["寄件人,电话,地址", "主办单位\t备案号", "Operator;ICP;District"])
def test_a_table_that_names_nothing_to_patrol_is_refused_as_a_whole(head: str) -> None:
    targets, refused = _read(f"{head}\n张三,13800000000,宜昌\n")
    assert not targets
    assert [str(one) for one in refused] == [
        "list.csv：表头里没有“域名”（电信清单）或“店铺名”（寄递清单）一列，认不出要巡查什么"
    ]


def test_an_address_with_a_word_behind_it_is_no_head_of_a_table() -> None:
    targets, refused = _read("http://tea.example/ 电话,地址\nb.example\n")
    assert [target.host for target in targets] == ["tea.example", "b.example"]
    assert not refused
