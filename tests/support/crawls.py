"""Serves simulated webs and runs netpatrol's commands in processes of their own, each in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

WORLD = Path(__file__).parent.parent / "world" / "world.py"


def control(proxy: str, path: str) -> dict:
    """Ask the simulated web itself (host world.invalid)."""
    request = urllib.request.Request(f"http://world.invalid{path}")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy}))
    with opener.open(request, timeout=20) as answer:
        return json.loads(answer.read() or b"{}")


@dataclass
class World:
    """A simulated web that is being served."""

    folder: Path
    proxy: str
    process: subprocess.Popen

    def stats(self) -> dict:
        return control(self.proxy, "/__stats")

    def score(self, leads: Path) -> dict:
        done = subprocess.run(
            [sys.executable, str(WORLD), "score", "--dir", str(self.folder), "--leads", str(leads), "--json"],
            capture_output=True, check=True, text=True,
        )  # fmt: skip
        return json.loads(done.stdout)

    def audit(self, delay: float) -> dict:
        served = self.folder / "stats.json"
        served.write_text(json.dumps(self.stats()), "utf-8")
        done = subprocess.run(
            [sys.executable, str(WORLD), "audit", "--dir", str(self.folder), "--served", str(served), "--delay", str(delay), "--json"],
            capture_output=True, check=True, text=True,
        )  # fmt: skip
        return json.loads(done.stdout)


def answers(proxy: str, process: subprocess.Popen) -> bool:
    for _ in range(200):
        if process.poll() is not None:
            return False
        try:
            control(proxy, "/__stats")
        except OSError:
            time.sleep(0.05)  # until the server listens
        else:
            return True
    return False


@dataclass
class Patrol:
    """Runs commands in a home of its own."""

    home: Path
    environment: dict = field(default_factory=dict)

    def command(self, *args: str, proxy: str = "", check: bool = True, timeout: float = 240) -> subprocess.CompletedProcess:
        return self._run([sys.executable, "-m", "netpatrol.cli", *args], proxy, check, timeout)

    def crawl(self, *args: str, proxy: str = "", check: bool = True, timeout: float = 280) -> subprocess.CompletedProcess:
        return self._run(self.crawl_command(*args), proxy, check, timeout)

    @staticmethod
    def crawl_command(*args: str) -> list[str]:
        return [sys.executable, "-m", "scrapy", "crawl", *args, "-s", "LOG_LEVEL=WARNING"]

    def environ(self, proxy: str = "") -> dict:
        ours = {
            "NETPATROL_HOME": str(self.home), "NETPATROL_REGION": "4205", "NETPATROL_CONTACT": "tests",
            "SCRAPY_SETTINGS_MODULE": "netpatrol.settings", "MONGO_URI": "", "http_proxy": proxy, "no_proxy": "",
            "PYTHONWARNINGS": "default",
        }  # fmt: skip
        return {**os.environ, **ours, **self.environment}

    def _run(self, command: list[str], proxy: str, check: bool, timeout: float) -> subprocess.CompletedProcess:
        done = subprocess.run(command, env=self.environ(proxy), capture_output=True, text=True, timeout=timeout, check=False)
        if check and done.returncode:
            raise AssertionError(f"{command[2:6]} ended with {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done

    def leads(self, *args: str) -> list[dict]:
        out = self.command("leads", "export", "--format", "jsonl", *args).stdout
        return [json.loads(line) for line in out.splitlines()]

    def ledger(self) -> dict:
        out = self.command("runs", "list", "--format", "jsonl").stdout
        return json.loads(out.splitlines()[0])["ledger"]
