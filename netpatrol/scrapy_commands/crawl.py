"""`scrapy crawl` with netpatrol's exit codes: 1 a floor did not hold, 2 unusable input, 3 a service is away."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import math
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from netpatrol import settings as ours
from netpatrol import streams
from netpatrol.errors import NetPatrolError, why
from netpatrol.extensions import INTERRUPTED, LedgerReport
from netpatrol.memory import share_arena
from netpatrol.patrol import Patrol

if TYPE_CHECKING:
    from netpatrol.spiders._base import PatrolSpider

logger = logging.getLogger(__name__)

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
AMOUNTS = ("DOWNLOAD_", "RETRY_", "CONCURRENT_")
SCRAPYS = tuple(name for name, value in vars(ours).items() if name.startswith(AMOUNTS) and type(value) in (int, float))
"""Scrapy's own settings that we set to an amount."""


def _refuse(parser: argparse.ArgumentParser, message: str) -> NoReturn:
    """End with 2 where a command is written wrongly, also where nobody can be told: older argparse fails on that itself."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{parser.format_usage()}{parser.prog}: error: {message}\n")
    sys.exit(2)


class Command(CrawlCommand):
    """Runs a spider; errors that netpatrol raises on purpose are one line, not a traceback."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Prepare the streams and the memory: this is the first that Scrapy asks of the command that runs."""
        streams.prepare()
        share_arena()
        parser.error = partial(_refuse, parser)  # type: ignore[method-assign]
        super().add_options(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse settings that cannot be meant before Scrapy makes anything of them."""
        try:
            super().process_options(args, opts)
            assert self.settings is not None
            check_settings(self.settings)
        except OSError as error:  # of --pidfile
            self._end_with(NetPatrolError(f"无法写入 {error.filename}：{why(error)}"))
            sys.exit(self.exitcode)
        except NetPatrolError as refused:
            self._end_with(refused)
            sys.exit(self.exitcode)

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
        _end_with_the_terminal()
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
        """Return the crawler of a spider; NetPatrolError for a name, or an argument that cannot be meant."""
        from netpatrol.spiders._base import PatrolSpider

        assert self.crawler_process is not None
        assert self.settings is not None
        known = self.crawler_process.spider_loader.list()
        if name not in known:
            raise NetPatrolError(f"没有爬虫 {name!r}，可用：{'、'.join(known)}")
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
            streams.tell("巡查还没有开始就被人为中断")
        os._exit(patrol.exit_code or INTERRUPTED)  # what the event loop still held would be mourned task by task

    def _end_with(self, error: NetPatrolError) -> None:
        streams.tell(error)
        self.exitcode = error.exit_code


def _end_with_the_terminal() -> None:
    """Take the loss of the terminal (SIGHUP) for a request to stop, so that the run is recorded; `nohup` keeps ignoring it."""
    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def check_settings(settings: BaseSettings) -> None:
    """Raise NetPatrolError with all that is wrong with the settings; those that are right are put in their own type."""
    faults = [*ours.options.unknown(settings)]
    for name, option in ours.options.known.items():
        try:
            settings.set(name, option.parse(settings.get(name)), priority=settings.getpriority(name) or 0)
        except ValueError as error:
            faults.append(f"设置 {name} {error}，现为 {settings.get(name)!r}")
    faults += [f"设置 {name} 应为不小于 0 的数，现为 {settings.get(name)!r}" for name in SCRAPYS if not _is_amount(settings.get(name))]
    if not str(settings.get("USER_AGENT") or "").strip():
        faults.append("设置 USER_AGENT 不能是空的：巡查须报上名号")
    level = settings.get("LOG_LEVEL")
    if str(level).upper() not in LEVELS:
        faults.append(f"设置 LOG_LEVEL 应为 {'、'.join(LEVELS)} 之一，现为 {level!r}")
    faults += _unwritable(settings)
    if faults:
        raise NetPatrolError("\n".join(faults))
    if settings.get("USER_AGENT") == ours.USER_AGENT:  # made from the environment; a contact of `-s` belongs there as well
        settings.set("USER_AGENT", ours.agent_of(settings.get("NETPATROL_CONTACT")), priority="cmdline")


def _unwritable(settings: BaseSettings) -> Iterator[str]:
    """Yield what is wrong with the places that Scrapy's own settings tell it to write to."""
    try:
        if settings.get("LOG_FILE"):
            with Path(settings["LOG_FILE"]).open("ab"):
                pass
    except (OSError, ValueError) as error:
        yield f"设置 LOG_FILE 所指的日志文件 {settings['LOG_FILE']} 写不了：{why(error)}"
    try:
        if settings.get("JOBDIR"):
            Path(settings["JOBDIR"]).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        yield f"设置 JOBDIR 所指的文件夹 {settings['JOBDIR']} 建不了：{why(error)}"


def _is_amount(given: object) -> bool:
    try:
        return 0 <= float(str(given)) < math.inf
    except ValueError:
        return False


def check_arguments(spider: type[PatrolSpider], given: Mapping[str, str]) -> None:
    """Raise NetPatrolError for a `-a` that the spider does not know: a mistyped or empty `seeds` would patrol all that is due."""
    parameters = [*signature(spider.__init__).parameters.values()][1:]  # without self
    known = [one.name for one in parameters if one.kind is Parameter.POSITIONAL_OR_KEYWORD]
    unknown = [name for name in given if name not in known]
    if unknown:
        raise NetPatrolError(f"爬虫没有参数 {'、'.join(unknown)}，可用：{'、'.join(known)}")
    if not given.get("seeds", "given").strip():
        raise NetPatrolError("参数 seeds 是空的；要巡查到期的对象，请不写 -a seeds=")
