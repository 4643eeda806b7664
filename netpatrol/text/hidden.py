"""Tells pages that go on in a way that only their script knows: pagers, 加载更多, goods behind functions with a number.

Nothing is run. A page with a pager of links is no such page; nor are buttons that do something, tabs and carousels.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING

from netpatrol.text.blocks import is_unseen
from netpatrol.text.deeds import does, words_of
from netpatrol.text.further import has_closed_pager
from netpatrol.text.handlers import code_of, handler_links, turns_by_script
from netpatrol.text.html import beginning_of
from netpatrol.text.links import find_links, text_of

if TYPE_CHECKING:
    from netpatrol.text.html import Document, Node

_PAGER = re.compile(
    r"\blaypage(?:\.render)?\s*\(|"
    r"\.(?:pagination|jqPaginator|createPage|paginate|twbsPagination|pager)\s*\(\s*(?:\{|\w+\s*,)|"
    r"\bnew\s+(?:Pagination|Pager)\s*\("
)
_PAGER_HINTS = ("laypage", "agination", "aginator", "createPage", "paginate", ".pager", "Pager(")
"""Calls that draw a pager; a carousel has `pagination:` among its options."""
_NEXT_PAGE = r"[下后]一?[页頁]|next\s?page"
_LOAD_MORE = r"(?:点击|上拉|下拉)?(?:加载|查看|显示|浏览)更多(?:商品|产品|内容|数据|信息)?|load\s?more"
_MORE_WORDS = re.compile(rf"""[>"']\W{{0,3}}(?:{_NEXT_PAGE}|{_LOAD_MORE})""", re.IGNORECASE)
_TELLING = re.compile("[下后更][一多页頁]")
"""What every Chinese one of these words has in it."""
_ONWARD = re.compile(rf"\W{{0,3}}(?:{_NEXT_PAGE})\W{{0,3}}", re.IGNORECASE)
_MORE = re.compile(rf"\W{{0,3}}(?:{_LOAD_MORE})\W{{0,3}}", re.IGNORECASE)
_TURNED = re.compile(r"\W{0,3}(?:[上下前后]一?[页頁]|[尾末]页|next|prev(?:ious)?|第?\s?[2-9]\d{0,4}\s?页?)\W{0,3}", re.IGNORECASE)
_ONE_PAGE = re.compile(r"共\s?(?:<\w+[^>]{0,80}>)?\s?[01]\s?(?:</\w+>)?\s?页|\b1\s?/\s?1\s?页|>\s{0,3}(?:已经|暂时)?没有更多")
_ELEMENTS = "a, span, button, li, div, p, em, i, b, td, font, input[type=button], input[type=submit]"
_MOST = 6_000
_LABEL = 16
_PARENTS = 3
_SMALL = ("a", "li", "span", "button", "p", "b", "i")
_NEXT = re.compile(r"next|more|page|pag", re.IGNORECASE)
_OFF = re.compile(r"\b(?:disabled?|off|cur(?:rent)?|nolink|none|hide|hidden|gray|grey|unable)\b|no-?(?:more|next)", re.IGNORECASE)
_CALL = re.compile(r"([A-Za-z_$][\w$]{0,40})\s{0,3}\(\s{0,3}['\"]?([\w-]{1,40})['\"]?\s{0,3}[,)]")
_NUMBERED = re.compile(r"(?=.*\d)[\w-]+")
_TURN_CALL = re.compile(r"""(?:[pP]age|[lL]ist|[tT]urn)\w{0,20}\(['"]?\d""")
_CALL_HINTS = ("age(", "ist(", "urn(", "ageTo(", "ageNo(")
_TO_PAGE = re.compile(r"page|list|turn", re.IGNORECASE)
_OPENS = frozenset(
    re.findall(
        r"\w+",
        "detail details detailed info view goods product pro prod item items look read open goto href jump show xq xiangqing chakan "
        "article news",
    )
)
"""Words of which one in the name of a function says that it opens a thing …"""
_UI = frozenset(
    re.findall(
        r"\w+",
        "tab tabs slide slider swap img pic image photo pics toggle menu nav scroll top banner focus play video map qq share login code "
        "tag class cat sort type lang num count size color sku set change switch hide close",
    )
)
"""… unless another says that it only shows another part of the page."""
_FEWEST = 3
"""Elements alike before they are taken for goods."""
_HEAD = re.compile(
    r"\bfunction\s{1,3}(?P<named>[\w$]{1,40})\s{0,3}\(|"
    r"(?<![\w$.])(?P<given>[\w$]{1,40})\s{0,3}[=:]\s{0,3}(?:async\s{1,3})?(?:function\b|\(?[\w$,\s]{0,40}\)?\s{0,3}=>)"
)
_BODY = 400
_GOES_BY_ID = re.compile(r"location|\bopen\s*\(|navigateTo|\$router|\bhref\b")
_READS_ID = re.compile(r"""data\s*\(\s*["']\w*id["']|data-\w*id|dataset\.\w*[iI]d""")
_SHOWS = ("div", "li", "tr", "dl", "section", "article", "a", "p", "td")
_BUTTON = re.compile(r"加入|购物车|收藏|删除|购买|点赞|分享|关注|咨询|登录|对比")
_VIEW = re.compile(r"<uni-view\b", re.IGNORECASE)
_PRICE = re.compile(r"[￥¥]\s?\d")


