"""Recognises entrances: pages that say little and lead to themselves by another name (`/index.php`, www, https).

A splash page with a link 进入网站, a frameset, a refresh or a script that jumps on: what the shop says stands at an address
whose page key is the entrance's own, as `/` and `/index.php` are one page nearly everywhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from netpatrol.items import Link, PageState
from netpatrol.spiders._traps import chinese_in, said_on
from netpatrol.text.bare import is_home, leads_beyond_itself
from netpatrol.text.handlers import handler_links
from netpatrol.text.jumps import jump_targets
from netpatrol.text.links import FRAMES, Resolver, base_of, find_links
from netpatrol.text.read import read_document
from netpatrol.text.urls import fetch_url, page_key

if TYPE_CHECKING:
    from netpatrol.text.html import Document

FEW_LINKS = 12
"""An entrance has no more; asking what else a page says is left out for all others."""
LITTLE = 250
"""Chinese characters, those of an address and a telephone in the footer among them."""
_SENDS_ON = (*FRAMES, "refresh")
_CLICKED = ("a", "area", "script")


def jumps(document: Document) -> tuple[Link, ...]:
    """Return where the scripts of a page that says little go, as links; () where none does."""
    return document.once(_jumps)


def _jumps(document: Document) -> tuple[Link, ...]:
    targets = jump_targets(document)
    if not targets or not _says_little(document):
        return ()
    resolve = Resolver(base_of(document), document.encoding.used)
    return tuple(Link(url=url, where="refresh") for url in dict.fromkeys(map(resolve, targets)) if url)


def sent_home(document: Document, home: str) -> str:
    """Return the start page to which a page that says nothing sends its visitors on at once, as a redirect would; "" for none.

    Only where it always does: a wall sets its cookie first, other pages look at the visitor.
    """
    if read_document(document).state is not PageState.JUMP or "cookie" in document.markup:
        return ""
    resolve = Resolver(base_of(document), document.encoding.used)
    urls = [link.url for link in find_links(document) if link.where == "refresh"]
    urls += map(resolve, jump_targets(document, always=True, called=False))
    homes = (page_key(home), page_key(urljoin(home, "/")))  # a target may be named by an address further in
    return next((url for url in urls if url and page_key(url) in homes), "")


def ways_in(document: Document, url: str, *, start: bool) -> tuple[str, ...]:
    """Return the other addresses of its own to which an entrance at `url` leads; () for a page that is none.

    Anywhere on a site a page may be sent on to itself; what somebody must click on counts on the start page only. A page
    that leads nowhere else on its host is an entrance whatever it says.
    """
    if document.json is not None:
        return ()
    key, here = page_key(url), {fetch_url(url), fetch_url(document.url)}
    ways = _SENDS_ON + _CLICKED if start else _SENDS_ON
    found = [
        link
        for link in (*find_links(document), *jumps(document), *handler_links(document))
        if link.where in ways and page_key(link.url) == key and fetch_url(link.url) not in here
    ]
    if not found or not (_says_little(document) or _leads_nowhere_else(document, found)):
        return ()
    return tuple(dict.fromkeys(fetch_url(link.url) for link in found))


def _leads_nowhere_else(document: Document, found: list[Link]) -> bool:
    """Whether all ways of a page within its site are to itself, by a name that is not said to be that of the home page."""
    return not leads_beyond_itself(document) and not all(map(is_home, found))


def _has_few_links(document: Document) -> bool:
    return document.json is None and len(find_links(document)) <= FEW_LINKS


def _says_little(document: Document) -> bool:
    return _has_few_links(document) and chinese_in(said_on(document)) <= LITTLE
