"""The whole patrol against Scrapy doing nothing, and against Scrapy only extracting links: CPU per page, one run.

    ./run setup && .venv/bin/python bench/pipeline.py [--rounds 5] [--sites 60] [--json]

Serves the simulated web without faults or delays, patrols it once to learn its pages, then fetches exactly those pages
in interleaved rounds: (a) Scrapy with an empty callback, (b) Scrapy with only LinkExtractor, (c) `scrapy crawl sites`
with reading, judging, matching, evidence and MongoDB, following links itself. CPU time is that of the crawling process
(user + system), taken from the operating system; the figures to quote are the ratios of the medians.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

EMPTY = """
import scrapy
class Fetch(scrapy.Spider):
    name = "fetch"
    custom_settings = {"CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 16, "TELNETCONSOLE_ENABLED": False,
                       "REMOTE_CONTROL_ENABLED": False, "LOG_LEVEL": "WARNING"}
    async def start(self):
        for url in open(self.urls, encoding="utf-8").read().split():
            yield scrapy.Request(url, dont_filter=True)
    def parse(self, response):
        %s
"""
BODIES = {
    "empty": "pass",
    "links": "from scrapy.linkextractors import LinkExtractor\n        LinkExtractor().extract_links(response)",
}


def cpu(command: list[str], environment: dict[str, str]) -> float:
    """Run a command and return the CPU seconds that it (and what it waited for) took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{command} ended with {done.returncode}\n{done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def world(folder: Path, sites: int) -> Iterator[str]:
    """Build and serve the simulated web; yields its proxy address."""
    script = ROOT / "tests" / "world" / "world.py"
    bank = script.parent / "banks" / "dev.json"
    build = [sys.executable, str(script), "build", "--seed", "1", "--sites", str(sites), "--bank", str(bank), "--out", str(folder)]
    subprocess.run(build, check=True, capture_output=True)
    port = 21_000 + os.getpid() % 20_000
    serve = [sys.executable, str(script), "serve", "--dir", str(folder), "--port", str(port), "--faults", "off"]
    process = subprocess.Popen(serve, stdout=subprocess.DEVNULL)
    try:
        import time

        time.sleep(2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def crawl(seeds: Path) -> list[str]:
    """Return the command of the whole patrol."""
    fast = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": 0, "CONCURRENT_REQUESTS": 16, "LOG_LEVEL": "WARNING", "NETPATROL_MAX_PAGES": 5000}
    settings = [part for name, value in fast.items() for part in ("-s", f"{name}={value}")]
    return [sys.executable, "-m", "scrapy", "crawl", "sites", "-a", f"seeds={seeds}", *settings]


def environment(home: Path, proxy: str) -> dict[str, str]:
    """Return the environment of a patrol in a fresh home."""
    ours = {"NETPATROL_HOME": str(home), "NETPATROL_CONTACT": "bench", "NETPATROL_REGION": "4205", "http_proxy": proxy, "MONGO_URI": ""}
    paths = {"SCRAPY_SETTINGS_MODULE": "netpatrol.settings", "PYTHONPATH": str(ROOT), "TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS": ""}
    return {**os.environ, **ours, **paths}


def pages_of(home: Path) -> list[str]:
    """Return the addresses of all pages that a patrol stored."""
    from netpatrol.store.mongo import connect

    with connect(home, "") as store:
        return [page["url"] for page in store.db["pages"].find({"gone": False}, {"url": 1})]


def main() -> None:
    """Run the rounds and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sites", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, world(Path(name) / "world", options.sites) as proxy:
        print(json.dumps(measure(Path(name), proxy, options.rounds), indent=None if options.json else 2))


def measure(folder: Path, proxy: str, rounds: int) -> dict[str, object]:
    """Return CPU milliseconds a page of the three, and the ratios."""
    from netpatrol.store import embedded

    seeds = folder / "world" / "seeds.txt"
    scripts = {}
    for name, body in BODIES.items():
        scripts[name] = folder / f"{name}.py"
        scripts[name].write_text(EMPTY % body, "utf-8")
    times: dict[str, list[float]] = {"empty": [], "links": [], "patrol": []}
    urls, number = folder / "urls.txt", 0
    for turn in range(rounds + 1):
        home = folder / f"home{turn}"
        register = [sys.executable, "-m", "netpatrol.cli", "register", "import", str(folder / "world" / "registry.csv")]
        settings = environment(home, proxy)
        subprocess.run(register, env=settings, check=True, capture_output=True)
        spent = cpu(crawl(seeds), settings)
        pages = pages_of(home)
        embedded.stop(home)
        if turn == 0:
            urls.write_text("\n".join(pages), "utf-8")
            number = len(pages)
            continue  # the first round warms caches and learns the pages
        times["patrol"].append(spent / len(pages) * 1000)
        for name, script in scripts.items():
            command = [sys.executable, "-m", "scrapy", "runspider", str(script), "-a", f"urls={urls}"]
            plain = {**settings, "SCRAPY_SETTINGS_MODULE": ""}
            times[name].append(cpu(command, plain) / number * 1000)
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {
        "pages": number,
        "cpu_ms_per_page": {name: round(value, 2) for name, value in medians.items()},
        "patrol_against_empty": round(medians["empty"] / medians["patrol"], 3),
        "patrol_against_linkextractor": round(medians["links"] / medians["patrol"], 2),
    }


if __name__ == "__main__":
    main()
