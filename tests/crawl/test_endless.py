"""Webs whose sections go on for ever are left after few pages; those that only look like it are read to their end."""

from collections import Counter

import pytest
from support import endless, hostile
from support.crawls import Patrol

from netpatrol.store import embedded

pytestmark = [pytest.mark.crawl, pytest.mark.mongo]
FAST = ("-s", "DOWNLOAD_DELAY=0.02", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "NETPATROL_BROWSER=off", "-s", "NETPATROL_MAX_PAGES=400")


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Crawl all webs once; return how many pages of each kind each was asked for, and the ledger."""
    patrol = Patrol(tmp_path_factory.mktemp("endless") / "home")
    seeds = patrol.home.parent / "seeds.txt"
    seeds.write_text("".join(f"http://{name}.example/\n" for name in endless.WEBS), "utf-8")
    with hostile.serve(endless.Endless) as proxy:
        patrol.crawl("sites", "-a", f"seeds={seeds}", *FAST, proxy=proxy)
        asked = Counter()
        for address, number in hostile.Host.asked.items():
            host, _, path = address.partition(".example/")
            asked[host, path.partition("?")[0].partition("/")[0]] += number
    yield asked, patrol.ledger()
    embedded.stop(patrol.home)


@pytest.mark.parametrize(
    ("host", "goods"), [("pager", 120), ("numbered", 120), ("kinds", 5), ("subkinds", 5), ("bare", 120), ("gallery", 120), ("framed", 120), ("counted", 120)]
)
def test_what_stands_behind_pages_that_are_all_alike_is_found(outcome, host, goods):
    assert outcome[0][host, "goods"] == goods


@pytest.mark.parametrize(
    ("host", "most"),
    [("calendar", 14), ("days", 26), ("mutual", 26), ("frames", 35), ("tabs", 76), ("aliases", 20), ("tokens", 18), ("again", 12), ("wrapping", 60), ("shuffled", 30), ("growing", 60)],
)
def test_what_goes_on_and_says_nothing_is_left_after_few_pages(outcome, host, most):
    assert 4 <= sum(number for (other, _), number in outcome[0].items() if other == host) <= most


def test_each_page_is_accounted_for(outcome):
    assert outcome[1]["adds_up"] is True
    assert outcome[1]["pages"]["skipped_by_reason"]["trap"] >= len(endless.WEBS) / 2
