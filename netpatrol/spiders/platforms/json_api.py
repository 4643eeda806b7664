"""Answers of a platform's API: lists that go on page by page, whether or not they say where.

Where an answer names its next page the links of the data lead there. Many only count: `page`, `total`, `pageSize`,
`hasMore`; their next address is the one asked for with the number one higher.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from netpatrol.spiders.platforms._base import ShopFacts, Storefront
from netpatrol.spiders.platforms._data import number_of, objects
from netpatrol.spiders.platforms.embedded_state import facts_in, shops_in

if TYPE_CHECKING:
    from netpatrol.text.html import Document

PAGE = ("page", "pageNo", "pageNum", "page_no", "pageIndex", "page_index", "currentPage", "current_page", "current", "pn", "p")
SIZE = ("pageSize", "page_size", "perPage", "per_page", "size", "limit", "rows")
PAGES = ("pages", "totalPages", "total_pages", "pageCount", "page_count", "totalPage", "total_page", "last_page", "lastPage")
TOTAL = ("total", "totalCount", "total_count", "totalNum", "recordCount", "count")
MORE = ("hasMore", "has_more", "hasNext", "has_next", "hasNextPage", "more")
NEXT = ("next", "nextUrl", "next_url", "nextPage", "next_page")
MOST_PAGES = 10_000


class JsonApi:
    """Shops and lists in the answers of an API."""

    name = "json_api"

    def recognises(self, document: Document) -> bool:
        """Whether the whole body is JSON."""
        return document.json is not None

    def directory(self, document: Document) -> tuple[Storefront, ...]:
        """Return the storefronts of lists of shops."""
        return shops_in(document, (document.json,))

    def shop(self, document: Document) -> ShopFacts:
        """Return the shop's name and licence page, and the next page of a list that only counts."""
        facts = facts_in(document, (document.json,))
        following = next_page(document.url, document.json)
        return ShopFacts(name=facts.name, licence=facts.licence, next_pages=(following,) if following else ())


def next_page(url: str, value: Any) -> str:
    """Return the address of the next page of a list that counts its pages; "" where it ends or says itself."""
    for _, item in objects(value):
        if any(name in item for name in NEXT):
            return ""
        name, number = _asked_for(url, item)
        if name and number < min(_pages(item, number), MOST_PAGES):
            return _with(url, name, number + 1)
    return ""


def _asked_for(url: str, item: Mapping[str, Any]) -> tuple[str, int]:
    """Return parameter and number of the page that an address asks for; the first one where only the answer counts."""
    for part in urlsplit(url).query.split("&"):
        name, _, number = part.partition("=")
        if name in PAGE and number.isdecimal() and len(number) < 6:
            return name, int(number)
    told = next((name for name in PAGE if number_of(item, (name,)) is not None), "")
    return told, number_of(item, (told,)) or 0 if told else 0


def _pages(item: Mapping[str, Any], number: int) -> int:
    """Return how many pages a list has by its own count; 0 where it does not count."""
    pages = number_of(item, PAGES)
    if pages is not None:
        return pages
    total, size = number_of(item, TOTAL), number_of(item, SIZE)
    if total is not None and size:
        return -(-total // size)
    return number + 1 if any(item.get(name) is True for name in MORE) and _has_list(item) else 0


def _has_list(item: Mapping[str, Any]) -> bool:
    return any(isinstance(child, list) and child for child in item.values())


def _with(url: str, name: str, number: int) -> str:
    parts = urlsplit(url)
    query, changed = re.subn(rf"(^|&){re.escape(name)}=\d+", rf"\g<1>{name}={number}", parts.query, count=1)
    if not changed:
        query = f"{parts.query}&{name}={number}" if parts.query else f"{name}={number}"
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
