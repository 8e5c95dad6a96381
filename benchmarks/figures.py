# ruff: noqa: T201 - it prints: that is its work
"""Figures: medians with their spread, one JSON line and one table row each."""

import argparse
import json
import os
import resource
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import NamedTuple


class Figure(NamedTuple):
    """One measured figure.

    Attributes:
        row: Which row of the table, and at which size.
        unit: Of the values.
        values: As measured; at least five where the figure is a median of runs.
        note: What was measured, where the name does not say it.
        size: Of how much; 0 where the row has one size.
    """

    row: str
    unit: str
    values: tuple[float, ...]
    note: str = ""
    size: int = 0

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.values)


def children_worked() -> float:
    """Return the processor time of all processes that were started here and have ended, in ms."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (spent.ru_utime + spent.ru_stime)


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which ``part`` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def quantiles(values: Sequence[float], part: float, *, runs: int = 5) -> tuple[float, ...]:
    """Return the quantile of each of five parts of the values, which stay in their order."""
    length = max(1, len(values) // runs)
    cut = [values[at : at + length] for at in range(0, min(len(values), length * runs), length)]
    return tuple(quantile(one, part) for one in cut)


def show(figures: Iterable[Figure]) -> None:
    """Print the figures: one line of JSON each, then a table."""
    found = list(figures)
    for one in found:
        print(
            json.dumps(
                {
                    "row": one.row,
                    "unit": one.unit,
                    "median": round(one.middle, 4),
                    "least": round(min(one.values), 4),
                    "most": round(max(one.values), 4),
                    "runs": len(one.values),
                    "note": one.note,
                    "size": one.size,
                }
            )
        )
    print(f"\n| {'what':<58} | {'median':>12} | {'least to most':>25} | runs |")
    print(f"|{'-' * 60}|{'-' * 13}:|{'-' * 26}:|-----:|")
    for one in found:
        spread = f"{min(one.values):,.2f} to {max(one.values):,.2f}"
        label = f"{one.row}, {one.unit}"
        print(f"| {label:<58} | {one.middle:>12,.2f} | {spread:>25} | {len(one.values):>4} |")
    print(f"\nload average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores\n", flush=True)
    from benchmarks.growth import plotted  # noqa: PLC0415 - it plots what stands here

    print(plotted(found), flush=True)


def run(measure: Callable[[float], list[Figure]], *, seconds: float) -> None:
    """Run one row from the command line: ``--seconds`` is how long each measurement lasts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=seconds)
    show(measure(parser.parse_args().seconds))
