"""URL sense: one page has one key, one shop has one id."""

import pytest

from netpatrol.text.urls import (
    alike,
    bare_host,
    doubtful,
    fetch_url,
    form_mark,
    form_of,
    is_web_address,
    page_key,
    plain_url,
    repeats_itself,
    route_of,
    settled,
    shape,
    shop_key,
)

SAME_PAGE = {
    "scheme": ("http://a.example/x", "https://a.example/x"),
    "www": ("http://www.a.example/x", "http://a.example/x"),
    "mobile host": ("http://m.a.example/x", "http://www.a.example/x"),
    "default port": ("http://a.example:80/x", "http://a.example/x"),
    "trailing slash": ("http://a.example/shop", "http://a.example/shop/"),
    "index page": ("http://a.example/index.html", "http://a.example/"),
    "session in query": ("http://a.example/x?id=1&sid=9f8e7d6c5b4a", "http://a.example/x?id=1"),
    "session in path": ("http://a.example/x;jsessionid=AB12CD?id=1", "http://a.example/x?id=1"),
    "tracking": ("http://a.example/x?utm_source=q&id=1&spm=a1.b2", "http://a.example/x?id=1"),
    "sort order": ("http://a.example/list?page=2&sort=price&order=asc", "http://a.example/list?page=2"),
    "names of an order": ("http://a.example/list?page=2&sort=shop_price&order=desc", "http://a.example/list?page=2"),
    "channel": ("http://a.example/x?id=1&from=singlemessage&share_token=3f9a77c1e2", "http://a.example/x?id=1"),
    "address it came from": ("http://a.example/x?id=1&ref=http%3A%2F%2Fb.example", "http://a.example/x?id=1"),
    "clock": ("http://a.example/x?id=1&ts=1733130000&_=0.123", "http://a.example/x?id=1"),
    "first route": ("http://a.example/#/", "http://a.example/"),
    "repeated parameter": ("http://a.example/x?from=m&from=m&id=1", "http://a.example/x?id=1"),
    "escape case": ("http://a.example/%e5%95%86", "http://a.example/%E5%95%86"),
    "raw and escaped path": ("http://a.example/商品", "http://a.example/%E5%95%86%E5%93%81"),
    "fragment": ("http://a.example/x#top", "http://a.example/x"),
}
OTHER_PAGE = {
    "route in fragment": ("http://a.example/#/item/1", "http://a.example/#/item/2"),
    "query in GBK and in UTF-8": ("http://a.example/s?q=%D2%A9", "http://a.example/s?q=%E8%8D%AF"),
    "page number": ("http://a.example/list?page=1", "http://a.example/list?page=2"),
    "number of goods in sid": ("http://a.example/goods.php?sid=3", "http://a.example/goods.php?sid=4"),
    "number of a category in sort": ("http://a.example/list.php?sort=1", "http://a.example/list.php?sort=2"),
    "place of a list in from": ("http://a.example/list.php?from=20", "http://a.example/list.php?from=40"),
    "name of a category in sort": ("http://a.example/list.php?sort=tea", "http://a.example/list.php?sort=honey"),
    "number in ref": ("http://a.example/show.asp?ref=1", "http://a.example/show.asp?ref=2"),
    "number in order": ("http://a.example/d.asp?order=1", "http://a.example/d.asp?order=2"),
    "place in source": ("http://a.example/d.asp?source=hubei", "http://a.example/d.asp?source=hunan"),
    "route after a bang": ("http://a.example/#!/item/1", "http://a.example/"),
    "price filter": ("http://a.example/list?price_min=1&price_max=9", "http://a.example/list"),
    "number of a filter": ("http://a.example/list.php?filter_cat=1", "http://a.example/list.php?filter_cat=2"),
    "noun in sort": ("http://a.example/index.php?sort=product", "http://a.example/"),
    "nouns in sort": ("http://a.example/index.php?sort=shop", "http://a.example/index.php?sort=stock"),
    "noun in order": ("http://a.example/index.php?order=goods", "http://a.example/"),
    "page that has the name of a clock": ("http://a.example/show.php?ts=8", "http://a.example/show.php?ts=9"),
    "small number at random": ("http://a.example/show.php?rnd=8", "http://a.example/show.php?rnd=9"),
    "thing in source": ("http://a.example/page.php?source=home", "http://a.example/page.php?source=mobile"),
    "number of a session that is a hearing": ("http://a.example/page.php?session=1", "http://a.example/page.php?session=2"),
    "other port": ("http://a.example:8080/", "http://a.example/"),
    "order number": ("http://a.example/x?order=20240131", "http://a.example/x?order=20240132"),
}


