"""What only a store behind a server can meet: lost connections, other sessions, other settings."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from comity.node.ports import Space
from comity.store.postgres import PostgresStore, _patient
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.logs import LogName
from tests.support.stores import Open, append, postgres, server

LOG = LogName("comity/KOR/to/JPN")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Open]:
    with postgres(tmp_path) as opened:
        yield opened


@pytest.fixture
def store(place: Open) -> Iterator[PostgresStore]:
    opened = place()
    assert isinstance(opened, PostgresStore)
    yield opened
    opened.close()


@pytest.fixture
def hand() -> Iterator[psycopg.Connection]:
    """A hand at the database's console."""
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute("SET search_path TO comity")
        yield connection


def cut(hand: psycopg.Connection, store: PostgresStore) -> None:
    """End the connection that writes, and wait until the server has let go of it."""
    pid = store._writer._connection.info.backend_pid
    hand.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])


def test_a_second_instance_refuses_to_start(store: PostgresStore, place: Open) -> None:
    with pytest.raises(Unavailable) as caught:
        place()
    assert caught.value.code == "unavailable.locked"
    store.close()
    place().close()


def test_nodes_in_one_database_stand_apart(store: PostgresStore, hand: psycopg.Connection) -> None:
    other = PostgresStore(server(), schema="other")
    try:
        with store.transaction() as tx, other.transaction() as beside:
            append(tx, LOG, b"ours")
            append(beside, LOG, b"theirs")
        with store.reading() as tx, other.reading() as beside:
            assert tx.leaves(LOG, 0, 1) == [b"ours"]
            assert beside.leaves(LOG, 0, 1) == [b"theirs"]
    finally:
        other.close()
        hand.execute("DROP SCHEMA other CASCADE")


@pytest.mark.parametrize("schema", ["", "Comity", "a b", 'a"; DROP', "1a", "a" * 41])
def test_a_schema_has_a_plain_name(schema: str) -> None:
    with pytest.raises(Unavailable) as caught:
        PostgresStore(server(), schema=schema)
    assert caught.value.code == "unavailable.database"


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        PostgresStore(f"host={tmp_path} dbname=postgres connect_timeout=2")
    assert caught.value.code == "unavailable.database"


def test_tables_of_another_version_are_left_alone(place: Open, hand: psycopg.Connection) -> None:
    place().close()
    hand.execute("UPDATE schema SET version = version + 1")
    try:
        with pytest.raises(Unavailable) as caught:
            place()
        assert caught.value.code == "unavailable.schema"
    finally:
        hand.execute("UPDATE schema SET version = version - 1")
    place().close()


def test_the_database_itself_refuses_to_change_what_is_written_once(
    store: PostgresStore, hand: psycopg.Connection
) -> None:
    with store.transaction() as tx:
        append(tx, LOG, b"one")
        for space in Space:
            tx.save(space, {"k": b"1"})
    refused = ["UPDATE leaf SET leaf = ''", "DELETE FROM leaf", "TRUNCATE leaf"]
    for space in ("document", "answer", "note"):
        refused += [f"DELETE FROM space_{space}", f"TRUNCATE space_{space}"]  # noqa: S608
    for space in ("document", "content", "answer", "note"):
        refused.append(f"UPDATE space_{space} SET bytes = ''")  # noqa: S608
    for statement in refused:
        with pytest.raises(psycopg.errors.RaiseException, match="written once"):
            hand.execute(statement.encode())
    hand.execute("DELETE FROM space_content")
    hand.execute("UPDATE space_latest SET bytes = ''")


def test_a_connection_lost_within_a_transaction_keeps_nothing_and_is_made_again(
    store: PostgresStore, hand: psycopg.Connection
) -> None:
    with pytest.raises(Unavailable) as caught, store.transaction() as tx:
        append(tx, LOG, b"lost")
        cut(hand, store)
        tx.save(Space.LATEST, {"k": b"1"})
    assert caught.value.code == "unavailable.database"
    with store.transaction() as tx:
        assert tx.frontier(LOG).size == 0
        append(tx, LOG, b"kept")
    with pytest.raises(Unavailable) as caught:
        PostgresStore(server())
    assert caught.value.code == "unavailable.locked"


def test_a_connection_lost_while_committing_leaves_it_unknown(
    store: PostgresStore, hand: psycopg.Connection
) -> None:
    with pytest.raises(Unavailable) as caught, store.transaction() as tx:
        append(tx, LOG, b"who knows")
        cut(hand, store)
    assert caught.value.code == "unavailable.commit-unknown"
    with store.reading() as tx:
        assert tx.frontier(LOG).size in {0, 1}


