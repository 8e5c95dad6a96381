"""All rows in short slices: ``python -m benchmarks [ROW …]``."""

import sys
from typing import Final

from benchmarks import bulk, judgement, single, startup
from benchmarks.figures import show

_ROWS: Final = {
    "judgement": (judgement.measure, 8.0),
    "single": (single.measure, 10.0),
    "bulk": (bulk.measure, 20.0),
    "startup": (startup.measure, 0.0),
}
"""Each row with the seconds of its short slice."""

for name in sys.argv[1:] or _ROWS:
    measure, seconds = _ROWS[name]
    show(measure(seconds))
