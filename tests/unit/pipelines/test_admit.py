"""Which pages are a mere sighting: read in full before, the same bytes, to be judged alike."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from scrapy.exceptions import DropItem

from netpatrol.items import Dossier, PageItem, PageState, ShopRef
from netpatrol.ledger import End, Ledger
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
    assert not stage._is_unchanged(KnownPage(**{**KNOWN, **changed}), replace(PAGE, unfinished=True))


async def test_a_shell_that_a_browser_filled_last_time_was_not_checked_without_one():
    stage, ledger, sights = object.__new__(Admit), Ledger(), []
    page = replace(PAGE, shop=ShopRef(shop_id="tea.example", url="http://tea.example/"))

    async def known_of(shop_id):
        return {page.key: KnownPage(**KNOWN, rendered=True)}

    async def sight(*seen):
        sights.append(seen)

    stage.patrol = SimpleNamespace(pack_lock="packs", record=SimpleNamespace(register_version="register"), ledger=ledger)
    stage._known_of, stage._sight = known_of, sight
    ledger.plan("tea.example", page.planned)
    with pytest.raises(DropItem):
        await stage.work(Dossier(page=page))
    assert ledger.pages == {(End.SKIPPED, "needs_render"): 1}
    assert sights == []
