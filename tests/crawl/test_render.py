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
    seeds.write_text("http://spa.example/\nhttp://never.example/\nhttp://failing.example/\nhttp://plain.example/\n", "utf-8")
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
    assert rendered["ledger"]["pages"]["skipped_by_reason"] == {"needs_render": 2}
    assert rendered["ledger"]["adds_up"] is True


def test_raw_and_rendered_page_and_picture_are_kept(rendered):
    assert rendered["verified"] == 0
    lead = next(lead for lead in rendered["leads"] if lead["host"] == "spa.example")
    shown = rendered["patrol"].command("evidence", "show", lead["evidence"][0])
    assert "chromium" in shown.stdout
    assert "screenshot" in shown.stdout


def test_pages_that_need_no_script_are_not_rendered(rendered):
    assert rendered["asked"]["plain.example/"] == 1


def test_without_a_browser_the_same_pages_are_said_to_need_one(tmp_path):
    found = crawl(tmp_path, "-s", "NETPATROL_BROWSER=off")
    assert found["ledger"]["pages"]["skipped_by_reason"]["needs_render"] == 3
    assert not [lead for lead in found["leads"] if lead["host"] == "spa.example"]


def test_a_browser_that_is_not_there_is_not_found(tmp_path):
    assert find_browser("off") == ""
    assert find_browser(str(tmp_path / "chromium")) == ""
    assert find_browser(shutil.which("sh")) == shutil.which("sh")
