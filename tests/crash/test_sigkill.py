"""SIGKILL over a real exchange: nothing lost, nothing twice."""

import os
import subprocess
import sys
from pathlib import Path

CYCLES = int(os.environ.get("COMITY_KILLS", "200"))


def test_sigkill_loop(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.loop", str(tmp_path), str(CYCLES), "1"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}:{root}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith(f"{CYCLES} cycles passed"), done.stdout
