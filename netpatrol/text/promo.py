"""Owns the signs that a page offers something: price, basket, telephone, code to scan, product."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_PRICE = re.compile(r"[¥￥]\s{0,2}\d|\d\s{0,2}元|售价|促销价|到手价|优惠价|券后价|抢购价")
_BUY = re.compile(r"购物车|立即购买|立即抢购|马上抢|去结算|加购|在线订购|立即下单|在线下单|订购热线|下单|拍下|包邮|立即咨询|立即预约|在线预约")
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[-) ）]?\s?\d{7,8}|[48]00[- ]?\d{3}[- ]?\d{4})(?!\d)|热线|咨询电话|订购电话|联系电话|客服电话")
_QR = re.compile(r"二维码|扫码|扫一扫|加微信|微信号|加我微信|公众号")
_PRODUCT = re.compile(r"规格|净含量|保质期|产品名称|商品名称|品牌[：:]|产地[：:]|货号|型号[：:]|库存")
_CONTACT = re.compile(r"联系我们|联系方式|联系人|客服|地址[：:]|来电|咨询")


def promo_of(document: Document | None, raw: str) -> Mapping[str, bool]:
    """Return which signs of an offer a page shows; `raw` is its text."""
    product = _PRODUCT.search(raw) is not None
    if document is not None and not product:
        product = document.meta("og:type").lower().startswith("product") or '"@type":"Product"' in document.markup.replace(" ", "")[:0]
    return {
        "price": _PRICE.search(raw) is not None,
        "buy": _BUY.search(raw) is not None,
        "phone": _PHONE.search(raw) is not None,
        "qr": _QR.search(raw) is not None,
        "product": product,
        "contact": _CONTACT.search(raw) is not None,
    }
