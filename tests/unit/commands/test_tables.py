"""What commands print is shown as text, whatever stood on a page."""

import json

from netpatrol.commands.tables import as_json, at_most


def test_json_drives_no_terminal_and_says_the_same():
    said = {"text": "茶\x9b2J\u202e价\u2028低\x1b[2J", "price": 68}
    written = as_json(said)
    assert json.loads(written) == said
    assert written.isprintable()


def test_a_list_that_is_cut_says_so(capsys):
    assert at_most(iter(range(4)), 3) == [0, 1, 2]
    assert "只列出前 3 条" in capsys.readouterr().err
    assert at_most(range(3), 3) == [0, 1, 2]
    assert capsys.readouterr().err == ""
