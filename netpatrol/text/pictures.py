"""Tells which pictures a page shows, so that new ones can be told from those that it showed before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_MOST = 300
_SOURCES = ("data-original", "data-src", "data-lazy-src", "data-lazyload", "data-lazy", "data-url", "src")
"""Where a picture stands that comes when a reader scrolls; its `src` is then a blank one."""
_VERSION = re.compile(r"(\.(?:jpe?g|png|gif|webp|bmp|avif))\?.*", re.IGNORECASE | re.DOTALL)


def pictures_of(document: Document) -> tuple[str, ...]:
    """Return the distinct addresses of the pictures of a page as written, without what only says in which version."""
    if "<img" not in document.markup and "<IMG" not in document.markup:
        return ()
    found: dict[str, None] = {}
    for node in document.tree.css("img")[:_MOST]:
        attributes = node.attributes
        source = next((attributes[name] for name in _SOURCES if attributes.get(name)), "") or ""
        found[_VERSION.sub(r"\1", source.strip()[:2_000])] = None
    return tuple(filter(None, found))
