"""What a search source tells: where to ask, and what an answer found. It fetches nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from netpatrol.text.urls import bare_host, host_of

if TYPE_CHECKING:
    from netpatrol.text.html import Document

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An address that a search found, and what the answer calls it."""

    url: str
    title: str = ""


class SearchSource(Protocol):
    """A search interface."""

    name: str

    def address(self, words: str, page: int) -> str:
        """Return where page `page` (from 1) of the answers to `words` stands."""
        ...

    def reads(self, document: Document) -> bool:
        """Whether an answer is of the kind that this source reads."""
        ...

    def hits(self, document: Document) -> tuple[Hit, ...]:
        """Return what an answer found, in its order, without what belongs to the search itself."""
        ...


def queries(regions: tuple[str, ...], keywords: tuple[str, ...]) -> tuple[str, ...]:
    """Return each region word with each keyword; keywords alone where no region is named. At most MOST."""
    pairs = [" ".join(pair) for pair in product(regions, keywords)] if regions else list(keywords)
    return tuple(dict.fromkeys(pairs))[:MOST]


class Templated:
    """The part of a source that is asked by an address with words and page put in."""

    def __init__(self, template: str) -> None:
        self.template, self.host = template, bare_host(host_of(template))

    def address(self, words: str, page: int) -> str:
        """Return where page `page` (from 1) of the answers to `words` stands."""
        return self.template.replace("{words}", quote(words, safe="")).replace("{page}", str(page))
