"""Whose a name is: the shop's own, a maker's, or another party's; and where a name begins and ends."""

from __future__ import annotations

import pytest

from netpatrol.items import PageFacts
from netpatrol.text.html import parse_markup
from netpatrol.text.read import read_document, read_facts, read_text
from tests.support.timing import cpu_of
from tests.unit.text.test_facts import CODE, facts_of

FIRM = "宜昌云山网络科技有限公司"
OWN = "宜昌青峡农业有限公司"


def named(text: str) -> list[tuple[str, str]]:
    return [(fact.value, fact.how) for fact in facts_of(text).of("name")]


def facts_of_markup(markup: str) -> PageFacts:
    document = parse_markup(markup, "http://shop.example/")
    return read_facts(read_document(document), document)


OTHERS = [
    f"技术支持：{FIRM}", f"技术支持 {FIRM}", f"技术支持\n{FIRM}", f"网站建设：{FIRM}", f"网站设计：{FIRM}", f"设计制作：{FIRM}",
    f"网站建设单位：{FIRM}", f"备案代理：{FIRM}", f"承运：{FIRM}", f"承运商：{FIRM}", f"物流：{FIRM}", f"配送：{FIRM}", f"快递公司：{FIRM}",
    f"支付服务：{FIRM}", f"开户银行：{FIRM}", f"Powered by {FIRM}", f"{FIRM}提供技术支持", f"本站由{FIRM}提供技术支持",
    f"由{FIRM}承建", f"商品由{FIRM}承运", f"物流公司名称：{FIRM}", f"技术支持由{FIRM}提供", f"网站建设{FIRM}",
    f"技术支持 | {FIRM}", f"技术支持：【{FIRM}】", f"技术支持·{FIRM}", f"Design by {FIRM}", f"配送服务由{FIRM}提供", f"合作客户：{FIRM}",
    f"入驻平台：{FIRM}", f"检测机构：{FIRM}", f"网站由{FIRM}制作", f"技术支持：{FIRM}（电话：13886541234）",
    f"服务器由{FIRM}提供", f"正品由{FIRM}承保", f"物流查询 {FIRM}", f"友链：{FIRM}", f"地图数据 © {FIRM}",
    f"Powered by ECShop v2.7.3 © 2005-2020 {FIRM}", f"Powered by 某商城系统 Copyright {FIRM}",
]  # fmt: skip


@pytest.mark.parametrize("text", OTHERS)
def test_other_parties(text: str) -> None:
    assert named(text) == [(FIRM, "other")]


MAKERS = ["生产企业", "生产厂家", "生产商", "制造商", "委托方", "受托方", "经销商", "总经销", "总经销商", "授权方", "总代理", "供应商", "生产企业名称", "出品方", "承办单位"]


@pytest.mark.parametrize("label", MAKERS)
@pytest.mark.parametrize("gap", ["：", "\n", ": "])
def test_makers(label: str, gap: str) -> None:
    assert named(f"{label}{gap}{FIRM}") == [(FIRM, "maker")]


def test_what_a_firm_makes_is_not_for_sale_by_it() -> None:
    assert named(f"本品由{FIRM}生产，{OWN}销售") == [(FIRM, "maker"), (OWN, "free")]


@pytest.mark.parametrize("text", [f"本店为{FIRM}授权经销商", f"我店是{FIRM}的官方授权店", f"{OWN} 与 {FIRM} 联合出品", f"{OWN} 是 {FIRM} 旗下全资子公司"])
def test_whose_goods_are_sold_or_whose_child_the_shop_is(text: str) -> None:
    assert (FIRM, "maker") in named(f"{text}\n{OWN}")
    assert (OWN, "free") in named(f"{text}\n{OWN}")


@pytest.mark.parametrize(
    ("text", "others"),
    [
        (f"合作快递：{FIRM}、武汉乙物流有限公司", 2),
        (f"友情链接：{FIRM} 武汉乙食品有限公司 | 武汉丙食品有限公司", 3),
        (f"技术支持：{FIRM} {OWN}", 1),
    ],
)
def test_a_list_of_other_parties_goes_on(text: str, others: int) -> None:
    assert [how for _, how in named(f"{text}\n{OWN}")].count("other") == others
    assert (OWN, "free") in named(f"{text}\n{OWN}")


ELSEWHERE = f'<li>友情链接</li><li><a href="http://a.example/">{FIRM}</a></li><li><a href="http://b.example/">武汉乙食品有限公司</a></li>'


