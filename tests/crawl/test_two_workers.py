"""Two workers with homes of their own against three database servers; a worker and the primary are killed meanwhile."""

from __future__ import annotations

import subprocess
import time

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError
from support.crawls import Patrol

from netpatrol.store import embedded

pytestmark = [pytest.mark.full, pytest.mark.crawl, pytest.mark.mongo, pytest.mark.timeout(900)]
DELAY = 0.2
PACE = ("-s", f"DOWNLOAD_DELAY={DELAY}", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "NETPATROL_MAX_CRAWL_DELAY=2", "-s", "NETPATROL_BROWSER=off")
SITES = ("sites", *PACE)
FEW = ("-s", "NETPATROL_SITES_AT_ONCE=2")
"""So that neither takes all sites before the other has started."""


def prepare(patrol, world):
    patrol.command("register", "import", str(world.folder / "registry.csv"))
    patrol.command("targets", "import", str(world.folder / "seeds.txt"))


def start(patrol, world):
    output = patrol.home.parent / f"{patrol.home.name}.log"
    with output.open("ab") as file:
        return subprocess.Popen(patrol.crawl_command(*SITES, *FEW), env=patrol.environ(world.proxy), stdout=file, stderr=file)


def wait_for_pages(uri, number, processes):
    """Wait until so many pages are stored, or nobody stores any more."""
    with MongoClient(uri) as client:
        while any(process.poll() is None for process in processes):
            try:
                if client["netpatrol"]["pages"].estimated_document_count() >= number:
                    return True
            except PyMongoError:
                pass
            time.sleep(0.05)  # crawls run beside us
    return False


def essence(leads):
    return sorted((lead["lead_id"], lead["url"], lead["rule"], lead["text"]) for lead in leads)


def test_a_killed_worker_and_a_killed_primary_change_nothing(tmp_path, serve_world, three):
    world = serve_world(seed=3, sites=8, faults=False)
    calm = Patrol(tmp_path / "calm")
    prepare(calm, world)
    try:
        calm.crawl(*SITES, proxy=world.proxy)
        expected, pages = essence(calm.leads()), calm.ledger()["pages"]["checked"]
    finally:
        embedded.stop(calm.home)
    assert pages > 40
    before = world.audit(DELAY)
    assert before["politeness"]["gaps_below_half_of_delay"] == 0

    workers = [Patrol(tmp_path / name, environment={"MONGO_URI": three.uri}) for name in ("one", "two")]
    prepare(workers[0], world)
    workers[1].command("register", "import", str(world.folder / "registry.csv"))
    processes = [start(worker, world) for worker in workers]
    assert wait_for_pages(three.uri, pages // 4, processes)
    processes[0].kill()
    processes[0].wait()
    processes[0] = start(workers[0], world)
    assert wait_for_pages(three.uri, pages // 2, processes)
    killed = three.kill_primary()
    codes = [process.wait(600) for process in processes]
    three.start_one(killed)
    three.primary()
    assert set(codes) <= {0, 3}, codes
    for worker in workers:  # what a timer does: store what was spooled, do what is left
        worker.crawl(*SITES, proxy=world.proxy)

    assert essence(workers[0].leads()) == expected
    with MongoClient(three.uri) as client:
        targets = list(client["netpatrol"]["targets"].find({"kind": "site"}))
    assert {target["shop_id"]: target["status"] for target in targets if target["status"] != "due" or not target["last_result"]} == {}
    audit = world.audit(DELAY)
    assert audit["politeness"]["gaps_below_half_of_delay"] == 0, audit["politeness"]
    for worker in workers:
        verified = worker.command("evidence", "verify", check=False)
        assert verified.returncode == 0, verified.stdout
        assert "没有核对，请在那里运行" in verified.stdout  # the other one's captures
