"""A second place for a store: every committed transaction in files elsewhere, one after the other.

A transaction's changes are kept in the store itself, in that same transaction, as one framed
record; after the commit the record is written to a file of another folder and synced. If the
process dies between, or the folder is away for a while, the records wait in the store, and the
next commit or the next start writes them. So the files never hold what was not committed: where
they go further than the store, the store is an older copy, and what follows is entered again
from them, byte by byte: logs, register, drafts, keys.

Each record has a code under a secret of the house over its number, the code of the record before
it, and its changes: one that is changed, left out or put in between is not believed, and neither
is a copy of the store that these records do not go on from. That the newest are missing does not
show here; the checkpoints of ``witness/`` say so.

    frame = length (8) | number (8) | code before (32) | changes | code (32)
"""

import errno
import os
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, cast

import msgspec
from msgspec import Struct

from comity.ledger.tiles import grown, partial_tiles
from comity.ledger.tree import leaf_hash
from comity.node.ports import Reading, Space, Store, Transaction
from comity.register.rows import TABLE_OF, TABLES, Row
from comity.seal.macs import MAC_BYTES, is_mac, mac
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.logs import LogName

_WAITS: Final = "second|"
"""Before the numbers of the records that the store itself keeps (``Space.LINK``)."""
_USE: Final = "second place"
_HEAD: Final = struct.Struct(">QQ32s")
_FILE: Final = 64 << 20
"""Bytes after which the next record begins a file of its own."""


class _Append(Struct, frozen=True, tag="append"):
    log: LogName
    first: int
    leaves: list[bytes]


class _Put(Struct, frozen=True, tag="put"):
    rows: list[tuple[str, bytes]]


class _Number(Struct, frozen=True, tag="number"):
    titles: dict[str, int]


class _Save(Struct, frozen=True, tag="save"):
    space: str
    items: dict[str, bytes]


class _Drop(Struct, frozen=True, tag="drop"):
    space: str
    keys: list[str]


_Change = _Append | _Put | _Number | _Save | _Drop
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(list[_Change]).decode


class Record(NamedTuple):
    """One committed transaction as it is framed.

    Attributes:
        number: Its place: one more than the record before it.
        before: The code of that record; of the first one 32 bytes of chance.
        changes: What it did, encoded.
        code: Over all of these, under the house's secret.
    """

    number: int
    before: bytes
    changes: bytes
    code: bytes

    def frame(self) -> bytes:
        """Return it as it stands in a file, and in the store while it waits."""
        head = _HEAD.pack(len(self.changes), self.number, self.before)
        return head + self.changes + self.code


def made(secret: bytes, number: int, before: bytes, changes: bytes) -> Record:
    """Return the record of a transaction's changes."""
    code = mac(secret, use=_USE, message=_said(number, before, changes))
    return Record(number, before, changes, code)


def _said(number: int, before: bytes, changes: bytes) -> bytes:
    return _HEAD.pack(len(changes), number, before) + changes


def records_in(raw: bytes, secret: bytes) -> Iterator[tuple[Record, int]]:
    """Give the whole and genuine records at the beginning of some bytes, with where each ends."""
    at = 0
    while len(raw) - at >= _HEAD.size + MAC_BYTES:
        length, number, before = _HEAD.unpack_from(raw, at)
        start, end = at + _HEAD.size, at + _HEAD.size + length + MAC_BYTES
        if end > len(raw):
            return
        found = Record(number, before, raw[start : end - MAC_BYTES], raw[end - MAC_BYTES : end])
        said = _said(number, before, found.changes)
        if not is_mac(found.code, secret, use=_USE, message=said):
            return
        yield found, end
        at = end


def _is_whole(raw: bytes) -> bool:
    """Tell whether some bytes are long enough for the record that they begin with."""
    if len(raw) < _HEAD.size:
        return False
    length, _, _ = _HEAD.unpack_from(raw)
    return len(raw) >= _HEAD.size + int(length) + MAC_BYTES


