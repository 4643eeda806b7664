from __future__ import annotations

import pytest

from netpatrol.store.masks import mask_address, mask_entity_id, mask_lead, mask_name, mask_phone, mask_phones


@pytest.mark.parametrize(
    ("function", "text", "masked"),
    [
        (mask_name, "鲁国栋（峡江鲁大姐632号）", "鲁**（峡江鲁大姐632号）"),
        (mask_name, "王芳(王芳小店)", "王**(王**小店)"),
        (mask_name, "王芳", "王**"),
        (mask_phone, "18612343169", "186****3169"),
        (mask_phone, "0717-6631028", "0717-66***28"),
        (mask_phones, "电话：13812345678，转 18612343169", "电话：138****5678，转 186****3169"),
        (mask_phones, "电话：１３８１２３４５６７８", "电话：138****5678"),
        (mask_phones, "每斤１２元", "每斤１２元"),
        (mask_phones, "身份证 420502199001011234", "身份证 420502********1234"),
        (mask_phones, "订单 2026011512345678901", "订单 2026011512345678901"),
        (mask_address, "湖北省宜昌市兴山县桃花岭北路285号", "湖北省宜昌市兴山县***"),
        (mask_address, "湖北宜昌猇亭区东山坳路182号", "湖北宜昌猇亭区***"),
        (mask_address, "五峰土家族自治县建设路1号", "五峰土家族自治县***"),
        (mask_address, "枝江市铁匠铺街119号", "枝江市***"),
        (mask_address, "东山路9号", "***"),
        (mask_address, "", ""),
        (mask_entity_id, "鲁国栋（峡江鲁大姐632号）/18612343169", "鲁**（峡江鲁大姐632号）/186****3169"),
        (mask_entity_id, "91420583MA6MYQKX1Q", "91420583MA6MYQKX1Q"),
        (mask_entity_id, "宜昌清和茶业有限公司", "宜昌清和茶业有限公司"),
    ],
)
def test_masks(function, text: str, masked: str) -> None:
    assert function(text) == masked


def test_a_persons_lead_shows_neither_name_nor_telephone_nor_street() -> None:
    feature = {
        "name": "address",
        "page_value": "宜昌市西陵区东山路9号",
        "register_value": "西陵区东山路9号",
        "why": "王小芳",
    }
    entity = {"entity_id": "王小芳/13812345678", "name": "王小芳（芳芳小铺）", "features": [feature]}
    lead = {
        "subject": entity["entity_id"],
        "subject_name": entity["name"],
        "match": {"entity": entity, "candidates": [entity], "reasons": ["联系人王小芳 13812345678"]},
        "findings": [{"quote": "王小芳亲制", "url": "http://wang.example/13812345678"}],
    }
    masked = mask_lead(lead)
    shown = repr({**masked, "findings": masked["findings"][0]["quote"]})
    assert "王小芳" not in shown
    assert "13812345678" not in shown
    assert "东山路" not in shown
    assert masked["findings"][0]["url"] == "http://wang.example/13812345678"


def test_a_companys_lead_is_shown_as_it_is() -> None:
    lead = {
        "subject": "91420583MA6MYQKX1Q",
        "subject_name": "宜昌清和茶业有限公司",
        "findings": [{"quote": "电话13812345678"}],
    }
    assert mask_lead(lead) == lead
