"""A served node whose disk fails: it stops with its status, and begins again with nothing lost."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from tests.support.failing_disk import Disk, shim

LENGTH = 20 << 20  # more than a pouch carries


@pytest.fixture
def copies(told, tmp_path):
    """Return both houses of the story, copied: what a test does to them is its own affair."""
    assert told.status == 0, told.output
    for name in ("seoul", "tokyo"):
        shutil.copytree(told.base / name, tmp_path / name)
    for name in ("KOR.passphrase", "JPN.passphrase"):
        shutil.copy2(told.base / name, tmp_path / name)
    return told._replace(base=tmp_path)


def started(at, env=None):
    process = subprocess.Popen(
        [sys.executable, "-m", "comity.cli.app", "serve", *at],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )
    assert process.stdout.readline().startswith("serving "), process.stderr.read()
    return process


def stopped(process, status):
    try:
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == status, out + err
    return err


def folded_again(comity, at):
    done = comity("rebuild", "--check", *at, "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["differences"] == []


def test_75_a_node_stops_when_its_disk_fails(comity, copies, tmp_path):
    env, disk = shim(tmp_path), Disk(tmp_path / "orders")
    process = started(copies.at("seoul"), env)
    disk.fail("sync", "seoul/store/book.sqlite3-wal$")
    # Whatever it enters next, the alarm that Tokyo does not answer for one, is its last.
    comity("exchange", "--node", str(copies.base / "seoul"))
    assert "unavailable.disk" in stopped(process, 75)
    disk.mend()
    folded_again(comity, copies.at("seoul"))
    process = started(copies.at("seoul"), env)
    add = ("person", "add", "yun", "--name", "Yun", "--office", "KOR/KDIA", "--role", "custodian")
    done = comity(*add, "--node", str(copies.base / "seoul"), "--json")
    assert done.returncode == 0, done.stdout
    process.terminate()
    stopped(process, 0)


def test_75_a_large_content_that_could_not_be_synced_is_fetched_again(comity, copies, tmp_path):
    env, disk = shim(tmp_path), Disk(tmp_path / "orders")
    file = tmp_path / "large.bin"
    file.write_bytes(os.urandom(LENGTH))
    done = comity(
        *("release", str(file), "--to", "JPN", "--office", "JPN/DIH", "--level", "KOR:mil-2"),
        *("--subject", "dprk.missile.launch", "--purpose", "defence.missile-warning"),
        *("--title", "Large", "--as", "kim", *copies.at("seoul"), "--json"),
    )
    draft = json.loads(done.stdout)["draft"]
    done = comity("approve", draft, "--as", "park", *copies.at("seoul"), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    contents = copies.base / "tokyo/contents"
    disk.fail("sync", "tokyo/contents/arriving/")
    seoul, tokyo = started(copies.at("seoul")), started(copies.at("tokyo"), env)
    try:
        assert "unavailable.disk" in stopped(tokyo, 75)
        # A second sync of the same bytes would have succeeded and proved nothing.
        assert list(contents.glob("arriving/*")) == []
        assert [one for one in contents.iterdir() if one.is_file()] == []
        disk.mend()
        tokyo = started(copies.at("tokyo"), env)
        deadline = time.monotonic() + 60
        while not [one for one in contents.iterdir() if one.is_file()]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        tokyo.terminate()
        stopped(tokyo, 0)
    finally:
        for process in (seoul, tokyo):
            process.kill()
            process.communicate(timeout=30)
    folded_again(comity, copies.at("tokyo"))
