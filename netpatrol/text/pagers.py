"""Tells lists that go on in a way that only their script knows: pagers that it draws, 加载更多, what comes when a reader scrolls.

A page with a pager of links is no such list; nor are the arrows of a carousel, tabs, or a button back to the top.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from netpatrol.text.bare import may_write
from netpatrol.text.blocks import is_unseen
from netpatrol.text.deeds import words_of
from netpatrol.text.further import NEXT_PAGE, has_closed_pager
from netpatrol.text.handlers import code_of, handler_links, led_by_script
from netpatrol.text.links import find_links
from netpatrol.text.literals import function_body

if TYPE_CHECKING:
    from netpatrol.text.html import Document, Node

_DRAWS = re.compile(
    r"\blaypage(?:\.render)?\s*\(|"
    r"\.(?:pagination|jqPaginator|createPage|paginate|twbsPagination|pager)\s*\(\s*(?:\{|\w+\s*,)|"
    r"\bnew\s+(?:Pagination|Pager)\s*\(|"
    r"\.(?:dropload|infiniteScroll|infinitescroll|jscroll|endlessScroll|ias)\s*\(\s*\{|\bflow\.load\s*\(|\bnew\s+(?:MeScroll|InfiniteScroll)\s*\("
)
_DRAWS_HINTS = (
    "laypage", "agination", "aginator", "createPage", "paginate", ".pager", "Pager(", "dropload", "nfinite", "jscroll", "endless", ".ias",
    "flow.load", "MeScroll",
)  # fmt: skip
"""Calls that draw a pager, or take in the next page by scrolling; a carousel has `pagination:` among its options."""
_SCROLLED = re.compile(
    r"\.scroll\s{0,3}\(|\bonscroll\s{0,3}=|(?:addEventListener|\.on|\.bind)\s{0,3}\(\s{0,3}[\"'](?:scroll|touchmove)[\"']|"
    r"\bnew\s{1,3}IntersectionObserver\s{0,3}\("
)
_TAKES_IN = re.compile(
    r"\bajax\b|\$\.(?:get|post|getJSON)\b|\bfetch\s{0,3}\(|XMLHttp|\baxios\b|(?:load|get)_?(?:More|Next|Page|List|Data|Goods|Product)|"
    r"\bpage\w{0,8}\s{0,3}(?:\+\+|\+=)|\+\+\s{0,3}page"
)
"""What a page does when it is scrolled to its end: one that only moves its head or shows its pictures does not."""
_LOAD_MORE = (
    r"(?:点击|上拉|下拉)?(?:加载|查看|显示|浏览)更多(?:商品|产品|内容|数据|信息)?|(?:点击|上拉|下拉)加载(?:下一页)?|加载下一页|load\s?more"
)
_MORE_GOODS = r"[更全换][多部一](?:(?<=更多)|(?<=更多|全部)(?:商品|产品|宝贝|内容|信息)|(?<=换一)[批组换])"
_MORE_WORDS = re.compile(rf"""[>"']\W{{0,3}}(?:{NEXT_PAGE}|{_LOAD_MORE})""", re.IGNORECASE)
_GOODS_AT = re.compile(_MORE_GOODS)
_CALLED = re.compile(r"(?:(?:onclick|cript:)[^<>]{2,200}>\W{0,3}(?:<\w[^<>]{0,60}>\W{0,3})?|value=.)$", re.IGNORECASE)
_REACH = 280
_TELLING = re.compile("[下后更加][一多页頁载]")
"""What every Chinese one of these words has in it."""
_ONWARD = re.compile(rf"\W{{0,3}}(?:{NEXT_PAGE})\W{{0,3}}", re.IGNORECASE)
_MORE = re.compile(rf"\W{{0,3}}(?:{_LOAD_MORE})\W{{0,3}}", re.IGNORECASE)
_GOODS = re.compile(rf"\W{{0,3}}(?:{_MORE_GOODS})\W{{0,3}}")
_LAST = re.compile(r"\W{0,3}(?:[尾末][页頁]|最后一[页頁])\W{0,3}")
_TURNED = re.compile(r"\W{0,3}(?:[上下前后]一?[页頁]|[尾末]页|next|prev(?:ious)?|第?\s?[2-9]\d{0,4}\s?页?)\W{0,3}", re.IGNORECASE)
_ONE_PAGE = re.compile(r"共\s?(?:<\w+[^>]{0,80}>)?\s?[01]\s?(?:</\w+>)?\s?页|\b1\s?/\s?1\s?页|>\s{0,3}(?:已经|暂时)?没有更多")
_ELEMENTS = "a, span, button, li, div, p, em, i, b, td, font, input[type=button], input[type=submit]"
_CLICKED = "a, button, span, li"
_MOST = 6_000
_BOXES = 60
_PLACES = ("pag", "Pag", "data-p", "next")
_BOX_HINTS = ("pager", "paginat", "paging", "laypage", "page-", "pagenav", "pagebar", "pagelist", "pagebox", "pagenum", "Pager", "Paginat")
_LABEL = 16
_PARENTS = 3
_SMALL = ("a", "li", "span", "button", "p", "b", "i")
_NEXT = re.compile(r"next|more|page|pag", re.IGNORECASE)
_OFF = re.compile(r"\b(?:disabled?|off|cur(?:rent)?|nolink|none|hide|hidden|gray|grey|unable)\b|no-?(?:more|next)", re.IGNORECASE)
CALL = re.compile(r"([A-Za-z_$][\w$]{0,40})\s{0,3}\(\s{0,3}['\"]?([\w-]{1,40})['\"]?\s{0,3}[,)]")
_CALLS = re.compile(r"([A-Za-z_$][\w$]{0,40})\s{0,3}\(")
_TURN_CALL = re.compile(r"""(?:[pP]age|[lL]ist|[tT]urn)\w{0,20}\(['"]?\d""")
_CALL_HINTS = ("age(", "ist(", "urn(", "ageTo(", "ageNo(")
_GO_CALL = re.compile(r"""\((?<=(?:go|to|mp|fy)\()['"]?\d""")
"""From its bracket on, as names are many: `go(2)`, `goto(2)`, `jump(2)`."""
_TO_PAGE = re.compile(r"page|list|turn", re.IGNORECASE)
_GO_TO = frozenset(("go", "goto", "to", "jump", "fy"))
_PAGE_BOX = re.compile(
    r"(?<![\w-])(?:el-|ui-|ant-|layui-)?(?:pager|pagination|paging|laypage|page-?(?:nav|bar|list|box|num\w{0,3}))(?!\w)", re.IGNORECASE
)
_BOXED = '[class*="pag"], [id*="pag"], [class*="Pag"], [id*="Pag"]'
_PAGE_DATA = re.compile(r"data-(?:p|pn|page(?:-?(?:no|num|index))?)")
_AFTER = re.compile(r"[»›]{1,2}|>>|next(?:\s?page)?", re.IGNORECASE)
_CAROUSEL = re.compile(r"swiper|slid|carousel|banner|focus|flash|slick|owl-|gallery|flex-?(?:slider|control)", re.IGNORECASE)
_AROUND = 5
_BACK = re.compile(r"(?<![a-z])(?:prev|previous|slick|swiper|carousel|owl|flex-direction)(?![a-z])", re.IGNORECASE)
"""What carousels have that have a next picture."""
UI = frozenset(
    re.findall(
        r"\w+",
        "tab tabs slide slider swap img pic image photo pics toggle menu nav scroll top banner focus play video map qq share login code "
        "tag class cat sort type lang num count size color sku set change switch hide close",
    )
)
"""Words of which one in the name of a function says that it only shows another part of the page."""


