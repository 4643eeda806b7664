"""How platforms lay out their storefronts: one file per kind, all of them listed in KINDS."""

from __future__ import annotations

from netpatrol.spiders.platforms._base import Platform, Storefront
from netpatrol.spiders.platforms.numbered import NumberedShops

KINDS: tuple[Platform, ...] = (NumberedShops(),)


def storefronts_of(url: str, markup: str, links: tuple[str, ...]) -> tuple[Storefront, ...]:
    """Return the storefronts that a page of a platform leads to; () for a page that is no directory."""
    found: dict[str, Storefront] = {}
    for kind in KINDS:
        for storefront in kind.directory(url, markup, links):
            found.setdefault(storefront.url, storefront)
    return tuple(found.values())


__all__ = ["KINDS", "Platform", "Storefront", "storefronts_of"]
