# ruff: noqa: T201 - it prints: that is its work
"""How cost grows: each figure over the sizes it was taken at, as a plot in text.

``python -m benchmarks search ledger | python -m benchmarks.growth`` prints it from the lines of
JSON that a run printed; :func:`benchmarks.figures.show` prints it at the end of every run.
"""

import json
import math
import sys
from collections.abc import Iterable
from typing import Final

from benchmarks.figures import Figure

_WIDTH: Final = 32
_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
_FEW: Final = 2
_TAILS: Final = (", p95", ", p99")
"""Of what passed by the clock the median is plotted: its tails are other work on the machine."""


def plotted(figures: Iterable[Figure]) -> str:
    """Return a plot of every figure that was taken at two sizes or more.

    A bar is as long as the logarithm of its value above a third of the least one, so that ten
    times as much is as much longer everywhere. Behind it stands what the largest size costs in
    times of the smallest, and how many times larger it is.
    """
    rows: dict[str, dict[int, Figure]] = {}
    for one in figures:
        if one.size and not one.row.endswith(_TAILS):
            rows.setdefault(_named(one), {})[one.size] = one
    return "\n".join(
        line for name, sizes in rows.items() if len(sizes) >= _FEW for line in _plot(name, sizes)
    )


def _named(one: Figure) -> str:
    bare = one.row.replace(f"{one.size:,}", "…", 1)
    for what in (", … items", ", … leaves", ", … agreements", ", … held", "… links: "):
        bare = bare.replace(what, "")
    return f"{bare}, {one.unit}"


def _plot(name: str, sizes: dict[int, Figure]) -> list[str]:
    values = {size: sizes[size].middle for size in sorted(sizes)}
    least = max(min(values.values()), 1e-9)
    span = max(math.log10(3 * max(values.values()) / least), 1.0)
    lines = [name]
    for size, value in values.items():
        part = math.log10(max(3 * value / least, 1.0)) / span
        lines.append(f"  {size:>12,} {_bar(part):<{_WIDTH}} {value:,.2f}")
    first, last = min(values), max(values)
    times = values[last] / max(values[first], 1e-9)
    lines.append(f"  {'':>12} {times:,.1f} times as much for {last / first:,.0f} times as many")
    return lines


def _bar(part: float) -> str:
    eighths = round(part * _WIDTH * 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def main() -> None:
    """Plot the figures whose lines of JSON come by the standard input."""
    found = []
    for line in sys.stdin:
        if line.startswith("{"):
            one = json.loads(line)
            found.append(Figure(one["row"], one["unit"], (one["median"],), size=one.get("size", 0)))
    print(plotted(found))


if __name__ == "__main__":
    main()
