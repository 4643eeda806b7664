"""`scrapy crawl storefronts`: patrols the storefronts of platforms that are due, each its own subject.

    scrapy crawl storefronts                  storefronts that are due
    scrapy crawl storefronts -a due=all       every known storefront, but those that `sites -a due=all` has just patrolled
"""

from __future__ import annotations

from typing import ClassVar

from netpatrol.spiders._base import PatrolSpider


class StorefrontsSpider(PatrolSpider):
    """Storefronts only; what `sites` found on the way and did not get to, and all others when they are due."""

    name = "storefronts"
    kinds: ClassVar[tuple[str, ...]] = ("storefront",)
