"""Tells walls from ways: pages that send their visitors home and say why, addresses that take along where to lead back to.

A page that is gone says nothing, or that the thing is not there; whatever else a page says before it goes home keeps somebody
out, and tells nothing of the page behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from netpatrol.items import PageState, ZoneName
from netpatrol.notices import GONE, MAY_BE_GONE_WORDS, OR_KEPT, PUTS_OFF, SAYS_THAT_IT_FAILED, SENDS_ON, WALL
from netpatrol.spiders._traps import chinese_in, said_on
from netpatrol.store.likeness import A_SENTENCE_OR_TWO
from netpatrol.text.bare import has_own_links
from netpatrol.text.jumps import jump_targets
from netpatrol.text.links import FRAMES, Resolver, base_of, find_links
from netpatrol.text.promo import sells
from netpatrol.text.read import read_document
from netpatrol.text.state import count_han, told_at_once
from netpatrol.text.urls import bare_host, host_of

if TYPE_CHECKING:
    from netpatrol.items import PageText
    from netpatrol.text.html import Document

_A_NAME = 4  # Chinese characters: a shop's name says nothing, also where it is not that of the title
_UNSAID = (ZoneName.TITLE, ZoneName.META, ZoneName.STATE, ZoneName.JSONLD)
_ROUTES = frozenset({"s", "r", "q", "route", "path", "pathinfo", "rewrite", "_url"})
"""Parameters in which a server that writes its addresses anew passes on the one that was asked for."""


def keeps_out(document: Document) -> bool:
    """Whether a page that sends its visitors on says why it does not show what they asked for."""
    text = read_document(document)
    shown = [text.raw[zone.start : zone.end] for zone in text.zones if zone.name not in _UNSAID]
    said = SAYS_THAT_IT_FAILED.sub("", "\n".join((*shown, *told_at_once(document))))
    if any(notice.search(said) for notice in (WALL, PUTS_OFF, OR_KEPT)):
        return True
    if GONE.search(said) or any(word in said for word in MAY_BE_GONE_WORDS):
        return False
    left = SENDS_ON.sub("", said.replace(document.title, "") if document.title else said)
    return count_han(left) > _A_NAME


def sent_off(document: Document, *, frames: bool = False) -> str:
    """Return the page of another host to which a page that is nothing but a way sends its visitors at once; "" for none.

    By a refresh or a script as a redirect would, and with `frames` by showing that page in its own place.
    """
    if document.json is not None or "cookie" in document.markup or has_own_links(document):
        return ""
    text = read_document(document)
    if sells(text.promo) or chinese_in(said_on(document)) > A_SENTENCE_OR_TWO:
        return ""
    links = find_links(document)
    urls = [link.url for link in links if link.where == "refresh" or (frames and link.where in FRAMES and _says_nothing(text))]
    if text.state is PageState.JUMP:
        urls += map(Resolver(base_of(document), document.encoding.used), jump_targets(document, always=True, called=False))
    host = bare_host(host_of(document.url))
    return next((url for url in urls if url and bare_host(host_of(url)) != host), "")


def _says_nothing(text: PageText) -> bool:
    """Whether a page shows nothing itself."""
    return all(zone.name in _UNSAID for zone in text.zones)


def leads_back(url: str, hops: Iterable[str]) -> bool:
    """Whether an address takes along the one that led to it, as a login does that leads back there."""
    parts = urlsplit(url)
    may_route = parts.path.count("/") <= 1  # `/index.php?s=/g1.html`; who asks at `/account/?r=` has a folder
    taken = [value for name, value in parse_qsl(parts.query) if not (may_route and name.lower() in _ROUTES)]
    return any(_path_of(hop) in (value, f"/{value}") for hop in hops for value in taken)


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
