"""Lists that go on by a form, mostly by POST: one whose hidden fields say nothing but which page comes next, sent as a click would.

What may be sent is decided in `text.further`: a form with anything to fill in, or a token, is not ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netpatrol.spiders.platforms._base import ShopFacts, Storefront
from netpatrol.text.further import paging_addresses, paging_forms

if TYPE_CHECKING:
    from netpatrol.text.html import Document


class PostedLists:
    """Lists whose next page is an answer to a form."""

    name = "posted"

    def recognises(self, document: Document) -> bool:
        """Whether the markup has a form at all."""
        return "<form" in document.markup or "<FORM" in document.markup

    def directory(self, document: Document) -> tuple[Storefront, ...]:
        """Return nothing: the rows of such a list are links, which the other kinds read."""
        return ()

    def shop(self, document: Document) -> ShopFacts:
        """Return the forms that lead to further pages, and where those lead that only add to an address."""
        return ShopFacts(next_forms=paging_forms(document), next_pages=paging_addresses(document))
