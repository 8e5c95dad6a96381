"""A store in one SQLite database: a directory, nothing to install.

The log of SQLite (WAL) is synced with every commit (``synchronous=FULL``): what was committed
survives the loss of power. One connection writes; each reading has its own and sees the state
that was committed when it began.

A full disk is a clean refusal: nothing was kept, and it works again when there is space. An error
of the disk, a failed sync above all, is final: the operating system may have forgotten what it
could not write, so trying again proves nothing. The store then refuses every transaction until
it is opened anew, and SQLite recovers from what is really on the disk. Whether the transaction
that failed is kept, whole, is known only then.
"""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

import msgspec

from comity.node.ports import Reading, Transaction
from comity.store.columns import TUPLE
from comity.store.lock import DirectoryLock
from comity.store.readers import Readers
from comity.store.schema import VERSION, Dialect, require_known, schema_text, statements
from comity.store.turns import Turn
from comity.store.view import View
from comity.vocabulary.errors import Unavailable

FILE: Final = "book.sqlite3"
"""The database's file in the directory; SQLite keeps two more beside it."""

DIALECT: Final = Dialect(
    types={str: "TEXT", int: "INTEGER", bool: "INTEGER", bytes: "BLOB", TUPLE: "TEXT"},
    among="IN (SELECT value FROM json_each(?))",
    keyed="WITHOUT ROWID",
    guard="CREATE TRIGGER {name} BEFORE {event} ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{table} is written once'); END",
)

_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",  # no plaintext, no ciphertext in files elsewhere
    "PRAGMA secure_delete = ON",  # a key that was destroyed is overwritten, not only unlinked
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -16384",
    "PRAGMA wal_autocheckpoint = 4000",  # 16 MiB: what is written often is moved once
    "PRAGMA journal_size_limit = 67108864",
)
# SQLite moves its log into the database by itself, at some commits, and says nothing if that
# fails. Nothing is lost: the log stays, and all of it is written again at the next attempt.

_PRIMARY: Final = 0xFF
_FATAL: Final = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_CONFLICT: Final = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CONSTRAINT}
)


_AT_ONCE: Final = (128, 16)
"""Lines that one statement writes where there are as many.

Between two steps of a statement the interpreter lets another thread run, and waits for its turn
again; in a node that makes a pouch meanwhile that costs more than writing the line.
"""
_VALUES: Final = re.compile(r"VALUES (\([?, 0-9]+\))")


@lru_cache(maxsize=1024)
def _several(statement: str, lines: int) -> str | None:
    """Return a statement that inserts one line as one that inserts several; else nothing."""
    said = _VALUES.search(statement)
    if said is None:
        return None
    values = ", ".join([said[1]] * lines)
    return f"{statement[: said.start(1)]}{values}{statement[said.end(1) :]}"


