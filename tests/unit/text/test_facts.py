"""Identifiers of a page: found in every print, valued in one form, quoted as printed; what is none is left alone."""


from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.items import PageFacts, ZoneName
from netpatrol.text.codes import ALPHABET, organisation_check, uscc_check
from netpatrol.text.html import parse_markup
from netpatrol.text.read import read_document, read_facts, read_text
from tests.support.timing import cpu_of


def make(prefix: str, body8: str) -> str:
    body = prefix + body8 + organisation_check(body8)
    return body + uscc_check(body)


CODE = make("91420502", "MA4GH2K7")
OTHER = make("92420581", "MA5T2W31")
HOSPITAL = make("12420500", "420000X1")
WRONG = CODE[:17] + ALPHABET[(ALPHABET.index(CODE[17]) + 1) % 31]
WITH_ZERO = make("91420500", "MA5T0R15")
WITH_ONES = make("91420511", "MA1T1R15")


def facts_of(text: str) -> PageFacts:
    page = read_text(text)
    found = read_facts(page)
    for fact in found.facts:
        assert page.raw[fact.start : fact.end] == fact.raw
    return found


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


USCC = {
    "labelled": (f"统一社会信用代码：{CODE}", [(CODE, True)]),
    "followed_by_a_stop": (f"统一社会信用代码：{CODE}。", [(CODE, True)]),
    "in_brackets": (f"（{CODE}）", [(CODE, True)]),
    "full_width": (f"信用代码 {wide(CODE)}", [(CODE, True)]),
    "small": (f"社会信用代码:{CODE.lower()}", [(CODE, True)]),
    "spaced": (f"税号：{CODE[:4]} {CODE[4:8]} {CODE[8:12]} {CODE[12:16]} {CODE[16:]}", [(CODE, True)]),
    "hyphens": (f"统一社会信用代码：{CODE[:8]}-{CODE[8:17]}-{CODE[17]}", [(CODE, True)]),
    "traditional": (f"統一社會信用代碼：{CODE}", [(CODE, True)]),
    "next_cell": (f"统一社会信用代码\n{CODE}\n名称", [(CODE, True)]),
    "over_two_lines": (f"统一社会信用代码：\n{CODE[:9]}\n{CODE[9:]}\n地址", [(CODE, True)]),
    "over_two_lines_with_spaces": (f"统一社会信用代码：{CODE[:8]} {CODE[8:12]}\n {CODE[12:]}", [(CODE, True)]),
    "over_two_lines_and_wrong": (f"统一社会信用代码：{WRONG[:9]}\n{WRONG[9:]}", []),
    "two_numbers_on_two_lines": ("营业执照\n123456789\n987654321", []),
    "bare": (f"电子营业执照 {CODE}", [(CODE, True)]),
    "zero_width": (f"统一社会信用代码：{CODE[:9]}\u200b{CODE[9:]}", [(CODE, True)]),
    "two": (f"统一社会信用代码：{CODE}\n受托方信用代码：{OTHER}", [(CODE, True), (OTHER, True)]),
    "institution": (f"统一社会信用代码：{HOSPITAL}", [(HOSPITAL, True)]),
    "wrong": (f"统一社会信用代码：{WRONG}", [(WRONG, False)]),
    "wrong_bare": (f"执照 {WRONG}", [(WRONG, False)]),
    "repaired": (f"统一社会信用代码：{WITH_ZERO.replace('0', 'O')}", [(WITH_ZERO, True)]),
    "repaired_and_spaced": (
        f"信用代码：{WITH_ZERO[:2]} {WITH_ZERO[2:8].replace('0', 'o')} {WITH_ZERO[8:]}",
        [(WITH_ZERO, True)],
    ),
    "bare_and_repaired": (WITH_ZERO.replace("0", "O"), [(WITH_ZERO, True)]),
    "bare_and_spaced": (f"{CODE[:4]} {CODE[4:8]} {CODE[8:12]} {CODE[12:]}", [(CODE, True)]),
    "bare_digits_in_groups": ("9142 0500 1234 5678 90", []),
    "ones": ("统一社会信用代码：" + "1" * 18, []),
    "in_a_longer_number": (f"订单号 12{CODE}34", []),
    "small_l_for_one": (f"统一社会信用代码：{WITH_ONES.replace('1', 'l')}", [(WITH_ONES, True)]),
    "small_l_in_the_body": (f"统一社会信用代码：{WITH_ONES[:8]}{WITH_ONES[8:].replace('1', 'l')}", [(WITH_ONES, True)]),
    "capital_i_for_one": (f"统一社会信用代码：{WITH_ONES.replace('1', 'I')}", [(WITH_ONES, True)]),
    "small_l_that_proves_nothing": (f"统一社会信用代码：{WRONG.replace('1', 'l')}", [(WRONG.replace("1", "L"), False)]),
    "glued_to_a_mobile": (f"统一社会信用代码：{CODE}13886541234", [(CODE, True)]),
    "glued_to_a_landline": (f"税号{CODE}0717-6001122", [(CODE, True)]),
    "glued_to_a_toll_free_number": (f"税号：{CODE}4006361651", [(CODE, True)]),
    "glued_to_a_date": (f"信用代码：{CODE}20240115", [(CODE, True)]),
    "glued_behind_a_mobile": (f"电话13886541234{CODE}", [(CODE, True)]),
    "glued_without_a_label": (f"{CODE}13886541234", [(CODE, True)]),
    "glued_to_other_digits_without_a_label": (f"{CODE}12345", []),
    "glued_and_wrong": (f"统一社会信用代码：{WRONG}13886541234", []),
    "with_the_number_of_its_copy": (f"信用代码：{CODE}-1", [(CODE, True)]),
    "behind_a_numero_sign": (f"统一社会信用代码：№{CODE}", [(CODE, True)]),
    "cut_short_by_a_mask": (f"统一社会信用代码：{CODE[:6]}********{CODE[14:]}", []),
    "twice_glued": (f"{CODE}{CODE}", []),
    "citizen": ("身份证号 11010519491231002X", []),
    "citizen_near_a_label": ("统一社会信用代码：11010519491231002X", []),
    "order_number": ("订单号：912345678901234567", []),
    "nothing": ("统一社会信用代码：见店内公示", []),
}


