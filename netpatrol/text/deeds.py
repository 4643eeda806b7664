"""Tells names of deeds (`buy`, `news_del`, `addToCart`, `delgoods`) from names of things; what a name stands for is `acts`."""

from __future__ import annotations

import re
from functools import lru_cache

WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

_DOES = frozenset(
    re.findall(
        r"\w+",
        "del delete deletes remove rm drop destroy purge clear empty cancel logout signout logoff loginout vote like dislike digg zan fav "
        "favorite favourite collect stow buy buynow pay save add insert checkout addcart addtocart delcart shanchu goumai "
        "exit quit tuichu zhuxiao dianzan praise toupiao xiadan qiandao lingquan sendmail sendsms sendcode sendmsg backup unsubscribe",
    )
)
"""Words of which one, first or last in a name, says that something is done …"""
DOUBLE = frozenset(("collect", "like", "clear", "empty", "fav", "praise"))
"""Of these, words that alone may as well name what a page shows; what a program is asked to do they say plainly."""
HEADINGS = frozenset(("buy", "pay", "buycar"))
"""… and words that head a page on how it is done, or the cars that a dealer buys: they need to be told what to do it with."""
_TO_WHAT = frozenset(
    re.findall(
        r"\w+",
        "to my it this now from all one id goods good news product products pro prod item items article art info cart basket order "
        "orders comment comments msg message book guestbook guest link links pic photo image img file class category cate cat record data "
        "fav favorite favorites wishlist wish compare collect collection topic thread ad ads address user users member admin manage shop "
        "store ajax api action do site buy post posts",
    )
)
"""… where all others are of what it is done to: `news_del`, `add_to_cart`; not `add_on_kit`, `buy_guide`."""
_GLUED = re.compile(
    r"(?:del|delete|remove|add|clear|empty)"
    r"(?:all|one|goods|items?|cart|buycar|news|articles?|products?|pro|users?|orders?|msg|message|comments?|fav)"
    r"|(?:del|delete|remove)ids?|buycar"
    r"|(?:goods|items?|cart|news|articles?|products?|pro|users?|orders?|posts?|msg|message|comments?|books?|links?|pic|class)(?:del|delete|remove)"
    r"|(?:save|submit|post)(?:orders?|cart|msg|message|comments?|guestbook|book)"
    r"|favou?rites?(?:goods|store|shop|item)"
)
_PREFIX = re.compile(r"(?:[Aa]jax|AJAX|[Dd]o|[Aa]pi)(?:[_-]|(?=[A-Z]))")
AWAY = frozenset(("del", "delete", "remove", "drop", "cancel", "rm", "shanchu"))
"""Deeds of which a page to read bears no name that they are part of."""
_FILLS = frozenset(
    ("cart", "basket", "fav", "favorite", "favorites", "wishlist", "wish", "compare", "order", "goods", "item", "product", "buycar")
)
"""What `add` and `clear` in the name of a parameter are done to; `add_id` may be an address, `add` alone mostly is."""
_SORTS = re.compile("order", re.IGNORECASE)
"""`order=collect`: those that most people collect come first."""
_THINGS = re.compile(r"(?:shop|shopping|my)?_?cart|basket|buycar|gwc|gouwuche|order|wishlist|favou?rites?", re.IGNORECASE)


@lru_cache(4096)
def does(name: str) -> bool:
    """Whether a name is that of a deed: `buy`, `news_del`, `addToCart`, `delgoods`, `ajax_add_cart`."""
    words = words_of(_PREFIX.sub("", name))
    if not words or len(words) > 6 or not name.isascii():
        return False
    if _is_glued(words):
        return True
    return any(
        verb in _DOES and all(other in _TO_WHAT or other in _DOES for other in others)
        for verb, others in ((words[0], words[1:]), (words[-1], words[:-1]))
    )


def does_away(name: str) -> bool:
    """Whether a name says that something is deleted, or put somewhere in one word (`addgoods`): no page to read is called so."""
    words = words_of(name)
    if not does(name) or name.lower() in HEADINGS:
        return False
    return bool(AWAY.intersection(words)) or _is_glued(words)


def _is_glued(words: list[str]) -> bool:
    """Whether a name is one word for a deed and what it is done to."""
    return len(words) == 1 and _GLUED.fullmatch(words[0]) is not None


def is_told(name: str, value: str) -> bool:
    """Whether a parameter names a deed itself: `delid=3`, `wishlist_add=3`, `cart=clear`; not `add=宜昌`, `is_del=0`."""
    words = words_of(name)
    if _THINGS.fullmatch(name) and (does_away(value) or (does(value) and not _SORTS.fullmatch(name))):
        return True
    if not does(name) or (len(words) < 2 and not _GLUED.fullmatch("".join(words))):
        return False
    if AWAY.intersection(words) or len(words) == 1:
        return value not in ("", "0") or "id" not in name.lower()
    return bool({"add", "clear", "empty"}.intersection(words)) and not _FILLS.isdisjoint(words)


def is_thing(name: str) -> bool:
    """Whether a name is that of what deeds are done to."""
    return all(word in _TO_WHAT for word in words_of(name))


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case."""
    return [word.lower() for word in WORDS.findall(name)]
