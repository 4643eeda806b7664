"""Whether what an address answers today is still the page on which something was found, or something else in its place.

A login form, a notice of maintenance, an error of the server or a page of which next to nothing is left no longer show
the wording, and say nothing of whether it was corrected. Words of notices never end, so what counts first is what is left
of a page: where an offer stood and only the shop's frame and a sentence or two stand now, it was replaced, not corrected.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from netpatrol.items import Gate, PageState
from netpatrol.notices import (
    LOGIN_ASIDE,
    OR_KEPT,
    PARKED,
    PUTS_OFF,
    RECOMMENDS,
    SAYS_THAT_IT_FAILED,
    SEE_PICTURES,
    SOLD_OUT,
    WALL,
    WALL_TITLE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netpatrol.items import PageText

OFFERS = frozenset({"price", "buy", "product"})
"""Signs of an offer (`PageText.promo`): a page that had some and has none left under another title is another page."""
SELLS = frozenset({"price", "buy"})
"""Signs of something on offer: a price and a way to buy."""
SHRUNK = 0.15
"""A page that says less than this part of what it said before lost more than a wording."""
ALIKE = 0.5
A_SENTENCE_OR_TWO = 100
"""Characters, the page's title among them: as much of a page's own as a notice has that stands in its place."""
A_NOTICE = 200
"""Characters: as much of its own as a polite notice says in the place of an offer of which no line is left."""
A_DESCRIPTION = 200
"""Characters: a page with so many of its own says something of its goods, whether signs of an offer were seen or not."""
FRAME = 3
"""A line belongs to a shop's frame if one in so many of its pages has it."""
_A_GOODS_NAME = 30  # characters: of other goods that are recommended, no line says more
_KINDS = {"price": 1, "buy": 2, "product": 4}  # what a kept line of an offer shows, in place of its length
_LINES_KEPT = 60  # at the start of a page and at its end: where frames are, and all there is of a notice
_PICTURES_KEPT = 100
_PICTURE = re.compile("图|片|海报")
"""One of these words is in whatever `SEE_PICTURES` finds …"""
_NEAR = 16  # … and the rest of it, and what decides, within so many characters
_WALL, _ASIDE = "1", "aside"
_MUCH = 0.6
"""A page that says so much of what it said itself still says it, a bar to log in beside it or not."""
_UNIT = 4  # characters: what the length of a line is kept in
_WALL_WITHIN = 600  # characters: a page that says more is more than a wall
TITLE_PARTS = re.compile(r"[\s\-_|｜·—–,，、:：>»/]+")


def is_wall(title: str, said: str, *, sells: bool = False) -> bool:
    """Say whether a page reads like a login form, a notice or an error: by its title, or by its words if they are few."""
    if WALL_TITLE.search(title):
        return True
    if len(said) > _WALL_WITHIN:
        return False
    if WALL.search(said):
        return True
    return not sells and any(notice.search(said) for notice in (PUTS_OFF, PARKED, OR_KEPT))


