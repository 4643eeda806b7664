"""Forms that are links in all but name: nothing to fill in, and a button that says that something is seen or entered.

`<form action=show.asp><input type=hidden name=id value=3><input type=submit value="查看详情">` asks for `show.asp?id=3`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode, urlsplit

from netpatrol.items import Link
from netpatrol.text.acts import speaks_of_doing
from netpatrol.text.further import GUARDS
from netpatrol.text.html import beginning_of
from netpatrol.text.links import Resolver

if TYPE_CHECKING:
    from netpatrol.text.html import Document, Node

_SEES = re.compile(
    r"\W{0,3}(?:(?:点击|点此|立即|请|马上)?(?:查看|浏览|阅读|了解|观看)(?:商品|产品|更多|全部|全文)?(?:详情|详细|内容|介绍|信息|资料)?|"
    r"(?:商品|产品)?(?:详情|详细|详细(?:介绍|信息|资料|内容))|"
    r"(?:点击|点此|立即|请)?进入(?:本?(?:网?站|店铺?)|商城|首页|主页|官网|网店)?|"
    r"(?:view|see|show|read)(?:\s(?:more|details?))?|details?|more|enter(?:\s?(?:site|shop|here))?)\W{0,3}",
    re.IGNORECASE,
)
_BUTTONS = ("submit", "button", "image")


def button_links(document: Document, resolve: Resolver) -> Iterator[tuple[Node, Link]]:
    """Yield the forms that lead somewhere as a link does, with where they lead.

    A form that is posted does so where it has no field at all: what it asks for is its address.
    """
    if "<form" not in document.markup and "<FORM" not in document.markup:
        return
    for form in document.tree.css("form[action]"):
        link = _link_of(form, resolve)
        if link is not None:
            yield form, link


def _link_of(form: Node, resolve: Resolver) -> Link | None:
    if form.css_first("textarea, select") is not None:
        return None
    fields: list[tuple[str, str]] = []
    labels: list[str] = []
    for field in form.css("input, button"):
        kind, name, value = _read(field)
        if kind in _BUTTONS and not name:
            labels.append((value or field.attributes.get("alt") or beginning_of(field, 20)).strip())
        elif kind != "hidden" or GUARDS.search(name):
            return None
        elif name:
            fields.append((name, value))
    url = resolve(form.attributes.get("action") or "")
    posts = (form.attributes.get("method") or "").strip().lower() == "post"
    if not url or not labels or (posts and fields) or not all(map(_SEES.fullmatch, labels)):
        return None
    parts = urlsplit(url)
    if any(map(speaks_of_doing, (unquote(parts.path), *(value for _, value in fields)))):
        return None
    asked = f"{url.partition('?')[0]}?{urlencode(fields, encoding=resolve.encoding, errors='xmlcharrefreplace')}"
    return Link(url=url if posts or not fields else asked, text=labels[0], where="script")


def _read(field: Node) -> tuple[str, str, str]:
    """Return the kind, the name and the value of a field."""
    attributes = field.attributes
    kind = attributes.get("type") or ("submit" if field.tag == "button" else "text")
    return kind.strip().lower(), attributes.get("name") or "", attributes.get("value") or ""
