"""Memory of a long crawl: it does not grow with the number of pages."""

import statistics
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.crawl, pytest.mark.mongo, pytest.mark.full]
FAST = (
    "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "NETPATROL_MAX_CRAWL_DELAY=3",
    "-s", "NETPATROL_MAX_PAGES=5000", "-s", "NETPATROL_BROWSER=off",
)  # fmt: skip
MOST = 400  # MB of one process; measured: 369 over a web with faults, 319 over an honest one
GROWTH = 1.10
PAGES = 2_000  # at least; what leaks grows over far fewer
EVERY = 0.25  # seconds between two looks


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB; 0 where it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:")), 0)


def watched(command, environment):
    """Run a command to its end; return its resident memory from look to look."""
    seen = []
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.returncode is None:
            try:
                process.wait(EVERY)
            except subprocess.TimeoutExpired:
                seen.append(resident(process.pid))
    assert process.returncode == 0
    return [size for size in seen if size]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("faults", [pytest.param(False, id="honest web"), pytest.param(True, id="web with faults")])
def test_memory_is_flat_over_thousands_of_pages(patrol, serve_world, faults):
    world = serve_world(seed=5, sites=130, faults=faults)
    patrol.command("register", "import", str(world.folder / "registry.csv"))
    command = patrol.crawl_command("sites", "-a", f"seeds={world.folder / 'seeds.txt'}", *FAST)
    seen = watched(command, patrol.environ(world.proxy))
    pages = patrol.ledger()["pages"]
    assert pages["checked"] >= PAGES, pages
    early, late = statistics.median(seen[len(seen) // 4 : len(seen) // 2]), statistics.median(seen[-len(seen) // 4 :])
    print(f"{patrol.ledger()['pages']['planned']} pages, MB: early {early:.0f}, late {late:.0f}, most {max(seen):.0f}")
    assert late <= early * GROWTH
    assert max(seen) <= MOST
