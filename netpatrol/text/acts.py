"""Tells addresses, fields and buttons that do something (delete, order, vote, log out) from those that show something.

A form is only sent where nothing at all in it speaks of doing. An address is asked for unless it clearly acts: many an old
CMS deletes and orders on a mere GET, but goods may be called anything, and 订购方式 stands at `/order.html`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from netpatrol.text.deeds import AWAY, DOUBLE, HEADINGS, WORDS, does, does_away, is_thing, is_told, words_of

_VERB = re.compile(
    r"del|drop|rm|add|buy|pay|edit|save|set|put|post|send|reply|vote|like|fav|collect|orders?|confirm|update|modify|insert|"
    r"create|reset|exit|quit|login|admin|manage|cart|basket|account|user|member|upload",
    re.IGNORECASE,
)
_LONG_VERB = re.compile(
    r"delet|remov|clear|cancel|logout|signout|logoff|empty|destroy|purge|trash|checkout|submit|register|favou?rite|"
    r"(?:del|add|save|edit|clean)(?:all|goods|item|cart|one)|删|清空|清除|移除|取消|退出|注销|编辑|修改|保存|添加|加入|购买|下单|支付|付款|结算|提交|确认|发布|回复|投票|收藏|登录|注册",
    re.IGNORECASE,
)

_LEAVES = frozenset(("logout", "signout", "logoff", "loginout", "addtocart", "addcart", "unsubscribe", "wpcommentspost"))
"""Names that no page to read has, whatever they end in."""
_PROGRAM = re.compile(r"\.(?:php\d?|as[phm]x?|jsp|do|action|cgi)$", re.IGNORECASE)
_ENDING = re.compile(r"\.\w{1,6}$")
_SAYS_WHAT = re.compile(r"act|action|ac|do|dopost|step|mod|op|opt|operation|a|method|cmd|func", re.IGNORECASE)
_SAYS_WHERE = re.compile(r"g|m|module|app|c|ctl|controller", re.IGNORECASE)
_ONLY_SAID = frozenset(("ding", "cai", "out"))
"""Deeds where a program is told what to do; elsewhere a name of a dish or of a town."""
_ROUTE = re.compile(r"s|r|route|_url|pathinfo", re.IGNORECASE)
"""Parameters that hold a whole route: ThinkPHP's `?s=/cart/add/id/3`, Yii's `?r=cart/add`; without a slash, a search."""
_ENEWS_SHOWS = re.compile(r"(?:show|search|list|view|get|down)", re.IGNORECASE)
"""EmpireCMS names what is to be done in `enews`, mostly a deed of a visitor's own."""
_ACTING_NAME = re.compile(
    r"_wpnonce|formhash|csrf_?token|add[-_]to[-_](?:cart|wishlist|compare)|remove[-_]item|logout|del|delete", re.IGNORECASE
)
"""Parameters that only what acts has: nonces are there to protect it."""
_READS = re.compile(
    r"page|p|pn|pageno|from|ref|source|utm_\w+|spm|lang|l|sort|order|by|size|keywords?|kw|q|tab|type|cid|classid|cat|catid|cat_id|v|t",
    re.IGNORECASE,
)
"""Parameters that say which part of a list is shown, or where a reader comes from."""
_OF_ONE = re.compile(r"\w*ids?|sku|no|product|goods|item", re.IGNORECASE)
"""Keys that name the one thing that something is done to."""
_OFFICE = re.compile(r"/(?:wp-admin|admin(?:istrator|cp)?)/", re.IGNORECASE)
_BY_PATH = re.compile(
    r"/(?:del|delete|remove|add_?to_?cart|logout)/(?:id/)?\d+(?:\.\w+)?$|/cart/\d+:\d+(?:,\d+:\d+)*$"
    r"|/(?:cart|basket|wishlist|compare|favou?rites?|orders?)[-_](?:add|del|delete|remove|drop|buy|clear)[-_]\d+\.\w+$",
    re.IGNORECASE,
)
"""The deed and its object in the path itself: Shopify's `/cart/12345:1`, `cart-add-12.html`."""
_CHINESE_DEED = re.compile(r"(?:删除?|清空|移除|加入购物车|退出|注销|购买|下单|投票|点赞)[一-鿿]{0,4}")
_OWN = re.compile(
    r"(?:shop|shopping|my)?_?cart|basket|buycar|gwc|orders?|users?|member|account|my|favou?rites?|wishlist|compare|coupons?|address|api|ajax",
    re.IGNORECASE,
)
"""Parts of a program that deal with a visitor's own things: whatever it is asked to do there, it does."""
_KEPT = frozenset(("collect", "like", "fav", "praise"))
"""Of a visitor's own things, names of lists of them."""
_OF_A_PART = re.compile(
    r"(?:cart|basket|buycar)/(?:plus|minus|inc|dec|update|change|edit|set_?num)|coupons?/(?:receive|draw|take|get|ling|lingqu)"
    r"|orders?/(?:confirm|submit|create|receive|finish|refund)|(?:vote|digg|zan|like)/(?:up|down)|(?:login|passport|public)/(?:out|off|quit)",
    re.IGNORECASE,
)
"""Deeds by what they are asked of; elsewhere such words name anything."""
_CART = re.compile(
    r"/(?:(?:shop|shopping|my|buy)?_?(?:cart|basket)|(?:shop|buy)_?car|gwc|gouwu(?:che|lan)?|favou?rites?|wishlist|shoucang(?:jia)?)\.(?:php\d?|aspx?|jsp|do)$",
    re.IGNORECASE,
)
_GOODS = re.compile(r"(?:goods|product|prod|pro|p|item|sku|book|shop)?_?id|add", re.IGNORECASE)
_SMS = re.compile(r"/(?:sms|send\w{0,10}|\w{0,10}_?code)(?:\.\w{2,4})?$", re.IGNORECASE)
_TO_WHOM = re.compile(r"phone|mobile|tel|e?mail|to", re.IGNORECASE)


