"""What a page that the browser draws may ask for."""

import pytest

from netpatrol.text.addresses import Gate
from netpatrol.visit import MOST_RETURNS, Visit, Wish

HOME = "http://shop.example/list?page=1"


def visit(**given):
    def robots(url, like):
        return "robots" if "/private/" in url and ("shop.example" in url or "shop.example" in like) else ""

    made = Visit(**{"start": HOME, "gate": Gate(), "robots": robots, "most": 20, **given})
    assert made.why_not(Wish(url=HOME, kind="document", moves_page=True)) == ""
    return made


@pytest.mark.parametrize(
    ("url", "kind", "method", "reason"),
    [
        ("http://shop.example/api/goods", "fetch", "GET", ""),
        ("http://shop.example/api/goods", "xhr", "POST", ""),
        ("http://www.shop.example/frame.html", "document", "GET", ""),
        ("data:image/png;base64,AA", "image", "GET", ""),
        ("https://cdn.example/vue.js", "script", "GET", ""),
        ("https://api.example/goods", "fetch", "GET", ""),
        ("http://shop.example/private/x", "fetch", "GET", "robots"),
        ("http://shop.example/private/x.js", "script", "GET", "robots"),
        ("https://m.shop.example/private/x", "document", "GET", "robots"),
        ("http://shop.example/cart/1", "fetch", "DELETE", "method"),
        ("http://shop.example/order", "document", "POST", "method"),
        ("http://shop.example/track", "ping", "POST", "kind"),
        ("http://shop.example/film.mp4", "media", "GET", "kind"),
        ("http://shop.example/ahead", "prefetch", "GET", "kind"),
        ("http://victim.example/order", "fetch", "POST", "method"),
        ("http://victim.example/", "document", "GET", "kind"),
        ("http://10.66.0.1/x", "image", "GET", "internal_address"),
        ("http://0x7f.1/x", "image", "GET", "internal_address"),
        ("http://[::ffff:127.0.0.1]/x", "image", "GET", "internal_address"),
        ("http://intranet/x", "script", "GET", "internal_address"),
        ("file:///etc/passwd", "image", "GET", "bad_address"),
    ],
)
def test_what_a_page_may_ask_for(url, kind, method, reason):
    assert visit().why_not(Wish(url=url, kind=kind, method=method)) == reason


@pytest.mark.parametrize(
    ("method", "url", "reason"),
    [
        ("GET", "http://shop.example/x", ""),
        ("POST", "http://shop.example/api", ""),
        ("CONNECT", "https://shop.example:443/", ""),
        ("GET", "http://shop.example/private/x", "robots"),
        ("PUT", "http://shop.example/x", "method"),
        ("GET", "http://victim.example/x", "not_asked_for"),
        ("CONNECT", "https://victim.example:443/", "not_asked_for"),
        ("GET", "http://10.66.0.1/x", "internal_address"),
        ("CONNECT", "https://10.66.0.1:443/", "internal_address"),
        ("CONNECT", "https://[::1]:443/", "internal_address"),
    ],
)
def test_what_leaves_the_browser_on_any_hop(method, url, reason):
    assert visit().why_not_pass(method, url) == reason


def test_a_redirect_may_lead_to_hosts_that_the_page_itself_asks_but_sends_them_nothing():
    made = visit()
    made.why_not(Wish(url="http://cdn.example/vue.js", kind="script"))
    assert made.why_not_pass("GET", "http://cdn.example/vue.3.js") == ""
    assert made.why_not_pass("CONNECT", "https://cdn.example:443/") == ""
    assert made.why_not_pass("POST", "http://cdn.example/vue.3.js") == "method"


@pytest.mark.parametrize(
    ("url", "kind", "method", "reason"),
    [
        ("https://shop.example/api", "fetch", "GET", ""),
        ("https://shop.example/api", "xhr", "POST", ""),
        ("https://www.shop.example/frame.html", "document", "GET", ""),
        ("https://cdn.example/vue.3.js", "script", "GET", ""),
        ("https://shop.example/private/x", "fetch", "GET", "robots"),
        ("https://shop.example/private/x", "document", "GET", "robots"),
        ("https://cdn.example/order", "fetch", "POST", "method"),
        ("https://cdn.example/", "document", "GET", "kind"),
        ("https://victim.example/x", "image", "GET", "not_asked_for"),
        ("https://10.66.0.1/x", "image", "GET", "internal_address"),
    ],
)
def test_where_a_redirect_may_lead(url, kind, method, reason):
    made = visit()
    made.why_not(Wish(url="https://cdn.example/vue.js", kind="script"))
    assert made.why_not_follow(Wish(url=url, kind=kind, method=method)) == reason


def test_redirects_count_as_what_a_page_asks_for():
    made = visit(most=3)
    assert [made.why_not_follow(Wish(url=f"http://shop.example/{at}", kind="fetch")) for at in range(3)] == ["", "", "too_many"]


def test_a_page_asks_for_so_much_and_no_more():
    made = visit(most=3)
    asked = [made.why_not(Wish(url=f"http://shop.example/{at}", kind="script")) for at in range(4)]
    assert asked == ["", "", "too_many", "too_many"]
    passed = [made.why_not_pass("GET", f"http://shop.example/{at}") for at in range(4)]
    assert passed == ["", "", "", "too_many"]


def test_pictures_leave_room_for_what_a_page_says():
    made = visit(most=10)
    pictures = [made.why_not(Wish(url=f"http://shop.example/{at}.jpg", kind="image")) for at in range(100)]
    assert pictures.count("") == 5
    assert made.why_not(Wish(url="http://shop.example/api", kind="fetch")) == ""


@pytest.mark.parametrize("to", ["http://victim.example/", "http://shop.example/private/x", "http://shop.example/other"])
def test_the_page_itself_goes_nowhere_and_says_where_it_would_have_gone(to):
    made = visit()
    assert made.why_not(Wish(url=to, kind="document", moves_page=True)) == "navigation"
    assert made.left_for == to
    assert made.is_left.is_set()


def test_a_page_may_load_itself_anew_a_few_times():
    made = visit()
    again = [made.why_not(Wish(url="http://shop.example/list?page=1&t=7", kind="document", moves_page=True)) for _ in range(MOST_RETURNS + 1)]
    assert again == [*[""] * MOST_RETURNS, "navigation"]


def test_without_a_contact_only_allowed_hosts_give_what_a_page_needs():
    made = visit(contact=False, gate=Gate.allowing(["cdn.corp"]))
    assert made.why_not(Wish(url="http://cdn.corp/vue.js", kind="script")) == ""
    assert made.why_not(Wish(url="http://cdn.example/vue.js", kind="script")) == "no_contact"
