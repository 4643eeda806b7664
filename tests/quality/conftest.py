"""One engine of the built-in packs for all tests of detection."""

from __future__ import annotations

import pytest

from netpatrol.detect.engine import Engine
from netpatrol.detect.pack import load_packs


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine(load_packs())
