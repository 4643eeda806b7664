from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from pathlib import Path

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.store.clean import MARK, clean, escape_key, restore_key


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("key", "escaped"),
    [
        pytest.param("$where", "%24where", id="operator"),
        pytest.param("a.b", "a%2Eb", id="dot"),
        pytest.param("nul\0byte", "nul%00byte", id="nul"),
        pytest.param("100%", "100%25", id="percent"),
        pytest.param("%24", "%2524", id="looks escaped"),
        pytest.param("", "%", id="empty"),
        pytest.param("Content-Type", "Content-Type", id="ordinary"),
    ],
)
def test_hostile_keys_are_escaped_and_come_back(key: str, escaped: str) -> None:
    assert escape_key(key) == escaped
    assert restore_key(escaped) == key


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_every_key_comes_back(key: str) -> None:
    assert restore_key(escape_key(key)) == key
    assert not set("$.\0") & set(escape_key(key))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.frozensets(st.text()),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), values))
def test_whatever_comes_can_be_encoded(document: dict[str, object]) -> None:
    bson.encode(clean(document))


def test_lone_surrogates_are_replaced_and_noted() -> None:
    assert clean({"title": "茶\ud800"}) == {"title": "茶\ufffd", MARK: ["title: lone surrogates replaced"]}


@pytest.mark.parametrize("megabytes", [16, 18, 48], ids=str)
def test_a_document_of_any_size_takes_the_same_way(megabytes: int) -> None:
    kept = clean({"url": "http://a.example/", "extra": {"body": "x" * megabytes * 1_000_000}})
    assert len(bson.encode(kept)) < 16_000_000
    assert kept["url"] == "http://a.example/"
    assert kept[MARK] == [f"extra.body: cut from {megabytes * 1_000_000} characters"]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"x": ["词" * 100] * 200_000}, id="many texts"),
        pytest.param({"x": [{"a": 1, "b": "c"}] * 900_000}, id="many objects"),
        pytest.param({"x": {f"key-{number}": "value" * 20 for number in range(300_000)}}, id="many keys"),
        pytest.param({"x": b"\0" * 20_000_000}, id="bytes"),
        pytest.param({f"x{number}": "词" * 1_000_000 for number in range(20)}, id="many long texts"),
    ],
)
def test_what_is_too_large_is_cut_and_noted(document: dict[str, object]) -> None:
    kept = clean(document)
    assert len(bson.encode(kept)) < 16_000_000
    assert kept[MARK]


def test_depth_is_cut() -> None:
    deep: dict[str, object] = {}
    for _ in range(500):
        deep = {"x": deep}
    kept = clean(deep)
    bson.encode(kept)
    assert "too deep" in kept[MARK][0]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        pytest.param(datetime(2026, 1, 1, 8, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8))), None, id="time"),
        pytest.param(date(2026, 1, 1), "2026-01-01", id="date"),
        pytest.param(Colour.RED, "red", id="enum"),
        pytest.param({"b", "a"}, ["a", "b"], id="set"),
        pytest.param(Path("/x"), "/x", id="path"),
        pytest.param(2**70, str(2**70), id="large number"),
    ],
)
def test_other_types_become_plain_ones(value: object, kept: object) -> None:
    expected = kept if kept is not None else datetime(2026, 1, 1, 0, 0, 0, 123000, tzinfo=UTC)
    assert clean({"x": value})["x"] == expected
