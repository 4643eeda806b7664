"""CPU time of a piece of work, for tests that compare it with another in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable


def cpu_of(work: Callable[[], object], rounds: int = 3) -> float:
    """Return the seconds of CPU that the quickest of some rounds took."""
    took = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took)
