"""Tells pages that no longer say what open leads quote of them, and of which a script fills a part: it may say so by now.

Such a page is drawn before it counts as corrected; where nobody draws it, it was not checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpatrol.items import PageState
from netpatrol.spiders._known_hosts import is_never_shop
from netpatrol.text.filled import (
    awaits_script,
    has_empty_part,
    may_be_filled,
    needs_more_than_a_page,
    says_in_code,
    unread_frames,
)
from netpatrol.text.read import read_document
from netpatrol.text.urls import page_key

if TYPE_CHECKING:
    from netpatrol.spiders._planned import Planned
    from netpatrol.spiders._site import SiteCrawl
    from netpatrol.text.html import Document


def may_say_it_by_script(site: SiteCrawl, planned: Planned, document: Document) -> bool:
    """Whether a page that still stands says no longer what was found on it, and a script may."""
    return bool(_lost_words(site, planned, document)) and may_be_filled(document)


def may_still_say_it(site: SiteCrawl, planned: Planned, document: Document, *, goes_on: bool, said: bool | None) -> bool:
    """Whether the words of a page are lost and nobody has seen it whole: no browser has filled it, its code says the words, it
    shows what is elsewhere, a list on it `goes_on`, or it was `said` when a reader's acts were tried (None: they were not).
    Such a page was not checked.
    """
    lost = _lost_words(site, planned, document)
    if not lost:
        return False
    waits = awaits_script if planned.raw is None else has_empty_part
    was_tried = said is not None and not needs_more_than_a_page(document)
    hides = (not was_tried and waits(document)) or says_in_code(document, lost)
    return goes_on or bool(said) or hides or _shows_others(document)


def _shows_others(document: Document) -> bool:
    """Whether a page shows in a frame what another site says; maps, films and the like say nothing of a shop."""
    return not all(map(is_never_shop, unread_frames(document)))


def _lost_words(site: SiteCrawl, planned: Planned, document: Document) -> list[str]:
    """Return what was found on a page and is no longer said by what came of it."""
    quotes = site.quotes.get(planned.own_key, ())
    if not quotes or page_key(document.url) != planned.own_key:  # sent on: another page
        return []
    text = read_document(document)
    return [quote for quote in quotes if quote not in text.raw] if text.state is PageState.CHECKED else []
