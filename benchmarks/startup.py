# ruff: noqa: S603 - it starts comity itself, with fixed words
"""Starting: ``--help``, verification of one evidence file, a node ready to serve, idle memory."""

import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, run
from benchmarks.houses import (
    KIM,
    PARK,
    comity,
    environment,
    process_of,
    two_directories,
    two_nodes,
    wish,
)
from comity.node import deciding, receiving, releases
from comity.node.proving import evidence_for
from tests.support.pair import KOR

_RUNS: Final = 5


def _took(*words: str, most_status: int = 0) -> float:
    """Return the milliseconds that a command takes, from start to exit."""
    began = time.perf_counter()
    done = subprocess.run(comity(*words), env=environment(), capture_output=True, check=False)
    took = (time.perf_counter() - began) * 1000
    if done.returncode > most_status:
        raise RuntimeError(done.stderr.decode())
    return took


def _resident(process: int) -> float:
    """Return the resident memory of a process in MiB (Linux)."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")


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


def measure(seconds: float) -> list[Figure]:
    """Measure five starts of each, whatever the time."""
    del seconds
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as name:
        file = Path(name) / "crossing.json"
        file.write_bytes(_evidence())
        size = file.stat().st_size
        helps = tuple(_took("--help") for _ in range(_RUNS + 1))[1:]
        # 3: consistent, and the roots not confirmed, for none is given.
        proofs = tuple(_took("verify", str(file), most_status=3) for _ in range(_RUNS + 1))[1:]
    ready, memory = [], []
    with two_directories() as (seoul, _):
        for _ in range(_RUNS):
            began = time.perf_counter()
            with process_of(seoul) as process:
                ready.append((time.perf_counter() - began) * 1000)
                time.sleep(1)
                memory.append(_resident(process.pid))
    return [
        Figure("comity --help", "ms", helps),
        Figure("comity verify of one crossing", "ms", proofs, f"{size} bytes"),
        Figure("ready to serve", "ms", tuple(ready), "a passphrase hash of 8 MiB, one pass"),
        Figure("idle node, resident", "MiB", tuple(memory), "one second after it serves"),
    ]


if __name__ == "__main__":
    run(measure, seconds=0.0)