def hides_ways(document: Document) -> bool:
    """Whether a page goes on in a way that only its script knows."""
    return turns_by_script(document) or _pages_on(document) or _opens_by_number(document) or _opens_by_data(document)


def hides_goods(document: Document) -> bool:
    """Whether a drawn page without a link shows several goods: what a click opens, only its script knows."""
    shown = document.markup
    return len(_PRICE.findall(shown, 0, 400_000)) >= _FEWEST or len(_VIEW.findall(shown, 0, 400_000)) >= _FEWEST


def _pages_on(document: Document) -> bool:
    markup = document.markup
    has_words = _may_say_more(markup) and _MORE_WORDS.search(markup) is not None
    draws = any(_PAGER.search(code) for code in document.codes if any(hint in code for hint in _PAGER_HINTS))
    calls = any(hint in markup for hint in _CALL_HINTS) and _TURN_CALL.search(markup) is not None
    if not (has_words or draws or calls) or _has_pager(document):
        return False
    goes_on = draws or has_closed_pager(document) or any(_is_onward(node) for node in document.tree.css(_ELEMENTS)[:_MOST])
    return goes_on and not _ONE_PAGE.search(markup)


def _may_say_more(markup: str) -> bool:
    """Whether a search for `_MORE_WORDS`, which takes three times as long, can find any."""
    if _TELLING.search(markup):
        return True
    lowered = markup.lower()
    return ("next" in lowered and "page" in lowered) or ("load" in lowered and "more" in lowered)


def _has_pager(document: Document) -> bool:
    """Whether a page has links that turn pages: then what is no link among them is where it stands, or its end."""
    return any(
        len(link.text) <= _LABEL and _TURNED.fullmatch(link.text.strip())
        for links in (find_links, handler_links)
        for link in links(document)
        if link.where in ("a", "area", "script")
    )


def _is_onward(node: Node) -> bool:
    said = ((node.attributes.get("value") or "") if node.tag == "input" else node.text(deep=False)).strip()
    if not said or len(said) > _LABEL:
        return False
    if not (is_next := _ONWARD.fullmatch(said)) and not _MORE.fullmatch(said):
        return _turns_by_number(node, said)
    chain = _chain(node)
    if any(_leads(one) or _is_off(one) for one in chain):
        return False
    return not is_next or any(_calls_on(one) for one in chain)


