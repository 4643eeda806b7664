"""Whole pages, read: page.html and how it was fetched (page.json) against what was read from it (expected.json).

A change of reading shows here as a reviewed diff: GOLDEN=write pytest tests/golden writes expected.json anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from netpatrol.text.html import parse_document
from netpatrol.text.links import find_links
from netpatrol.text.read import read_document, read_facts

WRITE = os.environ.get("GOLDEN") == "write"
CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/page.html"))


def reading(folder: Path) -> dict[str, Any]:
    """Return all that is read from a page, as it stands in expected.json."""
    fetched = json.loads((folder / "page.json").read_text("utf-8"))
    document = parse_document((folder / "page.html").read_bytes(), fetched["headers"]["Content-Type"], fetched["url"])
    text = read_document(document)
    return {
        "title": text.title,
        "state": text.state.value,
        "encoding": [text.encoding.used, text.encoding.declared, text.encoding.replaced],
        "promo": sorted(sign for sign, there in text.promo.items() if there),
        "zones": [[z.name.value, z.part.value, z.path, text.raw[z.start : z.end]] for z in text.zones],
        "facts": [
            [f.name, f.value, f.raw, f.valid, f.repaired, f.zone.value] for f in read_facts(text, document).facts
        ],
        "links": [[link.where, link.url, link.text] for link in find_links(document)],
    }


@pytest.mark.parametrize("folder", CASES, ids=[folder.name for folder in CASES])
def test_reads_as_expected(folder: Path) -> None:
    found = reading(folder)
    if WRITE:
        lines = [f' "{key}": {written(value)}' for key, value in found.items()]
        (folder / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    assert found == json.loads((folder / "expected.json").read_text("utf-8"))


def written(value: Any) -> str:
    """Return a value as JSON, lists of lists one a line, so that a diff shows what changed."""
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + ",\n".join(f"  {json.dumps(item, ensure_ascii=False)}" for item in value) + "\n ]"
    return json.dumps(value, ensure_ascii=False)


def test_there_are_cases() -> None:
    assert len(CASES) >= 5
