"""`scrapy crawl discover` and the round that follows: searched, mapped, parked, fetched once, cut where nothing new comes."""

import pytest
from support import hostile
from support.crawls import Patrol

from netpatrol.store import embedded
from netpatrol.store.mongo import connect

pytestmark = [pytest.mark.crawl, pytest.mark.mongo]
FAST = ("-s", "DOWNLOAD_DELAY=0.03", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "NETPATROL_BROWSER=off")
SEARCH = ("-s", "NETPATROL_SEARCH=json:http://so.example/?q={words}&page={page}", "-a", "keywords=蜂蜜", "-a", "regions=夷陵")


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Run discover, sites and storefronts one after the other; return what was asked after each, and what is known."""
    patrol = Patrol(tmp_path_factory.mktemp("discover") / "home")
    seeds = patrol.home.parent / "seeds.txt"
    seeds.write_text("".join(f"http://{name}.example/\n" for name in ("mapped", "forsale", "alike", "lost")), "utf-8")
    patrol.command("targets", "import", str(seeds))
    asked = {}
    with hostile.serve() as proxy:
        for spider, more in (("discover", SEARCH), ("sites", ()), ("sites", ("-a", "due=all"))):
            before = hostile.Host.asked.copy()
            patrol.crawl(spider, *more, *FAST, proxy=proxy)
            asked[" ".join((spider, *more[1:]))[:20].strip()] = hostile.Host.asked - before
    with connect(patrol.home, "") as store:
        targets = {target["shop_id"]: target for target in store.db["targets"].find()}
        pages = {page["url"]: page["state"] for page in store.db["pages"].find()}
        shops = {shop["host"]: shop for shop in store.db["shops"].find()}
    runs = patrol.command("runs", "list", "--format", "jsonl").stdout
    yield {"asked": list(asked.values()), "targets": targets, "pages": pages, "shops": shops, "leads": patrol.leads(), "runs": runs}
    embedded.stop(patrol.home)


def said(outcome, host):
    """Return what the leads of a host quote, as one text."""
    return " ".join(lead["text"] for lead in outcome["leads"] if lead["host"] == host)


def test_what_a_search_finds_becomes_a_target_and_what_lies_inside_does_not(outcome):
    found = outcome["targets"]["found.example"]
    assert [(via["channel"], via["source"]) for via in found["found_via"]] == [("search", "夷陵 蜂蜜")]
    assert "127.0.0.1" not in outcome["targets"]
    assert {address for address in outcome["asked"][0] if address.startswith("so.example/?")} == {
        "so.example/?q=%E5%A4%B7%E9%99%B5%20%E8%9C%82%E8%9C%9C&page=1",
        "so.example/?q=%E5%A4%B7%E9%99%B5%20%E8%9C%82%E8%9C%9C&page=2",
    }


def test_a_sitemap_that_a_look_found_is_read_by_the_patrol(outcome):
    assert outcome["asked"][0]["mapped.example/sitemap.xml"] == 1
    assert outcome["asked"][0]["mapped.example/hidden"] == 0
    assert outcome["asked"][1]["mapped.example/hidden"] == 1
    assert "国家级" in said(outcome, "mapped.example")


def test_a_domain_for_sale_is_no_shop_and_leads_nowhere(outcome):
    assert outcome["shops"]["forsale.example"]["state"] == "parked"
    assert "ads.example" not in outcome["targets"]
    assert not said(outcome, "forsale.example")


def test_what_the_look_fetched_the_patrol_does_not_fetch_again(outcome):
    looked, patrolled, _ = outcome["asked"]
    assert looked["mapped.example/"] == looked["found.example/"] == 1
    assert patrolled["mapped.example/"] == patrolled["found.example/"] == 0
    assert "全国第一" in said(outcome, "found.example")


def test_the_same_spider_again_fetches_all_anew(outcome):
    again = outcome["asked"][2]
    assert again["mapped.example/"] == again["mapped.example/hidden"] == again["found.example/"] == 1


def test_nearly_equal_pages_are_cut_and_a_productive_section_is_not(outcome):
    again = outcome["asked"][2]
    assert len([address for address in again if address.startswith("alike.example/x/")]) <= 25
    assert len([address for address in again if address.startswith("alike.example/goods/")]) == 40
    assert '"near_duplicates"' in outcome["runs"]


def test_a_large_page_that_says_not_found_is_not_checked_and_costs_one_question(outcome):
    states = {url: state for url, state in outcome["pages"].items() if url.startswith("http://lost.example/")}
    assert states == {
        "http://lost.example/": "checked", "http://lost.example/goods/1": "checked",
        "http://lost.example/goods/2": "soft_404", "http://lost.example/goods/3": "soft_404",
    }  # fmt: skip
    asked = [address for address in outcome["asked"][2] if address.startswith("lost.example/") and address.endswith(".html")]
    assert len(asked) == 1
    assert "国家级" not in said(outcome, "lost.example")
