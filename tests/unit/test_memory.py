"""What a run gives back to the system, and how it is wired."""

import asyncio
import gc

import pytest

from netpatrol import memory


async def test_memory_is_given_back_again_and_again_until_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    times = []
    monkeypatch.setattr(memory.Memory, "EVERY", 0.01)
    monkeypatch.setattr(memory, "give_back", lambda: times.append(1))
    monkeypatch.setattr(memory, "settle", lambda: None)
    keeper = memory.Memory()
    keeper.begin()
    while len(times) < 3:
        await asyncio.sleep(0.01)
    keeper.end()
    await asyncio.sleep(0)
    seen = len(times)
    await asyncio.sleep(0.05)
    assert len(times) == seen


def test_giving_back_asks_a_c_library_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Library:
        def malloc_trim(self, pad: int) -> int:
            asked.append(pad)
            return 1

    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: Library())
    memory.give_back()
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    memory.give_back()
    assert asked == [0]


def test_what_is_loaded_is_set_aside_once() -> None:
    before = gc.get_threshold()
    memory.settle.cache_clear()
    try:
        memory.settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold()[0] == memory.YOUNG
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
        memory.settle.cache_clear()