@pytest.mark.parametrize(("text", "expected"), USCC.values(), ids=USCC)
def test_uscc(text: str, expected: list[tuple[str, bool]]) -> None:
    assert [(fact.value, fact.valid) for fact in facts_of(text).of("uscc")] == expected


def test_a_repair_says_so_and_keeps_what_was_printed() -> None:
    printed = WITH_ZERO.replace("0", "O")
    (fact,) = facts_of(f"统一社会信用代码：{printed}").of("uscc")
    assert (fact.repaired, fact.raw, fact.value) == (True, printed, WITH_ZERO)


def test_a_small_l_is_quoted_as_printed() -> None:
    printed = WITH_ONES.replace("1", "l")
    (fact,) = facts_of(f"统一社会信用代码：{printed}").of("uscc")
    assert (fact.repaired, fact.raw, fact.value) == (True, printed, WITH_ONES)


def test_a_glued_code_is_quoted_without_its_neighbour() -> None:
    (fact,) = facts_of(f"统一社会信用代码：{CODE}13886541234").of("uscc")
    assert (fact.repaired, fact.raw, fact.how) == (False, CODE, "label")


REG_NO = {
    "labelled": ("营业执照注册号：420503000055625", [("420503000055625", True)]),
    "wrong": ("注册号：420503000055629", [("420503000055629", False)]),
    "thirteen": ("工商注册号 4205021234567", [("4205021234567", None)]),
    "no_label": ("订单 420503000055625", []),
    "under_the_new_label": ("统一社会信用代码/注册号：420503000055625", [("420503000055625", True)]),
}


@pytest.mark.parametrize(("text", "expected"), REG_NO.values(), ids=REG_NO)
def test_registration_number(text: str, expected: list[tuple[str, bool | None]]) -> None:
    assert [(fact.value, fact.valid) for fact in facts_of(text).of("reg_no")] == expected


