"""Owns the identifiers of a page: codes, filings, telephones, names, addresses, permits, and what its links say.

Searched in the normalised text, where full width, traditional and invisible characters are gone; quoted from the raw.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from netpatrol.items import Fact, PageFacts, PageText, ZoneName
from netpatrol.text.filings import find_filings
from netpatrol.text.found import Found, Words
from netpatrol.text.licences import find_codes, find_link_facts
from netpatrol.text.links import find_links
from netpatrol.text.operators import find_names, printed_name
from netpatrol.text.phones import find_phones
from netpatrol.text.postal import find_addresses
from netpatrol.text.roles import FOREIGN, OTHER, attributed
from netpatrol.text.urls import bare_host, host_of

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_MAX_FACTS = 400


def find_facts(text: PageText, document: Document | None = None, url: str = "") -> PageFacts:
    """Return the identifiers of a page in order of appearance; those of links come last.

    Of the same kind and value only the first is kept. `url` is where the page was fetched.
    """
    url = url or (document.url if document is not None else "")
    words = Words(text)
    found: list[Found] = []
    for search in (find_codes, find_filings, find_phones, find_names, find_addresses):
        found.extend(search(words))
    found.sort(key=lambda item: (item.start, item.end))
    facts = list(_facts(text, attributed(text.norm, found)))
    if document is not None:
        facts = _with_friends(facts, document, url)
    facts.extend(find_link_facts(document, url))
    return PageFacts(facts=tuple(_first_of_each(facts)))


def _facts(text: PageText, found: Iterable[Found]) -> Iterator[Fact]:
    """Yield what was found with raw offsets and the zone that it stands in."""
    starts = [zone.start for zone in text.zones]
    for item in found:
        start, end = text.raw_span(item.start, item.end)
        index = bisect_right(starts, start) - 1
        yield Fact(
            name=item.name,
            value=item.value,
            raw=text.raw[start:end],
            valid=item.valid,
            repaired=item.repaired,
            zone=text.zones[index].name if index >= 0 else ZoneName.TEXT,
            start=start,
            end=end,
            how=item.how,
        )


def _with_friends(facts: list[Fact], document: Document, url: str) -> list[Fact]:
    """Return the facts; firms whose names are nothing but links to other sites are others (friends' links, partners).

    Only where the page names somebody besides them: a shop may link its own name to another site of its own.
    """
    host = bare_host(host_of(url))
    if not host or not any(fact.name == "name" and fact.how == "free" for fact in facts):
        return facts
    links = Counter(printed_name(link.text) for link in find_links(document) if _is_elsewhere(bare_host(host_of(link.url)), host))
    named = Counter(fact.value for fact in facts if fact.name == "name" and fact.how not in FOREIGN)
    friends = {name for name, times in named.items() if times <= links[name]}
    if len(friends) == len(named):
        return facts
    return [replace(fact, how=OTHER) if fact.how == "free" and fact.name == "name" and fact.value in friends else fact for fact in facts]


def _is_elsewhere(linked: str, host: str) -> bool:
    """Say whether a link leads to another firm's site: not within this one, nor to an office where licences are shown."""
    return bool(linked) and not f".{linked}".endswith((f".{host}", ".gov.cn")) and not host.endswith(f".{linked}")


def _first_of_each(facts: Iterable[Fact]) -> list[Fact]:
    """Return the first fact of each kind and value; one that is announced better takes its place."""
    kept: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        key = (fact.name, fact.value)
        known = kept.get(key)
        if known is None:
            if len(kept) < _MAX_FACTS:
                kept[key] = fact
        elif _is_better(fact, known):
            kept[key] = fact
    return list(kept.values())


_NAMED = {"label": 4, "copyright": 3, "shop": 2, "maker": 2, "other": 2}


def _is_better(fact: Fact, known: Fact) -> bool:
    """Say whether a fact tells more of the shop than the same one found before.

    A name that a label gives to another party is that party's, however often the text mentions it without a label.
    """
    if fact.name == "name":
        return _NAMED.get(fact.how, 1) > _NAMED.get(known.how, 1)
    return fact.how == "label" if known.how == "free" else known.how == "other" and fact.how != "other"
