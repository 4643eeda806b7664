"""Owns the judgement how far a page could be checked: challenge, shell, jump, gone, undecodable, whole.

Everything but CHECKED means "not checked". A short page that is whole is checked: there is no minimum length.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from netpatrol.items import PageState
from netpatrol.notices import ASKS_FOR_SCRIPT, CHALLENGE, CHALLENGE_WIDGETS, FAILED, GONE, GONE_TITLE, OR_KEPT, OTHERS_ARE
from netpatrol.text.bare import is_front, leads_nowhere
from netpatrol.text.blocks import is_unseen
from netpatrol.text.jumps import jump_targets
from netpatrol.text.sniff import Body

if TYPE_CHECKING:
    from netpatrol.text.blocks import Blocks
    from netpatrol.text.html import Document

_MARKED_WITHIN = 60_000  # characters of markup
_MOUNT = re.compile(
    r"""<[a-z-]+[^>]{0,200}\bid\s{0,3}=\s{0,3}["']?(?:app|root|__next|__nuxt|main-app|react-root|vue-app|q-app|container|J_app|appRoot|mount|page-root|app-root)\b["']?|<app-root|\bng-app\b|\bv-cloak\b""",
    re.IGNORECASE,
)
_ALERT = re.compile(r"""\b(?:alert|layer\.(?:msg|open|confirm)|toast|message)\s{0,3}\(\s{0,3}["']([^"']{1,200})["']""", re.IGNORECASE)
_PRICED = re.compile(r"[￥¥]\s?\d|\d\s?元|价格|售价|现价")
_UNSEEN_PARTS = '[style*="none" i], [style*="hidden" i], [style*="opacity" i], [style*="font-size" i], [hidden]'
_MOST_UNSEEN = 200
_OPENS_HIDDEN = re.compile(r"<!--|<(script|style|template)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,5000}>")
_DATA_IS_TEXT = 15  # Chinese characters in embedded data that make a shell readable
_LITTLE = 200  # characters of visible text; "little else" is said within these
_THIN = 60
_SPLASH = 30  # Chinese characters: a front page that says no more is but the way to another
_SHORT_CODE = 3_000
_A_NAME = 8  # Chinese characters: a page that says more than a name says something before it goes on


def state_of(document: Document, blocks: Blocks, visible: int, raw: str, data_han: int) -> PageState:
    """Return how far a page could be checked.

    `visible` counts characters of body text, `raw` is the text of all zones, `data_han` counts Chinese characters in
    embedded data.
    """
    early = _by_body(document)
    if early is not None:
        return early
    if document.recovered:
        return PageState.PARSE_SUSPECT
    shown = "\n".join(block.text for block in blocks.seen)[:4000]
    han = count_han(shown)
    seen = _without(document.once(unseen_lines), shown) if visible <= _LITTLE * 2 else ""  # what decides must be in plain view
    if _is_challenge(document, seen, visible):
        return PageState.CHALLENGE
    if visible <= _LITTLE and not _PRICED.search(shown) and _tells_gone(document):
        return PageState.SOFT_404
    if _is_jump(document, visible, han):
        return PageState.JUMP
    if visible <= _LITTLE * 2 and _is_gone(document, seen, visible):
        return PageState.SOFT_404
    if _needs_render(document, shown, han, data_han):
        return PageState.NEEDS_RENDER
    if _lost_text(document, raw):
        return PageState.PARSE_SUSPECT
    return PageState.CHECKED if raw.strip() else PageState.EMPTY


def unseen_lines(document: Document) -> frozenset[str]:
    """Return the lines of elements that are hidden in their own style or by attribute."""
    nodes = islice((node for node in document.tree.css(_UNSEEN_PARTS) if is_unseen(node.attributes)), _MOST_UNSEEN)
    return frozenset(line for node in nodes for line in map(str.strip, node.text(separator="\n").split("\n")) if line)


def _without(unseen: frozenset[str], shown: str) -> str:
    """Return what a page shows without what is hidden."""
    return "\n".join(line for line in shown.split("\n") if line not in unseen) if unseen else shown


def _by_body(document: Document) -> PageState | None:
    """Return the state that the body alone decides."""
    if document.body is Body.EMPTY:
        return PageState.EMPTY
    if document.body in (Body.BINARY, Body.SCRIPT):
        return PageState.NOT_HTML
    if document.encoding.doubt:
        return PageState.UNDECODABLE
    if document.body is Body.JSON:
        if document.json is None:
            return PageState.PARSE_SUSPECT
        return PageState.SOFT_404 if _answers_gone(document.json) else PageState.CHECKED
    return None


def _answers_gone(answer: Any) -> bool:
    """Say whether an answer in JSON says that what was asked for is gone, and nothing else in words."""
    if not isinstance(answer, dict) or any(isinstance(value, dict | list) and value for value in answer.values()):
        return False
    said = [value for value in answer.values() if isinstance(value, str) and count_han(value)]
    return bool(said) and all(len(value) <= _THIN and _says_gone(value) for value in said)


