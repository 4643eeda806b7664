"""A page that a site crawl means to fetch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.http import Response

ENTRY = "#as:"
"""Stands in a key before the address by which a page is fetched, where that is not the one its key was made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A page to fetch. `hops` are the addresses that redirected to it."""

    url: str
    key: str
    depth: int
    via: str
    hops: tuple[str, ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    """The fields of a paging form; () for a page that is simply fetched."""
    charset: str = "utf-8"
    """What these are sent in."""
    linked: str = ""
    """The address that is linked, where another one is asked for as its host only sends visitors there."""
    raw: Response | None = None
    """The page as it came without a browser; set where a browser is to open it. Those of all routes of an address are one."""
    sample: bool = False
    """Whether it is fetched to see whether what was learnt of its parameters still holds."""
    mark: str = ""
    """What the key of the page as it is stored ends in, where its address alone does not tell it from another."""
    is_named: bool = False
    """Whether it differs from a page of its key in the name of its file, and is one of its own if it says something else."""

    @property
    def own_key(self) -> str:
        """The key of the page, under whatever address of its own it is fetched."""
        return self.key.partition(ENTRY)[0]

    @property
    def is_entered(self) -> bool:
        """Whether an entrance led to it, under another name of the entrance."""
        return ENTRY in self.key
