"""A backup is put back; the node refuses, recovers, and goes on: real processes and databases."""

import json
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from tests.support.commands import exchanged

LINK = {"comity/KOR/to/JPN", "comity/JPN/to/KOR"}


@pytest.fixture
def copies(told, tmp_path):
    """Return both houses of the story, copied: what a test does to them is its own affair."""
    assert told.status == 0, told.output
    for name in ("seoul", "tokyo"):
        shutil.copytree(told.base / name, tmp_path / name)
    for name in ("KOR.passphrase", "JPN.passphrase"):
        shutil.copy2(told.base / name, tmp_path / name)
    return told._replace(base=tmp_path)


@contextmanager
def served(at):
    process = started("serve", *at)
    try:
        assert process.stdout.readline().startswith("serving "), process.stderr.read()
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


def started(*words):
    return subprocess.Popen(
        [sys.executable, "-m", "comity.cli.app", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def asked(comity, *words, status=0):
    done = comity(*words, "--json")
    assert done.returncode == status, done.stdout + done.stderr
    return json.loads(done.stdout)


def release(comity, copies, text):
    """Release a report from Seoul to Tokyo, both served."""
    file = copies.base / "report.txt"
    file.write_text(text)
    seoul = ("--node", str(copies.base / "seoul"))
    draft = asked(
        comity,
        *("release", str(file), "--to", "JPN", "--office", "JPN/DIH", "--level", "KOR:mil-2"),
        *("--subject", "dprk.missile.launch", "--purpose", "defence.missile-warning"),
        *("--title", "Report", "--as", "kim", *seoul),
    )["draft"]
    asked(comity, "approve", draft, "--as", "park", *seoul)
    in_step(comity, copies)


def in_step(comity, copies):
    """Wait until Tokyo has cosigned all that Seoul has, and the other way about."""
    deadline = time.monotonic() + 60
    for name in ("seoul", "tokyo") * 2:
        node = ("--node", str(copies.base / name))
        while True:
            exchanged(comity, *node)
            (link, *_) = asked(comity, "status", *node)["links"]
            if link["out"] == link["acknowledged"]:
                break
            assert time.monotonic() < deadline


def heads(comity, at):
    logs = asked(comity, "ledger", "show", *at)["logs"]
    return {one["log"]: (one["size"], one["root"]) for one in logs if one["log"] in LINK}


def test_a_backup_that_was_put_back_is_recovered_and_goes_on(comity, copies):
    seoul = copies.base / "seoul"
    at, tokyo = copies.at("seoul"), copies.at("tokyo")
    shutil.copytree(seoul / "store", copies.base / "older")
    with served(at), served(tokyo):
        release(comity, copies, "The first report.")
        asked(comity, "peer", "publish", "KOR", "--node", str(copies.base / "tokyo"))
        release(comity, copies, "The second report.")
        whole = heads(comity, ("--node", str(seoul)))
        held = asked(comity, "register", "list", "--node", str(copies.base / "tokyo"))
    shutil.rmtree(seoul / "store")
    shutil.move(copies.base / "older", seoul / "store")
    assert asked(comity, "serve", *at, status=75)["error"] == "unavailable.rollback"
    # Nobody answers: nothing is decided, and the same call may succeed later.
    silent = asked(comity, "recover", *at, status=75)["links"]
    assert {one["error"] for one in silent} == {"unavailable.peer"}
    with served(tokyo):
        (link,) = asked(comity, "recover", "--from", "JPN", "--dry-run", *at)["links"]
        assert link["own"]["count"] > 0
        assert link["theirs"]["count"] > 0
        assert link["lost_for_good"]["journal_since"]
        assert asked(comity, "serve", *at, status=75)["error"] == "unavailable.rollback"

        # Killed as soon as it says the first word: all of it, or nothing.
        process = started("recover", *at)
        assert "JPN: " in process.stderr.readline()
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        assert comity("status", *at).returncode in (0, 75)

        words = comity("recover", "--from", "JPN", *at)
        assert words.returncode == 0, words.stderr
        (again,) = asked(comity, "recover", "--from", "JPN", *at)["links"]
        assert (again["own"]["count"], again["theirs"]["count"]) == (0, 0)
        # Whose keys are gone is said in words, too, as often as it is asked.
        assert len(again["without_key"]) == 2
        said = comity("recover", "--from", "JPN", *at).stdout
        assert all(one in said for one in again["without_key"])
        assert heads(comity, at) == whole
        assert asked(comity, "rebuild", "--check", *at)["differences"] == []

        with served(at):
            release(comity, copies, "The third report.")
            more = asked(comity, "register", "list", "--node", str(copies.base / "tokyo"))
            assert len(more["items"]) == len(held["items"]) + 1
            assert heads(comity, ("--node", str(seoul))) == heads(
                comity, ("--node", str(copies.base / "tokyo"))
            )
    for where in (at, tokyo):
        assert asked(comity, "rebuild", "--check", *where)["differences"] == []


def test_a_node_that_is_told_by_its_counterpart_stops(comity, copies):
    """Without the files outside the database it learns of it from the first answer, and stops."""
    seoul = copies.base / "seoul"
    at, tokyo = copies.at("seoul"), copies.at("tokyo")
    shutil.copytree(seoul / "store", copies.base / "older")
    with served(tokyo):
        with served(at):
            release(comity, copies, "The first report.")
        shutil.rmtree(seoul / "store")
        shutil.move(copies.base / "older", seoul / "store")
        shutil.rmtree(seoul / "witness")
        process = started("serve", *at)
        try:
            assert process.wait(timeout=60) == 75
        finally:
            process.kill()
            output = process.communicate(timeout=30)
        assert "unavailable.rollback" in output[1]
        # Washington does not answer; what Tokyo has comes back all the same.
        links = asked(comity, "recover", *at, status=75)["links"]
        assert {one["peer"]: one.get("error") for one in links} == {
            "JPN": None,
            "USA": "unavailable.peer",
        }
        with served(at):
            release(comity, copies, "The second report.")
    assert asked(comity, "rebuild", "--check", *at)["differences"] == []
