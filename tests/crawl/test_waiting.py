"""What a page shows late, or beside its markup, is read as a reader would; what does not come is told, and is no proof of anything."""

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
    with scripted.proxied() as (proxy, asked):
        states = crawl(patrol, proxy, *COMES, *DOES_NOT, *scripted.HIDING, *scripted.ELSEWHERE, "moody", "asking")
        before = patrol.leads()
        scripted.Host.is_down = True
        later = crawl(patrol, proxy, *scripted.ELSEWHERE, "moody")
        scripted.Host.is_down = False
    with connect(patrol.home, "") as store:
        standing = {lead["host"].partition(".")[0]: lead["status"] for lead in store.db["leads"].find()}
    yield {"states": states, "leads": before, "later": later, "standing": standing, "asked": asked}
    embedded.stop(patrol.home)


def hosts_of(leads):
    return {lead["host"].partition(".")[0] for lead in leads}


@pytest.mark.parametrize("host", [*COMES, *scripted.HIDING, "asking"])
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
    assert waited["standing"]["moody"] == "open"


@pytest.mark.parametrize("host", scripted.ELSEWHERE)
def test_words_that_may_stand_elsewhere_on_the_page_are_not_corrected(waited, host):
    assert waited["standing"][host] == ("closed" if host in scripted.MENDED else "open")
    assert waited["later"][host] == ("needs_render" if host in scripted.UNSEEN else "checked")


@pytest.mark.parametrize("host", ["selling", "turning", "telling", "opening"])
def test_nothing_is_asked_for_when_what_a_reader_may_do_is_tried(waited, host):
    files = {path for path in waited["asked"].at(f"{host}.example") if path.startswith(("/api/", "/more/", "/f.html"))}
    assert files == set()


def test_a_part_that_a_script_fills_is_told_where_there_is_no_browser(tmp_path):
    patrol = Patrol(tmp_path / "home")
    (tmp_path / "seeds.txt").write_text("http://asking.example/\nhttp://written.example/\n", "utf-8")
    with scripted.proxied() as (proxy, _):
        patrol.crawl("sites", "-a", f"seeds={tmp_path / 'seeds.txt'}", "-s", "NETPATROL_BROWSER=off", proxy=proxy)
    embedded.stop(patrol.home)
    pages = patrol.ledger()["pages"]
    assert (pages["checked"], pages["skipped_by_reason"]) == (2, {"script_links": 1, "script_text": 1})


def test_a_browser_that_does_not_start_is_told(tmp_path):
    patrol = Patrol(tmp_path / "home")
    (tmp_path / "seeds.txt").write_text("http://slow.example/\n", "utf-8")
    with scripted.proxied() as (proxy, _):
        done = patrol.crawl("sites", "-a", f"seeds={tmp_path / 'seeds.txt'}", "-s", "NETPATROL_BROWSER=/bin/true", proxy=proxy, check=False)
    embedded.stop(patrol.home)
    assert done.returncode == 3
    assert "浏览器 /bin/true 启动不了" in done.stderr
    assert "Traceback" not in done.stderr
