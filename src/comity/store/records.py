"""One committed transaction as a framed record, and what it changed.

Each record has a code under a secret of the house over its number, the code of the record before
it, and its changes: one that is changed, left out or put in between is not believed, and neither
is a copy of the store that these records do not go on from. That the newest are missing does not
show here; the checkpoints of ``witness/`` say so.

    frame = length (8) | number (8) | code before (32) | changes | code (32)
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from comity.ledger.tiles import grown, partial_tiles
from comity.ledger.tree import leaf_hash
from comity.node.ports import Space, Transaction
from comity.register.rows import TABLE_OF, TABLES, Row
from comity.seal.macs import MAC_BYTES, is_mac, mac
from comity.vocabulary.logs import LogName

_USE: Final = "second place"
_HEAD: Final = struct.Struct(">QQ32s")


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

    @classmethod
    def of_frame(cls, raw: bytes) -> "Record":
        """Return the record of a frame that this process, or one before it, kept in the store."""
        length, number, before = _HEAD.unpack_from(raw)
        end = _HEAD.size + int(length)
        return cls(number, before, raw[_HEAD.size : end], raw[end:])

    def apply(self, tx: Transaction) -> None:
        """Do what it did once more, in another copy of the store."""
        for change in _decode(self.changes):
            _apply(tx, change)


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


def is_whole(raw: bytes) -> bool:
    """Tell whether some bytes are long enough for the record that they begin with."""
    if len(raw) < _HEAD.size:
        return False
    length, _, _ = _HEAD.unpack_from(raw)
    return len(raw) >= _HEAD.size + int(length) + MAC_BYTES


def goes_on(raw: bytes, secret: bytes, number: int) -> bool:
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


class Noting:
    """A transaction that remembers what it changes."""

    def __init__(self, tx: Transaction) -> None:
        """Do everything in this transaction, and remember it."""
        self._tx: Final = tx
        self._changes: Final[list[_Change]] = []

    def changes(self) -> bytes:
        """Return what was changed, encoded; nothing where nothing was."""
        return _encode(self._changes) if self._changes else b""

    def append(self, log: LogName, *, first: int, leaves: Sequence[bytes], **rest: Any) -> None:  # noqa: ANN401 - as the transaction takes it
        """Append leaves; their tiles follow from them."""
        self._tx.append(log, first=first, leaves=leaves, **rest)
        self._changes.append(_Append(log, first, list(leaves)))

    def put(self, rows: Iterable[Row]) -> None:
        """Put rows."""
        kept = list(rows)
        self._tx.put(kept)
        if kept:
            self._changes.append(_Put([(TABLE_OF[type(row)], _encode(row)) for row in kept]))

    def number_titles(self, numbers: Mapping[str, int]) -> None:
        """Number titles."""
        self._tx.number_titles(numbers)
        self._changes.append(_Number(dict(numbers)))

    def save(self, space: Space, items: Mapping[str, bytes]) -> None:
        """Keep bytes in a space."""
        self._tx.save(space, items)
        if items:
            self._changes.append(_Save(space.value, dict(items)))

    def drop(self, space: Space, keys: Iterable[str]) -> None:
        """Drop keys of a space."""
        kept = list(keys)
        self._tx.drop(space, kept)
        if kept:
            self._changes.append(_Drop(space.value, kept))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a transaction does
        """Do everything else as the transaction does it."""
        return getattr(self._tx, name)


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
