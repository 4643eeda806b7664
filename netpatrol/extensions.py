"""Extensions: the ledger at the end of a run, a watchdog and progress while it goes, and quiet log lines."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.logformatter import LogFormatter

from netpatrol import streams
from netpatrol.errors import StoreError
from netpatrol.floors import Floors, complaints
from netpatrol.ledger import NOT_PRESERVED, told
from netpatrol.patrol import Patrol
from netpatrol.proxy import ProxyAwayError, check_proxy
from netpatrol.store.runs import runs
from netpatrol.store.targets import has_any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.crawler import Crawler


logger = logging.getLogger(__name__)

INTERRUPTED = 130
ENDINGS = {
    "shutdown": ("巡查被人为中断，没有做完；已看的都已保存，其余下次继续", INTERRUPTED),
    NOT_PRESERVED: ("证据写不下，巡查提前结束；已看的都已保存，其余对象照旧到期，腾出空间后再巡查", 3),
    "stalled": ("{seconds:g} 秒没有一页看完，判为停滞，巡查提前结束；已看的都已保存", 1),
}
"""How a run that did not finish says so, and its exit code; any other reason is named as it is."""
RUNS_COMPARED = 60


class LedgerReport:
    """Prints the coverage ledger when the spider ends, and stores it with the run."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler, self.patrol = crawler, Patrol.of(crawler)
        get = crawler.settings.getfloat
        self.floors = Floors(
            pages=crawler.settings.getint("NETPATROL_MIN_CHECKED"),
            share=get("NETPATROL_MIN_SHARE"),
            against_last=get("NETPATROL_MIN_AGAINST_LAST"),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LedgerReport:
        """Wire to the end of the spider."""
        report = cls(crawler)
        crawler.signals.connect(report.spider_closed, signals.spider_closed)
        return report

    def spider_closed(self, reason: str) -> None:
        """Close the ledger, judge the run by its floors, store the record."""
        if self.patrol.is_closed:
            return  # a run that is ended by force may just have come to its end
        ledger = self.patrol.ledger
        ledger.close()
        self.patrol.close_archive()
        if reason == "finished":
            self._judge()
        else:
            text, code = ENDINGS.get(reason, (f"巡查中途停止：{reason}", 1))
            seconds = self.crawler.settings.getfloat("NETPATROL_STALL_SECONDS")
            self.patrol.trouble(text.format(seconds=seconds), exit_code=code)
        if not ledger.adds_up():
            self.patrol.trouble("覆盖台账不平：计划数 ≠ 核查 + 跳过 + 失败", exit_code=1)
        stats = self.crawler.stats.get_stats() if self.crawler.stats else {}
        record = replace(
            self.patrol.record,
            ended_at=datetime.now(UTC),
            finish_reason=reason,
            ledger={**ledger.record(), "troubles": list(self.patrol.troubles), "exit_code": self.patrol.exit_code},
            stats={key: value for key, value in stats.items() if isinstance(value, int | float | str)},
        )
        self.patrol.close(record)
        streams.tell(ledger_text(record.ledger))

    def _judge(self) -> None:
        """Let the run end with 1 where it saw implausibly little."""
        try:
            earlier, known = self._earlier(), self.patrol.store is None or has_any(self.patrol.store)
        except StoreError:
            earlier, known = [], True  # that the database is away ends the run non-zero anyway
        if not any(how == "checked" for how, _ in self.patrol.ledger.pages):
            self._blame_the_proxy()
        for complaint in complaints(self.patrol.ledger.record(), self.floors, earlier, targets_known=known):
            self.patrol.trouble(complaint, exit_code=1)

    def _blame_the_proxy(self) -> None:
        """Say so where nothing was seen because the proxy went away."""
        try:
            check_proxy()
        except ProxyAwayError as error:
            self.patrol.trouble(str(error), exit_code=error.exit_code)

    def _earlier(self) -> list[Mapping[str, Any]]:
        """Return the ledgers of the last finished runs of this spider, with the same arguments."""
        if self.patrol.store is None or not self.floors.against_last:
            return []
        mine = self.patrol.record
        before = [run for run in runs(self.patrol.store, RUNS_COMPARED) if run.run_id != mine.run_id and run.ended_at]
        return [run.ledger for run in before if run.spider == mine.spider and dict(run.args) == dict(mine.args)][:5]


def ledger_text(ledger: Any) -> str:
    """Return a ledger as the operator reads it."""
    lines = ["覆盖台账（计划 = 核查 + 跳过 + 失败）"]
    for name, noun in (("targets", "对象"), ("pages", "页面")):
        table = ledger[name]
        lines.append(
            f"  {noun}  计划 {table['planned']} = 核查 {table['checked']} + 跳过 {table['skipped']} + 失败 {table['failed']}"
        )
        for how, title in (("skipped", "跳过"), ("failed", "失败")):
            for reason, number in sorted(table[f"{how}_by_reason"].items(), key=lambda pair: -pair[1]):
                lines.append(f"      {title}  {number:>6}  {told(reason)}")
    if not ledger["adds_up"]:
        lines.append("  台账不平，请报告此问题")
    lines.extend(f"  注意：{trouble}" for trouble in ledger.get("troubles", ()))
    return "\n".join(lines)


class Watchdog:
    """Ends a run in which no page has come to an end for too long, though sites are open; by force where it hangs."""

    LOOKS: ClassVar[int] = 4
    """How often it looks within the time that is too long."""
    MOST_GRACE_SECONDS: ClassVar[float] = 60.0
    """How long a run that has stalled may take to close, unless less was too long already."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler, self.patrol = crawler, Patrol.of(crawler)
        self.seconds = crawler.settings.getfloat("NETPATROL_STALL_SECONDS")
        if not self.seconds:
            raise NotConfigured
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Watchdog:
        """Wire to the beginning and the end of the spider."""
        dog = cls(crawler)
        crawler.signals.connect(dog.begin, signals.spider_opened)
        crawler.signals.connect(dog.end, signals.spider_closed)
        return dog

    def begin(self) -> None:
        """Begin to watch."""
        self._task = asyncio.ensure_future(self._watch())

    def end(self) -> None:
        """Watch no more."""
        if self._task is not None:
            self._task.cancel()

    async def _watch(self) -> None:
        still, before = 0, self._ended()
        while still < self.LOOKS:
            await asyncio.sleep(self.seconds / self.LOOKS)
            now = self._ended()
            still = still + 1 if now == before and getattr(self.crawler.spider, "sites", None) else 0
            before = now
        logger.error("No page has ended for %g seconds, the run is ended", self.seconds)
        self._task = None  # so that the end of the spider does not cancel what ends it
        assert self.crawler.engine is not None
        closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="stalled"))
        done, _ = await asyncio.wait([closing], timeout=min(self.seconds, self.MOST_GRACE_SECONDS))
        if not done:
            self._end_by_force()

    def _ended(self) -> int:
        return self.patrol.ledger.ended

    def _end_by_force(self) -> None:
        """Save what there is and leave: a download that never ends would keep the engine for ever."""
        LedgerReport(self.crawler).spider_closed("stalled")
        os._exit(self.patrol.exit_code)


class Progress:
    """A progress line on a terminal while the patrol goes; stands down where nobody looks."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("NETPATROL_PROGRESS") or not sys.stderr.isatty():
            raise NotConfigured
        from rich.console import Console
        from rich.status import Status

        self.patrol = Patrol.of(crawler)
        self.status = Status("正在准备…", console=Console(stderr=True))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        """Wire to the signals of pages."""
        progress = cls(crawler)
        crawler.signals.connect(progress.begin, signals.spider_opened)
        crawler.signals.connect(progress.step, signals.response_received)
        crawler.signals.connect(progress.end, signals.engine_stopped)
        return progress

    def begin(self) -> None:
        """Show the line."""
        self.status.start()

    def step(self) -> None:
        """Tell how far the patrol is."""
        ledger = self.patrol.ledger
        done = sum(ledger.pages.values())
        self.status.update(f"对象 {sum(ledger.targets.values())}/{ledger.targets_planned}　页面 {done}/{ledger.planned}")

    def end(self) -> None:
        """Take the line away."""
        self.status.stop()


class PatrolLogFormatter(LogFormatter):
    """Scrapy's log lines without whole pages in them, and none a page unless they are asked for."""

    def __init__(self, each_page: bool = False) -> None:
        self.each_page = each_page

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatrolLogFormatter:
        """Build from settings."""
        return cls(each_page=crawler.settings["LOG_LEVEL"] == "DEBUG")

    def crawled(self, request: Any, response: Any, spider: Any) -> Any:
        """Say what was fetched where debug lines are wanted; elsewhere making and dropping them costs time."""
        return super().crawled(request, response, spider) if self.each_page else None

    def scraped(self, item: Any, response: Any, spider: Any) -> Any:
        """Say nothing per item: the ledger counts them."""
        return None

    def dropped(self, item: Any, exception: BaseException, response: Any, spider: Any) -> Any:
        """Say which page was dropped and why, at debug level."""
        page = getattr(item, "page", item)
        return {"level": logging.DEBUG, "msg": "Dropped %(url)s: %(why)s", "args": {"url": page.url, "why": exception}}
