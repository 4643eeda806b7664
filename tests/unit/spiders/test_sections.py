"""A section is judged by what it leads to as well: walked as a crawl would, over webs that end and webs that never do."""

import asyncio
from collections import Counter, deque
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from support import endless

from netpatrol.ledger import LEASE_LOST, End, Ledger
from netpatrol.spiders._base import AHEAD
from netpatrol.spiders._finder import Finder
from netpatrol.spiders._hearing import why_cut
from netpatrol.spiders._sections import LISTED_ALLOWED, PATIENCE, REPEATS_ALLOWED, Idle, Sections
from netpatrol.spiders._site import Bounds, SiteCrawl
from netpatrol.store.records import Target
from netpatrol.text.html import parse_document
from netpatrol.text.urls import shape

NOW = datetime(2026, 11, 30, tzinfo=UTC)
PAGES = 500
GOODS = {"again": 3, "wrapping": 30, "shuffled": 8, "tabs": 60}
"""What those that never end have to show."""


def fresh_site(host, pages):
    """Return a site whose start page is planned."""
    target = Target(shop_id=f"{host}.example", url=f"http://{host}.example/", host=f"{host}.example", kind="site")
    site = SiteCrawl(target=target, bounds=Bounds(depth=12, pages=pages, seconds=60.0), ledger=Ledger(), started_at=NOW)
    site.plan(target.url, depth=0, via="start")
    return site


def walk(host):
    """Return how many pages of each kind a crawl asks for, and its ledger."""
    site = fresh_site(host, PAGES)
    marks = SimpleNamespace(of_page=lambda links: ())
    finder = Finder(patrol=None, claims=None, marks=marks, wake=asyncio.Event(), follow=False, most_redirects=8)
    asked, under_way = Counter(), deque()
    while True:
        while len(under_way) < AHEAD and (planned := site.next_page(NOW)):
            under_way.append(planned)
        if not under_way:
            break
        planned = under_way.popleft()
        document = parse_document(endless.markup(host, planned.url).encode(), "text/html", planned.url)
        asked[planned.url.partition(".example/")[2].partition("?")[0].partition("/")[0]] += 1
        cut = why_cut(site, document, planned)
        if not cut:
            finder.take_links(site, planned, document)
        site.end(planned, End.SKIPPED if cut else End.CHECKED, cut)
        site.fetching.discard(planned.key)
    assert site.is_done
    assert site.ledger.adds_up()
    return asked, site


@pytest.mark.parametrize(
    ("host", "goods"),
    [("pager", 120), ("numbered", 120), ("kinds", 5), ("subkinds", 5), ("bare", 120), ("gallery", 120), ("framed", 120)],
)
def test_what_stands_behind_pages_that_are_all_alike_is_found(host, goods):
    asked, site = walk(host)
    assert asked["goods"] == goods
    assert not site.ledger.record()["pages"]["skipped_by_reason"]


@pytest.mark.parametrize(
    ("host", "kinds"),
    [
        ("calendar", {"list": 5, "event": 4}),
        ("days", {"list": 6, "event": 14}),
        ("mutual", {"list": 6, "event": 9}),
        ("frames", {"list": 8, "frame": 4, "event": 4}),
        ("tabs", {"list": 1, "tab": 10}),
        ("aliases", {"list": 5, "goods": 9}),
        ("tokens", {"list": 7}),
        ("again", {"list": 5}),
        ("wrapping", {"list": 10 + PATIENCE + REPEATS_ALLOWED}),
        ("shuffled", {"list": 14}),
    ],
)
def test_what_goes_on_and_says_nothing_is_cut_after_few_pages(host, kinds):
    asked, _ = walk(host)
    assert {kind: asked[kind] for kind, most in kinds.items() if asked[kind] > most} == {}
    if host in GOODS:
        assert asked["goods"] == GOODS[host]


def test_addresses_that_grow_are_left_after_few_pages_of_each_length():
    assert walk("growing")[0]["growing"] <= 12 * 5


def idle(sections, number, section="list", via="start", *, near=False, ends=False):
    """Note so many idle pages of a section."""
    for at in range(number):
        sections.note_idle(f"{section}/{at}", Idle(section, via), near=near, ends=ends)


