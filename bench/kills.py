"""Kills a patrol at random moments and counts what that cost: leads lost, leads doubled, targets unaccounted for.

    .venv/bin/python bench/kills.py                       20 kills in turn: worker, primary, worker, browser
    .venv/bin/python bench/kills.py --kills 40 --seed 7 --no-browser

A small simulated web, a delay of 0.05 s. One worker patrols against three database servers on loopback. At a random
moment the worker, the primary or all browsers of the worker are killed with SIGKILL; the worker is started again, the
server too. At the end one patrol runs to its end, and its leads are compared with those of a calm patrol.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
WORLD = ROOT / "tests" / "world" / "world.py"
DELAY = 0.05


def serve(folder: Path, seed: int, sites: int) -> Any:
    """Build and serve a small world without faults."""
    from support.crawls import World, answers
    from support.replica import free_ports

    size = ["--seed", str(seed), "--sites", str(sites), "--entities", "400", "--bank", str(WORLD.parent / "banks" / "dev.json")]
    subprocess.run([sys.executable, str(WORLD), "build", *size, "--out", str(folder)], check=True, capture_output=True)
    port = free_ports(1)[0]
    command = [sys.executable, str(WORLD), "serve", "--dir", str(folder), "--port", str(port), "--faults", "off"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not answers(f"http://127.0.0.1:{port}", process):
        sys.exit("the simulated web does not answer")
    return World(folder, f"http://127.0.0.1:{port}", process)


def crawl_args(options: argparse.Namespace) -> tuple[str, ...]:
    """Return spider and settings."""
    settings = {"DOWNLOAD_DELAY": DELAY, "AUTOTHROTTLE_ENABLED": 0, "NETPATROL_MAX_CRAWL_DELAY": 1}
    if options.no_browser:
        settings["NETPATROL_BROWSER"] = "off"
    return ("sites", *(part for name, value in settings.items() for part in ("-s", f"{name}={value}")))


def prepare(patrol: Any, world: Any) -> None:
    """Import register and seeds."""
    patrol.command("register", "import", str(world.folder / "registry.csv"))
    patrol.command("targets", "import", str(world.folder / "seeds.txt"))


def start(patrol: Any, world: Any, options: argparse.Namespace) -> subprocess.Popen[bytes]:
    """Start a patrol in a process group of its own."""
    with (patrol.home.parent / "worker.log").open("ab") as log:
        command = patrol.crawl_command(*crawl_args(options))
        return subprocess.Popen(command, env=patrol.environ(world.proxy), stdout=log, stderr=log, start_new_session=True)


def browsers_of(pid: int) -> list[int]:
    """Return the pids of all Chromium processes below a process."""
    children: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                head, _, tail = (entry / "stat").read_text("utf-8", "replace").rpartition(")")
            except OSError:
                continue
            names[int(entry.name)] = head.partition("(")[2]
            children.setdefault(int(tail.split()[1]), []).append(int(entry.name))
    found, wait = [], [pid]
    while wait:
        for child in children.get(wait.pop(), []):
            wait.append(child)
            if names[child].startswith(("chrom", "headless")):
                found.append(child)
    return found


def wait_for_browsers(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the browsers of a worker, waiting a while for it to open one; none where it opens none."""
    for _ in range(150):
        found = browsers_of(process.pid)
        if found or process.poll() is not None:
            return found
        time.sleep(0.1)
    return []


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker and what it started, as the end of a machine would."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def rounds(patrol: Any, world: Any, three: Any, options: argparse.Namespace) -> dict[str, int]:
    """Kill at random moments; return what was killed how often, and how often the worker ended on its own first."""
    generator, killed = random.Random(options.seed), Counter[str]()
    kinds = ["worker", "primary", "worker", "primary" if options.no_browser else "browser"]
    process = start(patrol, world, options)
    for number in range(options.kills):
        time.sleep(generator.uniform(0.5, options.longest))
        if process.poll() is not None:
            killed["ended_before"] += 1
            make_due(three.uri)
            process = start(patrol, world, options)
            time.sleep(generator.uniform(1.5, options.longest))
        kind = kinds[number % len(kinds)]
        browsers = wait_for_browsers(process) if kind == "browser" else []
        if kind == "primary":
            three.start_one(three.kill_primary())
        elif browsers:
            for pid in browsers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        else:
            kind = "worker"
            kill_group(process)
            process = start(patrol, world, options)
        killed[kind] += 1
    try:
        process.wait(600)
    finally:
        kill_group(process)
    return dict(killed)


