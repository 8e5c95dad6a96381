# ruff: noqa: S603, S607 - it calls git, sh and pip, with fixed words
"""Installing: the set-up of a fresh checkout, and the wheel that is made of it.

What git holds is copied into an empty folder, and ``tools/setup.sh small`` is run there as ``make
setup`` runs it: a virtual environment, every package of the lock by its hash, the program itself.
Packages come from the registry that pip is set to, nothing from pip's cache. Runs only where it
is asked for: ``python -m benchmarks installing``.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, children_worked, run
from benchmarks.houses import ROOT

_RUNS: Final = 5


def _copied(place: Path) -> None:
    """Copy what git holds of this checkout."""
    words = ["git", "-C", str(ROOT), "ls-files", "-z"]
    for name in subprocess.run(words, capture_output=True, check=True).stdout.split(b"\0"):
        source = ROOT / name.decode()
        if name and source.is_file():
            target = place / name.decode()
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


def measure(seconds: float) -> list[Figure]:
    """Measure five set-ups from nothing, whatever the time, and the wheel."""
    del seconds
    took, worked, held = [], [], []
    for _ in range(_RUNS):
        with tempfile.TemporaryDirectory(prefix="comity-install-") as name:
            place = Path(name)
            _copied(place)
            surroundings = {**os.environ, "PIP_NO_CACHE_DIR": "1"}
            began, before = time.perf_counter(), children_worked()
            subprocess.run(
                ["sh", "tools/setup.sh", "small"], cwd=place, env=surroundings, check=True
            )
            took.append(time.perf_counter() - began)
            worked.append((children_worked() - before) / 1e3)
            files = [one for one in (place / ".venv").rglob("*") if one.is_file()]
            held.append(sum(one.lstat().st_size for one in files) / (1 << 20))
            words = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
            subprocess.run([sys.executable, *words, "-w", "made", "."], cwd=place, check=True)
            (wheel,) = (place / "made").glob("comity-*.whl")
            size = wheel.stat().st_size / (1 << 20)
    return [
        Figure("set-up of a fresh checkout", "s", tuple(took), "packages fetched anew"),
        Figure("the same, of the processor", "s", tuple(worked)),
        Figure("what the set-up holds on disk", "MiB", tuple(held)),
        Figure("the wheel", "MiB", (size,)),
    ]


if __name__ == "__main__":
    run(measure, seconds=0.0)
