"""What a page tells its site: that it is an entrance or says what another address has said, that its section has nothing new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpatrol.ledger import SAME_PAGE
from netpatrol.spiders import _answers as answers
from netpatrol.spiders._doubts import mark_of
from netpatrol.spiders._entrances import ways_in
from netpatrol.spiders._finder import leads_beyond
from netpatrol.spiders._sections import Idle
from netpatrol.spiders._traps import Place, headings_of, said_on
from netpatrol.text.links import FRAMES, find_links
from netpatrol.text.urls import doubtful, shape

if TYPE_CHECKING:
    from netpatrol.spiders._planned import Planned
    from netpatrol.spiders._site import SiteCrawl
    from netpatrol.text.html import Document


def hear(site: SiteCrawl, planned: Planned, document: Document) -> bool:
    """Hear what a page says that has other names; whether it is an entrance, or another page than that of its key.

    One that says the same as the entrance that led to it is the page itself, whatever it leads to.
    """
    entrance = bool(ways_in(document, planned.url, start=site.is_start(planned)))
    if entrance or planned.is_entered or site.is_start(planned) or site.names.are_several(planned.own_key):
        site.names.hear(planned, mark_of(document))
    return (entrance or planned.is_named) and not (planned.is_entered and site.names.are_one(planned.own_key))


def why_cut(site: SiteCrawl, document: Document, planned: Planned) -> str:
    """Note what a page says; return why its section is not followed any further, "" if it is.

    Pages without links lead nowhere and are no traps: the empty shells of a shop that a script draws are all alike.
    Nor are pages that say the new thing in a frame: as long as those of the frames do, their own sections are judged.
    """
    links = find_links(document)
    leads = document.json is not None or bool(links)
    if not leads and not site.traps.sections.is_idle(planned.via):
        return ""
    section = shape(document.url)
    if any(link.where in FRAMES and site.awaits(link.url) for link in links):
        site.traps.sections.pass_on(planned.url, Idle(section, planned.via))
        return ""
    said, headings = said_on(document), headings_of(document)
    mark = mark_of(document) if site.doubts.any and not planned.form else None
    if not planned.form and _says_the_same(site, planned, document, mark, said):
        return SAME_PAGE
    place = Place(planned.url, planned.via, ends=planned.via in site.starts, leads=leads)
    if not site.traps.note(section, said, headings, place) or not leads:
        return ""
    if leads_beyond(site, document, section):
        site.traps.sections.wait(section)
    return site.traps.why_cut(section)


def _says_the_same(site: SiteCrawl, planned: Planned, document: Document, mark: int | None, said: bytes) -> bool:
    """Whether a page says what the same page said under another value of its doubtful parameters; shells say nothing."""
    if doubtful(planned.url) and answers.needs_browser(document):
        return False
    return site.note(planned.url, mark, said)