@pytest.mark.parametrize(
    ("markup", "free"),
    [
        pytest.param(f"{ELSEWHERE}<p>{OWN}</p>", [OWN], id="friends"),
        pytest.param(f'<a href="http://a.example/">{OWN}</a>', [OWN], id="nobody else"),
        pytest.param(f'<a href="http://m.shop.example/">{OWN}</a><p>{FIRM}发货</p>', [OWN, FIRM], id="its own site"),
        pytest.param(f'<a href="http://zzlz.gsxt.gov.cn/x">{OWN}</a><p>{FIRM}发货</p>', [OWN, FIRM], id="its licence"),
        pytest.param(f'<a href="http://a.example/">{OWN}</a><p>{FIRM}发货</p><p>{OWN}</p>', [OWN, FIRM], id="named as well"),
    ],
)
def test_names_that_only_lead_to_other_sites_are_others(markup: str, free: list[str]) -> None:
    assert [fact.value for fact in facts_of_markup(markup).of("name") if fact.how == "free"] == free


OWNERS = {
    "seller": (f"销售单位：{OWN}", "label"),
    "stamped": (f"企业名称（盖章）：{OWN}", "label"),
    "in_a_sentence": (f"公司名称为{OWN}", "label"),
    "in_quotes": (f"公司名称：“{OWN}”", "label"),
    "in_square_brackets": (f"公司名称:【{OWN}】", "label"),
    "filed_by": (f"ICP备案主体：{OWN}", "copyright"),
    "person": ("经营者姓名：鲁国栋", "label"),
    "label": (f"公司名称：{OWN}", "label"),
    "operator": (f"经营者：{OWN}", "label"),
    "food_licence": (f"食品生产经营者名称：{OWN}", "label"),
    "of_a_platform": (f"平台商家名称：{OWN}", "label"),
    "full_name": (f"商户全称：{OWN}", "label"),
    "copyright": (f"版权所有 © 2024 {OWN}", "copyright"),
    "host": (f"主办单位：{OWN}", "copyright"),
    "run_by": (f"本店由{OWN}运营", "label"),
    "powered": (f"Powered by ECShop © 2015-2024 {OWN} 版权所有", "copyright"),
    "run_and_made_by": (f"本店由{OWN}生产、销售", "free"),
    "alone": (OWN, "free"),
    "after_a_menu": (f"首页 产品 技术支持 联系我们\n{OWN}", "free"),
    "a_carrier_by_trade": ("公司名称：宜昌青峡物流有限公司", "label"),
    "a_builder_by_trade": ("版权所有 宜昌青峡网站建设有限公司", "copyright"),
    "a_holding": ("宜昌青峡控股集团有限公司", "free"),
    "held_by": ("云山集团控股宜昌青峡农业有限公司", "free"),
    "sent_by": (f"全部商品均由{OWN}发货", "free"),
    "a_cause_in_its_name": ("宜昌缘由茶业有限公司", "free"),
    "before_its_address": ("说明\n五峰栖霞草本商行　地址：五峰县渔洋关镇老街9号", "free"),
    "before_all_rights": ("说明\n枝江市云雀车行 版权所有　地址：枝江市民主大道12号", "free"),
    "a_school_before_all_rights": ("说明\n夷陵区巧手职业培训学校　版权所有", "free"),
    "before_all_rights_and_years": ("说明\n宜都市红花套刀具行 版权所有 © 1999-2026\n电话：0717-4836217", "free"),
    "a_chamber_before_all_rights": ("说明\n枝江市城南商会 版权所有", "free"),
    "before_its_code": (f"说明\n远安县晶缘饰品店　统一社会信用代码：{CODE}", "free"),
    "heads_its_fields": (f"说明\n远安县晶缘饰品店　远安县鸣凤大道12号　0717-3812345　统一社会信用代码：{CODE}", "free"),
    "heads_its_fields_by_label": (f"说明\n商家信息（认证）：远安县晶缘茶坊　鸣凤大道　电话：0717-3812345　{CODE}", "free"),
    "above_its_code": (f"说明\n远安县鸣凤坛子酒坊\n{CODE}\n15972710000", "free"),
    "heads_its_fields_by_commas": (f"说明\n景泰石艺工作坊，宜昌市伍家岗区橘乡路15号，电话0717-3812345，统一社会信用代码{CODE}", "free"),
    "before_its_bare_code": (f"说明\n五峰渔洋关青崖茶坊 {CODE}", "free"),
    "above_its_address_and_code": (f"说明\n当阳市半月镇丰禾农资店\n地址：当阳市半月镇春光路14号\n手机：13872566093\n执照：{CODE}", "free"),
    "heads_its_fields_in_bars": ("说明\n远安县晶缘饰品店｜0717-3812345｜鄂ICP备2024012345号", "free"),
    "renamed": ("更名为宜昌青峡机床有限公司", "free"),
    "over_the_door": ("店铺名称：宜昌青峡蜂蜜店", "shop"),
}


