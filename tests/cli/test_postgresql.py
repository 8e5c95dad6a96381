"""A node whose books are in PostgreSQL, as a person runs it; and no password where others read."""

import json
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import psycopg
import pytest

from comity.assemble import founding, house, serve
from comity.cli.demo.seats import free_ports
from comity.vocabulary.names import Party
from tests.cli.conftest import Comity
from tests.cli.test_serving import served
from tests.support.database import Database
from tests.support.stores import server

WHERE = "COMITY_TEST_DATABASE"
SECRET = "a passphrase"  # noqa: S105 - of nodes that live for one test
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give a database of its own, named by a variable of the environment."""
    with psycopg.connect(server(), autocommit=True) as hand:
        hand.execute("CREATE DATABASE books")
        uri = psycopg.conninfo.make_conninfo(server(), dbname="books")
        monkeypatch.setenv(WHERE, uri)
        yield uri
        hand.execute("DROP DATABASE books WITH (FORCE)")


@pytest.fixture
def run(comity: Comity, tmp_path: Path, secret: Path) -> Run:
    def at(*words: str, node: str = "seoul", new: bool = False) -> tuple[int, Any]:
        whose = ("--party", "KOR", "--profile", "shipped", "--quick") if new else ()
        ports = ["--exchange", f"127.0.0.1:{free_ports(1)[0]}"] if new else []
        if new and "--console" not in words:
            ports += ["--console", f"127.0.0.1:{free_ports(1)[0]}"]
        done = comity(
            *(*words, *whose, *ports, "--json", "--node", str(tmp_path / node)),
            *("--passphrase-file", str(secret)),
        )
        return done.returncode, json.loads(done.stdout)

    return at


def test_a_node_lives_on_it(run: Run, database: str, tmp_path: Path, secret: Path) -> None:
    assert run("init", "--store", f"env:{WHERE}", new=True)[0] == 0
    assert "postgres" not in (tmp_path / "seoul/node.toml").read_text()
    assert not (tmp_path / "seoul/store").exists()
    status, said = run(
        *("person", "add", "kim", "--name", "Kim", "--office", "KOR/KDIA"),
        *("--role", "desk-officer"),
    )
    assert status == 0, said
    status, said = run("rebuild", "--check")
    assert (status, said["differences"]) == (0, [])
    assert said["rows"] > 1
    at = ["--node", str(tmp_path / "seoul"), "--passphrase-file", str(secret)]
    with served(at):
        status, said = run("serve")
        assert (status, said["error"]) == (75, "unavailable.locked")
    # A second node of the party would write into the books of the first.
    status, said = run("init", "--store", f"env:{WHERE}", node="again", new=True)
    assert (status, said["error"]) == (2, "refused.init.books")
    assert not (tmp_path / "again/keys").exists()
    with psycopg.connect(database, autocommit=True) as hand:
        hand.execute("DROP SCHEMA comity_kor CASCADE")
    status, said = run("status")
    assert (status, said["error"]) == (75, "unavailable.books")


def test_75_while_its_server_is_away_a_node_says_so_and_goes_on(
    run: Run, tmp_path: Path, secret: Path
) -> None:
    database = Database()
    try:
        console = f"127.0.0.1:{free_ports(1)[0]}"
        assert run("init", "--store", database.uri, "--console", console, new=True)[0] == 0
        with served(["--node", str(tmp_path / "seoul"), "--passphrase-file", str(secret)]) as node:
            assert run("status")[0] == 0
            database.kill(everything=True)
            status, said = run("status")
            assert (status, said["error"]) == (75, "unavailable.database")
            with httpx.Client(base_url=f"http://{console}", trust_env=False) as client:
                answer = client.get("/api/v1/me", headers={"authorization": "Bearer none"})
                page = client.get("/register", headers={"cookie": "comity-session-KOR=none"})
            assert (answer.status_code, page.status_code) == (503, 503)
            assert "unavailable.database" in answer.text
            assert "The database cannot be used" in page.text
            database.begin()
            deadline = time.monotonic() + 60
            while "KOR|unavailable.database" not in run("status")[1].get("alarms", {}):
                assert time.monotonic() < deadline, "it does not say that its server was away"
                time.sleep(0.2)
            assert node.poll() is None, "it ended with its server"
    finally:
        database.remove()


def test_a_connection_string_in_a_file(run: Run, database: str, tmp_path: Path) -> None:
    file = tmp_path / "where"
    file.write_text(database + "\n")
    file.chmod(0o644)
    status, said = run("init", "--store", f"file:{file}", new=True)
    assert (status, said["error"]) == (2, "refused.store.file")
    file.chmod(0o600)
    assert run("init", "--store", f"file:{file}", new=True)[0] == 0
    assert run("status")[0] == 0
    file.unlink()
    status, said = run("status")
    assert (status, said["error"]) == (75, "unavailable.database")


def test_75_a_server_that_is_not_there(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in ("", f"host={tmp_path} dbname=none", "postgresql://[/"):
        monkeypatch.setenv(WHERE, value)
        status, said = run("init", "--store", f"env:{WHERE}", new=True)
        assert (status, said["error"]) == (75, "unavailable.database")
        assert not (tmp_path / "seoul/keys").exists(), "nothing was made"


@pytest.mark.parametrize(
    ("store", "status", "code"),
    [
        ("postgresql://kim:hunter2@db/books", 2, "refused.store.secret"),
        ("postgresql://db/books?password=hunter2", 2, "refused.store.secret"),
        ("postgresql://db/books?passwort=hunter2", 4, "invalid.config"),
        ("host=db password=hunter2", 4, "invalid.config"),
        ("sqlite:elsewhere", 4, "invalid.config"),
    ],
)
def test_no_password_on_the_command_line(
    run: Run, tmp_path: Path, store: str, status: int, code: str
) -> None:
    done, said = run("init", "--store", store, new=True)
    assert (done, said["error"]) == (status, code)
    assert "hunter2" not in json.dumps(said)
    assert not (tmp_path / "seoul").exists()


def test_a_node_whose_database_goes_as_it_begins_to_answer_waits(tmp_path: Path) -> None:
    database = Database()
    try:
        founding.init(
            tmp_path / "seoul",
            party=Party("KOR"),
            profile=files("comity.agreement").joinpath("texts/profile-KOR.md").read_bytes(),
            exchange=f"127.0.0.1:{free_ports(1)[0]}",
            console=f"127.0.0.1:{free_ports(1)[0]}",
            passphrase=SECRET,
            quick=True,
            where=database.uri,
        )
        with house.opened(tmp_path / "seoul", SECRET) as one:
            node = serve.Served(one)
            database.kill(everything=True)
            # What served() does after the socket answers.
            node.resume_lanes()
            kept = Thread(target=node.run, daemon=True)
            kept.start()
            database.begin()
            deadline = time.monotonic() + 30
            while node.lanes_wait:
                assert time.monotonic() < deadline
                assert kept.is_alive()
                time.sleep(0.05)
            node.stop()
            kept.join(10)
            assert not kept.is_alive()
    finally:
        database.remove()
