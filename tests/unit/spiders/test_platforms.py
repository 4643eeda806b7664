"""Every kind of platform reads the page that lies in its folder of fixtures, and hostile pages harm none of them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpatrol.spiders.platforms import KINDS, read_platform
from netpatrol.spiders.platforms.json_api import next_page
from netpatrol.text.html import parse_document, parse_markup

FOLDERS = sorted(path for path in (Path(__file__).parents[3] / "fixtures" / "platforms").iterdir() if path.is_dir())
HERE = "http://mall.example/directory"


def read(folder):
    """Return what is expected of a folder's page, and the page."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    (page,) = folder.glob("page.*")
    kind = "application/json" if page.suffix == ".json" else "text/html; charset=utf-8"
    return expected, parse_document(page.read_bytes(), kind, expected["url"])


def test_each_kind_has_its_folder_and_each_folder_its_kind():
    assert [folder.name for folder in FOLDERS] == sorted(kind.name for kind in KINDS)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_recorded_page_of_a_kind_is_read(folder):
    expected, document = read(folder)
    told = read_platform(document)
    assert {front.prefix: front.name for front in told.storefronts} == expected["storefronts"]
    shop = {
        "name": told.shop.name,
        "licence": told.shop.licence,
        "next_pages": list(told.shop.next_pages),
        "next_forms": [[form.url, [list(field) for field in form.fields]] for form in told.shop.next_forms],
    }
    assert shop == expected["shop"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_kind_recognises_its_own_page(folder):
    _, document = read(folder)
    kind = next(kind for kind in KINDS if kind.name == folder.name)
    assert kind.recognises(document)


@pytest.mark.parametrize(
    ("url", "data", "following"),
    [
        ("http://a.example/api/items?page=1", {"total": 21, "pageSize": 10, "list": []}, "http://a.example/api/items?page=2"),
        ("http://a.example/api/items?page=3", {"total": 21, "pageSize": 10, "list": []}, ""),
        ("http://a.example/api/items", {"pageNo": 1, "totalPages": 3}, "http://a.example/api/items?pageNo=2"),
        ("http://a.example/api/items?k=x", {"data": {"current": 2, "pages": 3}}, "http://a.example/api/items?k=x&current=3"),
        ("http://a.example/api/items?pn=4", {"hasMore": True, "list": [1]}, "http://a.example/api/items?pn=5"),
        ("http://a.example/api/items?pn=4", {"hasMore": True, "list": []}, ""),
        ("http://a.example/api/items?page=1", {"total": 21, "pageSize": 10, "next": "/api/items?cursor=x"}, ""),
        ("http://a.example/api/items?page=1", {"total": 21, "pageSize": 10, "next": None}, ""),
        ("http://a.example/api/items?page=1", {"total": "many", "pageSize": 0}, ""),
        ("http://a.example/api/items?page=99999", {"pages": 10**9}, ""),
        ("http://a.example/api/items", {"name": "香菇"}, ""),
        ("http://a.example/api/items", [], ""),
    ],
)
def test_where_a_list_that_counts_goes_on(url, data, following):
    assert next_page(url, data) == following


def test_a_directory_leads_to_storefronts_and_a_single_shop_link_does_not():
    links = "".join(f'<a href="/shop/{n}">店{n}</a>' for n in (1001, 1002, 1003))
    found = read_platform(parse_markup(links, HERE)).storefronts
    assert [front.prefix for front in found] == ["/shop/1001", "/shop/1002", "/shop/1003"]
    assert read_platform(parse_markup('<a href="/shop/12">店</a>', "http://a.example/")).storefronts == ()


@pytest.mark.parametrize("key", ["url", "path", "anything"])
def test_a_directory_of_numbers_drawn_by_a_script_is_read_from_its_state(key):
    shops = [{key: f"/s/{n}", "name": f"店{n}"} for n in (501, 502, 503)]
    found = read_platform(parse_markup(f"<script>window.__SHOPS__={json.dumps(shops)};</script>", "http://m.mall.example/")).storefronts
    assert [front.url for front in found] == [f"http://m.mall.example/s/{n}" for n in (501, 502, 503)]
    assert {bool(front.name) for front in found} == {key != "anything"}


@pytest.mark.parametrize(("path", "api"), [("/", "/api/home.json"), ("/goods/25", "/api/goods/25.json")])
def test_a_shell_asks_at_the_end_of_a_large_bundle(path, api):
    script = "var u=0;" * 20_000 + "var p=location.pathname,api='/api'+(p==='/'?'/home':p)+'.json';fetch(api)"
    told = read_platform(parse_markup(f"<div id=app></div><script>{script}</script>", f"http://a.example{path}"))
    assert told.shop.next_pages == (f"http://a.example{api}",)


@pytest.mark.parametrize(
    "markup",
    [
        "".join(f'<a href="/shop/page/{n}/">{n}</a>' for n in range(5)),
        '<script>window.__S__={"items":[{"url":"/d/a","name":"茶","price":1},{"url":"/d/b","name":"笋","price":2}]}</script>',
        '<script>window.__S__={"shops":[{"url":"/d/a","price":1},{"url":"/d/b","price":2}]}</script>',
        '<script type="application/ld+json">{"@type":"Store","name":"东门","url":"/x"}</script>',
        '<script>window.__S__={"shops":[{"url":"http://b.example/1"},{"url":"http://c.example/2"}]}</script>',
    ],
)
def test_what_is_no_directory(markup):
    assert read_platform(parse_markup(markup, HERE)).storefronts == ()


@pytest.mark.parametrize(
    "markup",
    [
        "<script>window.__S__=" + "[" * 100_000 + "</script>",
        "<script>window.__S__=" + '{"shop":' * 50_000 + "</script>",
        "<script>" + "a={b:1};" * 50_000 + "__</script>",
        '<script type="application/ld+json">{"@type":[[],{},null],"url":{"a":1},"name":[]}</script>',
        '<script>window.__S__={"shop":"x","shops":[1,null,{"url":5,"name":{}}],"seller":{"licence":7}}</script>',
    ],
    ids=["brackets", "objects", "assignments", "odd types in JSON-LD", "odd types in state"],
)
def test_hostile_state_is_nothing(markup):
    told = read_platform(parse_markup(markup, HERE))
    assert (told.storefronts, told.shop.name, told.shop.licence) == ((), "", "")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["shop", "shops", "url", "name", "page", "total", "pageSize", "@type"]), inner, max_size=5),
    max_leaves=20,
)


@given(json_values)
def test_whatever_an_api_answers_is_read_without_harm(value):
    told = read_platform(parse_document(json.dumps(value).encode(), "application/json", "http://a.example/api?page=1"))
    assert all(front.prefix.startswith("/") for front in told.storefronts)
    assert all(page.startswith("http://a.example/api?page=2") for page in told.shop.next_pages)
