"""Names of firms: parts, forms that print differently and mean the same, former names, and keys to find them by.

Three keys, each looser than the one before: `fold` (width, script, brackets, spaces), `NameParts.loose` (how places and
legal form are written), `NameParts.core` (places and form left out: never enough by itself).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from netpatrol.entities.places import chain
from netpatrol.text.normalise import normalise

_NOISE = re.compile(r"[\s　【】\[\]《》〈〉「」『』<>“”‘’\"'`·•・.,，。:：;；、_\-—–－~～*★☆®™©|/\\!！?？…]+")
_BRACKETS = str.maketrans("〔〕﹙﹚{}", "()()()")
_FORMS: tuple[tuple[str, str], ...] = (
    ("股份有限责任公司", "stock"),
    ("股份有限公司", "stock"),
    ("有限责任公司", "co"),
    ("有限公司", "co"),
    ("股份公司", "stock"),
    ("公司", "co"),
    ("colimited", "co"),
    ("limited", "co"),
    ("coltd", "co"),
    ("ltd", "co"),
    ("inc", "co"),
    ("llc", "co"),
    ("农民专业合作社联合社", "union"),
    ("专业合作社联合社", "union"),
    ("农民专业合作社", "coop"),
    ("专业合作社", "coop"),
    ("合作社", "coop"),
    # Added behind names since 2022; older licences, doors and pages go without it.
    ("(个体工商户)", ""),
    ("(个人独资)", ""),
    ("(普通合伙)", ""),
)
_FORMER = re.compile(r"[(](?:原名称?|原|曾用名|前身为?|旧称|更名前|formerly)[:：为是]?([^()]{2,60})[)]")
_OTHERWISE = re.compile(r"^(.{4,60}?)(?:原名|曾用名|前身为|formerlyknownas|formerly)[:：为是]?(.{4,60})$")
_BRANCHES = tuple(
    re.compile(
        rf"^(.{{4,60}}{often}(?:公司|合作社|集团|银行|医院|大学|中心|厂))"
        r"\(?([^()]{1,16}(?:分公司|分店|分行|支行|营业部|门市部|经营部|店|厂))\)?$"
    )
    for often in ("?", "")
)
_INNER = re.compile(r"[(]([^()]{1,20})[)]")
_GENERIC = re.compile(
    r"(?:商贸|贸易|科技|电子商务|电子|商务|网络|信息|技术|实业|工贸|物资|食品|农业|发展|建筑|工程|医药|药业|文化|传媒|广告|服务|管理|"
    r"咨询|投资|控股|集团|国际|百货|超市|酒店|餐饮|服饰|旅游|物流|运输|开发|有限|责任|公司|专业|合作|大药房|药房|商店|商行|经营部|店|厂|"
    r"第[一二三四五六七八九十]|[一二三四五六七八九十])*"
)
MIN_CORE = 2
"""A core shorter than this never finds anything: after dropping region and form almost anything fits."""


def fold(name: str) -> str:
    """Return a name in one width, script and bracket form, without spaces and marks."""
    text = _NOISE.sub("", normalise(name).text.translate(_BRACKETS))
    return text if text.count("(") == text.count(")") else text.replace("(", "").replace(")", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NameParts:
    """A folded name taken apart. `place` is the division code that it begins with, as printed in `written`."""

    folded: str
    place: str
    written: str
    rest: str
    form: str
    form_class: str

    @property
    def loose(self) -> str:
        """The key in which only the writing of places and legal form is unified; "" where too little is left."""
        return f"{self.place}|{self.rest}|{self.form_class}" if tells(self.core) else ""

    @property
    def core(self) -> str:
        """The name without places and legal form; "" where too little is left to look for."""
        core = _without_places(self.rest)
        return core if len(core) >= MIN_CORE else ""


def tells(core: str) -> bool:
    """Say whether a core names somebody: long enough, and more than words of trades."""
    return len(core) >= MIN_CORE and not _GENERIC.fullmatch(core)


@lru_cache(maxsize=4096)
def parse(folded: str) -> NameParts:
    """Take a folded name apart: place, rest, legal form."""
    text, form, form_class = _form_off(folded)
    head = chain(text)
    place, written, rest = head.code, text[: head.end], text[head.end :]
    if len(rest) < MIN_CORE:
        place, written, rest = "", "", text
    inner = _INNER.search(rest)
    if inner:
        there = chain(inner[1])
        if there.code and there.end == len(inner[1]):
            if place and not head.surely and place[:4] != there.code[:4] and not there.code.startswith(place):
                place, written, rest = "", "", text  # 广元电子（武汉）: the brackets are the place, 广元 is a name
                inner = _INNER.search(rest) or inner
            rest = f"{rest[: inner.start()]}({there.code}){rest[inner.end() :]}"
            if place and there.code.startswith(place):
                place, written = "", written + inner[1]  # 湖北省某某（宜昌）: the brackets say it better
            else:
                written += inner[1]
    return NameParts(folded=folded, place=place, written=written, rest=rest, form=form, form_class=form_class)


def _form_off(text: str) -> tuple[str, str, str]:
    for form, kind in _FORMS:
        if text.endswith(form) and len(text) > len(form):
            return text[: -len(form)], form, kind
    return text, "", ""


def _without_places(rest: str) -> str:
    return re.sub(r"\(\d{2,9}\)", "", rest) if "(" in rest else rest


def variations(shown: NameParts, registered: NameParts) -> tuple[str, ...]:
    """Return in what two names of one loose key differ: place, form; () for the same name."""
    found = []
    if shown.written != registered.written:
        found.append("place")
    if shown.form != registered.form:
        found.append("form")
    return tuple(found)


def spellings(name: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, folded name) of all names that a printed one holds: name, former, parent (of a branch)."""
    text = fold(name)
    for former in _FORMER.findall(text):
        yield "former", former
    text = _FORMER.sub("", text)
    otherwise = _OTHERWISE.match(text)
    if otherwise:
        text = otherwise[1].rstrip("(")
        yield "former", otherwise[2].rstrip(")")
    yield "name", text
    parents = {found[1] for pattern in _BRANCHES if (found := pattern.match(text))}
    for parent in sorted(parents, key=len, reverse=True):
        yield "parent", parent


def alike(shown: str, registered: str) -> bool:
    """Say whether a printed name may well mean the registered one: part of it, its branch, its brand, a typing error.

    Generous with names of shops, strict with full names of firms: it decides whether a code on show is another's.
    """
    a, b = fold(shown), fold(registered)
    if not a or not b or a in b or b in a:
        return True
    first, second = parse(a), parse(b)
    one, two = first.core or a, second.core or b
    if first.place and second.place and not _within(first.place, second.place):
        return False
    if one in two or two in one:
        return True
    from rapidfuzz.fuzz import ratio

    if _is_full(first) and _is_full(second):
        return ratio(one, two) > 100 * (1 - 1.5 / max(len(one), 2))  # one character wrong, or one too many
    return one[:2] == two[:2] or ratio(one, two) >= 75


def _within(one: str, two: str) -> bool:
    return one.startswith(two) or two.startswith(one)


_FULL = re.compile(r"(?:厂|店|行|部|馆|院|坊|社|所|站|中心|超市|药房|酒店|工作室)$")


def _is_full(parts: NameParts) -> bool:
    """Say whether a name is a firm's full one: a place, something of its own, a form."""
    return (
        bool(parts.place or "(" in parts.rest) and bool(parts.form or _FULL.search(parts.rest)) and len(parts.core) >= 3
    )
