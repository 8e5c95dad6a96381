"""All rows in short slices: ``python -m benchmarks [ROW …]``."""

import sys
from typing import Final

from benchmarks import (
    bulk,
    carriers,
    fairness,
    installing,
    judgement,
    large,
    ledger,
    network,
    peers,
    search,
    single,
    startup,
    stream,
)
from benchmarks.figures import show

_ROWS: Final = {
    "judgement": (judgement.measure, 8.0),
    "peers": (peers.measure, 12.0),
    "single": (single.measure, 10.0),
    "stream": (stream.measure, 2.0),
    "bulk": (bulk.measure, 20.0),
    "carriers": (carriers.measure, 10.0),
    "large": (large.measure, 0.0),
    "startup": (startup.measure, 0.0),
    "installing": (installing.measure, 0.0),
    "fairness": (fairness.measure, 36.0),
    "search": (search.measure, 0.2),
    "network": (network.measure, 0.0),
    "ledger": (ledger.measure, 1.0),
}
"""Each row with the seconds of its short slice."""
_ASKED_FOR: Final = {"large", "carriers", "installing"}
"""Rows that run only where they are asked for."""

for name in sys.argv[1:] or [row for row in _ROWS if row not in _ASKED_FOR]:
    measure, seconds = _ROWS[name]
    show(measure(seconds))
