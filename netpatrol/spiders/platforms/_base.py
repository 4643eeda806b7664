"""What a kind of platform tells of a page: the storefronts it leads to, whose shop it is, and where it goes on.

A kind is a small class without a framework: it is given a parsed page and answers; it fetches and keeps nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from netpatrol.text.further import PagingForm
    from netpatrol.text.html import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Storefront:
    """One shop on a platform: its host, the path under which all its pages lie, its home page and its name if told."""

    host: str
    prefix: str
    url: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFacts:
    """What a page of a storefront says of its shop. `licence` and `next_pages` are absolute addresses."""

    name: str = ""
    licence: str = ""
    next_pages: tuple[str, ...] = ()
    next_forms: tuple[PagingForm, ...] = ()


NOTHING = ShopFacts()


class Platform(Protocol):
    """A kind of platform."""

    name: str

    def recognises(self, document: Document) -> bool:
        """Whether a page may be of this kind; cheap (a search for literals), as it is asked of every page."""
        ...

    def directory(self, document: Document) -> tuple[Storefront, ...]:
        """Return the storefronts that this page leads to; () if it does not look like a directory of this kind."""
        ...

    def shop(self, document: Document) -> ShopFacts:
        """Return what this page says of the shop that it belongs to."""
        ...


def storefront_at(here: str, url: str, name: str = "") -> Storefront | None:
    """Return the storefront whose home page an absolute address is; None where it is on another host than the page."""
    page, home = urlsplit(here), urlsplit(url)
    prefix = home.path.rstrip("/")
    if home.netloc.lower() != page.netloc.lower() or not prefix or home.query:
        return None
    return Storefront(host=page.hostname or "", prefix=prefix, url=f"{page.scheme}://{page.netloc}{prefix}", name=name)
