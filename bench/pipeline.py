"""The whole patrol against Scrapy doing nothing, and against Scrapy only extracting links: CPU per page, one run.

    ./run setup && .venv/bin/python bench/pipeline.py [--rounds 5] [--sites 60] [--large] [--json]

Serves the simulated web without faults or delays, patrols it once to learn its pages, then fetches exactly those pages
in interleaved rounds: (a) Scrapy with an empty callback, (b) Scrapy whose callback only extracts links (and follows
none), (c) `scrapy crawl sites` with reading, judging, matching, evidence and MongoDB, following links itself. CPU time
is that of the crawling process (user + system), taken from the operating system, without a browser; the figures to
quote are the ratios of the medians. Each of the three is also started with nothing to fetch: what that takes (imports,
packs, register) is told apart, and the pages without it. (a) and (b) run with Scrapy's own settings; `empty_tuned` is
(a) with CONCURRENT_ITEMS at 4, which spares Scrapy a hundred tasks for each answer. With --large the pages are as large
as real shops' (some 75 KB and 195 links, see shop_pages.py; 200 of them a site) instead of the simulated web's.
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
    number = 0
    async def start(self):
        for url in open(self.urls, encoding="utf-8").read().split():
            yield scrapy.Request(url, dont_filter=True)
    def parse(self, response):
        %s
    def closed(self, reason):
        print(self.number)
"""
BODIES = {
    "empty": "pass",
    "links": """from scrapy.linkextractors import LinkExtractor
        self.number += len(LinkExtractor().extract_links(response))""",
}
BODIES["empty_tuned"] = BODIES["empty"]


def cpu(command: list[str], environment: dict[str, str], *, code: tuple[int, ...] = (0,)) -> tuple[float, str]:
    """Run a command; return the CPU seconds that it (and what it waited for) took, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in code:
        sys.exit(f"{command} ended with {done.returncode}\n{done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


@contextmanager
def world(folder: Path, sites: int, large: bool) -> Iterator[str]:
    """Build and serve the simulated web, or large pages with its register; yields the proxy address."""
    script = ROOT / "tests" / "world" / "world.py"
    bank = script.parent / "banks" / "dev.json"
    build = [sys.executable, str(script), "build", "--seed", "1", "--sites", str(sites), "--bank", str(bank), "--out", str(folder)]
    subprocess.run(build, check=True, capture_output=True)
    port = 21_000 + os.getpid() % 20_000
    serve = [sys.executable, str(script), "serve", "--dir", str(folder), "--port", str(port), "--faults", "off"]
    if large:
        serve = [sys.executable, str(ROOT / "bench" / "shop_pages.py"), "--port", str(port)]
        (folder / "seeds.txt").write_text("".join(f"http://shop{n}.yc-shops.cn/\n" for n in range(sites)), "utf-8")
    process = subprocess.Popen(serve, stdout=subprocess.DEVNULL)
    try:
        import time

        time.sleep(2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def crawl(seeds: Path | None) -> list[str]:
    """Return the command of the whole patrol; without seeds, in a fresh home, it has nothing to do."""
    fast = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": 0, "CONCURRENT_REQUESTS": 16, "LOG_LEVEL": "WARNING"}
    fast |= {"NETPATROL_MAX_PAGES": 5000, "NETPATROL_BROWSER": "off"}
    settings = [part for name, value in fast.items() for part in ("-s", f"{name}={value}")]
    return [sys.executable, "-m", "scrapy", "crawl", "sites", *(["-a", f"seeds={seeds}"] if seeds else []), *settings]


def fetch(script: Path, urls: Path) -> list[str]:
    """Return the command that fetches pages with plain Scrapy."""
    tuned = ["-s", "CONCURRENT_ITEMS=4"] if script.stem == "empty_tuned" else []
    return [sys.executable, "-m", "scrapy", "runspider", str(script), "-a", f"urls={urls}", *tuned]


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
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, world(Path(name) / "world", options.sites, options.large) as proxy:
        print(json.dumps(measure(Path(name), proxy, options.rounds), indent=None if options.json else 2))


def measure(folder: Path, proxy: str, rounds: int) -> dict[str, object]:
    """Return CPU milliseconds a page of the three, with and without start-up, and the ratios."""
    scripts = {name: folder / f"{name}.py" for name in BODIES}
    for name, script in scripts.items():
        script.write_text(EMPTY % BODIES[name], "utf-8")
    urls, nothing = folder / "urls.txt", folder / "nothing.txt"
    nothing.write_text("", "utf-8")
    whole: dict[str, list[float]] = {"patrol": [], **{name: [] for name in scripts}}
    start_up: dict[str, list[float]] = {name: [] for name in whole}
    number = links = 0
    for turn in range(rounds + 1):  # the first round warms caches and learns the pages
        settings = environment(folder / f"home{turn}", proxy)
        idle, spent, pages = patrol(folder, turn, settings)
        if turn == 0:
            urls.write_text("\n".join(pages), "utf-8")
            number = len(pages)
            continue
        start_up["patrol"].append(idle)
        whole["patrol"].append(spent / len(pages) * 1000)
        for name, script in scripts.items():
            plain = {**settings, "SCRAPY_SETTINGS_MODULE": ""}
            start_up[name].append(cpu(fetch(script, nothing), plain)[0])
            spent, said = cpu(fetch(script, urls), plain)
            whole[name].append(spent / number * 1000)
            links = max(links, int(said or 0))
    total = {name: statistics.median(values) for name, values in whole.items()}
    idle_cpu = {name: statistics.median(values) for name, values in start_up.items()}
    pages_only = {name: total[name] - idle_cpu[name] / number * 1000 for name in total}
    return {
        "pages": number,
        "distinct_links_per_page": round(links / number, 1),
        "start_up_cpu_s": _rounded(idle_cpu),
        "cpu_ms_per_page": _rounded(total),
        "cpu_ms_per_page_without_start_up": _rounded(pages_only),
        "patrol_against_empty": round(total["empty"] / total["patrol"], 3),
        "patrol_against_linkextractor": round(total["links"] / total["patrol"], 3),
        "patrol_against_empty_without_start_up": round(pages_only["empty"] / pages_only["patrol"], 3),
        "patrol_against_linkextractor_without_start_up": round(pages_only["links"] / pages_only["patrol"], 3),
    }


def patrol(folder: Path, turn: int, settings: dict[str, str]) -> tuple[float, float, list[str]]:
    """Patrol the web in a fresh home; return the CPU of a run with nothing to do, of the whole run, and the pages."""
    from netpatrol.store import embedded

    home = Path(settings["NETPATROL_HOME"])
    register = [sys.executable, "-m", "netpatrol.cli", "register", "import", str(folder / "world" / "registry.csv")]
    subprocess.run(register, env=settings, check=True, capture_output=True)
    idle, _ = cpu(crawl(None), settings, code=(0, 1))  # a run without anything to do says so
    spent, _ = cpu(crawl(folder / "world" / "seeds.txt"), settings)
    pages = pages_of(home)
    embedded.stop(home)
    return idle, spent, pages


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in values.items()}


if __name__ == "__main__":
    main()
