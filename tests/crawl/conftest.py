"""Real crawls of the simulated web over loopback, each in a process of its own, with its own home and database."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support.crawls import WORLD, Patrol, World, answers

from netpatrol.store import embedded


@pytest.fixture
def serve_world(tmp_path_factory):
    """Return a function that builds and serves a world: `serve_world(seed=1, sites=12, faults=True)`."""
    started = []

    def serve(seed: int = 1, sites: int = 8, entities: int = 400, faults: bool = True) -> World:
        folder = tmp_path_factory.mktemp("world")
        build = [sys.executable, str(WORLD), "build", "--seed", str(seed), "--sites", str(sites), "--entities", str(entities)]
        subprocess.run([*build, "--bank", str(WORLD.parent / "banks" / "dev.json"), "--out", str(folder)], check=True, capture_output=True)
        for port in range(20_000 + os.getpid() % 10_000, 60_000, 97):
            process = subprocess.Popen(
                [sys.executable, str(WORLD), "serve", "--dir", str(folder), "--port", str(port), "--faults", "on" if faults else "off"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            proxy = f"http://127.0.0.1:{port}"
            if answers(proxy, process):
                started.append(process)
                return World(folder, proxy, process)
        raise RuntimeError("no free port")

    yield serve
    for process in started:
        process.terminate()
        process.wait(20)


@pytest.fixture
def patrol(tmp_path):
    """A patrol in a fresh home; its database server is stopped at the end."""
    started = Patrol(tmp_path / "home")
    yield started
    embedded.stop(started.home)
