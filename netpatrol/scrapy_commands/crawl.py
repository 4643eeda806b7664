"""`scrapy crawl` with netpatrol's exit codes: 1 a floor did not hold, 2 unusable input, 3 a service is away."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.exceptions import UsageError

from netpatrol.errors import NetPatrolError
from netpatrol.patrol import Patrol

logger = logging.getLogger(__name__)


class Command(CrawlCommand):
    """Runs a spider; errors that netpatrol raises on purpose are one line, not a traceback."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run one spider by name."""
        if len(args) != 1:
            raise UsageError("scrapy crawl SPIDER [-a NAME=VALUE] [-s NAME=VALUE]")
        assert self.crawler_process is not None
        crawler = self._create_crawler(args[0])
        task = self.crawler_process.crawl(crawler, **opts.spargs)
        assert isinstance(task, asyncio.Task)
        self.crawler_process.start()
        error = task.exception() if task.done() and not task.cancelled() else None
        if isinstance(error, NetPatrolError):
            print(error, file=sys.stderr)  # noqa: T201 - for the operator's terminal
            self.exitcode = error.exit_code
        elif error is not None or self.crawler_process.bootstrap_failed:
            logger.critical("The crawl could not run", exc_info=error)
            self.exitcode = 1
        else:
            self.exitcode = Patrol.of(crawler).exit_code
