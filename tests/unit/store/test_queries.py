from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from netpatrol.store.queries import QUERIES, Asked, shell_text

NOW = datetime(2026, 1, 15, 4, 0, tzinfo=UTC)
SCHEMA = Path(__file__).parents[3] / "docs" / "schema.md"


@pytest.mark.parametrize("name", QUERIES)
def test_each_query_stands_in_the_schema_page(name: str) -> None:
    text = SCHEMA.read_text("utf-8")
    assert f"### {name}\n" in text
    assert shell_text(QUERIES[name], Asked(now=NOW, by="王芳")) in text


@pytest.mark.parametrize(
    ("days", "first"),
    [(1, "2026-01-13T16:00"), (4, "2026-01-08T16:00"), (15, "2025-12-24T16:00")],
)
def test_working_days_leave_out_weekends(days: int, first: str) -> None:
    assert Asked(now=NOW).working_days_ago(days).isoformat().startswith(first)


def test_today_begins_at_midnight_here() -> None:
    assert Asked(now=datetime(2026, 1, 15, 17, 0, tzinfo=UTC)).today == datetime(2026, 1, 15, 16, 0, tzinfo=UTC)


def test_every_required_field_is_documented() -> None:
    from netpatrol.store.schema import FIELDS

    sections = SCHEMA.read_text("utf-8").split("\n## ")
    for name, fields in FIELDS.items():
        section = next(text for text in sections if text.startswith(f"{name} "))
        assert [field for field in fields if field not in section] == []
