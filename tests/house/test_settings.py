"""docs/settings.md and netpatrol/settings.py say the same."""

import re
from pathlib import Path

from netpatrol import settings

ROOT = Path(__file__).parent.parent.parent


def test_every_setting_is_documented_and_nothing_else():
    ours = {name for name in vars(settings) if name.startswith("NETPATROL_")} | {"MONGO_URI"}
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text("utf-8"), re.MULTILINE))
    assert told == ours


def test_documented_defaults_are_the_real_ones():
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([\d.]+) \|", (ROOT / "docs" / "settings.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) >= 10
    for name, told in rows:
        assert float(told) == float(getattr(settings, name)), name
