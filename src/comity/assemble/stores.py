"""Where a node's books are: SQLite in its directory, or a PostgreSQL database that it names.

``node.toml`` says it in one line, ``store``; empty is SQLite. A password stands neither there nor
on any command line, where every user of the machine could read it: what has one is read from a
file that only its owner may read, or from the environment.
"""

import os
from pathlib import Path
from typing import Final, cast

from comity.keys.passphrase import passphrase_from_file
from comity.node.ports import Store
from comity.store.second import TwoPlaces, given_up, joined
from comity.store.second_files import SecondPlace
from comity.store.sqlite import SqliteStore
from comity.vocabulary.errors import Invalid, Refused, Unavailable
from comity.vocabulary.names import Party

POSTGRESQL: Final = ("postgresql://", "postgres://")
FILE: Final = "file:"
ENVIRONMENT: Final = "env:"
_FORMS: Final = "it is postgresql://HOST/DATABASE, file:PATH or env:NAME"


def settled(where: str, folder: Path) -> str:
    """Return where the store is as ``node.toml`` keeps it: a file by its whole path.

    Args:
        where: Empty, ``postgresql://…`` without a password, ``file:PATH`` or ``env:NAME``.
        folder: From which a path that is not whole is meant.

    Raises:
        Invalid: ``invalid.config``: none of these.
        Refused: ``refused.store.secret``: a password stands in it.
    """
    if where.startswith(FILE):
        return FILE + str((folder / where.removeprefix(FILE)).resolve())
    if where.startswith(POSTGRESQL):
        _require_no_secret(where)
    elif where and not where.removeprefix(ENVIRONMENT).isidentifier():
        raise Invalid("invalid.config", f"store: {_FORMS}")
    return where


def open_store(directory: Path, party: Party, where: str) -> Store:
    """Open a node's store, or make its tables: each party has a schema of its own.

    Raises:
        Invalid: ``invalid.config``: where it should be does not read.
        Refused: ``refused.store.secret``; ``refused.store.file``: others may read the file.
        Unavailable: ``unavailable.database``: not reached, or nothing says where it is;
            and as the stores themselves.
    """
    where = settled(where, directory)
    if not where:
        return SqliteStore(directory / "store")
    # The driver of PostgreSQL takes a while to load, and most nodes need none.
    from comity.store.postgres import PostgresStore  # noqa: PLC0415

    return PostgresStore(_connection(where), schema=f"comity_{party.lower().replace('-', '_')}")


def in_two_places(
    store: Store, place: SecondPlace | None, secret: bytes, *, put_back: bool
) -> Store:
    """Return a store whose transactions are kept in a second place too; what waits is written.

    One that is behind its second place is opened to be recovered alone, and as it is.

    Raises:
        Unavailable: ``unavailable.rollback``: it is an older copy; ``unavailable.second``.
    """
    if place is None:
        given_up(store)
        return store
    behind = joined(store, place)
    if behind and put_back:
        return store
    if behind:
        raise Unavailable(
            "unavailable.rollback",
            f"{behind} transactions are in the second place alone: comity recover",
        )
    both = TwoPlaces(store, place, secret, os.urandom(32))
    both.catch_up()
    return cast("Store", both)


def require_books(store: Store, where: str) -> None:
    """Return if the store holds the books of a node.

    Another database, or a store that is gone, would be a node without a past: whatever it
    signed would be a second history.

    Raises:
        Unavailable: ``unavailable.books``.
    """
    with store.reading() as tx:
        if not tx.logs():
            raise Unavailable("unavailable.books", where or "store/")


def require_no_books(store: Store) -> None:
    """Return if nothing is kept in the store yet.

    Raises:
        Refused: ``refused.init.books``.
    """
    with store.reading() as tx:
        if tx.logs():
            raise Refused("refused.init.books")


def _connection(where: str) -> str:
    """Return the connection string; a file or the environment may hold one with a password."""
    if where.startswith(FILE):
        try:
            return passphrase_from_file(Path(where.removeprefix(FILE)))
        except Refused as error:
            if error.code == "refused.file.unreadable":
                raise Unavailable("unavailable.database", error.detail) from error
            raise Refused("refused.store.file", error.detail) from None
    if where.startswith(ENVIRONMENT):
        name = where.removeprefix(ENVIRONMENT)
        if not os.environ.get(name):
            raise Unavailable("unavailable.database", f"{name} is not set: it says where")
        return os.environ[name]
    return where


def _require_no_secret(where: str) -> None:
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415
    from psycopg.errors import ProgrammingError  # noqa: PLC0415

    try:
        said = conninfo_to_dict(where)
    except ProgrammingError:
        # "from None": libpq's complaint quotes what it could not read, a password perhaps.
        raise Invalid("invalid.config", f"store: {_FORMS}") from None
    if said.get("password") or said.get("sslpassword"):
        raise Refused("refused.store.secret")


__all__ = ["open_store", "require_books", "require_no_books", "settled"]
