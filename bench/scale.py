"""What claims, list imports and workers do at scale, on the embedded server.

    .venv/bin/python bench/scale.py                        200 thousand targets, two claimers: claim latency
    .venv/bin/python bench/scale.py --targets 1000000 --claimers 8
    .venv/bin/python bench/scale.py --lines 200000         a telecom's list of so many lines is imported
    .venv/bin/python bench/scale.py --workers              two workers against one: pages per second

Claims: 70 % of the targets are sites, 30 % storefronts of 20 platforms; all are due. Each claimer is a process that holds
24 targets and gives the oldest back for each that it claims.

Workers: the sites of a simulated web without platforms, faults and delays; each worker is a `scrapy crawl sites` with a
home of its own, all with one database. Pages per second are those between the first and the last page that is stored, so
that starting up is left out. `--latency-ms` makes the web as slow as a real one: without it one worker, its database and
the simulated web already share two cores.

Everything runs on this machine, so its cores and load average stand beside the figures.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
HELD = 24
KINDS = {"sites": ("site",), "storefronts": ("storefront",), "both": ("site", "storefront")}


def fill(home: Path, number: int) -> None:
    """Store so many targets, all due."""
    from netpatrol.store import mongo
    from netpatrol.store.records import Target, Via, to_document

    now, generator = datetime.now(UTC), random.Random(1)
    via = (Via(channel="telecom", source="list.csv:1", at=now),)
    with mongo.connect(home, "") as store:
        batch = []
        for at in range(number):
            host = f"mall{at // 10 % 20}.example" if at % 10 < 3 else f"shop{at}.example"
            shop_id = f"{host}/s/{at}" if at % 10 < 3 else host
            kind = "storefront" if "/" in shop_id else "site"
            due = now - timedelta(seconds=generator.randrange(1_000_000))
            target = Target(
                shop_id=shop_id, url=f"http://{shop_id}", host=host, kind=kind, tier=generator.randrange(4), found_via=via, due_at=due
            )
            batch.append({"_id": target.target_id, **to_document(target)})
            if len(batch) == 5000:
                store.db["targets"].insert_many(batch, ordered=False)
                batch = []
        if batch:
            store.db["targets"].insert_many(batch, ordered=False)


def claimer(home: str, number: int, claims: int, kinds: tuple[str, ...], answer: Any) -> None:
    """Claim so many targets; answer with the milliseconds of each claim and each release, and the memory at both ends."""
    from netpatrol.store import mongo, targets

    claimed: list[float] = []
    released: list[float] = []
    held: deque[str] = deque()
    worker = f"claimer-{number}"
    with mongo.connect(Path(home), "", prepare=False) as store:
        for _ in range(claims):
            started = time.perf_counter()
            target = targets.claim(store, worker, datetime.now(UTC), kinds=kinds, pace=1.0)
            claimed.append((time.perf_counter() - started) * 1000)
            if target is not None:
                held.append(target.target_id)
            if len(held) > HELD or (target is None and held):
                started = time.perf_counter()
                targets.release(store, held.popleft(), worker, "done", datetime.now(UTC))
                released.append((time.perf_counter() - started) * 1000)
        for target_id in held:
            targets.release(store, target_id, worker, "back", datetime.now(UTC))
    answer.put((claimed, released))


def figures(values: list[float]) -> dict[str, float]:
    """Return what is quoted of latencies, in milliseconds."""
    ranked = sorted(values)
    return {
        "p50": round(statistics.median(ranked), 2),
        "p99": round(ranked[int(len(ranked) * 0.99)], 2),
        "max": round(ranked[-1], 2),
    }


def measure_claims(home: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return claim and release latencies by what is claimed."""
    started = time.monotonic()
    fill(home, options.targets)
    report: dict[str, Any] = {"targets": options.targets, "claimers": options.claimers, "filled_in_s": round(time.monotonic() - started, 1)}
    context = multiprocessing.get_context("spawn")
    for name, kinds in KINDS.items():
        answer = context.Queue()
        started = time.monotonic()
        processes = [
            context.Process(target=claimer, args=(str(home), number, options.claims, kinds, answer)) for number in range(options.claimers)
        ]
        for process in processes:
            process.start()
        answers = [answer.get() for _ in processes]
        for process in processes:
            process.join()
        claimed = [value for values, _ in answers for value in values]
        report[name] = {
            "claims": len(claimed),
            "claims_per_s": round(len(claimed) / (time.monotonic() - started)),
            "claim_ms": figures(claimed),
            "release_ms": figures([value for _, values in answers for value in values]),
        }
    return report


