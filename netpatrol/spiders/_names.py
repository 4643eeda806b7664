"""The names of one page: `/` and `/index.php`, http and https, www and m.; which of them are fetched, and what they said.

An entrance leads to itself by another name; a page may be called by two names of its file. Each is fetched, up to a number,
until two of them have said the same. So is the front page of each alias (m., wap., h5.): another shop may stand there.
"""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

from netpatrol.spiders._planned import ENTRY, Planned
from netpatrol.text.urls import fetch_url, index_name, route_of

ENTRIES = 3
"""Addresses of its own that are fetched for one entrance: from http to https, from there to www, from there to `/index.php`."""


class Names:
    """What the pages of one site are called, by their keys."""

    def __init__(self) -> None:
        self._called: dict[str, list[str]] = {}
        self._said: dict[str, set[int]] = {}
        self._one: set[str] = set()
        self._entered: Counter[str] = Counter()
        self._fronts: set[str] = set()

    def begin(self, key: str, url: str) -> None:
        """Note the address under which a page is planned, if it says the name of its file or is the front page of a host."""
        if index_name(url):
            self._called[key] = [url]
        elif front := _front_of(url):
            self._fronts.add(front)

    def are_several(self, key: str) -> bool:
        """Whether what a page says is of interest, as it is called by the name of its file."""
        return key in self._called

    def are_one(self, key: str) -> bool:
        """Whether two names of a page have said the same."""
        return key in self._one

    def hear(self, planned: Planned, mark: int) -> None:
        """Note what a page says that leads to itself by another name, or was come to so."""
        said = self._said.setdefault(planned.own_key, set())
        if planned.is_entered and mark in said:
            self._one.add(planned.own_key)
        said.add(mark)

    def entered(self, entrance: Planned, url: str) -> Planned | None:
        """Return the page to which an entrance leads under another address of its own; None where enough of them were fetched."""
        if self._entered[entrance.own_key] >= ENTRIES or entrance.own_key in self._one:
            return None
        self._entered[entrance.own_key] += 1
        return Planned(url=url, key=entry_key(entrance.own_key, url), depth=entrance.depth, via=entrance.url)

    def call(self, key: str, url: str, depth: int, via: str) -> tuple[Planned, ...]:
        """Note by what file name a page is called; return what is to be fetched where it is called by two.

        `index.php` need not be `index.html`. A folder and the one name by which its pages call it are taken to be one page,
        and so are all names of the start page, which are tried where it is an entrance.
        """
        name, front = index_name(url), _front_of(url)
        if front and front not in self._fronts and len(self._fronts) <= ENTRIES:
            self._fronts.add(front)
            return (Planned(url=fetch_url(url), key=entry_key(key, url), depth=depth, via=via, is_named=True),)
        if not name or key.partition("?")[0].endswith("/") or len(self._called.get(key, ())) > ENTRIES:
            return ()
        called = self._called.setdefault(key, [""])
        if name in map(index_name, called):
            return ()
        called.append(url)
        if sum(map(bool, called)) < 2 or key in self._one:
            return ()
        others = map(fetch_url, called[1:])
        return tuple(Planned(url=other, key=entry_key(key, other), depth=depth, via=via, is_named=True) for other in others)


def _front_of(url: str) -> str:
    """Return the host whose front page an address is, www. aside; "" for another page."""
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www.") if parts.path in ("", "/") and not parts.query and not route_of(url) else ""


def entry_key(key: str, url: str) -> str:
    """Return the key of a page that is fetched by another of its names."""
    return f"{key}{ENTRY}{url}"
