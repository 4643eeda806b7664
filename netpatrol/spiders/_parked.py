"""Recognises domains that nobody's shop is at any more: for sale, parked with advertisements, expired.

Such a page may talk of goods and prices and is no shop all the same; its links lead to advertisements and are not followed.
What is switched off until somebody pays is still somebody's (`notices.FOR_NOW`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpatrol.notices import FOR_NOW, PARKED, PARKING_SERVICE, SELLS_DOMAIN
from netpatrol.text.promo import sells
from netpatrol.text.read import read_document

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_LITTLE = 1_500
_LONGEST = 200_000


def is_parked(document: Document) -> bool:
    """Whether a start page says that its domain is for sale or without a site, and says little else."""
    if document.json is not None or len(document.markup) > _LONGEST:
        return False
    text = read_document(document)
    said = text.raw
    if FOR_NOW.search(said):
        return False
    if len(said) > _LITTLE or (sells(text.promo) and not PARKED.search(document.title)):
        return False  # goods on offer: a line about the domain does not hide them
    if PARKED.search(said):
        return True
    return PARKING_SERVICE.search(document.markup) is not None and SELLS_DOMAIN.search(said) is not None