def measure_import(home: Path, lines: int) -> dict[str, Any]:
    """Return the seconds in which a telecom's list is imported, and again, by the command itself."""
    path = home.parent / "list.csv"
    rows = (f"shop{at}.example,宜昌某某商贸有限公司{at},鄂ICP备{at:08d}号,西陵区,某某云" for at in range(lines))
    path.write_text("域名,主办单位,备案号,区县,接入商\n" + "\n".join(rows) + "\n", "utf-8")
    report: dict[str, Any] = {"lines": lines, "bytes": path.stat().st_size}
    environment = {**os.environ, "NETPATROL_HOME": str(home), "MONGO_URI": "", "PYTHONPATH": str(ROOT)}
    for name in ("first_s", "again_s"):
        started = time.monotonic()
        command = [sys.executable, "-m", "netpatrol.cli", "targets", "import", str(path)]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        report[name] = round(time.monotonic() - started, 1)
    report["peak_mb_of_import"] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    return report


def without_platforms(world: Path) -> list[str]:
    """Return the addresses of the sites of a world."""
    truth = json.loads((world / "truth.json").read_text("utf-8"))
    return [f"http://{host['host']}/" for host in truth["hosts"] if host["kind"] != "platform" and 1 in host["days"]]


def patrol_together(folder: Path, world: Path, proxy: str, workers: int) -> dict[str, float]:
    """Patrol a world with so many workers in a fresh database; return pages per second and CPU seconds."""
    from support.crawls import Patrol

    from netpatrol.store import embedded, mongo

    home, fast = folder / f"with-{workers}", {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": 0, "CONCURRENT_REQUESTS": 16}
    fast |= {"NETPATROL_MAX_PAGES": 5000, "NETPATROL_BROWSER": "off", "NETPATROL_SITES_AT_ONCE": 6}
    settings = [part for name, value in fast.items() for part in ("-s", f"{name}={value}")]
    server = embedded.start(home)
    patrols = [Patrol(home / f"worker-{number}", environment={"MONGO_URI": server.uri}) for number in range(workers)]
    try:
        for patrol in patrols:
            patrol.command("register", "import", str(world / "registry.csv"))
        patrols[0].command("targets", "import", str(folder / "sites.txt"))
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = patrols[0].crawl_command("sites", "-a", "follow=off", *settings)
        processes = [
            subprocess.Popen(command, env=patrol.environ(proxy), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for patrol in patrols
        ]
        codes = [process.wait() for process in processes]
        if any(codes):
            sys.exit(f"workers ended with {codes}")
        seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        with mongo.connect(uri=server.uri) as store:
            span = {"$group": {"_id": None, "a": {"$min": "$seen_at"}, "b": {"$max": "$seen_at"}, "n": {"$sum": 1}}}
            ends = list(store.db["pages"].aggregate([span]))
    finally:
        embedded.stop(home)
    pages = int(ends[0]["n"])
    return {
        "pages": pages,
        "wall_s": round(seconds, 1),
        "pages_per_s": round(pages / (ends[0]["b"] - ends[0]["a"]).total_seconds(), 1),
        "cpu_ms_per_page_with_start": round((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / pages * 1000, 1),
    }


def measure_workers(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return pages per second of one worker and of two, and their ratio."""
    from support.crawls import WORLD, answers
    from support.replica import free_ports

    world, port = folder / "world", free_ports(1)[0]
    size = ["--seed", "1", "--sites", str(options.sites), "--bank", str(WORLD.parent / "banks" / "dev.json"), "--out", str(world)]
    subprocess.run([sys.executable, str(WORLD), "build", *size], check=True, capture_output=True)
    (folder / "sites.txt").write_text("\n".join(without_platforms(world)), "utf-8")
    serve = ["serve", "--dir", str(world), "--port", str(port), "--faults", "off", "--latency-ms", str(options.latency_ms)]
    process = subprocess.Popen([sys.executable, str(WORLD), *serve], stdout=subprocess.DEVNULL)
    proxy = f"http://127.0.0.1:{port}"
    try:
        if not answers(proxy, process):
            sys.exit("the simulated web does not answer")
        one, two = (patrol_together(folder, world, proxy, number) for number in (1, 2))
    finally:
        process.kill()
    ratio = round(two["pages_per_s"] / one["pages_per_s"], 2)
    return {"cores": os.cpu_count(), "latency_ms": options.latency_ms, "one": one, "two": two, "ratio": ratio}


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--targets", type=int, default=200_000)
    parser.add_argument("--claimers", type=int, default=2)
    parser.add_argument("--claims", type=int, default=2000, help="of each claimer")
    parser.add_argument("--lines", type=int, default=0)
    parser.add_argument("--workers", action="store_true")
    parser.add_argument("--sites", type=int, default=60, help="of the simulated web")
    parser.add_argument("--latency-ms", type=int, default=0, help="of the simulated web")
    options = parser.parse_args()
    from netpatrol.store import embedded

    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        try:
            if options.workers:
                report = measure_workers(Path(name), options)
            else:
                report = measure_import(home, options.lines) if options.lines else measure_claims(home, options)
            report["load_average"] = os.getloadavg()
            print(json.dumps(report, ensure_ascii=False, indent=1))
        finally:
            embedded.stop(home)


if __name__ == "__main__":
    main()
