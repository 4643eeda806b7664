"""Folds what is stored of a shop's pages into its match and its leads.

One function for every way there: a site that was crawled to its end, a shop that an earlier run left half done
(killed between pages and leads), and a rescan. It reads the database and writes the database; what it computes comes
from `core` and `leads` alone, so it may be run at any time and twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from netpatrol.core import READ_STATES, Desk, match
from netpatrol.entities.emark import MarkAnswer, MarkFinding, MarkState, check_mark
from netpatrol.entities.features import Clue, PageSeen, clue_of, gather
from netpatrol.entities.names import fold as name_key
from netpatrol.items import LeadFinding, Match, PageFacts, PageState, ShopRef, Verdict
from netpatrol.leads.build import fold
from netpatrol.store.clues import clues_named, give_keys
from netpatrol.store.database import Store
from netpatrol.store.leads import CORRECTED, LeadCounts, save_leads
from netpatrol.store.likeness import TITLE_PARTS
from netpatrol.store.pages import UNLIKE, clear_dirty, dirty_shops, dirty_token, mark_gone, pages_of
from netpatrol.store.records import PageRecord, ShopRecord
from netpatrol.store.shops import note_names, save_shop, shops_named
from netpatrol.store.shops import shop as stored_shop
from netpatrol.text.urls import host_of, page_key

ENDED = ("gone", "moved", "parked")
"""States of a shop whose pages stand no longer, whatever was stored of them."""

_SHOP_NAME = re.compile(
    r"(?:旗舰|专卖|专营|直营|自营|官方|品牌|体验|特产|折扣|工厂|便利|杂货|食品|茶叶|水果|服装|家具|花|药|酒|书|老|小)店$"
    r"|(?:商城|商店|网店|店铺|商行|超市|铺子|作坊|酒庄|茶庄|药房|经营部|门市部|批发部)$"
)
NOT_FOLDED = ("match", "duties", "evidence")
SENDERS_USED = 20
RIVALS = 50
"""Shops of one name that are looked at: with more of them, a courier's line says nothing of any."""
NO_RIVALS = (*ENDED, "not_a_shop")
BY_SENDERS = ("clue_phone", "clue_address")
LICENCE_FACTS = ("uscc", "reg_no", "licence_link", "emark", "permit")
SHOP_MARKS = ("price", "buy", "product", "shop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What the run that folds knows of a shop beyond its pages."""

    state: str = ""
    run_id: str = ""
    found_via: tuple[str, ...] = ()
    clues: Mapping[str, str] | None = None
    moved_to: str = ""
    marks: Mapping[str, MarkAnswer | None] = field(default_factory=dict)
    seen_at: datetime | None = None
    """When it was seen; None: now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What a shop was found to be, all its pages together, and what became of its leads."""

    state: str
    leads: LeadCounts


def fold_shop(store: Store, desk: Desk, shop: ShopRef, now: datetime, visit: Visit = Visit()) -> Folded:
    """Match a shop by all its pages, build its leads, and store both. Raises StoreError.

    Shops of the same name whose match rests on a courier's line are folded again: it is as much about this one.
    """
    folded, rivals = _fold(store, desk, shop, now, visit)
    for rival in rivals:
        as_seen = Visit(state=rival.state, moved_to=rival.moved_to, seen_at=rival.seen_at)
        _fold(store, desk, rival.shop, now, as_seen)
    return folded


def _fold(store: Store, desk: Desk, shop: ShopRef, now: datetime, visit: Visit) -> tuple[Folded, tuple[ShopRecord, ...]]:
    """Fold one shop; return what became of it, and the shops that share its couriers' lines and do not know."""
    token = dirty_token(store, shop.shop_id)
    is_gone = visit.state in ENDED
    if is_gone:
        mark_gone(store, shop.shop_id)  # so that no later fold brings them back
    stored = () if is_gone else tuple(pages_of(store, shop.shop_id, without=NOT_FOLDED))
    pages = [page for page in stored if not page.gone]
    held = stored_shop(store, shop.shop_id)
    clues = {**(held.clues if held else {}), **(visit.clues or {})}
    senders, rivals = courier_clues(store, shop, pages)
    evidence = gather(
        [_seen(page, shop) for page in pages],
        readable=any(page.state in READ_STATES for page in pages),
        own_host=not shop.platform,
        clues=(*telecom_clues(clues), *senders),
    )
    found = match(evidence, desk)
    # All pages as one contribution: a lead merged page by page is the same and grows with the square of the pages.
    leads = fold([[finding for page in pages for finding in standing_findings(page)]], shop, found)
    taken_down = frozenset(page.url for page in stored if page.gone)
    unfound = frozenset(finding.expression for page in pages for finding in page.withdrawn)
    counts = save_leads(
        store, shop.shop_id, leads, now, reason=visit.state if is_gone else CORRECTED, gone=taken_down, withdrawn=unfound
    )
    state = visit.state or shop_state(pages, found)
    mark = _mark(visit, shop, [shown.value for shown in evidence.of("name")])
    save_shop(
        store,
        ShopRecord(
            shop=shop,
            host=pages[0].host if pages else shop.shop_id.partition("/")[0],
            seen_at=visit.seen_at or now,
            kind="storefront" if shop.platform else "site",
            state=state,
            determination=found.determination,
            match=found,
            reasons=(*found.reasons, mark.why) if mark.state is not MarkState.ABSENT else found.reasons,
            mark=held.mark if held and not visit.run_id else str(mark.state),  # who did not visit it has not asked
            found_via=visit.found_via,
            clues=clues,
            register_version=found.register_version,
            run_id=visit.run_id or (held.run_id if held else ""),
            moved_to=visit.moved_to,
        ),
    )
    if token:
        clear_dirty(store, shop.shop_id, token)
    return Folded(state=state, leads=counts), rivals


def standing_findings(page: PageRecord) -> tuple[LeadFinding, ...]:
    """Return a page's findings, seen as late as the page itself was; as they are where it could not be checked again, or
    where its address shows something else by now.
    """
    if page.state is not PageState.CHECKED or UNLIKE in page.extra:
        return page.findings
    seen = page.last_seen or page.seen_at
    return tuple(f if f.last_seen >= seen else replace(f, last_seen=seen) for f in page.findings)


def _mark(visit: Visit, shop: ShopRef, names: list[str]) -> MarkFinding:
    """Return the state of the shop's licence mark, by what the official hosts answered during the visit."""
    hosts = [host_of(link) for link in visit.marks]
    return check_mark(visit.marks, host=host_of(shop.url), names=names, official=hosts, ask=visit.marks.get)


def shop_state(pages: Iterable[PageRecord], found: Match) -> str:
    """Return what the stored pages say of a shop as a whole: read in full, needing a browser, no shop at all.

    Signs of an offer make a shop, and so does a licence on show, an operator that the register knows, a name that only
    shops have, or wording that advertises: a page whose prices only a script writes is a shop all the same.
    """
    pages = tuple(pages)
    states = {page.state for page in pages}
    if not states & READ_STATES:
        return str(min(states)) if states else "unreachable"
    offers = any(mark in page.extra.get("marks", "") for page in pages for mark in SHOP_MARKS)
    licensed = any(fact.name in LICENCE_FACTS for page in pages for fact in page.facts)
    named = any(names_a_shop(page.title) for page in pages)
    claims = any(finding.verdict is Verdict.VIOLATION for page in pages for finding in page.findings)
    if not (offers or licensed or named or claims or found.entity is not None):
        return "not_a_shop" if not any(str(state) == "needs_render" for state in states) else "needs_render"
    return "checked" if PageState.CHECKED in states else "partial"  # too large or broken: read as far as it goes


def names_a_shop(title: str) -> bool:
    """Whether a title has a name in it that only shops have."""
    return any(_SHOP_NAME.search(part) for part in TITLE_PARTS.split(title))


def telecom_clues(clues: Mapping[str, str]) -> tuple[Clue, ...]:
    """Return what a telecom's list says of this shop's own domain."""
    return (replace(clue_of(clues), source="telecom"),) if clues else ()


def courier_clues(
    store: Store, shop: ShopRef, pages: Iterable[PageRecord]
) -> tuple[tuple[Clue, ...], tuple[ShopRecord, ...]]:
    """Return the couriers' senders that bear the name under which this shop shows itself; and the other standing shops
    of such a name that are matched by one as if it were theirs alone.
    """
    keys = {name_key(name) for name in displayed_names([page.title for page in pages], shop.name)}
    note_names(store, shop.shop_id, keys)  # before looking for others: of two that are folded at once one sees the other
    give_keys(store, name_key)  # what was imported since; mostly nothing
    lines = tuple(clues_named(store, keys, SENDERS_USED))
    names = {key for key, _ in lines}
    others = tuple(shops_named(store, names, but=shop.shop_id, states=NO_RIVALS, limit=RIVALS)) if names else ()
    taken = frozenset[str]().union(*(shown for shown, _ in others))
    clues = tuple(replace(clue_of(line), source="courier", shared=key in taken) for key, line in lines)
    return clues, tuple(other for _, other in others if _rests_on_senders(other))


def _rests_on_senders(held: ShopRecord) -> bool:
    """Whether a shop's match counts a courier's line as the shop's own."""
    candidates = held.match.candidates if held.match else ()
    return any(feature.name in BY_SENDERS for candidate in candidates for feature in candidate.features)


def displayed_names(titles: Iterable[str], name: str = "") -> tuple[str, ...]:
    """Return what a shop calls itself: its name on the platform, and what its page titles have in common."""
    counts: Counter[str] = Counter()
    number = 0
    for title in titles:
        number += 1
        parts = [part.strip() for part in TITLE_PARTS.split(title) if part.strip()]
        counts.update(list(dict.fromkeys((*parts[:1], *parts[-2:]))))
    own = [part for part, count in counts.most_common(20) if count >= max(1, number * 0.3) and 2 <= len(part) <= 40]
    return tuple(dict.fromkeys([name, *own] if name else own))


def _seen(page: PageRecord, shop: ShopRef) -> PageSeen:
    return PageSeen(
        url=page.url,
        facts=PageFacts(facts=page.facts),
        kind=page.kind,
        home=page_key(page.url) == page_key(shop.url),
        read=page.state in READ_STATES,
    )


def recover(store: Store, desk: Desk, now: datetime) -> int:
    """Fold every shop that an earlier run left with pages but without their leads; return how many."""
    shops = dirty_shops(store)
    for shop_id, _ in shops:
        held = stored_shop(store, shop_id)
        if held is not None:
            fold_shop(store, desk, held.shop, now)
    return len(shops)
