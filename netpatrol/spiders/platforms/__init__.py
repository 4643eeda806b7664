"""How platforms lay out their storefronts: one file per kind, all of them listed in KINDS; see CONTRIBUTING."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netpatrol.spiders.platforms._base import NOTHING, Platform, ShopFacts, Storefront
from netpatrol.spiders.platforms.embedded_state import EmbeddedState
from netpatrol.spiders.platforms.json_api import JsonApi
from netpatrol.spiders.platforms.json_ld import JsonLd
from netpatrol.spiders.platforms.numbered import NumberedShops
from netpatrol.spiders.platforms.posted import PostedLists
from netpatrol.spiders.platforms.script_only import ScriptOnly

if TYPE_CHECKING:
    from netpatrol.text.html import Document

KINDS: tuple[Platform, ...] = (EmbeddedState(), JsonApi(), JsonLd(), NumberedShops(), PostedLists(), ScriptOnly())


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformPage:
    """What all kinds together say of a page."""

    storefronts: tuple[Storefront, ...] = ()
    shop: ShopFacts = NOTHING


def read_platform(document: Document) -> PlatformPage:
    """Return the storefronts that a page leads to and what it says of its own shop; the first kind that knows a thing tells it."""
    kinds = [kind for kind in KINDS if kind.recognises(document)]
    found: dict[str, Storefront] = {}
    for kind in kinds:
        for storefront in kind.directory(document):
            known = found.get(storefront.url)
            if known is None or (storefront.name and not known.name):
                found[storefront.url] = storefront
    told = [kind.shop(document) for kind in kinds]
    return PlatformPage(
        storefronts=tuple(found.values()),
        shop=ShopFacts(
            name=next((facts.name for facts in told if facts.name), ""),
            licence=next((facts.licence for facts in told if facts.licence), ""),
            next_pages=tuple(dict.fromkeys(page for facts in told for page in facts.next_pages)),
            next_forms=tuple(form for facts in told for form in facts.next_forms),
        ),
    )


__all__ = ["KINDS", "Platform", "PlatformPage", "ShopFacts", "Storefront", "read_platform"]
