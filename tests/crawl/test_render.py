"""Pages that only a script shows: rendered within budgets, never looking inside, never clean where nothing came."""

import shutil

import pytest
from support import hostile
from support.crawls import Patrol

from netpatrol.browser import PROGRAMS, find_browser
from netpatrol.store import embedded
from netpatrol.store.mongo import connect

pytestmark = [pytest.mark.crawl, pytest.mark.mongo, pytest.mark.browser]


def crawl(folder, *more):
    """Crawl the scripted hosts; return ledger, pages, leads, what was asked."""
    patrol = Patrol(folder / "home")
    seeds = folder / "seeds.txt"
    hosts = ("spa", "never", "failing", "plain", "routed", "anchored", "scrolled", "written", "greeting")
    seeds.write_text("".join(f"http://{host}.example/\n" for host in hosts), "utf-8")
    with hostile.serve() as proxy:
        patrol.crawl("sites", "-a", f"seeds={seeds}", "-s", "DOWNLOAD_DELAY=0.05", *more, proxy=proxy)
        asked = dict(hostile.Host.asked)
    with connect(patrol.home, "") as store:
        pages = {page["url"]: page for page in store.db["pages"].find()}
    found = {"ledger": patrol.ledger(), "pages": pages, "leads": patrol.leads(), "asked": asked, "patrol": patrol}
    found["verified"] = patrol.command("evidence", "verify").returncode
    embedded.stop(patrol.home)
    return found


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    assert find_browser(""), f"no browser on the path: install one of {', '.join(PROGRAMS)}"
    return crawl(tmp_path_factory.mktemp("render"))


def test_what_a_script_shows_is_read_and_its_links_followed(rendered):
    texts = {lead["text"] for lead in rendered["leads"] if lead["host"] == "spa.example"}
    assert "全国第一" in " ".join(texts)
    assert "spa.example/item" in rendered["asked"]


def test_the_browser_asks_no_internal_address(rendered):
    assert [address for address in rendered["asked"] if ".example" not in address.split("/")[0]] == []


def test_a_page_that_shows_nothing_is_not_checked(rendered):
    for host in ("never", "failing"):
        assert rendered["pages"][f"http://{host}.example/"]["state"] == "needs_render"
    assert rendered["ledger"]["pages"]["skipped_by_reason"]["needs_render"] == 2
    assert rendered["ledger"]["adds_up"] is True


def test_raw_and_rendered_page_and_picture_are_kept(rendered):
    assert rendered["verified"] == 0
    lead = next(lead for lead in rendered["leads"] if lead["host"] == "spa.example")
    shown = rendered["patrol"].command("evidence", "show", lead["evidence"][0])
    assert "chromium" in shown.stdout
    assert "screenshot" in shown.stdout


def test_pages_that_need_no_script_are_not_rendered(rendered):
    assert rendered["asked"]["plain.example/"] == 1


def test_a_menu_that_a_script_writes_is_drawn_and_a_jump_that_it_keeps_is_followed(rendered):
    assert rendered["pages"]["http://written.example/product.asp"]["state"] == "checked"
    assert rendered["pages"]["http://greeting.example/main.asp"]["state"] == "checked"
    assert rendered["asked"]["greeting.example/"] == 1  # what is understood need not be drawn


def test_each_route_of_an_application_is_opened_and_stored_as_a_page_of_its_own(rendered):
    goods = {f"http://routed.example/#/pages/detail?id={n}" for n in range(3)}
    assert {url for url in rendered["pages"] if "routed.example" in url} == {"http://routed.example/", *goods}
    assert {rendered["pages"][url]["state"] for url in goods} == {"checked"}
    assert {lead["url"] for lead in rendered["leads"] if lead["host"] == "routed.example"} == {"http://routed.example/#/pages/detail?id=1"}
    assert rendered["asked"]["routed.example/"] == 1 + 4  # itself, and once more by the browser for each of its pages


def test_what_only_looks_like_a_route_is_tried_a_few_times(rendered):
    assert [url for url in rendered["pages"] if "anchored.example" in url and "#" not in url] == ["http://anchored.example/"]
    assert 2 <= rendered["asked"]["anchored.example/"] <= 8


def test_a_list_that_grows_when_it_is_scrolled_is_read_to_its_end_or_said_to_go_on(rendered):
    goods = {f"http://scrolled.example/detail?id={page}-{n}" for page in range(1, 5) for n in range(3)}
    assert goods <= set(rendered["pages"])
    assert rendered["ledger"]["pages"]["skipped_by_reason"]["script_links"] == 1
    assert rendered["asked"]["scrolled.example/api/goods?page=6&endless=1"] == 1
    assert "scrolled.example/api/goods?page=20&endless=1" not in rendered["asked"]


def test_without_a_browser_the_same_pages_are_said_to_need_one(tmp_path):
    found = crawl(tmp_path, "-s", "NETPATROL_BROWSER=off")
    assert found["ledger"]["pages"]["skipped_by_reason"]["needs_render"] == 5 + 1 + 9  # the start pages, and what looks like routes
    assert found["ledger"]["pages"]["skipped_by_reason"]["script_links"] == 1 + 2  # of the menu that a script writes, and of the lists that grow
    assert "http://greeting.example/main.asp" in found["pages"]
    assert found["asked"]["anchored.example/"] == found["asked"]["routed.example/"] == 1
    assert not [lead for lead in found["leads"] if lead["host"] == "spa.example"]


def test_a_browser_that_is_not_there_is_not_found(tmp_path):
    assert find_browser("off") == ""
    assert find_browser(str(tmp_path / "chromium")) == ""
    assert find_browser(shutil.which("sh")) == shutil.which("sh")