@pytest.mark.parametrize(("one", "other"), SAME_PAGE.values(), ids=SAME_PAGE)
def test_one_page_has_one_key(one, other):
    assert page_key(one) == page_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER_PAGE.values(), ids=OTHER_PAGE)
def test_different_pages_have_different_keys(one, other):
    assert page_key(one) != page_key(other)


@pytest.mark.parametrize("url", [pair[0] for pair in (*SAME_PAGE.values(), *OTHER_PAGE.values())])
def test_the_address_to_fetch_is_of_the_same_page(url):
    assert page_key(fetch_url(url)) == page_key(url.partition("#")[0])


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("http://a.example/x?sid=3&id=1", ("sid",)),
        ("http://a.example/x?sid=9f8e7d6c5b4a&id=1", ()),
        ("http://a.example/x?sort=2&order=1&from=20&share_id=7", ("from", "order", "share_id", "sort")),
        ("http://a.example/x?sort=price_asc&order=20240131", ()),
        ("http://a.example/x?utm_source=3&price_min=1&filter_cat=2&id=1", ("filter_cat", "price_min")),
        ("http://a.example/x?ts=8&_=1733130000123", ("ts",)),
        ("http://a.example/x?source=home&session=3&orderby=price", ("session", "source")),
        ("http://a.example/x?sort=product", ("sort",)),
        ("http://a.example/x?sid=3#/goods/1", ("#", "sid")),
        ("http://a.example/x#/", ()),
        ("http://a.example/sid=3", ()),
    ],
)
def test_parameters_of_which_neither_name_nor_value_tells(url, names):
    assert doubtful(url) == names
    assert doubtful(settled(url)) == ()


def test_a_value_made_to_hold_us_up_is_read_at_once():
    assert page_key("http://a.example/x?sort=" + "addadd" * 1_300 + "!").endswith("!")


def test_a_query_in_gbk_is_fetched_byte_for_byte():
    assert fetch_url("http://a.example/s.asp?kw=%B2%E8%D2%B6&sid=12ab90cd") == "http://a.example/s.asp?kw=%B2%E8%D2%B6"


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://a.example./x.", "http://a.example/x."),
        ("http://a.example.:8080?q=.", "http://a.example:8080?q=."),
        ("http://a.example", "http://a.example"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
        ("no address.", "no address."),
    ],
)
def test_a_host_is_fetched_without_the_dot_that_may_end_it(url, plain):
    assert plain_url(url) == plain
    if url.startswith("http://a.example"):
        assert fetch_url(url).partition("?")[0].rstrip("/") == plain.partition("?")[0].rstrip("/")


@pytest.mark.parametrize(
    ("host", "bare"),
    [("www.a.example", "a.example"), ("m.a.example", "a.example"), ("m.cn", "m.cn"), ("WWW.A.example.", "a.example"), ("shop.a.example", "shop.a.example")],
)
def test_aliases_are_one_host(host, bare):
    assert bare_host(host) == bare


def test_each_storefront_is_its_own_shop():
    assert shop_key("http://mall.example/shop/1001", "/shop/1001") == "mall.example/shop/1001"
    assert shop_key("http://www.a.example/x") == "a.example"


