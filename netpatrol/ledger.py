"""The coverage ledger: every page that a run planned ends in exactly one state with a reason.

planned = checked + skipped + failed holds by construction: a page is planned once, ended once, and what is still
open when the run ends is counted as skipped (interrupted).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

LEASE_LOST = "lease_lost"
"""Why a page or target is left that another worker took over because this one stalled."""

NOT_PRESERVED = "not_preserved"
"""Why a page is dropped, and a run ended: evidence could not be written. It is no fault of the target's."""

SAME_PAGE = "same_page"
"""Why an address is left whose parameters change nothing: the page was read under another one."""
UNCHANGED = "unchanged"
"""Why an item is dropped whose page was seen again as it was."""

BOUNDS = frozenset({
    SAME_PAGE, "page_budget", "depth", "nofollow", "trap", "near_duplicates", "redirect_to_seen", "time_budget", "acts", "feed",
})  # fmt: skip
"""Ends of pages that a run could have had and rightly left: no page is missed by them, and a site can make any number."""

REASONS = {
    "robots": "robots.txt 不允许", "robots_unavailable": "robots.txt 返回错误，不得抓取",
    "robots_unreachable": "robots.txt 连不上", "crawl_delay": "对方要求的间隔过长", "retry_after": "对方要求过后再来",
    "nofollow": "标注 nofollow",
    "depth": "超出层数", "page_budget": "超出页数", "time_budget": "超出时间", "trap": "重复的无尽页面",
    "near_duplicates": "几乎相同的无尽页面", "long_address": "网址过长",
    "more_links": "页内链接过多或过长，有的没有看", "more_addresses": "网址过多，其余没有记",
    "script_links": "后面的内容要靠脚本翻出，没有看完",
    "script_text": "有由脚本填写的部分，没有用浏览器看", "acts": "打开即办事的网址（删除、下单、投票、退出等），不打开",
    "feed": "订阅源，内容都在页面上",
    "parse_error": "解析出错", "read_error": "读取出错", "detect_error": "判读出错", "match_error": "比对出错",
    "preserve_error": "固证出错", "fetch_error": "取页出错", "broken_body": "内容损坏，解不开", "no_contact": "未设联系方式",
    "unreadable": "读不出", "bad_input": "读不出", "bad_address": "网址无效", "ending_failed": "收尾出错",
    "needs_render": "需要浏览器渲染", "challenge": "验证页面", "undecodable": "无法解码", "not_html": "不是网页",
    "empty": "空页面", "jump": "跳转页", "soft_404": "名为正常实为不存在", "rule_timeout": "规则超时未判完",
    LEASE_LOST: "租约已失，别的进程接手",
    "leased_or_parked": "别的进程在看，或已搁置", "database_away": "数据库不可用",
    "target_budget": "超出这次的对象数", "not_due": "近期已巡查，未到期", "truncated": "过大或没有收全，只读了开头",
    "too_large": "过大", "parse_suspect": "结构残缺", "internal_address": "内网地址", "redirect_off_site": "跳到站外",
    SAME_PAGE: "参数不影响内容，同已读页面",
    "redirect_to_seen": "跳到已读页面", "redirect_loop": "循环跳转", "timeout": "超时", "dns": "域名不存在",
    "refused": "拒绝连接", "connection_lost": "连接中断", "unreachable": "连不上", "interrupted": "运行中断",
    NOT_PRESERVED: "证据未能写入", "not_stored": "未能入库", "gone": "已不存在", "moved": "已迁移", "parked": "域名停放或出售",
}  # fmt: skip
"""What reasons are called where operators read them."""


def told(reason: str) -> str:
    """Return a reason as operators read it, with its code."""
    if reason.startswith("http_"):
        return f"对方返回 {reason[5:]}（{reason}）"
    return f"{REASONS.get(reason, reason)}（{reason}）"


class End(StrEnum):
    """How a planned page or target ended."""

    CHECKED = "checked"
    SKIPPED = "skipped"
    FAILED = "failed"