def goes_on_by_script(document: Document) -> bool:
    """Whether a page shows the beginning of a list whose rest only its script gets."""
    markup = document.markup
    has_words = (_may_say_more(document) and _MORE_WORDS.search(markup) is not None) or _calls_for_goods(markup)
    draws = _draws(document) or _scrolls_on(document)
    calls = (any(hint in markup for hint in _CALL_HINTS) and _TURN_CALL.search(markup) is not None) or _GO_CALL.search(markup) is not None
    if not (has_words or draws or calls or any(hint in markup for hint in _PLACES)) or _has_pager(document):
        return False
    goes_on = draws or has_closed_pager(document) or _turns_in_place(document) or ((has_words or calls) and _says_more(document))
    return goes_on and not _ONE_PAGE.search(markup)


def _may_say_more(document: Document) -> bool:
    """Whether a search for `_MORE_WORDS`, which takes three times as long, can find any."""
    if _TELLING.search(document.markup):
        return True
    lowered = document.lowered
    return ("next" in lowered and "page" in lowered) or ("load" in lowered and "more" in lowered)


def _calls_for_goods(markup: str) -> bool:
    """Whether 更多 or 换一批 stands behind a call or on a button: looked for from these words back, as calls are many."""
    words = islice(_GOODS_AT.finditer(markup), _BOXES)
    return any(_CALLED.search(markup, max(0, word.start() - _REACH), word.start()) for word in words)


