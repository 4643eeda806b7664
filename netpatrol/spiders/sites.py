"""`scrapy crawl sites`: patrols shop sites, and the shops they and the platforms' directories lead to.

    scrapy crawl sites -a seeds=FILE          addresses, one a line, and what they lead to
    scrapy crawl sites                        all targets that are due
    scrapy crawl sites -a due=all             every target, fetched anew
    scrapy crawl sites -a follow=off          stay on the targets themselves
"""

from __future__ import annotations

from typing import ClassVar

from netpatrol.spiders._base import PatrolSpider


class SitesSpider(PatrolSpider):
    """Sites of shops, and the storefronts that they and directories lead to."""

    name = "sites"
    kinds: ClassVar[tuple[str, ...]] = ("site", "storefront")
