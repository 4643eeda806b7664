"""A small evidence folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from netpatrol.evidence.writer import EvidenceWriter
from netpatrol.items import EvidenceRef, PageItem, ShopRef

NOW = datetime(2026, 1, 15, 4, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def make_page() -> Callable[..., PageItem]:
    """A maker of pages."""

    def make(number: int = 1, **fields: Any) -> PageItem:
        values: dict[str, Any] = {
            "url": f"http://tea.example/{number}",
            "final_url": f"http://tea.example/{number}",
            "fetched_at": NOW,
            "headers": {"Content-Type": "text/html; charset=gbk", "Server": "nginx"},
            "request_headers": {"User-Agent": "netpatrol"},
            "body": f"国家级配方，第{number}号".encode("gbk"),
            "shop": ShopRef(shop_id="tea.example", url="http://tea.example/"),
            "run_id": "r1",
        }
        return PageItem(**(values | fields))

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An evidence folder that does not exist yet."""
    return tmp_path / "evidence"


@pytest.fixture
def archive(folder: Path, make_page: Callable[..., PageItem]) -> tuple[Path, tuple[EvidenceRef, ...]]:
    """A closed archive of five captures."""
    with EvidenceWriter(folder, "r1", pack_lock="lock") as writer:
        refs = writer.preserve_all([make_page(number) for number in range(5)])
    return folder, refs
