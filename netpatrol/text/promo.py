"""Owns the signs that a page offers something: price, basket, telephone, code to scan, product."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netpatrol.items import PageText
    from netpatrol.text.html import Document

_OFFER = ("price", "buy", "product")
_PRICE = re.compile(r"[0-9]\s{0,2}元")
_NUMBER = re.compile(r"[0148][0-9][0-9][-) ]{0,2}[0-9]{3,4}[- ]?[0-9]{4}(?![0-9])")

# Plain substrings, not one pattern: five times as fast on a page that holds none of them.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "price": ("¥", "￥", "售价", "促销价", "到手价", "优惠价", "券后价", "抢购价", "特价"),
    "buy": (
        "购物车",
        "立即购买",
        "立即抢购",
        "马上抢",
        "去结算",
        "加购",
        "在线订购",
        "下单",
        "订购",
        "拍下",
        "包邮",
        "立即咨询",
        "立即预约",
        "在线预约",
    ),
    "phone": ("热线", "咨询电话", "订购电话", "联系电话", "客服电话"),
    "qr": ("二维码", "扫码", "扫一扫", "加微信", "微信号", "公众号"),
    "product": ("规格", "净含量", "保质期", "产品名称", "商品名称", "货号", "库存", "品牌：", "产地：", "型号："),
    "contact": ("联系我们", "联系方式", "联系人", "客服", "地址：", "地址:", "来电", "咨询"),
}


def promo_of(document: Document | None, raw: str) -> Mapping[str, bool]:
    """Return which signs of an offer a page shows; `raw` is its text."""
    signs = {name: any(word in raw for word in words) for name, words in _WORDS.items()}
    if not signs["price"]:
        signs["price"] = _PRICE.search(raw) is not None
    if not signs["phone"]:
        signs["phone"] = _NUMBER.search(raw) is not None
    if not signs["product"] and document is not None:
        signs["product"] = document.meta("og:type").lower().startswith("product")
    return signs


def sells(signs: Mapping[str, bool]) -> bool:
    """Whether a page with these signs has something on offer: a price and a way to buy."""
    return signs["price"] and signs["buy"]


def offer_lines(text: PageText) -> dict[str, frozenset[str]]:
    """Return the lines of a page, normalised, that hold signs of an offer (price, buy, product), and which."""
    found: dict[str, set[str]] = {}
    for name in _OFFER if text.norm else ():
        if text.promo.get(name):
            for word in _WORDS[name]:
                for line in _lines_with(word, text.norm):
                    found.setdefault(line, set()).add(name)
    if text.promo.get("price"):
        for line in _lines_with("元", text.norm):
            if _PRICE.search(line):
                found.setdefault(line, set()).add("price")
    return {line: frozenset(signs) for line, signs in found.items()}


def _lines_with(word: str, said: str) -> Iterator[str]:
    """Yield the lines in which a word stands; looked for from the word, as most lines have none."""
    at = said.find(word)
    while at >= 0:
        end = said.find("\n", at)
        end = len(said) if end < 0 else end
        yield said[said.rfind("\n", 0, at) + 1 : end]
        at = said.find(word, end)
