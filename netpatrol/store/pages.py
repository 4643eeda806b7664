"""Pages: the newest state of each page of each shop, and which shops wait to be folded into leads.

A shop is marked dirty before its pages are written, and clean only by the one who folded exactly that
state: whoever is killed in between leaves a dirty shop, never a lost lead.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from netpatrol.items import EvidenceRef, Expression, Fact, LeadFinding, PageState, ShopRef, Verdict, digest
from netpatrol.store import shops
from netpatrol.store.bulk import Written, write
from netpatrol.store.database import Store, database_errors
from netpatrol.store.likeness import A_SENTENCE_OR_TWO, Look, frame_of, is_like
from netpatrol.store.records import PageRecord, from_document, to_document
from netpatrol.store.withdrawn import held, led_by_others, withdrawn

if TYPE_CHECKING:
    from pymongo import UpdateOne

TOLD = (PageState.CHECKED, PageState.SOFT_404)
"""States that say what stands on a page now; in any other one, what was found on it before may still stand there."""
STANDING = {"findings": 1, "withdrawn": 1, "pack_lock": 1, "facts": 1, "title": 1, "extra": 1, "gone": 1}
UNLIKE = "unlike"
"""Mark (in `extra`) of a page whose address shows something else by now; its title, size and offers stay those of before."""
TITLES = 50  # of a shop; enough to see what they have in common
PAGES_COMPARED = 30  # of a shop; enough to see what they share
CAPTURES_KEPT = 10  # of one finding: the first and the newest ones


def save_pages(store: Store, pages: Sequence[PageRecord]) -> Written:
    """Write pages and their evidence entries; idempotent, and never over a newer state of a page.

    Of a finding that stands since earlier, first sight and captures are kept. A page that could not be checked this time
    (a wall, a shell, a part) keeps what was found on it, and so does one whose address shows something else by now: not
    checked is never corrected. Refused pages are named in the result and kept in `refused`; the others are written.
    StoreError where the database is away.
    """
    pages = tuple({page.page_id: page for page in sorted(pages, key=lambda page: page.seen_at)}.values())
    if not pages:
        return Written()
    mark_dirty(store, {page.shop.shop_id: page for page in pages}.values())
    refused = _save_evidence(store, pages).refused
    with database_errors():
        shop_ids = sorted({page.shop.shop_id for page in pages})
        query = {"_id": {"$in": [page.page_id for page in pages]}, "shop_id": {"$in": shop_ids}}
        standing = {found["_id"]: found for found in store.db["pages"].find(query, STANDING)}
    led = led_by_others(store, pages)
    kept = [_with_before(store, page, standing.get(page.page_id), led.get(page.shop.shop_id, ())) for page in pages]
    result = write(store, "pages", [_update(page) for page in kept])
    return replace(result, refused=refused + result.refused)


def _with_before(store: Store, page: PageRecord, standing: Mapping[str, Any] | None, led: Iterable[LeadFinding]) -> PageRecord:
    """Return a page with what is still true of what was found on it before. `led`: findings on which leads of its shop rest."""
    old = tuple(from_document(LeadFinding, found) for found in standing["findings"]) if standing else ()
    before = held(standing)
    stand = withdrawn(page, standing, old, led) if page.state in TOLD else before
    page = replace(page, findings=carry_over((*before, *old), page.findings), withdrawn=stand, text="")
    if standing is None:
        return page
    if page.gone or page.state is PageState.CHECKED:
        return _if_something_else(store, page, standing, old, before)
    if page.state in TOLD:
        return page
    facts = page.facts or tuple(from_document(Fact, fact) for fact in standing.get("facts", ()))
    return replace(page, findings=(*page.findings, *_not_looked_for(old, page)), facts=facts)


def _if_something_else(
    store: Store, page: PageRecord, standing: Mapping[str, Any], old: Iterable[LeadFinding], before: Iterable[LeadFinding]
) -> PageRecord:
    """Return a page that tells what stands there, with what was found there (`old`), and withdrawn (`before`), if it is not
    the one that said so.
    """
    if _was_over(standing):
        return page
    missed, away = (tuple(_not_looked_for(found, page)) for found in (old, before))
    if (missed or away) and (page.gone or not _is_still(store, page, standing)):
        # What is gone counts for nothing, and may turn out to stand (`stand_again`).
        return replace(_unlike(page, standing, missed), withdrawn=(*page.withdrawn, *away))
    return page


def _update(page: PageRecord) -> UpdateOne:
    from pymongo import UpdateOne

    document = to_document(page)
    del document["text"]  # it is in the capture
    first, last = document.pop("first_seen"), document.pop("last_seen")
    seen = document["seen_at"]
    document["shop_id"] = document["shop"]["shop_id"]
    document["evidence_id"] = page.evidence.evidence_id if page.evidence else ""
    # Where a newer state stands the query finds nothing, and the insert that follows is refused as a duplicate.
    return UpdateOne(
        {"_id": page.page_id, "shop_id": page.shop.shop_id, "last_seen": {"$lte": last or seen}},
        {"$set": document, "$min": {"first_seen": first or seen}, "$max": {"last_seen": last or seen}},
        upsert=True,
    )


def _was_over(standing: Mapping[str, Any]) -> bool:
    """Whether a stored page was answered to be gone: what was found on it then does not come back with another page."""
    return bool(standing.get("gone")) and UNLIKE in (standing.get("extra") or {})


def _is_still(store: Store, page: PageRecord, standing: Mapping[str, Any]) -> bool:
    """Whether a page is still the one that stands, by what it says beside what the shop's other pages say as well."""
    return is_like(Look.of(standing), Look.of(_look(page)), _frame(store, page.shop.shop_id, page.page_id))


