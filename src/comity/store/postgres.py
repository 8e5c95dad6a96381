"""A store in a PostgreSQL database (15 and up), behind the same port.

Writers are serialisable transactions; whatever the database refuses for another's sake is
``unavailable.conflict``, and whoever called tries again from the beginning. Each reading sees the
state that was committed when it began. One instance at a time: the connection that writes holds an
advisory lock, so connections must be the server's own and not shared by a pool in between.

A lost connection is ``unavailable.database``, and the next transaction makes a new one. If it is
lost while committing, nobody knows whether the transaction is kept: that is
``unavailable.commit-unknown``, and whoever called looks for what it meant to enter before
entering it again. A failed sync stops the server itself, which then recovers from its log.
Neither side waits for ever for another that is not there any more: see ``_PATIENCE``.
"""

import re
import select
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Final

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from comity.node.ports import Reading, Transaction
from comity.store.columns import TUPLE
from comity.store.readers import Readers
from comity.store.schema import VERSION, Dialect, require_known, schema_text, statements
from comity.store.turns import Turn
from comity.store.view import View
from comity.vocabulary.errors import Unavailable

_TEXT: Final = 'TEXT COLLATE "C"'
"""Ordered by code point, as everywhere else, whatever the server's language is."""

DIALECT: Final = Dialect(
    types={str: _TEXT, int: "BIGINT", bool: "BOOLEAN", bytes: "BYTEA", TUPLE: _TEXT},
    among="= ANY(?)",
    keyed="",
    guard="CREATE TRIGGER {name} BEFORE {event} ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    removal="DELETE OR TRUNCATE",
    before=(
        (
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the table is written once'; END $$"
        ),
    ),
)

_OLDEST: Final = 150_000
_LOCK_WAIT: Final = "3s"
"""How long the lock of a process that has just died may outlive it."""

_PATIENCE: Final = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""What libpq is told unless the connection string says otherwise (seconds; milliseconds last)."""

_KEEPALIVES: Final = tuple(
    f"SET {name} = {value}"
    for name, value in (
        ("tcp_keepalives_idle", 30),
        ("tcp_keepalives_interval", 10),
        ("tcp_keepalives_count", 3),
    )
)
"""The same for the server's end: the lock of a machine that is gone ends within a minute."""

_CONFLICT: Final = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.IntegrityError,
    errors.RaiseException,
)
_DISK: Final = (errors.DiskFull, errors.IoError, errors.DataCorrupted, errors.IndexCorrupted)
_is_name: Final = re.compile(r"[a-z][a-z0-9_]{0,39}\Z").match


class _Driver:
    """One connection; see :class:`~comity.store.view.Driver`."""

    among: Final = DIALECT.among

    def __init__(self, conninfo: str, schema: str) -> None:
        try:
            self._connection: Final = psycopg.connect(
                _patient(conninfo),
                autocommit=True,
                client_encoding="utf8",
                application_name="comity",
            )
        except psycopg.OperationalError:
            # "from None": libpq's words may name the user and more of the connection string.
            raise Unavailable("unavailable.database", "the database cannot be reached") from None
        # Answers come as they are stored: nothing is turned into text and back.
        self._cursor: Final = self._connection.cursor(binary=True)
        self.failed: Unavailable | None = None
        self._open: bool = False
        try:
            with self.held("BEGIN"):
                self._require_durable()
            path = sql.SQL("SET search_path TO {}").format(sql.Identifier(schema))
            self._connection.execute(path)
            for setting in _KEEPALIVES:
                self._connection.execute(setting.encode())
        except psycopg.OperationalError:
            self.close()
            raise Unavailable("unavailable.database", "the database was lost") from None
        except BaseException:
            self.close()
            raise

    def many(self, values: Iterable[str | int]) -> list[str | int]:
        return list(values)

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        self._require_open()
        try:
            self._cursor.execute(_marked(statement), values)
            return self._cursor.fetchall() if self._cursor.description else []
        except psycopg.Error as error:
            raise self._told(error) from error

    def tell(self, statement: str, lines: Iterable[Sequence[object]]) -> None:
        self._require_open()
        try:
            self._cursor.executemany(_marked(statement), lines)
        except psycopg.Error as error:
            raise self._told(error) from error

    @contextmanager
    def held(self, begin: str) -> Iterator[None]:
        """Hold one transaction: committed at the end of the block, or rolled back."""
        self.failed, self._open = None, True
        try:
            self.ask(begin)
            yield
            self._require_open()
            self._commit()
        finally:
            self._open = False
            with suppress(psycopg.Error):
                self._connection.rollback()

    def take_lock(self, schema: str) -> None:
        """Take the lock of the one instance; it lasts as long as the connection.

        The server needs a moment to see that a process has died: so long is waited for it.

        Raises:
            Unavailable: ``unavailable.locked``: another instance has it.
        """
        try:
            with self.held("BEGIN"):
                self.ask("SELECT set_config('lock_timeout', ?, true)", _LOCK_WAIT)
                self.ask("SELECT pg_advisory_lock(hashtextextended(?, 0))", f"comity {schema}")
        except Unavailable as error:
            if error.code != "unavailable.conflict":
                raise
            raise Unavailable(
                "unavailable.locked", "another instance runs on this database"
            ) from error

    @property
    def sound(self) -> bool:
        if self._connection.closed:
            return False
        # The server says nothing unasked but that it goes, or that a setting changed: in both
        # cases a new connection is right.
        asked = select.poll()
        asked.register(self._connection.fileno(), select.POLLIN)
        return not asked.poll(0)

    def close(self) -> None:
        with suppress(psycopg.Error):
            self._connection.close()

    def _commit(self) -> None:
        try:
            self.ask("COMMIT")
        except Unavailable as error:
            if error.code != "unavailable.database":
                raise
            raise Unavailable("unavailable.commit-unknown", "lost while committing") from error
        # PostgreSQL says no more than this when it has rolled back what it was to commit.
        if self._cursor.statusmessage != "COMMIT":
            raise Unavailable("unavailable.conflict", "the database rolled back")

    def _require_open(self) -> None:
        if self.failed is not None:
            raise self.failed
        if not self._open:
            raise RuntimeError("a transaction that has ended")

    def _require_durable(self) -> None:
        """Return if this server keeps what it says that it keeps."""
        if self._connection.info.server_version < _OLDEST:
            raise Unavailable("unavailable.database", "PostgreSQL 15 or later is needed")
        settings = "current_setting('fsync'), current_setting('full_page_writes')"
        if self.ask(f"SELECT {settings}") != [("on", "on")]:
            raise Unavailable("unavailable.database", "the server does not sync what it commits")
        # An operator who asks for more than the server's own disk is not overruled.
        self.ask(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') IN ('off', 'local')"
        )

    def _told(self, error: psycopg.Error) -> Exception:
        """Turn an error of PostgreSQL into ours; one that is none of the database's is a bug."""
        if isinstance(error, _CONFLICT):
            self.failed = Unavailable("unavailable.conflict", "the database refused a change")
        elif isinstance(error, _DISK):
            self.failed = Unavailable("unavailable.disk", "the server's disk is full or failed")
        elif isinstance(error, psycopg.OperationalError) or self._connection.closed:
            self.failed = Unavailable("unavailable.database", "the database was lost")
        else:
            return error
        return self.failed


