"""Fixtures for all tests: the operator's own settings never leak into one; one embedded MongoDB for the session."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from netpatrol.store.mongo import Store

for _name in [name for name in os.environ if name.startswith("NETPATROL_") and name != "NETPATROL_TEST_DATA"]:
    del os.environ[_name]
for _name in ("MONGO_URI", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
    os.environ.pop(_name, None)
os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""


@pytest.fixture(scope="session")
def mongo_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A NETPATROL_HOME whose embedded server runs; a missing mongod is an error, never a skip."""
    from netpatrol.store import embedded

    home = tmp_path_factory.mktemp("netpatrol-home")
    embedded.start(home)
    yield home
    embedded.stop(home)


@pytest.fixture
def store(mongo_home: Path) -> Iterator[Store]:
    """A prepared, empty database of its own."""
    from netpatrol.store import mongo

    with mongo.connect(mongo_home, "", database=f"test_{uuid.uuid4().hex[:12]}") as opened:
        yield opened
        opened.client.drop_database(opened.db.name)


@pytest.fixture
def now() -> datetime:
    """A day to reckon from; the code under test never asks the clock for it."""
    return datetime(2026, 1, 15, 4, 0, tzinfo=UTC)
