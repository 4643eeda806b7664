"""What surrounds a hit: sentence, clause, zone, the role of its part of the page, goods sold, approvals on show.

Everything is worked out when first asked for, because most pages have no hit that asks.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netpatrol.detect.fields import GOODS
from netpatrol.detect.goods import Signs
from netpatrol.detect.view import JOINED, View
from netpatrol.items import PageFacts, PageText, PartKind, Zone

if TYPE_CHECKING:
    from netpatrol.detect.index import Index

_SENTENCE_ENDS = np.array([ord(char) for char in "。！？!?;；\n"], dtype=np.uint32)
_CLAUSE_END = re.compile(f"[，,。！？!?;；:：、…\n{JOINED}]")
_NEEDING_NUMBER = ("medical_device",)
_OURS = re.compile("(?:我们|我家|咱们|咱家|自家|我店|本店|小店|我厂|本厂|我司)(?:家|店|厂|公司)?的?(.{1,8})")
_COARSE = {  # words that callers use for several categories: what of them the page points at, else the last
    "agri": ("pesticide", "vet_drug", "feed", "seed", "ordinary_food", "agri_input"),
    "finance": ("investment",),
    "service": ("general_service",),
    "infant": ("infant_food",),
    "food": ("catering", "infant_food", "ordinary_food"),
    "medical": ("medical_beauty", "drug", "medical_device", "medical_service"),
    "real_estate": ("realestate",),
    "veterinary_drug": ("vet_drug",),
    "fertilizer": ("agri_input",),
    "beauty": ("medical_beauty", "cosmetics"),
    "goods": ("general_goods",),
}
_WINDOW = 200  # characters on either side of a trigger in text without sentence ends
_SHORT_BLOCK = 24  # characters; menus and lists of goods are made of shorter ones
_MENU_ENTRY = 13  # characters with the line break
_SOME_TERMS, _MANY_TERMS = 2, 5  # different terms of trade that make a shop, with and without a shop's name in the title
_SHORTEST_ARTICLE = 300  # characters of a page; what says less is a shop window, with or without words of buying
_PASSING_PRESS = 1  # different words of the press that a shop's page may hold
_ZONE_WINDOW = 400  # and of a hit in a block without end


class Page:
    """One page while it is judged."""

    def __init__(self, text: PageText, facts: PageFacts, view: View, signs: Signs, goods: str) -> None:
        self.text, self.facts, self.view, self._signs = text, facts, view, signs
        self._possible: dict[tuple[int, int], frozenset[int]] = {}
        self._told = goods
        self._given_goods = self._one_category(goods)

    longest_sentence = 2 * _WINDOW

    @cached_property
    def sentence_ends(self) -> list[int]:
        """Return the offsets at which sentences end."""
        units = np.frombuffer(self.view.text.encode("utf-32-le", "replace"), dtype="<u4")
        ends: list[int] = np.flatnonzero(np.isin(units, _SENTENCE_ENDS)).tolist()
        return ends

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the sentence around an offset of the view, at most some hundred characters."""
        ends = self.sentence_ends
        place = bisect_left(ends, at)
        start = ends[place - 1] + 1 if place else 0
        end = ends[place] if place < len(ends) else len(self.view.text)
        if end - start <= self.longest_sentence:
            return start, end
        base = start + (at - start) // _WINDOW * _WINDOW  # few windows however many hits, each with some text around
        return max(start, base - _WINDOW), min(end, base + 2 * _WINDOW)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch between commas around a span of the view."""
        low, high = self.sentence(start)
        text = self.view.text
        left = [match.end() for match in _CLAUSE_END.finditer(text, low, start)]
        right = _CLAUSE_END.search(text, end, max(high, end))
        return (left[-1] if left else low), (right.start() if right else max(high, end))

    def reach(self, within: str, start: int, end: int) -> tuple[int, int]:
        """Return the stretch that `within` names around a span: clause, sentence, zone or page."""
        if within == "clause":
            return self.clause(start, end)
        if within == "sentence":
            return self.sentence(start)
        if within == "zone":
            return self._zone_span(start)
        return 0, len(self.view.text)

    @cached_property
    def zone_starts(self) -> list[int]:
        """Return where zones start, in raw offsets."""
        return [zone.start for zone in self.text.zones]

    def zone(self, raw_start: int) -> Zone | None:
        """Return the zone of a raw offset."""
        place = bisect_right(self.zone_starts, raw_start) - 1
        return self.text.zones[place] if place >= 0 else None

    def _zone_span(self, at: int) -> tuple[int, int]:
        """Return the view offsets of the zone around one, at most some hundred characters on either side."""
        starts = self._zone_view_starts
        place = bisect_right(starts, at)
        low = starts[place - 1] if place else 0
        high = starts[place] if place < len(starts) else len(self.view.text)
        return max(low, at - _ZONE_WINDOW), min(high, at + _ZONE_WINDOW)

    @cached_property
    def _zone_view_starts(self) -> list[int]:
        """Return where zones start, in offsets of the view."""
        origin = self.text.origin
        norm = self.zone_starts if origin is None else [bisect_left(origin, start) for start in self.zone_starts]
        return [self.view.view_offset(start) for start in norm]

    def possible(self, index: Index, at: int) -> frozenset[int]:
        """Return which exemption conditions can hold around an offset; asked once for a block."""
        low, high = self._zone_span(at)
        low, high = min(low, self.sentence(at)[0]), max(high, self.sentence(at)[1])
        key = (low, high)
        if key not in self._possible:
            self._possible[key] = index.possible(self.view.text[low:high])
        return self._possible[key]

    def part(self, zone: Zone | None) -> PartKind:
        """Return what kind of text the zone is: its own kind, else the page's."""
        if zone is not None and zone.part is not PartKind.PAGE:
            return zone.part
        return self.text.kind

    def part_at(self, at: int) -> PartKind:
        """Return what kind of text stands at an offset of the view."""
        return self.part(self.zone(self.text.raw_span(*self.view.norm_span(at, at + 1))[0]))

    @cached_property
    def goods(self) -> str:
        """Return the product category: given, else derived from words of the page, else unknown."""
        if self._given_goods:
            return self._given_goods
        goods = self._signs.goods(self.own_text, self.text.title)
        if self.is_whole and goods in _NEEDING_NUMBER and goods not in self.approvals:
            return "unknown"  # a guess frees no claim: without a number 血压计 is goods like any other
        return goods

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Return what may be sold: the category, and the others that a coarse word covers."""
        return (self.goods, *_COARSE.get(self._told, ()))

    def _one_category(self, given: str) -> str:
        """Return the category that was told, "" for none and for words that nobody knows: then the text has to tell.

        Coarse words are narrowed by what the text names.
        """
        if given not in _COARSE:
            return given if given in GOODS and given != "unknown" else ""
        among = _COARSE[given]
        seen = self._signs.goods(self.own_text, self.text.title) if len(among) > 1 else ""
        return seen if seen in among else among[-1]

    @cached_property
    def is_whole(self) -> bool:
        """Say whether this is a page of several blocks rather than a text by itself."""
        return len(self.text.zones) > 1

    @cached_property
    def own_text(self) -> str:
        """Return what the page says of its own goods: without menus, lists of other goods and the footer."""
        if not self.is_whole:
            return self.view.text
        starts = [*self._zone_view_starts, len(self.view.text)]
        own = [
            self.view.text[a:b]
            for zone, a, b in zip(self.text.zones, starts, starts[1:], strict=False)
            if zone.part is PartKind.PRODUCT_TITLE or (b - a > _SHORT_BLOCK and zone.part is not PartKind.FOOTER)
        ]
        return "".join(own) or self.view.text

    @property
    def goods_given(self) -> bool:
        """Say whether the category was told rather than guessed."""
        return bool(self._given_goods)

    def in_list(self, at: int) -> bool:
        """Say whether the blocks before and after the one around an offset are as short as those of menus."""
        starts = self._zone_view_starts
        place = bisect_right(starts, at) - 1
        if not 0 < place < len(starts) - 2:
            return False
        return starts[place] - starts[place - 1] <= _MENU_ENTRY and starts[place + 2] - starts[place + 1] <= _MENU_ENTRY

    def block(self, at: int) -> tuple[int, int]:
        """Return the view offsets of the block around one, cut in blocks without end."""
        return self._zone_span(at)

    @cached_property
    def is_traders(self) -> bool:
        """Say whether a whole page speaks as a shop does (发货, 客服); a code or telephone stands on any page."""
        if not self.is_whole or self.is_press:
            return False
        return self._signs.has("trader", self.view.text)

    @cached_property
    def is_press(self) -> bool:
        """Say whether a page is a newspaper's: it names reporters or editors, and does not run a shop itself.

        A shop that writes 记者发现 once is still a shop: its title says so, or it speaks of orders all over.
        """
        text = self.view.text
        if not self._signs.has("press", text):
            return False
        terms = self._signs.count("shop_terms", text)
        needed = _SOME_TERMS if self._signs.has("shop_name", self.text.title) else _MANY_TERMS
        return terms < needed or self._signs.count("press", text) > _PASSING_PRESS

    @cached_property
    def approvals(self) -> frozenset[str]:
        """Return which kinds of approval numbers stand on the page."""
        return self._signs.approvals(self.view.text)

    @cached_property
    def sells(self) -> bool:
        """Say whether the page promotes: buying words, or what markup showed."""
        return any(self.text.promo.values()) or self._signs.has("promo", self.view.text)

    @cached_property
    def news_sells(self) -> bool:
        """Say whether a news page offers goods itself; newspaper prose also knows prices, orders and discounts."""
        if self._has_offer:
            return True
        return self._signs.has("news_promo", self.view.text) and not self.is_press

    @property
    def _has_offer(self) -> bool:
        """Say whether markup or text shows goods to order (contact, telephone and codes stand on every page)."""
        return self.text.promo.get("buy", False) or self.text.promo.get("product", False)

    @cached_property
    def informs(self) -> bool:
        """Say whether a whole page is somebody's article rather than a trader's page: a blog, a portal, a newspaper."""
        if self.text.kind is not PartKind.PAGE or len(self.text.zones) < 2 or self.news_sells:
            return False
        if self.is_press:
            return True
        if len(self.view.text) < _SHORTEST_ARTICLE:
            return False
        shown = self.facts.of("uscc", "reg_no", "licence_link", "permit", "name", "emark")
        return not self.sells and not self.is_traders and not shown

    def praises_own_goods(self, at: int) -> bool:
        """Say whether the block around an offset speaks as a seller of its goods (本店新品, 我们的蜂蜜)."""
        low, high = self._zone_span(at)
        if self.has("own_voice", low, high):
            return True
        ours = _OURS.finditer(self.view.text, low, high)
        return any(self._signs.goods(match.group(1)) != "unknown" for match in ours)

    @cached_property
    def chosen_reviews(self) -> bool:
        """Say whether the reviews on the page are chosen by the trader."""
        return self._signs.has("chosen_review", self.view.text)

    def has(self, cue: str, start: int, end: int) -> bool:
        """Say whether a cue word stands in a stretch of the view."""
        return self.says(cue, self.view.text[start:end])

    def says(self, cue: str, text: str) -> bool:
        """Say whether a cue word stands in a text."""
        return self._signs.has(cue, text)
