"""`scrapy crawl sites` on the simulated web: finds what it must, stays inside, harms nobody, loses nothing."""

import json
import os
import random
import signal
import subprocess
import time

import pytest

pytestmark = [pytest.mark.crawl, pytest.mark.mongo]
FAST = ("-s", "DOWNLOAD_DELAY=0.02", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "NETPATROL_MAX_CRAWL_DELAY=3")


def prepare(patrol, world):
    patrol.command("register", "import", str(world.folder / "registry.csv"))


def crawl(patrol, world, *more, **options):
    return patrol.crawl("sites", "-a", f"seeds={world.folder / 'seeds.txt'}", *FAST, *more, proxy=world.proxy, **options)


def adds_up(ledger):
    return all(t["planned"] == t["checked"] + t["skipped"] + t["failed"] for t in (ledger["pages"], ledger["targets"]))


def essence(leads):
    """Return leads without what a mere sighting moves."""
    return sorted((lead["lead_id"], lead["url"], lead["rule"], lead["text"]) for lead in leads)


@pytest.mark.timeout(600)
def test_a_patrol_finds_what_it_must_and_harms_nobody(patrol, serve_world):
    world = serve_world(seed=1, sites=8, faults=True)
    prepare(patrol, world)
    crawl(patrol, world)
    found = patrol.home / "leads.jsonl"
    found.write_text(patrol.command("leads", "export", "--neutral", "--include-exempt").stdout, "utf-8")
    score, audit, ledger = world.score(found), world.audit(0.02), patrol.ledger()
    channels = score["discovery"]["by_channel"]
    for channel in ("seed", "link", "directory", "platform"):
        if channel in channels:
            assert channels[channel]["found"] >= 0.9 * channels[channel]["of"], channel
    assert score["duplicates"] == {"same_url_and_text": 0, "same_page_by_another_address": 0}
    assert score["entities"]["precision"] >= 0.98
    assert audit["robots_violations"] == 0
    assert audit["internal_attempts"] == 0
    assert audit["waste"]["share"] <= 0.15
    assert adds_up(ledger)
    assert patrol.command("evidence", "verify").returncode == 0

    before = patrol.leads()
    crawl(patrol, world)
    assert essence(patrol.leads()) == essence(before)
    events = [json.loads(line) for line in patrol.command("runs", "list", "--format", "jsonl").stdout.splitlines()]
    assert events[0]["stats"].get("netpatrol/leads/new", 0) == 0
    assert events[0]["stats"].get("netpatrol/leads/changed", 0) == 0


def kill_at(patrol, world, seconds):
    """Start a crawl and kill it the hard way after so many seconds."""
    command = patrol.crawl_command("sites", "-a", f"seeds={world.folder / 'seeds.txt'}", *FAST)
    with subprocess.Popen(command, env=patrol.environ(world.proxy), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("kills", "sites"), [pytest.param(1, 4, id="one kill"), pytest.param(5, 8, id="five kills", marks=pytest.mark.full)])
def test_a_killed_crawl_run_again_loses_no_lead_and_doubles_none(tmp_path, patrol, serve_world, kills, sites):
    world = serve_world(seed=3, sites=sites, faults=False)
    prepare(patrol, world)
    generator = random.Random(os.environ.get("PYTEST_SEED", "1"))
    for _ in range(kills):
        kill_at(patrol, world, generator.uniform(2.5, 9))
    crawl(patrol, world)
    survived = patrol.leads()

    calm = type(patrol)(tmp_path / "calm")
    prepare(calm, world)
    crawl(calm, world)
    try:
        assert essence(survived) == essence(calm.leads())
    finally:
        calm.command("db", "stop")
    keys = [lead["lead_id"] + lead["url"] + lead["rule"] + lead["text"] for lead in survived]
    assert len(keys) == len(set(keys))
    assert patrol.command("evidence", "verify").returncode == 0