def _draws(document: Document) -> bool:
    return any(_DRAWS.search(code) for code in document.codes if any(hint in code for hint in _DRAWS_HINTS))


def _scrolls_on(document: Document) -> bool:
    """Whether a script asks for more when a reader scrolls."""
    for code in document.codes:
        for scrolled in islice(_SCROLLED.finditer(code), _BOXES) if "croll" in code or "IntersectionObserver" in code else ():
            if _TAKES_IN.search(function_body(code, scrolled.end())):
                return True
    return False


def _has_pager(document: Document) -> bool:
    """Whether a page has links that turn pages: then what is no link among them is where it stands, or its end."""
    return any(
        len(link.text) <= _LABEL and _TURNED.fullmatch(link.text.strip())
        for links in (find_links, handler_links)
        for link in links(document)
        if link.where in ("a", "area", "script")
    )


def _says_more(document: Document) -> bool:
    """Whether an element says that there is more, and is no link."""
    return any(_is_onward(node, document) for node in document.tree.css(_ELEMENTS)[:_MOST])


def _is_onward(node: Node, document: Document) -> bool:
    said = ((node.attributes.get("value") or "") if node.tag == "input" else node.text(deep=False)).strip()
    if not said or len(said) > _LABEL:
        return False
    is_next, is_more, is_goods = (pattern.fullmatch(said) is not None for pattern in (_ONWARD, _MORE, _GOODS))
    if not (is_next or is_more or is_goods):
        return _turns_by_number(node, said)
    chain = chain_of(node)
    led = led_by_script(document)
    if any(leads(one) or one.mem_id in led or _is_off(one) for one in chain):
        return False
    if is_goods:
        return any(_calls_for_more(one) for one in chain)
    return is_more or any(_calls_on(one) for one in chain) or (_waits_for_script(node) and _place(node) in document.once(_with_a_last))


def _turns_by_number(node: Node, said: str) -> bool:
    """Whether a number or an arrow calls a function that is named after pages, with a number."""
    if not re.fullmatch(r"\d{1,4}|[>»›＞]{1,2}", said):
        return False
    calls = ((call[1], call[2]) for call in CALL.finditer(code_of(node)))
    turns = any(number.isdigit() and not UI.intersection(words_of(name)) and _is_turn(name, number, said) for name, number in calls)
    return turns and not _in_carousel(node)


def _is_turn(name: str, number: str, said: str) -> bool:
    return _TO_PAGE.search(name) is not None or (name.lower() in _GO_TO and number == said)


def chain_of(node: Node) -> list[Node]:
    """Return an element and the small ones around it, whose click is its own."""
    chain = [node]
    while len(chain) <= _PARENTS and (parent := chain[-1].parent) is not None and parent.tag in _SMALL:
        chain.append(parent)
    return chain


def leads(node: Node) -> bool:
    """Whether an element is a link that leads somewhere."""
    href = (node.attributes.get("href") or "").strip() if node.tag == "a" else ""
    return href != "" and not href.startswith("#") and href[:11].lower() != "javascript:"


def named(node: Node) -> str:
    """Return what an element is called: its class and its id."""
    return f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"


def _is_off(node: Node) -> bool:
    return "disabled" in node.attributes or _OFF.search(named(node)) is not None or is_unseen(node.attributes)


