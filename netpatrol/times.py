"""Times are stored in UTC and shown in Asia/Shanghai, which has had no summer time since 1991."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def local_date(at: datetime) -> date:
    """Return the day in Shanghai."""
    return at.astimezone(SHANGHAI).date()


def shown(at: datetime | None) -> str:
    """Return a time as people read it, "" for none."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def today() -> date:
    """Return today in Shanghai. For commands; the core is told the day."""
    return local_date(datetime.now(UTC))