PHONE = {
    "hours_in_brackets": ("电话：0717-5327714（8:00-21:00）", ["0717-5327714"]),
    "hours_behind_a_blank": ("门店电话 0717-5327714 8:00-18:00 营业", ["0717-5327714"]),
    "hours_in_words": ("0717-5327714 8点到18点", ["0717-5327714"]),
    "a_discount_behind": ("订座 13986801234 9折", ["13986801234"]),
    "eight_digits_before_hours": ("热线：027-87654321（9:00起）", ["027-87654321"]),
    "groups_of_two": ("电话 0717-62 20 06 6", ["0717-6220066"]),
    "a_code_in_the_next_field": ("青峡大道27号｜0717-3318276｜91429004MAEUHUXQ79｜", ["0717-3318276"]),
    "a_part_number_behind_it": ("0717-3318276 2233a", ["0717-3318276"]),
    "a_date_in_a_word": ("2024 1234 5678x", []),
    "landline": ("电话：0717-6001122", ["0717-6001122"]),
    "brackets": ("（0717）6001122", ["0717-6001122"]),
    "narrow_brackets": ("(0717) 6001122", ["0717-6001122"]),
    "together": ("电话07176001122", ["0717-6001122"]),
    "long_dash": ("0717—6001122", ["0717-6001122"]),
    "extension": ("0717-6001122转801", ["0717-6001122"]),
    "full_width": ("０７１７－６００１１２２", ["0717-6001122"]),
    "three_digit_area": ("客服 010-62001122", ["010-62001122"]),
    "spread": ("热线：0 7 1 7 6 0 0 1 1 2 2", ["0717-6001122"]),
    "mobile": ("手机13886541234", ["13886541234"]),
    "mobile_hyphens": ("138-8654-1234", ["13886541234"]),
    "mobile_spaces": ("138 8654 1234", ["13886541234"]),
    "mobile_country": ("+86 138 8654 1234", ["13886541234"]),
    "mobile_spelled": ("加微幺三八八六五四一二三四", ["13886541234"]),
    "toll_free": ("4006361651", ["400-636-1651"]),
    "toll_free_hyphens": ("400-636-1651", ["400-636-1651"]),
    "toll_free_spaces": ("400 636 1651", ["400-636-1651"]),
    "toll_free_scattered": ("400 - 636 1 - 651", ["400-636-1651"]),
    "toll_free_800": ("800-810-8888", ["800-810-8888"]),
    "two": ("0717-6001122/13886541234", ["0717-6001122", "13886541234"]),
    "shared_area": ("电话：0717-6001122/6003344", ["0717-6001122", "0717-6003344"]),
    "three": ("0717-6001122、13886541234，4006361651", ["0717-6001122", "13886541234", "400-636-1651"]),
    "local": ("电话：6001122", ["6001122"]),
    "order_number": ("260115000042，青峡堂，13600112233，湖北省宜昌市", ["13600112233"]),
    "inside_an_order_number": ("单号20138865412349988", []),
    "mail": ("573900012@mail.example", []),
    "mobile_mail": ("13886541234@mail.example", []),
    "part_of_an_id": ("sku_13886541234", []),
    "date": ("2024-01-15 12:30:45", []),
    "price": ("原价 13800.00 元 现价 12999 元", []),
    "filing": ("鄂ICP备2023880101号-1", []),
    "police_filing": ("鄂公网安备42050202880101号", []),
    "code": (f"统一社会信用代码：{CODE}", []),
    "same_digits": ("电话：11111111111", []),
    "qq": ("QQ：573900012", []),
    "country_zeros_mobile": ("0086-13886541234", ["13886541234"]),
    "country_zeros_together": ("008613886541234", ["13886541234"]),
    "country_zeros_landline": ("0086-717-6001122", ["0717-6001122"]),
    "country_zeros_and_trunk": ("0086 0717 6001122", ["0717-6001122"]),
    "country_in_brackets": ("（+86）0717-6001122", ["0717-6001122"]),
    "country_and_trunk": ("+86-0717-6001122", ["0717-6001122"]),
    "country_three_digit_area": ("+86 10 62001122", ["010-62001122"]),
    "two_local": ("电话：6220066/6220067", ["6220066", "6220067"]),
    "two_local_with_a_gap": ("联系电话 6220066 / 6220067", ["6220066", "6220067"]),
    "two_local_without_a_label": ("6220066/6220067", []),
    "extension_spaced": ("0717-6220066 转 801", ["0717-6220066"]),
    "toll_free_extension": ("400-636-1651转8", ["400-636-1651"]),
    "toll_free_four_three": ("400-6361-651", ["400-636-1651"]),
    "number_of_goods": ("货号：13800138003", []),
    "number_of_goods_in_a_cell": ("货号\n13800138003", []),
    "order": ("订单号：13886541234", []),
    "order_spaced": ("订单编号 13886541234", []),
    "parcel": ("运单号：13886541234", []),
    "bar_code": ("商品条码：13886541234", []),
    "sku": ("SKU：13886541234", []),
    "sku_spaced": ("sku 13886541234", []),
    "goods_and_telephone": ("货号：13800138003 电话：13886541234", ["13886541234"]),
    "goods_and_mobile": ("货号：1001 13886541234", ["13886541234"]),
    "order_line": ("订单电话：13886541234", ["13886541234"]),
    "wechat_name": ("微信号：13886541234", ["13886541234"]),
    "lines": ("电话：138\n8654\n1234", ["13886541234"]),
    "two_lines": ("手机138\n86541234", ["13886541234"]),
    "lines_of_toll_free": ("热线：400\n636\n1651", ["400-636-1651"]),
    "lines_of_landline": ("电话：0717-\n6001122", ["0717-6001122"]),
    "lines_of_other_numbers": ("本周 138\n2024\n1234", []),
    "lines_without_a_label": ("400\n636\n1651", []),
    "spelled_other": ("三五零零零零零零零零零", []),
}


