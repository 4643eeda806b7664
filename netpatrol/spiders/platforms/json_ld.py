"""Pages that describe themselves in schema.org terms (JSON-LD): a list of stores is a directory, a store is a shop.

Their addresses need no pattern, as the page says what they are. What a store is a `department` or `branchOf` does not
make it another subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from netpatrol.spiders.platforms._base import ShopFacts, Storefront, storefront_at
from netpatrol.spiders.platforms._data import objects, states, text_of
from netpatrol.text.links import Resolver, base_of

if TYPE_CHECKING:
    from netpatrol.text.html import Document

ENOUGH = 2
STORES = frozenset({"Store", "OnlineStore", "OnlineBusiness", "LocalBusiness", "Restaurant", "Pharmacy", "GroceryStore"})


class JsonLd:
    """Stores in JSON-LD."""

    name = "json_ld"

    def recognises(self, document: Document) -> bool:
        """Whether the markup carries JSON-LD."""
        return document.json is None and "ld+json" in document.markup

    def directory(self, document: Document) -> tuple[Storefront, ...]:
        """Return the storefronts of a list of stores; () for a page about one."""
        resolve = Resolver(base_of(document), document.encoding.used)
        found: dict[str, Storefront] = {}
        for item in _stores(document):
            url = resolve(text_of(item, ("url", "@id", "mainEntityOfPage")))
            front = storefront_at(document.url, url, text_of(item, ("name", "legalName"))) if url else None
            if front is not None:
                found.setdefault(front.prefix, front)
        return tuple(found.values()) if len(found) >= ENOUGH else ()

    def shop(self, document: Document) -> ShopFacts:
        """Return the name of the one store that a page is about, and where its credentials are shown."""
        stores = list(_stores(document))
        if len(stores) != 1:
            return ShopFacts()
        resolve = Resolver(base_of(document), document.encoding.used)
        credential = stores[0].get("hasCredential")
        shown = text_of(credential, ("url", "@id")) if isinstance(credential, dict) else ""
        return ShopFacts(name=text_of(stores[0], ("name", "legalName")), licence=resolve(shown) if shown else "")


def _stores(document: Document) -> list[Mapping[str, Any]]:
    found = []
    for value in states(document):
        for key, item in objects(value):
            kinds = item.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if key not in ("department", "branchOf") and any(isinstance(kind, str) and kind in STORES for kind in kinds):
                found.append(item)
    return found
