"""Is it an ad at all? What the part of a page, and the page, is for: asked before any word counts."""

from __future__ import annotations

import re

from netpatrol.detect.context import Page
from netpatrol.items import PartKind

_PROMOTION = (PartKind.PRODUCT_TITLE, PartKind.DETAIL, PartKind.BANNER, PartKind.META)
_ROLES = {
    PartKind.ABOUT: "about",
    PartKind.FOOTER: "information",
    PartKind.NEWS: "information",
    PartKind.REVIEW: "review",
    PartKind.POLICY: "policy",
}
_RULES_OF_POLICY = ("terms", "promo", "unfair", "price")
_RULES_OF_FOOTER = ("absolute", "terms", "unfair", "price", "state")
_NAME = re.compile(
    r"[\w（）()·.&-]{2,45}(?:公司|厂|店|院|站|所|部|行|社|中心|校|场|馆|局|厅|会|处|队|吧|园|楼|亭|铺|室|坊|庄|城|学|组|集团|门诊|堂|轩|阁|网点|户|点|家|屋|库|矿|区|井|船|段|课|组织|基地|商|庙|寺|口)"
)
_LONGEST_LABEL = 10
_SERVICES = ("medical_service", "general_service", "education", "catering", "unknown")
_MEDICAL = ("medical", "medical_ad", "health_food", "food", "cosmetics")
WHY = {
    "UGC": "消费者评价，不是经营者自己的宣传；经营者挑选置顶的评价除外",
    "NEWS": "新闻、公告类内容，同页没有推销商品的内容",
    "LAW": "规则、政策类文字，不是推销",
    "MED-KP": "医疗科普，没有推销商品或机构（医疗广告认定指南第七条）",
    "MED-INFO": "医疗机构信息公开（医疗广告认定指南第五条）",
    "G4": "页脚的主体信息、经营范围，未推销商品（执法指南第四条）",
}


def role_of_page(page: Page) -> str:
    """Return promotion, information, review, policy or about for the page as a whole."""
    kind = page.text.kind
    if kind in _PROMOTION:
        return "promotion"
    if page.informs:
        return "information"
    if kind is PartKind.PAGE and page.is_whole:
        return "promotion"  # no article, so its words are judged as a trader's
    if kind in (PartKind.NEWS, PartKind.ABOUT, PartKind.FOOTER, PartKind.PAGE):
        return "promotion" if page.sells else _ROLES.get(kind, "information")
    return _ROLES.get(kind, "information")


def passes_as(page: Page, part: PartKind, family: str, start: int, end: int) -> str | None:
    """Return the clause by which a hit there is no advertising, None if it is judged as advertising."""
    if part is PartKind.REVIEW:
        return None if page.chosen_reviews or _is_traders(page, start) else "UGC"
    if part is PartKind.NEWS or (part in (PartKind.PAGE, PartKind.DETAIL) and page.informs):
        if family == "ad_id" or (family == "license" and not page.is_press):
            return None  # an advertisement that looks like an article, a shop's own notice: what these rules are about
        return None if _sells_there(page, part, start) else _clause_of_news(page, family, start)
    if part is PartKind.POLICY:
        return None if family in _RULES_OF_POLICY or page.has("promo", *page.reach("zone", start, end)) else "LAW"
    if part is PartKind.FOOTER:
        return _clause_of_footer(page, family, start, end)
    return None


def _is_traders(page: Page, start: int) -> bool:
    """Say whether what stands among reviews is the trader's: 掌柜回复：… up to the end of the block, or right below that label."""
    low, _ = page.reach("zone", start, start)
    _, end = page.sentence(start)
    above = page.view.text[max(0, low - 2 * _LONGEST_LABEL) : low].strip().rpartition("\n")[2].strip("[]【】(): ")
    return page.has("trader_reply", low, end) or (len(above) < _LONGEST_LABEL and page.says("trader_reply", above + ":"))


def _sells_there(page: Page, part: PartKind, start: int) -> bool:
    """Say whether what looks like an article offers goods at that place all the same."""
    if page.news_sells:
        return True
    if part is PartKind.NEWS:
        return page.is_traders or _speaks_for_goods(page, start)
    return not page.is_press and page.praises_own_goods(start)


def _speaks_for_goods(page: Page, start: int) -> bool:
    """Say whether a piece of news speaks for goods: the trader's own voice, or told goods without anything of science."""
    zone = page.reach("zone", start, start)
    if page.has("press", *zone):
        return False
    if page.has("own_voice", *zone) or (page.has("army_doctors", *zone) and not page.has("civic", *zone)):
        return True
    told = page.goods_given and page.goods not in _SERVICES
    return told and not page.has("science", *zone) and not page.has("public_notice", *zone)


def _clause_of_footer(page: Page, family: str, start: int, end: int) -> str | None:
    """Footers carry names, registered scopes and notices; only a slogan or an offer in them is advertising."""
    low, high = page.reach("zone", start, end)
    stretch = page.view.text[low:high].strip()
    if family == "terms" or page.has("promo", low, high):
        return None
    if family not in _RULES_OF_FOOTER or _NAME.fullmatch(stretch):
        return "G4"
    return "G4" if page.has("scope_words", low, high) else None


def _clause_of_news(page: Page, family: str, start: int) -> str:
    if family not in _MEDICAL:
        return "NEWS"
    zone = page.reach("zone", start, start)
    if page.has("science", *zone):
        return "MED-KP"
    return "MED-INFO" if page.has("clinic", *zone) else "NEWS"
