"""Owns the ways onward that are no links: addresses in embedded data, forms that only page on, shops named in text.

Each is cheap where there is none: one search for a literal before anything is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from posixpath import splitext
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode, urlsplit

from netpatrol.items import Link
from netpatrol.text.acts import speaks_of_doing
from netpatrol.text.links import Resolver, base_of
from netpatrol.text.urls import shape

if TYPE_CHECKING:
    from netpatrol.text.html import Document, Node

_KEYED_PATH = re.compile(
    r"""["'](\w{0,40}(?:url|Url|URL|href|link|Link|path|Path|api|Api|next|Next|more|licence|license))["']\s{0,3}:\s{0,3}["'](/[^"'\s<>{}]{1,500}|https?:[^"'\s<>{}]{1,500})["'](?!\s{0,3}\+)"""
)
NO_PAGE = re.compile(r"\.(?:js|css|png|jpe?g|gif|webp|svg|ico|woff2?|ttf|mp[34]|pdf|zip|rar|apk|exe|xml)(?:[?#]|$)", re.IGNORECASE)
_DATA_LINKS = 20_000
"""Of one page, as many as links that stand in tags; a page that holds more says so (`Document.has_more_links`)."""
_SCANNED = 2_000_000
_CHOICES = 500
_PAGING = re.compile(
    r"(?:cur(?:rent)?_?)?page(?:_?(?:no|num|index|size|id))?|p|pn|start|offset|"
    r"(?:type|cat|class|col|list|m)_?id|tid|cid|mod|act(?:ion)?|totalresult",
    re.IGNORECASE,
)
_NARROWS = re.compile(
    r"(?:big|small|sub|n|s)?class_?(?:name|id)?|cls|cat(?:egory)?(?:name)?|col(?:umn)?|types?|sort|kw|keywords?|key|q|wd|words?|lang|brand|area|city",
    re.IGNORECASE,
)
"""Fields that say of which goods the list is."""
GUARDS = re.compile(r"token|csrf|nonce|hash|sign|pass|pwd|auth|secret|viewstate|__", re.IGNORECASE)
"""Fields of what does something; a GET form with any others shows what a link with them would."""
_NO_PLACE = re.compile(r"mod|act(?:ion)?", re.IGNORECASE)
_ASKS_FOR_LIST = re.compile(
    r"(?:(?:get|show|next|goods|products?|items?|news|articles?|shops?|cat(?:egory)?)[_-]?)?"
    r"(?:list|lists|index|search|page|paging|query|goods|products?|items?|news|articles?|category)?|\d{1,9}",
    re.IGNORECASE,
)
"""What `mod`, `act` and `action` may say: which list is shown. Whatever else they say, something is to be done."""
_TURN = re.compile(
    r"\W{0,3}(?:[下上后前]一?[页頁]|next(?:_?page|_?url)?|prev(?:ious)?|第?\s?\d{1,5}\s?页?|尾页|末页)\W{0,3}|[<>«»‹›＞＜→←]{1,3}",
    re.IGNORECASE,
)
NEXT_PAGE = r"[下后]一?[页頁]|next\s?page"
"""下一页, as it is written where there is one; in whatever case."""
_NEXT_BUTTON = re.compile(rf"\W{{0,3}}(?:{NEXT_PAGE})\W{{0,3}}", re.IGNORECASE)
_LONGEST_TURN = 14
_PART = re.compile(r"(?:(?:cur(?:rent)?_?)?page(?:_?(?:no|num|index))?|paged|pg|p|pn)=\d{1,3}", re.IGNORECASE)
_DETAILS = re.compile(
    r"(?:查看|点击查看)?(?:商品|产品|宝贝|图文|详细)?(?:详情|介绍|说明|描述)|(?:商品|产品|宝贝)(?:参数|说明书)|详细(?:信息|资料|内容)"
)
_MORE = re.compile(
    r"\W{0,3}(?:(?:查看|加载|显示|浏览|点击)?更多|(?:load|show|see)?\s?more|go|跳转?到?|转到|(?:到|去)第?\s?页?|首页)\W{0,3}", re.IGNORECASE
)
_OF_A_LIST = re.compile(r"list|index|search|goods|products?|items?|news|articles?|categor|catalog|page|plist|column|channel", re.IGNORECASE)
_PAGE_NAMES = re.compile(r"(?:cur(?:rent)?_?)?page(?:_?(?:no|num|index))?|p|pn|start|offset", re.IGNORECASE)
# Found by its first dot, then looked back from: 0.3 ms on a page of 66 kB; one pattern tried at every character took 5.
_DOTTED = re.compile(r"\.[a-zA-Z0-9][a-zA-Z0-9-]{0,62}(?:\.[a-zA-Z0-9-]{1,63}){1,4}")
_FIRST_LABEL = re.compile(r"(?<![a-z0-9_/.@:-])(?:https?://)?(?:www|m|shop|mall)$", re.IGNORECASE)
_LABEL_ENDS = "wmplWMPL"
_REACH = len("https://shop")
_INTRODUCED = re.compile(
    r"[网域官][址站名网][是：](?:(?<=网址是)|(?<=网站是)|(?<=网址：)|(?<=网站：)|(?<=域名：)|(?<=官网：))"
    r"\s?([a-zA-Z0-9][a-zA-Z0-9-]{0,62}(?:\.[a-zA-Z0-9-]{1,63}){1,4})"
)
_FILE_ENDINGS = ("html", "htm", "php", "jpg", "png", "js", "css", "asp", "aspx", "jsp", "gif", "pdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class PagingForm:
    """A form that carries nothing but where in a list to go on: sent as a reader's click on 下一页 would."""

    url: str
    fields: tuple[tuple[str, str], ...]
    chosen: str = ""
    """The name of its select, if it has one, whose options are numbers of pages."""
    choices: tuple[str, ...] = ()
    charset: str = "utf-8"
    """What a browser would send the fields in: that of the page."""


def data_links(document: Document) -> tuple[Link, ...]:
    """Return addresses that stand under telling keys (url, href, link, next, api …) in embedded or plain JSON."""
    resolve = Resolver(base_of(document), document.encoding.used)
    found: dict[str, Link] = {}
    for text in _data(document):
        document.has_more_links |= len(text) > _SCANNED
        for pair in _KEYED_PATH.finditer(text, 0, _SCANNED):
            if NO_PAGE.search(pair[2]):
                continue
            url = resolve(pair[2].replace("\\/", "/").replace("\\u0026", "&"))
            if url:
                found.setdefault(url, Link(url=url, text=pair[1], where="state"))
            if len(found) >= _DATA_LINKS:
                document.has_more_links = True
                return tuple(found.values())
    return tuple(found.values())


def _data(document: Document) -> Iterator[str]:
    if document.json is not None:
        yield document.markup
    for kind, script in document.scripts:
        if "json" in kind or "url" in script or "Url" in script or "path" in script:
            yield script.replace("\\/", "/")


def paging_forms(document: Document) -> tuple[PagingForm, ...]:
    """Return the POST forms whose every field is hidden or a button and says nothing but where a list goes on.

    Beside that it may say of which goods the list is. A form with anything to fill in, or with a hidden field of another kind
    (a token, a message, a basket), is not ours to send; nor is one whose address, fields or buttons say that something is done
    rather than shown (`speaks_of_doing`). And it must say that it pages on: by each of its buttons or, where it has none that
    says anything, by an address of a list.
    """
    return document.once(_paging_forms)


def _paging_forms(document: Document) -> tuple[PagingForm, ...]:
    return tuple(form for form in _forms(document, "post") if form.fields)


def paging_addresses(document: Document) -> tuple[str, ...]:
    """Return where GET forms of that kind lead: mostly one address; one for each number where a `<select>` gives the page."""
    return document.once(_paging_addresses)


def _paging_addresses(document: Document) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for form in _forms(document, "get"):
        fields = [pair for pair in form.fields if pair[0] != form.chosen]
        for value in form.choices or ("",):
            pairs = [*fields, (form.chosen, value)] if form.chosen else fields
            found[f"{form.url.partition('?')[0]}?{urlencode(pairs, encoding=form.charset, errors='xmlcharrefreplace')}"] = None
    return tuple(found)


def _forms(document: Document, method: str) -> Iterator[PagingForm]:
    if "<form" not in document.markup and "<FORM" not in document.markup:
        return
    resolve = Resolver(base_of(document), document.encoding.used)
    for form in document.tree.css("form"):
        if (form.attributes.get("method") or "get").strip().lower() == method:
            paging = _paging_form(form, resolve, shows=method == "get")
            if paging is not None:
                yield replace(paging, charset=resolve.encoding)


def _paging_form(form: Node, resolve: Resolver, *, shows: bool) -> PagingForm | None:
    attributes: dict[str, Any] = form.attributes
    selects = form.css("select")
    if form.css_first("textarea") is not None or len(selects) > shows:
        return None
    chosen, choices = _pages_of(selects[0]) if selects else ("", ())
    if selects and not choices:
        return None
    fields: list[tuple[str, str]] = []
    said: list[str] = []
    labels: list[str] = []
    for field in form.css("input, button"):
        kind = (field.attributes.get("type") or ("submit" if field.tag == "button" else "text")).strip().lower()
        name, value = field.attributes.get("name") or "", field.attributes.get("value") or ""
        if kind in ("submit", "button", "image") and not name:
            labels += [value, field.text()]
            continue
        if kind != "hidden" or not _is_of_a_list(name, value, shows=shows):
            return None
        fields.append((name, value))
        said.append(value)
    url = resolve(attributes.get("action") or "")
    if not url or not (choices or any(_PAGE_NAMES.fullmatch(name) for name, _ in fields)):
        return None
    path = unquote(url.partition("://")[2].partition("/")[2])
    turns = bool(choices) or _pages_on([label for label in map(str.strip, labels) if label], path)
    if not turns or any(map(speaks_of_doing, (path, *said, *labels))):
        return None
    return PagingForm(url=url, fields=tuple(fields), chosen=chosen, choices=choices)


def _is_of_a_list(name: str, value: str, *, shows: bool) -> bool:
    """Whether a hidden field says which part of which list is shown; `shows`: or anything that a link could say as well."""
    if _NO_PLACE.fullmatch(name):
        return _ASKS_FOR_LIST.fullmatch(value) is not None
    return bool(_PAGING.fullmatch(name) or _NARROWS.fullmatch(name)) or (shows and not GUARDS.search(name))


def _pages_of(select: Node) -> tuple[str, tuple[str, ...]]:
    """Return the name of a select and its options, where these are the numbers of pages; no options for any other."""
    name = select.attributes.get("name") or ""
    values = [(option.attributes.get("value") or option.text()).strip() for option in select.css("option")][:_CHOICES]
    is_paging = _PAGE_NAMES.fullmatch(name) is not None and all(value.isascii() and value.isdigit() for value in values)
    return (name, tuple(values)) if is_paging else ("", ())


def _pages_on(labels: list[str], path: str) -> bool:
    """Say whether the buttons of a form turn pages or, where none says anything, its address is that of a list."""
    if labels:
        return all(_TURN.fullmatch(label) or _MORE.fullmatch(label) for label in labels)
    return _OF_A_LIST.search(path.partition("?")[0].rpartition("/")[2]) is not None


def has_closed_pager(document: Document) -> bool:
    """Whether a form turns pages that is not ours to send."""
    if not (("<form" in document.markup or "<FORM" in document.markup) and _NEXT_BUTTON.search(document.markup)):
        return False
    return not paging_forms(document) and not paging_addresses(document) and any(map(_turns, document.tree.css("form input, form button")))


def _turns(field: Node) -> bool:
    attributes = field.attributes
    kind = (attributes.get("type") or ("submit" if field.tag == "button" else "text")).strip().lower()
    said = (attributes.get("value") or field.text()).strip()
    is_open = kind in ("submit", "image") and "disabled" not in attributes
    return is_open and len(said) <= _LONGEST_TURN and _NEXT_BUTTON.fullmatch(said) is not None


def turns_a_page(link: Link, url: str) -> bool:
    """Whether a link of the page at `url` leads to another page of the list that it is part of: 下一页, », a page number.

    Of what shows a list, both have the same pattern of address; a link that only says 下一页 and leads elsewhere is none.
    """
    said = link.text.strip()
    turns = "next" in link.rel.split() or (len(said) <= _LONGEST_TURN and _TURN.fullmatch(said) is not None)
    return turns and shape(link.url) == shape(url)


def continues(link: Link, url: str) -> bool:
    """Whether a link leads to a further page of the very text at `url`: `/g1_2.html`, `/g1/2.html` and `/g1.html/2/` of
    `/g1.html`, `show.asp?id=3&page=2`.
    """
    here, there = urlsplit(url), urlsplit(link.url)
    if here.netloc != there.netloc:
        return False
    if here.path == there.path:
        more = [pair for pair in there.query.split("&") if pair not in here.query.split("&")]
        return len(more) == 1 and _PART.fullmatch(more[0]) is not None
    path = here.path.rstrip("/")
    stem, ending = splitext(path)
    further = rf"{re.escape(stem)}(?:[_-]|/(?:page[/_-]?)?)\d{{1,3}}{re.escape(ending)}/?|{re.escape(path)}/(?:page/)?\d{{1,3}}/?"
    return path != "" and there.query == here.query and re.fullmatch(further, there.path) is not None


def details(link: Link) -> bool:
    """Whether a link of a page of goods leads to what is to be said of them: 商品详情."""
    return _DETAILS.fullmatch(link.text.strip()) is not None


def named_hosts(text: str) -> tuple[str, ...]:
    """Return addresses of sites that a text names without linking them (`网址是 www.a.example`), as http URLs."""
    found: dict[str, None] = {}
    for name in _named(text):
        host = name.lower().removeprefix("http://").removeprefix("https://").rstrip(".-")
        ending = host.rpartition(".")[2]
        if ending not in _FILE_ENDINGS and ending.isalpha() and "." in host:
            found[f"http://{host}/"] = None
    return tuple(found)


def _named(text: str) -> Iterator[str]:
    """Yield what looks like a host: with a first label that shops use, or where a text says that an address follows."""
    for dotted in _DOTTED.finditer(text):
        start = dotted.start()
        if start and text[start - 1] not in _LABEL_ENDS:
            continue  # most dots stand in numbers, styles and scripts
        label = _FIRST_LABEL.search(text, max(0, start - _REACH), start)
        if label:
            yield label[0] + dotted[0]
    for introduced in _INTRODUCED.finditer(text):
        yield introduced[1]
