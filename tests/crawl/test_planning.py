"""Which pages of a site are asked for: all that are pages of their own, none twice, and nothing that does something."""

import pytest
from support import hostile
from support.crawls import Patrol

from netpatrol.spiders._detours import SHOWN
from netpatrol.spiders._samples import EVERY
from netpatrol.store import embedded
from netpatrol.store.mongo import connect

pytestmark = [pytest.mark.crawl, pytest.mark.mongo]
FAST = ("-s", "DOWNLOAD_DELAY=0.02", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "NETPATROL_BROWSER=off")
HOSTS = (
    "splash", "jumping", "home", "telling", "paged", "clearing", "dotted", "emptied", "onward", "names", "grows", "opens", "walled", "old", "short", "turned",
    "clicked",
)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Crawl the hosts as seeds, then all targets anew; return what each run asked for, and what is known at the end."""
    patrol = Patrol(tmp_path_factory.mktemp("planning") / "home")
    seeds = patrol.home.parent / "seeds.txt"
    seeds.write_text("".join(f"http://{name}.example/\n" for name in HOSTS), "utf-8")
    asked, ledgers = [], []
    with hostile.serve() as proxy:
        for more in (f"seeds={seeds}", "due=all"):
            before = hostile.Host.asked.copy()
            hostile.Host.changed = more == "due=all"
            patrol.crawl("sites", "-a", more, *FAST, proxy=proxy)
            asked.append(hostile.Host.asked - before)
            ledgers.append(patrol.ledger())
        sent = list(hostile.Host.sent)
    with connect(patrol.home, "") as store:
        pages = {page["url"]: page for page in store.db["pages"].find()}
        all_leads = list(store.db["leads"].find())
    yield {"asked": asked, "sent": sent, "ledgers": ledgers, "pages": pages, "leads": patrol.leads(), "all_leads": all_leads}
    embedded.stop(patrol.home)


def of(asked, host):
    """Return what was asked of a host, as paths with their numbers."""
    found = {address.partition(".example")[2]: number for address, number in asked.items() if address.startswith(f"{host}.example")}
    return {path: number for path, number in found.items() if path != "/robots.txt"}


def test_what_stands_behind_an_entrance_is_read_and_its_leads_stand_from_day_to_day(outcome):
    for asked in outcome["asked"]:
        assert of(asked, "splash") == {"/": 1, "/index.html": 1, "/honey": 1}
        assert of(asked, "jumping") == {"/": 1, "/index.php": 1}
    leads = {lead["url"] for lead in outcome["leads"]}
    assert {"http://splash.example/index.html", "http://jumping.example/index.php"} <= leads


def test_a_home_page_is_read_once_whatever_its_pages_call_it(outcome):
    asked = of(outcome["asked"][0], "home")
    assert "/index.html" not in asked
    assert set(asked.values()) == {1}


def test_parameters_count_until_the_site_has_shown_that_they_do_not(outcome):
    asked = of(outcome["asked"][0], "telling")
    assert sum(path.startswith(("/goods?", "/kinds?")) for path in asked) == 18
    assert 3 <= sum(path.startswith("/same?") for path in asked) <= 5


def test_kinds_that_are_empty_and_goods_that_are_sold_do_not_speak_for_the_others(outcome):
    asked = of(outcome["asked"][0], "emptied")
    assert {path: sum(other.startswith(path) for other in asked) for path in ("/list?", "/goods?", "/one?")} == {"/list?": 12, "/goods?": 12, "/one?": 16}


def test_where_a_page_leads_that_says_the_same_as_another_is_followed(outcome):
    assert of(outcome["asked"][0], "onward") == {"/": 1, "/list?from=0": 1, "/list?from=4": 1, "/list?from=8": 1}


def test_a_small_home_is_read_under_one_more_of_its_names_and_not_under_all(outcome):
    assert sum(of(outcome["asked"][0], "names").values()) + sum(of(outcome["asked"][0], "www.names").values()) == 2


def test_an_old_site_is_read_by_all_its_ways_and_nothing_is_done_there(outcome):
    asked = of(outcome["asked"][0], "old")
    shown = {f"/show.asp?id={n}" for n in range(1, 5)} | {"/list.asp?page=2", "/frame.html", "/inner.asp", "/hall-2.asp", "/order.html"}
    named = {"/shop/index.html", "/shop/index.asp", "/shop/index.php", "/Kinds.asp?A=1&B=2", "/forum.php?mod=viewthread&tid=3"}
    assert set(asked) == {"/", "/gate.asp", "/hall.asp"} | shown | named
    assert set(asked.values()) == {1}
    pages = {url.partition(".example")[2] for url in outcome["pages"] if "//old.example" in url}
    assert shown | named <= pages
    skipped = outcome["ledgers"][0]["pages"]["skipped_by_reason"]
    assert (skipped["acts"], skipped["feed"], skipped["script_links"]) == (3, 1, 1)


def test_what_a_handler_a_script_and_a_button_lead_to_is_read(outcome):
    assert of(outcome["asked"][0], "clicked") == {"/": 1, "/index.php": 1, "/tea.asp": 1, "/show.asp?id=3": 1}


def test_a_form_that_turns_a_list_is_sent_in_the_encoding_of_its_page(outcome):
    assert outcome["asked"][0]["POST turned.example/list.asp"] == 1
    assert b"page=2&cls=%B2%E8%D2%B6" in outcome["sent"]


def test_short_addresses_of_pages_that_are_had_anyway_are_tried_a_few_times(outcome):
    asked = of(outcome["asked"][0], "short")
    assert sum(path.startswith("/archives/") for path in asked) == 30
    assert SHOWN <= sum("?p=" in path for path in asked) <= 2 * SHOWN + 30 / EVERY


@pytest.mark.parametrize(("host", "states"), [("grows", {"closed"}), ("opens", {"closed"}), ("walled", {"open"})])
def test_what_an_entrance_said_is_corrected_when_it_is_none_any_more(outcome, host, states):
    assert {lead["status"] for lead in outcome["all_leads"] if lead["shop_id"] == f"{host}.example"} == states


def test_a_list_is_as_deep_on_its_last_page_as_on_its_first(outcome):
    assert f"/list?page={20}" in of(outcome["asked"][0], "paged")


def test_no_form_is_sent_that_does_something(outcome):
    sent = {address for asked in outcome["asked"] for address in asked if address.startswith("POST")}
    assert sent == {"POST turned.example/list.asp"}  # which only turns a page


def test_a_host_is_one_with_and_without_its_last_dot(outcome):
    asked = [address for address in outcome["asked"][0] if address.startswith("dotted.")]
    assert sorted(asked) == ["dotted.example/", *(f"dotted.example/p{n}" for n in range(6)), "dotted.example/robots.txt"]


def test_all_targets_anew_are_all_targets(outcome):
    assert [ledger["targets"]["checked"] for ledger in outcome["ledgers"]] == [len(HOSTS)] * 2
    assert all(ledger["adds_up"] for ledger in outcome["ledgers"])
