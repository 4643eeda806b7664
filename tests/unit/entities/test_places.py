from __future__ import annotations

import pytest

from netpatrol.entities.divisions import area_codes, by_name, full_name, short_name, table
from netpatrol.entities.places import (
    address_key,
    county_of,
    division_of,
    division_of_code,
    division_of_icp,
    division_of_phone,
    is_inside,
    is_outside,
    locate,
    place_of_name,
)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        pytest.param("湖北省宜昌市西陵区北京路1号", "420502", id="street-named-after-a-city"),
        pytest.param("宜昌市伍家岗区上海路", "420503", id="another"),
        pytest.param("宜昌长阳县龙舟坪镇龙舟大道", "420528101", id="autonomous-county-for-short"),
        pytest.param("五峰县渔洋关镇", "420529111", id="and-without-its-city"),
        pytest.param("湖北宜昌市当阳市玉阳街道", "420582001", id="county-level-city"),
        pytest.param("湖北宜昌夷陵区小溪塔营盘路", "420506001", id="town-without-its-rank"),
        pytest.param("地址：湖北省宜昌市夷陵区", "420506", id="label-before"),
        pytest.param("443000 宜昌市猇亭区", "420505", id="post-code-before"),
        pytest.param("吉林通化市东昌区", "2205", id="province-before-city-of-that-name"),
        pytest.param("黑龙江省海林市朝阳街9号", "23", id="unknown-county"),
        pytest.param("上海市山西北路1弄", "31", id="road-named-after-a-province"),
        pytest.param("宜昌东山开发区珠海路", "4205", id="zone"),
        pytest.param("深圳南山区科技园", "440305", id="far-county"),
        pytest.param("杭州西路12号", "", id="road-named-after-a-city"),
        pytest.param("陕西路3号", "", id="only-a-road"),
        pytest.param("上海城3栋", "", id="estate"),
        pytest.param("重庆老火锅店", "", id="dish"),
        pytest.param("假县", "", id="no-such-county"),
        pytest.param("朝阳街5号", "", id="street-of-a-word"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_the_chain_at_the_beginning_decides(address: str, code: str) -> None:
    assert locate(address).code == code


@pytest.mark.parametrize("address", ["朝阳区青禾旅馆大山路店", "鼓楼区中山路1号", "白云区机场路2号", "青山区工人村路"])
def test_counties_of_several_cities_give_candidates(address: str) -> None:
    place = locate(address)
    assert place.code == ""
    assert len(place.candidates) > 1


def test_a_town_names_its_county_only_within_a_county_or_city() -> None:
    assert county_of("宜昌市小溪塔街道平云路1号") == "420506"
    assert county_of("龙泉镇人民路") == ""


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("深圳青禾商贸有限公司", "4403"),
        ("青禾商贸（深圳）有限公司", "4403"),
        ("泉州市青禾店", "3505"),
        ("重庆老火锅店", ""),
        ("安康大药房有限公司", ""),
        ("福田服饰有限责任公司", ""),
        ("西陵区青禾经营部", "420502"),
    ],
)
def test_where_firms_say_they_are_from(name: str, code: str) -> None:
    assert place_of_name(name).code == code


@pytest.mark.parametrize(
    ("code", "division"),
    [
        ("91420500MA00000012", "4205"), ("91420506MA00000012", "420506"), ("91420000MA00000012", "42"),
        ("100000000000000", ""), ("420583000000017", "420583"), ("12345", ""),
    ],
)  # fmt: skip
def test_divisions_of_codes(code: str, division: str) -> None:
    assert division_of_code(code) == division


@pytest.mark.parametrize(
    ("phone", "division"),
    [
        ("0717-6000000", "4205"),
        ("02780000000", "4201"),
        ("010-80000000", "11"),
        ("13800000000", ""),
        ("4006000000", ""),
    ],
)
def test_area_codes(phone: str, division: str) -> None:
    assert division_of_phone(phone) == division


def test_filings_name_their_province() -> None:
    assert division_of_icp("粤ICP备2020000001号") == "44"
    assert division_of_icp("ICP备") == ""


def test_region_prefixes() -> None:
    assert is_outside("4403", ("4205",))
    assert not is_outside("42", ("4205",))
    assert not is_outside("", ("4205",))
    assert not is_outside("4403", ())
    assert is_inside("420506", ("4205",))
    assert not is_inside("42", ("4205",))


def test_addresses_are_found_however_their_city_is_written() -> None:
    keys = {
        address_key(text) for text in ("湖北省宜昌市西陵区云集路12号", "西陵区云集路12号", "湖北宜昌 西陵区云集路12号")
    }
    assert keys == {"420502|云集路12号"}
    assert address_key("宜昌市西陵区") == ""


def test_tables_hold_together() -> None:
    assert all(code[:2] in table() for code in table())
    assert len({name for name, codes in by_name().items() if any(len(code) == 4 for code in codes)}) > 600
    assert area_codes()["0717"] == "4205"
    assert all(division in table() or len(division) < 4 for division in area_codes().values())
    assert full_name("420506001") == "湖北省宜昌市夷陵区小溪塔街道"
    assert short_name("长阳土家族自治县") == "长阳"
    assert division_of("内蒙古自治区呼和浩特市") == "1501"
