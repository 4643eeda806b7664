"""docs/settings.md and netpatrol/settings.py say the same."""

from pathlib import Path

from netpatrol import settings

ROOT = Path(__file__).parent.parent.parent


def test_every_setting_is_in_the_table():
    ours = {name for name in vars(settings) if name.startswith("NETPATROL_")} | {"MONGO_URI"}
    assert set(settings.options.known) == ours


def test_the_documented_table_is_that_of_the_program():
    """To mend it: `python -c 'from netpatrol import settings; print(settings.options.table())'` into the page."""
    assert settings.options.table() in (ROOT / "docs" / "settings.md").read_text("utf-8")
