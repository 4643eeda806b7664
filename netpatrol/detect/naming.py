"""Is a stretch of a page merely the name of goods (磁疗枕, 降压茶 in a menu), not a sentence that says something of them?

The words are lexicons of the shared pack: `品名词尾` end names of goods, `宣称词` are what no mere name holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netpatrol.detect.types.slot import Lexicons, alternation, expand
from netpatrol.detect.view import JOINED
from netpatrol.items import PartKind

if TYPE_CHECKING:
    from netpatrol.detect.context import Page

ENDS, CLAIMS = "品名词尾", "宣称词"
_LONGEST = 26  # characters of a name with brand, size and price
_OWN = (PartKind.PRODUCT_TITLE, PartKind.META, PartKind.BANNER)
_PARTING = re.compile(rf"[,，。!！?？;；:：、|_/>》\n\t{JOINED}]| [-—·] |——")
_CATEGORY = re.compile(r"[\u3400-\u9fff]{2,6}")  # 皮肤止痒 between other short entries: a heading of a menu
_EXTRAS = (
    r"(?:[ ¥￥$()（）【】\[\]·*+x×#.-]|\d+(?:\.\d+)?|[a-z]{1,3}(?![a-z])|[元起折]|[一二三四五六七八九十两]"
    r"|[a-z]?款|型|号|图片|图|实拍|礼盒|盒装|套装|散装|罐装|袋装|瓶装|装|组合|系列|专区|大全|价格|批发|定制|厂家"
    r"|千克|公斤|克|斤|毫升|升|盒|瓶|片|粒|贴|只|个|件|套|台|包|袋|kg|ml|oz)*"
)


class Naming:
    """The shape of names, compiled from the lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        ends = alternation(tuple(dict.fromkeys(expand(f"@{ENDS}", lexicons)))) if ENDS in lexicons else "(?!)"
        claims = alternation(tuple(dict.fromkeys(expand(f"@{CLAIMS}", lexicons)))) if CLAIMS in lexicons else "(?!)"
        self._ends = re.compile(rf"(?:{ends}){_EXTRAS}$")
        self._next = re.compile(rf".{{0,3}}?(?:{ends})")
        self._claims = re.compile(claims)

    def holds(self, page: Page, start: int, end: int, kind: str) -> bool:
        """Say whether a hit lies in a block that is a name (`block`), or is a part of a name (`part`)."""
        if not page.is_whole:
            return False
        text = page.view.text
        low, high = page.block(start)
        if kind == "block":
            stretch = text[low:high].strip()
            if page.part_at(start) in _OWN:
                return False
            return self.is_name(stretch) or (_CATEGORY.fullmatch(stretch) is not None and page.in_list(start))
        low = max((match.end() for match in _PARTING.finditer(text, low, start)), default=low)
        after = _PARTING.search(text, end, high)
        high = after.start() if after else high
        around = text[low:start] + " " + text[end:high]
        return bool(self._next.match(text, end, high)) and not self._claims.search(around)

    def is_name(self, stretch: str) -> bool:
        """Say whether a stretch is one name: short, one piece, ends in goods, claims nothing."""
        if not 2 <= len(stretch) <= _LONGEST or _PARTING.search(stretch):
            return False
        return bool(self._ends.search(stretch)) and not self._claims.search(stretch)
