"""SIGKILL over a real exchange, on SQLite and on PostgreSQL: nothing lost, nothing twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CYCLES = {
    "sqlite": int(os.environ.get("COMITY_KILLS", "200")),
    # Every fourth time it is the server that dies, and it needs seconds to recover.
    "postgresql": int(os.environ.get("COMITY_KILLS", "20")),
}


@pytest.mark.parametrize("store", CYCLES)
def test_sigkill_loop(tmp_path: Path, store: str) -> None:
    cycles = CYCLES[store]
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.loop", str(tmp_path), str(cycles), "1", store],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300 + 6 * cycles,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith(f"{cycles} cycles passed"), done.stdout
