"""What a kind of platform tells: which storefronts a directory page leads to, and which pages belong to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Storefront:
    """One shop on a platform: its host, the path under which all its pages lie, and its home page."""

    host: str
    prefix: str
    url: str


class Platform(Protocol):
    """A kind of platform."""

    name: str

    def directory(self, url: str, markup: str, links: tuple[str, ...]) -> tuple[Storefront, ...]:
        """Return the storefronts that this page leads to; () if it does not look like a directory of this kind."""
        ...
