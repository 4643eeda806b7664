"""What a page shows late, and what does not come: waited for as a reader would, told where it did not come, never proof of anything."""

import pytest
from support import scripted
from support.crawls import Patrol

from netpatrol.store import embedded
from netpatrol.store.mongo import connect

pytestmark = [pytest.mark.crawl, pytest.mark.mongo, pytest.mark.browser]
COMES = ("slow", "timed", "tracked")
DOES_NOT = ("down", "dead", "loading", "stuck")


def crawl(patrol, proxy, *hosts):
    seeds = patrol.home.parent / "seeds.txt"
    seeds.write_text("".join(f"http://{host}.example/\n" for host in hosts), "utf-8")
    patrol.crawl("sites", "-a", f"seeds={seeds}", "-s", "DOWNLOAD_DELAY=0.05", "-s", "AUTOTHROTTLE_ENABLED=0", proxy=proxy)
    with connect(patrol.home, "") as store:
        return {page["host"].partition(".")[0]: page["state"] for page in store.db["pages"].find()}


@pytest.fixture(scope="module")
def waited(tmp_path_factory):
    patrol = Patrol(tmp_path_factory.mktemp("waiting") / "home")
    with scripted.proxied() as (proxy, _):
        states = crawl(patrol, proxy, *COMES, *DOES_NOT, "moody")
        before = patrol.leads()
        scripted.Host.is_down = True
        later = crawl(patrol, proxy, "moody")
        scripted.Host.is_down = False
    yield {"states": states, "leads": before, "later": later, "leads_later": patrol.leads(), "ledger": patrol.ledger()}
    embedded.stop(patrol.home)


def hosts_of(leads):
    return {lead["host"].partition(".")[0] for lead in leads}


@pytest.mark.parametrize("host", COMES)
def test_what_comes_late_is_read(waited, host):
    assert waited["states"][host] == "checked"
    assert host in hosts_of(waited["leads"])


@pytest.mark.parametrize("host", DOES_NOT)
def test_what_does_not_come_is_not_checked(waited, host):
    assert waited["states"][host] == "needs_render"


def test_a_page_at_which_the_browser_gets_stuck_is_judged_by_what_was_fetched(waited):
    assert "stuck" in hosts_of(waited["leads"])


def test_an_answer_that_failed_corrects_nothing(waited):
    assert waited["states"]["moody"] == "checked"
    assert waited["later"]["moody"] == "needs_render"
    assert hosts_of(waited["leads"]) == hosts_of(waited["leads_later"])
    assert "moody" in hosts_of(waited["leads_later"])