def _frame(store: Store, shop_id: str, page_id: str) -> frozenset[int]:
    """Return the lines that the pages of a shop share, one aside."""
    others = {"shop_id": shop_id, "_id": {"$ne": page_id}, "gone": False, "extra.lines": {"$exists": True}}
    with database_errors():
        return frame_of(found["extra"]["lines"] for found in store.db["pages"].find(others, {"extra.lines": 1}).limit(PAGES_COMPARED))


def _look(page: PageRecord) -> dict[str, Any]:
    return {"title": page.title, "extra": page.extra}


def _unlike(page: PageRecord, standing: Mapping[str, Any], missed: Iterable[LeadFinding]) -> PageRecord:
    """Return a page in whose place something else stands, with what was found on it and the look that it is known by.

    Nothing of the other's look: seen again, it would be like itself.
    """
    extra = {**standing.get("extra", {}), UNLIKE: "1"}
    return replace(page, findings=(*page.findings, *missed), title=standing.get("title", ""), extra=extra)


def carry_over(old: Iterable[LeadFinding], new: Iterable[LeadFinding]) -> tuple[LeadFinding, ...]:
    """Return the new findings, each with the first sight and the captures of the old one of the same key, or else of the
    oldest that says the same: a rule that goes by another name makes no new expression.
    """
    oldest_last = sorted(old, key=lambda finding: finding.first_seen, reverse=True)
    before = {finding.key: finding for finding in oldest_last}
    said = {_said(finding): finding for finding in oldest_last}
    return tuple(_carried(before.get(finding.key) or said.get(_said(finding)), finding) for finding in new)


def _said(finding: LeadFinding) -> tuple[Expression, Verdict]:
    return finding.expression, finding.verdict


def _not_looked_for(old: Iterable[LeadFinding], page: PageRecord) -> Iterator[LeadFinding]:
    """Yield findings of earlier captures that this one cannot speak of: not those of the very same capture, which were judged
    anew, nor what it says as well, by whichever rule, or by none any more.
    """
    capture, said = page.evidence.evidence_id if page.evidence else "", {_said(found) for found in (*page.findings, *page.withdrawn)}
    for finding in old:
        if _said(finding) not in said and not (capture and capture in finding.evidence):
            yield finding


def _carried(old: LeadFinding | None, new: LeadFinding) -> LeadFinding:
    if old is None:
        return new
    captures = tuple(dict.fromkeys(old.evidence + new.evidence))
    if len(captures) > CAPTURES_KEPT:
        captures = captures[:1] + captures[1 - CAPTURES_KEPT :]
    return replace(
        new,
        first_seen=min(old.first_seen, new.first_seen),
        last_seen=max(old.last_seen, new.last_seen),
        evidence=captures,
    )


def _save_evidence(store: Store, pages: Sequence[PageRecord]) -> Written:
    from pymongo import UpdateOne

    updates = []
    for page in pages:
        if page.evidence:
            document = {**to_document(page.evidence), "shop_id": page.shop.shop_id, "run_id": page.run_id}
            entry = {"_id": page.evidence.evidence_id, "shop_id": page.shop.shop_id}
            updates.append(UpdateOne(entry, {"$setOnInsert": document}, upsert=True))
    return write(store, "evidence", updates)


def pages_of(store: Store, shop_id: str, *, without: Iterable[str] = ()) -> Iterator[PageRecord]:
    """Yield the pages of a shop, by address; fields named in `without` are not read and have their defaults."""
    left_out = dict.fromkeys(without, 0)
    with database_errors():
        for document in store.db["pages"].find({"shop_id": shop_id}, left_out or None).sort("url", 1):
            yield from_document(PageRecord, document)


