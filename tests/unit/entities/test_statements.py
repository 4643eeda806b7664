from __future__ import annotations

import pytest

from netpatrol.entities.duty import home_licence, licence_duty
from netpatrol.entities.features import PageSeen, gather
from netpatrol.entities.register import Register
from netpatrol.entities.statements import find_known_names, find_licence_pictures, find_statements
from netpatrol.items import Fact, PageFacts
from netpatrol.text.html import parse_markup
from netpatrol.text.read import read_facts, read_text
from tests.unit.entities.conftest import TEA


@pytest.mark.parametrize(
    "text",
    [
        "本店依据《电子商务法》第十条，无需办理市场主体登记。",
        "本人销售自产农副产品，依法不需要办理市场主体登记",
        "根据电子商务法，本店属于零星小额交易活动，免于办理登记",
        "个人利用自己的技能从事依法无须取得许可的便民劳务活动，依据电子商务法第十条不需要进行市场主体登记",
    ],
)
def test_declarations(text: str) -> None:
    (found,) = find_statements(read_text(text))
    assert found.name == "exempt_statement"
    assert found.raw == found.value
    assert text.startswith(found.value) or found.value in text


@pytest.mark.parametrize(
    "text",
    [
        "本店销售自产农副产品，欢迎选购",
        "未办理登记的，请到市场监管部门办理登记",
        "第十条 电子商务经营者应当依法办理市场主体登记。但是，个人销售自产农副产品，依法不需要进行登记的除外。",
        "新会员无需注册即可下单",
        "营业执照见下方",
    ],
)
def test_no_declarations(text: str) -> None:
    assert list(find_statements(read_text(text))) == []


def test_pictures_of_licences() -> None:
    page = parse_markup(
        '<img src="/a.jpg" alt="茶"><img src="/img/yyzz.png"><img src="/b.png" alt="营业执照">', "http://s.example/"
    )
    (found,) = find_licence_pictures(page)
    assert found.value == "/img/yyzz.png"
    assert list(find_licence_pictures(None)) == []


def test_registered_names_that_are_no_fact_yet(register: Register) -> None:
    text = read_text("我们的标签在【宜昌市第一印刷厂】印制，感谢宜昌青禾堂大药房有限公司。")
    facts = PageFacts(facts=tuple(fact for fact in read_facts(text).facts if "第一印刷厂" not in fact.value))
    found = [fact.value for fact in find_known_names(text, facts, register)]
    assert found == ["宜昌市第一印刷厂"]


SHOWN = {
    "code": Fact(name="uscc", value=TEA, raw=TEA),
    "picture": Fact(name="licence_picture", value="/yyzz.png", raw="/yyzz.png"),
}


@pytest.mark.parametrize(
    ("home", "below", "state", "rule"),
    [
        pytest.param(["code"], [], "present", None, id="code-on-the-home-page"),
        pytest.param([], ["code"], "not_on_home", "license.not_on_home", id="code-below"),
        pytest.param(["picture"], [], "picture_only", "license.picture_only", id="picture"),
        pytest.param([], [], "absent", "license.missing", id="nothing"),
        pytest.param(None, ["code"], "not_checked", None, id="home-page-not-read"),
    ],
)
def test_the_duty_of_the_home_page(home: list[str] | None, below: list[str], state: str, rule: str | None) -> None:
    pages = [PageSeen(url="http://s.example/a", facts=PageFacts(facts=tuple(SHOWN[n] for n in below)))]
    if home is not None:
        pages.append(PageSeen(url="http://s.example/", facts=PageFacts(facts=tuple(SHOWN[n] for n in home)), home=True))
    evidence = gather(pages, readable=True)
    assert home_licence(evidence) == state
    duty = licence_duty(evidence)
    assert (duty.rule_id if duty else None) == rule


@pytest.mark.parametrize(
    ("text", "kind", "how"),
    [
        ("本店所售茶叶来自枝江市砚峰茶叶店", "known_name", "known"),
        ("技术支持：枝江市砚峰茶叶店", "name", "other"),
        ("商品由枝江市砚峰茶叶店承运", "name", "other"),
        ("厂家：枝江市砚峰茶叶店", "name", "maker"),
        ("友情提示：枝江市砚峰茶叶店", "known_name", "known"),
    ],
)
def test_a_registered_name_that_is_given_to_another_party(text: str, kind: str, how: str, register: Register) -> None:
    page = read_text(text)
    (found,) = find_known_names(page, read_facts(page), register)
    assert (found.name, found.value, found.how) == (kind, "枝江市砚峰茶叶店", how)
    assert page.raw[found.start : found.end] == found.raw
