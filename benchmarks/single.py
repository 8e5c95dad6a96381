"""One item alone, over mutual TLS, SQLite synced at both ends.

The clock runs from the releasing authority's decision (a draft lies before it) to the
counterpart's verified cosignature: approval signed, judged, entered, sealed, carried, judged
again, entered and cosigned in the other process.
"""

import time
from typing import Final

from benchmarks.figures import Figure, quantile, run
from benchmarks.houses import KIM, PARK, two_nodes, wish
from comity.node import deciding, outgoing, releases
from tests.support.pair import JPN

_RUNS: Final = 5
_LEAST: Final = 20


def measure(seconds: float) -> list[Figure]:
    """Measure five runs, each a fifth of the time, at least 20 items each."""
    halves, tails = [], []
    with two_nodes() as seoul:
        node = seoul.house.node
        for number in range(_RUNS + 1):
            took: list[float] = []
            until = time.monotonic() + seconds / _RUNS
            while time.monotonic() < until or len(took) < _LEAST:
                laid = releases.lay_before(node, wish(node.suite.random(1000)), drafter=KIM)
                began = time.perf_counter()
                deciding.approve(node, [laid.deed], authority=PARK)
                progress = outgoing.exchange(node, JPN, seoul.courier)
                took.append((time.perf_counter() - began) * 1000)
                if progress.more:
                    raise RuntimeError("one item alone is not acknowledged by one exchange")
            if number:  # the first run warms up
                halves.append(quantile(took, 0.5))
                tails.append(quantile(took, 0.99))
    what = "approved to cosigned, two processes, mutual TLS, SQLite"
    return [
        Figure("one item alone, p50", "ms", tuple(halves), what),
        Figure("one item alone, p99", "ms", tuple(tails), what),
    ]


if __name__ == "__main__":
    run(measure, seconds=10.0)
