"""Leads: what the machine derives (`leads`), how it came about (`lead_events`), what people decide (`decisions`).

All leads of one shop are saved in one transaction, so two writers never double or half-write one. A
decision is only ever added; no crawl touches it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from netpatrol.errors import StoreError
from netpatrol.items import POSTED, Decision, Expression, Lead, Verdict, digest, expression_of
from netpatrol.store.clean import clean
from netpatrol.store.database import Store, database_errors
from netpatrol.store.records import from_document, to_document
from netpatrol.store.withdrawn import WITHDRAWN

if TYPE_CHECKING:
    from pymongo.client_session import ClientSession

# What one more sighting moves; none of it makes a lead a changed one.
SIGHTING = frozenset({"last_seen", "evidence", "pack_lock"})
ATTEMPTS = 30
CORRECTED = "corrected"
"""Why a lead ends whose wording is no longer on the pages of its shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCounts:
    """What saving the leads of a shop did."""

    new: int = 0
    changed: int = 0
    same: int = 0
    closed: int = 0
    reopened: int = 0
    restored: int = 0
    superseded: int = 0

    @property
    def back(self) -> int:
        """Return how many closed leads are open again, by whosever doing."""
        return self.reopened + self.restored

    def __add__(self, other: LeadCounts) -> LeadCounts:
        return LeadCounts(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What becomes of one lead: the fields to set, and the revision that it has so far."""

    lead_id: str
    what: str
    fields: Mapping[str, Any]
    revision: int
    idle: bool = False  # stored is exactly this


def save_leads(
    store: Store, shop_id: str, leads: Sequence[Lead], now: datetime, *, reason: str = CORRECTED, gone: frozenset[str] = frozenset(),
    withdrawn: frozenset[Expression] = frozenset(),
) -> LeadCounts:
    """Make these the standing leads of a shop; return what that changed.

    A lead of the shop that is no longer among them is closed with `reason` (corrected, gone, moved), as gone where all pages
    that it was seen on are among the addresses `gone`, as withdrawn where something that it says is among the expressions
    `withdrawn` (the words stand, the rules do not find them any more), or superseded where the same family now has another
    subject. One that was closed as withdrawn ends anew when its words are gone. Saving the same again changes nothing.
    """
    from pymongo.errors import DuplicateKeyError, OperationFailure

    documents = {lead.lead_id: _document(lead, shop_id) for lead in leads}
    why = partial(_why, reason=reason, gone=gone, withdrawn=withdrawn)
    for attempt in range(ATTEMPTS):
        try:
            with store.client.start_session() as session:
                return session.with_transaction(lambda s: _save(store, s, shop_id, documents, now, why))
        except DuplicateKeyError:
            pass  # another writer made the lead just now: read again
        except OperationFailure as error:
            if not error.has_error_label("TransientTransactionError"):
                with database_errors():
                    raise
        except Exception:
            with database_errors():
                raise
        time.sleep(0.002 * attempt)
    raise StoreError(
        f"网店 {shop_id} 的线索一直被其他进程占用（leads of this shop are written by others all the time）"
    )


def _save(
    store: Store,
    session: ClientSession,
    shop_id: str,
    documents: Mapping[str, dict[str, Any]],
    now: datetime,
    why: Callable[[Mapping[str, Any]], str],
) -> LeadCounts:
    found = store.db["leads"].find({"shop_id": shop_id}, session=session)
    standing = {lead["_id"]: lead for lead in found}
    changes = [_change(standing.get(lead_id), document) for lead_id, document in documents.items()]
    by_family = {document["family"]: lead_id for lead_id, document in documents.items()}
    changes += [
        _ending(lead, by_family.get(lead["family"], ""), now, why(lead))
        for lead_id, lead in standing.items()
        if lead_id not in documents and (lead["status"] == "open" or (_is_withdrawn(lead) and why(lead) != WITHDRAWN))
    ]
    _apply(store, session, shop_id, changes, now)
    kinds = [change.what for change in changes]
    return LeadCounts(**{name: kinds.count(name) for name in LeadCounts.__slots__})


def _document(lead: Lead, shop_id: str) -> dict[str, Any]:
    document = to_document(lead)
    document["shop_id"] = shop_id
    document["content"] = digest(repr(_essence(document)))
    return document


def _essence(value: Any) -> Any:
    """Return a document without what a mere sighting moves."""
    if isinstance(value, Mapping):
        return {key: _essence(item) for key, item in sorted(value.items()) if key not in SIGHTING}
    if isinstance(value, list):
        return [_essence(item) for item in value]
    return value


def _change(old: Mapping[str, Any] | None, new: dict[str, Any]) -> _Change:
    lead_id = new["lead_id"]
    fields = {**new, "status": "open", "closed_at": None, "closed_reason": "", "superseded_by": ""}
    if old is None:
        return _Change(lead_id=lead_id, what="new", fields=fields, revision=0)
    fields["last_seen"] = max(old["last_seen"], new["last_seen"])
    same = old["content"] == new["content"]
    back = "restored" if _is_withdrawn(old) else "reopened"  # only a shop's own doing makes it a repeater
    what = back if old["status"] != "open" else "same" if same else "changed"
    idle = all(name in old and old[name] == value for name, value in fields.items())
    return _Change(lead_id=lead_id, what=what, fields=fields, revision=int(old["revision"]), idle=idle)


def _is_withdrawn(lead: Mapping[str, Any]) -> bool:
    return bool(lead["status"] == "closed" and lead.get("closed_reason") == WITHDRAWN)


def _why(lead: Mapping[str, Any], reason: str, gone: frozenset[str], withdrawn: frozenset[Expression]) -> str:
    """Return why a lead ends: a page that was taken down was not corrected, nor one whose words stand."""
    if reason != CORRECTED or not lead["findings"]:
        return reason
    if withdrawn & {expression_of(f["family"], f["quote"]) for f in lead["findings"] if f["verdict"] == Verdict.VIOLATION}:
        return WITHDRAWN
    return "gone" if all(finding["url"] in gone for finding in lead["findings"]) else reason


def _ending(old: Mapping[str, Any], successor: str, now: datetime, reason: str) -> _Change:
    what = "superseded" if successor else "closed"
    fields = {
        "status": what,
        "closed_at": now,
        "closed_reason": "subject_changed" if successor else reason,
        "superseded_by": successor,
    }
    return _Change(lead_id=old["_id"], what=what, fields=fields, revision=int(old["revision"]))


def _apply(store: Store, session: ClientSession, shop_id: str, changes: Sequence[_Change], now: datetime) -> None:
    from pymongo import InsertOne, UpdateOne

    changes = [change for change in changes if not change.idle]
    if not changes:
        return
    updates, events = [], []
    for change in changes:
        fields = dict(change.fields)
        if change.what != "same":
            fields |= {"revision": change.revision + 1, "changed_at": now}
            events.append(InsertOne(_event(shop_id, change, now)))
        updates.append(UpdateOne({"_id": change.lead_id, "shop_id": shop_id}, {"$set": fields}, upsert=change.what == "new"))
    store.db["leads"].bulk_write(updates, session=session)
    if events:
        store.db["lead_events"].bulk_write(events, session=session)


def _event(shop_id: str, change: _Change, now: datetime) -> dict[str, Any]:
    kept = ("determination", "subject", "priority", "unit", "closed_reason", "superseded_by")
    details = {name: change.fields[name] for name in kept if change.fields.get(name)}
    details["findings"] = [finding["key"] for finding in change.fields.get("findings", ())]
    return clean(
        {
            "_id": f"{change.lead_id}:{change.revision + 1}",
            "shop_id": shop_id,
            "lead_id": change.lead_id,
            "at": now,
            "what": change.what,
            "details": details,
        }
    )


# -- reading -----------------------------------------------------------------------------------------


def standing(store: Store, shop_id: str) -> tuple[Lead, ...]:
    """Return the open leads of a shop, by family."""
    with database_errors():
        found = store.db["leads"].find({"shop_id": shop_id, "status": "open"}).sort("family", 1)
        return tuple(from_document(Lead, lead) for lead in found)


def all_standing(store: Store) -> Iterator[Lead]:
    """Yield all open leads, most urgent first."""
    with database_errors():
        for found in store.db["leads"].find({"status": "open"}).sort([("priority", -1), ("_id", 1)]):
            yield from_document(Lead, found)


def open_pages(store: Store) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the pages on which each shop's open leads rest, by shop id: address, and key where a form led there, else ""."""
    pages: dict[str, dict[str, None]] = {}
    fields = {"shop_id": 1, "findings.url": 1, "findings.verdict": 1}
    with database_errors():
        for lead in store.db["leads"].find({"status": "open"}, fields).sort("shop_id", 1):
            for finding in lead["findings"]:
                if finding["verdict"] == "violation":
                    pages.setdefault(lead["shop_id"], {})[finding["url"]] = None
    posted = _posted(store, pages)
    return {
        shop_id: tuple((url, key) for url in urls for key in posted.get((shop_id, url), [""])) for shop_id, urls in pages.items()
    }


def quotes_of(store: Store, shop_id: str) -> dict[str, tuple[str, ...]]:
    """Return what the open leads of a shop quote, by address of the page."""
    quotes: dict[str, dict[str, None]] = {}
    fields = {"findings.url": 1, "findings.verdict": 1, "findings.quote": 1}
    with database_errors():
        for lead in store.db["leads"].find({"shop_id": shop_id, "status": "open"}, fields):
            for finding in lead["findings"]:
                if finding["verdict"] == "violation" and finding.get("quote"):
                    quotes.setdefault(finding["url"], {})[finding["quote"]] = None
    return {url: tuple(said) for url, said in quotes.items()}


def _posted(store: Store, pages: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], list[str]]:
    """Return the keys of what stands at addresses to which forms led, "" for what stands there without one."""
    keys: dict[tuple[str, str], list[str]] = {}
    found = {"shop_id": {"$in": sorted(pages)}, "gone": False, "findings.verdict": "violation"}
    with database_errors():
        for page in store.db["pages"].find({**found, "key": {"$regex": POSTED}}, {"shop_id": 1, "url": 1, "key": 1}):
            keys.setdefault((page["shop_id"], page["url"]), []).append(page["key"])
        for (shop_id, url), forms in keys.items():
            if store.db["pages"].find_one({**found, "shop_id": shop_id, "url": url, "key": {"$not": {"$regex": POSTED}}}, {"_id": 1}):
                forms.append("")
    return keys


