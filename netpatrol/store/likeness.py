"""Whether what an address answers today is still the page on which something was found, or something else in its place.

A login form, a notice of maintenance, an error of the server or half a page no longer show the wording, and say nothing
of whether it was corrected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

OFFERS = frozenset({"price", "buy", "product"})
"""Signs of an offer (`PageText.promo`): a page that had some and has none left sells something else, or nothing."""
SHRUNK = 0.3
"""A page that says less than this part of what it said before lost more than a wording."""
ALIKE = 0.5
_PARTS = re.compile(r"[\s\-_|｜·—–,，、:：>»/]+")


@dataclass(frozen=True, slots=True)
class Look:
    """What is kept of how a page looks: its title, how many characters it says (0: not known), its signs of an offer."""

    title: str
    size: int
    offers: frozenset[str]

    @classmethod
    def of(cls, page: Mapping[str, Any]) -> Look:
        """Return the look that a stored page was last recognised by."""
        extra = page.get("extra") or {}
        size = str(extra.get("size", ""))
        return cls(str(page.get("title") or ""), int(size) if size.isascii() and size.isdigit() else 0, offers_of(extra))


def offers_of(extra: Mapping[str, Any]) -> frozenset[str]:
    """Return the signs of an offer among the marks of a page."""
    return OFFERS & set(str(extra.get("marks", "")).split(","))


def is_like(before: Look, now: Look) -> bool:
    """Say whether two looks are of one page, wordings aside."""
    if before.offers and not before.offers & now.offers:
        return False
    if now.size < SHRUNK * before.size and not (before.offers and before.offers <= now.offers):
        return False
    return bool(before.offers & now.offers) or _titles_alike(before.title, now.title)


def _titles_alike(before: str, now: str) -> bool:
    """Compare titles without what both share, which is mostly the shop's name."""
    old, new = ([part for part in _PARTS.split(title.lower()) if part] for title in (before, now))
    left, right = ("".join(part for part in own if part not in other) for own, other in ((old, new), (new, old)))
    return left == right or SequenceMatcher(None, left, right, autojunk=False).ratio() >= ALIKE
