"""Pages that no longer say what open leads quote of them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from netpatrol.spiders._unsaid import may_still_say_it
from netpatrol.text.html import parse_markup
from netpatrol.text.urls import page_key

URL = "http://a.example/g1.html"
STANDS, WENT = "全国销量第一", "根治糖尿病"
GOODS = "<h1>高山毛尖</h1><p>" + "明前采摘，手工炒制，汤色清亮，回味甘甜。" * 12 + f"{STANDS}</p>"


@pytest.mark.parametrize(
    ("code", "may"),
    [
        (f"b.onclick=function(){{alert('{WENT}')}}", True),
        (f"b.onclick=function(){{alert('{STANDS}')}}", False),  # still on the page: it says nothing of what went
        (f"b.onclick=function(){{alert('{STANDS}');alert('{WENT}')}}", True),
        ("b.onclick=function(){alert('新品')}", False),
    ],
)
def test_only_the_words_that_went_are_looked_for_in_code(code, may):
    document = parse_markup(f"<html><body>{GOODS}<script>{code}</script></body></html>", URL)
    site = SimpleNamespace(quotes={page_key(URL): (STANDS, WENT)})
    planned = SimpleNamespace(own_key=page_key(URL), raw=None)
    assert may_still_say_it(site, planned, document, goes_on=False, said=None) is may
