"""Lines for other programs: one per lead and finding, or neutral ones per page and per shop found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from netpatrol.items import Verdict
from netpatrol.store.database import Store, database_errors
from netpatrol.store.masks import mask_lead
from netpatrol.times import SHANGHAI

NOT_FOUND = ("gone", "moved", "parked", "not_a_shop")  # states of what is no shop (any more)


def shown(moment: datetime) -> str:
    """Return a time as it is shown here: ISO 8601 in Asia/Shanghai, with its offset."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def lead_lines(store: Store, *, every: bool = False, exempt: bool = False) -> Iterator[dict[str, Any]]:
    """Yield a line per (lead, finding), persons masked; standing leads only unless `every`."""
    with database_errors():
        query = {} if every else {"status": "open"}
        for lead in store.db["leads"].find(query).sort([("shop_id", 1), ("lead_id", 1)]):
            masked = mask_lead(lead)
            for finding in masked["findings"]:
                if exempt or finding["verdict"] != Verdict.EXEMPT:
                    yield lead_line(masked, finding)


def lead_line(lead: Mapping[str, Any], finding: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line of one finding of a lead, as docs/schema.md has it."""
    entity = (lead.get("match") or {}).get("entity") or {}
    return {
        "lead_id": lead["lead_id"],
        "host": lead["host"],
        "url": finding["url"],
        "shop": lead["shop_id"],
        "family": lead["family"],
        "rule": finding["rule_id"],
        "text": finding["quote"],
        "entity": entity.get("entity_id"),
        "entity_name": entity.get("name"),
        "determination": lead["determination"],
        "verdict": finding["verdict"],
        "severity": finding["severity"],
        "legal": [{"law": citation["law"], "article": citation["article"]} for citation in finding["basis"]],
        "unit": lead["unit"],
        "status": lead["status"],
        "first_seen": shown(finding["first_seen"]),
        "last_seen": shown(finding["last_seen"]),
        "evidence": finding["evidence"],
    }


def neutral_lines(store: Store, *, every: bool = False, exempt: bool = False) -> Iterator[dict[str, Any]]:
    """Yield a line per shop found and per (address, family, text), unmasked, for scoring.

    Shops that are gone, moved or none are left out with their pages unless `every`.
    """
    with database_errors():
        shops = {}
        for shop in store.db["shops"].find({} if every else {"state": {"$nin": list(NOT_FOUND)}}).sort("host", 1):
            shops[shop["shop"]["shop_id"]] = known = _known(shop)
            yield {"host": shop["host"], "url": shop["shop"]["url"], **known}
        query: dict[str, Any] = {"findings": {"$ne": []}} if every else {"findings": {"$ne": []}, "gone": False}
        for shop_id, pages in _by_shop(store, query):
            if shop_id in shops:
                yield from _page_lines(pages, shops[shop_id], exempt)


def _known(shop: Mapping[str, Any]) -> dict[str, Any]:
    entity = (shop.get("match") or {}).get("entity") or {}
    return {"entity": entity.get("entity_id"), "determination": shop["determination"]}


def _by_shop(store: Store, query: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    fields = ("shop_id", "url", "host", "body_sha256", "rendered_sha256", "findings")
    held: list[dict[str, Any]] = []
    for page in store.db["pages"].find(query, dict.fromkeys(fields, 1)).sort([("shop_id", 1), ("url", 1)]):
        if held and held[0]["shop_id"] != page["shop_id"]:
            yield held[0]["shop_id"], held
            held = []
        held.append(page)
    if held:
        yield held[0]["shop_id"], held


def _page_lines(pages: list[dict[str, Any]], known: Mapping[str, Any], exempt: bool) -> Iterator[dict[str, Any]]:
    """Yield the lines of a shop's pages; one body under several addresses speaks once, by its shortest address."""
    bodies: set[str] = set()
    for page in sorted(pages, key=lambda page: (len(page["url"]), page["url"])):
        body = page.get("rendered_sha256") or page["body_sha256"]
        if body and body in bodies:
            continue
        bodies.add(body)
        seen = set()
        for finding in page["findings"]:
            line = (finding["family"], finding["quote"])
            if line in seen or (finding["verdict"] == Verdict.EXEMPT and not exempt):
                continue
            seen.add(line)
            yield {
                "host": page["host"],
                "url": page["url"],
                "family": finding["family"],
                "text": finding["quote"],
                **known,
                "verdict": finding["verdict"],
            }
