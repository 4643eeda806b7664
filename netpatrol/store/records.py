"""What the store keeps besides the types of `items`, and dataclass <-> document both ways.

Knows no database: pure types, so that the rooms above may build them.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from netpatrol import items
from netpatrol.errors import StoreError
from netpatrol.items import Determination, Duty, EvidenceRef, Fact, LeadFinding, Match, PageState, PartKind, ShopRef
from netpatrol.store.clean import UnfitError, clean, harmless, restore_key

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """How a shop was found: channel (seed, telecom, courier, link, directory, platform, …) and the place."""

    channel: str
    source: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something to patrol (巡查对象): a site, a storefront, or a clue that has no address yet."""

    shop_id: str
    url: str = ""
    also: tuple[str, ...] = ()
    """Other addresses by which lists name it: each is a start page, too."""
    host: str = ""
    kind: str = "site"
    platform: str = ""
    name: str = ""
    tier: int = 2
    found_via: tuple[Via, ...] = ()
    clues: Mapping[str, str] = field(default_factory=dict)
    status: str = "due"
    due_at: datetime | None = None
    attempts: int = 0
    last_result: str = ""
    last_done_at: datetime | None = None
    parked_reason: str = ""
    lease_owner: str = ""
    lease_until: datetime | None = None
    not_before: datetime | None = field(default=None, compare=False)
    """Not stored: until then the host rests from another worker, and whoever claimed the target asks it nothing."""

    @property
    def target_id(self) -> str:
        """Return the id: one target for each shop key."""
        return items.digest(self.shop_id)

    @property
    def shop(self) -> ShopRef:
        """Return the subject that this target is."""
        return ShopRef(shop_id=self.shop_id, url=self.url, platform=self.platform, name=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """The newest state of one page of a shop: all that leads are folded from."""

    shop: ShopRef
    url: str
    key: str = ""
    host: str
    state: PageState
    seen_at: datetime
    run_id: str = ""
    status: int = 200
    kind: PartKind = PartKind.PAGE
    title: str = ""
    body_sha256: str = ""
    rendered_sha256: str = ""
    """Of what a browser showed, where one was needed: the bodies of a site that a script draws are all the same shell."""
    evidence: EvidenceRef | None = None
    findings: tuple[LeadFinding, ...] = ()
    withdrawn: tuple[LeadFinding, ...] = ()
    """What other packs once found, today's do not, and the page still says; see `store.withdrawn`."""
    text: str = field(default="", repr=False)
    """All that the page says, to be looked at when it is saved; not stored."""
    duties: tuple[Duty, ...] = ()
    facts: tuple[Fact, ...] = ()
    match: Match | None = None
    pack_lock: str = ""
    register_version: str = ""
    gone: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)
    first_seen: datetime | None = None
    last_seen: datetime | None = None

    @property
    def page_id(self) -> str:
        """Return the id: one record for each page of a shop, whatever session or alias its address names."""
        return items.digest(self.shop.shop_id, self.key or self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRecord:
    """What is known of a shop as a whole. `state`: checked, partial, needs_render, challenge, unreachable,
    robots; or gone, moved, parked, not_a_shop, which are not exported.
    """

    shop: ShopRef
    host: str
    seen_at: datetime
    kind: str = "site"
    state: str = "checked"
    determination: Determination = Determination.UNKNOWN
    match: Match | None = None
    reasons: tuple[str, ...] = ()
    found_via: tuple[str, ...] = ()
    clues: Mapping[str, str] = field(default_factory=dict)
    register_version: str = ""
    run_id: str = ""
    moved_to: str = ""
    mark: str = ""
    """State of the licence mark (电子标识), see `entities.emark.MarkState`; "" where no run asked."""
    first_seen: datetime | None = None
    last_seen: datetime | None = None


def to_document(record: Any) -> dict[str, Any]:
    """Return a dataclass (or mapping) as a document that MongoDB takes; see `clean.clean` for what changes."""
    try:
        return harmless(record, fields_of=_stored)
    except UnfitError:
        return clean(_shallow(record))


def _shallow(value: Any) -> Any:
    """Return dataclasses as mappings, all the way down; the rest as it is."""
    names = _stored(type(value))  # type: ignore[arg-type]
    if names is not None:
        return {name: _shallow(getattr(value, name)) for name in names}
    if isinstance(value, (tuple, list)):
        return [_shallow(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _shallow(item) for key, item in value.items()}
    return value


@cache
def _stored(cls: Hashable) -> tuple[str, ...] | None:
    """Return the field names of a dataclass that are kept (what does not compare is a cache); None for other types."""
    if not isinstance(cls, type) or not is_dataclass(cls):
        return None
    return tuple(entry.name for entry in fields(cls) if entry.compare)


def from_document(cls: type[Record], document: Mapping[str, Any]) -> Record:
    """Return the dataclass that a document was made of; unknown fields are left out, absent ones default.

    StoreError names the class and field where a document does not fit.
    """
    values = {}
    for name, where, reader, needed in _readers(cls):  # type: ignore[arg-type]
        if name in document:
            value = document[name]
            values[name] = value if reader is None or value is None else _read(reader, value, where)
        elif needed:
            raise StoreError(f"数据库记录缺少字段 {where}（field missing in stored record）")
    return cls(**values)


Reader = Callable[[Any], Any]


@cache
def _readers(cls: Hashable) -> tuple[tuple[str, str, Reader | None, bool], ...]:
    """Return for each stored field: name, name with class, what revives its value (None: it is as it was), needed?

    Made once for each class: 4 times as fast as asking for the types of every value of every page again.
    """
    if not isinstance(cls, type) or not is_dataclass(cls):
        raise TypeError(f"{cls} is no dataclass")
    hints = _hints(cls)
    stored = _stored(cls) or ()
    return tuple(
        (
            entry.name,
            f"{cls.__name__}.{entry.name}",
            _reader(hints[entry.name]) if entry.name in stored else None,
            entry.default is MISSING and entry.default_factory is MISSING,
        )
        for entry in fields(cls)
        if entry.name in stored or (entry.default is MISSING and entry.default_factory is MISSING)
    )


def _read(reader: Reader, value: Any, where: str) -> Any:
    try:
        return reader(value)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise StoreError(f"数据库记录字段 {where} 的值无法理解：{str(value)[:80]!r}（bad stored value）") from error


@cache
def _hints(cls: type) -> dict[str, Any]:
    # Names imported for type checking only (the parsed page) are not stored.
    return get_type_hints(cls, localns={"Document": object})


def _reader(hint: Any) -> Reader | None:
    """Return what makes a stored value one of this type again; None where it is stored as it is."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _reader(next(arg for arg in get_args(hint) if arg is not type(None)))
    if origin is tuple:
        item = _reader(get_args(hint)[0])
        if item is None:
            return tuple
        return lambda values: tuple([value if value is None else item(value) for value in values])
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return lambda value: {restore_key(key): _restored(item) for key, item in value.items()}
    if is_dataclass(hint) and isinstance(hint, type):
        return lambda value: from_document(hint, value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        members: dict[Any, Enum] = {member.value: member for member in hint}
        return members.__getitem__
    return None


def _restored(value: Any) -> Any:
    """Return nested mappings with their own keys again."""
    if isinstance(value, Mapping):
        return {restore_key(key): _restored(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_restored(item) for item in value]
    return value
