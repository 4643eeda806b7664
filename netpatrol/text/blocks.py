"""Owns the walk over a page's tree: the blocks of text that a reader sees, each with its place and kind.

One pass, no recursion. Inline tags join without a gap, block tags and `<br>` part, whitespace collapses as in a browser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netpatrol.items import PartKind, ZoneName
from netpatrol.text.parts import is_heading, part_of_element

if TYPE_CHECKING:
    from netpatrol.text.html import Node

_SPACES = re.compile(r"[ \t\n\r\f]+")
_BROWSER_SPACE = " \t\n\r\f"

_BLOCK = frozenset(
    "html body p div section article main header footer nav aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot"
    " tr td th form fieldset legend blockquote pre address center figure figcaption details summary hr marquee dir menu option"
    " optgroup select button textarea iframe frame frameset noframes object video audio canvas svg map input img hgroup dialog search"
    " head meta link title".split()
)  # an image stands between its neighbours, as cells and buttons do
_INLINE_IMAGE = frozenset({"img", "input"})
_SKIPPED = frozenset({"script", "style", "template", "title", "noframes", "noembed", "iframe", "datalist", "head"})
_ATTRIBUTES = frozenset({"alt", "title", "placeholder", "value", "label", "summary", "aria-label", "srcdoc", "content"})
_UNSEEN = re.compile(r"font-size:0(?:px|em|rem|%|pt)?(?![.\d])|display:none|visibility:hidden|opacity:0(?![.\d])")
_TURNED = re.compile(r"bidi-override|isolate-override")
_CSS_RULE = re.compile(r"\.([\w-]{1,60})\s{0,9}\{([^{}]{0,600})\}")
_MAX_CHARS = 4_000_000
_MAX_BLOCKS = 60_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where text stands: shared by all blocks of one element."""

    path: str = ""
    part: PartKind = PartKind.PAGE
    zone: ZoneName = ZoneName.TEXT
    tag: str = ""
    depth: int = 0


@dataclass(slots=True)
class Block:
    """A run of text without a block border in it."""

    text: str
    place: Place


@dataclass(slots=True)
class Blocks:
    """What a walk found: blocks in reading order, texts in attributes, texts turned back, and whether it was cut short."""

    seen: list[Block] = field(default_factory=list)
    attributes: list[tuple[str, Block]] = field(default_factory=list)
    turned: list[Block] = field(default_factory=list)
    unseen: list[Block] = field(default_factory=list)
    cut: bool = False


@dataclass(frozen=True, slots=True)
class StyleHints:
    """Class names that a style sheet in the page hides, or shows from right to left."""

    unseen: frozenset[str] = frozenset()
    turned: frozenset[str] = frozenset()


def style_hints(styles: str) -> StyleHints:
    """Return which classes these style sheets hide or turn round; nothing is looked for where nothing can be."""
    if not styles or not any(word in styles for word in ("bidi-override", "isolate-override", "font-size:0", "font-size: 0", "none")):
        return StyleHints()
    unseen, turned = set(), set()
    for match in _CSS_RULE.finditer(styles):
        rule = re.sub(r"\s+", "", match[2].lower())
        if _TURNED.search(rule) and "rtl" in rule:
            turned.add(match[1])
        elif _UNSEEN.search(rule):
            unseen.add(match[1])
    return StyleHints(frozenset(unseen), frozenset(turned))


