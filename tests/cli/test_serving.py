"""A node that is served: one process to a directory, a clean stop, no second history."""

import json
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import tomllib
from contextlib import closing, contextmanager

import httpx
import pytest


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
    process = subprocess.Popen(
        [sys.executable, "-m", "comity.cli.app", "serve", *at],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline().startswith("serving "), process.stderr.read()
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly(copies, number):
    with served(copies.at("seoul")) as process:
        socket = copies.base / "seoul" / "comity.sock"
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
        assert not socket.exists()


def test_75_a_second_process_in_one_directory(comity, copies):
    with served(copies.at("seoul")):
        second = comity("serve", *copies.at("seoul"), "--json")
        assert second.returncode == 75
        assert json.loads(second.stdout)["error"] == "unavailable.locked"
        # The first goes on, and commands reach it without a passphrase.
        asked = comity("status", "--node", str(copies.base / "seoul"), "--json")
        assert asked.returncode == 0
        assert json.loads(asked.stdout)["party"] == "KOR"


def test_a_command_says_the_same_over_the_socket_and_in_its_own_process(comity, copies):
    alone = comity("register", "list", *copies.at("tokyo"), "--json")
    with served(copies.at("tokyo")):
        asked = comity("register", "list", "--node", str(copies.base / "tokyo"), "--json")
    assert asked.returncode == alone.returncode == 0
    assert asked.stdout == alone.stdout


def test_2_a_refusal_over_the_socket_has_its_status(comity, copies):
    with served(copies.at("tokyo")):
        done = comity(
            *("register", "show", "KOR-2026-NONE", "--as", "abe", "--json"),
            *("--node", str(copies.base / "tokyo")),
        )
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "refused.absent"


def test_75_a_node_restored_from_an_older_copy_signs_nothing(comity, copies):
    seoul = copies.base / "seoul"
    shutil.copytree(seoul / "store", copies.base / "older")
    with served(copies.at("seoul")), served(copies.at("tokyo")):
        published = comity("peer", "publish", "JPN", "--node", str(seoul), "--json")
        assert published.returncode == 0, published.stdout
        size = json.loads(published.stdout)["index"] + 1
        deadline = time.monotonic() + 30
        while _acknowledged(comity, seoul) < size:
            assert time.monotonic() < deadline
            comity("exchange", "--node", str(seoul))
    shutil.rmtree(seoul / "store")
    shutil.move(copies.base / "older", seoul / "store")
    for words in (("serve",), ("status",), ("peer", "publish", "JPN")):
        done = comity(*words, *copies.at("seoul"), "--json")
        assert done.returncode == 75, done.stdout + done.stderr
        said = json.loads(done.stdout)
        assert said["error"] == "unavailable.rollback"
        assert "Restore the newest" in said["detail"]
        assert "comity recover" in said["detail"]
    # It is the witness that says so, and nothing else: the copy itself is whole.
    shutil.rmtree(seoul / "witness")
    assert comity("status", *copies.at("seoul"), "--json").returncode == 0


def _acknowledged(comity, directory):
    said = json.loads(comity("status", "--node", str(directory), "--json").stdout)
    return said["links"][0]["acknowledged"]


def test_a_peer_that_was_away_is_reached_soon_after_it_is_back(comity, copies):
    seoul = copies.base / "seoul"
    with served(copies.at("seoul")):
        done = comity("peer", "publish", "JPN", "--node", str(seoul), "--json")
        assert done.returncode == 0, done.stdout
        size = json.loads(done.stdout)["index"] + 1
        assert _acknowledged(comity, seoul) < size
        with served(copies.at("tokyo")):
            # Nobody asks for it; a heartbeat would come after a minute only.
            deadline = time.monotonic() + 30
            while _acknowledged(comity, seoul) < size:
                assert time.monotonic() < deadline


def test_a_program_asks_of_a_served_node_by_a_token(comity, copies):
    seoul = copies.base / "seoul"
    node = ("--node", str(seoul), "--json")
    until = "2099-01-01T00:00:00.000Z"
    with served(copies.at("seoul")):
        made = comity("token", "add", "park", "--name", "export", "--until", until, *node)
        assert made.returncode == 0, made.stdout
        said = json.loads(made.stdout)
        address = tomllib.loads((seoul / "node.toml").read_text())["console"]
        port = address.rpartition(":")[2]
        base = f"http://127.0.0.1:{port}/api/v1"
        with httpx.Client(base_url=base, trust_env=False) as client:
            assert client.get("/me").status_code == 401
            client.headers["authorization"] = f"Bearer {said['token']}"
            assert client.get("/me").json()["roles"] == ["releasing-authority"]
            item = client.get("/register").json()["items"][0]
            head = client.head(f"/register/{item['reference']}")
            assert (head.status_code, head.content) == (200, b"")
            tag = {"if-none-match": head.headers["etag"]}
            assert client.get(f"/register/{item['reference']}", headers=tag).status_code == 304
            listed = comity("token", "list", *node)
            assert said["token"] not in listed.stdout
            assert json.loads(listed.stdout)["tokens"][0]["id"] == said["id"]
            assert comity("token", "revoke", said["id"], *node).returncode == 0
            assert client.get("/me").status_code == 401
    assert comity("token", "revoke", said["id"], *copies.at("seoul")).returncode == 2


def titles(copies):
    """Return how many titles wait to be read into the index, and how many are in it."""
    at = copies.base / "seoul" / "store" / "book.sqlite3"
    with closing(sqlite3.connect(f"file:{at}?mode=ro", uri=True)) as book:
        numbers = [number for (number,) in book.execute("SELECT number FROM title")]
    return numbers.count(0), len(numbers) - numbers.count(0)


def test_titles_are_read_into_the_index_while_it_is_served(comity, copies):
    before = sum(titles(copies))
    assert before > 0
    with served(copies.at("seoul")) as process:
        while titles(copies) != (0, before):
            assert process.poll() is None
            time.sleep(0.1)
    done = comity("rebuild", "--titles", *copies.at("seoul"), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["titles"] == before
    assert titles(copies) == (before, 0)


def test_a_command_alone_needs_no_port(comity, secret, tmp_path):
    at = ("--node", str(tmp_path / "seoul"), "--passphrase-file", str(secret))
    with (
        socket.create_server(("127.0.0.1", 0)) as exchange,
        socket.create_server(("127.0.0.1", 0)) as console,
    ):
        ports = [f"127.0.0.1:{one.getsockname()[1]}" for one in (exchange, console)]
        places = ("--exchange", ports[0], "--console", ports[1])
        made = comity("init", *at, "--party", "KOR", "--profile", "shipped", *places, "--quick")
        assert made.returncode == 0, made.stderr
        done = comity("status", *at)
        assert done.returncode == 0, done.stderr
        assert not (tmp_path / "seoul/comity.sock").exists()
        taken = comity("serve", *at)
        assert (taken.returncode, "unavailable.port" in taken.stderr) == (75, True)
