"""A second place for a store: every committed transaction in files elsewhere, one after the other.

A transaction's changes are kept in the store itself, in that same transaction, as one framed
record (:mod:`comity.store.records`); after the commit the record is written to a file of another
folder and synced. If the process dies between, or the folder is away for a while, the records
wait in the store, and the next commit or the next start writes them. So the files never hold
what was not committed: where they go further than the store, the store is an older copy, and
what follows is entered again from them, byte by byte: logs, register, drafts, keys.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final, cast

from comity.node.ports import Reading, Space, Store, Transaction
from comity.store.records import Noting, Record, made
from comity.store.second_files import SecondPlace, strange
from comity.vocabulary.errors import Unavailable

_WAITS: Final = "second|"
"""Before the numbers of the records that the store itself keeps (``Space.LINK``)."""


class TwoPlaces:
    """A store whose transactions are kept in a second place as well (the port ``Store``).

    That the second place cannot be written to stops nobody: the act is committed, its record
    waits in the store, and :attr:`behind` says how many do.
    """

    def __init__(self, store: Store, second: SecondPlace, secret: bytes, chance: bytes) -> None:
        """Keep a store's transactions in a second place; nothing is written yet.

        Args:
            store: The store.
            second: The other place.
            secret: Under which the records are made.
            chance: 32 random bytes, for the first record of all.
        """
        self._store: Final = store
        self._second: Final = second
        self._secret: Final = secret
        self._chance: Final = chance
        self._copying: Final = Lock()
        self.behind = 0

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Begin a transaction; its record is durable in the second place when it has ended.

        If the process dies before the commit, there is no record; if it dies after, the record
        is in the store, and the next start writes it.
        """
        with self._store.transaction() as tx:
            noting = Noting(tx)
            yield cast("Transaction", noting)
            changes = noting.changes()
            if changes:
                self._keep(tx, changes)
        if changes:
            self.catch_up()

    def _keep(self, tx: Transaction, changes: bytes) -> None:
        """Keep the record in the store, and those before it that are not written yet."""
        waiting = tx.keys(Space.LINK, _WAITS)
        before = _record(tx, waiting[-1]) if waiting else None
        record = made(
            self._secret,
            1 if before is None else before.number + 1,
            self._chance if before is None else before.code,
            changes,
        )
        tx.save(Space.LINK, {_key(record.number): record.frame()})
        done = self._done()
        tx.drop(Space.LINK, [key for key in waiting if _number(key) <= done])

    def catch_up(self) -> None:
        """Write what waits; what cannot be written waits on, and nobody is told it was not done."""
        with self._copying:
            waiting = 1
            try:
                done = self._done()
                with self._store.reading() as tx:
                    keys = [key for key in tx.keys(Space.LINK, _WAITS) if _number(key) > done]
                    waiting = len(keys)
                    records = [_record(tx, key) for key in keys]
                self._second.add(records)
            except Unavailable:
                self.behind = waiting
            else:
                self.behind = 0

    def _done(self) -> int:
        """Return up to which number the records are in the second place."""
        return 0 if self._second.last is None else self._second.last.number

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a store does
        """Do everything else as the store does it."""
        return getattr(self._store, name)


def joined(store: Store, second: SecondPlace) -> int:
    """Return by how many transactions a store is an older copy; 0: it is the newest there is.

    Raises:
        Unavailable: ``unavailable.second``: it is of other books than the records, or was copied
            before there were any.
    """
    with store.reading() as tx:
        keys = tx.keys(Space.LINK, _WAITS)
        first, last = (_record(tx, keys[0]), _record(tx, keys[-1])) if keys else (None, None)
    there = second.last
    if there is None:
        if first is not None and first.number > 1:
            raise strange("the records before these are not there: is its disk mounted?")
        return 0
    if first is None or last is None:
        raise strange("these books know of no second place: give an empty folder")
    if there.number > last.number:
        return there.number - last.number
    with store.reading() as tx:
        behind = there.number < last.number
        next_one = _record(tx, _key(there.number + 1)) if behind else None
    if (last.code if next_one is None else next_one.before) != there.code:
        raise strange("these books and these records went different ways")
    return 0


def entered_again(store: Store, second: SecondPlace) -> int:
    """Enter what a store that is an older copy lacks; return how many transactions.

    Each is a transaction of its own: if the process dies between two, the next run goes on.

    Raises:
        Unavailable: ``unavailable.second``: see :func:`joined` and :meth:`SecondPlace.after`;
            ``unavailable.conflict``: these books are not what the record was made on.
    """
    if not joined(store, second):
        return 0
    with store.reading() as tx:
        last = _record(tx, tx.keys(Space.LINK, _WAITS)[-1])
    count = 0
    for record in second.after(last):
        with store.transaction() as tx:
            record.apply(tx)
            tx.drop(Space.LINK, tx.keys(Space.LINK, _WAITS))
            tx.save(Space.LINK, {_key(record.number): record.frame()})
        count += 1
    return count


def given_up(store: Store) -> None:
    """Forget that there was a second place: what is changed from here on is not in it."""
    with store.reading() as tx:
        keys = tx.keys(Space.LINK, _WAITS)
    if keys:
        with store.transaction() as tx:
            tx.drop(Space.LINK, keys)


def _record(tx: Reading, key: str) -> Record:
    raw = tx.load(Space.LINK, key)
    if raw is None:
        raise strange(f"record {_number(key)} is in neither place")
    return Record.of_frame(raw)


def _key(number: int) -> str:
    return f"{_WAITS}{number:016d}"


def _number(key: str) -> int:
    return int(key.removeprefix(_WAITS))
