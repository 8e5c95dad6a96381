"""Disks that fail or are full under whole nodes: said by name, nothing lost, nothing twice."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.failing_disk import shim

ROOT = Path(__file__).parents[2]


def told(command: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**env, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_disk_that_fails_ends_the_node_and_loses_nothing(tmp_path: Path) -> None:
    env = shim(tmp_path)
    nodes = tmp_path / "nodes"
    nodes.mkdir()
    said = told([sys.executable, "-m", "tests.crash.disk", str(nodes), "failing"], env)
    assert said.endswith("failing disks: nothing lost, nothing twice\n"), said


def test_a_full_disk_is_waited_for(tmp_path: Path) -> None:
    own = ["unshare", "--mount"]
    if os.geteuid() or shutil.which("unshare") is None:
        pytest.skip("only root can mount a small disk (and unshare, of util-linux, is needed)")
    if subprocess.run([*own, "mount", "-t", "tmpfs", "none", "/mnt"], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    command = [*own, sys.executable, "-m", "tests.crash.disk", str(tmp_path), "full"]
    said = told(command, dict(os.environ))
    assert said.endswith("full disks: nothing lost, nothing twice\n"), said