class _Driver:
    """One connection; see :class:`~comity.store.view.Driver`."""

    among: Final = DIALECT.among

    def __init__(self, file: Path) -> None:
        self._connection: Final = sqlite3.connect(
            file, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        self.failed: Unavailable | None = None
        self.fatal: bool = False
        self._open: bool = False

    def many(self, values: Iterable[str | int]) -> str:
        return msgspec.json.encode(list(values)).decode()

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        self._require_open()
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._told(error) from error

    def tell(self, statement: str, lines: Iterable[Sequence[object]]) -> None:
        self._require_open()
        left = list(lines)
        try:
            for at_once in _AT_ONCE:
                if len(left) >= at_once and (many := _several(statement, at_once)):
                    whole = len(left) // at_once * at_once
                    for start in range(0, whole, at_once):
                        values = chain.from_iterable(left[start : start + at_once])
                        self._connection.execute(many, list(values))
                    left = left[whole:]
            self._connection.executemany(statement, left)
        except sqlite3.Error as error:
            raise self._told(error) from error

    @contextmanager
    def held(self, begin: str) -> Iterator[None]:
        """Hold one transaction: committed at the end of the block, or rolled back."""
        self.failed, self._open = None, True
        try:
            self.ask(begin)
            yield
            # SQLite ends a transaction by itself on some errors, and what is told then stands
            # alone: so an error that the block has swallowed still ends here.
            self._require_open()
            self.ask("COMMIT")
        finally:
            self._open = False
            self._roll_back()

    def prepare(self) -> None:
        """Set the connection up."""
        try:
            for pragma in _PRAGMAS:
                self._connection.execute(pragma)
        except sqlite3.Error as error:
            raise self._told(error) from error

    def settle(self) -> None:
        """Move SQLite's log into the database, and sync both.

        After a failed sync the system may hold as written what is not on the disk, and give it
        to the next process to read. What that process finds is written once more before
        anything is built on it. A full disk does not stand in the way: then the log stays.
        """
        try:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            told = self._told(error)
            if self.fatal or not isinstance(told, Unavailable):
                raise told from error

    @property
    def sound(self) -> bool:
        return not self.fatal

    def close(self) -> None:
        # What was committed is in the log, wherever the last words of a connection go wrong.
        with suppress(sqlite3.Error):
            self._connection.close()

    def _require_open(self) -> None:
        if self.failed is not None:
            raise self.failed
        if not self._open:
            raise RuntimeError("a transaction that has ended")

    def _roll_back(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            self.fatal = True

    def _told(self, error: sqlite3.Error) -> Exception:
        """Turn an error of SQLite into ours; one that is none of the database's is a bug."""
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            return error
        if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}:
            self.failed = Unavailable("unavailable.disk", "the disk is full")
        elif code & _PRIMARY in _CONFLICT:
            self.failed = Unavailable("unavailable.conflict", "the database refused a change")
        elif code & _PRIMARY in _FATAL:
            self.fatal = True
            self.failed = Unavailable("unavailable.disk", "the disk failed")
        elif code & _PRIMARY == sqlite3.SQLITE_CANTOPEN:
            self.failed = Unavailable("unavailable.disk", "a file cannot be opened")
        else:
            return error
        return self.failed


class SqliteStore:
    """Everything in one directory; see the port for what is guaranteed."""

    def __init__(self, directory: Path) -> None:
        """Open the store in this directory, or make it.

        Raises:
            Unavailable: ``unavailable.locked``: another instance runs here.
                ``unavailable.schema``: the database was made by another version.
                ``unavailable.disk``: it cannot be opened.
        """
        _make(directory)
        self._lock: Final = DirectoryLock(directory)
        self._turn: Final = Turn()
        self._readers: Final = Readers(lambda: _connected(directory / FILE))
        self._closed: bool = False
        self._poisoned: bool = False
        try:
            self._writer: Final = _opened(directory / FILE)
            _sync_directory(directory)
        except BaseException:
            self._lock.release()
            raise

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Begin the one writing transaction."""
        with self._turn.held():
            self._require_sound()
            try:
                with self._writer.held("BEGIN IMMEDIATE"):
                    yield View(self._writer)
            finally:
                self._poison_if(self._writer)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Begin to read one committed state; it waits for nobody, and nobody for it."""
        with self._readers.one() as driver:
            try:
                with driver.held("BEGIN"):
                    # The state is fixed by the first query, not by the beginning.
                    driver.ask("SELECT version FROM schema")
                    yield View(driver)
            finally:
                self._poison_if(driver)

    @property
    def sound(self) -> bool:
        """Whether it can go on being used; not after an error of the disk."""
        return not self._poisoned

    def close(self) -> None:
        """Let go of everything: connections, then the lock. Once more is nothing new."""
        with self._turn.held():
            if not self._closed:
                self._closed = True
                self._readers.close()
                self._writer.close()
                self._lock.release()

    def _poison_if(self, driver: _Driver) -> None:
        if driver.fatal:
            self._poisoned = True

    def _require_sound(self) -> None:
        if self._poisoned:
            raise Unavailable("unavailable.disk", "the disk failed; open the store anew")
        if self._closed:
            raise Unavailable("unavailable.closed", "the store is closed")


def _connected(file: Path) -> _Driver:
    try:
        driver = _Driver(file)
    except sqlite3.Error as error:
        raise Unavailable("unavailable.disk", "the database cannot be opened") from error
    try:
        driver.prepare()
    except BaseException:
        driver.close()
        raise
    return driver


def _opened(file: Path) -> _Driver:
    """Return a connection to tables that are known, making them in an empty database.

    All of them are made in one transaction: if the process dies before it has ended, the next
    one finds an empty database and makes them.
    """
    driver = _connected(file)
    try:
        with driver.held("BEGIN IMMEDIATE"):
            if not driver.ask("SELECT name FROM sqlite_schema WHERE name = 'schema'"):
                for statement in statements(DIALECT):
                    driver.ask(statement)
                driver.tell("INSERT INTO schema VALUES (?, ?)", [(VERSION, schema_text(DIALECT))])
            ((version, text),) = driver.ask("SELECT version, statements FROM schema")
            require_known(version, text, DIALECT)
        driver.settle()
    except BaseException:
        driver.close()
        raise
    return driver


def _make(directory: Path) -> None:
    """Make the directory and an empty file that only the owner reads, if they are not there."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(directory / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise Unavailable("unavailable.disk", "the directory cannot be written") from error


def _sync_directory(directory: Path) -> None:
    """Make the names of the files durable; their content is SQLite's affair."""
    try:
        opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
    except OSError as error:
        raise Unavailable("unavailable.disk", "the directory cannot be synced") from error
