"""Addresses that only redirect to pages that are had anyway: after a few the rest is left, until one of them leads on."""

from datetime import UTC, datetime

from netpatrol.ledger import End, Ledger
from netpatrol.spiders._detours import SHOWN, Detours
from netpatrol.spiders._samples import EVERY, SAMPLES
from netpatrol.spiders._site import Bounds, SiteCrawl
from netpatrol.store.records import Target

NOW = datetime(2026, 11, 30, tzinfo=UTC)
NUMBER = 40


def walk(leads_on):
    """Return the site after asking for addresses of one kind; those that `leads_on` names lead to new pages."""
    target = Target(shop_id="a.example", url="http://a.example/", host="a.example", kind="site")
    site = SiteCrawl(target=target, bounds=Bounds(depth=3, pages=99, seconds=60.0), ledger=Ledger(), started_at=NOW)
    for number in range(NUMBER):
        site.plan(f"http://a.example/?p={number}", depth=1, via="")
    asked = []
    while planned := site.next_page(NOW):
        number = int(planned.url.rpartition("=")[2])
        asked.append(number)
        site.led_on(planned, seen=number not in leads_on)
        site.end(planned, End.SKIPPED, "redirect_to_seen")
        site.fetching.discard(planned.key)
    site.close()
    assert site.ledger.adds_up()
    assert site.ledger.planned == NUMBER
    return site, asked


def test_what_only_leads_to_what_was_seen_is_tried_now_and_then():
    site, asked = walk(())
    assert len(asked) == SHOWN + (NUMBER - SHOWN) // EVERY
    assert site.ledger.counts("a.example") == {(End.SKIPPED, "redirect_to_seen"): NUMBER}


def test_one_that_leads_on_speaks_for_all_its_like():
    assert len(walk((0,))[1]) == NUMBER
    late = walk((SHOWN + EVERY - 1,))[1]
    assert sorted(late) == list(range(NUMBER))


def test_what_is_answered_at_its_own_address_is_no_detour():
    detours = Detours()
    detours.note("http://a.example/goods/1", seen=False)
    for number in range(2, 9):
        detours.note(f"http://a.example/goods/{number}", seen=True)
    assert not detours.are_detours("http://a.example/goods/9")


def test_samples_come_to_an_end():
    detours = Detours()
    assert sum(detours.is_sample(f"http://a.example/?p={number}") for number in range(1_000)) == SAMPLES