@pytest.mark.parametrize(("text", "expected"), PHONE.values(), ids=PHONE)
def test_phone(text: str, expected: list[str]) -> None:
    assert list(facts_of(text).values("phone")) == expected


FILINGS = {
    "icp": ("鄂ICP备2023880101号-1", "icp", ["鄂ICP备2023880101号-1"]),
    "icp_old": ("鄂ICP备06005562号", "icp", ["鄂ICP备06005562号"]),
    "icp_spaced": ("鄂 ICP 备 2023880101 号 - 2", "icp", ["鄂ICP备2023880101号-2"]),
    "icp_small_and_wide": ("鄂icp备２０２３８８０１０１号－１", "icp", ["鄂ICP备2023880101号-1"]),
    "icp_traditional": ("鄂ICP備2023880101號", "icp", ["鄂ICP备2023880101号"]),
    "icp_long_dash": ("鄂ICP备2023880101号—1", "icp", ["鄂ICP备2023880101号-1"]),
    "icp_double_dash": ("鄂ICP备2023880101号——12", "icp", ["鄂ICP备2023880101号-12"]),
    "icp_en_dash": ("鄂ICP备2023880101号 – 1", "icp", ["鄂ICP备2023880101号-1"]),
    "icp_box_dash": ("鄂ICP备2023880101号─1", "icp", ["鄂ICP备2023880101号-1"]),
    "icp_letter_o": ("鄂ICP备2O2O012345号-1", "icp", ["鄂ICP备2020012345号-1"]),
    "icp_small_o": ("鄂icp备2o2o012345号", "icp", ["鄂ICP备2020012345号"]),
    "icp_spaced_letters": ("鄂 I C P 备 2020012345 号", "icp", ["鄂ICP备2020012345号"]),
    "icp_spaced_digits": ("鄂ICP备 2020 0123 45 号-1", "icp", ["鄂ICP备2020012345号-1"]),
    "icp_small_l": ("鄂lCP备2020012345号", "icp", ["鄂ICP备2020012345号"]),
    "icp_and_a_year": ("鄂ICP备2020012345 2024 版权所有", "icp", ["鄂ICP备2020012345号"]),
    "icp_and_a_sentence": ("鄂ICP备2020012345号 — 联系我们", "icp", ["鄂ICP备2020012345号"]),
    "icp_two": ("鄂ICP备2020012345号-1 鄂ICP备2020012346号", "icp", ["鄂ICP备2020012345号-1", "鄂ICP备2020012346号"]),
    "icp_of_letters": ("鄂ICP备oooolll号", "icp", []),
    "value_added_long_dash": ("鄂B2—20200345", "icp", ["鄂B2-20200345"]),
    "icp_licence": ("京ICP证030173号", "icp", ["京ICP证030173号"]),
    "value_added": ("增值电信业务经营许可证：鄂B2-20200345", "icp", ["鄂B2-20200345"]),
    "value_added_suffix": ("鄂B2-20200345-6", "icp", ["鄂B2-20200345-6"]),
    "psb": ("鄂公网安备 42050302000448号", "psb", ["鄂公网安备42050302000448号"]),
    "psb_spaces": ("鄂公网安备  42050302000448 号", "psb", ["鄂公网安备42050302000448号"]),
    "food_maker": ("生产许可证编号：SC10642050200123", "permit", ["SC10642050200123"]),
    "food_seller": ("食品经营许可证 JY14205020012345", "permit", ["JY14205020012345"]),
    "health_food": ("批准文号：国食健注G20230111", "permit", ["国食健注G20230111"]),
    "health_food_old": ("国食健字G20100099", "permit", ["国食健字G20100099"]),
    "health_food_filed": ("食健备G202142000123", "permit", ["食健备G202142000123"]),
    "drug": ("国药准字Z20024404", "permit", ["国药准字Z20024404"]),
    "device": ("鄂械注准20232140123", "permit", ["鄂械注准20232140123"]),
    "device_filed": ("鄂宜械备20190012号", "permit", ["鄂宜械备20190012号"]),
    "cosmetics": ("国妆特字G20191234", "permit", ["国妆特字G20191234"]),
    "cosmetics_filed": ("鄂G妆网备字2021001234", "permit", ["鄂G妆网备字2021001234"]),
    "drug_advertisement": ("鄂药广审（文）第251112-00404号", "permit", ["鄂药广审(文)第251112-00404号"]),
    "labelled": ("医疗器械经营许可证编号：鄂420500123", "permit", ["鄂420500123"]),
    "word_with_sc": ("disc10642050200123", "permit", []),
    "emark": ("电子标识 420581084020975822", "emark", ["420581084020975822"]),
}


