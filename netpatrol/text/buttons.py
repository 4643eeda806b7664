"""Forms that are links in all but name: nothing to fill in, and a button that says that something is seen or entered.

`<form action=show.asp><input type=hidden name=id value=3><input type=submit value="查看详情">` asks for `show.asp?id=3`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode, urlsplit

from netpatrol.items import Link
from netpatrol.text.acts import speaks_of_doing
from netpatrol.text.further import GUARDS
from netpatrol.text.html import beginning_of
from netpatrol.text.links import Resolver

if TYPE_CHECKING:
    from netpatrol.text.html import Document, Node

ENTERS = r"进入(?:本?(?:网?站|店铺?)|商城|首页|主页|官网|网店)?"
ENTERS_IN_ENGLISH = r"enter(?:\s?(?:site|shop|here))?"
_SEES = re.compile(
    r"\W{0,3}(?:(?:点击|点此|立即|请|马上)?(?:查看|浏览|阅读|了解|观看)(?:商品|产品|更多|全部|全文)?(?:详情|详细|内容|介绍|信息|资料)?|"
    r"(?:商品|产品)?(?:详情|详细|详细(?:介绍|信息|资料|内容))|"
    rf"(?:点击|点此|立即|请)?{ENTERS}|"
    rf"(?:view|see|show|read)(?:\s(?:more|details?))?|details?|more|{ENTERS_IN_ENGLISH})\W{{0,3}}",
    re.IGNORECASE,
)
_SEVERAL = 2
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


def own_way(button: Node, resolve: Resolver) -> Link | None:
    """Return where a button leads that has an address of its own (`formaction`), with the hidden fields of its form."""
    form = _form_of(button)
    is_sent = "form" in button.attributes or (button.attributes.get("formmethod") or "").strip().lower() == "post"
    if is_sent or (form is not None and _posts(form)):
        return None
    fields = _hidden_of(form) if form is not None else []
    label = ((button.attributes.get("value") or "") if button.tag == "input" else beginning_of(button, 20)).strip()
    url = resolve(button.attributes.get("formaction") or "")
    return _shown_at(url, fields, label, resolve) if url and fields is not None and not speaks_of_doing(label) else None


def _form_of(node: Node) -> Node | None:
    parent = node.parent
    while parent is not None and parent.tag != "form":
        parent = parent.parent
    return parent


def _hidden_of(form: Node) -> list[tuple[str, str]] | None:
    """Return the hidden fields of a form; None where there is anything to fill in."""
    if form.css_first("textarea, select") is not None:
        return None
    read = [_read(field) for field in form.css("input, button")]
    if any(kind not in (*_BUTTONS, "hidden") for kind, _, _ in read):
        return None
    return [(name, value) for kind, name, value in read if kind == "hidden" and name]


def shows_by_posting(document: Document) -> bool:
    """Whether several forms are posted for no more than to show something: 查看详情 beside each of the goods."""
    forms = document.tree.css("form") if "<form" in document.markup or "<FORM" in document.markup else []
    return len(list(islice((form for form in forms if _posts(form) and _fields_of(form)), _SEVERAL))) >= _SEVERAL


def _posts(form: Node) -> bool:
    return (form.attributes.get("method") or "").strip().lower() == "post"


def _fields_of(form: Node) -> tuple[list[tuple[str, str]], str] | None:
    """Return the fields of a form that shows something, and what its button says; None for any other form."""
    if form.css_first("textarea, select") is not None:
        return None
    fields: list[tuple[str, str]] = []
    labels: list[str] = []
    for field in form.css("input, button"):
        kind, name, value = _read(field)
        if kind in _BUTTONS and not name:
            labels.append((value or field.attributes.get("alt") or beginning_of(field, 20)).strip())
        elif kind != "hidden":
            return None
        elif name:
            fields.append((name, value))
    return (fields, labels[0]) if labels and all(map(_SEES.fullmatch, labels)) else None


def _link_of(form: Node, resolve: Resolver) -> Link | None:
    shown = _fields_of(form)
    url = resolve(form.attributes.get("action") or "")
    if shown is None or not url or (_posts(form) and shown[0]):
        return None
    return _shown_at(url, *shown, resolve)


def _shown_at(url: str, fields: list[tuple[str, str]], label: str, resolve: Resolver) -> Link | None:
    """Return the link that a form is which shows something; None where anything speaks of doing."""
    if any(GUARDS.search(name) for name, _ in fields):
        return None
    parts = urlsplit(url)
    if any(map(speaks_of_doing, (unquote(parts.path), *(value for _, value in fields)))):
        return None
    asked = f"{url.partition('?')[0]}?{urlencode(fields, encoding=resolve.encoding, errors='xmlcharrefreplace')}"
    return Link(url=asked if fields else url, text=label, where="script")


def _read(field: Node) -> tuple[str, str, str]:
    """Return the kind, the name and the value of a field."""
    attributes = field.attributes
    kind = attributes.get("type") or ("submit" if field.tag == "button" else "text")
    return kind.strip().lower(), attributes.get("name") or "", attributes.get("value") or ""
