"""Owns whom a page gives a name to: the shop itself, a maker, or another party (who built the site, who carries goods).

What stands right behind another party's name (its code, its telephone) is that party's as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from netpatrol.text.found import Found

MAKER, OTHER, SHOP = "maker", "other", "shop"
FOREIGN = frozenset({MAKER, OTHER})
"""`how` of names that are no operator's by what the page says; SHOP is the name over a shop's door."""

_SITE = (
    "技术支持|技术支撑|技术服务|技术提供|网站建设|网站制作|网站设计|网站开发|网站维护|网页设计|网页制作|建站支持|建站服务|建站|"
    "设计制作|制作维护|制作单位|设计单位|开发单位|承建单位|承建|承制|软件开发|系统开发|程序开发|备案代理|代理备案|代备案|"
    "域名注册|主机提供|空间提供|服务器提供|服务器|云服务|powered|designed|design|supported|technical support|support"
)
_TRADE = (
    "承运|物流|快递|配送|运输|仓储|支付服务|支付机构|收单机构|结算机构|开户行|开户银行|承保|检测机构|检验机构|检测单位|认证机构|"
    "检测|质检|法律顾问|友情链接|友链|合作物流|物流合作|合作伙伴|合作单位|合作客户|合作银行|客户案例|成功案例|物流查询|快递查询|投诉受理|广告发布|广告代理|担保方|"
    "保险公司|平台提供方|入驻平台|电商平台|所属平台|房东"
)
_MAKERS = (
    "生产企业|生产厂家|生产厂商|生产单位|生产商|生产者|制造企业|制造单位|制造商|加工企业|分装企业|灌装企业|委托单位|委托企业|委托方|"
    "受托单位|受托企业|受托方|供应商|供货商|供货单位|经销商|总经销|总代理|代理商|进口商|出品方|出品商|品牌方|品牌商|授权方|授权商|品牌授权|厂家|厂商|"
    "(?<![一-鿿])(?:生产|制造|出品|监制|进口)(?=:)"
)
_KIND = "(?:服务|单位|方|商|人|公司|企业|机构|银行|服务商|提供方|提供商|平台){0,2}(?:名称|全称)?"
_GAP = r" {0,3}(?::|由|by|为|是|-|\u2014{1,2}|\||·|•)? {0,3}(\n?) {0,2}[<《【\[「“\"(·•]?"
_BEFORE_OTHER = re.compile(rf"(?:{_SITE}|{_TRADE}){_KIND}{_GAP}$")
_BEFORE_MAKER = re.compile(rf"(?:{_MAKERS})(?:名称|全称)?{_GAP}$")
_AFTER_OTHER = re.compile(
    r" {0,2}(?:独家|全程|负责|承担|友情){0,2}(?:为本站|为本店|为您|为我们)?(?:提供)?(?:本站|本网站|网站|平台|的){0,2}"
    r"(?:技术支持|技术支撑|技术服务|技术保障|建站|网站建设|制作|设计|开发(?!区)|承建|承运|配送(?!中心)|运输|物流(?!中心|部|园)|"
    r"快递|支付服务|云服务|服务器|主机|代理备案|备案代理|承保)"
)
_AFTER_MAKER = re.compile(
    r" {0,2}(?:荣誉|联合)?(?:生产|出品|制造|代工|监制)(?![、和及与并经销])"
    r"| {0,2}的?(?:独家|官方|正式)?(?:授权|特约|签约)(?:的|总)?(?:经销|代理|专卖|门店|店)"  # whose goods the shop may sell
    r"| {0,2}(?:旗下)?的?(?:全资|控股)?子公司"  # to whom the shop's firm belongs
)
_FOREIGN_LABEL = re.compile(
    rf"(?:{_SITE}|{_TRADE}|开户|支付|软件|供应|供货|厂家|厂商|平台|受托|委托|代理|生产|制造|加工|出品){_KIND} ?$"
)
_SHOP_RUN_BY = re.compile("(?:本|我)(?:网|小|旗舰|专卖)?店铺?(?:是|系)?由 ?$")
_RUNS = re.compile(" ?(?:负责|独家|全权){0,2}(?:开设|经营|运营|开办|主办|所有|管理)")
_OF_A_PLATFORM = re.compile("平台(?:运营|主办|开办)(?:方|商|单位)?[ :]{1,3}$")
# 市场监管局监督电话：…, …（消费者协会）: the telephone of an office that watches over the shop.
_OFFICE = (
    "(?:市场监管|市场监督管理|工商|物价|税务|药监|药品监督管理|卫生健康|卫健|农业农村|文化和旅游|商务|质监|公安)(?:局|委|所|分局|部门)|监管局|"
    "消费者协会|消费者委员会|消协|消委会"
)
_CALLS_AN_OFFICE = re.compile(rf"(?:{_OFFICE})(?:投诉|监督|举报|服务|咨询|受理|维权|消费|价格|热线|专线|电话|[ :(])*$")
_OFFICE_BEHIND = re.compile(rf" ?\([^()\n]{{0,16}}(?:{_OFFICE})\)")
_REACH = 24
_BEHIND = 40
# A name without a legal form is no fact of the page, but its label says whose the code behind it is.
_FOREIGN_FIELD = re.compile(rf"(?:{_SITE}|{_TRADE}|{_MAKERS}){_KIND} {{0,2}}: {{0,3}}[^\s:,，;；。]{{2,40}}[ (]{{0,3}}$")
_ATTRIBUTED = frozenset({"uscc", "reg_no", "phone", "address"})
_AND = re.compile(r" ?[、和及与] ?")
_APART = re.compile(r"[ |,，;；/·•]{1,6}")
_HEADS_A_LIST = re.compile("友情链接|友链|合作伙伴|合作单位|合作客户|合作银行|合作物流|客户案例|成功案例")
_IN_CELLS = re.compile(r"\n(?:统一社会信用代码|社会信用代码|信用代码):?\n? ?")
_BETWEEN = re.compile(
    r"(?:[ :,，;；()/|\-\u2014]|统一|社会|信用|代码|税号|纳税人|识别号|营业执照|注册号|执照号|号码|编号|证照|组织|机构|电话|手机|热线|联系|"
    r"服务|客服|地址|住所)*"
)


def role_of(norm: str, start: int, end: int) -> str:
    """Return MAKER or OTHER where the words around a name give it to such a party, "" elsewhere."""
    before = norm[max(0, start - _REACH) : start]
    for pattern, role in ((_BEFORE_OTHER, OTHER), (_BEFORE_MAKER, MAKER)):
        found = pattern.search(before)
        if found is not None and (not found[1] or heads_its_line(norm, start - len(before) + found.start())):
            return role
    if _AFTER_OTHER.match(norm, end):
        return OTHER
    return MAKER if _AFTER_MAKER.match(norm, end) else ""


def runs_the_shop(norm: str, start: int, end: int) -> bool:
    """Say whether a sentence names who runs the shop (本店由某公司运营), as well as any label does."""
    return _RUNS.match(norm, end) is not None and _SHOP_RUN_BY.search(norm, max(0, start - 10), start) is not None


def heads_its_line(norm: str, at: int, words: int = 0) -> bool:
    """Say whether a label begins its line, or stands behind so many characters: only then does it speak of the next one."""
    return norm.rfind("\n", 0, at) + 1 >= at - words


def is_foreign_label(norm: str, start: int) -> bool:
    """Say whether a general label (公司名称) is another party's by the word before it (物流公司名称)."""
    return _FOREIGN_LABEL.search(norm[max(0, start - 12) : start]) is not None


