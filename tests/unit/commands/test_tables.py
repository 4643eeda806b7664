"""What commands print is shown as text, whatever stood on a page."""

import json

from netpatrol.commands.tables import as_json


def test_json_drives_no_terminal_and_says_the_same():
    said = {"text": "茶\x9b2J\u202e价\u2028低\x1b[2J", "price": 68}
    written = as_json(said)
    assert json.loads(written) == said
    assert written.isprintable()