@pytest.mark.parametrize(("text", "how"), OWNERS.values(), ids=OWNERS)
def test_own_names(text: str, how: str) -> None:
    assert [found for _, found in named(text)] == [how]


def test_one_firm_in_two_parts_is_known_by_the_better() -> None:
    assert named(f"版权所有 © 2024 {FIRM}\n技术支持：{FIRM}") == [(FIRM, "copyright")]
    assert named(f"技术支持：{FIRM}\n公司名称：{FIRM}") == [(FIRM, "label")]
    assert named(f"{FIRM}\n技术支持：{FIRM}") == [(FIRM, "other")]


BEHIND = {
    "bare": (f"技术支持：{FIRM} {CODE}", "other"),
    "in_brackets": (f"技术支持：{FIRM}（{CODE}）", "other"),
    "labelled": (f"生产企业：{FIRM} 统一社会信用代码：{CODE}", "other"),
    "bare_after_the_own_name": (f"版权所有 {OWN} 技术支持：{FIRM} {CODE}", "other"),
    "labelled_after_the_own_name": (f"版权所有 {OWN} 技术支持：{FIRM} 统一社会信用代码：{CODE}", "label"),
    "next_line": (f"技术支持：{FIRM}\n统一社会信用代码：{CODE}", "label"),
    "name_without_a_form": (f"技术支持：枝江市青峡茶叶店 {CODE}", "other"),
    "name_without_a_form_in_brackets": (f"承运：青峡速递（{CODE}）", "other"),
    "own_field_without_a_form": (f"青峡茶叶店：{CODE}", "free"),
    "row_below_a_maker": (f"生产企业\n{FIRM}\n统一社会信用代码\n{CODE}", "other"),
    "row_below_a_maker_on_a_page_with_a_name": (f"生产企业\n{FIRM}\n统一社会信用代码\n{CODE}\n版权所有 {OWN}", "label"),
    "own": (f"企业名称：{OWN} 统一社会信用代码：{CODE}", "label"),
    "own_between": (f"技术支持：{FIRM} 版权所有：{OWN} {CODE}", "free"),
    "own_words_between": (f"技术支持：{FIRM} 本店代码 {CODE}", "free"),
    "both_in_one": (f"版权所有 {FIRM}\n技术支持：{FIRM} {CODE}", "free"),
}


@pytest.mark.parametrize(("text", "how"), BEHIND.values(), ids=BEHIND)
def test_a_code_behind_a_name_is_that_partys(text: str, how: str) -> None:
    assert [(fact.value, fact.how) for fact in facts_of(text).of("uscc")] == [(CODE, how)]


def test_who_runs_the_platform_does_not_run_a_shop_that_names_itself() -> None:
    assert named(f"本店由{OWN}经营，平台运营：{FIRM}") == [(OWN, "label"), (FIRM, "other")]
    assert named(f"平台运营：{FIRM}") == [(FIRM, "copyright")]


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("秭归县市场监督管理局监督电话：0717-2882345", "other"),
        ("秭归县消费者协会 投诉热线 0717-2882345", "other"),
        ("监督电话：0717-2882345（秭归县市场监管局）", "other"),
        ("物价局 0717-2882345", "other"),
        ("服务监督电话：0717-2882345", "label"),
        ("公安局备案 客服电话：0717-2882345", "label"),
        ("市场监管局备案编号 8812 电话：0717-2882345", "label"),
    ],
)
def test_telephones_of_offices_are_none_of_the_shop(text: str, how: str) -> None:
    assert [(fact.value, fact.how) for fact in facts_of(text).of("phone")] == [("0717-2882345", how)]


def test_a_telephone_behind_a_name_is_that_partys() -> None:
    assert [fact.how for fact in facts_of(f"承运：{FIRM} 电话：13886541234").of("phone")] == ["other"]
    assert [fact.how for fact in facts_of(f"公司名称：{OWN} 电话：13886541234").of("phone")] == ["label"]