def _goes_on(raw: bytes, secret: bytes, number: int) -> bool:
    """Tell whether a genuine record of this number or a later one stands in some bytes.

    What a process that died left behind the last record is the end of the file. Where a genuine
    record stands behind it, it is no end: something there is not as it was written.
    """
    for sought in (number, number + 1):
        mark = struct.pack(">Q", sought)
        at = raw.find(mark)
        while at >= 0:
            start = at - struct.calcsize(">Q")
            if start >= 0 and next(records_in(raw[start:], secret), None) is not None:
                return True
            at = raw.find(mark, at + 1)
    return False


class SecondPlace:
    """The files of one folder, to which records are only ever added."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        """Find the last record; what a process that died left half-written is put aside.

        Raises:
            Unavailable: ``unavailable.disk``: the folder cannot be made or read;
                ``unavailable.second``: its last file holds no record of this house, or one that
                is damaged before others that are not: nothing is cut off there.
        """
        self._folder: Final = folder
        self._secret: Final = secret
        self.last: Record | None = None
        self._file: Path | None = None
        self._end = 0
        with _told(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for file in reversed(self._files()):
                raw = file.read_bytes()
                found = list(records_in(raw, secret))
                if found:
                    self._file, (self.last, self._end) = file, found[-1]
                    rest = raw[self._end :]
                    if rest and _goes_on(rest, secret, self.last.number + 2):
                        raise _strange(f"{file} is damaged behind record {self.last.number}")
                    break
                if _is_whole(raw):
                    raise _strange(f"{file} holds no record of this house")
                # Begun as the process died. Left there it would stand in the way of the files
                # that are begun after it.
                file.rename(file.with_suffix(".torn"))
                _sync(folder)

    def add(self, records: Sequence[Record]) -> None:
        """Write records behind the last one; all of them are durable when this returns.

        What was written before and never became durable is written again from its beginning.

        Raises:
            Unavailable: ``unavailable.disk``: none of them counts as written.
        """
        for one in records:
            raw = one.frame()
            with _told(self._folder):
                file, at = self._behind(one, len(raw))
                self._write(file, at, raw)
            self.last, self._file, self._end = one, file, at + len(raw)

    def _behind(self, one: Record, length: int) -> tuple[Path, int]:
        """Return into which file a record of some length goes, and where it begins there."""
        if self._file is not None and self._end + length <= _FILE:
            return self._file, self._end
        if self._file is not None and not self._file.exists():
            # Its disk is away: a file on another one would be found by nobody.
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return self._folder / f"{one.number:016d}.changes", 0

    def _write(self, file: Path, at: int, raw: bytes) -> None:
        flags = os.O_RDWR | os.O_CLOEXEC | (0 if at else os.O_CREAT)
        handle = os.open(file, flags, 0o600)
        try:
            if os.fstat(handle).st_size < at:
                raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
            _put_aside(file, handle, at)
            os.ftruncate(handle, at)
            written = 0
            while written < len(raw):
                written += os.pwrite(handle, raw[written:], at + written)
            os.fsync(handle)
        finally:
            os.close(handle)
        if not at:
            _sync(self._folder)

    def after(self, last: Record) -> Iterator[Record]:
        """Give the records that follow one, each verified, in order.

        Raises:
            Unavailable: ``unavailable.second``: they do not follow it, or one is missing or
                not as it was written; ``unavailable.disk``.
        """
        before = last
        for file in self._files():
            with _told(self._folder):
                raw = file.read_bytes()
            end = 0
            for one, end in records_in(raw, self._secret):  # noqa: B007 - the end of the last one
                if one.number <= last.number:
                    if one.number == last.number and one.code != last.code:
                        raise _strange("these books and these records went different ways")
                    continue
                if (one.number, one.before) != (before.number + 1, before.code):
                    raise _strange(f"record {before.number + 1} is not in {self._folder}")
                yield one
                before = one
            if end != len(raw) and self._file is not None and file < self._file:
                raise _strange(f"{file} is damaged behind record {before.number}")

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.changes"))


def _put_aside(file: Path, handle: int, at: int) -> None:
    """Keep what stands behind the last record, before it is cut off: perhaps it is needed yet."""
    size = os.fstat(handle).st_size
    if size > at:
        file.with_suffix(".torn").write_bytes(os.pread(handle, size - at, at))


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
            noting = _Noting(tx)
            yield cast("Transaction", noting)
            if noting.changes:
                self._keep(tx, noting.changes)
        if noting.changes:
            self.catch_up()

    def _keep(self, tx: Transaction, changes: list[_Change]) -> None:
        """Keep the record in the store, and those before it that are not written yet."""
        waiting = tx.keys(Space.LINK, _WAITS)
        before = _record(tx, waiting[-1]) if waiting else None
        record = made(
            self._secret,
            1 if before is None else before.number + 1,
            self._chance if before is None else before.code,
            _encode(changes),
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


class _Noting:
    """A transaction that remembers what it changes."""

    def __init__(self, tx: Transaction) -> None:
        self._tx: Final = tx
        self.changes: list[_Change] = []

    def append(self, log: LogName, *, first: int, leaves: Sequence[bytes], **rest: Any) -> None:  # noqa: ANN401 - as the transaction takes it
        self._tx.append(log, first=first, leaves=leaves, **rest)
        self.changes.append(_Append(log, first, list(leaves)))

    def put(self, rows: Iterable[Row]) -> None:
        kept = list(rows)
        self._tx.put(kept)
        if kept:
            self.changes.append(_Put([(TABLE_OF[type(row)], _encode(row)) for row in kept]))

    def number_titles(self, numbers: Mapping[str, int]) -> None:
        self._tx.number_titles(numbers)
        self.changes.append(_Number(dict(numbers)))

    def save(self, space: Space, items: Mapping[str, bytes]) -> None:
        self._tx.save(space, items)
        if items:
            self.changes.append(_Save(space.value, dict(items)))

    def drop(self, space: Space, keys: Iterable[str]) -> None:
        kept = list(keys)
        self._tx.drop(space, kept)
        if kept:
            self.changes.append(_Drop(space.value, kept))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a transaction does
        return getattr(self._tx, name)


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
            raise _strange("the records before these are not there: is its disk mounted?")
        return 0
    if first is None or last is None:
        raise _strange("these books know of no second place: give an empty folder")
    if there.number > last.number:
        return there.number - last.number
    with store.reading() as tx:
        behind = there.number < last.number
        next_one = _record(tx, _key(there.number + 1)) if behind else None
    if (last.code if next_one is None else next_one.before) != there.code:
        raise _strange("these books and these records went different ways")
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
            for change in _decode(record.changes):
                _apply(tx, change)
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


def _apply(tx: Transaction, change: _Change) -> None:
    match change:
        case _Append(log, first, leaves):
            hashes = [leaf_hash(leaf) for leaf in leaves]
            begun = partial_tiles(first)
            partial = dict(zip(begun, tx.tiles(log, begun), strict=True))
            tx.append(
                log,
                first=first,
                leaves=leaves,
                frontier=tx.frontier(log).appended(hashes),
                tiles=grown(first, hashes, partial),
            )
        case _Put(rows):
            tx.put([msgspec.msgpack.decode(raw, type=TABLES[name]) for name, raw in rows])
        case _Number(titles):
            tx.number_titles(titles)
        case _Save(space, items):
            tx.save(Space(space), items)
        case _Drop(space, keys):
            tx.drop(Space(space), keys)


def _record(tx: Reading, key: str) -> Record:
    raw = tx.load(Space.LINK, key)
    if raw is None:
        raise _strange(f"record {_number(key)} is in neither place")
    length, number, before = _HEAD.unpack_from(raw)
    end = _HEAD.size + length
    return Record(number, before, raw[_HEAD.size : end], raw[end:])


def _key(number: int) -> str:
    return f"{_WAITS}{number:016d}"


def _number(key: str) -> int:
    return int(key.removeprefix(_WAITS))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable("unavailable.disk", f"{folder}: {error.strerror}") from error


def _strange(why: str) -> Unavailable:
    return Unavailable("unavailable.second", why)


__all__ = ["SecondPlace", "TwoPlaces", "entered_again", "given_up", "joined"]