def test_a_section_waits_for_what_it_led_to_and_is_cut_when_that_is_read():
    sections = Sections()
    sections.wait("list")
    idle(sections, REPEATS_ALLOWED)
    assert (sections.waits("list"), sections.why_cut("list")) == (True, "")
    sections.settle()
    assert (sections.waits("list"), sections.why_cut("list")) == (False, "trap")


def test_a_section_that_led_nowhere_is_cut_at_once():
    sections = Sections()
    idle(sections, REPEATS_ALLOWED)
    assert (sections.waits("list"), sections.why_cut("list")) == (False, "trap")


@pytest.mark.parametrize("times", [1, 3, PATIENCE, PATIENCE * 9])
def test_what_was_led_to_forgives_as_many_pages_to_come_but_not_any_number(times):
    sections = Sections()
    for _ in range(times):
        idle(sections, 1)
        sections.forgive("list/0", "goods")
    to_come = min(times, PATIENCE) + REPEATS_ALLOWED
    idle(sections, to_come - 1)
    assert sections.why_cut("list") == ""
    idle(sections, 1)
    assert sections.why_cut("list") == "trap"


def test_a_page_is_forgiven_once_whatever_else_it_leads_to():
    sections = Sections()
    idle(sections, 1)
    for _ in range(9):
        sections.forgive("list/0", "goods")
    assert sections["list"].forgiven == 1


def test_what_is_come_to_by_way_of_other_idle_pages_forgives_them_all():
    sections = Sections()
    idle(sections, 1)
    sections.note_idle("zoom/0", Idle("zoom", "list/0"), near=True, ends=False)
    sections.forgive("zoom/0", "goods")
    assert (sections["list"].forgiven, sections["zoom"].forgiven) == (1, 1)


def test_pages_of_one_section_do_not_speak_for_each_other():
    sections = Sections()
    sections.note_idle("list/1", Idle("list", "start"), near=False, ends=False)
    sections.note_idle("list/2", Idle("list", "list/1"), near=False, ends=False)
    sections.forgive("list/2", "list")
    assert sections["list"].forgiven == 0
    sections.forgive("list/2", "goods")
    assert sections["list"].forgiven == 1
    assert sections.is_idle("list/1")


@pytest.mark.parametrize("near", [False, True])
def test_empty_kinds_of_a_list_are_let_pass_but_not_for_ever(near):
    sections = Sections()
    idle(sections, LISTED_ALLOWED, near=near, ends=True)
    assert sections.why_cut("list") == ""
    idle(sections, 9, near=near, ends=True)
    assert sections.why_cut("list") == ("near_duplicates" if near else "trap")


def waiting_site():
    """Return a site whose start page is under way, with two pages planned of a section that waits, which come last."""
    site = fresh_site("a", pages=4)
    start = site.next_page(NOW)
    for number in (1, 2):
        site.plan(f"http://a.example/list/{number}", depth=1, via=start.url)
    section = shape("http://a.example/list/1")
    idle(site.traps.sections, REPEATS_ALLOWED, section)
    site.traps.sections.wait(section)
    assert site.next_page(NOW) is None
    assert (len(site.frontier), len(site.put_off)) == (0, 2)
    return site, start, section


def test_pages_that_were_put_off_come_when_all_else_is_read_one_after_the_other():
    site, start, section = waiting_site()
    site.traps.sections.forgive(f"{section}/0", "goods")
    site.fetching.discard(start.key)
    assert site.next_page(NOW).url == "http://a.example/list/1"
    assert site.next_page(NOW) is None
    assert not site.is_done


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        (lambda site, start: site.fetching.discard(start.key), "trap"),
        (lambda site, start: setattr(site, "lease_lost", True), LEASE_LOST),
        (lambda site, start: (site.fetching.discard(start.key), setattr(site, "started_at", NOW - timedelta(hours=1))), "time_budget"),
    ],
    ids=["nothing came of it", "the lease is lost", "time is up"],
)
def test_pages_that_were_put_off_end_with_their_reason(ends, reason):
    site, start, _ = waiting_site()
    ends(site, start)
    assert site.next_page(NOW) is None
    assert not site.put_off
    assert site.ledger.counts("a.example")[End.SKIPPED, reason] == 2


def test_pages_that_were_put_off_count_against_the_budget():
    site, _, _ = waiting_site()
    assert [site.plan(f"http://a.example/goods/{number}", depth=1, via="x") for number in range(3)] == [True, False, False]
