"""Pages of which only a script shows anything: an empty shell that asks an API for what belongs at its own path.

A browser shows them (see `browser.py`). Where there is none, or its budget is spent, the answer that the shell would ask
for can be read instead: its address is the page's own path after a fixed beginning that stands in the script.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from netpatrol.spiders.platforms._base import ShopFacts, Storefront
from netpatrol.text.links import find_links

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_SCANNED = 600_000
_ASKS = ("fetch(", "XMLHttpRequest", "axios", ".ajax(", ".getJSON(")
_PATH = r"(?:location\.pathname|pathname|path|p)"
_API = re.compile(
    rf"""["'](/[\w/.-]{{0,60}}\bapi\b[\w/.-]{{0,60}})["']\s{{0,3}}\+\s{{0,3}}"""
    rf"""(?:{_PATH}\b|\({_PATH}\s{{0,3}}===?\s{{0,3}}["']/["']\s{{0,3}}\?\s{{0,3}}["'](/[\w-]{{1,30}})["']\s{{0,3}}:\s{{0,3}}{_PATH}\))"""
    r"""(?:\s{0,3}\+\s{0,3}["'](\.\w{1,5})["'])?"""
)


class ScriptOnly:
    """Shells that ask an API for what they show."""

    name = "script_only"

    def recognises(self, document: Document) -> bool:
        """Whether a page has no links of its own and its script asks for data."""
        if document.json is not None or find_links(document):
            return False
        return any(word in document.markup for word in _ASKS)

    def directory(self, document: Document) -> tuple[Storefront, ...]:
        """Return nothing: a shell has no entries; a directory with state in it is of another kind."""
        return ()

    def shop(self, document: Document) -> ShopFacts:
        """Return the address of the answer that this shell would ask for."""
        api = _API.search(document.markup, 0, _SCANNED)
        if api is None:
            return ShopFacts()
        here = urlsplit(document.url)
        path = api[2] if api[2] and here.path in ("", "/") else here.path
        return ShopFacts(next_pages=(f"{here.scheme}://{here.netloc}{api[1].rstrip('/')}{path}{api[3] or ''}",))
