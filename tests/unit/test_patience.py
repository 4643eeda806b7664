"""A host that asks for patience gets it, with all its pages."""

import asyncio
from dataclasses import dataclass

import pytest
from scrapy.http import Request, Response
from scrapy.settings import Settings

from netpatrol.middlewares import Refused
from netpatrol.patience import PatientRetry, retry_after
from netpatrol.patrol import Patrol
from netpatrol.store.host_leases import note_rest


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, 0), (b"2", 2), (b"1.5", 1.5), (b"1, 1", 1), (b"nonsense", 0), (b"-5", 0), (b"Thu, 01 Jan 1970 00:01:40 GMT", 90), (b"Thu, 01 Jan 1970 00:00:01 GMT", 0)],
)
def test_retry_after(header, seconds):
    assert retry_after(header, now=10.0) == seconds


def busy(url="http://a.example/1", wait="1"):
    request = Request(url)
    request.meta["netpatrol_page"] = None
    return request, Response(url, status=429, headers={"Retry-After": wait})


@dataclass(eq=False)
class Crawler:
    """As much of one as its patrol needs."""

    settings: Settings


@pytest.fixture
def patient(monkeypatch, tmp_path):
    """A middleware whose waits are noted and not waited."""
    middleware = PatientRetry(Settings())
    middleware.crawler = Crawler(Settings({"NETPATROL_HOME": str(tmp_path)}))
    middleware.waits = []
    monkeypatch.setattr(middleware, "_retry", lambda request, reason: request.replace(dont_filter=True))

    async def note(seconds):
        middleware.waits.append(round(seconds))

    monkeypatch.setattr(asyncio, "sleep", note)
    return middleware


async def test_the_other_pages_of_the_host_wait_too(patient):
    again = await patient.process_response(*busy(wait="25"))
    assert isinstance(again, Request)
    await patient.process_request(Request("http://a.example./2"))
    await patient.process_request(Request("http://m.a.example/2"))
    await patient.process_request(Request("http://b.example/"))
    assert patient.waits == [25, 25]


async def test_a_host_that_asks_for_very_long_is_left_alone(patient):
    assert isinstance(await patient.process_response(*busy(wait="86400")), Response)
    with pytest.raises(Refused, match="retry_after"):
        await patient.process_request(Request("http://a.example/2"))
    assert patient.waits == []


async def test_nothing_asked_nothing_waited(patient):
    await patient.process_response(*busy(wait=""))
    await patient.process_request(Request("http://a.example/2"))
    assert patient.waits == []


async def test_half_of_all_requests_are_for_hosts_that_ask_nothing(patient):
    async def hold(seconds):
        patient.waits.append(seconds)
        if len(patient.waits) < 20:
            await patient.process_request(Request(f"http://a.example/{len(patient.waits)}"))  # while the one before waits

    asyncio.sleep = hold  # put back by the fixture
    await patient.process_response(*busy(wait="25"))
    with pytest.raises(Refused, match="retry_after"):
        await patient.process_request(Request("http://a.example/0"))
    assert len(patient.waits) == Settings().getint("CONCURRENT_REQUESTS") // 2
    patient.waits = [0.0] * 20
    await patient.process_request(Request("http://a.example/again"))
    assert len(patient.waits) == 21


async def test_a_rest_is_noted_for_whoever_has_the_host_next(patient, monkeypatch):
    patrol, noted = Patrol.of(patient.crawler), []

    async def ask_store(function, *args):
        noted.append((function, args[0], args[1], args[3]))

    monkeypatch.setattr(patrol, "store", object())
    monkeypatch.setattr(patrol, "ask_store", ask_store)
    for wait in ("3600", "3600", "60", "7200"):
        await patient.process_response(*busy(url="http://m.a.example/1", wait=wait))
    assert noted == [(note_rest, "a.example", patrol.worker, seconds) for seconds in (3600.0, 7200.0)]
