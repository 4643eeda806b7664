"""Owns the names of operators on a page: by their labels, by copyright lines, by legal forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain, islice

from netpatrol.text.found import HAN, MOST, Found, Words
from netpatrol.text.roles import MAKER, OTHER, SHOP, heads_its_line, is_foreign_label, role_of, runs_the_shop

_LEGAL_FORMS = (
    "有限责任公司|股份有限公司|有限公司|股份公司|集团公司|专业合作社联合社|合作社联合社|专业合作社|合作联社|合作社|合伙企业|"
    "有限合伙|个人独资企业"
)
_TRADE_FORMS = (
    "经营部|服务部|门市部|批发部|经销部|营业部|服务中心|工作室|商贸行|事务所|研究院|卫生院|卫生室|门诊部|大药房|"
    "养生馆|美容院|分公司|总公司|集团"
)
_KINDS = ("(个体工商户)", "(个人独资)", "(有限合伙)", "(普通合伙)", "(特殊普通合伙)")  # end the registered name
_LONG_FORMS = f"{_LEGAL_FORMS}|{_TRADE_FORMS}|{'|'.join(map(re.escape, _KINDS))}"
_LEGAL = frozenset(_LEGAL_FORMS.split("|")) | frozenset(_KINDS)
_PLACED = re.compile("[省市县区州]")
# How names of branches end. After the first kind nothing need follow; the others also end plain phrases.
_BRANCH_FORMS = "分公司|支公司|分行|支行|支局|分局|分社|邮政所|分理处|分店|加油站|加气站|加油点|营业厅|营业所|工会委员会"
_UNIT_FORMS = (
    "店|(?<!工)厂|加工厂|(?:服务|业务|营业|经营|门市|经销|营销|批发|生产|采购|销售|供销|综合|项目|工程)部|"
    "(?:管理|办事|代表|销售|经销)处|药房|超市|餐厅|餐馆|酒楼|宾馆|山庄|商场|市场|养殖场|供电公司|供电所|服务站|供应站|电站|粮站|"
    "服务社|服务中心|学校|医院|诊所|工会|委员会"
)
_OF_BRANCH = r"[^\s()（）,，。;；:：、|的是为与及在将由等设]"
_NO_BRANCH = "(?!成立|设立|开设|拥有|旗下|下属|所属|各|多|有|共|其|此|等|授权|版权)"
_ENDS_HERE = (
    "(?:(?![一-鿿])|(?=运营|经营|提供|负责|销售|发货|所有|承办|主办|版权|地址|电话|联系|统一社会|信用代码|备案|技术支持|官网|官方|网站))"
)
_IN_BRACKETS = (  # (普通合伙), (原某某店); no telephone, no word about the firm
    r"\((?![\d\-]{5}|存续|在营|在业|开业|正常|吊销|注销|已|认证|盖章|公章|以下|简称|下称|本店|本公司|甲方|乙方|平台)[^()\n:]{1,16}\)"
)
_AFTER_FORM = re.compile(rf"{_IN_BRACKETS}|[^\s()的是由在与]{{0,20}}(?:{_BRANCH_FORMS}|{_UNIT_FORMS}|厂|部|处)")
_BRANCH = re.compile(
    rf"{_IN_BRACKETS}(?=\s|$|[,，。;；])"
    rf"|{_NO_BRANCH}{_OF_BRANCH}{{0,14}}?(?:{_BRANCH_FORMS})(?:{_OF_BRANCH}{{1,12}}(?:{_BRANCH_FORMS}|{_UNIT_FORMS}){_ENDS_HERE})?"
    rf"|{_NO_BRANCH}{_OF_BRANCH}{{1,14}}(?:{_UNIT_FORMS}){_ENDS_HERE}"
)
# 集团有限公司, 门诊部有限公司, 合作社有限公司: a form that is only the middle of a name.
_GOES_ON = re.compile(
    r"(?:\([^()\n]{1,12}\))?[^\s,，。;；:：、|/()\[\]的是为与及在将由对向从于旗]{0,14}?(?:有限责任公司|股份有限公司|有限公司|股份公司)"
)
_GOES_RIGHT_ON = re.compile("(?:有限责任公司|股份有限公司|有限公司)")
_SHORT_FORMS = (
    "店|厂|行|部|社|所|馆|院|坊|铺|场|中心|医院|诊所|药房|超市|公司|学校|酒店|宾馆|会所|山庄|农庄|基地|企业|"
    "堂|轩|阁|屋|庄|站|城"
)
_FORM = re.compile(_LONG_FORMS)
_ENDS_LIKE_NAME = re.compile(rf"(?:{_LONG_FORMS}|{_SHORT_FORMS}|{_BRANCH_FORMS}|委员会|商会|协会|联合会)(?:\([^()]{{1,20}}\))?$")

# Plain words only, so that the pattern is looked up by first character: five times as fast as with groups.
_LABELS = (
    "主体名称 公司名称 公司全称 企业名称 企业全称 单位名称 单位全称 字号名称 商家名称 商家全称 执照名称 机构名称 经营者名称 商户名称 "
    "商户全称 工商名称 注册名称 法人名称 开办者名称 公司名 企业名 字号 经营主体 开店主体 经营者 经营单位 销售单位 销售企业 销售方 "
    "销售商 所有者 商家 卖家 备案人 开户名 户名 收款单位 收款人"
)
_OF_COPYRIGHT = (  # who runs the site: the shop, or the platform that it stands on
    "版权所有 版权归 copyright © (c) 平台运营方 平台运营商 平台运营 主办单位 主办方 主办 开办单位 运营单位 运营主体 运营方 运营商 "
    "备案主体 备案单位"
)
_OF_MAKERS = (
    "生产企业 生产厂家 生产厂商 生产商 制造商 委托方 受托方 经销商 总经销商 总经销 出品方 出品商 注册人 持有人 承办单位 协办单位"
)
_OF_SHOPS = "店铺名称 店铺名 网店名称 网店名 商铺名称"
_ROLES = {
    **dict.fromkeys(_OF_COPYRIGHT.split(), "copyright"),
    **dict.fromkeys(_OF_MAKERS.split(), MAKER),
    **dict.fromkeys(_OF_SHOPS.split(), SHOP),
}
_LABEL = re.compile("|".join(re.escape(label) for label in f"{_OF_COPYRIGHT} {_OF_MAKERS} {_OF_SHOPS} {_LABELS}".split()))
_OF_A_MAP = re.compile(r"(?:地图(?:数据|服务|来源)?|map(?: data)?) ?:? ?$")  # 地图数据 © 某公司
_POWERED = re.compile(r"powered by[^\n]{0,40}$")
_SOFTWARE = re.compile("软件|网络|信息|科技|数据|云计算|互联")  # whose copyright stands behind Powered by, where it is not the shop's
_ANYBODY = frozenset({"公司", "企业", "单位", "机构"})  # 公司名称 is the shop's, 物流公司名称 a carrier's
_LABEL_MORE = re.compile(r"(?:名称|全称|单位|姓名)?(?:\([^()\n]{1,8}\)(?=\s?:))?(?:[为是](?=[^:\s]{4}))?")  # 企业名称（盖章）：, 名称为
_CODE_BEHIND = re.compile(
    r"(?<=[店厂行部社所馆院坊铺场会校园]) {0,4}[(|]? ?"
    r"(?:统一社会信用代码|社会信用代码|信用代码"
    r"|版权所有(?!者| ?[:归]| ?©(?! ?(?:19|20)\d\d(?: ?[-~至] ?(?:(?:19|20)\d\d|今))? {0,4}\n))"  # a © with years and no name
    r"|(?:经营者|地址|电话|负责人|(?:营业执照)?注册号)(?=:)"
    r"|\n?9\d{7}[0-9a-z]{10}(?![0-9a-z])"
    r"|\n地址:[^\n]{4,40}\n(?:[^\n]{0,30}\n)?[^\n]{0,14}9\d{7}[0-9a-z]{10}(?![0-9a-z]))"
)
_CODE_OF_LINE = re.compile(r"统一社会信用代码|信用代码|(?<![0-9a-z])[159]\d{7}[0-9a-z]{10}(?![0-9a-z])|[一-鿿]icp备")
_FIRST_FIELD = re.compile(r"\s{0,4}(?:[^\s|:]{2,14}:\s{0,2})?([^\s|:,]{5,40})\s{0,3}[\s|,]")
_ADDRESS_NEXT = re.compile(r"\s{0,3}(?:地址:\s?)?[一-鿿]{2,8}(?:省|市|州|县|区)[一-鿿]{2,20}(?:路|街|道|巷|村|镇|大道|园)")
_LINE = 200
_SAID = re.compile("[本我该各]店|小店|门店|分店|总店|欢迎|[旁在的是请到]|[一二三四五六七八九十]楼|楼[上下]|自提|售后|厂家")
_PLAIN_LABEL = re.compile(r"(?:^|[\s>|;,])名 {0,6}称(?:\s{0,3}:|[ \t]{0,3}$)", re.MULTILINE)  # with a colon, or alone in its cell
_AND_LABEL = re.compile(r"[/、及和与]\s?")
_AFTER_LABEL = re.compile(
    r"(?:[\s:：\-|]|©|\(c\)|copyright|版权所有|all rights reserved|by|(?:19|"
    r"20)\d\d(?:\s?[年]?\s?[-~至]\s?(?:(?:19|20)\d\d|今|至今)?)?年?){0,12}"
)
_STOP = re.compile(
    r"[\n|,，。;；、!！?？\"“”《》【】<>•·※★◆]|\s{2,}|\s(?=[^\s(])|地址|电话|手机|热线|统一社会|信用代码|"
    r"法定代表|经营者[:]|经营范围|注册号|营业执照|["
    "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川蜀青藏琼宁"
    r"]icp|icp|版权所有|版权|保留|all rights|rights|技术支持|未经|copyright|©|备案|增值电信|网站|主办|邮编|联系|"
    r"住所|类型[:]|邮箱|客服|不得|禁止|powered|translate"
)
# Words that announce the next field, and stand inside names as well: 好手机通讯有限公司, 网站建设有限公司.
_SOFT = frozenset({"手机", "电话", "热线", "网站", "版权", "备案", "联系", "客服", "邮箱", "地址", "保留", "主办", "营业执照"})
_TAIL = re.compile("[一-鿿a-z0-9&()]{0,26}")
_FIELD = re.compile(
    "人|号|方式|我们|我司|地址|电话|手机|热线|微信|邮箱|网址|由|归|是|为|属|所有|许可|名称|支持|主办|备案|及|与|和|或|在|请|已|[0-9]"
)
_JOINED = re.compile("[的是由与及在]")
_BOUNDARY = re.compile(r"[\s.:：©|,，。;；、!！?？/\\\"“”‘’'《》【】<>\[\]=\-—–_~*•※★◆…+@#&]")
_LEAD = re.compile(
    r"^(?:.{0,14}(?:版权所有|版权归|主办单位|主办|承办|运营方|公司名称|企业名称|单位名称|主体名称|名称|经营者|"
    r"改制|改组|转制|更名|改名|变更|委托方|受托方|生产商|制造商|生产企业|出品方|厂家|厂商|厂名|"
    r"经销商|总代理|备案人|欢迎光临|欢迎访问|欢迎来到|感谢|关于|我们是|我司是|本公司是|这里是|属于|隶属于|来自|"
    r"收款人|户名|运营商|所有者|本[一-鿿]{1,6}由|(?:均|将|皆|店|站|平台|系统|服务器|产品|商品|正品|本品|货物|服务|物流|快递|配送|发货|保险|支付|技术)由|"
    r"(?:本|我)[店站司](?=[为是])|旗下|子公司|全资|控股(?!集团|有限|股份|实业|投资|发展|管理|科技|产业|贸易|商贸|国际|资产|权)|授权)[为是:]?"
    r"|(?:技术支持|网站建设|网站制作|网站设计|设计制作|备案代理)[由为是]?|由|是)(?=.{5,})"
)
_PRAISE = re.compile(  # 宜昌最好的装修公司: what is said of a firm is none of its name, and must not be read as one
    "最[^最的]{1,6}的|(?:第一|唯一|顶级|顶尖|一流|知名|著名|专业|优秀|领先|首家|正规|大型|权威)的"
)
_YEARS = re.compile(r"^(?:(?:19|20)\d\d年?\s{0,2}[\-~至]?\s{0,2})+(?:今|至今)?")
_GENERIC = re.compile(
    r"^(?:.{0,24}的)?(?:年|国家|[省市县](?:级)?|全[国省市县区]|首批|登记|示范|农民|专业)*合作社$"
    r"|^(?:本|我|该|贵|此|某|各|其他|其它|多家|一家|这家|那家|的|任何|相关|正规|专业|大型|物流|快递|进出口|责任|"
    r"股份|保险|合作|母|子|总|商贸|贸易|科技|农业|食品|实业|网络|生物科技|网络科技|电子商务|管理|服务|投资|发展)?(?:有限责任公司|股份有限公司|有限公司|集团|分公司|总公司|合作社|公司)$"
)
_NOT_NAMES = re.compile(
    r"^[问答]:|[?？!！%￥¥]|\d{5,}|https?:|www\.|点击|登录|注册|查看|商品|请输入|不得|如有|以及|所有权|我们|您|仅限|加入|必究|违者|转载|阅读|举报|核心业务|力争|争取|建成|成为|最具|"
    r"解释权|裁定权|决定权|[归由属在与是为向按以经](?:本|我|该)(?:工作室|公司|店|门店|[一-鿿]?厂|合作社|农场|商行|经营部|中心|馆|园|院|校|平台|商城|会所|公寓|酒店)$|"
    r"成立于|\d号(?:楼|院|门|[\d\-一-鿿]{0,6}[层楼室])?$"
)
_PLACEHOLDER = re.compile(
    r"[_*×○〇□■]{2,}|(?<![a-z])x{2,}(?![a-z])|某某|某(?=[一-鿿]{0,6}(?:公司|店|厂))|\.{3,}|…|待补充|待完善|未填写|未公示|暂无|请填写|填写|示例"
)
_MASKED_BEFORE = re.compile(r"[_*×○〇□■]{2}$|[一-鿿][*×]$")
_EXAMPLE_BEFORE = re.compile(r"(?:例如|比如|譬如|诸如|示例|举例|如):?\s?$")
_EXAMPLE = re.compile(
    "(?:例如|比如|譬如|诸如|假如|如果|示例)|如(?!东|皋)(?:[一-鿿]{2,4}[省市县区州]|"
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|陕西|甘肃|"
    "武汉|宜昌|襄阳|荆州|荆门|黄石|黄冈|十堰|孝感|咸宁|随州|恩施)"
)
_NEXT_FIELD = re.compile(
    "登录|注册|首页|搜索|更多|返回|详情|收藏|分享|提交|确定|取消|店铺|商品|产品|分类|评价|全部|关于|帮助|公告|类型|法定代表|法人|"
    "经营范围|营业期限|营业时间|成立日期|注册资本|登记机关|价格|规格|品牌|销量|库存|发货|服务|官网|商城|购物车|我的|导航|菜单|资质"
)
_LEADING = tuple("/\\|_·•~“\"'‘「『【[《<")
_MAX_NAME = 50
_BACK = 34


def find_names(words: Words) -> Iterator[Found]:
    """Yield names of those who run something: after labels, and wherever a legal form ends one.

    `how` says who announces it: `label` the shop's own, `copyright`, `shop` the name over the door, `free` nobody,
    and `maker` or `other` for those that are given to somebody else (roles.py).
    """
    norm = words.norm
    taken: list[tuple[int, int]] = []
    for label in islice(_labels(norm), MOST):
        span = _named_after(norm, _end_of_label(norm, label))
        how = _how(norm, label, span)
        if span is not None and how == MAKER and "\n" in norm[label.end() : span[0]] and not heads_its_line(norm, label.start(), 4):
            continue  # 本店为某公司授权经销商: the end of a sentence, which says nothing of the next line
        if span is not None and how == SHOP and not _ENDS_LIKE_NAME.search(norm, *span):
            continue  # 青峡小窝: nothing that a register would hold
        if span is not None and not any(span[0] < end and start < span[1] for start, end in taken):
            taken.append(span)
            yield _found(words, span, how)
    for span in islice(chain(_before_codes(norm), _heads_of_fields(norm)), MOST):
        if not any(span[0] < end and start < span[1] for start, end in taken):
            taken.append(span)
            yield _found(words, span, role_of(norm, *span) or "free")
    for form in islice(_FORM.finditer(norm), MOST):
        span = _named_before(norm, form)
        if span is not None and not any(span[0] < end and start < span[1] for start, end in taken):
            taken.append(span)
            yield _found(words, span, role_of(norm, *span) or ("label" if runs_the_shop(norm, *span) else "free"))


def _before_codes(norm: str) -> Iterator[tuple[int, int]]:
    """Yield names without a legal form that begin a line: 远安县晶缘饰品店　统一社会信用代码：…, 某某商行　地址：…, 某某车行　版权所有."""
    for label in _CODE_BEHIND.finditer(norm):
        line = norm.rfind("\n", max(0, label.start() - _MAX_NAME), label.start()) + 1
        name = norm[line : label.start()]
        plain = line and len(name.strip()) >= 5 and not _SAID.search(name) and _FORM.search(name) is None
        if plain and _ENDS_LIKE_NAME.search(name) and _is_name(name, line, norm):
            yield line, label.start()


def _heads_of_fields(norm: str) -> Iterator[tuple[int, int]]:
    """Yield the first fields of lines that go on to a code or filing: 远安县晶缘饰品店　鸣凤大道12号　0717-…　统一社会信用代码：…."""
    seen = -1
    for code in _CODE_OF_LINE.finditer(norm):
        line = norm.rfind("\n", max(0, code.start() - _LINE), code.start()) + 1
        field = _FIRST_FIELD.match(norm, line, code.start()) if line != seen and code.start() - line < _LINE else None
        seen = line
        if field is None:
            continue
        name = field[1]
        placed = (_PLACED.search(name) or _ADDRESS_NEXT.match(norm, field.end())) and not _SAID.search(name) and _FORM.search(name) is None
        if placed and _ENDS_LIKE_NAME.search(name) and _is_name(name, line, norm):
            yield field.span(1)


def _labels(norm: str) -> Iterator[re.Match[str]]:
    yield from _LABEL.finditer(norm)
    if "称" in norm:
        yield from _PLAIN_LABEL.finditer(norm)


def _end_of_label(norm: str, label: re.Match[str]) -> int:
    more = _LABEL_MORE.match(norm, label.end())
    return more.end() if more else label.end()


def _how(norm: str, label: re.Match[str], span: tuple[int, int] | None) -> str:
    """Return whose name a label announces."""
    how = _ROLES.get(label[0], "label")
    if how == "copyright":
        if _OF_A_MAP.search(norm, max(0, label.start() - 12), label.start()):
            return OTHER
        if span and _SOFTWARE.search(norm, *span) and _POWERED.search(norm, max(0, label.start() - 60), label.start()):
            return OTHER
    return OTHER if label[0][:2] in _ANYBODY and is_foreign_label(norm, label.start()) else how


def _found(words: Words, span: tuple[int, int], how: str) -> Found:
    return Found("name", _balanced(printed_name(words.raw(*span))), *span, None, False, how)


def _balanced(name: str) -> str:
    """Return a name without brackets where one of them has no counterpart."""
    depth = 0
    for char in name:
        depth += (char == "（") - (char == "）")
        if depth < 0:
            break
    return name if depth == 0 else name.replace("（", "").replace("）", "")


def printed_name(raw: str) -> str:
    """Return a name in its printed script: full width folded, nothing invisible, Chinese brackets."""
    text = unicodedata.normalize("NFKC", raw)
    text = "".join(char for char in text if not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc"))
    return text.replace("(", "（").replace(")", "）")


def _named_after(norm: str, at: int) -> tuple[int, int] | None:
    """Return the span of the name that a label announces; None where what follows is none."""
    gap = _AFTER_LABEL.match(norm, at)
    start = gap.end() if gap else at
    also = _AND_LABEL.match(norm, start)
    if also and _LABEL.match(norm, also.end()):
        return None  # 注册人/生产企业: what follows belongs to the second
    below = "\n" in norm[at:start]
    if below and norm.count("\n", at, start) > 1:
        return None
    while norm[start : start + 1] in _LEADING:
        start += 1
    end = _end_of_name(norm, start)
    while end > start and norm[end - 1] in " :.-(":
        end -= 1
    if end - start > _MAX_NAME:
        return None
    forms = list(_FORM.finditer(norm, start, end))
    if forms:
        last = forms[-1].end()
        after = _AFTER_FORM.match(norm, last, end)
        end = after.end() if after else last
    name = norm[start:end]
    if (below and _is_next_field(name, norm, end)) or _EXAMPLE.match(name):
        return None
    return (start, end) if _is_name(name, at, norm) else None


def _end_of_name(norm: str, start: int) -> int:
    """Return where what a label announces ends: at a break, or at a word that begins the next field."""
    last = min(len(norm), start + _MAX_NAME + 10)
    for stop in _STOP.finditer(norm, start, last):
        if stop[0] == " " and _GOES_RIGHT_ON.match(norm, stop.end()):
            continue  # 青峡农业 有限公司
        if stop[0] not in _SOFT or not _is_inside(norm, start, stop):
            return stop.start()
    return last


def _is_inside(norm: str, start: int, word: re.Match[str]) -> bool:
    """Say whether a word belongs to the name around it: the name is not over yet, and its legal form is to come."""
    before = norm[start : word.start()]
    tail = _TAIL.match(norm, word.end())
    if tail is None or len(before) < 2 or _FIELD.match(tail[0]) or _ENDS_LIKE_NAME.search(before):
        return False
    form = _FORM.search(tail[0])
    if form is not None:
        return not _JOINED.search(tail[0], 0, form.start())
    stop = _STOP.search(tail[0])
    rest = tail[0][: stop.start()] if stop else tail[0]
    return len(rest) <= 10 and _ENDS_LIKE_NAME.search(rest) is not None


def _is_next_field(name: str, norm: str, end: int) -> bool:
    """Say whether the line below a label is no value but the next field or a menu."""
    return ":" in name or norm[end : end + 1] == ":" or _NEXT_FIELD.match(name) is not None


def _is_name(name: str, at: int, norm: str) -> bool:
    """Say whether what follows a label is a name: of a shop by its ending, of a person by its length after a colon."""
    if not 2 <= len(name) <= _MAX_NAME or not HAN.search(name) or _GENERIC.match(name) or _NOT_NAMES.search(name):
        return False
    if ":" in name or _PLACEHOLDER.search(name):
        return False  # 商家承诺: it is another label that was found
    if _ENDS_LIKE_NAME.search(name):
        return len(name) >= 3
    announced = (
        ":" in norm[at - 1 : at + 3]
        or norm[at - 4 : at] == "版权所有"
        or norm[at - 1 : at] == "©"
        or "©" in norm[at : at + 4]
    )
    return announced and len(name) <= 20


def _named_before(norm: str, form: re.Match[str]) -> tuple[int, int] | None:
    """Return the span of the name that ends with this legal form."""
    if (_GOES_RIGHT_ON if form[0] in _LEGAL else _GOES_ON).match(norm, form.end()):
        return None  # a longer form ends it
    line = norm.rfind("\n", max(0, form.start() - _BACK), form.start()) + 1
    start = max(line, form.start() - _BACK, 0)
    for boundary in _BOUNDARY.finditer(norm, start, form.start()):
        start = boundary.end()
    opened = norm.count("(", start, form.start()) - norm.count(")", start, form.start())
    if opened > 0:
        start = norm.rfind("(", start, form.start()) + 1
    elif opened < 0:
        start = norm.find(")", start, form.start()) + 1
    years = _YEARS.match(norm[start : form.start()])
    if years:
        start += years.end()
    lead = _LEAD.match(norm[start : form.end()])
    if lead:
        start += lead.end()
    for praise in _PRAISE.finditer(norm, start, form.start()):
        start = praise.end()
    while start < form.start() and norm[start] in "().:的 ■□●▶►·•":
        start += 1
    end = form.end()
    more = _BRANCH.match(norm, end)
    if more:
        end = more.end()
    name = norm[start:end]
    if (
        form.start() - start < 2
        or len(name) > _MAX_NAME
        or _GENERIC.match(name)
        or _NOT_NAMES.search(name)
        or not HAN.search(name[: form.start() - start])
        or _MASKED_BEFORE.search(norm, max(0, start - 2), start)
        or _PLACEHOLDER.search(name)
        or _EXAMPLE.match(name)
        or _EXAMPLE_BEFORE.search(norm, max(0, start - 5), start)
    ):
        return None
    if form[0] not in _LEGAL and not _PLACED.search(name) and norm[line:end] != name:
        return None  # 集团, 美容院 and the like end many a phrase that names nobody
    return start, end