def _turns_by_number(node: Node, said: str) -> bool:
    """Whether a number or an arrow calls a function that is named after pages, with a number."""
    if not re.fullmatch(r"\d{1,4}|[>»›＞]{1,2}", said):
        return False
    calls = ((call[1], call[2]) for call in _CALL.finditer(code_of(node)))
    return any(_TO_PAGE.search(name) and number.isdigit() and not _UI.intersection(words_of(name)) for name, number in calls)


def _chain(node: Node) -> list[Node]:
    """Return an element and the small ones around it, whose click is its own."""
    chain = [node]
    while len(chain) <= _PARENTS and (parent := chain[-1].parent) is not None and parent.tag in _SMALL:
        chain.append(parent)
    return chain


def _leads(node: Node) -> bool:
    href = (node.attributes.get("href") or "").strip() if node.tag == "a" else ""
    return href != "" and not href.startswith("#") and href[:11].lower() != "javascript:"


def _is_off(node: Node) -> bool:
    attributes = node.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return "disabled" in attributes or _OFF.search(named) is not None or is_unseen(attributes)


def _calls_on(node: Node) -> bool:
    """Whether 下一页 looks as if a script waited for its click."""
    attributes = node.attributes
    named = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('rel') or ''}"
    return _NEXT.search(named) is not None or "data-page" in attributes or "(" in (attributes.get("onclick") or "")


def _opens_by_number(document: Document) -> bool:
    """Whether several elements call one function with a number or a key of their own, and that opens something."""
    if not any(hint in document.markup for hint in ("onclick", "onClick", "ONCLICK", "cript:", "CRIPT:")):
        return False
    given: dict[str, set[str]] = defaultdict(set)
    for node in document.tree.css('[onclick], a[href^="j"], a[href^="J"]')[:_MOST]:
        if not _leads(node) and text_of(node, node.attributes):
            for call in _CALL.finditer(code_of(node)):
                if _NUMBERED.fullmatch(call[2]):
                    given[call[1]].add(call[2])
    linked = any(link.where == "script" for link in handler_links(document))
    return not linked and any(len(keys) >= _FEWEST and _opens(name, document) for name, keys in given.items())


def _opens(name: str, document: Document) -> bool:
    """Whether a function opens something: by what it does, else by its name."""
    words = set(words_of(name))
    if does(name) or words & _UI:
        return False
    goes = document.once(_functions).get(name)
    return bool(words & _OPENS) if goes is None else goes


def _functions(document: Document) -> dict[str, bool]:
    """Return the functions of a page, and whether each goes somewhere: all at once, as a page may name thousands."""
    found: dict[str, bool] = {}
    for code in document.codes:
        for head in _HEAD.finditer(code) if "function" in code or "=>" in code else ():
            name = head["named"] or head["given"]
            if name not in found:
                body = code[head.end() : head.end() + _BODY].split("function ")[0]
                found[name] = _GOES_BY_ID.search(body) is not None
    return found


def _opens_by_data(document: Document) -> bool:
    """Whether a script goes somewhere by the number that several elements without a link carry."""
    if "data-" not in document.markup or not any(_READS_ID.search(code) and _GOES_BY_ID.search(code) for _, code in document.scripts):
        return False
    nodes = document.tree.css("[data-id], [data-goods-id], [data-gid], [data-pid]")[:_MOST]
    led = _with_links(document)
    alone = (node for node in nodes if node.mem_id not in led and not any(map(_leads, _chain(node))) and _is_thing(node))
    return len(list(islice(alone, _FEWEST))) >= _FEWEST


def _with_links(document: Document) -> set[int]:
    """Return the links of a page that lead somewhere and all that they stand in, each looked at once."""
    found: set[int] = set()
    for link in document.tree.css("a[href]"):
        node: Node | None = link if _leads(link) else None
        while node is not None and node.mem_id not in found:
            found.add(node.mem_id)
            node = node.parent
    return found


def _is_thing(node: Node) -> bool:
    """Whether an element shows something, and is no button that does something (加入购物车)."""
    said = beginning_of(node, 40).strip()
    return node.tag in _SHOWS and len(said) > 1 and not _BUTTON.search(said[:_LABEL])