def shown_of(store: Store, shop_id: str) -> tuple[tuple[str, str, tuple[Fact, ...]], ...]:
    """Return key, title and facts of some pages of a shop, by address: the start page is among the first."""
    fields = {"url": 1, "key": 1, "title": 1, "facts": 1}
    with database_errors():
        return tuple(
            (page.get("key") or page["url"], page.get("title", ""), tuple(from_document(Fact, fact) for fact in page.get("facts", ())))
            for page in store.db["pages"].find({"shop_id": shop_id}, fields).sort("url", 1).limit(TITLES)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPage:
    """What a page was when it was last stored: the same bytes under the same packs and register are a mere sighting."""

    body_sha256: str
    pack_lock: str
    register_version: str
    state: PageState
    rendered: bool = False
    """Whether a browser showed it: of such a page the body says next to nothing."""


def known_pages(store: Store, shop_id: str) -> dict[str, KnownPage]:
    """Return the known pages of a shop that are not gone, by page key; those that show something else are read anew."""
    fields = {"url": 1, "key": 1, "body_sha256": 1, "pack_lock": 1, "register_version": 1, "state": 1, "rendered_sha256": 1}
    with database_errors():
        return {
            page.get("key") or page["url"]: KnownPage(
                body_sha256=page["body_sha256"],
                pack_lock=page["pack_lock"],
                register_version=page["register_version"],
                state=PageState(page["state"]),
                rendered=bool(page.get("rendered_sha256")),
            )
            for page in store.db["pages"].find({"shop_id": shop_id, "gone": False, f"extra.{UNLIKE}": {"$exists": False}}, fields)
        }


def sighted(store: Store, sightings: Iterable[tuple[str, str, datetime]], run_id: str = "") -> int:
    """Note that pages (shop id, page key, when) were seen again unchanged; only `last_seen` moves. Returns how many."""
    from pymongo import UpdateOne

    sightings = tuple(sightings)
    _mark(store, {shop_id: {} for shop_id, _, _ in sightings})
    updates = [
        UpdateOne(
            {"_id": digest(shop_id, key), "shop_id": shop_id},
            {"$max": {"last_seen": at, "findings.$[].last_seen": at}, "$set": {"sighted_by": run_id}},
        )
        for shop_id, key, at in sightings
    ]
    return write(store, "pages", updates).written


def mark_gone(store: Store, shop_id: str, keys: Iterable[str] | None = None) -> int:
    """Mark pages of a shop as gone, all of them where no keys are given: the shop itself is. Returns how many.

    A page that is seen again stands again.
    """
    which = {} if keys is None else {"_id": {"$in": [digest(shop_id, key) for key in keys]}}
    with database_errors():
        found = store.db["pages"].update_many({**which, "shop_id": shop_id, "gone": False}, {"$set": {"gone": True}})
    return int(found.modified_count)


def stand_again(store: Store, shop_id: str, run_id: str) -> int:
    """Take back that pages of a shop are gone that a run called so, with what was found on them. Returns how many.

    Of a host that is down as a whole no answer tells anything of a single page.
    """
    called = {"shop_id": shop_id, "run_id": run_id, "gone": True, "status": {"$in": [404, 410]}}
    with database_errors():
        return int(store.db["pages"].update_many(called, {"$set": {"gone": False}}).modified_count)


def end_sent_on(store: Store, shop_id: str, sent: Mapping[str, str], homes: Iterable[str] = ()) -> int:
    """Mark as gone the pages whose addresses lead to others of the shop by now, by page key. Returns how many.

    Only where that is told by what stands there: a page that was read, or one that is gone itself. Behind a wall or a notice,
    or where something else stands in a page's place, nothing was corrected. `homes`: keys of the pages where the shop is
    entered; these may say as little as they like.
    """
    homes = {digest(shop_id, key) for key in homes}
    ids = {key: digest(shop_id, key) for key in set(sent.values())}
    with database_errors():
        shown = {"_id": {"$in": sorted(ids.values())}, "shop_id": shop_id}
        found = store.db["pages"].find(shown, {"title": 1, "extra": 1, "gone": 1, "state": 1})
        told = {page["_id"] for page in found if _tells(store, shop_id, page, homes)}
    return mark_gone(store, shop_id, [old for old, now in sent.items() if ids[now] in told and old not in ids])


def _tells(store: Store, shop_id: str, page: Mapping[str, Any], homes: Collection[str]) -> bool:
    extra = page.get("extra") or {}
    if page["gone"] or page["state"] == PageState.SOFT_404:
        return page["gone"] or not extra.get("wall")
    if page["state"] not in TOLD or extra.get("wall") or UNLIKE in extra:
        return False
    shown = Look.of(page)
    if page["_id"] in homes or not shown.lines or shown.offered():
        return True
    return shown.own(_frame(store, shop_id, page["_id"])) > A_SENTENCE_OR_TWO  # else it says no more than why


ENTRANCE = "#entrance:"
"""What the key of a stored page ends in, with its address, that only leads to itself under another one: the plain key is that one's."""


def end_entrances(store: Store, shop_id: str, read: Mapping[str, str]) -> int:
    """Mark as gone what was stored under keys of entrances that are none any more. Returns how many.

    `read`: the key of the stored page that is shown there by now. Where that is something else in its place (a wall),
    nothing was corrected.
    """
    ids = {digest(shop_id, key): digest(shop_id, now) for key, now in read.items()}
    with database_errors():
        old = list(store.db["pages"].find({"_id": {"$in": sorted(ids)}, "shop_id": shop_id, "gone": False}, STANDING))
        shown = {"_id": {"$in": [ids[page["_id"]] for page in old]}, "shop_id": shop_id, "gone": False}
        now = {page["_id"]: page for page in store.db["pages"].find(shown, STANDING)} if old else {}
        over = [page["_id"] for page in old if ids[page["_id"]] in now and _took_place(page, now[ids[page["_id"]]])]
        if not over:
            return 0
        return int(store.db["pages"].update_many({"_id": {"$in": over}, "shop_id": shop_id}, {"$set": {"gone": True}}).modified_count)


def _took_place(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the page that stands where an entrance was is the shop's own: like it, or one that offers something and says more."""
    before, now = Look.of(old), Look.of(new)
    return UNLIKE not in new.get("extra", {}) and (is_like(before, now) or (bool(now.offers) and now.size >= before.size))


# -- dirty shops -------------------------------------------------------------------------------------


def mark_dirty(store: Store, pages: Iterable[PageRecord]) -> None:
    """Mark the shops of these pages as to be folded; shops that are unknown so far are noted."""
    _mark(store, {page.shop.shop_id: _new_shop(page.shop, page.host, page.seen_at) for page in pages})


def _new_shop(shop: ShopRef, host: str, at: datetime) -> dict[str, Any]:
    return {
        "shop": to_document(shop),
        "host": host,
        "kind": "storefront" if shop.platform else "site",
        "state": "checked",
        "determination": "unknown",
        "seen_at": at,
        "first_seen": at,
        "last_seen": at,
    }


def _mark(store: Store, marked: Mapping[str, Mapping[str, Any]]) -> None:
    from pymongo import UpdateOne

    updates = []
    for shop_id, first in sorted(marked.items()):
        change: dict[str, Any] = {"$set": {"dirty": secrets.token_hex(8)}}
        if first:
            change["$setOnInsert"] = dict(first)
        updates.append(UpdateOne(shops.is_shop(shop_id), change, upsert=bool(first)))
    write(store, "shops", updates)


def dirty_shops(store: Store, limit: int = 0) -> list[tuple[str, str]]:
    """Return (shop id, token) of shops whose pages wait to be folded into leads."""
    with database_errors():
        found = store.db["shops"].find({"dirty": {"$exists": True}}, {"shop.shop_id": 1, "dirty": 1}).limit(limit)
        return [(entry["shop"]["shop_id"], entry["dirty"]) for entry in found]


def dirty_token(store: Store, shop_id: str) -> str:
    """Return the token under which a shop waits to be folded, "" if it does not."""
    with database_errors():
        found = store.db["shops"].find_one(shops.is_shop(shop_id), {"dirty": 1})
    return str(found.get("dirty", "")) if found else ""


def clear_dirty(store: Store, shop_id: str, token: str) -> bool:
    """Mark a shop as folded, unless pages came in since the token was read; return whether it is clean now."""
    with database_errors():
        done = store.db["shops"].update_one({**shops.is_shop(shop_id), "dirty": token}, {"$unset": {"dirty": 1}})
        return bool(done.modified_count)


# -- evidence ----------------------------------------------------------------------------------------


def evidence_refs(store: Store, ids: Sequence[str] | None = None) -> Iterator[EvidenceRef]:
    """Yield the references of these captures, or of all."""
    with database_errors():
        query = {} if ids is None else {"_id": {"$in": list(ids)}}
        for found in store.db["evidence"].find(query).sort("_id", 1):
            yield from_document(EvidenceRef, found)
