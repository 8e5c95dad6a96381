"""What only the store on disk can meet: a full disk, a failing one, another version, a kill."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from comity.ledger.tree import root_of
from comity.node.ports import Space
from comity.register.rows import Copy
from comity.store.sqlite import FILE, SqliteStore
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.logs import LogName
from tests.support.stores import append

LOG = LogName("comity/KOR/to/JPN")
ROOT = Path(__file__).parents[3]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "node"


def database(directory: Path) -> closing[sqlite3.Connection]:
    """Open the database as a hand at its console would."""
    return closing(sqlite3.connect(directory / FILE, isolation_level=None))


def test_a_second_instance_refuses_to_start(directory: Path) -> None:
    store = SqliteStore(directory)
    with pytest.raises(Unavailable) as caught:
        SqliteStore(directory)
    assert caught.value.code == "unavailable.locked"
    with store.transaction() as tx:
        tx.save(Space.LINK, {"k": b"1"})
    store.close()
    SqliteStore(directory).close()


def test_only_the_owner_reads_the_files(directory: Path) -> None:
    store = SqliteStore(directory)
    with store.transaction() as tx:
        tx.save(Space.LINK, {"k": b"1"})
    files = list(directory.iterdir())
    assert {file.name for file in files} >= {FILE, FILE + "-wal", "lock"}
    assert [file.name for file in files if stat.S_IMODE(file.stat().st_mode) & 0o077] == []
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    store.close()


@pytest.mark.parametrize(
    "change",
    ["version = version + 1", "version = version - 1", "statements = statements || ' '"],
)
def test_a_database_of_another_version_is_left_alone(directory: Path, change: str) -> None:
    SqliteStore(directory).close()
    with database(directory) as connection:
        connection.execute(f"UPDATE schema SET {change}")  # noqa: S608 - from the list above
    before = (directory / FILE).read_bytes()
    with pytest.raises(Unavailable) as caught:
        SqliteStore(directory)
    assert caught.value.code == "unavailable.schema"
    assert (directory / FILE).read_bytes() == before
    with database(directory) as connection:
        assert connection.execute("SELECT COUNT(*) FROM schema").fetchone() == (1,)


def test_a_file_that_is_no_database_is_refused(directory: Path) -> None:
    directory.mkdir()
    (directory / FILE).write_bytes(b"not a database at all" * 500)
    for _ in range(2):  # the lock was released
        with pytest.raises(Unavailable) as caught:
            SqliteStore(directory)
        assert caught.value.code == "unavailable.disk"


def test_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable) as caught:
        SqliteStore(tmp_path / "file" / "node")
    assert caught.value.code == "unavailable.disk"


def test_the_database_itself_refuses_to_change_what_is_written_once(directory: Path) -> None:
    store = SqliteStore(directory)
    with store.transaction() as tx:
        append(tx, LOG, b"one")
        for space in Space:
            tx.save(space, {"k": b"1"})
    store.close()
    refused = ["UPDATE leaf SET leaf = x'00'", "DELETE FROM leaf", "DELETE FROM space_document"]
    refused += ["DELETE FROM space_answer", "DELETE FROM space_note"]
    spaces = ("document", "content", "answer", "note")
    refused += [f"UPDATE space_{space} SET bytes = x'00'" for space in spaces]  # noqa: S608 - named above
    refused += [f"UPDATE space_{space} SET key = 'l'" for space in spaces]  # noqa: S608 - named above
    with database(directory) as connection:
        for statement in refused:
            with pytest.raises(sqlite3.IntegrityError, match="written once"):
                connection.execute(statement)
        connection.execute("DELETE FROM space_content")
        connection.execute("UPDATE space_latest SET bytes = x'00'")


def test_a_full_disk_is_a_clean_refusal_and_ends(directory: Path) -> None:
    store = SqliteStore(directory)
    with store.transaction() as tx:
        append(tx, LOG, b"kept")
    connection = store._writer._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    for _ in range(3):
        with pytest.raises(Unavailable) as caught, store.transaction() as tx:
            append(tx, LOG, b"lost")
            tx.save(Space.DOCUMENT, {"big": bytes(100_000)})
        assert caught.value.code == "unavailable.disk"
        assert "full" in caught.value.detail
        with store.reading() as tx:
            assert tx.frontier(LOG).size == 1
    connection.execute("PRAGMA max_page_count = 1000000")
    with store.transaction() as tx:
        append(tx, LOG, b"second")
        tx.save(Space.DOCUMENT, {"big": bytes(100_000)})
    with store.reading() as tx:
        assert tx.leaves(LOG, 0, 2) == [b"kept", b"second"]
    store.close()


def test_an_error_that_was_swallowed_keeps_nothing(directory: Path) -> None:
    """SQLite ends the transaction by itself; what is told afterwards must not stand alone."""
    store = SqliteStore(directory)
    connection = store._writer._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(Unavailable) as caught, store.transaction() as tx:
        with pytest.raises(Unavailable):
            tx.save(Space.DOCUMENT, {"big": bytes(100_000)})
        with pytest.raises(Unavailable):
            tx.save(Space.LATEST, {"small": b"1"})
    assert caught.value.code == "unavailable.disk"
    with store.reading() as tx:
        assert tx.keys(Space.LATEST) == ()
    store.close()


def test_a_transaction_that_has_ended_says_so(directory: Path) -> None:
    store = SqliteStore(directory)
    with store.transaction() as tx:
        pass
    with pytest.raises(RuntimeError):
        tx.save(Space.LATEST, {"k": b"1"})
    with store.reading() as reading:
        pass
    with pytest.raises(RuntimeError):
        reading.load(Space.LATEST, "k")
    store.close()


def test_a_failed_sync_is_final_until_the_store_is_opened_anew(directory: Path) -> None:
    """The log's open file is exchanged for a device that takes every byte and cannot sync."""
    store = SqliteStore(directory)
    with store.transaction() as tx:
        append(tx, LOG, b"kept")
    (log_file,) = [
        int(opened.name)
        for opened in Path("/proc/self/fd").iterdir()
        if opened.exists() and opened.readlink() == directory / f"{FILE}-wal"
    ]
    real = os.dup(log_file)
    device = os.open("/dev/null", os.O_RDWR)
    os.dup2(device, log_file)
    with pytest.raises(Unavailable) as caught, store.transaction() as tx:
        append(tx, LOG, b"lost")
    assert caught.value.code == "unavailable.disk"
    # The disk is well again; what it forgot meanwhile nobody knows, so nothing is tried.
    os.dup2(real, log_file)
    for opened in (real, device):
        os.close(opened)
    for _ in range(2):
        with pytest.raises(Unavailable) as caught, store.transaction():
            pass
        assert caught.value.code == "unavailable.disk"
    store.close()
    again = SqliteStore(directory)
    with again.transaction() as tx:
        assert tx.leaves(LOG, 0, tx.frontier(LOG).size) == [b"kept"]
        append(tx, LOG, b"second")
    again.close()


