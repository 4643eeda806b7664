"""HTML pages whose shop data lie in a script: `window.__INITIAL_STATE__ = {…}`, `__NEXT_DATA__` and their like.

The state names the shop, its licence page and its API better than the page around it, and a directory drawn by a script
has its shops in nothing else. Whatever a list is called that holds shops is a directory; lists of goods are none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from netpatrol.spiders.platforms._base import ShopFacts, Storefront, storefront_at
from netpatrol.spiders.platforms._data import NAMES, objects, states, text_of
from netpatrol.text.links import Resolver, base_of

if TYPE_CHECKING:
    from netpatrol.text.html import Document

ENOUGH = 2
_SHOPS = re.compile(r"_*(?:all|hot|list|near)?_?(?:shop|store|seller|merchant|vendor|dianpu)_?(?:s|list|items|rows)?_*", re.IGNORECASE)
_SHOP = re.compile(r"(?:shop|store|seller|merchant|vendor)(?:_?(?:info|data|detail|base))?", re.IGNORECASE)
_ADDRESS = ("url", "path", "href", "link", "homeUrl", "home_url", "shopUrl", "shop_url")
_LICENCE = re.compile(r"(?:business_?)?licen[cs]e(?:_?(?:url|link|path|page))?|(?:yyzz|zizhi|cert)(?:_?(?:url|link|path))?", re.IGNORECASE)
_SOLD = ("price", "sku", "stock", "salePrice")


class EmbeddedState:
    """Shops and directories in the state that a script starts from."""

    name = "embedded_state"

    def recognises(self, document: Document) -> bool:
        """Whether the markup assigns or carries state."""
        markup = document.markup
        return document.json is None and ("__" in markup or "application/json" in markup) and "<script" in markup

    def directory(self, document: Document) -> tuple[Storefront, ...]:
        """Return the storefronts of lists that are called shops, or that a script calls so when it assigns them."""
        return shops_in(document, states(document), assigned=True)

    def shop(self, document: Document) -> ShopFacts:
        """Return name and licence page of the shop that the state is about."""
        return facts_in(document, states(document))


def shops_in(document: Document, values: tuple[Any, ...], *, assigned: bool = False) -> tuple[Storefront, ...]:
    """Return the storefronts that lists of shops in these values name; () for fewer than two.

    `assigned`: a whole value that is a list counts as well where the markup assigns it to a name of shops.
    """
    resolve = Resolver(base_of(document), document.encoding.used)
    found: dict[str, Storefront] = {}
    for value in values:
        named = assigned and isinstance(value, list) and re.search(r"(?i)shops?_*\s{0,9}=|stores?_*\s{0,9}=", document.markup)
        for key, item in objects(value):
            if not (_SHOPS.fullmatch(key) or (named and not key)) or any(sold in item for sold in _SOLD):
                continue
            url = resolve(text_of(item, _ADDRESS))
            front = storefront_at(document.url, url, text_of(item, NAMES)) if url else None
            if front is not None:
                found.setdefault(front.prefix, front)
    return tuple(found.values()) if len(found) >= ENOUGH else ()


def facts_in(document: Document, values: tuple[Any, ...]) -> ShopFacts:
    """Return name and licence page of the first object that is called a shop in these values."""
    name = licence = ""
    resolve = Resolver(base_of(document), document.encoding.used)
    for value in values:
        for key, item in objects(value):
            if _SHOP.fullmatch(key):
                name = name or text_of(item, NAMES)
                licence = licence or _licence(item)
            name = name or text_of(item, ("shopName", "shop_name", "storeName"))
    return ShopFacts(name=name, licence=resolve(licence) if licence else "")


def _licence(item: Mapping[str, Any]) -> str:
    """Return the member that is called a licence and holds an address."""
    for key, value in item.items():
        if isinstance(value, str) and _LICENCE.fullmatch(key) and value.startswith(("/", "http")):
            return value
    return ""
