"""Everything that a web can do to a crawl: none of it stops the run, reaches inside, or is lost silently."""

import json

import pytest
from support import hostile
from support.crawls import Patrol

from netpatrol.store import embedded
from netpatrol.store.mongo import connect

pytestmark = [pytest.mark.crawl, pytest.mark.mongo]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Crawl all hostile hosts once; return the ledger, targets, pages, what was asked, and what was printed."""
    patrol = Patrol(tmp_path_factory.mktemp("hostile") / "home")
    seeds = patrol.home.parent / "seeds.txt"
    seeds.write_text("\n".join(f"http://{name}.example/" for name in hostile.HOSTS), "utf-8")
    with hostile.serve() as proxy:
        done = patrol.crawl(
            "sites", "-a", f"seeds={seeds}", "-s", "DOWNLOAD_DELAY=0.05", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "DOWNLOAD_TIMEOUT=4",
            "-s", "RETRY_TIMES=1", "-s", "NETPATROL_MARK_HOSTS=filing.example",
            "-s", "NETPATROL_MAX_CRAWL_DELAY=2", proxy=proxy,
        )  # fmt: skip
        asked, times = dict(hostile.Host.asked), dict(hostile.Host.times)
    with connect(patrol.home, "") as store:
        pages = {page["url"]: page for page in store.db["pages"].find()}
        shops = {shop["host"]: shop for shop in store.db["shops"].find()}
        targets = {target["host"]: target for target in store.db["targets"].find()}
    leads = patrol.leads()
    yield {
        "ledger": patrol.ledger(), "pages": pages, "targets": targets, "shops": shops, "asked": asked, "times": times, "leads": leads,
        "done": done, "patrol": patrol,
    }  # fmt: skip
    embedded.stop(patrol.home)


def test_the_run_ends_and_adds_up(outcome):
    ledger = outcome["ledger"]
    for table in (ledger["pages"], ledger["targets"]):
        assert table["planned"] == table["checked"] + table["skipped"] + table["failed"]
    assert ledger["targets"]["planned"] == len(hostile.HOSTS) + 1  # and the official host, which is linked
    assert ledger["adds_up"] is True


def test_nothing_inside_was_asked(outcome):
    assert [address for address in outcome["asked"] if ".example" not in address.split("/")[0]] == []
    assert outcome["ledger"]["pages"]["skipped_by_reason"]["redirect_off_site"] == 1


@pytest.mark.parametrize(
    ("host", "claims"),
    [
        ("plain", 1), ("deep", 1), ("script", 1), ("cookie", 1), ("keys", 1), ("xss", 1), ("surrogate", 1), ("robotsgbk", 1),
        ("robotshtml", 1), ("robotsslow", 1), ("long", 1), ("shunned", 1),
    ],
)  # fmt: skip
def test_what_can_be_read_is_read(outcome, host, claims):
    found = [lead for lead in outcome["leads"] if lead["host"] == f"{host}.example" and lead["family"] == "absolute"]
    assert len(found) >= claims, host


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("skipped", "robots_unavailable"), ("skipped", "robots"), ("skipped", "crawl_delay"), ("skipped", "challenge"),
        ("failed", "redirect_loop"), ("failed", "http_503"), ("failed", "timeout"), ("failed", "long_address"),
        ("skipped", "long_address"), ("skipped", "nofollow"), ("skipped", "more_links"), ("skipped", "robots_unreachable"),
    ],
)  # fmt: skip
def test_each_fault_ends_in_the_ledger_with_its_reason(outcome, kind, reason):
    assert outcome["ledger"]["pages"][f"{kind}_by_reason"].get(reason, 0) >= 1


def test_a_gzip_bomb_and_a_huge_page_are_not_checked(outcome):
    states = {url: page["state"] for url, page in outcome["pages"].items()}
    reasons = outcome["ledger"]["pages"]["skipped_by_reason"]
    assert states.get("http://bomb.example/b", "") not in ("checked",)
    assert states.get("http://big.example/b", "too_large") in ("truncated", "too_large")
    assert reasons.get("too_large", 0) + reasons.get("truncated", 0) >= 2


def test_what_came_of_a_page_whose_end_did_not_is_read(outcome):
    assert outcome["pages"]["http://reset.example/r"]["state"] == "truncated"
    assert outcome["asked"]["reset.example/r"] == 2  # it may have been the line
    assert "http://reset.example/r" in {lead["url"] for lead in outcome["leads"]}


def test_robots_are_obeyed_in_every_spelling(outcome):
    asked = outcome["asked"]
    assert "robots500.example/" not in asked
    assert "robotsgbk.example/vip/1" not in asked
    assert "robotsbom.example/vip/1" not in asked
    assert asked["robotshtml.example/vip/1"] == 1
    assert {address: number for address, number in asked.items() if address.startswith("robotsslow.example")} == {
        "robotsslow.example/robots.txt": 1,
        "robotsslow.example/": 1,
        "robotsslow.example/index.html": 1,  # where the one visit leads; nothing else there is asked
    }
    first, _, last = outcome["times"]["robotsslow.example"]
    assert last - first >= 3  # a day, capped at two seconds by this run


def test_long_addresses_hold_nobody_up(outcome):
    states = {url: page["state"] for url, page in outcome["pages"].items() if "://long.example/" in url}
    assert {url[:24] for url, state in states.items() if state == "checked"} == {
        "http://long.example/", "http://long.example/g?x=", "http://long.example/end"
    }  # fmt: skip


def test_one_plain_link_is_enough(outcome):
    assert outcome["asked"].get("shunned.example/claims") == 1
    assert "shunned.example/cart" not in outcome["asked"]


def test_an_endless_calendar_is_cut(outcome):
    months = [address for address in outcome["asked"] if address.startswith("calendar.example/cal/")]
    assert 2 <= len(months) <= 10


def test_session_ids_do_not_multiply_pages(outcome):
    addresses = [address for address in outcome["asked"] if address.startswith("sessions.example")]
    asked = {address.partition("?")[0].partition(";")[0] for address in addresses}
    assert asked == {"sessions.example/robots.txt", "sessions.example/", "sessions.example/a", "sessions.example/b"}
    assert len(addresses) == 4


def test_what_a_page_says_of_itself_harms_neither_database_nor_screen(outcome):
    stored = outcome["pages"]["http://keys.example/"]
    assert not any(key.startswith("$") or "." in key for key in stored)
    shown = outcome["patrol"].command("leads", "list").stdout
    assert "\x1b" not in shown or "[31m" not in shown
    assert json.dumps(outcome["leads"], ensure_ascii=False)
    assert outcome["patrol"].command("evidence", "verify").returncode == 0


def test_licence_marks_are_asked_after_once_and_compared(outcome):
    assert outcome["shops"]["marked.example"]["mark"] == "ok"
    assert outcome["shops"]["borrowed.example"]["mark"] == "other_domain"
    assert outcome["shops"]["plain.example"]["mark"] == "absent"
    assert outcome["asked"]["filing.example/lz/7"] == 1


def test_nothing_was_logged_as_an_error_of_ours(outcome):
    assert "Traceback" not in outcome["done"].stderr
