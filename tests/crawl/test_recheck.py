"""What was found is closed by what a later visit saw, and by nothing else."""

import pytest
from support import hostile

from netpatrol.browser import find_browser
from netpatrol.store.mongo import connect

pytestmark = [pytest.mark.crawl, pytest.mark.mongo]
FAST = ("-s", "DOWNLOAD_DELAY=0.05", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "RETRY_TIMES=0", "-s", "NETPATROL_BROWSER=off")


@pytest.fixture
def web():
    with hostile.serve() as proxy:
        yield proxy


def seen_again(patrol, web, shop="changing.example", *more, again=("recheck",)):
    """Patrol the shop, let it change, and look again."""
    (seeds := patrol.home.parent / "seeds.txt").write_text(f"{shop}\n", "utf-8")
    patrol.crawl("sites", "-a", f"seeds={seeds}", *FAST, proxy=web)
    hostile.Host.changed = True
    patrol.crawl(*again, *FAST, *more, proxy=web)


def claims(patrol):
    """Return the goods on which a claim stands, and the state of the shop's target."""
    with connect(patrol.home, "") as store:
        pages = {page["title"].partition(" ")[0]: page for page in store.db["pages"].find({}, {"title": 1, "findings": 1, "gone": 1})}
        [shop] = store.db["shops"].find({}, {"state": 1})
        leads = list(store.db["leads"].find({"family": "absolute"}, {"status": 1}))
    standing = {name for name, page in pages.items() if not page["gone"] and any(f["verdict"] == "violation" for f in page["findings"])}
    return standing, shop["state"], [lead["status"] for lead in leads]


def test_only_what_was_seen_to_be_corrected_or_gone_is_closed(patrol, web):
    seen_again(patrol, web)
    standing = set(hostile.CHANGES) - hostile.ENDED
    assert claims(patrol) == (standing, "checked", ["open"])
    patrol.command("rescan")  # what stands in a page's place closes nothing when it is judged again
    assert claims(patrol) == (standing, "checked", ["open"])
    patrol.crawl("recheck", *FAST, proxy=web)  # nor when it is seen again
    assert claims(patrol) == (standing, "checked", ["open"])


def test_a_shop_is_not_gone_because_one_of_its_goods_is(patrol, web, monkeypatch):
    monkeypatch.setattr(hostile, "CHANGES", {"百花": hostile.CHANGES["百花"]})
    seen_again(patrol, web)
    standing, state, leads = claims(patrol)
    assert (standing, state, leads) == (set(), "checked", ["closed"])
    with connect(patrol.home, "") as store:
        assert store.db["leads"].find_one({"family": "absolute"})["closed_reason"] == "gone"  # taken down, not corrected
    assert hostile.Host.asked["changing.example/"] == 2  # asked again, to see whether the shop is there


def test_a_shop_is_not_gone_while_its_start_page_is_down(patrol, web, monkeypatch):
    monkeypatch.setattr(hostile, "CHANGES", {"百花": hostile.CHANGES["百花"]})
    hostile.Host.down = True
    seen_again(patrol, web)
    assert claims(patrol) == ({"百花"}, "unreachable", ["open"])
    patrol.command("rescan")  # the answer that was taken back is not judged
    assert claims(patrol)[2] == ["open"]


def test_a_shop_is_not_parked_because_one_of_its_pages_says_so(patrol, web, monkeypatch):
    monkeypatch.setattr(hostile, "CHANGES", {"芝麻": hostile.CHANGES["芝麻"]})
    seen_again(patrol, web)
    assert claims(patrol) == ({"芝麻"}, "checked", ["open"])
    assert hostile.Host.asked["changing.example/"] == 2  # asked again, to see whether it says so too


def test_a_shop_is_parked_where_its_front_page_says_so_too(patrol, web, monkeypatch):
    monkeypatch.setattr(hostile, "CHANGES", {"芝麻": hostile.CHANGES["芝麻"]})
    monkeypatch.setitem(hostile.LATER, "/closed.html", hostile.CHANGES["芝麻"][1])
    hostile.Host.closed = True
    seen_again(patrol, web)
    assert claims(patrol)[1:] == ("parked", ["closed"])


def test_a_page_behind_a_form_is_asked_for_by_the_form_again(patrol, web):
    seen_again(patrol, web, "posted.example")
    assert claims(patrol) == (set(), "checked", ["closed"])
    assert (hostile.Host.asked["POST posted.example/list.asp"], hostile.Host.asked["posted.example/list.asp"]) == (2, 0)
    assert set(hostile.Host.sent) == {b"page=2&cls=%B7%E4%C3%DB"}


def test_goods_that_lead_home_are_not_gone_while_home_is_shut(patrol, web, monkeypatch):
    monkeypatch.setattr(hostile, "CHANGES", {name: hostile.CHANGES[name] for name in ("五味", "龙眼", "银耳", "板栗")})
    hostile.Host.closed = True
    seen_again(patrol, web)
    assert claims(patrol)[0] == {"五味", "龙眼", "银耳", "板栗"}


def test_a_shop_has_not_moved_because_goods_lead_to_another_host(patrol, web, monkeypatch):
    monkeypatch.setattr(hostile, "CHANGES", {"荔枝": hostile.CHANGES["荔枝"]})
    seen_again(patrol, web)
    assert claims(patrol) == ({"荔枝"}, "checked", ["open"])
    assert hostile.Host.asked["changing.example/"] == 2


def test_a_patrol_does_not_take_for_corrected_what_a_script_may_say_either(patrol, web, monkeypatch):
    monkeypatch.setattr(hostile, "CHANGES", {name: hostile.CHANGES[name] for name in ("荞麦", "槐花")})
    seen_again(patrol, web, again=("sites", "-a", "due=all"))
    assert claims(patrol) == ({"荞麦"}, "checked", ["open"])


@pytest.mark.browser
def test_what_a_script_fills_is_drawn_before_it_counts_as_corrected(patrol, web, monkeypatch):
    assert find_browser("")
    monkeypatch.setattr(hostile, "CHANGES", {name: hostile.CHANGES[name] for name in ("荞麦", "藜麦")})
    seen_again(patrol, web, "changing.example", "-s", "NETPATROL_BROWSER=")
    assert claims(patrol) == ({"荞麦"}, "checked", ["open"])
