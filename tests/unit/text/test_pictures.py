"""Pictures are known by where they stand; those that come late by where they will."""

from netpatrol.text.html import parse_markup
from netpatrol.text.read import read_document


def test_which_pictures_a_page_shows():
    shown = "<img src=/a.jpg?v=1><IMG SRC='/a.jpg?v=2'><img src=/blank.gif data-original=/b.png><img><img src='/show.php?id=3'>"
    assert read_document(parse_markup(shown)).pictures == ("/a.jpg", "/b.png", "/show.php?id=3")
    assert read_document(parse_markup("<p>茶</p>")).pictures == ()