class PostgresStore:
    """Everything in one schema of a database; see the port for what is guaranteed."""

    def __init__(self, conninfo: str, *, schema: str = "comity") -> None:
        """Open the store in this schema, or make it.

        Args:
            conninfo: A connection string as libpq reads it.
            schema: Lower-case letters, digits and underscores; one for each node.

        Raises:
            Unavailable: ``unavailable.locked``: another instance runs here.
                ``unavailable.schema``: the tables were made by another version.
                ``unavailable.database``: not reached, too old, or not durable.
        """
        if not _is_name(schema):
            raise Unavailable("unavailable.database", "the name of the schema is not allowed")
        self._conninfo: Final = conninfo
        self._schema: Final = schema
        self._turn: Final = Turn()
        self._readers: Final = Readers(lambda: _Driver(conninfo, schema))
        self._closed: bool = False
        self._writer: _Driver = self._connected()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Begin the one writing transaction."""
        with self._turn.held():
            if self._closed:
                raise Unavailable("unavailable.closed", "the store is closed")
            if not self._writer.sound:
                # The lock goes with the connection; it is taken again before anything is read.
                self._writer.close()
                self._writer = self._connected()
            with self._writer.held("BEGIN ISOLATION LEVEL SERIALIZABLE"):
                yield View(self._writer)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Begin to read one committed state; it waits for nobody, and nobody for it."""
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        with self._readers.one() as driver, driver.held(begin):
            # The state is fixed by the first query, not by the beginning.
            driver.ask("SELECT version FROM schema")
            yield View(driver)

    @property
    def sound(self) -> bool:
        """Whether it can go on being used: a lost connection is made anew."""
        return True

    def close(self) -> None:
        """Let go of everything; once more is nothing new."""
        with self._turn.held():
            if not self._closed:
                self._closed = True
                self._readers.close()
                self._writer.close()

    def _connected(self) -> _Driver:
        driver = _Driver(self._conninfo, self._schema)
        try:
            driver.take_lock(self._schema)
            with driver.held("BEGIN"):
                _make(driver, self._schema)
        except BaseException:
            driver.close()
            raise
        return driver


def _make(driver: _Driver, schema: str) -> None:
    """Make the tables where there are none, all in one transaction; else know them."""
    if not driver.ask("SELECT to_regclass(?)::text", f"{schema}.schema")[0][0]:
        driver.ask(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        for statement in statements(DIALECT):
            driver.ask(statement)
        driver.tell("INSERT INTO schema VALUES (?, ?)", [(VERSION, schema_text(DIALECT))])
    ((version, text),) = driver.ask("SELECT version, statements FROM schema")
    require_known(version, text, DIALECT)


def _patient(conninfo: str) -> str:
    """Return a connection string with the patience of ``_PATIENCE`` where it names none.

    Raises:
        Unavailable: ``unavailable.database``: it does not read; the words quote nothing of it.
    """
    try:
        said = conninfo_to_dict(conninfo)
        return make_conninfo("", **{**_PATIENCE, **said})
    except psycopg.ProgrammingError:
        raise Unavailable(
            "unavailable.database", "the connection string does not read: postgresql://HOST/NAME"
        ) from None


@cache
def _marked(statement: str) -> bytes:
    """Write marks as the driver reads them. No statement has a question mark or a per cent."""
    return statement.replace("?", "%s").encode()