def _calls_on(node: Node) -> bool:
    """Whether 下一页 looks as if a script waited for its click."""
    attributes = node.attributes
    called = f"{named(node)} {attributes.get('rel') or ''}"
    return _NEXT.search(called) is not None or "data-page" in attributes or "(" in (attributes.get("onclick") or "")


def _calls_for_more(node: Node) -> bool:
    """Whether a click on 更多 or 换一批 calls a function, and not one that goes elsewhere or shows a hidden part."""
    names = {call[1] for call in _CALLS.finditer(code_of(node))} - {"void", "if", "return"}
    said = node.text(deep=False).strip()
    if "换" in said:
        return bool(names)
    names = {name for name in names if not UI.intersection(words_of(name))}
    return bool(names) and (len(said) > len("更多") or any("load" in name.lower() or "more" in name.lower() for name in names))


def _with_a_last(document: Document) -> frozenset[int]:
    """Return the places (`mem_id`) where a 末页 leads nowhere by itself: it waits for a script, as does the 下页 beside it."""
    nodes = document.tree.css('a[href^="j"], a[href^="J"]')[:_MOST]
    return frozenset(_place(node) for node in nodes if _waits_for_script(node) and _LAST.fullmatch(node.text(deep=False).strip()))


def _waits_for_script(node: Node) -> bool:
    return node.tag == "a" and (node.attributes.get("href") or "")[:11].lower() == "javascript:"


def _place(node: Node) -> int:
    return node.parent.mem_id if node.parent is not None else 0


def _turns_in_place(document: Document) -> bool:
    """Whether elements that are no links are numbers of pages by where they stand or what they carry, or an empty pager waits."""
    markup = document.markup
    if "data-p" in markup and any(_carries_number(node) for node in document.tree.css("a, li, span, button")[:_MOST]):
        return True
    nodes = document.tree.css(_BOXED)[:_MOST] if any(hint in markup for hint in _BOX_HINTS) else []
    boxes = islice((node for node in nodes if _PAGE_BOX.search(named(node)) and not _in_carousel(node)), _BOXES)
    if any(_numbers(box) or _waits(box, document) for box in boxes):
        return True
    return "next" in markup and any(map(_is_after, document.tree.css('[class*="next"]')[:_BOXES])) and not _BACK.search(markup)


def _carries_number(node: Node) -> bool:
    said = node.text(deep=False).strip()
    if not (said.isdecimal() and 1 < int(said[:9]) < 10_000) or leads(node) or (node.parent is not None and leads(node.parent)):
        return False
    return any(_PAGE_DATA.fullmatch(name) and value == said for name, value in node.attributes.items()) and not _in_carousel(node)


def _in_carousel(node: Node) -> bool:
    """Whether an element is, or stands closely in, what shows one picture after the other: its numbers are those of pictures."""
    around: Node | None = node
    for _ in range(_AROUND):
        if around is None:
            return False
        if _CAROUSEL.search(named(around)):
            return True
        around = around.parent
    return False


def _numbers(box: Node) -> bool:
    """Whether a pager has numbers of further pages, none of which is a link."""
    said = {node.text(deep=False).strip() for node in box.css(_CLICKED)[:_BOXES]}
    return {"1", "2"} <= said and not any(map(leads, box.css("a")[:_BOXES]))


def _waits(box: Node, document: Document) -> bool:
    """Whether a pager is still empty, and a script that stands elsewhere may fill it."""
    if box.tag not in ("div", "ul", "nav", "p") or len(list(islice(box.traverse(), 2))) > 1 or box.text().strip():
        return False
    return any(node.attributes.get("src") and may_write(node, document) for node in document.tree.css("script[src]"))


def _is_after(node: Node) -> bool:
    """Whether an arrow or a `Next` waits for a script; asked where nothing leads back, as carousels lead both ways."""
    if node.tag not in ("a", "button", "span", "li") or not _AFTER.fullmatch(node.text().strip()[:_LABEL]):
        return False
    chain = chain_of(node)
    return not any(leads(one) or _is_off(one) for one in chain)