def test_a_code_that_the_shop_shows_elsewhere_is_its_own() -> None:
    (fact,) = facts_of(f"技术支持：{FIRM} {CODE}\n营业执照 统一社会信用代码：{CODE}").of("uscc")
    assert fact.how == "label"


WHOLE = [
    "秭归县青峡柑橘专业合作社联合社", "宜昌青峡集团有限公司", "宜昌青峡集团股份有限公司", "宜昌青峡门诊部有限公司", "宜昌青峡大药房有限公司",
    "宜昌市青峡供销合作社有限公司", "宜昌青峡研究院有限公司", "湖北青峡石油有限公司夷陵分公司", "湖北青峡石油有限公司宜昌分公司夷陵加油站",
    "湖北青峡农村商业银行股份有限公司西陵支行", "中国青峡集团公司宜昌分公司", "湖北青峡电信股份有限公司远安河口营业厅",
    "宜昌青峡大药房连锁有限公司西陵一路店", "宜昌好手机通讯有限公司", "宜昌电话机商贸有限公司", "宜昌云山网站建设有限公司",
    "宜昌青峡版权代理有限公司", "宜昌青峡热线广告有限公司", "宜昌青峡客服外包有限公司", "宜昌青峡备案咨询有限公司", "宜昌如家酒店有限公司",
    "如皋市青峡商贸有限公司", "宜昌青峡AXX商贸有限公司", "宜昌青峡（集团）有限公司",
]  # fmt: skip
AROUND = {
    "label": "企业名称：{}",
    "cell": "企业名称\n{}\n住所",
    "label_and_telephone": "公司名称：{}电话：0717-6001122",
    "copyright": "版权所有 © 2024 {} 电话：0717-6001122",
    "sentence": "本店由{}运营，欢迎选购",
    "alone": "{}",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("name", WHOLE)
def test_names_are_read_whole(name: str, around: str) -> None:
    assert facts_of(around.format(name)).values("name") == (name,)


ENDS = {
    "telephone": ("公司名称：宜昌青峡农业有限公司电话0717-6001122", ("宜昌青峡农业有限公司",)),
    "address": ("企业名称：宜昌青峡农业有限公司地址：宜昌市西陵区", ("宜昌青峡农业有限公司",)),
    "shop_and_telephone": ("经营者：西陵区青峡手机店手机13886541234", ("西陵区青峡手机店",)),
    "person_and_telephone": ("经营者：鲁国栋手机13886541234", ("鲁国栋",)),
    "person_and_contact": ("经营者：鲁国栋联系电话：13886541234", ("鲁国栋",)),
    "site_built_by": ("版权所有 青峡小铺网站建设：宜昌云山网络有限公司", ("青峡小铺", "宜昌云山网络有限公司")),
    "copyright_of": ("版权所有：青峡网版权归宜昌青峡农业有限公司所有", ("青峡网", "宜昌青峡农业有限公司")),
    "group_and_another": ("宜昌市青峡集团与宜昌云山有限公司", ("宜昌市青峡集团",)),
    "branches": ("宜昌青峡农业有限公司拥有多家分公司", ("宜昌青峡农业有限公司",)),
    "staff": ("宜昌市青峡供水集团有限公司水库管理处干部", ("宜昌市青峡供水集团有限公司",)),
    "own_factory": ("宜昌青峡农业有限公司自有工厂", ("宜昌青峡农业有限公司",)),
    "spaced": ("企业名称：宜昌青峡农业 有限公司 电话", ("宜昌青峡农业有限公司",)),
    "status": ("企业名称：宜昌青峡农业有限公司（存续）", ("宜昌青峡农业有限公司",)),
    "short_for": ("宜昌青峡农业有限公司（以下简称本公司）", ("宜昌青峡农业有限公司",)),
    "kind": ("经营者：西陵区青峡酒坊（个体工商户）", ("西陵区青峡酒坊（个体工商户）",)),
    "former": ("企业名称：宜昌青峡农业有限公司（原青峡果园）", ("宜昌青峡农业有限公司（原青峡果园）",)),
    "department": ("宜昌青峡物流有限公司的物流部", ("宜昌青峡物流有限公司",)),
}


@pytest.mark.parametrize(("text", "names"), ENDS.values(), ids=ENDS)
def test_names_end_where_the_next_field_begins(text: str, names: tuple[str, ...]) -> None:
    assert facts_of(text).values("name") == names


BELOW = {
    "firm": ("企业名称：\n宜昌青峡农业有限公司", ("宜昌青峡农业有限公司",)),
    "person": ("经营者：\n鲁国栋", ("鲁国栋",)),
    "next_label": ("经营者：\n营业时间：早8点", ()),
    "next_label_alone": ("公司名称：\n法定代表人\n鲁国栋", ()),
    "next_label_with_a_firm": ("企业名称：\n生产企业：宜昌云山食品有限公司", ("宜昌云山食品有限公司",)),
    "address": ("企业名称：\n地址：宜昌市西陵区", ()),
    "menu": ("主体名称：\n登录", ()),
    "menu_below_copyright": ("版权所有 ©\n首页", ()),
    "two_lines_down": ("经营者：\n\n鲁国栋", ()),
}


@pytest.mark.parametrize(("text", "names"), BELOW.values(), ids=BELOW)
def test_the_line_below_a_label(text: str, names: tuple[str, ...]) -> None:
    assert facts_of(text).values("name") == names


def test_the_field_below_an_empty_one_keeps_its_own_role() -> None:
    assert named("企业名称：\n生产企业：宜昌云山食品有限公司") == [("宜昌云山食品有限公司", "maker")]


JUNK = [
    "企业名称：____有限公司", "企业名称：__________有限公司", "____有限公司", "XX有限公司", "企业名称：XX有限公司", "企业名称：XXX科技有限公司",
    "宜昌XX商贸有限公司", "企业名称：宜昌××商贸有限公司", "企业名称：***有限公司", "宜昌**商贸有限公司", "某某有限公司", "企业名称：某某有限公司",
    "宜昌某某商贸有限公司", "如宜昌青峡农业有限公司", "例如宜昌青峡农业有限公司", "请填写公司名称，如：宜昌青峡农业有限公司",
    "商家承诺：正品保证", "卖家信用：五星好店", "主办方通知：停电", "经营者类别：个体工商户", "企业名称：宜昌○○商贸有限公司",
    "企业名称：例如宜昌青峡农业有限公司", "企业名称：（请填写）", "企业名称：待补充", "商贸有限公司", "宜昌青峡（农业有限公司",
    "以上条款最终解释权归本工作室所有", "夷陵门店的活动属该会所", "宜昌的奖品在我经营部", "夷陵活动规则由本工作室解释",
]  # fmt: skip


@pytest.mark.parametrize("text", JUNK)
def test_forms_and_examples_name_nobody(text: str) -> None:
    assert facts_of(text).values("name") == ()


@pytest.mark.parametrize(
    "text",
    ["企业名称：/宜昌青峡农业有限公司", "企业名称：宜昌青峡（农业有限公司", "企业名称：宜昌青峡）农业有限公司", "*宜昌青峡农业有限公司",
     "■宜昌青峡农业有限公司"],
)  # fmt: skip
def test_marks_around_a_name_are_none_of_it(text: str) -> None:
    assert facts_of(text).values("name") == ("宜昌青峡农业有限公司",)


@pytest.mark.parametrize(
    "unit",
    ["技术支持", "技术支持：", "有限公司集团", "集团", "合作社联合社", "有限公司分公司", "企业名称\n", "手机", "企业名称：甲手机", "鄂icp备2o ",
     "cp备", "138\n8654\n1234\n", "货号：13800138003 ", "tel:", "6220066/", "如", "某", "__", f"{CODE}13886541234", "技术支持：甲乙有限公司 9"],
)  # fmt: skip
def test_time_grows_with_length_only(unit: str) -> None:
    def seconds(count: int) -> float:
        page = read_text(unit * count)
        return cpu_of(lambda: read_facts(page))

    small, large = seconds(2_000), seconds(16_000)
    assert large < 40 * small + 0.05


def test_time_grows_with_length_only_in_markup() -> None:
    def seconds(count: int) -> float:
        pieces = (f'<i data-uscc="{CODE}" value="{CODE}"></i><p>138<br>8654<br>1234</p><a href="tel:13886541234">x</a>', f'<script>a={{"uscc":"{CODE}"}}</script>')
        markup = "".join(piece * count for piece in pieces)
        return cpu_of(lambda: facts_of_markup(markup))

    small, large = seconds(300), seconds(2_400)
    assert large < 24 * small + 0.05