def test_pages_of_one_program_share_a_shape():
    assert shape("http://a.example/calendar/2024-06.html") == shape("http://www.a.example/calendar/2025-11.html")
    assert shape("http://a.example/list?page=2") != shape("http://a.example/show?id=2")
    assert shape("http://a.example/#/goods/2?x=1") == shape("http://a.example/#/goods/13?x=2")
    assert shape("http://a.example/#/goods/2") != shape("http://a.example/#/news/2")
    assert shape("http://a.example/#top") == shape("http://a.example/")


@pytest.mark.parametrize(
    ("url", "route"),
    [
        ("http://a.example/#/goods/3", "#/goods/3"),
        ("http://a.example/x?y#!/goods", "#!/goods"),
        ("http://a.example/#/?page=2", "#/?page=2"),
        ("http://a.example/#/", ""),
        ("http://a.example/#!/", ""),
        ("http://a.example/#top", ""),
        ("http://a.example/", ""),
    ],
)
def test_a_fragment_that_is_a_page_of_its_own(url, route):
    assert route_of(url) == route


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/Product.asp?ID=1&Class=2", "/product.asp?class=2&id=1", True),
        ("/list.php?id=1&page=2", "/list.php?page=2&id=1", True),
        ("/%70roduct.php", "/product.php", True),
        ("/x.php?a=1&a=2", "/x.php?a=2&a=1", False),
        ("/List.php", "/list.php", False),
        ("/list.php?ID=1", "/list.php?id=1", False),
        ("/list.asp?id=A", "/list.asp?id=a", False),
        ("/a%2Fb", "/a/b", False),
        ("/#/goods/1", "/#/goods/2", False),
    ],
)
def test_keys_that_are_most_likely_of_one_page(one, other, same):
    one, other = (page_key("http://a.example" + path) for path in (one, other))
    assert (alike(one) == alike(other)) is same


@pytest.mark.parametrize(
    ("url", "grows"),
    [
        ("http://a.example/d/d/d/", True),
        ("http://a.example/a/b/a/b/a/b", True),
        ("http://a.example/a/1/a/2/a/3", True),
        ("http://a.example/all/all/all", True),
        ("http://a.example/a/goods/b/goods/c/goods", True),
        ("http://a.example/a/b/c/", False),
        ("http://a.example/", False),
        ("http://a.example/goods/list/cat/1/brand/1/status/1/p/2", False),
        ("http://a.example/goods/3/1/1/1/", False),
        ("http://a.example/2024/11/11/11/11.html", False),
        ("http://a.example/list/cat/all/brand/all/status/all", False),
    ],
)
def test_growing_paths_are_seen(url, grows):
    assert repeats_itself(url) is grows


@pytest.mark.parametrize(
    ("url", "can"),
    [
        ("http://a.example/", True),
        ("https://a.example:8443/x?y#z", True),
        ("http://宜昌.example/", True),
        ("http://[2001:db8::1]:80/", True),
        ("http://a.example:99999/", False),
        ("http://a.example:0/", False),
        ("http://a.example:port/", False),
        ("http://[::1/", False),
        ("http://user@a.example/", False),
        ("http://a\0.example/", False),
        ("http://a.example/\x1b[2J", False),
        ("//a.example/", False),
        ("ftp://a.example/", False),
        ("", False),
    ],
)
def test_what_can_be_asked_for(url, can):
    assert is_web_address(url) is can
    page_key(url)  # whatever an address is, it has a key


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize("fields", [(("page", "2"),), (("page", "2"), ("cls", "茶叶 & 蜜: 红"), ("key", ""))])
def test_a_form_is_told_by_the_key_of_the_page_it_led_to(fields, charset):
    assert form_of("a.example/list.asp" + form_mark(fields, charset)) == (fields, charset)


def test_a_key_without_a_form_tells_of_none():
    assert form_mark(()) == ""
    assert form_of("a.example:8080/list.asp") == ((), "utf-8")
