"""Tells pages that lead nowhere on their own host although a script of theirs may: splash pages, menus that a script writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from netpatrol.text.counters import only_counts
from netpatrol.text.further import NO_PAGE, data_links
from netpatrol.text.handlers import handler_links
from netpatrol.text.links import find_links
from netpatrol.text.sniff import Body
from netpatrol.text.urls import bare_host, fetch_url, host_of, named_host, page_key
from netpatrol.text.written import writes_more, written_links

if TYPE_CHECKING:
    from netpatrol.items import Link
    from netpatrol.text.html import Document, Node

_ROOT = re.compile(r"/?(?:(?:index|default|home|main)\.\w{3,5})?", re.IGNORECASE)
_HOME = re.compile(r"(?:返回|网站)?[首主][页頁]|home(?:\s?page)?", re.IGNORECASE)
_WRITES = re.compile(
    r"document\.write|innerHTML|insertAdjacent|\.(?:append|html|load)\s*\(|createElement|\$\.(?:get|post|ajax)|\bfetch\s*\(|XMLHttp"
    r"|location|\.submit\s*\(|\bopen\s*\(|\bnavigate\s*\(|\beval\s*\("
)
LIBRARY = re.compile(
    r"(?:^|/)(?:jquery|zepto|bootstrap|swiper|layer|layui|wow|vue|react|axios|require|sea|modernizr|html5|respond|animate|slide|banner|flexible|"
    r"share|stat|count|tongji|adapt|rem|superslide|lazyload|fastclick|touchslide|iscroll)[\w.-]*\.js",
    re.IGNORECASE,
)
"""Scripts that many sites have alike, and that put no menu on a page."""


def leads_nowhere(document: Document) -> bool:
    """Whether a page has no link to another page of its host, and a script that may well have one."""
    return document.once(_leads_nowhere)


def is_front(document: Document) -> bool:
    """Whether a page stands where the front page of a site does."""
    return document.url != "" and _ROOT.fullmatch(urlsplit(document.url).path) is not None


def _leads_nowhere(document: Document) -> bool:
    if document.body is not Body.HTML or has_own_links(document):
        return False
    return any(may_write(node, document) for node in document.tree.css("script"))


def has_own_links(document: Document) -> bool:
    """Whether a page has a link to another page of its host as it stands, frames and refreshes among them."""
    return document.once(_has_own_links)


def _has_own_links(document: Document) -> bool:
    return any(_is_own(link, document.url) for link in _all_links(document))


def leads_beyond_itself(document: Document) -> bool:
    """Whether a page has a link to a page of its host that is not its own under another name."""
    key = page_key(document.url)
    return any(_is_own(link, document.url) and page_key(link.url) != key for link in _all_links(document))


def _all_links(document: Document) -> Iterator[Link]:
    for links in (find_links, handler_links, data_links):
        yield from links(document)
    if not writes_more(document):
        yield from written_links(document)


def _is_own(link: Link, url: str) -> bool:
    """Whether a link of the page at `url` leads to another of its host: 首页 does not, 进入网站 may do so by another name of the page."""
    if link.where == "canonical" or NO_PAGE.search(link.url) or bare_host(host_of(link.url)) != bare_host(host_of(url)):
        return False
    return page_key(link.url) != page_key(url) or (fetch_url(link.url) != fetch_url(url) and link.text.strip() != "" and not is_home(link))


def is_home(link: Link) -> bool:
    """Whether a link says that it leads to the home page: 首页."""
    return _HOME.fullmatch(link.text.strip()) is not None


def may_write(node: Node, document: Document) -> bool:
    """Whether a script may put links on a page: by what it does or, where it stands elsewhere, unless it is a known kind of another."""
    source = (node.attributes.get("src") or "").strip()
    if not source:
        code = node.text()
        return _WRITES.search(code) is not None and not only_counts(code)  # a counter writes as well, but no way onward
    host = named_host(source)
    if host and bare_host(host) != bare_host(host_of(document.url)):
        return False
    return not LIBRARY.search(source)