def attributed(norm: str, found: Iterable[Found]) -> Iterator[Found]:
    """Yield what was found, in order; what belongs to another party's name says so (`how` is OTHER)."""
    items = list(found)
    labelled = {item.value for item in items if item.name == "name" and item.how == "label"}
    items = [replace(item, how=OTHER) if _runs_the_platform(norm, item, labelled) else item for item in items]
    own = {item.value for item in items if item.name == "name" and item.how in ("label", "copyright")}
    last: Found | None = None
    owned_to = -1  # the end of the line on which the shop has named itself
    for item in items:
        if item.name == "name":
            if item.how == "free" and item.value not in own and last is not None and _is_next_of_a_list(norm, last, item):
                item = replace(item, how=last.how)
            last = item
            if item.value in own:
                line_end = norm.find("\n", item.end)
                owned_to = line_end if line_end >= 0 else len(norm)
        elif item.name == "phone" and _is_of_an_office(norm, item):
            item = replace(item, how=OTHER)
        elif item.name in _ATTRIBUTED:
            bare = item.name == "uscc" and item.how == "free"
            theirs = last is not None and last.how in FOREIGN and last.value not in own
            if theirs and last and (bare or item.start >= owned_to) and _right_behind(norm, last, item, alone=not own):
                yield replace(item, how=OTHER)
                continue
            if bare and _in_foreign_field(norm, last.end if last else 0, item.start):
                yield replace(item, how=OTHER)
                continue
        yield item


def _is_of_an_office(norm: str, phone: Found) -> bool:
    before = _CALLS_AN_OFFICE.search(norm, max(0, phone.start - 2 * _REACH), phone.start)
    return before is not None or _OFFICE_BEHIND.match(norm, phone.end) is not None


def _runs_the_platform(norm: str, item: Found, labelled: set[str]) -> bool:
    """Say whether a name is that of who runs the platform, on a page whose shop names itself otherwise."""
    if item.name != "name" or item.how != "copyright" or not labelled or item.value in labelled:
        return False
    return _OF_A_PLATFORM.search(norm, max(0, item.start - 12), item.start) is not None


def _is_next_of_a_list(norm: str, name: Found, item: Found) -> bool:
    """Say whether a name goes on with a list of other parties: behind 、 or 和, or anywhere in a line of links or partners."""
    if name.how not in FOREIGN:
        return False
    between = norm[name.end : item.start]
    if _AND.fullmatch(between):
        return True
    line = norm.rfind("\n", 0, item.start) + 1
    return _APART.fullmatch(between) is not None and _HEADS_A_LIST.search(norm, line, name.start) is not None


def _in_foreign_field(norm: str, after: int, at: int) -> bool:
    """Say whether a code stands in a field whose label is another party's; `after` is where the last name ended."""
    return _FOREIGN_FIELD.search(norm[max(after, at - 2 * _BEHIND) : at]) is not None


def _right_behind(norm: str, name: Found, item: Found, *, alone: bool) -> bool:
    """Say whether only labels stand between a name and what follows it.

    `alone`: the page names no operator, so that the row below a maker's name is the maker's too.
    """
    if alone and name.how == MAKER and _IN_CELLS.fullmatch(norm, name.end, item.start):
        return True
    return 0 <= item.start - name.end <= _BEHIND and _BETWEEN.fullmatch(norm, name.end, item.start) is not None
