"""Whether a run saw implausibly little: floors for what it checked, and what earlier runs of the same spider saw. Pure.

A crawl that silently sees nothing looks like a clean market. Each complaint is one sentence for the operator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from netpatrol.ledger import BOUNDS

NOT_ITS_TURN = ("not_due", "leased_or_parked", "target_budget")
"""Targets that a run came across and rightly left alone."""
ENOUGH_TARGETS = 10
ENOUGH_PAGES = 50
ENOUGH_RUNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """What a run must reach. `pages`: checked; `share`: of targets that were its turn; `against_last`: of the share of
    pages that the last runs of this spider checked (their median). 0 asks for nothing.
    """

    pages: int = 0
    share: float = 0.0
    against_last: float = 0.0


def complaints(
    ledger: Mapping[str, Any], floors: Floors, earlier: Sequence[Mapping[str, Any]] = (), *, targets_known: bool = True
) -> tuple[str, ...]:
    """Return why a run is implausible, () if it is not. `earlier` are the ledgers of this spider's last runs."""
    return tuple(filter(None, _complaints(ledger, floors, earlier, targets_known)))


def _complaints(
    ledger: Mapping[str, Any], floors: Floors, earlier: Sequence[Mapping[str, Any]], targets_known: bool
) -> Iterable[str]:
    pages, targets = ledger["pages"], ledger["targets"]
    if not targets["planned"] and not targets_known:
        yield "没有任何巡查对象：请先导入（netpatrol targets import）或用 -a seeds= 指定"
    if pages["checked"] < floors.pages:
        yield f"只核查了 {pages['checked']} 页，低于下限 {floors.pages} 页（NETPATROL_MIN_CHECKED）"
    turn = targets["planned"] - sum(targets["skipped_by_reason"].get(reason, 0) for reason in NOT_ITS_TURN)
    if turn >= ENOUGH_TARGETS and targets["checked"] < floors.share * turn:
        yield f"{turn} 个对象只核查了 {targets['checked']} 个，低于下限 {floors.share:.0%}（NETPATROL_MIN_SHARE）"
    yield _against(pages, floors.against_last, earlier)


def _against(pages: Mapping[str, Any], floor: float, earlier: Sequence[Mapping[str, Any]]) -> str:
    """Return the complaint that far less of the planned pages was checked than by the last runs; "" for none."""
    shares = [share for ledger in earlier if (share := _share(ledger.get("pages", {}))) is not None]
    now = _share(pages)
    if now is None or len(shares) < ENOUGH_RUNS or now >= floor * median(shares):
        return ""
    return f"计划页面只核查了 {now:.0%}，此前 {len(shares)} 次一般为 {median(shares):.0%}，低于其 {floor:.0%}（NETPATROL_MIN_AGAINST_LAST）"


def _share(pages: Mapping[str, Any]) -> float | None:
    left = sum(number for reason, number in pages.get("skipped_by_reason", {}).items() if reason in BOUNDS)
    planned = int(pages.get("planned", 0)) - left
    return int(pages.get("checked", 0)) / planned if planned >= ENOUGH_PAGES else None
