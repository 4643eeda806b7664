"""The manifest of a capture: where its records lie, what they hash to, and all that the page was fetched with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from netpatrol.errors import EvidenceError
from netpatrol.evidence.chain import sha256
from netpatrol.evidence.warc import kept_headers
from netpatrol.items import EvidenceRef, PageItem, PartKind, ShopRef


def iso(moment: datetime) -> str:
    """Return a time as manifests write it: UTC with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(text: str) -> datetime:
    """Return the time that `iso` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def describe(page: PageItem) -> dict[str, Any]:
    """Return what a manifest says of a page as fetched."""
    entry: dict[str, Any] = {
        "type": "capture",
        "url": page.url,
        "final_url": page.final_url,
        "redirects": list(page.redirects),
        "fetched_at": iso(page.fetched_at),
        "status": page.status,
        "headers": kept_headers(page.headers),
        "request_headers": kept_headers(page.request_headers),
        "ip_address": page.ip_address,
        "body_sha256": sha256(page.body),
        "body_length": len(page.body),
        "truncated": page.truncated,
        "kind": str(page.kind),
        "found_via": page.found_via,
        "spider": page.spider,
        "run_id": page.run_id,
        "shop": _shop(page.shop),
    }
    if page.rendered is not None:
        entry["rendered"] = {
            "engine": page.rendered.engine,
            "html_sha256": sha256(page.rendered.html.encode("utf-8", "replace")),
            "screenshot_sha256": sha256(page.rendered.screenshot) if page.rendered.screenshot else "",
        }
    return entry


def _shop(shop: ShopRef | None) -> dict[str, str] | None:
    if shop is None:
        return None
    return {"shop_id": shop.shop_id, "url": shop.url, "platform": shop.platform, "name": shop.name}


def evidence_id(entry: Mapping[str, Any], manifest_sha256: str) -> str:
    """Return the id of a capture: its time first, so that ids of one page sort by time."""
    digits = "".join(character for character in str(entry["fetched_at"]) if character.isdigit())
    return f"{digits[:17]}-{manifest_sha256[:16]}"


def reference(entry: Mapping[str, Any], manifest_sha256: str, archive: str = "") -> EvidenceRef:
    """Return the reference to a capture, from its manifest (with `previous`), the manifest's digest, and the id of its archive."""
    return EvidenceRef(
        evidence_id=evidence_id(entry, manifest_sha256),
        url=str(entry["url"]),
        body_sha256=str(entry["body_sha256"]),
        warc_file=str(entry["warc_file"]),
        warc_offset=int(entry["response_offset"]),
        manifest_sha256=manifest_sha256,
        previous=str(entry["previous"]),
        stored_at=moment_of(str(entry["stored_at"])),
        archive=archive,
    )


def essence(ref: EvidenceRef) -> tuple[object, ...]:
    """Return what a reference says of its capture, however exactly its time was kept; archives got an id later than captures."""
    stored = ref.stored_at.replace(microsecond=ref.stored_at.microsecond // 1000 * 1000)
    return ref.evidence_id, ref.url, ref.body_sha256, ref.warc_file, ref.warc_offset, ref.manifest_sha256, ref.previous, stored


def _why_cut(told: Any) -> str:
    return "length" if told is True else str(told or "")  # manifests of before said no more than that


def page_fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `PageItem` that a manifest holds; the body lies in the record."""
    try:
        return {
            "url": str(entry["url"]),
            "final_url": str(entry["final_url"]),
            "redirects": tuple(entry["redirects"]),
            "fetched_at": moment_of(entry["fetched_at"]),
            "status": int(entry["status"]),
            "headers": dict(entry["headers"]),
            "request_headers": dict(entry["request_headers"]),
            "ip_address": str(entry["ip_address"]),
            "truncated": _why_cut(entry["truncated"]),
            "kind": PartKind.of(entry["kind"]),
            "found_via": str(entry["found_via"]),
            "spider": str(entry["spider"]),
            "run_id": str(entry["run_id"]),
            "shop": ShopRef(**entry["shop"]) if entry.get("shop") else None,
        }
    except (KeyError, TypeError, ValueError) as error:
        raise EvidenceError(f"固证清单无法理解：{error}（unreadable manifest）") from error
