"""A small register of invented entities."""

from __future__ import annotations

import pytest

from netpatrol.entities.entity import Entity
from netpatrol.entities.register import Register
from netpatrol.text.codes import organisation_check, uscc_check


def code(body: str, start: str = "91420502") -> str:
    """Return a code with right check characters."""
    whole = start + body + organisation_check(body)
    return whole + uscc_check(whole)


TEA, PHARMACY, SHOP, GONE, FAR = (code(f"MA00000{n}") for n in "12345")

ENTITIES = (
    Entity(
        name="宜昌市青禾商贸有限责任公司",
        uscc=TEA,
        kind="企业",
        person="鲁平",
        address="宜昌市西陵区学院街道云集路12号",
        status="存续",
        phone="07176000001",
        domain="qinghe.example",
        icp="鄂ICP备2020000001号",
        emark="42050000000001",
    ),
    Entity(
        name="宜昌青禾堂大药房有限公司",
        uscc=PHARMACY,
        kind="企业",
        address="宜昌市夷陵区小溪塔街道营盘路3号",
        status="存续",
        phone="13800000002",
        former="宜昌康禾堂大药房有限公司",
    ),
    Entity(
        name="枝江市砚峰茶叶店",
        uscc=SHOP,
        reg_no="420583000000017",
        kind="个体工商户",
        address="枝江市马家店街道公园路8号",
        status="存续",
        station="马家店监管所",
    ),
    Entity(
        name="宜昌云谷食品有限公司", uscc=GONE, kind="企业", address="宜昌市伍家岗区沿江大道1号", status="吊销，未注销"
    ),
    Entity(name="武汉江岸实业有限公司", uscc=FAR, kind="企业", address="武汉市江岸区解放大道1号", status="存续"),
    Entity(
        name="鲁国栋（峡江鲁大姐632号）",
        kind="自然人",
        person="鲁国栋",
        phone="18600000169",
        address="宜昌市点军区江南路5号",
    ),
    Entity(name="宜昌市第一印刷厂", reg_no="420500000000020", kind="企业", status="存续"),
)


@pytest.fixture(scope="session")
def register() -> Register:
    """Return the register of ENTITIES."""
    return Register.of(ENTITIES, version="v1")