def make_due(uri: str) -> None:
    """Make all targets due again: the world was patrolled to its end before all kills were done."""
    from datetime import UTC, datetime

    from netpatrol.store import mongo

    with mongo.connect(uri=uri) as store:
        store.db["targets"].update_many({"status": "due"}, {"$set": {"due_at": datetime.now(UTC)}})


def account(uri: str) -> dict[str, Any]:
    """Return targets without a result, and leads and events that are there twice."""
    from netpatrol.store import mongo

    with mongo.connect(uri=uri) as store:
        unaccounted = list(store.db["targets"].find({"kind": "site", "$or": [{"status": "leased"}, {"last_result": ""}]}))
        leads = Counter((one["shop_id"], one["family"], one["subject"]) for one in store.db["leads"].find({"status": "open"}))
        return {
            "targets": store.db["targets"].count_documents({"kind": "site"}),
            "targets_unaccounted": len(unaccounted),
            "unaccounted": {one["shop_id"]: one["status"] for one in unaccounted[:5]},
            "leads_in_store": sum(leads.values()),
            "leads_doubled_in_store": sum(leads.values()) - len(leads),
            "dirty_shops": store.db["shops"].count_documents({"dirty": {"$exists": True}}),
        }


def line_key(lead: dict[str, Any]) -> tuple[str, ...]:
    """Return what makes a line of a lead the same line."""
    return tuple(str(lead[name]) for name in ("lead_id", "url", "rule", "text"))


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Patrol calmly and with kills; return the difference."""
    from support.crawls import Patrol
    from support.replica import ReplicaSet

    from netpatrol.store import embedded

    world = serve(folder / "world", options.world_seed, options.sites)
    three = ReplicaSet(folder / "set")
    try:
        calm = Patrol(folder / "calm")
        prepare(calm, world)
        calm.crawl(*crawl_args(options), proxy=world.proxy)
        expected = Counter(map(line_key, calm.leads()))
        embedded.stop(calm.home)

        three.start()
        patrol = Patrol(folder / "killed", environment={"MONGO_URI": three.uri})
        prepare(patrol, world)
        killed = rounds(patrol, world, three, options)
        three.primary()
        make_due(three.uri)
        last = patrol.crawl(*crawl_args(options), proxy=world.proxy, check=False, timeout=600)
        found = Counter(map(line_key, patrol.leads()))
        return {
            "killed": killed,
            "lines_of_leads": sum(expected.values()),
            "leads_lost": sum((expected - found).values()),
            "leads_doubled": sum((found - expected).values()),
            "lost": [list(key) for key in (expected - found)][:5],
            "doubled": [list(key) for key in (found - expected)][:5],
            **account(three.uri),
            "archive_holds": patrol.command("evidence", "verify", check=False).returncode == 0,
            "last_run_ended_with": last.returncode,
            "gaps_below_half_of_delay": world.audit(DELAY)["politeness"]["gaps_below_half_of_delay"],
        }
    finally:
        embedded.stop(folder / "calm")
        three.stop()
        world.process.kill()


def main() -> None:
    """Measure and print; end with 1 where anything was lost, doubled or left unaccounted for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    parser.add_argument("--world-seed", type=int, default=3)
    parser.add_argument("--sites", type=int, default=8)
    parser.add_argument("--longest", type=float, default=6.0, help="seconds between two kills at most")
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        report = measure(Path(name), options)
    report["load_average"] = os.getloadavg()
    print(json.dumps(report, ensure_ascii=False, indent=1))
    sys.exit(1 if report["leads_lost"] or report["leads_doubled"] or report["targets_unaccounted"] else 0)


if __name__ == "__main__":
    main()