def test_a_closed_store_refuses(directory: Path) -> None:
    store = SqliteStore(directory)
    with store.reading() as kept:
        store.close()
        assert kept.logs() == ()
    with pytest.raises(Unavailable) as caught, store.transaction():
        pass
    assert caught.value.code == "unavailable.closed"
    with pytest.raises(Unavailable) as caught, store.reading():
        pass
    assert caught.value.code == "unavailable.closed"
    SqliteStore(directory).close()


def test_a_page_that_rotted_is_told(directory: Path) -> None:
    store = SqliteStore(directory)
    with store.transaction() as tx:
        append(tx, LOG, *(bytes([at]) * 3000 for at in range(200)))
    store.close()
    with database(directory) as connection:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = 'leaf'"
        (page,) = connection.execute(query).fetchone()
    with (directory / FILE).open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)
    store = SqliteStore(directory)
    with pytest.raises(Unavailable) as caught, store.reading() as tx:
        assert tx.frontier(LOG).size == 200
        tx.leaves(LOG, 0, 200)
    assert caught.value.code == "unavailable.leaves"
    # Whatever else is wrong with this disk, nothing is added to it.
    with pytest.raises(Unavailable) as caught, store.transaction():
        pass
    assert caught.value.code == "unavailable.disk"
    store.close()


KEPT_UNTIL_KILLED = """
import sys
from pathlib import Path
from comity.node.ports import Space
from comity.register.rows import Copy
from comity.store.sqlite import SqliteStore
from tests.support.stores import append, plain

store = SqliteStore(Path(sys.argv[1]))
while True:
    with store.transaction() as tx:
        size = tx.frontier("comity/KOR/to/JPN").size
        append(tx, "comity/KOR/to/JPN", b"%d" % size)
        tx.save(Space.DOCUMENT, {f"{size}": b"%d" % size})
        tx.put([plain(Copy, f"{size}", "s", copy=size)])
    print(size + 1, flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(directory: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    acknowledged = 0
    for cycle in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", KEPT_UNTIL_KILLED, str(directory)],
            stdout=subprocess.PIPE,
            env=environment,
        ) as process:
            assert process.stdout is not None
            for _ in range(7 * cycle + 3):
                acknowledged = int(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
            for line in process.stdout:  # what it had told before it died
                acknowledged = int(line)
        store = SqliteStore(directory)
        with store.reading() as tx:
            size = tx.frontier(LOG).size
            # One may have been committed and not told.
            assert acknowledged <= size <= acknowledged + 1
            expected = [b"%d" % at for at in range(size)]
            assert tx.leaves(LOG, 0, size) == expected
            assert tx.frontier(LOG).root == root_of(expected)
            assert set(tx.keys(Space.DOCUMENT)) == {f"{at}" for at in range(size)}
            assert {row.copy for row in tx.within(Copy, "s")} == set(range(size))
        store.close()
