"""Which pages are a mere sighting: read in full before, the same bytes, to be judged alike."""

import hashlib
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from netpatrol.items import PageItem, PageState
from netpatrol.pipelines.admit import Admit
from netpatrol.store.pages import KnownPage

PAGE = PageItem(
    url="http://tea.example/", final_url="http://tea.example/", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), body=b"tea"
)
KNOWN = {
    "body_sha256": hashlib.sha256(b"tea").hexdigest(),
    "pack_lock": "packs",
    "register_version": "register",
    "state": PageState.CHECKED,
}


@pytest.mark.parametrize(
    ("changed", "sighting"),
    [
        ({}, True),
        ({"body_sha256": "other"}, False),
        ({"pack_lock": "older"}, False),
        ({"register_version": "older"}, False),
        ({"state": PageState.NEEDS_RENDER}, False),
        ({"state": PageState.TRUNCATED}, False),
    ],
    ids=lambda value: next(iter(value), "same") if isinstance(value, dict) else "",
)
def test_what_is_a_mere_sighting(changed, sighting):
    stage = object.__new__(Admit)
    stage.patrol = SimpleNamespace(pack_lock="packs", record=SimpleNamespace(register_version="register"))
    assert stage._is_unchanged(KnownPage(**{**KNOWN, **changed}), PAGE) is sighting
