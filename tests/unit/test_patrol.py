"""What a run leaves behind when the database goes away before its end."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace

from scrapy.settings import BaseSettings

from netpatrol.errors import EvidenceError, StoreError
from netpatrol.items import RunRecord
from netpatrol.patrol import Patrol
from netpatrol.store import runs
from netpatrol.store.spool import Spool


def test_a_run_that_cannot_be_recorded_waits_in_the_spool(tmp_path, monkeypatch):
    def away(*_):
        raise StoreError("away")

    monkeypatch.setattr(runs, "save_run", away)
    patrol = Patrol(BaseSettings({"NETPATROL_HOME": str(tmp_path)}))
    closed = []
    patrol.evidence = SimpleNamespace(close=lambda: closed.append("evidence"))
    patrol.store = SimpleNamespace(close=lambda: closed.append("store"))
    patrol.spool = Spool(tmp_path / "spool")
    record = RunRecord(run_id="r1", spider="sites", started_at=datetime(2026, 1, 15, tzinfo=UTC))
    patrol.close_archive()
    patrol.close(record)
    assert closed == ["evidence", "store"]
    assert patrol.exit_code == 3
    assert len(patrol.spool.pending()) == 1


def test_a_full_disk_at_the_end_is_told_and_the_run_still_recorded(tmp_path, monkeypatch):
    def full():
        raise EvidenceError("No space left on device")

    saved = []
    monkeypatch.setattr(runs, "save_run", lambda _, record: saved.append(record.run_id))
    patrol = Patrol(BaseSettings({"NETPATROL_HOME": str(tmp_path)}))
    patrol.evidence = SimpleNamespace(close=full)
    patrol.store = SimpleNamespace(close=lambda: None)
    patrol.close_archive()
    patrol.close(RunRecord(run_id="r1", spider="sites", started_at=datetime(2026, 1, 15, tzinfo=UTC)))
    assert (saved, patrol.exit_code) == (["r1"], 3)
    assert "No space left" in patrol.troubles[0]


def test_nothing_is_asked_of_the_database_once_a_run_is_ending(tmp_path):
    patrol = Patrol(BaseSettings({"NETPATROL_HOME": str(tmp_path)}))
    patrol.evidence = SimpleNamespace(close=lambda: None)
    asked = []
    patrol.close_archive()
    assert asyncio.run(patrol.ask_store(asked.append)) is None
    assert (asked, patrol.troubles) == ([], [])
