"""Owns the walk over a page's tree: the blocks of text that a reader sees, each with its place and kind.

One pass, no recursion. Inline tags join without a gap, block tags and `<br>` part, spaces collapse as in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netpatrol.items import PartKind, ZoneName
from netpatrol.text.parts import part_of_element

if TYPE_CHECKING:
    from netpatrol.text.html import Node

_SPACES = re.compile(r"[ \t\n\r\f]+")
_BROWSER_SPACE = " \t\n\r\f"

_BLOCK = frozenset(
    {
        "html",
        "body",
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "nav",
        "aside",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "form",
        "fieldset",
        "legend",
        "blockquote",
        "pre",
        "address",
        "center",
        "figure",
        "figcaption",
        "details",
        "summary",
        "hr",
        "marquee",
        "dir",
        "menu",
        "option",
        "optgroup",
        "select",
        "button",
        "textarea",
        "iframe",
        "frame",
        "frameset",
        "noframes",
        "object",
        "video",
        "audio",
        "canvas",
        "svg",
        "map",
        "hgroup",
        "dialog",
        "search",
        "noscript",
        "meta",
        "link",
    }
)
_HIDDEN = [
    "script",
    "style",
    "template",
    "title",
    "noframes",
    "noembed",
    "iframe",
    "datalist",
    "head",
]  # their text is none of the page's

# What the walk does at a tag; a border ends the block before it and after it.
_INLINE, _TEXT, _NOTHING, _BREAK, _ANCHOR, _PLACED, _BORDER, _SKIPPED = range(8)
_TRANSPARENT = frozenset(["html", "body", "div", "tr", "tbody", "table", "ul", "center", "form"])
_KINDS = {
    **dict.fromkeys(_BLOCK, _BORDER),
    **dict.fromkeys(("img", "input"), _PLACED),  # no border: a picture may stand inside a word
    **dict.fromkeys(_HIDDEN, _SKIPPED),
    "-text": _TEXT,
    "-comment": _NOTHING,
    "-doctype": _NOTHING,
    "!doctype": _NOTHING,
    "-document": _NOTHING,
    "br": _BREAK,
    "a": _ANCHOR,
}
_ATTRIBUTES = frozenset({"alt", "title", "placeholder", "value", "label", "summary", "aria-label", "srcdoc"})
_NOUGHT = r"(?:0+(?:\.0*)?|\.0+)(?:px|em|rem|%|pt|ex|ch|v[wh])?(?![.\d])"
_UNSEEN = re.compile(rf"font-size:{_NOUGHT}|display:none|visibility:hidden|opacity:{_NOUGHT}")
_IN_PRINT = re.compile(r"@media(?![^{]{0,200}\b(?:screen|all)\b)[^{]{0,200}\bprint\b[^{]{0,200}\{")
_BLANKS = re.compile(r"\s+|/\*[\s\S]*?(?:\*/|\Z)")
_TURNED = re.compile(r"bidi-override|isolate-override")
_OVERRIDDEN = re.compile("\u202e([^\u202c-\u202e]*)\u202c?")  # shown from right to left by a character instead of a tag
_CSS_COMMENT = re.compile(r"/\*[\s\S]*?(?:\*/|\Z)")
# What a selector is for, its last part: an element's class, id or attribute wherever it stands; a bare tag only if nothing stands before.
_SELECTED = re.compile(
    r"(?:^|[\s>+~])[a-z][a-z0-9]{0,9}?([.#][\w-]{1,60})$|(?:^|[\s>+~])([.#][\w-]{1,60}|\[[\w-]{1,60}\])$|^([a-z][a-z0-9]{0,9})$",
    re.IGNORECASE,
)
_MOST_RULES, _LONGEST_RULE = 5_000, 2_000
_MAX_CHARS = 6_000_000  # of text, every block counted 60 more
_DEEPEST = 1 << 30


class Place:
    """Where text stands: an element, the kind of its part, what lies above.

    Elements of one tag, id and class in one place are the same place (`below` keeps them), so that their path is put
    together once: a page of 160 blocks has some 30 places.
    """

    __slots__ = ("_labels", "above", "below", "mark", "names", "part", "path", "tag", "zone")

    def __init__(self, above: Place | None, tag: str, mark: str, names: str, part: PartKind, zone: ZoneName) -> None:
        self.above, self.tag, self.mark, self.names, self.part, self.zone = above, tag, mark, names, part, zone
        self.below: dict[tuple[str, str, str], Place] = {}
        self._labels: tuple[str, ...] = (*above._labels[-3:], self._label()) if above is not None and tag else ()
        self.path = ">".join(self._labels)
        """The element path, like `main>div.detail>p`; at most the last four telling elements."""

    def _label(self) -> str:
        if self.mark:
            return f"{self.tag}#{self.mark[:24]}"
        first = self.names.split(None, 1)
        return f"{self.tag}.{first[0][:24]}" if first else self.tag


@dataclass(slots=True)
class Block:
    """A run of text without a block border in it; `rose` is how few elements lay around anything since the block before."""

    text: str
    place: Place
    rose: int = 0


@dataclass(slots=True)
class Blocks:
    """What a walk found: blocks in reading order, texts of attributes, turned and unseen texts; whether it was cut."""

    seen: list[Block] = field(default_factory=list)
    attributes: list[tuple[str, Block]] = field(default_factory=list)
    turned: list[Block] = field(default_factory=list)
    unseen: list[Block] = field(default_factory=list)
    cut: bool = False


@dataclass(frozen=True, slots=True)
class StyleHints:
    """What a style sheet in the page hides, or shows from right to left: `.class`, `#id`, `[attribute]` or `tag`."""

    unseen: frozenset[str] = frozenset()
    turned: frozenset[str] = frozenset()


def style_hints(styles: str) -> StyleHints:
    """Return what these style sheets hide on a screen or turn round; nothing is looked for where nothing can be."""
    lowered = styles.lower()
    if not any(word in lowered for word in ("bidi-override", "isolate-override", "font-size", "none", "hidden", "opacity")):
        return StyleHints()
    unseen: set[str] = set()
    turned: set[str] = set()
    for piece in _for_screens(_CSS_COMMENT.sub("", styles).split("}", _MOST_RULES)):
        head, _, body = piece.rpartition("{")
        rule = _BLANKS.sub("", body[:_LONGEST_RULE].lower())
        if _TURNED.search(rule) and "rtl" in rule:
            turned.update(_selected(head))
        elif _UNSEEN.search(rule):
            unseen.update(_selected(head))
    return StyleHints(frozenset(unseen), frozenset(turned))


def _for_screens(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the rules (each without its closing brace) that do not stand in a block for printers alone."""
    depth, outside = 0, -1
    for piece in pieces:
        printed = _IN_PRINT.search(piece) if outside < 0 and "@media" in piece else None
        if printed:
            outside = depth + piece.count("{", 0, printed.start())
        depth += piece.count("{") - 1
        if outside < 0:
            yield piece
        elif depth <= outside:
            outside = -1


