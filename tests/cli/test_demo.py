"""The demonstration ends with whoever told it to, and leaves nothing running."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


def test_told_to_end_it_takes_its_nodes_with_it(tmp_path: Path) -> None:
    sockets = [tmp_path / city / "comity.sock" for city in ("seoul", "tokyo")]
    with subprocess.Popen(
        [sys.executable, "-m", "comity.cli.app", "demo", "--check", "--dir", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "The first words over mutual TLS" in line:
                break
        assert all(one.exists() for one in sockets)  # both nodes are served
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        assert process.wait(60) == 130
    assert "steps passed" not in rest
    assert not any(one.exists() for one in sockets)
    named = str(tmp_path).encode()
    commands = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended meanwhile
            commands.append(one.read_bytes())
    assert not [one for one in commands if named in one]
