"""Every reason with which a page or target can end is told in Chinese."""

import re
from pathlib import Path

from netpatrol.items import PageState
from netpatrol.ledger import REASONS, told

PACKAGE = Path(__file__).parents[2] / "netpatrol"
NAMED = re.compile(r'(?:Refused\(|(?:FAILED|SKIPPED), |reason = |ledger\.skip\([^"]*)"([a-z_]+)"')
RETURNED = re.compile(r'return "([a-z]+(?:_[a-z]+)*)"')


def reasons():
    for file in [*(PACKAGE / "spiders").glob("_*.py"), *(PACKAGE / "pipelines").glob("*.py"), PACKAGE / "middlewares.py"]:
        text = file.read_text("utf-8")
        yield from NAMED.findall(text)
        if file.name in ("_site.py", "_sections.py", "middlewares.py"):
            yield from RETURNED.findall(text)
    yield from (str(state) for state in PageState if state is not PageState.CHECKED)
    yield from (f"{stage}_error" for stage in ("preserve", "read", "detect", "match", "parse", "fetch"))


def test_every_reason_has_a_name():
    found = set(reasons())
    assert len(found) > 30
    assert found - set(REASONS) == set()


def test_answers_of_hosts_are_told_by_their_number():
    assert told("http_503") == "对方返回 503（http_503）"
    assert told("robots") == "robots.txt 不允许（robots）"