def _selected(head: str) -> Iterator[str]:
    """Yield what the selectors (`.q, p > b#x`) before a rule are for, as far as it can be said without the elements around."""
    for selector in re.split("[{;]", head[-_LONGEST_RULE:])[-1].split(","):
        found = _SELECTED.search(selector.strip())
        if found is not None:
            yield found[1] or found[2] or found[3].lower()


class _Run:
    """The block that is being collected. `pieces` stays one list, so that the walk may hold on to it."""

    __slots__ = ("blocks", "chars", "hidden", "pieces", "place", "rose", "turned")

    def __init__(self, blocks: Blocks, place: Place) -> None:
        self.blocks = blocks
        self.pieces: list[str] = []
        self.turned: list[int] = []
        self.hidden: list[str] = []
        self.place = place
        self.rose = _DEEPEST
        self.chars = 0

    def close(self) -> None:
        """End the block and keep it if it shows anything."""
        pieces = self.pieces
        if pieces:
            text = pieces[0] if len(pieces) == 1 else "".join(pieces)
            text = _SPACES.sub(" ", text).strip(_BROWSER_SPACE)
            if text:
                self.blocks.seen.append(Block(text, self.place, self.rose))
                self.rose = _DEEPEST
                self.chars += len(text) + 60
                if self.turned:
                    self.blocks.turned.append(Block(_turn_back(pieces, set(self.turned)), self.place))
                elif "\u202e" in text:
                    self.blocks.turned.append(Block(_OVERRIDDEN.sub(lambda run: run[1][::-1], text), self.place))
            pieces.clear()
            self.turned = []
        if self.hidden:
            text = _SPACES.sub(" ", "".join(self.hidden)).strip(_BROWSER_SPACE)
            if text:
                self.blocks.unseen.append(Block(text, self.place))
            self.hidden = []


def _turn_back(pieces: list[str], turned: set[int]) -> str:
    """Return the pieces in reading order: runs of turned ones are read from their end."""
    out: list[str] = []
    run: list[str] = []
    for index, piece in enumerate(pieces):
        if index in turned:
            run.append(piece)
            continue
        out.append("".join(run)[::-1])
        run = []
        out.append(piece)
    out.append("".join(run)[::-1])
    return _SPACES.sub(" ", "".join(out)).strip(_BROWSER_SPACE)


_NORMAL, _SKIP, _UNSEEN_MODE, _TURNED_MODE = range(4)


