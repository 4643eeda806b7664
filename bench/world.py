"""The measured run on the simulated web: build, serve, patrol, score and audit, in one command.

    .venv/bin/python bench/world.py --seed 1 --sites 60                  all spiders, one day
    .venv/bin/python bench/world.py --seed 1 --sites 60 --spiders sites  `scrapy crawl sites` on the seeds alone
    .venv/bin/python bench/world.py --days 3                             three days, with recheck
    .venv/bin/python bench/world.py --no-browser                         without rendering
    .venv/bin/python bench/world.py --bank other.json                    with other wordings, products and names

Prints discovery by channel, entities, determinations, families, duplicates, waste, politeness, and the same entity and
determination figures over the shops whose pages need no script.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "world")]
BANK = ROOT / "tests" / "world" / "banks" / "dev.json"
SCRIPTED = ("vue", "h5mall")


@dataclass
class Run:
    """One world being patrolled by commands of one home."""

    folder: Path
    proxy: str
    options: argparse.Namespace

    def command(self, *args: str, code: tuple[int, ...] = (0, 1)) -> str:
        """Run a netpatrol or scrapy command; ends the bench where it fails."""
        paths = {"SCRAPY_SETTINGS_MODULE": "netpatrol.settings", "PYTHONPATH": str(ROOT), "MONGO_URI": "", "no_proxy": ""}
        ours = {"NETPATROL_HOME": str(self.folder / "home"), "NETPATROL_REGION": "4205", "NETPATROL_CONTACT": "bench"}
        environment = {**os.environ, **paths, **ours, "http_proxy": self.proxy}
        done = subprocess.run([sys.executable, "-m", *args], env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in code:
            sys.exit(f"{' '.join(args)} ended with {done.returncode}\n{done.stderr[-3000:]}")
        return done.stdout

    def crawl(self, spider: str, *args: str) -> None:
        """Run one spider."""
        settings = {"DOWNLOAD_DELAY": self.options.delay, "LOG_LEVEL": "WARNING"}
        if self.options.no_browser:
            settings["NETPATROL_BROWSER"] = "off"
        more = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        self.command("scrapy", "crawl", spider, *args, *more, code=(0,))

    def day(self, number: int) -> list[dict[str, Any]]:
        """Do the measured run of one day and return the neutral export."""
        world = self.folder / "world"
        register = world / f"registry-day{number}.csv"
        self.command("netpatrol.cli", "register", "import", str(register if register.exists() else world / "registry.csv"))
        every = ("-a", "due=all") if number > 1 else ()
        seeds = ("-a", f"seeds={world / 'seeds.txt'}")
        if self.options.spiders == "all":
            self.command("netpatrol.cli", "targets", "import", *map(str, sorted((world / "sources").iterdir())))
            self.crawl("discover", *every)
        self.crawl("sites", *seeds, *every)
        if self.options.spiders == "all":
            self.crawl("sites", *every)
            self.crawl("storefronts", *every)
        if number > 1:
            self.crawl("recheck")
        lines = self.command("netpatrol.cli", "leads", "export", "--neutral", "--include-exempt").splitlines()
        return [json.loads(line) for line in lines]


def without_scripted(data: dict[str, Any]) -> dict[str, Any]:
    """Return the truth without the shops whose pages need a script."""
    hidden = {shop["id"] for shop in data["shops"] if shop["template"] in SCRIPTED}
    shops = [shop for shop in data["shops"] if shop["id"] not in hidden]
    return {**data, "shops": shops, "plants": [plant for plant in data["plants"] if plant["shop"] not in hidden]}


def figures(result: dict[str, Any]) -> dict[str, Any]:
    """Return what is quoted of a score."""
    pages, entities = result["pages"], result["entities"]
    return {
        "families": {
            name: {key: rates[key] for key in ("precision", "recall", "hits", "false", "missed")}
            for name, rates in {**pages["by_family"], "all": pages["all_families"]}.items()
        },
        "false_examples": pages["false_examples"],
        "missed_examples": pages["missed_examples"],
        "entities": {key: entities[key] for key in ("precision", "recall", "recall_by_evidence", "wrong_examples")},
        "determination": result["determinations"]["agreement"],
        "confusion": result["determinations"]["confusion"],
        "discovery": {name: f"{c['found']}/{c['of']}" for name, c in result["discovery"]["by_channel"].items()},
        "duplicates": result["duplicates"],
    } | ({"life_cycle": result["life_cycle"]} if "life_cycle" in result else {})


def audit_figures(result: dict[str, Any]) -> dict[str, Any]:
    """Return what is quoted of an audit."""
    return {
        "pages_with_violations": result["pages"]["share"],
        "by_reach": {name: f"{c['found']}/{c['of']}" for name, c in result["pages"]["by_reach"].items()},
        "requests": result["requests"],
        "waste": result["waste"]["share"],
        "robots_violations": result["robots_violations"],
        "internal_attempts": result["internal_attempts"],
        "gaps_below_half": result["politeness"]["gaps_below_half_of_delay"],
        "gaps": result["politeness"]["gaps"],
        "hasty_hosts": {host: row for host, row in result["politeness"]["worst"].items() if row["below_half"]},
    }


def measure(folder: Path, proxy: str, options: argparse.Namespace) -> None:
    """Patrol day by day and print the figures of each."""
    import audit as auditing
    import score as scoring
    from support.crawls import control

    run = Run(folder, proxy, options)
    data = json.loads((folder / "world" / "truth.json").read_text("utf-8"))
    previous = None
    for number in range(1, options.days + 1):
        if number > 1:
            control(proxy, f"/__day?n={number}")
        started = time.monotonic()
        leads = run.day(number)
        served = control(proxy, "/__stats")
        banners = served.get("banners_show_text", False)
        whole = scoring.score(data, leads, number, previous, True, banners)
        plain = scoring.score(without_scripted(data), leads, number, None, True, banners)
        report = {
            "day": number,
            "seconds": round(time.monotonic() - started),
            "leads": len(leads),
            "score": figures(whole),
            "shops_without_script": {key: figures(plain)[key] for key in ("entities", "determination", "discovery")},
            "audit": audit_figures(auditing.audit(data, served, number, options.delay)),
        }
        print(json.dumps(report, ensure_ascii=False, indent=1))
        previous = leads
    run.command("netpatrol.cli", "db", "stop")


def main() -> None:
    """Build and serve a world, patrol it, print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sites", type=int, default=60)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--bank", type=Path, default=BANK)
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--spiders", choices=("all", "sites"), default="all")
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    script = ROOT / "tests" / "world" / "world.py"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = ["--seed", str(options.seed), "--sites", str(options.sites), "--bank", str(options.bank)]
        subprocess.run([sys.executable, str(script), "build", *size, "--out", str(folder / "world")], check=True, capture_output=True)
        port = 22_000 + os.getpid() % 20_000
        serve = [sys.executable, str(script), "serve", "--dir", str(folder / "world"), "--port", str(port), "--faults", "on"]
        process = subprocess.Popen(serve, stdout=subprocess.DEVNULL)
        try:
            time.sleep(2)
            measure(folder, f"http://127.0.0.1:{port}", options)
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
