"""What the end of a run says of it, and when the watchdog ends one."""

import asyncio
import contextlib
import socket

import pytest
from scrapy.settings import BaseSettings

from netpatrol import extensions
from netpatrol.extensions import LedgerReport, Watchdog, ledger_text
from netpatrol.ledger import End
from netpatrol.patrol import MORE_TROUBLES, MOST_TROUBLES, Patrol

SETTINGS = {"NETPATROL_MIN_CHECKED": 0, "NETPATROL_MIN_SHARE": 0.1, "NETPATROL_MIN_AGAINST_LAST": 0.5, "NETPATROL_STALL_SECONDS": 900}


class Crawler:
    """As much of a crawler as extensions need."""

    def __init__(self, folder):
        self.settings = BaseSettings({**SETTINGS, "NETPATROL_HOME": str(folder)})
        self.spider, self.engine, self.stats = self, self, None
        self.kinds, self.sites, self.closed = ("site",), {"a": 1}, []

    async def close_spider_async(self, *, reason):
        self.closed.append(reason)


@pytest.fixture
def crawler(tmp_path):
    return Crawler(tmp_path)


@pytest.fixture
def closed_port():
    server = socket.create_server(("127.0.0.1", 0))
    (_, port), _ = server.getsockname(), server.close()
    return port


def see(crawler, checked=0, failed=0):
    """Let a run have seen pages."""
    ledger = Patrol.of(crawler).ledger
    for number in range(checked + failed):
        ledger.plan("a", str(number))
        ledger.end("a", str(number), End.CHECKED if number < checked else End.FAILED, "" if number < checked else "refused")


@pytest.mark.parametrize(("checked", "code"), [(0, 3), (1, 0)])
def test_a_proxy_that_went_away_is_blamed_where_nothing_was_seen(crawler, monkeypatch, closed_port, checked, code):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port}")
    see(crawler, checked=checked, failed=5)
    LedgerReport(crawler)._judge()
    patrol = Patrol.of(crawler)
    assert patrol.exit_code == code
    assert len(patrol.troubles) == bool(code)


def test_the_report_names_reasons_and_troubles(crawler):
    see(crawler, checked=2, failed=1)
    ledger = Patrol.of(crawler).ledger
    ledger.close()
    text = ledger_text({**ledger.record(), "troubles": ["下限不成立"]})
    assert "计划 3 = 核查 2 + 跳过 0 + 失败 1" in text
    assert "拒绝连接（refused）" in text
    assert "注意：下限不成立" in text


def test_of_very_many_troubles_the_first_are_kept_and_all_are_logged(crawler, caplog):
    patrol = Patrol.of(crawler)
    for number in [*range(5_000), 0]:
        patrol.trouble(f"第 {number} 行", exit_code=1)
    assert len(patrol.troubles) == MOST_TROUBLES + 1
    assert patrol.troubles[0] == "第 0 行"
    assert patrol.troubles[-1] == MORE_TROUBLES
    assert len(caplog.records) == 5_000
    assert patrol.exit_code == 1


async def watched(crawler, monkeypatch, each_look, looks=12):
    """Let a watchdog look so often, something happening between its looks; return why it closed the spider, if it did."""
    left = iter(range(looks))

    async def sleep(seconds):
        if next(left, None) is None:
            raise asyncio.CancelledError
        each_look()

    dog = Watchdog(crawler)
    monkeypatch.setattr(extensions.asyncio, "sleep", sleep)
    with contextlib.suppress(asyncio.CancelledError):
        await dog._watch()
    return crawler.closed


async def test_a_run_that_stands_still_with_sites_open_is_ended(crawler, monkeypatch):
    assert await watched(crawler, monkeypatch, lambda: None) == ["stalled"]


async def test_a_run_in_which_pages_end_goes_on(crawler, monkeypatch):
    ledger, numbers = Patrol.of(crawler).ledger, iter(range(99))

    def page():
        key = str(next(numbers))
        ledger.plan("a", key)
        ledger.end("a", key, End.CHECKED)

    assert await watched(crawler, monkeypatch, page) == []


async def test_a_run_without_open_sites_waits_for_something_else(crawler, monkeypatch):
    crawler.sites = {}
    assert await watched(crawler, monkeypatch, lambda: None) == []
