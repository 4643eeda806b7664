"""Tells pages that go on in a way that only their script knows: pagers, 加载更多, goods behind functions with a number.

Nothing is run. A page with a pager of links is no such page; nor are buttons that do something, tabs and carousels.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING

from netpatrol.text.bare import is_front, may_write
from netpatrol.text.buttons import ENTERS, ENTERS_IN_ENGLISH, shows_by_posting
from netpatrol.text.deeds import does, words_of
from netpatrol.text.handlers import code_of, led_by_script, turns_by_script
from netpatrol.text.html import beginning_of
from netpatrol.text.jumps import jump_targets
from netpatrol.text.links import text_of
from netpatrol.text.pagers import CALL, UI, chain_of, goes_on_by_script, leads

if TYPE_CHECKING:
    from netpatrol.text.html import Document, Node

_MOST = 6_000
_NUMBERED = re.compile(r"(?=.*\d)[\w-]+")
_OPENS = frozenset(
    re.findall(
        r"\w+",
        "detail details detailed info view goods product pro prod item items look read open goto href jump show xq xiangqing chakan "
        "article news",
    )
)
"""Words of which one in the name of a function says that it opens a thing, unless another says that it shows a part (`UI`)."""
_FEWEST = 3
"""Elements alike before they are taken for goods …"""
_TWO = 2
"""… and where the code that opens them is at hand."""
_NEAR = 30
_LABEL = 16
_PICKING = ("Select", "Detail", "View", "Show", "Read")
_PICKS = re.compile(
    r"__doPostBack\s{0,3}\(\s{0,3}['\"](?:[^'\"]{0,200}?ctl\d{1,4}[$_:](?P<name>\w{1,40}))?[^'\"]{0,200}['\"]\s{0,3},\s{0,3}"
    r"['\"](?:(?P<of>[A-Za-z]{1,20})\$\d{1,5})?['\"]"
)
_ROW_LINK = re.compile(r"link|lnk|lb|title|name|detail|view|show|goods|product", re.IGNORECASE)
_ENTER = re.compile(
    rf"\W{{0,3}}(?:(?:点击|点此|立即|直接|请)?{ENTERS}|{ENTERS_IN_ENGLISH}|skip(?:\sintro)?)\W{{0,3}}", re.IGNORECASE
)
_MAY_ENTER = re.compile(r"""进入|[>"']\s{0,3}(?:enter|skip)""", re.IGNORECASE)
_ENTRANCES = "a, div, span, button, p, li, td, font, b, strong, img[alt], area[alt], input[type=button], input[type=submit]"
_HEAD = re.compile(
    r"\bfunction\s{1,3}(?P<named>[\w$]{1,40})\s{0,3}\(|"
    r"(?<![\w$.])(?P<given>[\w$]{1,40})\s{0,3}[=:]\s{0,3}(?:async\s{1,3})?(?:function\b|\(?[\w$,\s]{0,40}\)?\s{0,3}=>)"
)
_BODY = 400
_GOES_BY_ID = re.compile(r"location|\bopen\s*\(|navigateTo|\$router|\bhref\b")
_READS_ID = re.compile(r"""data\s*\(\s*["']\w*(?:id|sku|no)["']|data-\w*(?:id|sku|no)\b|dataset\.\w*(?:[iI]d|sku|no)\b""")
_WITH_KEY = "[data-id], [data-goods-id], [data-gid], [data-pid], [data-goodsid], [data-sku], [data-no]"
_SHOWS = ("div", "li", "tr", "dl", "section", "article", "a", "p", "td")
_BUTTON = re.compile(r"加入|购物车|收藏|删除|购买|点赞|分享|关注|咨询|登录|对比")
_VIEW = re.compile(r"<uni-view\b", re.IGNORECASE)
_PRICE = re.compile(r"[￥¥]\s?\d")


def hides_ways(document: Document) -> bool:
    """Whether a page goes on in a way that only its script knows."""
    return any(hides(document) for hides in _HIDING)


def _enters_by_script(document: Document) -> bool:
    """Whether a front page has an entrance that only its script knows the way of: 进入商城."""
    if not is_front(document) or (not document.codes and not document.tree.css_first("script[src]")):
        return False
    if not _MAY_ENTER.search(document.markup) or jump_targets(document):
        return False
    return any(_is_entrance(node, document) for node in document.tree.css(_ENTRANCES)[:_MOST])