def test_a_connection_lost_between_transactions_costs_nothing(
    store: PostgresStore, hand: psycopg.Connection
) -> None:
    with store.reading() as tx:
        assert tx.logs() == ()
    hand.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE application_name = 'comity'"
    )
    with store.reading() as tx:
        assert tx.logs() == ()
    with store.transaction() as tx:
        append(tx, LOG, b"kept")


def test_a_lock_that_outlives_its_process_for_a_moment_is_waited_for(
    store: PostgresStore, place: Open, hand: psycopg.Connection
) -> None:
    """As after SIGKILL: the server sees a little later that nobody is there."""
    ended = threading.Timer(0.5, cut, (hand, store))
    ended.start()
    place().close()
    ended.join()


def test_a_connection_string_that_does_not_read_is_not_quoted() -> None:
    with pytest.raises(Unavailable) as caught:
        PostgresStore("postgresql://kim:hunter2@[/x")
    assert caught.value.code == "unavailable.database"
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_it_has_patience_unless_the_operator_has_another() -> None:
    said = psycopg.conninfo.conninfo_to_dict(_patient("host=a connect_timeout=3"))
    assert said["connect_timeout"] == "3"
    assert said["keepalives_idle"] == "30"


def test_two_that_serialise_in_no_order_are_a_conflict(
    store: PostgresStore, hand: psycopg.Connection
) -> None:
    """Each reads what the other writes: one of the two must try again."""
    with store.transaction() as tx:
        tx.save(Space.LATEST, {"a": b"1", "b": b"1"})
    hand.execute("BEGIN ISOLATION LEVEL SERIALIZABLE")
    hand.execute("SELECT bytes FROM space_latest WHERE key = 'a'")
    with pytest.raises(Unavailable) as caught, store.transaction() as tx:
        assert tx.load(Space.LATEST, "b") == b"1"
        tx.save(Space.LATEST, {"a": b"2"})
        hand.execute("UPDATE space_latest SET bytes = '2' WHERE key = 'b'")
        hand.execute("COMMIT")
    assert caught.value.code == "unavailable.conflict"
    with store.transaction() as tx:
        assert tx.load_many(Space.LATEST, ["a", "b"]) == {"a": b"1", "b": b"2"}


def test_a_deadlock_is_a_conflict(store: PostgresStore, hand: psycopg.Connection) -> None:
    with store.transaction() as tx:
        tx.save(Space.LATEST, {"a": b"1", "b": b"1"})
    hand.execute("BEGIN")
    hand.execute("SET LOCAL deadlock_timeout = '60s'")  # the store's session notices first
    hand.execute("UPDATE space_latest SET bytes = '2' WHERE key = 'b'")
    crossing = threading.Thread(
        target=hand.execute, args=("UPDATE space_latest SET bytes = '2' WHERE key = 'a'",)
    )
    with pytest.raises(Unavailable) as caught, store.transaction() as tx:
        tx.save(Space.LATEST, {"a": b"3"})
        crossing.start()
        tx.save(Space.LATEST, {"b": b"3"})
    assert caught.value.code == "unavailable.conflict"
    crossing.join(10)
    hand.execute("COMMIT")
    with store.reading() as tx:
        assert tx.load_many(Space.LATEST, ["a", "b"]) == {"a": b"2", "b": b"2"}


def test_an_error_that_was_swallowed_keeps_nothing(
    store: PostgresStore, hand: psycopg.Connection
) -> None:
    with pytest.raises(Unavailable), store.transaction() as tx:
        tx.save(Space.LATEST, {"k": b"1"})
        cut(hand, store)
        with pytest.raises(Unavailable):
            tx.load(Space.LATEST, "k")
        with pytest.raises(Unavailable):
            tx.save(Space.LATEST, {"l": b"1"})
    with store.reading() as tx:
        assert tx.keys(Space.LATEST) == ()


def test_an_operator_who_asks_for_more_durability_is_not_overruled(
    hand: psycopg.Connection,
) -> None:
    found = {}
    for asked in ("off", "local", "on", "remote_apply"):
        name = psycopg.conninfo.make_conninfo(server(), options=f"-c synchronous_commit={asked}")
        store = PostgresStore(name, schema="durable")
        with store.transaction():
            ask = store._writer.ask("SELECT current_setting('synchronous_commit')")
            found[asked] = ask[0][0]
        store.close()
    hand.execute("DROP SCHEMA durable CASCADE")
    assert found == {"off": "on", "local": "on", "on": "on", "remote_apply": "remote_apply"}


def test_a_closed_store_refuses(place: Open) -> None:
    store = place()
    store.close()
    for begin in (store.transaction, store.reading):
        with pytest.raises(Unavailable) as caught, begin():
            pass
        assert caught.value.code == "unavailable.closed"
