"""`scrapy crawl` with netpatrol's exit codes: 1 a floor did not hold, 2 unusable input, 3 a service is away."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from inspect import Parameter, signature
from typing import TYPE_CHECKING

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from netpatrol import settings as ours
from netpatrol.errors import NetPatrolError
from netpatrol.extensions import INTERRUPTED, LedgerReport
from netpatrol.patrol import Patrol

if TYPE_CHECKING:
    from netpatrol.spiders._base import PatrolSpider

logger = logging.getLogger(__name__)


class Command(CrawlCommand):
    """Runs a spider; errors that netpatrol raises on purpose are one line, not a traceback."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run one spider by name."""
        if len(args) != 1:
            raise UsageError("scrapy crawl SPIDER [-a NAME=VALUE] [-s NAME=VALUE]")
        assert self.crawler_process is not None
        try:
            crawler = self._known(args[0], opts.spargs)
        except NetPatrolError as refused:
            self._end_with(refused)
            return
        task = self.crawler_process.crawl(crawler, **opts.spargs)
        assert isinstance(task, asyncio.Task)
        self.crawler_process.start()
        if not task.done():
            self._end_half_way(crawler)
            return
        error = task.exception() if task.done() and not task.cancelled() else None
        if isinstance(error, NetPatrolError):
            self._end_with(error)
        elif error is not None or self.crawler_process.bootstrap_failed:
            logger.critical("The crawl could not run", exc_info=error)
            self.exitcode = 1
        else:
            self.exitcode = Patrol.of(crawler).exit_code

    def _known(self, name: str, given: Mapping[str, str]) -> Crawler:
        """Return the crawler of a spider; NetPatrolError for a name, an argument or a setting that cannot be meant."""
        from netpatrol.spiders._base import PatrolSpider

        assert self.crawler_process is not None
        assert self.settings is not None
        known = self.crawler_process.spider_loader.list()
        if name not in known:
            raise NetPatrolError(f"没有爬虫 {name!r}，可用：{'、'.join(known)}")
        check_numbers(self.settings)
        crawler = self._create_crawler(name)
        if issubclass(crawler.spidercls, PatrolSpider):
            check_arguments(crawler.spidercls, given)
        return crawler

    def _end_half_way(self, crawler: Crawler) -> None:
        """Record a run that was told twice to stop, so that it left before its spider had ended, and leave at once."""
        patrol = Patrol.of(crawler)
        if patrol.is_open:
            LedgerReport(crawler).spider_closed("shutdown")
        else:
            print("巡查还没有开始就被人为中断", file=sys.stderr)  # noqa: T201 - for the operator's terminal
        sys.stderr.flush()
        os._exit(patrol.exit_code or INTERRUPTED)  # what the event loop still held would be mourned task by task

    def _end_with(self, error: NetPatrolError) -> None:
        print(error, file=sys.stderr)  # noqa: T201 - for the operator's terminal
        self.exitcode = error.exit_code


def check_numbers(settings: BaseSettings) -> None:
    """Raise NetPatrolError for a setting that should be a number, not below zero, and is none."""
    defaults = {name: value for name, value in vars(ours).items() if name.startswith(("NETPATROL_", "DOWNLOAD_"))}
    for name, default in defaults.items():
        if isinstance(default, bool) or not isinstance(default, int | float):
            continue
        given = settings.get(name)
        try:
            good = type(default)(given) >= 0
        except (TypeError, ValueError):
            good = False
        if not good:
            raise NetPatrolError(f"设置 {name} 应为不小于 0 的{'整' if isinstance(default, int) else ''}数，现为 {given!r}")


def check_arguments(spider: type[PatrolSpider], given: Mapping[str, str]) -> None:
    """Raise NetPatrolError for a `-a` that the spider does not know: a mistyped `seeds` would patrol all that is due."""
    parameters = [*signature(spider.__init__).parameters.values()][1:]  # without self
    known = [one.name for one in parameters if one.kind is Parameter.POSITIONAL_OR_KEYWORD]
    unknown = [name for name in given if name not in known]
    if unknown:
        raise NetPatrolError(f"爬虫没有参数 {'、'.join(unknown)}，可用：{'、'.join(known)}")
