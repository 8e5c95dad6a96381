# ruff: noqa: S603 - it starts comity itself, with fixed words
"""Starting: ``--help``, verification of one evidence file, a node ready to serve, idle memory.

As installed: modules are compiled before (into a folder of its own; installing does that), the
first start of each is not counted. A node is started over books of three sizes. Beside the time
that passed stands the processor time of the process and of those it started.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.bulk import release_batch
from benchmarks.figures import Figure, children_worked, run
from benchmarks.houses import (
    KIM,
    PARK,
    PASSPHRASE,
    comity,
    environment,
    process_of,
    two_directories,
    two_nodes,
    wish,
)
from comity.assemble.serve import served
from comity.node import deciding, receiving, releases, titling
from comity.node.proving import evidence_for
from tests.support.pair import KOR

SIZES: Final = tuple(
    int(one) for one in os.environ.get("COMITY_BOOKS", "100,1000,10000").split(",")
)
_RUNS: Final = 5
_LIST: Final = 1000
_IDLE: Final = 1.0


class _Took(NamedTuple):
    """Milliseconds: as the clock says, and of the processor."""

    passed: float
    worked: float


def _command(*words: str, most_status: int = 0) -> _Took:
    """Return what a command takes, from start to exit."""
    began, before = time.perf_counter(), children_worked()
    done = subprocess.run(comity(*words), env=environment(), capture_output=True, check=False)
    took = _Took((time.perf_counter() - began) * 1000, children_worked() - before)
    if done.returncode > most_status:
        raise RuntimeError(done.stderr.decode())
    return took


def _held(process: int, what: str) -> float:
    """Return a figure of a process's memory in MiB (Linux)."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no {what}")


def _evidence() -> bytes:
    with two_nodes() as seoul:
        node = seoul.house.node
        laid = releases.lay_before(node, wish(b"x" * 1000), drafter=KIM)
        entered = deciding.approve(node, [laid.deed], authority=PARK)
        seoul.carry()
        reference = getattr(getattr(entered[0].entry.deed, "item", None), "reference", "")
        with node.store.reading() as tx:
            item = receiving.find_item(tx, KOR, reference)
        return evidence_for(node, item)


@contextmanager
def _compiled() -> Iterator[None]:
    """Let modules be compiled into a folder that is removed at the end, whatever was set."""
    names = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
    before = {one: os.environ.pop(one, None) for one in names}
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        try:
            yield
        finally:
            del os.environ["PYTHONPYCACHEPREFIX"]
            os.environ.update({one: value for one, value in before.items() if value is not None})


def measure(seconds: float) -> list[Figure]:
    """Measure five starts of each, whatever the time."""
    del seconds
    with _compiled(), tempfile.TemporaryDirectory(prefix="comity-bench-") as name:
        file = Path(name) / "crossing.json"
        file.write_bytes(_evidence())
        helps = [_command("--help") for _ in range(_RUNS + 1)][1:]
        # 3: consistent, and the roots not confirmed, for none is given.
        proofs = [_command("verify", str(file), most_status=3) for _ in range(_RUNS + 1)][1:]
        return [
            *_told("comity --help", helps, ""),
            *_told("comity verify of one crossing", proofs, f"{file.stat().st_size} bytes"),
            *_nodes(),
        ]


def _told(row: str, took: list[_Took], note: str, size: int = 0) -> list[Figure]:
    passed, worked = zip(*took, strict=True)
    return [
        Figure(row, "ms", passed, note, size),
        Figure(f"{row}, of the processor", "ms", worked, note, size),
    ]


def _nodes() -> list[Figure]:
    """Start a node over books of each size; it grows from one to the next."""
    found = []
    with two_directories() as (seoul, tokyo):
        there = 0
        for size in SIZES:
            # Carried, cosigned, and every title in the index: nothing waits when it starts.
            with process_of(tokyo), served(seoul, PASSPHRASE) as node:
                for first in range(there, size, _LIST):
                    release_batch(node.house.node, min(_LIST, size - first))
                    node.carry()
                while titling.catch_up(node.house.node):
                    pass
            there = size
            ready, resident, own = [], [], []
            for turn in range(_RUNS + 1):
                began, before = time.perf_counter(), children_worked()
                with process_of(seoul) as process:
                    passed = (time.perf_counter() - began) * 1000
                    ticks = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2]
                    spent = sum(map(int, ticks.split()[11:13])) / os.sysconf("SC_CLK_TCK")
                    worked = 1e3 * spent + children_worked() - before
                    time.sleep(_IDLE)
                    if turn:
                        ready.append(_Took(passed, worked))
                        resident.append(_held(process.pid, "Rss"))
                        own.append(_held(process.pid, "Pss"))
            row, note = f"ready to serve, {size:,} items", "a passphrase hash of 8 MiB, one pass"
            found += _told(row, ready, note, size)
            idle = "one second after it serves"
            found += [
                Figure(f"idle node, resident, {size:,} items", "MiB", tuple(resident), idle, size),
                Figure(f"idle node, its share, {size:,} items", "MiB", tuple(own), idle, size),
            ]
    return found


if __name__ == "__main__":
    run(measure, seconds=0.0)
