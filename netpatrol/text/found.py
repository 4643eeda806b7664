"""What the searches for identifiers look through, and what they find."""

from __future__ import annotations

import re
from dataclasses import dataclass

from netpatrol.items import PageText

HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
MOST = 1_000
"""Labels and legal forms that one search looks at; no honest page has as many."""


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier in the normalised text: `start` and `end` are offsets there."""

    name: str
    value: str
    start: int
    end: int
    valid: bool | None = None
    repaired: bool = False
    how: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The text that identifiers are searched in, with what the searches share."""

    text: PageText

    @property
    def norm(self) -> str:
        """The normalised text."""
        return self.text.norm

    def raw(self, start: int, end: int) -> str:
        """Return the raw text of a normalised span."""
        first, last = self.text.raw_span(start, end)
        return self.text.raw[first:last]
