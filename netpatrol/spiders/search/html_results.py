"""Searches that answer with a page: its links that lead away are what it found, also where they lead through the search."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from netpatrol.spiders.search._base import Hit, Templated
from netpatrol.text.links import find_links
from netpatrol.text.sniff import Body
from netpatrol.text.urls import bare_host, host_of

if TYPE_CHECKING:
    from netpatrol.text.html import Document


class HtmlResults(Templated):
    """A page of results."""

    name = "html"

    def reads(self, document: Document) -> bool:
        """Whether an answer is a page."""
        return document.body is Body.HTML

    def hits(self, document: Document) -> tuple[Hit, ...]:
        """Return the links that lead to other hosts, by the words they are linked with."""
        found: dict[str, Hit] = {}
        for link in find_links(document):
            url = self._beyond(link.url) if bare_host(host_of(link.url)) == self.host else link.url
            if url and link.where == "a" and link.text:
                found.setdefault(url, Hit(url=url, title=link.text))
        return tuple(found.values())

    def _beyond(self, url: str) -> str:
        """Return where a link goes that leads through the search itself (`/link?url=http…`); "" for one that stays."""
        inner = (value for _, value in parse_qsl(urlsplit(url).query) if value.startswith(("http://", "https://")))
        return next((value for value in inner if bare_host(host_of(value)) not in ("", self.host)), "")
