"""Owns the step from a page to words: zones with exact offsets, normalised text, state and context.

`raw` is all zones in order, each followed by a newline; every offset that anything reports is an offset of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from netpatrol.items import Encoding, Gate, PageFacts, PageState, PageText, PartKind, Zone, ZoneName
from netpatrol.text.blocks import Block, Blocks, collect, style_hints
from netpatrol.text.codes import is_uscc
from netpatrol.text.embedded import DataText, has_han, is_code_key, texts_of, texts_of_broken, texts_of_script
from netpatrol.text.gates import gate_of
from netpatrol.text.normalise import normalise
from netpatrol.text.parts import is_heading, looks_like_footer, part_of_heading, part_of_key, part_of_page
from netpatrol.text.pictures import pictures_of
from netpatrol.text.promo import promo_of, sells
from netpatrol.text.sniff import Body
from netpatrol.text.state import is_complaint, state_of, unseen_lines

if TYPE_CHECKING:
    from netpatrol.text.html import Document

_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]{0,3000}>")
_META_NAMES = frozenset(
    {"description", "keywords", "abstract", "subject", "news_keywords", "name", "headline", "sharetitle"}
)
_META_SUFFIXES = (":description", ":title", ":keywords", ":site_name", ":image:alt", "share:desc")
_CODE_ATTRIBUTE = re.compile(r"""=["']?(9[123][1-8]\d{5}[0-9A-HJ-NP-RTUW-Y]{10})(?=["'\s/>])""")
_ATTRIBUTE_NAME = re.compile(r"(?<![\w-])(?:value|data-[\w-]{1,40})$", re.IGNORECASE)
_MOST_CODES = 50
_MAX_DATA_CHARS = 1_000_000
_LITTLE = 1_500  # characters: a page that says more is no notice, whatever it hides
_SEPARATOR = "\n"
_ZONES = {"alt": ZoneName.ALT, "srcdoc": ZoneName.TEXT}


class _Zones:
    """Collects zones and keeps track of offsets; a text never contains the separator twice."""

    def __init__(self, kind: PartKind) -> None:
        self.kind = kind
        self.parts: list[str] = []
        self.zones: list[Zone] = []
        self.at = 0
        self.data_han = 0

    def add(self, text: str, name: ZoneName, path: str, part: PartKind) -> None:
        """Append a zone; a given page kind overrides what was derived."""
        if self.kind is not PartKind.PAGE:
            part = self.kind
        end = self.at + len(text)
        if name is ZoneName.STATE and not text.isascii() and not is_complaint(text):
            self.data_han += end - self.at
        self.zones.append(Zone(name=name, start=self.at, end=end, path=path, part=part))
        self.parts.append(text)
        self.at = end + 1

    @property
    def raw(self) -> str:
        """The text of all zones, separated by newlines."""
        return _SEPARATOR.join(self.parts)


def read_document(document: Document, *, kind: PartKind = PartKind.PAGE) -> PageText:
    """Return the words of a page, read once however often it is asked. `kind` other than PAGE is given to every zone."""
    if document.words is None or document.words.kind is not kind:
        document.words = _read(document, kind)
    return document.words


def _read(document: Document, kind: PartKind) -> PageText:
    zones = _Zones(kind)
    blocks, promo = Blocks(), None
    if document.body is Body.JSON:
        texts = texts_of_broken(document.markup) if document.json is None else texts_of(document.json)
        _add_data(zones, texts, ZoneName.STATE, "json")
    elif document.body is Body.HTML:
        blocks, promo = _read_html(document, zones)
    elif document.body is Body.SCRIPT:
        _add_data(zones, texts_of_script("", document.markup), ZoneName.STATE, "script")
    raw = zones.raw
    visible = sum(len(block.text) for block in blocks.seen)
    form = normalise(raw)
    return PageText(
        raw=raw,
        zones=tuple(zones.zones),
        norm=form.text,
        origin=form.origin,
        encoding=document.encoding,
        title=document.title,
        state=PageState.TOO_LARGE if blocks.cut else state_of(document, blocks, visible, raw, zones.data_han),
        kind=kind,
        promo=promo if promo is not None and not zones.data_han else promo_of(document, raw),
        gate=gate_of(document) if document.body is Body.HTML else Gate.NONE,
        pictures=pictures_of(document) if document.body is Body.HTML else (),
        unseen=_unseen(document) if document.body is Body.HTML and visible <= _LITTLE else (),
    )


def read_text(raw: str, *, kind: PartKind = PartKind.PAGE) -> PageText:
    """Return a snippet as a page of one zone; `raw` is exactly the given string."""
    form = normalise(raw)
    return PageText(
        raw=raw,
        zones=(Zone(name=ZoneName.TEXT, start=0, end=len(raw), part=kind),),
        norm=form.text,
        origin=form.origin,
        encoding=Encoding(used="utf-8"),
        state=PageState.CHECKED if raw.strip() else PageState.EMPTY,
        kind=kind,
        promo=promo_of(None, raw),
    )


def read_facts(text: PageText, document: Document | None = None, url: str = "") -> PageFacts:
    """Return the identifiers of a page: from its text and, where there is a document, from its links."""
    from netpatrol.text.facts import find_facts

    return find_facts(text, document, url)


def _unseen(document: Document) -> tuple[str, ...]:
    return tuple(sorted({normalise(line).text for line in document.once(unseen_lines)}))


def _read_html(document: Document, zones: _Zones) -> tuple[Blocks, Mapping[str, bool]]:
    """Add all zones of an HTML page; return its blocks and the signs of an offer in them."""
    hints = style_hints("\n".join(node.text() for node in document.tree.css("style")))
    blocks = collect(document.tree.root, hints)
    headings = [block.text for block in blocks.seen if block.place.tag == "h1"]
    promo = promo_of(document, "\n".join(block.text for block in blocks.seen))
    main = part_of_page(document.title, headings[0] if headings else "", document.url, sells=sells(promo))
    _add_head(document, zones)
    _add_body(zones, blocks, main, offers=promo["price"] or promo["buy"] or promo["product"])
    _add_attributes(zones, blocks)
    _add_codes(document, zones)
    for kind, script in document.scripts:
        name = ZoneName.JSONLD if "ld+json" in kind else ZoneName.STATE
        _add_data(zones, texts_of_script(kind, script), name, "script")
    return blocks, promo


def _add_head(document: Document, zones: _Zones) -> None:
    if document.title:
        zones.add(document.title, ZoneName.TITLE, "head>title", PartKind.META)
    said = set()
    for name, content in document.metas:
        if name in _META_NAMES or name.endswith(_META_SUFFIXES):
            text = " ".join(content.split("\n")).strip()
            if text and (name.startswith("og:"), text) not in said and has_han(text):
                said.add((name.startswith("og:"), text))
                zones.add(text, ZoneName.META, f"meta[{name[:30]}]", PartKind.META)


def _add_body(zones: _Zones, blocks: Blocks, main: PartKind, *, offers: bool) -> None:
    """Add the blocks that are seen, and after them what is hidden inside a line or turned round.

    What a heading opens ends with the element that holds the heading and what comes next, or at the next heading.
    """
    footer_from = _footer_start(blocks.seen)
    section: PartKind | None = None
    around = None  # how many elements lie around heading and section; known at the first block after the heading
    for index, block in enumerate(blocks.seen):
        place = block.place
        part = place.part
        if is_heading(place.tag):
            section, around = part_of_heading(block.text), None
        elif around is None:
            around = block.rose
        elif block.rose < around:
            section = None
        if index >= footer_from:
            part = PartKind.FOOTER
        elif part is PartKind.PAGE:
            part = section or main
        elif part is PartKind.DETAIL and section is not None:
            part = section
        elif part is PartKind.PRODUCT_TITLE and (not offers or main not in (PartKind.PAGE, PartKind.DETAIL)):
            part = main  # a heading of something that is for sale, or none
        zones.add(block.text, place.zone, place.path, part)
    for block in blocks.unseen + blocks.turned:
        zones.add(block.text, block.place.zone, block.place.path, block.place.part)


def _footer_start(blocks: list[Block]) -> int:
    """Return from which block on the page's legal notice runs; the number of blocks if there is none.

    Looked for in the last fifth: from the first block that speaks of copyright, filing or licence.
    """
    count = len(blocks)
    start = max(count - max(12, count // 5), count // 2)
    return next((index for index in range(start, count) if looks_like_footer(blocks[index].text)), count)


def _add_attributes(zones: _Zones, blocks: Blocks) -> None:
    """Add texts of attributes, but those that repeat a block that is seen anyway. A reader sees the page that a frame holds itself."""
    shown = {block.text for block in blocks.seen}
    for name, block in blocks.attributes:
        value = block.text.strip()
        key = value if name != "alt" else "\0" + value
        if key in shown or not has_han(value):
            continue
        shown.add(key)
        zone = _ZONES.get(name, ZoneName.ATTR)
        path = f"{block.place.path}[{name[:30]}]"
        if (name.startswith("data-") or name == "srcdoc") and ("<" in value or value[:1] in "{["):
            from netpatrol.text.embedded import texts_of_attribute

            _add_data(zones, texts_of_attribute(value), zone, path, block.place.part)
        else:
            zones.add(_one_line(value), zone, path, block.place.part)


def _add_codes(document: Document, zones: _Zones) -> None:
    """Add the codes of firms that attributes hold without Chinese: a field's value, or data that says so (data-uscc).

    Looked for in the markup (0.04 ms on a page of 80 kB): hardly any page has one, and all have thousands of attributes.
    """
    markup = document.markup
    said: set[str] = set()
    for match in _CODE_ATTRIBUTE.finditer(markup):
        named = _ATTRIBUTE_NAME.search(markup, max(0, match.start() - 50), match.start())
        name, code = named[0].lower() if named else "", match[1]
        if code in said or not (name == "value" or is_code_key(name)) or not is_uscc(code):
            continue
        said.add(code)
        node = document.tree.css_first(f'[{name}="{code}"]')
        if node is not None:
            zones.add(code, ZoneName.ATTR, f"{node.tag}[{name[:30]}]", PartKind.PAGE)
        if len(said) >= _MOST_CODES:
            return


def _add_data(
    zones: _Zones, texts: Iterable[DataText], name: ZoneName, path: str, part: PartKind = PartKind.PAGE
) -> None:
    """Add strings of embedded data; HTML in them is reduced to its text."""
    left = _MAX_DATA_CHARS
    said: set[str] = set()
    for data in texts:
        if data.text in said:
            continue
        said.add(data.text)
        left -= len(data.text)
        if left < 0:
            break
        where = f"{path}>{data.path}" if data.path else path
        kind = part_of_key(data.path) or part
        for text in _reduced(data.text):
            zones.add(text, name, where, kind)


def _reduced(text: str) -> list[str]:
    """Return the lines of a string: the text blocks of an HTML fragment, or the string itself."""
    if text.isascii():
        return [text]  # a code or a telephone number
    if "<" in text and _MARKUP.search(text):
        from netpatrol.text.html import parse_fragment

        blocks = collect(parse_fragment(text).root)
        lines = [block.text for block in blocks.seen]
        lines += [_one_line(block.text) for _, block in blocks.attributes]
        return [line for line in lines if has_han(line)]
    if "&" in text:
        from html import unescape

        text = unescape(text)
        if "<" in text and _MARKUP.search(text):
            return _reduced(text.replace("&", "&amp;"))
    return [line for line in (_one_line(line) for line in text.split("\n")) if has_han(line)]


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ").replace("\0", "").strip()


def with_state(text: PageText, state: PageState) -> PageText:
    """Return the same text in another state, which the caller knows by comparing pages of the site."""
    return replace(text, state=state, compared=True)


__all__ = ["read_document", "read_facts", "read_text", "with_state"]