def collect(root: Node | None, hints: StyleHints | None = None) -> Blocks:
    """Return the blocks of text under this node.

    Long for its loop: it runs once for every node of every page, and calls would double its cost.
    """
    blocks = Blocks()
    if root is None:
        return blocks
    hints = hints or StyleHints()
    hinted = bool(hints.turned or hints.unseen)
    place = Place(None, "", "", "", PartKind.PAGE, ZoneName.TEXT)
    run = _Run(blocks, place)
    pieces, close, kind_of = run.pieces, run.close, _KINDS.get
    up = root.parent
    top, mode = (up.mem_id if up is not None else 0), _NORMAL
    kind = _INLINE
    stack: list[tuple[int, int, Place, int]] = []  # the elements around the current one, as the four names above
    rose = 0  # fewest elements around since the last block began
    after_anchor = -1  # number of pieces when the last anchor closed
    for node in root.traverse(include_text=True):
        up = node.parent
        if up is not None:
            up_id = up.mem_id
            while top != up_id and stack:
                if kind >= _BORDER:
                    if pieces or run.hidden:
                        close()
                    after_anchor = -1
                elif kind == _ANCHOR:
                    after_anchor = len(pieces)
                top, mode, place, kind = stack.pop()
            if len(stack) < rose:
                rose = len(stack)
        tag = node.tag
        now = kind_of(tag or "", _INLINE)
        if now == _TEXT:
            if mode == _SKIP:
                continue
            text = node.text_content
            if not text:
                continue
            if not pieces:
                if text.isspace() and text.isascii():
                    continue
                run.place = place
                run.rose, rose = min(run.rose, rose, len(stack)), len(stack)
            if mode != _NORMAL:
                if mode == _UNSEEN_MODE:
                    run.hidden.append(text)
                    continue
                run.turned.append(len(pieces))
            pieces.append(text)
            continue
        if now == _NOTHING:
            continue
        if now == _BREAK:
            close()
            after_anchor = -1
            continue
        stack.append((top, mode, place, kind))
        top, kind = node.mem_id, now
        if now >= _BORDER:
            if pieces or run.hidden:
                close()
            after_anchor = -1
            if now == _SKIPPED:
                mode = _SKIP
        elif now == _ANCHOR and after_anchor >= 0:
            if not "".join(pieces[after_anchor:]).strip(_BROWSER_SPACE):
                close()
            after_anchor = -1
        if run.chars > _MAX_CHARS:
            blocks.cut = True
            break
        attributes = node.attributes
        if hinted and not attributes and mode == _NORMAL:
            mode = _mode(tag, attributes, hints, inline=now < _BORDER)
        if now >= _PLACED:
            if attributes:
                place = _place(tag, attributes.get("id") or "", attributes.get("class") or "", place)
            elif tag not in _TRANSPARENT:
                place = _place(tag, "", "", place)
        if attributes:
            if mode == _NORMAL and (hinted or "style" in attributes or "dir" in attributes or "hidden" in attributes):
                mode = _mode(tag, attributes, hints, inline=now < _BORDER)
            for name, value in attributes.items():
                if (
                    value
                    and not value.isascii()
                    and (name in _ATTRIBUTES or name[:5] == "data-")
                    and (mode != _SKIP or tag == "iframe")
                ):
                    blocks.attributes.append((name, Block(value, place)))
    close()
    return blocks


def _place(tag: str | None, mark: str, names: str, above: Place) -> Place:
    """Return the place of a block element; elements that only lay out are passed over."""
    tag = tag or ""
    key = (tag, mark, names)
    place = above.below.get(key)
    if place is None:
        place = above.below[key] = _new_place(tag, mark, names, above)
    return place


def _new_place(tag: str, mark: str, names: str, above: Place) -> Place:
    part = part_of_element(tag, mark, names, above.part)
    if names == "pl" and part is PartKind.PAGE and "#postlist" in above.path:
        part = PartKind.REVIEW  # replies on a board; elsewhere `pl` is a list of products as often
    if tag in _TRANSPARENT and not mark and not names and part is above.part:
        return above
    return Place(above, tag, mark, names, part, ZoneName.NOSCRIPT if tag == "noscript" else above.zone)


def _mode(tag: str | None, attributes: dict[str, str | None], hints: StyleHints, *, inline: bool) -> int:
    """Return how the text of an element shows: turned round, or (inline only) not at all."""
    style = _BLANKS.sub("", (attributes.get("style") or "").lower())
    names = _names(tag, attributes) if hints.turned or hints.unseen else ()
    rtl = (attributes.get("dir") or "").lower() == "rtl" or "direction:rtl" in style
    if (rtl and (tag == "bdo" or _TURNED.search(style))) or any(name in hints.turned for name in names):
        return _TURNED_MODE
    unseen = _UNSEEN.search(style) or "hidden" in attributes or any(name in hints.unseen for name in names)
    return _UNSEEN_MODE if inline and tag != "a" and unseen else _NORMAL


def is_unseen(attributes: Mapping[str, str | None]) -> bool:
    """Say whether an element is hidden by its own style or by attribute."""
    return "hidden" in attributes or _UNSEEN.search(_BLANKS.sub("", (attributes.get("style") or "").lower())) is not None


def _names(tag: str | None, attributes: dict[str, str | None]) -> tuple[str, ...]:
    """Return what style sheets may call an element: its tag, id, classes and attributes."""
    mark = attributes.get("id")
    classes = (f".{name}" for name in (attributes.get("class") or "").split())
    return (tag or "", *((f"#{mark}",) if mark else ()), *classes, *(f"[{name}]" for name in attributes))