def look_of(text: PageText, offers: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Return what a page is known by when it is seen again: signs of an offer, how many characters it says and in which lines,
    which pictures it shows, whether it is a wall, says that the goods are gone or refers to pictures. `offers`: its lines that
    hold signs of an offer, and which.
    """
    shown = [name for name, is_shown in text.promo.items() if is_shown]
    lines = _own_lines(text.norm)
    offers = {line: offers[line] for line in lines if line in offers}
    look = {"marks": ",".join(shown), "size": str(len(text.norm)), "lines": _sketch(lines), "offers": _sketch_offers(offers)}
    look["pictures"] = _packed((picture, 0) for picture in text.pictures[:_PICTURES_KEPT])
    if SOLD_OUT.search(text.norm):
        look["over"] = "1"
    if _refers(text.norm):
        look["refers"] = "1"
    wall = _keeps_out(text, sells=frozenset().union(*offers.values()) >= SELLS)
    return {**look, "wall": wall} if wall else look


def _refers(said: str) -> bool:
    """Say whether a text refers to pictures; looked for from their few words, as looking everywhere takes ten times as long."""
    for at in _PICTURE.finditer(said):
        found = SEE_PICTURES.search(said, max(0, at.start() - _NEAR), at.end() + _NEAR)
        if found and found.start() <= at.start():  # else the words that decide may lie beyond
            return True
    return False


def _keeps_out(text: PageText, *, sells: bool) -> str:
    """Say whether a page is a wall: by what its forms ask for, whatever it is called, or by its words; `_ASIDE` where these may be
    no more than what shops have beside their goods.
    """
    if text.gate is Gate.LOCK or (text.gate is Gate.LOGIN and not sells and len(text.norm) <= _WALL_WITHIN):
        return _WALL
    title, said = text.title, text.norm
    if text.state is PageState.SOFT_404:
        title, said = (SAYS_THAT_IT_FAILED.sub("", part) for part in (title, said))
    if not is_wall(title, said, sells=sells):
        return ""
    plain = "\n".join(line for line in said.split("\n") if line not in text.unseen)
    return _WALL if is_wall(title, LOGIN_ASIDE.sub("", plain), sells=sells) else _ASIDE


def _own_lines(said: str) -> tuple[str, ...]:
    """Return the lines of a page without the other goods that it recommends: short lines below words that say so."""
    own, is_other = [], False
    for line in dict.fromkeys(filter(None, said.split("\n"))):
        is_other = RECOMMENDS.match(line) is not None or (is_other and len(line) <= _A_GOODS_NAME)
        if not is_other:
            own.append(line)
    return tuple(own)


def _sketch(lines: Sequence[str]) -> str:
    """Return the lines of a page as one short word: three bytes that tell each from others, one for its length."""
    if len(lines) > 2 * _LINES_KEPT:
        lines = (*lines[:_LINES_KEPT], *lines[-_LINES_KEPT:])
    return _packed((line, min(255, -(-len(line) // _UNIT))) for line in lines)


def _sketch_offers(offers: Mapping[str, frozenset[str]]) -> str:
    """Return the lines that hold signs of an offer in the same way, one byte for which."""
    return _packed((line, sum(_KINDS[sign] for sign in signs)) for line, signs in list(offers.items())[:_LINES_KEPT])


def _packed(lines: Iterable[tuple[str, int]]) -> str:
    kept = (zlib.crc32(line.encode("utf-8", "replace")) & 0xFFFFFF00 | told for line, told in lines)
    return base64.b64encode(b"".join(number.to_bytes(4, "big") for number in kept)).decode("ascii")


def lines_of(sketch: str) -> frozenset[int]:
    """Return the lines of a page as they were kept, each a number that ends in its length."""
    try:
        data = base64.b64decode(sketch)
    except ValueError:  # nothing that was kept here
        return frozenset()
    return frozenset(int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data) - 3, 4))


def frame_of(sketches: Iterable[str]) -> frozenset[int]:
    """Return the lines that many pages of a shop share: menus, footers, recommendations."""
    pages = [lines_of(sketch) for sketch in sketches]
    counts = Counter(line for page in pages for line in page)
    return frozenset(line for line, count in counts.items() if count * FRAME >= len(pages))


@dataclass(frozen=True, slots=True)
class Look:
    """What is kept of how a page looks: its title, how many characters it says (0: not known), its signs of an offer."""

    title: str
    size: int
    offers: frozenset[str]
    wall: bool = False
    aside: bool = False
    """Whether it only reads like a wall by what shops have beside their goods: a bar to log in, a hidden notice."""
    lines: frozenset[int] = frozenset()
    over: bool = False
    """Whether it says that the goods are gone."""
    offering: frozenset[int] | None = None
    """Its lines that hold signs of an offer, other goods' left out; None: kept before these were."""
    refers: bool = False
    """Whether it says that something is to be seen in pictures."""
    pictures: frozenset[int] | None = None
    """The pictures that it shows; None: kept before these were."""

    @classmethod
    def of(cls, page: Mapping[str, Any]) -> Look:
        """Return the look that a stored page was last recognised by."""
        extra = page.get("extra") or {}
        size = str(extra.get("size", ""))
        offers = OFFERS & set(str(extra.get("marks", "")).split(","))
        return cls(
            str(page.get("title") or ""), int(size) if size.isascii() and size.isdigit() else 0, offers,
            wall=bool(extra.get("wall")),
            aside=extra.get("wall") == _ASIDE, lines=lines_of(str(extra.get("lines", ""))), over=bool(extra.get("over")),
            offering=lines_of(str(extra["offers"])) if "offers" in extra else None,
            refers=bool(extra.get("refers")),
            pictures=lines_of(str(extra["pictures"])) if "pictures" in extra else None,
        )  # fmt: skip

    def own(self, frame: frozenset[int]) -> int:
        """Return about how many characters a page says that are not of the shop's frame."""
        return _length(self.lines - frame)

    def offered(self, frame: frozenset[int] = frozenset()) -> frozenset[str]:
        """Return the signs of an offer that are not of the shop's frame."""
        if self.offering is None:
            return self.offers
        shared = {line >> 8 for line in frame}
        told = [line & 0xFF for line in self.offering if line >> 8 not in shared]
        return frozenset(sign for sign, bit in _KINDS.items() if any(bits & bit for bits in told))


def _length(lines: Iterable[int]) -> int:
    return sum(line & 0xFF for line in lines) * _UNIT


def is_like(before: Look, now: Look, frame: frozenset[int] = frozenset()) -> bool:
    """Say whether what stands there now can be the page of before, its wording corrected.

    It cannot where a wall stands, where next to nothing is left, where something else with nothing on offer has taken the place
    of an offer, or where what it says may stand in pictures that are new. Whatever else changed, the wording is no longer there.
    `frame`: lines that the shop's pages share.
    """
    if _is_walled(before, now, frame):
        return False
    if now.refers and before.pictures is not None and (now.pictures or frozenset()) - before.pictures:
        return False
    offered, offers = _offers(before, now, frame)
    if now.size < SHRUNK * before.size and not (offered and offered <= offers):
        return False
    if not offered & offers and not now.over and _is_replaced(before, now, frame, offered=bool(offered)):
        return False
    return not offered or bool(offered & offers) or _titles_alike(before.title, now.title)


def _is_walled(before: Look, now: Look, frame: frozenset[int]) -> bool:
    """Say whether a wall stands where none stood; a bar to log in is none beside the text of before, whatever was corrected in it."""
    if not now.wall or (before.wall and (now.aside or not before.aside)):
        return False
    own = before.lines - frame
    return not (now.aside and own & now.lines and now.own(frame) >= _MUCH * _length(own))


def _offers(before: Look, now: Look, frame: frozenset[int]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the signs of an offer of both, of their own where there were any: goods of one price share that line."""
    own = before.offered(frame)
    return (own, now.offered(frame)) if own else (before.offered(), now.offered())


def _is_replaced(before: Look, now: Look, frame: frozenset[int], *, offered: bool) -> bool:
    """Say whether of what was offered, or described, hardly more than the shop's frame is left, and a notice in its place."""
    if not before.lines or not now.lines:  # kept before lines were
        return offered and 0 < now.size < before.size / 2
    was, is_now = before.own(frame), now.own(frame)
    if (offered or was >= A_DESCRIPTION) and is_now <= A_SENTENCE_OR_TWO and is_now < was / 2:
        return True
    kept = _length((before.lines & now.lines) - frame)
    return offered and is_now <= A_NOTICE and kept <= len(now.title) + 2 * _UNIT  # its name alone


def _titles_alike(before: str, now: str) -> bool:
    """Compare titles without what both share, which is mostly the shop's name."""
    old, new = ([part for part in TITLE_PARTS.split(title.lower()) if part] for title in (before, now))
    left, right = ("".join(part for part in own if part not in other) for own, other in ((old, new), (new, old)))
    return left == right or SequenceMatcher(None, left, right, autojunk=False).ratio() >= ALIKE
