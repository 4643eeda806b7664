"""Keeps account of the sections of one site: how many pages of each said something new, and what the others led to.

A page that says nothing new itself may be worth its while all the same: a list of goods shown as pictures differs from the
next in numbers alone, the goods behind it do not. So a section is cut for its idle pages, those that said nothing new, but

- while there are pages of other sections to read to which an idle page led, the section waits: its next pages come last;
- when one of them says something new, the idle pages before it are forgiven, and a few to come for each time it happened;
- when all is read and none did, the section is cut. What is forgiven rests on what was read, never on what is promised:
  two sections that lead to each other for ever and say nothing forgive each other nothing.

And the first kinds of goods in a list may be empty: idle pages of a list that has an end are let pass up to a number, or
as many as the list calls by names of their own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

REPEATS_ALLOWED = 3
"""This many pages of one section may repeat earlier ones; calendars show their pattern by then."""
LISTED_ALLOWED = 24
"""Idle pages of one section that stand in lists with an end, if they name fewer: its first kinds may be empty, its first goods sold."""
NEAR_ALLOWED = 8
"""This many pages of one section may say next to nothing new."""
LEARNT = 4
"""Pages of a section that pass before it is watched for pages that are nearly equal: most sections have fewer."""
PATIENCE = 8
"""Idle pages to come that are forgiven at most: as many as led to something new before them, lists overlap."""


class Idle(NamedTuple):
    """A page that said nothing new: its section, and the page that led to it."""

    section: str
    via: str


@dataclass(slots=True)
class Tally:
    """The pages of one section. What is forgiven for pages to come stands as less than none."""

    pages: int = 0
    """Those that did not repeat others word for word."""
    fresh: int = 0
    repeats: int = 0
    near: int = 0
    listed: int = 0
    named: int = 0
    """Names of their own by which lists with an end link its pages."""
    forgiven: int = 0
    """How often an idle page turned out to have led to something new."""

    def why_cut(self) -> str:
        """Return why enough was seen, "" while things are said more often than not."""
        if self.repeats >= REPEATS_ALLOWED and self.repeats > self.fresh:
            return "trap"
        if self.near >= NEAR_ALLOWED and self.near + self.repeats > 2 * self.fresh:
            return "near_duplicates"
        return ""

    def forgive(self) -> None:
        """Forgive the idle pages so far and some to come."""
        self.forgiven += 1
        self.repeats = self.near = -min(self.forgiven, PATIENCE)


class Sections:
    """The sections of one site, and the pages that said nothing new by their addresses."""

    def __init__(self) -> None:
        self._tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self._idle: dict[str, Idle] = {}
        self._waiting: set[str] = set()
        """Sections an idle page of which led to pages of other sections that may not all have been read."""

    def __getitem__(self, section: str) -> Tally:
        return self._tallies[section]

    def is_idle(self, url: str) -> bool:
        """Whether the page at an address said nothing new, nor did what it has led to so far."""
        return url in self._idle

    def note_fresh(self, section: str) -> None:
        """Note a page that says something new."""
        tally = self._tallies[section]
        tally.pages += 1
        tally.fresh += 1

    def note_idle(self, url: str, idle: Idle, *, near: bool, ends: bool) -> None:
        """Note a page that says nothing, or next to nothing (`near`), new. `ends`: it stands in a list that has an end."""
        tally = self._tallies[idle.section]
        tally.pages += near
        self._idle[url] = idle
        if ends and tally.listed < max(LISTED_ALLOWED, tally.named):
            tally.listed += 1
        elif near:
            tally.near += 1
        else:
            tally.repeats += 1

    def forgive(self, via: str, section: str) -> None:
        """Forgive the sections of the idle pages that have led, one to the other, to a page of a section that says something new.

        That pages of one section lead to each other is no merit of theirs.
        """
        while (idle := self._idle.get(via)) is not None and idle.section != section:
            del self._idle[via]
            self._tallies[idle.section].forgive()
            section, via = idle

    def pass_on(self, url: str, idle: Idle) -> None:
        """Note a page that leaves it to its frames to say something: what they say speaks for the page that led to it."""
        if idle.via in self._idle:
            self._idle[url] = idle

    def wait(self, section: str) -> None:
        """Let a section wait for what one of its idle pages leads to."""
        self._waiting.add(section)

    def settle(self) -> None:
        """Let no section wait any longer: all that their pages led to is read."""
        self._waiting.clear()

    def waits(self, section: str) -> bool:
        """Whether a section would be cut, but for what is not read yet."""
        return section in self._waiting and bool(self._tallies[section].why_cut())

    def why_cut(self, section: str) -> str:
        """Return why a section is not followed any further, "" where it is, or where it waits."""
        tally = self._tallies.get(section)
        return "" if tally is None or section in self._waiting else tally.why_cut()