SHORTEST_ID = 4


def lead_document(store: Store, lead_id: str) -> dict[str, Any]:
    """Return a lead by its id or the start of it (`SHORTEST_ID` characters); StoreError (exit 2) where none or several."""
    if len(lead_id) < SHORTEST_ID:
        raise _no_such(f"线索编号至少写 {SHORTEST_ID} 位，{lead_id!r} 太短（too short）")
    with database_errors():
        found = list(store.db["leads"].find({"_id": {"$gte": lead_id, "$lt": lead_id + "g"}}).limit(2))
    exact = [lead for lead in found if lead["_id"] == lead_id]
    if not found:
        raise _no_such(f"没有编号以 {lead_id!r} 开头的线索（no such lead）")
    if len(found) > 1 and not exact:
        raise _no_such(f"编号 {lead_id!r} 不唯一，请多写几位（more than one lead begins so）")
    return exact[0] if exact else found[0]


def _no_such(message: str) -> StoreError:
    error = StoreError(message)
    error.exit_code = 2
    return error


def history(store: Store, lead_id: str) -> list[dict[str, Any]]:
    """Return the events of a lead, oldest first."""
    with database_errors():
        return list(store.db["lead_events"].find({"lead_id": lead_id}).sort([("at", 1), ("_id", 1)]))


# -- decisions ---------------------------------------------------------------------------------------


def decide(store: Store, decision: Decision) -> bool:
    """Add a person's decision, as the latest of its lead, whatever the clock says; return False where exactly this one is
    there already.
    """
    held = decisions(store, decision.lead_id)
    if held and held[-1].at > decision.at and decision not in held:
        decision = replace(decision, at=held[-1].at + timedelta(milliseconds=1))
    key = digest(decision.lead_id, decision.verdict, decision.by, decision.at.isoformat())
    with database_errors():
        done = store.db["decisions"].update_one(
            {"_id": key, "lead_id": decision.lead_id}, {"$setOnInsert": to_document(decision)}, upsert=True
        )
        return done.upserted_id is not None


def decisions(store: Store, lead_id: str) -> tuple[Decision, ...]:
    """Return all decisions about a lead, oldest first."""
    with database_errors():
        found = store.db["decisions"].find({"lead_id": lead_id}).sort([("at", 1), ("_id", 1)])
        return tuple(from_document(Decision, one) for one in found)
