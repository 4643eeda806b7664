"""What the browser asks for while it draws pages that want it to ask for more than it may."""

from collections import Counter

import pytest
from support import scripted
from support.crawls import Patrol

from netpatrol.store import embedded

pytestmark = [pytest.mark.crawl, pytest.mark.mongo, pytest.mark.browser]

NAMES = ("spying", "hinting", "calling", "greedy", "popping", "leaving", "private", "moving", "sly", "api", "cdn", "returning", "pushing")


def crawl(folder, urls, *, proxy="", **environment):
    patrol = Patrol(folder / "home", environment)
    seeds = folder / "seeds.txt"
    seeds.write_text("\n".join(urls), "utf-8")
    patrol.crawl("sites", "-a", f"seeds={seeds}", "-s", "DOWNLOAD_DELAY=0.05", proxy=proxy)
    return patrol


@pytest.fixture(scope="module")
def patrolled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guard")
    with scripted.proxied() as (proxy, asked):
        patrol = crawl(folder, [f"http://{name}.example/" for name in NAMES], proxy=proxy)
        found = {"asked": scripted.Asked(asked), "ledger": patrol.ledger(), "leads": patrol.leads()}
    embedded.stop(patrol.home)
    return found


def hosts_of(leads):
    return {lead["host"].partition(".")[0] for lead in leads}


def test_nothing_inside_is_asked_on_any_hop_by_any_means(patrolled):
    asked = [entry for entry in patrolled["asked"] if ".example" not in entry[1]]
    assert asked == []
    assert "/r/fetch" in patrolled["asked"].at("spying.example")  # the redirect itself was met


def test_a_page_that_leaves_by_script_is_a_redirect_and_nobody_elses_words_are_its_own(patrolled):
    assert patrolled["ledger"]["pages"]["skipped_by_reason"]["redirect_off_site"] >= 1
    assert patrolled["asked"].at("victim.example") == ["/robots.txt"]
    assert not {"leaving", "victim"} & hosts_of(patrolled["leads"])


def test_robots_holds_for_what_scripts_ask_for(patrolled):
    assert "/private/x" not in patrolled["asked"].at("private.example")
    assert not [path for path in patrolled["asked"].at("calling.example") if path.startswith("/api/")]
    assert not {"private", "calling"} & hosts_of(patrolled["leads"])
    assert patrolled["ledger"]["pages"]["skipped_by_reason"]["needs_render"] == 1


def test_a_page_asks_for_so_much_and_no_more(patrolled):
    assert 20 < len(patrolled["asked"].at("greedy.example")) < 65


def test_popups_are_asked_for_nothing(patrolled):
    assert Counter(patrolled["asked"].at("popping.example")) == {"/robots.txt": 1, "/": 2, "/static/app.js": 1}


def test_a_page_that_shows_something_before_it_leaves_is_judged_by_it(patrolled):
    assert "sly" in hosts_of(patrolled["leads"])


@pytest.mark.parametrize("name", ["moving", "api", "cdn", "returning", "pushing"])
def test_shops_that_scripts_draw_are_read(patrolled, name):
    assert name in hosts_of(patrolled["leads"])


def test_the_ledger_adds_up(patrolled):
    assert patrolled["ledger"]["adds_up"] is True


def test_without_a_proxy_nothing_inside_is_asked_either(tmp_path):
    with scripted.direct("spying") as (url, asked):
        patrol = crawl(tmp_path, [url], NETPATROL_ALLOWED_INTERNAL="127.0.0.1")
        stated = patrol.ledger()["pages"]["checked"]
    embedded.stop(patrol.home)
    assert asked.at("127.0.0.2") == []
    assert "/r/fetch" in asked.at("127.0.0.1")
    assert stated == 1
