"""What the pages of one shop show of its operator, gathered over all pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from netpatrol.entities.importer import bare_domain
from netpatrol.items import Fact, PageFacts
from netpatrol.text.codes import is_uscc

PAGES_COUNTED = 400
"""Facts of more pages than this add nothing: a shop shows its licence on every page or on one of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopEvidence:
    """All values that a shop's pages show, most frequent first (by number of pages), and whether it was read at all."""

    usccs: tuple[str, ...] = ()
    broken_usccs: tuple[str, ...] = ()
    reg_nos: tuple[str, ...] = ()
    link_usccs: tuple[str, ...] = ()
    icps: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    emarks: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    readable: bool = True
    clue_names: tuple[str, ...] = ()
    clue_phones: tuple[str, ...] = ()
    clue_addresses: tuple[str, ...] = ()


def gather(
    pages: Iterable[tuple[str, PageFacts]], *, readable: bool, own_host: bool = True, clues: Sequence[Fact] = ()
) -> ShopEvidence:
    """Gather the facts of (url, facts) pages of one shop.

    `own_host` is false for storefronts, whose host says nothing of them. `clues` are facts from lists of telecoms
    and couriers.
    """
    counts: dict[str, Counter[str]] = {}
    hosts: Counter[str] = Counter()
    for number, (url, facts) in enumerate(pages):
        if number >= PAGES_COUNTED:
            break
        if own_host and url:
            hosts[bare_domain(urlsplit(url).hostname or "")] += 1
        for kind, value in dict.fromkeys(_keyed(fact) for fact in facts.facts):
            counts.setdefault(kind, Counter())[value] += 1

    def ranked(kind: str) -> tuple[str, ...]:
        return tuple(value for value, _ in counts.get(kind, Counter()).most_common())

    return ShopEvidence(
        usccs=ranked("uscc"),
        broken_usccs=ranked("uscc!"),
        reg_nos=ranked("reg_no"),
        link_usccs=ranked("licence_link"),
        icps=ranked("icp"),
        phones=ranked("phone"),
        names=ranked("name"),
        addresses=ranked("address"),
        emarks=ranked("emark"),
        domains=tuple(host for host, _ in hosts.most_common() if host),
        readable=readable,
        clue_names=tuple(fact.value for fact in clues if fact.name == "name"),
        clue_phones=tuple(fact.value for fact in clues if fact.name == "phone"),
        clue_addresses=tuple(fact.value for fact in clues if fact.name == "address"),
    )


def _keyed(fact: Fact) -> tuple[str, str]:
    """Return the kind and value under which a fact is counted; codes that fail their check digit apart."""
    if fact.name == "uscc" and fact.valid is False:
        return "uscc!", fact.value
    if fact.name == "icp":
        return "icp", fact.value.rsplit("-", 1)[0] if fact.value[-2:-1] == "-" else fact.value
    if fact.name == "phone":
        return "phone", "".join(c for c in fact.value if c.isdigit())
    return fact.name, fact.value


def evidence_of_fields(fields: Mapping[str, str]) -> ShopEvidence:
    """Return the evidence of single fields (name, uscc, reg_no, icp, phone, address, domain), cleaned as a page's are."""
    uscc = "".join(fields.get("uscc", "").split()).replace("-", "").upper()
    return ShopEvidence(
        usccs=(uscc,) if uscc and is_uscc(uscc) else (),
        broken_usccs=(uscc,) if uscc and not is_uscc(uscc) else (),
        reg_nos=tuple(filter(None, [fields.get("reg_no", "").strip()])),
        icps=tuple(filter(None, ["".join(fields.get("icp", "").split()).split("-")[0]])),
        phones=tuple(filter(None, ["".join(c for c in fields.get("phone", "") if c.isdigit())])),
        names=tuple(filter(None, [fields.get("name", "").strip()])),
        addresses=tuple(filter(None, [fields.get("address", "").strip()])),
        domains=tuple(filter(None, [bare_domain(fields.get("domain", ""))])),
    )
