"""One item alone, over mutual TLS, SQLite synced at both ends.

The clock runs from the releasing authority's decision (a draft lies before it) to the
counterpart's verified cosignature: approval signed, judged, entered, sealed, carried, judged
again, entered and cosigned in the other process. Measured with registers of three sizes at both
ends, filled by lists that were released, carried and cosigned; ``COMITY_HELD`` says how many.
"""

import os
import time
from typing import Final

from benchmarks.bulk import release_batch
from benchmarks.figures import Figure, quantile, run
from benchmarks.houses import KIM, PARK, two_nodes, wish
from comity.assemble.serve import Served
from comity.node import deciding, outgoing, releases
from tests.support.pair import JPN

SIZES: Final = tuple(int(one) for one in os.environ.get("COMITY_HELD", "100,1000,10000").split(","))
_RUNS: Final = 5
_LEAST: Final = 20
_LIST: Final = 1000


def measure(seconds: float) -> list[Figure]:
    """Measure five runs at each size, each a part of the time, at least 20 items each."""
    found, there = [], 0
    with two_nodes() as seoul:
        for size in SIZES:
            for first in range(there, size, _LIST):
                release_batch(seoul.house.node, min(_LIST, size - first))
                seoul.carry()
            there = size
            found += _measured(seoul, size, seconds / len(SIZES))
    return found


def _measured(seoul: Served, size: int, seconds: float) -> list[Figure]:
    halves, tails, spent = [], [], []
    node = seoul.house.node
    for number in range(_RUNS + 1):
        took: list[float] = []
        worked: list[float] = []
        until = time.monotonic() + seconds / _RUNS
        while time.monotonic() < until or len(took) < _LEAST:
            laid = releases.lay_before(node, wish(node.suite.random(1000)), drafter=KIM)
            began, work = time.perf_counter(), time.process_time()
            deciding.approve(node, [laid.deed], authority=PARK)
            progress = outgoing.exchange(node, JPN, seoul.courier)
            took.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - work) * 1000)
            if progress.more:
                raise RuntimeError("one item alone is not acknowledged by one exchange")
        if number:  # the first run warms up
            halves.append(quantile(took, 0.5))
            tails.append(quantile(took, 0.99))
            spent.append(quantile(worked, 0.5))
    what = "approved to cosigned, two processes, mutual TLS, SQLite"
    return [
        Figure(f"one item alone, {size:,} held, p50", "ms", tuple(halves), what, size),
        Figure(f"one item alone, {size:,} held, p99", "ms", tuple(tails), what, size),
        Figure(f"one item alone, {size:,} held, processor of Seoul", "ms", tuple(spent), "", size),
    ]


if __name__ == "__main__":
    run(measure, seconds=10.0)
