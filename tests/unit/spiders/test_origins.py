"""Hosts of a site that only send visitors on: after a few pages the others are asked for where they are sent."""

from datetime import UTC, datetime

from netpatrol.ledger import Ledger
from netpatrol.spiders._origins import SHOWN, Origins
from netpatrol.spiders._site import Bounds, SiteCrawl
from netpatrol.store.records import Target

NOW = datetime(2026, 11, 30, tzinfo=UTC)
BARE, HOME = "http://a.example", "https://www.a.example"


def sent(count=SHOWN, home=HOME, path="/g{}.html"):
    origins = Origins()
    for number in range(count):
        origins.note_sent(BARE + path.format(number), home + path.format(number))
    return origins


def test_after_a_few_the_others_are_asked_for_where_they_are_sent():
    assert sent(SHOWN - 1).settled(f"{BARE}/x?id=7#/r") == f"{BARE}/x?id=7#/r"
    assert sent().settled(f"{BARE}/x?id=7#/r") == f"{HOME}/x?id=7#/r"
    assert sent().settled("http://m.a.example/x") == "http://m.a.example/x"


def test_an_origin_that_shows_pages_itself_is_asked():
    origins = sent()
    origins.note_answer(f"{BARE}/about.html")
    assert origins.settled(f"{BARE}/x") == f"{BARE}/x"


def test_redirects_to_other_pages_or_to_several_hosts_show_nothing():
    origins = Origins()
    for number in range(2 * SHOWN):
        origins.note_sent(f"{BARE}/{number}", f"{HOME}/login")
        origins.note_sent(f"{BARE}/{number}", f"http://{'mw'[number % 2]}.a.example/{number}")
        origins.note_sent(f"{BARE}/{number}", f"{BARE}/{number}")
    assert origins.settled(f"{BARE}/x") == f"{BARE}/x"


def test_a_site_asks_its_home_at_once():
    target = Target(shop_id="a.example", url=f"{HOME}/", host="a.example", kind="site")
    site = SiteCrawl(target=target, bounds=Bounds(depth=3, pages=99, seconds=60.0), ledger=Ledger(), started_at=NOW)
    for number in range(10):
        site.plan(f"{BARE}/g{number}.html", depth=1, via="")
    asked = []
    while planned := site.next_page(NOW):
        asked.append(planned.url)
        if planned.url.startswith(BARE):
            site.origins.note_sent(planned.url, HOME + planned.url.removeprefix(BARE))
        else:
            site.origins.note_answer(planned.url)
        site.fetching.discard(planned.key)
    assert asked == [f"{BARE if number < SHOWN else HOME}/g{number}.html" for number in range(10)]


def test_where_its_home_shows_no_page_the_linked_address_is_asked_after_all():
    target = Target(shop_id="a.example", url=f"{HOME}/", host="a.example", kind="site")
    site = SiteCrawl(target=target, bounds=Bounds(depth=3, pages=99, seconds=60.0), ledger=Ledger(), started_at=NOW)
    for number in range(SHOWN):
        site.origins.note_sent(f"{BARE}/{number}", f"{HOME}/{number}")
    for number in range(8):
        site.plan(f"{BARE}/g{number}.html", depth=1, via="")
    asked = []
    while planned := site.next_page(NOW):
        asked.append(planned.url)
        again = planned.url.startswith(HOME) and site.ask_as_linked(planned)  # not found there
        assert again is planned.url.startswith(HOME)
        if not again:
            site.origins.note_answer(planned.url)
    assert asked == [f"{HOME}/g0.html", *(f"{BARE}/g{number}.html" for number in range(8))]


def test_pages_that_are_gone_are_not_asked_for_twice_for_ever():
    origins = sent()
    assert [origins.may_err(f"{BARE}/g{number}.html") for number in range(SHOWN + 2)] == [True] * SHOWN + [False] * 2