class _Run:
    """The block that is being collected."""

    __slots__ = ("blocks", "chars", "hidden", "pieces", "place", "turned")

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.pieces: list[str] = []
        self.turned: list[int] = []
        self.hidden: list[str] = []
        self.place = Place()
        self.chars = 0

    def close(self) -> None:
        """End the block and keep it if it shows anything."""
        pieces = self.pieces
        if pieces:
            text = _SPACES.sub(" ", "".join(pieces)).strip(_BROWSER_SPACE)
            if text:
                self.blocks.seen.append(Block(text, self.place))
                self.chars += len(text)
                if self.turned:
                    self.blocks.turned.append(Block(_turn_back(pieces, set(self.turned)), self.place))
            self.pieces = []
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
    """Return the blocks of text under this node."""
    blocks = Blocks()
    if root is None:
        return blocks
    hints = hints or StyleHints()
    run = _Run(blocks)
    parent = root.parent
    ids = [parent.mem_id if parent is not None else 0]
    modes = [_NORMAL]
    places = [Place()]
    ends = [False]  # whether leaving the element ends the block
    after_anchor = -1  # number of pieces when the last anchor closed
    anchors = [False]
    for node in root.traverse(include_text=True):
        up = node.parent
        if up is not None:
            up_id = up.mem_id
            while ids[-1] != up_id and len(ids) > 1:
                ids.pop()
                modes.pop()
                places.pop()
                if ends.pop():
                    run.close()
                    after_anchor = -1
                if anchors.pop():
                    after_anchor = len(run.pieces)
        tag = node.tag
        if tag == "-text":
            mode = modes[-1]
            if mode == _SKIP:
                continue
            text = node.text_content
            if not text:
                continue
            if mode == _UNSEEN_MODE:
                run.hidden.append(text)
                continue
            if not run.pieces:
                run.place = places[-1]
            if mode == _TURNED_MODE:
                run.turned.append(len(run.pieces))
            run.pieces.append(text)
            continue
        if tag is None or tag[0] in "-!":
            continue
        if tag == "br":
            run.close()
            after_anchor = -1
            continue
        place, mode = places[-1], modes[-1]
        is_block = tag in _BLOCK
        if is_block and tag not in _INLINE_IMAGE:
            run.close()
            after_anchor = -1
            if run.chars > _MAX_CHARS or len(blocks.seen) > _MAX_BLOCKS:
                blocks.cut = True
                break
        elif after_anchor >= 0 and tag == "a":
            if not "".join(run.pieces[after_anchor:]).strip(_BROWSER_SPACE):
                run.close()
            after_anchor = -1
        attributes = node.attributes
        if is_block:
            place = _place(tag, attributes, place)
        if tag in _SKIPPED:
            mode = _SKIP
        if attributes:
            if mode == _NORMAL and ("style" in attributes or "class" in attributes or "dir" in attributes or "hidden" in attributes):
                mode = _mode(tag, attributes, hints, inline=not is_block)
            if mode != _SKIP or tag == "iframe":
                for name, value in attributes.items():
                    if value and not value.isascii() and (name in _ATTRIBUTES or name.startswith("data-")) and tag != "meta":
                        blocks.attributes.append((name, Block(value, place)))
        ids.append(node.mem_id)
        modes.append(mode)
        places.append(place)
        ends.append(is_block and tag not in _INLINE_IMAGE)
        anchors.append(tag == "a")
    run.close()
    return blocks


def _place(tag: str, attributes: dict[str, str | None], parent: Place) -> Place:
    """Return the place of a block element; its path names at most the last four telling elements."""
    if tag in ("html", "body"):
        return parent
    mark = attributes.get("id") or "" if attributes else ""
    names = attributes.get("class") or "" if attributes else ""
    part = part_of_element(tag, mark, names, parent.part)
    label = tag
    if mark:
        label = f"{tag}#{mark[:24]}"
    elif names:
        label = f"{tag}.{names.split(None, 1)[0][:24]}" if names.strip() else tag
    elif part is parent.part and tag in ("div", "tr", "tbody", "table", "ul", "center", "form"):
        return Place(parent.path, part, parent.zone, tag, parent.depth + 1)
    steps = parent.path.rsplit(">", 3)
    path = label if not parent.path else ">".join([*(steps[1:] if len(steps) == 4 else steps), label])
    return Place(path, part, ZoneName.NOSCRIPT if tag == "noscript" else parent.zone, tag, parent.depth + 1)


def _mode(tag: str, attributes: dict[str, str | None], hints: StyleHints, *, inline: bool) -> int:
    """Return how the text of an element shows: turned round, or (inline only) not at all."""
    style = (attributes.get("style") or "").lower().replace(" ", "")
    names = attributes.get("class") or ""
    classes = names.split() if (hints.turned or hints.unseen) and names else []
    rtl = (attributes.get("dir") or "").lower() == "rtl" or "direction:rtl" in style
    if (rtl and (tag == "bdo" or _TURNED.search(style))) or any(name in hints.turned for name in classes):
        return _TURNED_MODE
    if inline and tag != "a":
        if (style and _UNSEEN.search(style)) or "hidden" in attributes or any(name in hints.unseen for name in classes):
            return _UNSEEN_MODE
    return _NORMAL


def is_heading_block(block: Block) -> bool:
    """Say whether a block stands in a heading element."""
    return is_heading(block.place.tag)
