"""What the pages of one shop show of its operator, gathered over all pages, and what lists say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from netpatrol.entities.rows import bare_domain
from netpatrol.items import Fact, PageFacts, PartKind
from netpatrol.text.codes import compact_code, is_citizen_id, is_uscc

PAGES_COUNTED = 400
"""Facts of more pages than this add nothing: a shop shows its licence on every page or on one of the first."""

_HOW = {"label": 3, "copyright": 2, "link": 2, "free": 1, "shop": 1, "maker": 1, "known": 0, "other": 0}
"""What the shop itself says under a label of its own outranks a copyright line, which often is a platform's."""
_KINDS = {"maker": "maker_name", "other": "other_name", "shop": "shop_name"}
"""Names that are not, or not surely, the operator's are counted apart."""
OWN_SHARE = 0.25
"""What stands on so many of the pages read is the shop's own; on fewer it may be a mention."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """A page as far as matching needs it. `read` is false where a browser would have to draw it first."""

    url: str
    facts: PageFacts
    kind: PartKind = PartKind.PAGE
    home: bool = False
    read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A value that a shop shows: on how many pages, whether on its home page, how it was announced (3 best)."""

    value: str
    raw: str = ""
    pages: int = 1
    home: bool = False
    how: int = 1

    def share(self, pages: int) -> float:
        """Return on what share of the pages it stands."""
        return self.pages / max(1, pages)

    def is_own(self, pages: int) -> bool:
        """Say whether it is shown as the shop's own: on its home page, or on a good share of all pages."""
        return self.home or self.share(pages) >= OWN_SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One line of a telecom's or courier's list that belongs to this shop.

    `shared`: other shops bear the name by which the line was found, so it may be about one of those.
    """

    source: str = ""
    name: str = ""
    shop_name: str = ""
    person: str = ""
    phone: str = ""
    address: str = ""
    icp: str = ""
    district: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopEvidence:
    """All values that a shop's pages show, by kind, most telling first; whether it was read; what lists say of it.

    `pages` is how many pages were read, `home_read` whether the home page is among them.
    """

    shown: Mapping[str, tuple[Shown, ...]] = field(default_factory=dict)
    pages: int = 0
    readable: bool = True
    own_host: bool = True
    home_read: bool = False
    clues: tuple[Clue, ...] = ()

    def of(self, kind: str) -> tuple[Shown, ...]:
        """Return what is shown of a kind."""
        return self.shown.get(kind, ())

    def values(self, kind: str) -> tuple[str, ...]:
        """Return the values shown of a kind."""
        return tuple(shown.value for shown in self.of(kind))

    def own(self, kind: str) -> tuple[Shown, ...]:
        """Return what is shown as the shop's own: on its home page, or on a good share of all pages."""
        found = self.of(kind)
        own = tuple(shown for shown in found if shown.is_own(self.pages))
        return own or found[:1]


def gather(
    pages: Iterable[tuple[str, PageFacts] | PageSeen],
    *,
    readable: bool,
    own_host: bool = True,
    clues: Sequence[Fact | Clue] = (),
) -> ShopEvidence:
    """Gather the facts of the pages of one shop.

    `own_host` is false for storefronts, whose host says nothing of them. `clues` are lines of lists; single facts
    are taken as one line.
    """
    tally: dict[str, dict[str, _Tally]] = {}
    hosts: Counter[str] = Counter()
    read, home_read = 0, False
    for read, given in enumerate(pages, 1):
        if read > PAGES_COUNTED:
            break
        page = given if isinstance(given, PageSeen) else PageSeen(url=given[0], facts=given[1], home=_is_root(given[0]))
        home_read |= page.home and page.read
        if own_host and page.url:
            hosts[bare_domain(urlsplit(page.url).hostname or "")] += 1
        for fact in page.facts.facts:
            kind, value = _keyed(fact)
            if value:
                tally.setdefault(kind, {}).setdefault(value, _Tally()).see(fact, read, page.home)
    if not own_host:
        _set_platform_apart(tally)
    shown = {kind: _ranked(values) for kind, values in tally.items()}
    shown["domain"] = tuple(Shown(value=host, pages=count) for host, count in hosts.most_common() if host)
    return ShopEvidence(
        shown=shown,
        pages=min(read, PAGES_COUNTED),
        readable=readable,
        own_host=own_host,
        home_read=home_read,
        clues=_clues(clues),
    )


