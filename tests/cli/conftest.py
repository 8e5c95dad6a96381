"""Real processes: every command runs as a person would run it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

Comity = Callable[..., "subprocess.CompletedProcess[str]"]


class Told(NamedTuple):
    """The demonstration as it ended: its directories stay, nothing runs."""

    base: Path
    output: str
    status: int

    def at(self, city: str) -> list[str]:
        party = {"seoul": "KOR", "tokyo": "JPN", "washington": "USA"}[city]
        return [
            "--node",
            str(self.base / city),
            "--passphrase-file",
            str(self.base / f"{party}.passphrase"),
        ]


def run_comity(*words: str, **settings: Any) -> "subprocess.CompletedProcess[str]":
    settings.setdefault("timeout", 120)
    return subprocess.run(
        [sys.executable, "-m", "comity.cli.app", *words],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # no terminal, so that nothing waits for somebody to type
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        **settings,
    )


@pytest.fixture(scope="session")
def comity() -> Comity:
    return run_comity


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    base = tmp_path_factory.mktemp("told")
    done = run_comity("demo", "--check", "--dir", str(base), timeout=240)
    return Told(base, done.stdout + done.stderr, done.returncode)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.touch(mode=0o600)
    file.write_text("a passphrase for this test\n")
    return file