def _is_entrance(node: Node, document: Document) -> bool:
    said = (node.attributes.get("alt") or node.attributes.get("value") or node.text(deep=False)).strip()
    if len(said) > _LABEL or not _ENTER.fullmatch(said):
        return False
    led = led_by_script(document)
    return not any(leads(one) or one.mem_id in led for one in chain_of(node))


def hides_goods(document: Document) -> bool:
    """Whether a drawn page without a link shows several goods: what a click opens, only its script knows."""
    shown = document.markup
    return len(_PRICE.findall(shown, 0, 400_000)) >= _FEWEST or len(_VIEW.findall(shown, 0, 400_000)) >= _FEWEST


def _opens_by_number(document: Document) -> bool:
    """Whether several elements call one function with a number or a key of their own, and that opens something."""
    if not any(hint in document.markup for hint in ("onclick", "onClick", "ONCLICK", "cript:", "CRIPT:")):
        return False
    led = led_by_script(document)
    given: dict[str, set[str]] = defaultdict(set)
    picked: dict[str, set[str]] = defaultdict(set)
    for node in document.tree.css('[onclick], a[href^="j"], a[href^="J"]')[:_MOST]:
        if leads(node) or node.mem_id in led or not _shows(node):
            continue
        code = code_of(node)
        for call in CALL.finditer(code):
            if call[2] == "this" or _NUMBERED.fullmatch(call[2]):
                given[call[1]].add(f"{call[2]}{node.mem_id}" if call[2] == "this" else call[2])
        for asked in _PICKS.finditer(code):
            picked[asked["of"] or asked["name"] or ""].add(asked[0])
    return any(_opens(name, keys, document) for name, keys in given.items()) or any(map(_are_picked, picked, picked.values()))


def _shows(node: Node) -> bool:
    """Whether an element shows something: a text, or a picture."""
    return text_of(node, node.attributes) != "" or any(part.tag == "img" for part in islice(node.traverse(), _NEAR))


def _opens(name: str, keys: set[str], document: Document) -> bool:
    """Whether a function that is called with so many keys opens something: by what it does, else by its name."""
    words = set(words_of(name))
    if len(keys) < _TWO or does(name) or words & UI:
        return False
    goes = document.once(_functions).get(name)
    numbered = [key for key in keys if not key.startswith("this")]
    return len(numbered) >= _FEWEST and bool(words & _OPENS) if goes is None else goes


def _are_picked(name: str, asked: set[str]) -> bool:
    """Whether a page sends itself back to show one of several: `Select$3`, or a link button in each row."""
    if not name.startswith(_PICKING):
        return len(asked) >= _FEWEST and not does(name) and not UI.intersection(words_of(name)) and _ROW_LINK.search(name) is not None
    return len(asked) >= _TWO


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
    if "data-" not in document.markup or not (nodes := document.tree.css(_WITH_KEY)[:_MOST]):
        return False
    known = any(_READS_ID.search(code) and _GOES_BY_ID.search(code) for code in document.codes)
    if not known and not any(may_write(node, document) for node in document.tree.css("script[src]")):
        return False
    led = _with_links(document) | led_by_script(document)
    alone = (node for node in nodes if node.mem_id not in led and not any(map(leads, chain_of(node))) and _is_thing(node))
    things = alone if known else (node for node in alone if _is_offer(node))
    return len(list(islice(things, _FEWEST))) >= _FEWEST


def _is_offer(node: Node) -> bool:
    """Whether a thing has a number, and a picture or a price: what a script that stands elsewhere may do with others, nobody knows."""
    if not any(name.startswith("data-") and (value or "").isdigit() for name, value in node.attributes.items()):
        return False
    return _PRICE.search(beginning_of(node, 200)) is not None or any(part.tag == "img" for part in islice(node.traverse(), _NEAR))


def _with_links(document: Document) -> set[int]:
    """Return the links of a page that lead somewhere and all that they stand in, each looked at once."""
    found: set[int] = set()
    for link in document.tree.css("a[href]"):
        node: Node | None = link if leads(link) else None
        while node is not None and node.mem_id not in found:
            found.add(node.mem_id)
            node = node.parent
    return found


def _is_thing(node: Node) -> bool:
    """Whether an element shows something, and is no button that does something (加入购物车)."""
    said = beginning_of(node, 40).strip()
    return node.tag in _SHOWS and len(said) > 1 and not _BUTTON.search(said[:_LABEL])


_HIDING = (turns_by_script, goes_on_by_script, _opens_by_number, _opens_by_data, shows_by_posting, _enters_by_script)
