"""A content of 40 MiB between two processes that are killed while it is under way."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

LENGTH = 40 << 20


@pytest.fixture
def copies(told, tmp_path):
    """Return both houses of the story, copied: what a test does to them is its own affair."""
    assert told.status == 0, told.output
    for name in ("seoul", "tokyo"):
        shutil.copytree(told.base / name, tmp_path / name)
    for name in ("KOR.passphrase", "JPN.passphrase"):
        shutil.copy2(told.base / name, tmp_path / name)
    return told._replace(base=tmp_path)


def started(at):
    process = subprocess.Popen(
        [sys.executable, "-m", "comity.cli.app", "serve", *at],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().startswith("serving "), process.stderr.read()
    return process


def killed(process):
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)


def arrived(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.glob("contents/arriving/*"))


def whole(folder: Path) -> list[Path]:
    return [one for one in folder.glob("contents/*") if one.is_file()]


def test_it_arrives_whole_however_often_it_is_interrupted(comity, copies, tmp_path):
    file = tmp_path / "large.bin"
    file.write_bytes(os.urandom(LENGTH))
    done = comity(
        *("release", str(file), "--to", "JPN", "--office", "JPN/DIH", "--level", "KOR:mil-2"),
        *("--subject", "dprk.missile.launch", "--purpose", "defence.missile-warning"),
        *("--title", "Large", "--as", "kim", *copies.at("seoul"), "--json"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    draft = json.loads(done.stdout)["draft"]
    done = comity("approve", draft, "--as", "park", *copies.at("seoul"), "--json")
    assert done.returncode == 0, done.stdout + done.stderr

    seoul, tokyo = copies.base / "seoul", copies.base / "tokyo"
    chance, cuts = random.Random(5), []
    servers = {name: started(copies.at(name)) for name in ("seoul", "tokyo")}
    try:
        deadline = time.monotonic() + 120
        for victim in ("tokyo", "seoul", "tokyo", "seoul"):
            goal = arrived(tokyo) + chance.randrange(1, 6 << 20)
            while arrived(tokyo) < goal and not whole(tokyo):
                assert time.monotonic() < deadline
                time.sleep(0.0005)
            killed(servers[victim])
            if not whole(tokyo):
                cuts.append(arrived(tokyo))
            servers[victim] = started(copies.at(victim))
        while not whole(tokyo):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        deadline = time.monotonic() + 30
        while _wanted(comity, tokyo):
            assert time.monotonic() < deadline
            time.sleep(0.2)
    finally:
        for process in servers.values():
            killed(process)
    assert len(cuts) >= 2, "it was interrupted under way"
    assert cuts == sorted(cuts), "what had arrived was not fetched again"
    (kept,), (sent,) = whole(tokyo), whole(seoul)
    assert kept.name == sent.name == hashlib.sha384(kept.read_bytes()).hexdigest()


def _wanted(comity, directory):
    said = json.loads(comity("status", "--node", str(directory), "--json").stdout)
    return said["links"][0]["contents"]