class Ledger:
    """Counts pages (per shop and in all) and targets. Not thread-safe: the event loop owns it."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], None] = {}
        self._open_targets: dict[str, None] = {}
        self.planned = self.targets_planned = 0
        self.pages: Counter[tuple[End, str]] = Counter()
        self.targets: Counter[tuple[End, str]] = Counter()
        self._by_shop: dict[str, Counter[tuple[End, str]]] = {}
        self._watched: dict[str, tuple[str, tuple[End, str] | None]] = {}
        self.ended = 0
        """Pages and targets that came to an end so far."""

    def plan(self, shop_id: str, key: str) -> None:
        """Plan a page. Planning what is open already changes nothing."""
        if (shop_id, key) not in self._open:
            self._open[shop_id, key] = None
            self.planned += 1

    def end(self, shop_id: str, key: str, how: End, reason: str = "") -> None:
        """End a planned page; a second end of the same page is ignored: the first reason stands."""
        if (shop_id, key) not in self._open:
            return
        del self._open[shop_id, key]
        self.ended += 1
        self.pages[how, reason] += 1
        self._by_shop.setdefault(shop_id, Counter())[how, reason] += 1
        if self._watched.get(shop_id, ("",))[0] == key:
            self._watched[shop_id] = key, (how, reason)

    def skip(self, shop_id: str, key: str, reason: str) -> None:
        """Plan a page and skip it at once."""
        self.plan(shop_id, key)
        self.end(shop_id, key, End.SKIPPED, reason)

    def watch(self, shop_id: str, key: str) -> None:
        """Remember of one page of a shop how it will end."""
        self._watched[shop_id] = key, None

    def end_of(self, shop_id: str) -> tuple[End, str] | None:
        """Return how and why the watched page of a shop ended; None where it did not."""
        return self._watched.get(shop_id, ("", None))[1]

    def plan_target(self, shop_id: str) -> None:
        """Plan a target."""
        if shop_id not in self._open_targets:
            self._open_targets[shop_id] = None
            self.targets_planned += 1

    def end_target(self, shop_id: str, how: End, reason: str = "") -> None:
        """End a target and forget its pages."""
        if shop_id in self._open_targets:
            del self._open_targets[shop_id]
            self.ended += 1
            self.targets[how, reason] += 1
        self._by_shop.pop(shop_id, None)
        self._watched.pop(shop_id, None)

    def counts(self, shop_id: str) -> Counter[tuple[End, str]]:
        """Return how many pages of a shop ended how and why, so far."""
        return self._by_shop.get(shop_id, Counter())

    def close(self) -> None:
        """End what is still open: the run was interrupted."""
        for shop_id, key in list(self._open):
            self.end(shop_id, key, End.SKIPPED, "interrupted")
        for shop_id in list(self._open_targets):
            self.end_target(shop_id, End.SKIPPED, "interrupted")

    def adds_up(self) -> bool:
        """Whether planned = checked + skipped + failed, for pages and targets, counting what is open."""
        pages = sum(self.pages.values()) + len(self._open)
        return pages == self.planned and sum(self.targets.values()) + len(self._open_targets) == self.targets_planned

    def record(self) -> Mapping[str, object]:
        """Return the ledger as a run record keeps it."""
        return {
            "pages": _table(self.planned, self.pages),
            "targets": _table(self.targets_planned, self.targets),
            "adds_up": self.adds_up(),
        }


def summed(records: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the ledgers of several runs as one: each page counts once for each run that planned it.

    Runs that were killed left no ledger and count as none; what does not add up in one does not add up in all.
    """
    totals: dict[str, tuple[int, Counter[tuple[End, str]]]] = {"pages": (0, Counter()), "targets": (0, Counter())}
    for record in records:
        for noun, (planned, counts) in totals.items():
            table = record.get(noun)
            if isinstance(table, Mapping):
                counts.update(_counts(table))
                totals[noun] = (planned + int(table.get("planned", 0)), counts)
    tables = {noun: _table(planned, counts) for noun, (planned, counts) in totals.items()}
    adds_up = all(planned == sum(counts.values()) for planned, counts in totals.values())
    return {**tables, "adds_up": adds_up}


def _counts(table: Mapping[str, Any]) -> Counter[tuple[End, str]]:
    """Return a table as what it was made of; what has no reason is counted without one."""
    counts: Counter[tuple[End, str]] = Counter()
    for how in End:
        reasons = table.get(f"{how}_by_reason") or {}
        counts.update({(how, str(reason)): int(number) for reason, number in reasons.items()})
        counts[how, ""] += int(table.get(str(how), 0)) - sum(map(int, reasons.values()))
    return counts


def _table(planned: int, counts: Counter[tuple[End, str]]) -> dict[str, object]:
    table: dict[str, object] = {"planned": planned}
    for how in End:
        reasons = {reason: number for (end, reason), number in sorted(counts.items()) if end is how and reason}
        table[str(how)] = sum(number for (end, _), number in counts.items() if end is how)
        if how is not End.CHECKED:
            table[f"{how}_by_reason"] = reasons
    return table
