"""Failing inputs of the areas storage and archive, read in place from NETPATROL_TEST_DATA."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import bson
import pytest

from netpatrol.evidence.foreign import read_warc
from netpatrol.evidence.reading import read_capture
from netpatrol.evidence.writer import EvidenceWriter
from netpatrol.items import PageItem, Problem
from netpatrol.store.records import to_document

pytestmark = pytest.mark.data


@pytest.fixture
def cases() -> Path:
    return Path(os.environ["NETPATROL_TEST_DATA"]) / "cases"


def _page(body: bytes, **fields: bool) -> PageItem:
    url = "http://qinghe.example/"
    return PageItem(url=url, final_url=url, fetched_at=datetime(2026, 1, 1, tzinfo=UTC), body=body, **fields)


def test_documents_of_any_size_take_one_way(cases: Path) -> None:
    for size in json.loads((cases / "store_01_sizes.json").read_text())["body_bytes"]:
        document = to_document({"url": "u", "body": "x" * size})
        assert len(bson.encode(document)) < 16 * 2**20
        assert document["_changed"]


def test_bodies_of_any_size_are_kept_whole_outside_the_database(cases: Path, tmp_path: Path) -> None:
    with EvidenceWriter(tmp_path, "r1") as writer:
        for size in json.loads((cases / "store_01_sizes.json").read_text())["body_bytes"]:
            assert len(read_capture(tmp_path, writer.preserve(_page(b"x" * size))).body) == size


def test_a_body_that_is_not_chunked_whatever_its_header_says(cases: Path) -> None:
    [page] = read_warc(cases / "warc_01_fake_chunked.warc")
    assert isinstance(page, PageItem)
    assert "国家级配方" in page.body.decode("gbk")


def test_a_cut_body_is_flagged_and_comes_back_flagged(cases: Path, tmp_path: Path) -> None:
    body = (cases / "arch_03_truncated.html").read_bytes()
    with EvidenceWriter(tmp_path, "r1") as writer:
        ref = writer.preserve(_page(body, truncated="length"))
    [foreign] = read_warc(tmp_path / ref.warc_file)
    assert not isinstance(foreign, Problem)
    assert foreign.truncated == "length"
    assert read_capture(tmp_path, ref).truncated == "length"
