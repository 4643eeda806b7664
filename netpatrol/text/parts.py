"""Owns the kind of each part of a page: footer, reviews, policies, news, product title, detail.

Derived from element, id and class on the way down (a child inherits), from headings, and from words at the page's end.
"""

from __future__ import annotations

import re
from functools import lru_cache

from netpatrol.items import PartKind

_WORDS = re.compile(r"[a-z]+|\d+")
_STICKY = frozenset({PartKind.FOOTER, PartKind.REVIEW, PartKind.POLICY, PartKind.META})


def _table(**words: str) -> dict[str, PartKind]:
    """Return the kind of each word."""
    return {word: PartKind(kind) for kind, listed in words.items() for word in listed.split()}


# Not here: `pl` (a list of products as often as 评论) and `notice` (公告: what a shop announces is its own voice).
_BY_WORD = _table(
    footer="footer foot ft flk copyright copyrights beian icp bottom colophon bottombar btm siteinfo",
    review="comment comments commentlist review reviews pinglun pingjia evaluate evaluation rate rating ratelist"
    " feedback reply replies replylist guestbook liuyan koubei appraise testimonial testimonials",
    policy="policy policies terms agreement xieyi tiaokuan privacy aftersale aftersales shouhou"
    " disclaimer xuzhi",
    news="news newslist announcement gonggao xinwen bulletin",
    about="about aboutus company jianjie profile gsjj",
    banner="banner banners slogan carousel swiper slider slideshow hero promo focus flash",
    detail="detail details description desc goodsdesc productdetail miaoshu rte goodsdetail xiangqing",
    page="postlist",  # a board's list of posts: the offer is the first of them
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLE_CLASS = re.compile(
    r"product[_-]?(?:title|name)|goods[_-]?(?:title|name)|item[_-]?(?:title|name)|sku[_-]?name|entry-title|"
    r"loop-product__title|tb-main-title"
)


@lru_cache(maxsize=20_000)
def part_of_element(tag: str, mark: str, names: str, parent: PartKind) -> PartKind:
    """Return the kind of an element with this id (`mark`) and these classes inside a parent of that kind."""
    if parent in _STICKY:
        return parent
    if tag == "footer":
        return PartKind.FOOTER
    own = _by_names(mark, names) if mark or names else None
    if own is PartKind.FOOTER and tag in ("body", "main"):
        own = None
    if tag == "marquee":
        return PartKind.BANNER
    if tag == "h1" or (_TITLE_CLASS.search(names) or _TITLE_CLASS.search(mark) if mark or names else False):
        return PartKind.PRODUCT_TITLE if own not in _STICKY else own
    if own is None and tag == "address" and parent is PartKind.PAGE:
        return PartKind.FOOTER
    return own or parent


def _by_names(mark: str, names: str) -> PartKind | None:
    """Return the kind that an id or a class word names; the id counts first."""
    for text in (mark, names):
        if not text:
            continue
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text[:200]).lower()
        for word in _WORDS.findall(spaced):
            kind = _BY_WORD.get(word)
            if kind is not None:
                return kind
    return None


def is_heading(tag: str) -> bool:
    """Say whether a tag is a heading or leads a list as one."""
    return tag in _HEADINGS or tag in ("dt", "th", "legend", "summary", "caption")


_BY_HEADING = (
    (
        re.compile(
            r"评价|评论|买家秀|晒单|口碑|用户反馈|留言|客户见证|网友说|[酒茶书花车鱼店吃食]友们?(?:这样|怎么)?(?:说|的话)$|"
            r"(?:老乡|乡亲|街坊|邻居|邻里|主家|客人|顾客|住客|游客|食客|老客|买家)们?(?:这样|怎么)?(?:说|的话|来信)$"
        ),
        PartKind.REVIEW,
    ),
    (
        re.compile(r"须知|条款|协议|售后|退换|退货|免责|隐私|声明|规则|服务承诺|配送说明|发货说明|购物指南|帮助"),
        PartKind.POLICY,
    ),
    (re.compile(r"公告|新闻|资讯|动态|通知"), PartKind.NEWS),
    (re.compile(r"关于我们|公司简介|企业简介|品牌故事|公司介绍|企业文化|关于本店|店铺介绍|发展历程"), PartKind.ABOUT),
)


def part_of_heading(text: str) -> PartKind | None:
    """Return the kind of the section that a heading like 用户评价（128） opens; None where it says nothing."""
    if not 2 <= len(text) <= 16:
        return None
    return next((kind for pattern, kind in _BY_HEADING if pattern.search(text)), None)


_AT_THE_END = re.compile(
    r"版权所有|©|\(c\)\s{0,3}(?:19|20)\d\d|copyright|ICP备|ICP证|公网安备|统一社会信用代码|营业执照|主办单位|"
    r"技术支持|all rights reserved",
    re.IGNORECASE,
)


def looks_like_footer(text: str) -> bool:
    """Say whether a block near the end of a page is part of its legal notice."""
    return len(text) <= 400 and _AT_THE_END.search(text) is not None


_BY_PAGE = (
    (re.compile(r"用户协议|隐私政策|服务条款|退换货|售后政策|购物须知|免责声明"), PartKind.POLICY),
    (re.compile(r"关于我们|公司简介|企业简介|品牌故事|公司介绍|企业文化|关于本店"), PartKind.ABOUT),
)
_NEWS_PATH = re.compile(r"/(?:news|article|xinwen|zixun|info|a|content)/[^?]*\d")


def part_of_page(title: str, heading: str, url: str, *, sells: bool) -> PartKind:
    """Return the kind of the main text of a whole page; `sells` says that it offers something with price and basket."""
    name = heading or re.split(r"[-_|—–]", title, maxsplit=1)[0]
    for pattern, kind in _BY_PAGE:
        if len(name) <= 20 and pattern.search(name):
            return kind
    if sells:
        return PartKind.DETAIL
    path = url.partition("://")[2].partition("/")[2]
    if _NEWS_PATH.search("/" + path):
        return PartKind.NEWS
    if re.search(r"(?:^|/)about(?:us)?(?:[./_-]|$)", path):
        return PartKind.ABOUT
    return PartKind.PAGE


_BY_KEY = _table(
    review="comment comments review reviews reviewbody rate rates evaluate appraise feedback reply",
    footer="footer copyright icp beian",
    detail="desc description detail details deschtml content intro",
    policy="policy agreement privacy notice aftersale",
    news="news article",
    banner="banner banners slogan",
)


@lru_cache(maxsize=5_000)
def part_of_key(path: str) -> PartKind | None:
    """Return the kind that the keys leading to a string of embedded data name, the outermost telling key first."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", path).lower()
    return next((_BY_KEY[word] for word in _WORDS.findall(spaced) if word in _BY_KEY), None)