def speaks_of_doing(text: str) -> bool:
    """Whether an address, a value or a label of a form speaks of doing something: deleting, ordering, paying, logging out."""
    return _LONG_VERB.search(text) is not None or any(map(_VERB.fullmatch, WORDS.findall(text)))


def acts(url: str) -> bool:
    """Whether asking for an address would most likely do something."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if _OFFICE.search(path) or _BY_PATH.search(path):
        return True
    asked = [(name, unquote(value)) for name, _, value in (part.partition("=") for part in parts.query.split("&")) if name]
    if _is_named_for_it(path, asked):
        return True
    return any(_is_acting(name, value) for name, value in asked) or any(_is_way_to_act(*way, asked) for way in _ways(path, asked))


def _is_named_for_it(path: str, asked: list[tuple[str, str]]) -> bool:
    """Whether the last part of a path is the name of a deed, and it is a program or told what to do it with."""
    name = path.rstrip("/").rpartition("/")[2]
    is_program, name = _PROGRAM.search(name) is not None, _ENDING.sub("", name)
    if "".join(words_of(name)) in _LEAVES:
        return True
    if is_program and _is_deed_done(name, asked):
        return True
    if name.lower() not in DOUBLE and does(name) and _is_told_what(name, asked, is_program=is_program):
        return True
    if _CART.search(path) and any(_GOODS.fullmatch(key) and value for key, value in asked):
        return True  # the cart of an old shop takes in what it is called with
    return _SMS.search(path) is not None and any(_TO_WHOM.fullmatch(key) for key, _ in asked)


def _is_deed_done(name: str, asked: list[tuple[str, str]]) -> bool:
    """Whether a program is called by a Chinese deed, or deletes or applauds something of whatever name that it is told."""
    if _CHINESE_DEED.fullmatch(name):
        return True
    words = words_of(name)
    deletes = len(words) > 1 and not AWAY.isdisjoint((words[0], words[-1]))
    return (deletes or name.lower() in ("ding", "digg")) and any(_OF_ONE.fullmatch(key) and value for key, value in asked)


def _is_told_what(name: str, asked: list[tuple[str, str]], *, is_program: bool) -> bool:
    if name.lower() in HEADINGS:
        return any(_GOODS.fullmatch(key) for key, _ in asked)
    return is_program or any(not _READS.fullmatch(key) for key, _ in asked)


def _is_acting(name: str, value: str) -> bool:
    if _ACTING_NAME.fullmatch(name) or is_told(name, value):
        return True
    if name.lower() == "enews":
        return value != "" and not _ENEWS_SHOWS.match(value)
    return _SAYS_WHAT.fullmatch(name) is not None and (does(value) or value.lower() in _ONLY_SAID)


def _ways(path: str, asked: list[tuple[str, str]]) -> Iterator[tuple[list[str], bool]]:
    """Yield the routes that an address names (module, controller, action, and what follows), and whether a program takes them apart."""
    parts = path.strip("/").split("/")
    at = next((at for at, part in enumerate(parts[:-1]) if _PROGRAM.search(part)), -1)
    yield parts[at + 1 :], at >= 0
    for name, value in asked:
        if "/" in value and _ROUTE.fullmatch(name):
            yield value.strip("/").split("/"), True
    yield [value for name, value in asked if _SAYS_WHERE.fullmatch(name) or _SAYS_WHAT.fullmatch(name)], True


def _is_way_to_act(parts: list[str], is_routed: bool, asked: list[tuple[str, str]]) -> bool:
    """Whether a route has a deed where programs have their actions: behind what it is asked of, before what it is done to."""
    if not parts or not all(map(str.isascii, parts)):
        return False
    is_still = not is_routed and _ENDING.search(parts[-1]) is not None and not _PROGRAM.search(parts[-1])
    parts = [*parts[:-1], _ENDING.sub("", parts[-1])]
    if len(parts) > 1 and does_away(parts[0]) and parts[0].lower() not in AWAY and parts[1].isdigit():
        return True  # /postdel/3
    of_one = any(_OF_ONE.fullmatch(key) and value for key, value in asked)
    return any(_is_deed_at(parts, at, of_one, is_still) for at in range(1, len(parts)))


def _is_deed_at(parts: list[str], at: int, of_one: bool, is_still: bool) -> bool:
    name, before, rest = parts[at], parts[at - 1], parts[at + 1 :]
    told = any(map(_OF_ONE.fullmatch, rest[0:-1:2]))  # /id/3
    told = told or (of_one and not rest)
    if before.isdigit() and at > 1 and not rest and not is_still and is_thing(parts[at - 2]) and does(name):
        return True  # /post/12/like
    if _OF_A_PART.fullmatch(f"{before}/{name}"):
        return not is_still or told
    if not does(name):
        return False
    own = _OWN.fullmatch(before) is not None
    if told:
        return own or is_thing(before) or (name.lower() not in DOUBLE and name.lower() not in HEADINGS)
    if rest:
        return len(rest) == 1 and rest[0].isdigit() and (own or (not is_still and does_away(name) and is_thing(before)))
    return not is_still and ((own and name.lower() not in _KEPT) or (does_away(name) and is_thing(before)))