@pytest.mark.parametrize(("text", "kind", "expected"), FILINGS.values(), ids=FILINGS)
def test_filings_and_permits(text: str, kind: str, expected: list[str]) -> None:
    assert list(facts_of(text).values(kind)) == expected


NAMES = {
    "copyright": ("版权所有 © 2024 宜昌青峡农业有限公司", ["宜昌青峡农业有限公司"]),
    "copyright_years": ("Copyright © 2019-2024 宜昌青峡农业有限公司 All Rights Reserved", ["宜昌青峡农业有限公司"]),
    "copyright_then_address": ("宜昌青峡农业有限公司 版权所有\n宜昌市西陵区峡州大道112号 Tel", ["宜昌青峡农业有限公司"]),
    "turned_into_a_form": ("2003年\n改制为有限责任公司", []),
    "copyright_shop": ("版权所有 © 宜都市石坪面点坊", ["宜都市石坪面点坊"]),
    "copyright_person": ("版权所有 © 2024 覃大姐家的小铺子", ["覃大姐家的小铺子"]),
    "label": ("企业名称：远安石坪环保科技有限公司", ["远安石坪环保科技有限公司"]),
    "plain_label": ("名称：峡州柑橘专业合作社", ["峡州柑橘专业合作社"]),
    "plain_label_person": ("名称：鲁国栋（峡江鲁大姐632号）", ["鲁国栋（峡江鲁大姐632号）"]),
    "label_spread_in_its_cell": ("名　　称\n宜昌市点军区溪石日用品商行\n营业执照", ["宜昌市点军区溪石日用品商行"]),
    "two_labels": ("注册人/生产企业：湖北云山生物科技有限公司", ["湖北云山生物科技有限公司"]),
    "individual_business": ("西陵区溪石酒坊（个体工商户）　许可证编号：JY1", ["西陵区溪石酒坊（个体工商户）"]),
    "sole_proprietor": ("荣誉 枝江市溪石机械厂（个人独资）", ["枝江市溪石机械厂（个人独资）"]),
    "of_a_kind_only": ("2019年国家农民合作社示范社，是全县首批登记的农民专业合作社之一", []),
    "rules_by": ("本规则由宜昌溪石网络科技有限公司制定", ["宜昌溪石网络科技有限公司"]),
    "answer_is_none": ("商家答：没有，它是普通枕头", []),
    "welcome": ("欢迎来到溪石大药房网上药店", []),
    "a_name_with_a_particle": ("宜昌好的家居有限公司", ["宜昌好的家居有限公司"]),
    "product_label_is_none": ("产品名称：脐橙礼盒店家自留款", []),
    "operator": ("经营者：西陵区云山窗帘店", ["西陵区云山窗帘店"]),
    "host": ("主办单位：当阳市云山文化传媒有限公司 电话：0717-6001122", ["当阳市云山文化传媒有限公司"]),
    "brackets": ("岸茶行(宜昌)有限公司", ["岸茶行（宜昌）有限公司"]),
    "limited_partnership": ("宜昌云山投资合伙企业（有限合伙）", ["宜昌云山投资合伙企业（有限合伙）"]),
    "branch": ("湖北云山大药房连锁有限公司西陵一路店", ["湖北云山大药房连锁有限公司西陵一路店"]),
    "free_in_a_sentence": ("本店由宜昌青峡农业有限公司运营，欢迎选购。", ["宜昌青峡农业有限公司"]),
    "huawei_keeps_its_first_character": ("华为技术有限公司", ["华为技术有限公司"]),
    "and_in_a_name": ("和音酒坊（宜昌）有限公司", ["和音酒坊（宜昌）有限公司"]),
    "traditional_keeps_its_script": ("版權所有 © 猇亭區雲笙髮製品店", ["猇亭區雲笙髮製品店"]),
    "full_width": ("版权所有　宜昌Ａ＆Ｂ商贸有限公司", ["宜昌A&B商贸有限公司"]),
    "square_brackets": ("版权所有 © 2024 【宜昌溪盈服饰有限公司】", ["宜昌溪盈服饰有限公司"]),
    "latin_only": ("Copyright © 2024 Example Ltd. All rights reserved", []),
    "own_company": ("本公司坚持诚信经营，我公司拥有生产线", []),
    "legal_phrase": ("版权所有，未经许可不得转载", []),
    "joint_stock": ("湖北安山酵母股份有限公司", ["湖北安山酵母股份有限公司"]),
    "one_line_footer": (
        "版权所有：宜昌青峡农业有限公司 鄂ICP备2023880101号-1 技术支持：云山网络",
        ["宜昌青峡农业有限公司"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), NAMES.values(), ids=NAMES)
def test_names(text: str, expected: list[str]) -> None:
    assert list(facts_of(text).values("name")) == expected


ADDRESSES = {
    "before_a_permit": ("地址：宜昌市猇亭区金岭路8号 食品生产许可证SC11142050500123 条码6901234567892", ["宜昌市猇亭区金岭路8号"]),
    "plain": ("地址：湖北省宜昌市西陵区青山路1号　电话：0717-6001122", ["湖北省宜昌市西陵区青山路1号"]),
    "company": ("公司地址：宜昌市夷陵区小溪塔街道夷兴大道25号2栋301室", ["宜昌市夷陵区小溪塔街道夷兴大道25号2栋301室"]),
    "domicile": ("住所：远安县鸣凤镇石坪路11号", ["远安县鸣凤镇石坪路11号"]),
    "dispatch": ("发货地：湖北宜昌枝江市", ["湖北宜昌枝江市"]),
    "traditional": ("地址：湖北省宜昌市猇亭區雲笙街6號", ["湖北省宜昌市猇亭區雲笙街6號"]),
    "next_cell": ("住所\n宜昌市西陵区东山大道100号\n法定代表人", ["宜昌市西陵区东山大道100号"]),
    "label_spread_in_its_cell": ("地　　址\n宜昌市点军区江南大道12号\n电　　话", ["宜昌市点军区江南大道12号"]),
    "mail": ("邮箱地址：a@mail.example", []),
    "form": ("收货地址：请填写省市区街道", []),
    "empty": ("地址：暂无", []),
}


@pytest.mark.parametrize(("text", "expected"), ADDRESSES.values(), ids=ADDRESSES)
def test_addresses(text: str, expected: list[str]) -> None:
    assert list(facts_of(text).values("address")) == expected


def facts_of_markup(markup: str, url: str = "http://shop.example/") -> PageFacts:
    document = parse_markup(markup, url)
    return read_facts(read_document(document), document, url)


def test_licence_link_gives_the_code_in_its_serial() -> None:
    link = f"https://zzlz.gsxt.gov.cn/businessCheck/verifKey.do?showType=p&amp;serial={CODE}-SAIC_SHOW_10000{CODE}1717459211873&amp;signData=MEUC"
    (fact,) = facts_of_markup(f'<a href="{link}"><img src="lz.png"></a>').of("licence_link")
    assert (fact.value, fact.valid) == (CODE, True)


def test_licence_link_with_another_id_in_front() -> None:
    link = f"https://zzlz.gsxt.gov.cn/businessCheck/verifKey.do?showType=p&amp;serial=9031{WRONG[4:]}-SAIC_SHOW_10000{CODE}1717459211873&amp;signData=M"
    assert facts_of_markup(f'<a href="{link}">x</a>').values("licence_link") == (CODE,)


def test_licence_link_without_a_code_is_kept_as_a_link() -> None:
    (fact,) = facts_of_markup('<a href="https://zzlz.gsxt.gov.cn/businessShow/">x</a>').of("licence_link")
    assert fact.valid is None
    assert fact.value.startswith("https://zzlz")


@pytest.mark.parametrize(
    "href",
    ["http://www.city-gov.example/lz/420581084020975822", "http://www.hd315.gov.cn/beian/view.asp?bianhao=420581084020975822",
     "http://wljg.city.example/lz/420581084020975822.html"],
    ids=["city", "hd315", "wljg"],
)  # fmt: skip
def test_licence_marks_behind_links(href: str) -> None:
    assert facts_of_markup(f'<a href="{href}"><img src="m.gif"></a>').values("emark") == ("420581084020975822",)


def test_own_host_is_a_fact() -> None:
    assert facts_of_markup("<p>x</p>").values("domain") == ("shop.example",)


def test_codes_under_keys_of_embedded_data() -> None:
    markup = f'<div id="app"></div><script>window.__STATE__={{"shop":{{"name":"宜昌青峡农业有限公司","uscc":"{CODE}","tel":"0717-6001122","sku":"13886541234"}}}}</script>'
    found = facts_of_markup(markup)
    assert found.values("uscc") == (CODE,)
    assert found.values("phone") == ("0717-6001122",)
    assert found.values("name") == ("宜昌青峡农业有限公司",)
    assert found.of("uscc")[0].zone is ZoneName.STATE


IN_DATA = {
    "ld_tax": f'<script type="application/ld+json">{{"name":"Qingxia","taxID":"{CODE}"}}</script>',
    "ld_vat": f'<script type="application/ld+json">{{"name":"青峡","vatID":"{CODE}"}}</script>',
    "state": f'<script>window.__INITIAL_STATE__={{"shop":{{"id":12,"creditCode":"{CODE}"}}}}</script>',
    "state_uscc": f'<script>window.__INITIAL_STATE__={{"uscc":"{CODE}"}};</script>',
    "state_licence": f'<script>window.__INITIAL_STATE__={{"licenseNo":"{CODE}"}}</script>',
    "state_of_names": f"<script>window.__INITIAL_STATE__={{shop:{{creditCode:'{CODE}'}}}};</script>",
    "state_in_a_string": f'<script>s=JSON.parse("{{\\"creditCode\\":\\"{CODE}\\"}}")</script>',
    "state_beside_chinese": f'<script>a={{"creditCode":"{CODE}"}};b={{"name":"青峡"}}</script>',
    "next": f'<script id="__NEXT_DATA__" type="application/json">{{"props":{{"creditCode":"{CODE}"}}}}</script>',
    "variable": f'<script>var creditCode = "{CODE}";</script>',
    "field": f'<label>统一社会信用代码</label><input disabled value="{CODE}">',
    "field_first": f'<input value="{CODE}" readonly><p>青峡小铺</p>',
    "field_without_quotes": f"<input name=uscc value={CODE}>",
    "attribute_named_code": f"<i data-code='{CODE}'></i>",
    "state_in_pinyin": f'<script>a={{"tyshxydm":"{CODE}"}}</script>',
    "attribute": f'<div data-uscc="{CODE}">青峡小铺</div>',
    "attribute_of_words": f"<div data-credit-code='{CODE}'>青峡小铺</div>",
}


@pytest.mark.parametrize("markup", IN_DATA.values(), ids=IN_DATA)
def test_codes_in_data_and_attributes(markup: str) -> None:
    page = facts_of_markup(f"<body><p>青峡小铺</p>{markup}</body>")
    assert [(fact.value, fact.valid) for fact in page.of("uscc")] == [(CODE, True)]


NOT_IN_DATA = {
    "other_key": f'<script>window.__INITIAL_STATE__={{"orderNo":"{CODE}"}}</script>',
    "no_key": f'<script>track("{CODE}")</script>',
    "wrong": f'<input value="{WRONG[:17]}{ALPHABET[(ALPHABET.index(WRONG[17]) + 1) % 31]}">',
    "other_attribute": f'<i data-id="{CODE}"></i>',
    "address": f'<a href="/x?value={CODE}">x</a>',
    "comment": f'<!-- <input value="{CODE}"> -->',
}


@pytest.mark.parametrize("markup", NOT_IN_DATA.values(), ids=NOT_IN_DATA)
def test_other_codes_in_data_are_none(markup: str) -> None:
    assert facts_of_markup(f"<body><p>青峡小铺</p>{markup}</body>").of("uscc") == ()


TEL = {
    "mobile": ("tel:13886541234", ["13886541234"]),
    "country": ("tel:+86-138-8654-1234", ["13886541234"]),
    "landline": ("tel:0717-6001122", ["0717-6001122"]),
    "country_landline": ("tel:+867176001122", ["0717-6001122"]),
    "toll_free": ("TEL:4006361651", ["400-636-1651"]),
    "slashes": ("tel://13886541234", ["13886541234"]),
    "percent": ("tel:%2B8613886541234", ["13886541234"]),
    "extension": ("tel:0717-6001122,801", ["0717-6001122"]),
    "short": ("tel:12315", []),
    "empty": ("tel:", []),
    "script": ("telegram:13886541234", []),
}


@pytest.mark.parametrize(("href", "numbers"), TEL.values(), ids=TEL)
def test_tel_links(href: str, numbers: list[str]) -> None:
    found = facts_of_markup(f'<p>拨打 <a href="{href}">电话</a></p>')
    assert list(found.values("phone")) == numbers
    assert {fact.how for fact in found.of("phone")} <= {"link"}


CUT = {
    "breaks": ("<p>电话：138<br>8654<br>1234</p>", ["13886541234"]),
    "breaks_alone": ("<p>138<br>8654<br>1234</p>", ["13886541234"]),
    "one_break_alone": ("<p>138 8654<br>1234</p>", ["13886541234"]),
    "cells": ("<table><tr><td>138</td><td>8654</td><td>1234</td></tr></table>", []),
    "items": ("<ul><li>138</li><li>8654</li><li>1234</li></ul>", []),
    "other_elements": ("<p>138</p><div>8654</div><h3>1234</h3>", []),
    "years": ("<p>138<br>2023<br>2024</p>", []),
    "prices": ("<p>¥138<br>8654<br>1234</p>", []),
}


@pytest.mark.parametrize(("markup", "numbers"), CUT.values(), ids=CUT)
def test_numbers_cut_by_line_breaks(markup: str, numbers: list[str]) -> None:
    assert list(facts_of_markup(markup).values("phone")) == numbers


def test_each_kind_and_value_once() -> None:
    assert len(facts_of(f"{CODE}\n{CODE}\n统一社会信用代码：{CODE}").of("uscc")) == 1


@given(
    st.text(
        alphabet="0123456789XOI-（）() 　统一社会信用代码：电话鄂ICP备公网安备号有限公司版权所有©地址转400\n",
        max_size=300,
    )
)
def test_never_raises_and_always_quotes(text: str) -> None:
    facts_of(text)


@pytest.mark.parametrize(
    "unit",
    [
        "(",
        "9",
        "9 ",
        "©",
        "版权所有",
        "有限公司",
        "1-",
        "地址",
        "统一社会信用代码",
        "a:",
        "ICP备",
        "0717-",
        "（宜昌）",
        "公网安备1",
        f"{CODE} ",
        f"信用代码：{CODE} ",
    ],
)
def test_time_grows_with_length_only(unit: str) -> None:
    def seconds(count: int) -> float:
        page = read_text(unit * count)
        return cpu_of(lambda: read_facts(page))

    small, large = seconds(4_000), seconds(32_000)
    assert large < 40 * small + 0.05
