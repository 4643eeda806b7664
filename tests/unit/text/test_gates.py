"""What the forms of a page ask for before it shows anything."""

import pytest

from netpatrol.items import Gate
from netpatrol.text.html import parse_markup
from netpatrol.text.read import read_document

PASSWORD, USER, SEARCH = "<input type=password>", "<input name=u>", "<form><input name=q><input type=submit></form>"


@pytest.mark.parametrize(
    ("markup", "gate"),
    [
        (f"<form>{PASSWORD}<input type=submit></form>", Gate.LOCK),
        (f"{SEARCH}<form>{PASSWORD}</form>", Gate.LOCK),
        (f"<form>{USER}{PASSWORD}<input type=hidden></form>", Gate.LOGIN),
        (f"{SEARCH}<form>{USER}<input TYPE='password'></form>", Gate.LOGIN),
        (f"<div>{USER}{PASSWORD}</div>", Gate.LOGIN),
        (f"<form>{USER}{PASSWORD}</form><form>{USER}<textarea></textarea></form>", Gate.NONE),
        (f"<form>{USER}{PASSWORD}{PASSWORD}</form>", Gate.NONE),
        (SEARCH, Gate.NONE),
        ("<p>type=password</p>", Gate.NONE),
    ],
)
def test_what_forms_ask_for(markup, gate):
    assert read_document(parse_markup(markup)).gate is gate
