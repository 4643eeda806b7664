"""Tells what a page's forms ask a visitor for before they show anything: a password, or who he is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netpatrol.items import Gate

if TYPE_CHECKING:
    from netpatrol.text.html import Document, Node

_HINT = re.compile(r"""type\s{0,3}=\s{0,3}["']?password""", re.IGNORECASE)
_UNASKED = frozenset({"hidden", "submit", "button", "image", "reset", "checkbox", "radio"})


def gate_of(document: Document) -> Gate:
    """Return what kind of gate the forms of a page are: a lock, a login that is all they are for, or none.

    A search beside it is part of the shop's frame; where there is more to fill in, the page is there for that.
    """
    if "password" not in document.lowered or not _HINT.search(document.markup):  # the word alone is looked for in half the time
        return Gate.NONE
    forms = [_asked(form) for form in document.tree.css("form")] or [_asked(document.tree.root)]
    if ["password"] in forms:
        return Gate.LOCK
    logins = [asked for asked in forms if "password" in asked]
    others = [asked for asked in forms if "password" not in asked]
    is_login = bool(logins) and all(asked.count("password") == 1 for asked in logins) and all(len(asked) <= 1 for asked in others)
    return Gate.LOGIN if is_login else Gate.NONE


def _asked(form: Node | None) -> list[str]:
    """Return the kinds of what is to be filled in."""
    if form is None:
        return []
    kinds = [str(field.attributes.get("type") or "text").strip().lower() for field in form.css("input")]
    return [kind for kind in kinds if kind not in _UNASKED] + ["choice" for _ in form.css("textarea, select")]
