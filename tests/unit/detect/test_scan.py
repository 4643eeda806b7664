"""Characters beyond the BMP take two units in what the automaton reads: places must stay those of the text."""

from __future__ import annotations

import pytest

from netpatrol.detect.scan import Entry, Hit, Scanner
from netpatrol.detect.view import Repair

SCANNER = Scanner(
    {
        "最佳": Entry((1,), "", True),
        "𠮷祥王": Entry((2,), "", True),
        "蕞佳": Entry((), "最佳", True),
        "第一": Entry((3,), "", True),
    }
)


def scan(text: str) -> tuple[list[Hit], list[Repair]]:
    return SCANNER.scan(text, tuple, lambda _start, _end: True)[:2]


@pytest.mark.parametrize("before", ["", "好", "🔥", "🔥好🔥🔥", "𠮷", "\ufffd😀a"])
@pytest.mark.parametrize(
    ("text", "hits", "repairs"),
    [
        pytest.param("最佳的", [(0, 2, (1,))], [], id="plain"),
        pytest.param("蕞佳的", [], [(0, 2, "最佳")], id="look_alike"),
        pytest.param("最🔥佳", [], [(0, 3, "最佳")], id="emoji_between"),
        pytest.param("𠮷祥王第一", [(0, 3, (2,)), (3, 5, (3,))], [], id="word_with_a_rare_character"),
        pytest.param("最\u4f00\u4f73", [], [], id="bytes_that_only_look_like_a_word"),
    ],
)
def test_places(before: str, text: str, hits: list[Hit], repairs: list[tuple[int, int, str]]) -> None:
    at = len(before)
    found, repaired = scan(before + text)
    assert found == [(a + at, b + at, numbers) for a, b, numbers in hits]
    assert [(r.start, r.end, r.text) for r in repaired] == [(a + at, b + at, word) for a, b, word in repairs]


def test_a_text_longer_than_a_chunk_is_read_as_one(monkeypatch) -> None:
    monkeypatch.setattr("netpatrol.detect.scan._CHUNK", 10)
    text = "".join("好" * (at % 7) + "第一最佳蕞佳最🔥佳" for at in range(60))
    pieces = SCANNER.scan(text, tuple, lambda _start, _end: True)
    monkeypatch.undo()
    assert pieces == SCANNER.scan(text, tuple, lambda _start, _end: True)
    assert (len(pieces.hits), len(pieces.repairs), pieces.whole) == (120, 120, True)


def test_a_page_of_nothing_but_triggers_is_not_read_to_its_end(monkeypatch) -> None:
    scanned = SCANNER.scan("第一" * 30_000, tuple, lambda _start, _end: True)
    assert (len(scanned.hits), scanned.whole) == (20_000, False)
    monkeypatch.setattr("netpatrol.detect.scan._MOST_FOUND", 50)
    monkeypatch.setattr("netpatrol.detect.scan._CHUNK", 200)
    assert SCANNER.scan("蕞佳" * 300, tuple, lambda _start, _end: True).whole is False


def test_what_is_spelled_without_end_is_restored_in_pieces() -> None:
    _, repairs = scan("最·佳·" * 1_000)
    assert max(repair.end - repair.start for repair in repairs) <= 410
    assert sum(repair.end - repair.start for repair in repairs) > 3_500
