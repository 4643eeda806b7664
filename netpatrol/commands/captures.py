"""What the name of a lead or a capture stands for: captures here, captures elsewhere, and what the database says wrong of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netpatrol.errors import EvidenceError, NetPatrolError, StoreError

if TYPE_CHECKING:
    from netpatrol.items import EvidenceRef
    from netpatrol.store.archives import Holdings

    Here = list[tuple[EvidenceRef, dict[str, Any]]]
    """References with their manifests."""


@dataclass(slots=True, kw_only=True)
class Captures:
    """What a name stands for. `wrong`: sentences on captures of which the database says nothing, or not what the chain says."""

    here: Here = field(default_factory=list)
    elsewhere: list[EvidenceRef] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    alone: bool = False
    """Whether there was no database to ask."""


def captures_of(name: str) -> Captures:
    """Return the captures of a lead, or those whose id begins so; NetPatrolError where there are none.

    Captures that are here can be had without a database, or while it is away; they are then not held against it (`alone`).
    """
    from netpatrol.store import places

    folder, found = places.evidence_folder(places.home()), Captures()
    in_chain = _Chain(folder)
    mine = [one for one in in_chain.all if one.startswith(name)] if "-" in name else []
    found.alone = "-" in name and not has_database()
    try:
        named, entered = ([], {}) if found.alone else _entered(name)
    except StoreError:
        if not mine:
            raise
        named, entered, found.alone = [], {}, True
    if not named and not mine:
        raise NetPatrolError(f"没有 {name!r} 的固证（no evidence of that name）")
    if found.alone:
        found.here = [in_chain.all[one] for one in mine]
        return found
    for one in sorted({*named, *mine}):
        _place(one, entered.get(one), folder, in_chain, found)
    if not found.here and not found.wrong:
        raise NetPatrolError(lies_elsewhere(found.elsewhere))
    return found


def _place(name: str, ref: EvidenceRef | None, folder: Path, in_chain: _Chain, found: Captures) -> None:
    """Sort one capture in: by what the database says of it, which must be what the chain says, else by what the chain says."""
    from netpatrol.evidence.archive import ElsewhereError
    from netpatrol.evidence.manifest import essence, reference
    from netpatrol.evidence.reading import find_manifest

    if ref is not None:
        try:
            entry = find_manifest(folder, ref)
            told = reference(entry, ref.manifest_sha256, ref.archive)
            found.here.append((told, entry))
            if essence(told) == essence(ref):
                return
        except ElsewhereError:
            found.elsewhere.append(ref)
            return
        except (EvidenceError, KeyError, TypeError, ValueError):
            if name in in_chain.all:
                found.here.append(in_chain.all[name])
        found.wrong.append(f"固证 {name} 在数据库里的登记与固证链不符，登记或固证被改动")
    elif name in in_chain.all:
        found.here.append(in_chain.all[name])
        found.wrong.append(_not_entered(name, "，固证链里仍有"))
    else:
        found.wrong.append(_not_entered(name, "，这里的固证链里也没有"))


def _not_entered(name: str, more: str = "") -> str:
    return f"固证 {name} 在数据库里没有登记，登记被删除{more}"


class _Chain:
    """The captures of an archive by their ids, read when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._all: dict[str, tuple[EvidenceRef, dict[str, Any]]] | None = None

    @property
    def all(self) -> dict[str, tuple[EvidenceRef, dict[str, Any]]]:
        from netpatrol.evidence.reading import captures

        if self._all is None:
            self._all = {ref.evidence_id: (ref, entry) for ref, entry in captures(self._folder)}
        return self._all


def _entered(name: str) -> tuple[list[str], dict[str, EvidenceRef]]:
    """Return the ids of the captures of a lead, or of those whose id begins so, and what the database says of each."""
    from netpatrol.store.archives import refs_beginning
    from netpatrol.store.leads import lead_document
    from netpatrol.store.mongo import connect
    from netpatrol.store.pages import evidence_refs

    with connect() as store:
        if "-" in name:
            refs = {ref.evidence_id: ref for ref in refs_beginning(store, name)}
            named = list(refs)
        else:
            lead = lead_document(store, name)
            named = sorted({capture for finding in lead["findings"] for capture in finding["evidence"]})
            refs = {ref.evidence_id: ref for ref in evidence_refs(store, named)}
    return named, refs


def expected_of(folder: Path, name: str) -> Holdings:
    """Return what the database says that this archive must hold: of one name, or all."""
    from netpatrol.evidence.archive import Archive, chain_states
    from netpatrol.store.archives import holdings, unregistered
    from netpatrol.store.mongo import connect

    archive = Archive(folder=folder)
    with connect() as store:
        held = holdings(store, archive.archive_id, folder, chain_states(archive).keys())
        lost = [] if name else list(unregistered(store))
    if name:
        return _expected_of_one(name, held, _Chain(folder))
    return replace(held, missing=tuple(f"线索 {lead[:8]} 所引：{_not_entered(capture)}" for lead, capture in lost))


def _expected_of_one(name: str, held: Holdings, in_chain: _Chain) -> Holdings:
    """Return what of one name must be in this archive; what lies in the chain and is not entered is told."""
    if "-" in name and any(one.startswith(name) for one in in_chain.all):
        named = [one for one in in_chain.all if one.startswith(name)]
        mine = tuple(ref for ref in held.refs if ref.evidence_id.startswith(name))
        elsewhere: list[EvidenceRef] = []
    else:
        named, entered = _entered(name)
        if not named:
            raise NetPatrolError(f"没有 {name!r} 的固证（no evidence of that name）")
        mine = tuple(ref for ref in held.refs if ref.evidence_id in entered)
        here = {ref.evidence_id for ref in mine}
        elsewhere = [ref for one, ref in entered.items() if one not in here]
    entered_ids = {ref.evidence_id for ref in (*mine, *elsewhere)}
    missing = tuple(map(_not_entered, sorted({*named} - entered_ids)))
    if not mine and not missing:
        raise NetPatrolError(lies_elsewhere(elsewhere))
    counts = Counter(ref.archive for ref in elsewhere)
    return replace(held, refs=mine, unnamed=counts.pop("", 0), elsewhere=counts, missing=missing)


def lies_elsewhere(refs: Iterable[EvidenceRef]) -> str:
    """Return one sentence on captures that lie in other archives: which, and where."""
    from netpatrol.store import places as own
    from netpatrol.store.archives import place_here, places_of
    from netpatrol.store.mongo import connect

    with connect() as store:
        places = places_of(store)
    here = place_here(own.evidence_folder(own.home()))
    places = {archive: "就在本机这个文件夹，已被移走或删除，请从备份取回" if place == here else place for archive, place in places.items()}
    by_archive: dict[str, list[str]] = {}
    for ref in refs:
        by_archive.setdefault(ref.archive, []).append(ref.evidence_id)
    said = "；".join(f"{'、'.join(ids)} 存放在{place_of(archive, places)}" for archive, ids in by_archive.items())
    return f"固证不在当前存档中：{said}；存档在别处的，请到那里查看（captures lie in another archive）"


def place_of(archive: str, places: Mapping[str, str]) -> str:
    """Return an archive as people are told of it."""
    return f"存档 {archive}（{places.get(archive, '位置不详')}）"


def has_database() -> bool:
    """Whether there is a database to ask; without one the folder speaks for itself."""
    from netpatrol.store import places

    return bool(places.mongo_uri()) or places.database_folder(places.home()).exists()
