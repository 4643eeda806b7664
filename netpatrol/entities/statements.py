"""What a page says of its operator besides identifiers: that it needs no registration, its licence as a picture,
registered names in its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from netpatrol.entities.names import fold
from netpatrol.items import Fact, PageFacts, PageText, ZoneName
from netpatrol.text.roles import role_of

if TYPE_CHECKING:
    from netpatrol.entities.register import Register
    from netpatrol.text.html import Document

_NAMES_SEEN = 60

_EXEMPT = re.compile(
    r"(?:依法|属于|符合|根据|按照|依据|本人|本店|个人)[^\n。]{0,60}?"
    r"(?:(?:不需要|无需|无须|毋需|不必|免于|免予|豁免|可以不|可不)(?:办理|进行|申请|取得)?(?:市场主体|工商|营业执照|主体|个体工商户)?(?:的)?(?:登记|注册|营业执照)"
    r"|零星小额(?:的)?交易活动|销售自产农副产品|家庭手工业产品|便民劳务活动)"
)
_SENTENCE_END = re.compile(r"[。;；!！\n]|$")
_LAW_TEXT = re.compile(r"第十条[^\n]{0,20}电子商务经营者应当|但是,?个人销售自产农副产品|征求意见|解读|条例释义")


def find_statements(text: PageText) -> Iterator[Fact]:
    """Yield the declaration that a shop needs no registration, as a fact `exempt_statement`; the law quoted is none."""
    norm = text.norm
    if "登记" not in norm and "零星小额" not in norm and "营业执照" not in norm and "自产" not in norm:
        return
    for found in _EXEMPT.finditer(norm):
        around = norm[max(0, found.start() - 60) : found.end() + 60]
        if _LAW_TEXT.search(around) or not _declares(found[0], around):
            continue
        stop = _SENTENCE_END.search(norm, found.end(), found.end() + 60)
        start, end = text.raw_span(found.start(), stop.start() if stop else found.end())
        raw = text.raw[start:end]
        yield Fact(name="exempt_statement", value=raw, raw=raw, zone=ZoneName.TEXT, start=start, end=end, how="free")
        return


def _declares(said: str, around: str) -> bool:
    """Say whether somebody speaks of himself and of registration: selling home-grown goods alone declares nothing."""
    if re.search(r"登记|营业执照|注册", said):
        return True
    return bool(re.search(r"登记|营业执照|电子商务法|第十条", around))


_LICENCE_PICTURE = re.compile(r"营业执照|亮照|证照|yyzz|yingyezhizhao|zhizhao|(?:business.?)?licen[cs]e", re.IGNORECASE)
_PICTURES_SEEN = 500


def find_licence_pictures(document: Document | None) -> Iterator[Fact]:
    """Yield the first picture that seems to show the licence, as a fact `licence_picture` (its address)."""
    if document is None:
        return
    for node in document.tree.css("img")[:_PICTURES_SEEN]:
        attributes = node.attributes
        source = attributes.get("src") or attributes.get("data-src") or ""
        said = " ".join((attributes.get("alt") or "", attributes.get("title") or "", source.rpartition("/")[2]))
        if _LICENCE_PICTURE.search(said[:300]):
            yield Fact(name="licence_picture", value=source[:300], raw=said[:300], zone=ZoneName.ALT, how="link")
            return


def find_known_names(text: PageText, facts: PageFacts, register: Register) -> Iterator[Fact]:
    """Yield registered names that stand in the text and are no fact of it yet, as facts `known_name`.

    Those that the text gives to another party (技术支持：某某店) are facts `name` that say so.
    """
    named = {fold(value) for value in facts.values("name")}
    norm = text.norm
    for _, start, end in islice(register.finder.find(norm), _NAMES_SEEN):
        name = norm[start:end]
        if name not in named and not any(name in longer for longer in named):
            named.add(name)
            first, last = text.raw_span(start, end)
            raw = text.raw[first:last]
            role = role_of(norm, start, end)
            yield Fact(name="name" if role else "known_name", value=raw, raw=raw, start=first, end=last, how=role or "known")