def _set_platform_apart(tally: dict[str, dict[str, _Tally]]) -> None:
    """Count the copyright line and filing of a platform as another's, where the shop on it names itself otherwise."""
    names = tally.get("name", {})
    if not tally.get("shop_name") and not any(seen.how >= _HOW["label"] for seen in names.values()):
        return
    platforms = [value for value, seen in names.items() if seen.how == _HOW["copyright"]]
    for value in platforms:
        tally.setdefault("other_name", {})[value] = names.pop(value)
    if platforms:
        tally.pop("icp", None)


class _Tally:
    __slots__ = ("home", "how", "last", "pages", "raw")

    def __init__(self) -> None:
        self.pages, self.last, self.how, self.home, self.raw = 0, 0, 0, False, ""

    def see(self, fact: Fact, page: int, home: bool) -> None:
        if page != self.last:
            self.pages, self.last = self.pages + 1, page
        self.how = max(self.how, _HOW.get(fact.how, 1))
        self.home |= home
        self.raw = self.raw or fact.raw


def _ranked(values: Mapping[str, _Tally]) -> tuple[Shown, ...]:
    found = [Shown(value=v, raw=t.raw, pages=t.pages, home=t.home, how=t.how) for v, t in values.items()]
    return tuple(sorted(found, key=lambda shown: (-shown.pages, -shown.how)))


def _is_root(url: str) -> bool:
    if not url:
        return False
    try:
        return urlsplit(url).path in ("", "/") and not urlsplit(url).query
    except ValueError:
        return False


def _keyed(fact: Fact) -> tuple[str, str]:
    """Return the kind and value under which a fact is counted; codes that fail their check digit apart."""
    value = fact.value
    if fact.name == "name":
        return _KINDS.get(fact.how, "name"), value
    if fact.how == "other":
        return "", ""  # the code or telephone of another party
    if fact.name == "uscc":
        if is_citizen_id(value):
            return "uscc", ""  # a person's number is nobody's code, and never kept
        return ("uscc!" if fact.valid is False else "uscc"), value
    if fact.name == "icp":
        return "icp", bare_icp(value)
    if fact.name == "phone":
        return "phone", "".join(c for c in value if c.isdigit())
    if fact.name == "licence_link":
        return "licence_link", value if len(value) == 18 and value.isalnum() else ""
    return ("" if fact.name == "domain" else fact.name), value


def bare_icp(filing: str) -> str:
    """Return an ICP filing without the number of the single site (…号-1)."""
    head, dash, number = "".join(filing.split()).rpartition("-")
    return head if dash and number.isdigit() else "".join(filing.split())


def _clues(given: Sequence[Fact | Clue]) -> tuple[Clue, ...]:
    clues = [clue for clue in given if isinstance(clue, Clue)]
    facts = {fact.name: fact.value for fact in given if isinstance(fact, Fact)}
    if facts:
        clues.append(clue_of(facts))
    return tuple(clue for clue in clues if clue.name or clue.phone or clue.address or clue.icp)


def clue_of(values: Mapping[str, str]) -> Clue:
    """Return a line of a list (see store/sources.py for its columns) as a clue."""
    return Clue(
        source=values.get("source", ""),
        name=values.get("operator", "") or values.get("name", ""),
        shop_name=values.get("shop_name", ""),
        person=values.get("sender", ""),
        phone="".join(char for char in values.get("phone", "") if char.isdigit()),
        address=values.get("address", ""),
        icp=bare_icp(values.get("icp", "")),
        district=values.get("district", ""),
    )


def evidence_of_fields(fields: Mapping[str, str]) -> ShopEvidence:
    """Return the evidence of single fields (see `commands.match.FIELDS`), cleaned as a page's are."""
    code = compact_code(fields.get("uscc", ""))
    if is_citizen_id(code):
        code = ""
    values = {
        "uscc": code if is_uscc(code) else "",
        "uscc!": code if code and not is_uscc(code) else "",
        "reg_no": "".join(fields.get("reg_no", "").split()),
        "icp": bare_icp(fields.get("icp", "")),
        "phone": "".join(char for char in fields.get("phone", "") if char.isdigit()),
        "name": fields.get("name", "").strip(),
        "address": fields.get("address", "").strip(),
        "domain": bare_domain(fields.get("domain", "")),
    }
    shown = {kind: (Shown(value=value, raw=value, home=True, how=2),) for kind, value in values.items() if value}
    return ShopEvidence(shown=shown, pages=1, home_read=False)
