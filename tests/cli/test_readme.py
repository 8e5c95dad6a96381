"""Every command that README shows is taken, and its way to the first released item leads there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from comity.cli import app
from comity.cli.demo.seats import free_ports

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
LINES = sorted(
    {
        line.strip()
        for block in re.findall(r"^```\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
        for line in re.findall(r"(?:^|\$\(|; )(comity [^|;#\n]*)", block, re.MULTILINE)
    }
)


@pytest.mark.parametrize("line", LINES)
def test_what_readme_says_is_taken(line: str) -> None:
    assert len(LINES) > 30
    words = shlex.split(line.replace("<", "").replace(">", ""))[1:]
    app._parser().parse_args(words)


def blocks() -> str:
    """Return the blocks from a clone to the first released item, one after the other."""
    way = README.partition("## From a clone to the first released item")[2].partition("\n## ")[0]
    found = re.findall(r"^```\n(.*?)^```", way, re.DOTALL | re.MULTILINE)
    assert len(found) == 6
    return "".join(found)


def test_the_way_from_a_clone_to_the_first_released_item_is_as_it_is_told(tmp_path: Path) -> None:
    """Every block as it stands, in one shell; only the ports are others, which may be taken."""
    script = blocks()
    for port, free in zip(("7401", "7402", "7501", "7502"), free_ports(4), strict=True):
        script = script.replace(port, str(free))
    program = tmp_path / ".venv/bin/comity"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m comity.cli.app "$@"\n')
    program.chmod(0o755)
    source = str(Path(__file__).parents[2] / "src")
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail"],
        input=script + "cd / && exit 0\n",
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "crossing.json" in {one.name for one in (tmp_path / "try").iterdir()}
    assert not list((tmp_path / "try").glob("*/comity.sock"))  # both are stopped
