"""Tells addresses, fields and buttons that do something (delete, order, vote, log out) from those that show something.

A form is only sent where nothing at all in it speaks of doing. An address is asked for unless it clearly acts: many an old
CMS deletes and orders on a mere GET, but goods may be called anything, and 订购方式 stands at `/order.html`.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
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

_DOES = frozenset(
    re.findall(
        r"\w+",
        "del delete deletes remove rm drop destroy purge clear empty cancel logout signout logoff loginout vote like dislike digg zan fav "
        "favorite favourite collect stow buy buynow pay save add insert checkout addcart addtocart delcart shanchu goumai",
    )
)
"""Words of which one, first or last in a name, says that something is done …"""
_DOUBLE = frozenset(("collect", "like", "clear", "empty", "fav"))
"""Of these, words that alone may as well name what a page shows; what a program is asked to do they say plainly."""
_TO_WHAT = frozenset(
    re.findall(
        r"\w+",
        "to my it this now from all one id goods good news product products pro prod item items article art info cart basket order orders "
        "comment comments msg message book guestbook link links pic photo image img file class category cate cat record data fav favorite "
        "favorites wishlist wish collect collection topic thread ad ads address user users member shop store ajax action do site buy",
    )
)
"""… where all others are of what it is done to: `news_del`, `add_to_cart`; not `add_on_kit`, `buy_guide`."""
_GLUED = re.compile(
    r"(?:del|delete|remove|add|clear|empty)(?:all|one|goods|items?|cart|news|articles?|products?|pro|users?|orders?|msg|message|comments?|fav)"
    r"|(?:goods|items?|cart|news|articles?|products?|pro|users?|orders?|msg|message|comments?|books?|links?|pic|class)(?:del|delete|remove)"
)
_LEAVES = frozenset(("logout", "signout", "logoff", "loginout", "addtocart", "addcart"))
"""Names that no page to read has, whatever they end in."""
_PROGRAM = re.compile(r"\.(?:php\d?|as[phm]x?|jsp|do|action|cgi)$", re.IGNORECASE)
_ENDING = re.compile(r"\.\w{1,6}$")
_SAYS_WHAT = re.compile(r"act|action|do|step|mod|op|opt|a|method|cmd|func", re.IGNORECASE)
_ACTING_NAME = re.compile(
    r"_wpnonce|formhash|csrf_?token|add[-_]to[-_](?:cart|wishlist|compare)|remove[-_]item|logout|del|delete", re.IGNORECASE
)
"""Parameters that only what acts has: nonces are there to protect it."""
_OFFICE = re.compile(r"/(?:wp-admin|admin(?:istrator|cp)?)/", re.IGNORECASE)
_BY_PATH = re.compile(r"/(?:del|delete|remove|add_?to_?cart|logout)/(?:id/)?\d+(?:\.\w+)?$", re.IGNORECASE)


def speaks_of_doing(text: str) -> bool:
    """Whether an address, a value or a label of a form speaks of doing something: deleting, ordering, paying, logging out."""
    return _LONG_VERB.search(text) is not None or any(map(_VERB.fullmatch, _WORDS.findall(text)))


def acts(url: str) -> bool:
    """Whether asking for an address would most likely do something."""
    parts = urlsplit(url)
    if _OFFICE.search(parts.path) or _BY_PATH.search(parts.path):
        return True
    name = unquote(parts.path.rstrip("/").rpartition("/")[2])
    is_asked = bool(parts.query) or _PROGRAM.search(name) is not None
    name = _ENDING.sub("", name)
    if (is_asked and name.lower() not in _DOUBLE and _does(name)) or "".join(_WORDS.findall(name)).lower() in _LEAVES:
        return True
    return any(_is_acting(*part.partition("=")[::2]) for part in parts.query.split("&")) if parts.query else False


def _is_acting(name: str, value: str) -> bool:
    if _ACTING_NAME.fullmatch(name):
        return True
    return _SAYS_WHAT.fullmatch(name) is not None and _does(unquote(value))


def _does(name: str) -> bool:
    """Whether a name is that of a deed: `buy`, `news_del`, `addToCart`, `delgoods`."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words or len(words) > 6 or not name.isascii():
        return False
    if len(words) == 1 and _GLUED.fullmatch(words[0]):
        return True
    return any(
        verb in _DOES and all(other in _TO_WHAT or other in _DOES for other in others)
        for verb, others in ((words[0], words[1:]), (words[-1], words[:-1]))
    )
