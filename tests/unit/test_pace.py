"""The pause between two requests to a host, counted from the answer where the request left late."""

from time import monotonic
from types import SimpleNamespace

import pytest
from scrapy.http import Request

from netpatrol.pace import SHARE, Pace


def pace_with(slot):
    slots = {} if slot is None else {"tea.example": slot}
    downloader = SimpleNamespace(slots=slots, get_slot_key=lambda request: "tea.example")
    return Pace(SimpleNamespace(engine=SimpleNamespace(downloader=downloader)))


@pytest.mark.parametrize(("ago", "moved"), [(100.0, True), (0.0, False)], ids=["left late", "left on time"])
def test_most_of_the_pause_lies_after_the_answer(ago, moved):
    slot = SimpleNamespace(delay=10.0, lastseen=monotonic() - ago)
    before = slot.lastseen
    pace_with(slot).answered(Request("http://tea.example/"))
    assert (slot.lastseen > before) is moved
    assert slot.lastseen + slot.delay - monotonic() >= slot.delay * SHARE - 1


def test_a_host_without_a_slot_is_no_error():
    pace_with(None).answered(Request("http://tea.example/"))
