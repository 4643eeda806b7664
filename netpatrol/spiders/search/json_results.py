"""Searches that answer with JSON, such as an authority's own: every object with an address is something found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpatrol.spiders.platforms._data import NAMES, objects, text_of
from netpatrol.spiders.search._base import Hit, Templated
from netpatrol.text.urls import bare_host, host_of

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_ADDRESS = ("url", "link", "href", "website", "domain", "host")


class JsonResults(Templated):
    """A list of results."""

    name = "json"

    def reads(self, document: Document) -> bool:
        """Whether an answer is JSON, and whole."""
        return document.json is not None

    def hits(self, document: Document) -> tuple[Hit, ...]:
        """Return the addresses of all objects that have one; a bare domain becomes its start page."""
        found: dict[str, Hit] = {}
        for _, item in objects(document.json):
            written = text_of(item, _ADDRESS)
            url = written if "://" in written else f"http://{written}/" if "." in written and "/" not in written else ""
            if url.startswith(("http://", "https://")) and bare_host(host_of(url)) not in ("", self.host):
                found.setdefault(url, Hit(url=url, title=text_of(item, NAMES)))
        return tuple(found.values())