def _is_challenge(document: Document, shown: str, visible: int) -> bool:
    """Say whether a page only wants proof that somebody is human: its words, or its widgets and little text.

    A page with a price on it wants more than that, whatever widget it carries.
    """
    if visible > _LITTLE * 2:
        return False
    said = CHALLENGE.search(shown) or CHALLENGE.search(document.title)
    if not said and visible > _THIN:
        return False
    start = document.markup[:_MARKED_WITHIN].lower()
    marked = any(mark in start for mark in CHALLENGE_WIDGETS)  # 0.1 ms, where one pattern of them all takes 2
    return bool(said and (marked or visible <= _LITTLE)) or bool(
        marked and visible <= _THIN and len(document.markup) < _MARKED_WITHIN and not _PRICED.search(shown)
    )


def _is_jump(document: Document, visible: int, han: int) -> bool:
    """Say whether a page does nothing but send the reader on."""
    if han > _SPLASH or visible > _LITTLE:
        return False
    if document.meta("refresh") and re.search(r"url", document.meta("refresh"), re.IGNORECASE):
        return True
    is_splash = han <= _A_NAME or is_front(document)  # elsewhere a short page may well have a button that goes to a cart
    return jump_targets(document, always=han > _A_NAME, called=is_splash) != ()


def _is_gone(document: Document, shown: str, visible: int) -> bool:
    """Say whether a page says that what stood here is gone: not others' goods, not below an offer of its own, nor that it may be
    there for others.
    """
    if GONE_TITLE.search(document.title):
        return not OR_KEPT.search(shown)
    match = next((found for found in GONE.finditer(shown) if not OTHERS_ARE.search(shown, max(0, found.start() - 12), found.start())), None)
    if match is None or _PRICED.search(shown, 0, match.start()) or OR_KEPT.search(shown):
        return False
    return visible <= _LITTLE or match.start() < 80


def _says_gone(said: str) -> bool:
    """Say whether a short text says that something is gone, and not that it may be there for others."""
    return GONE.search(said) is not None and not OR_KEPT.search(said)


def _tells_gone(document: Document) -> bool:
    """Say whether a script tells at once, in a box before it goes elsewhere, that what stood here is gone."""
    return any(map(_says_gone, told_at_once(document)))


def told_at_once(document: Document) -> tuple[str, ...]:
    """Return what the scripts of a page tell in a box without anybody's doing."""
    told = [(code, _ALERT.search(code)) for code in document.codes if len(code) <= _SHORT_CODE]
    return tuple(found[1] for code, found in told if found and not re.search(r"\b(?:if|function)\b", code[: found.start()]))


def _needs_render(document: Document, shown: str, han: int, data_han: int) -> bool:
    """Say whether the text comes only by script: little is there, a place to mount, scripts, no data with text."""
    asks = ASKS_FOR_SCRIPT.search(shown) is not None if han <= 400 else False
    if han > _THIN + (40 if asks else 0) or data_han >= _DATA_IS_TEXT:
        return False
    markup = document.markup
    scripts = "<script" in markup or "<SCRIPT" in markup
    if scripts and han <= _SPLASH and is_front(document) and leads_nowhere(document):
        return True
    return scripts and (asks or _MOUNT.search(markup[:400_000]) is not None)


def _lost_text(document: Document, raw: str) -> bool:
    """Say whether the source holds far more Chinese between its tags than was read."""
    markup = document.markup
    if markup.isascii() or len(markup) > 5_000_000:
        return False
    enough = 3 * count_han(raw) + 40
    return count_han(markup) > enough and _han_between_tags(markup) > enough


def is_complaint(text: str) -> bool:
    """Whether a string of a script is what it would say where data cannot be had: no content of the page."""
    return len(text) <= _THIN and FAILED.search(text) is not None


def says_it_failed(said: str) -> bool:
    """Whether what a browser shows is hardly more than that its data could not be had."""
    return FAILED.search(said) is not None and count_han(said) <= _LITTLE and not _PRICED.search(said)


def count_han(text: str) -> int:
    """Return how many Chinese characters a text has (of the common planes; by table, not by pattern: it is long)."""
    import numpy as np

    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    return int(np.count_nonzero(units - np.uint16(0x3400) <= 0x9FFF - 0x3400))  # what is less wraps round


def _han_between_tags(markup: str) -> int:
    """Count Chinese characters outside of tags, comments, scripts and styles that are closed."""
    kept = []
    at = 0
    for match in _OPENS_HIDDEN.finditer(markup):
        if match.start() < at:
            continue
        kept.append(markup[at : match.start()])
        close = "-->" if match[0] == "<!--" else f"</{match[1]}"
        end = markup.find(close, match.end())
        if end < 0 and match[1]:
            end = markup.find(close.upper(), match.end())
        at = end if end >= 0 else match.end()
    kept.append(markup[at:])
    return count_han(_TAG.sub("", "".join(kept)))
