"""The chancery's transaction: append, journal, fold, sign; all of it, or none of it.

A sitting holds one store transaction. Nothing signed in it leaves the process before the commit
has returned: its results are read only after ``sitting`` has ended normally, and what was
signed in a transaction that failed is thrown away with it.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from comity.acts import deeds
from comity.acts.canonical import encode
from comity.acts.entries import Entry, decode_entry
from comity.acts.judgements import Outcome
from comity.acts.parts import Head, RefusedLeaf
from comity.ledger.tiles import grown, partial_tiles
from comity.ledger.tree import Frontier, leaf_hash
from comity.node.assess import Assessment, NodeBooks
from comity.node.erased import drafts_with, erase, forget_draft
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Space, Transaction
from comity.node.roots import Roots, latest
from comity.register.fold import Effect, fold
from comity.register.leaves import Leaf
from comity.register.links import erased
from comity.register.rows import key_of
from comity.vocabulary.digests import Digest, digest_from_bytes, digest_to_bytes
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.instants import EPOCH, Instant
from comity.vocabulary.logs import (
    LogName,
    journal,
)
from comity.vocabulary.names import PersonId

CHANCERY: Final = PersonId("chancery")
"""Who does what no person of the house decided: the chancery itself."""

_NOT_JUDGED: Final = bytes(48)
_SALT: Final = 16
_SALTS: Final = 64
_RUN_LIMIT: Final = 1024
"""Leaves of one journal line: three digests for each must fit into the size of a leaf."""


@dataclass
class _Growth:
    """What one log gains in a sitting."""

    start: Frontier
    leaves: list[bytes] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    size: int = 0
    _end: Frontier | None = None

    def __post_init__(self) -> None:
        self.size = self.start.size

    def append(self, leaf: bytes, hashed: bytes) -> None:
        self.leaves.append(leaf)
        self.hashes.append(hashed)
        self.size += 1

    def end(self) -> Frontier:
        """Return what the log becomes, each hash laid on once however often it is asked."""
        known = self.start if self._end is None else self._end
        self._end = known.appended(self.hashes[known.size - self.start.size :])
        return self._end


RECOVERED_LIMIT: Final = 512
"""Leaves of one line of what came back: a refusal may stand beside each."""


@dataclass(frozen=True)
class Recovery:
    """That what a sitting appends was lost here, and came back from a counterpart's replica.

    Attributes:
        notes: By which checkpoint the leaves of each log were verified.
        refused: Leaves of the counterpart's that had no effect here before the loss, by position.
    """

    notes: Mapping[LogName, Digest]
    refused: Mapping[tuple[LogName, int], RefusedLeaf]


@dataclass
class _Run:
    """Leaves of one log, one after the other, that become one line of the journal."""

    log: LogName
    first: int
    leaves: list[bytes] = field(default_factory=list)
    common: list[bytes] = field(default_factory=list)
    domestic: list[bytes] = field(default_factory=list)


class Sitting:
    """One transaction of the chancery."""

    def __init__(self, node: Node, tx: Transaction, *, now: Instant) -> None:
        """Begin; ``now`` is asked of the clock once."""
        self.node = node
        self.tx = tx
        self.now = now
        self.rows = Overlay(tx)
        self.books = NodeBooks(node, tx)
        self._grown: dict[LogName, _Growth] = {}
        self.roots = Roots(
            node,
            tx,
            now=now,
            books=self.books,
            rows=self.rows,
            end_of=lambda log: self._growth(log).end(),
        )
        self._run: _Run | None = None
        self._salts: list[bytes] = []
        self.stamped: Instant | None = None
        self._recovery: Recovery | None = None
        self._erasing: list[str] = []

    def size(self, log: LogName) -> int:
        """Return the size of a log with what this sitting appended."""
        growth = self._grown.get(log)
        return self._growth(log).size if growth is None else growth.size

    def recovering(self, recovery: Recovery | None) -> None:
        """Say that what is appended from here on comes back (or, with nothing, that it is new)."""
        self._end_run()
        self._recovery = recovery

    @property
    def journal_size(self) -> int:
        """The size of the house's journal, the run that is open counted as its line."""
        return self.size(journal(self.node.party)) + (self._run is not None)

    def append(
        self,
        log: LogName,
        leaf: bytes,
        entry: Entry | None,
        *,
        effect: Effect,
        assessment: Assessment | None = None,
    ) -> int:
        """Append a leaf, write it into the journal's total order, and fold it.

        Returns:
            The leaf's index, which comes from the size of the tree inside the transaction.
        """
        house = journal(self.node.party)
        if log == house:
            self._end_run()
            if entry is not None:
                self.stamped = latest((self.last_line(), entry.at))
        growth = self._growth(log)
        index = growth.size
        hashed = leaf_hash(leaf)
        growth.append(leaf, hashed)
        if log != house:
            self._note(log, index, hashed, assessment)
        if entry is not None and effect.holds and isinstance(entry.deed, deeds.EraseParticulars):
            self._erasing.append(key_of(entry.deed.leaf))
        self.rows.put(
            fold(
                self.rows,
                Leaf(house=self.node.party, log=log, index=index, entry=entry),
                effect,
            )
        )
        return index

    def last_line(self) -> Instant:
        """Return the time of the journal's last line, whatever stands in it.

        A clock that is set back does not stamp before it, and revives nothing that had ended.
        """
        if self.stamped is None:
            self.stamped = self.node.last_line or self._read_last_line()
        return self.stamped

    def _read_last_line(self) -> Instant:
        house = journal(self.node.party)
        size = self.tx.frontier(house).size
        return decode_entry(self.tx.leaves(house, size - 1, size)[0]).at if size else EPOCH

    def head(self, log: LogName) -> Head:
        """Return where a log stands in this sitting."""
        frontier = self._growth(log).end()
        return Head(log, frontier.size, digest_from_bytes(frontier.root))

    def salt(self) -> bytes:
        """Return the salt of a leaf, drawn with those of the leaves after it."""
        if not self._salts:
            drawn = self.node.suite.random(_SALTS * _SALT)
            self._salts = [drawn[at : at + _SALT] for at in range(0, len(drawn), _SALT)]
        return self._salts.pop()

    def require_as_read(self, there: Mapping[str, AbstractSet[str]]) -> None:
        """Return if approvals are kept, under each prefix of drafts, as they were when read.

        Raises:
            Unavailable: ``unavailable.conflict``: somebody else approved it meanwhile.
        """
        for prefix, keys in there.items():
            if set(self.tx.keys(Space.DRAFT, prefix=prefix)) != keys:
                raise Unavailable("unavailable.conflict", "another person approved it meanwhile")

    def _growth(self, log: LogName) -> _Growth:
        if log not in self._grown:
            self._grown[log] = _Growth(self.tx.frontier(log))
        return self._grown[log]

    def _note(self, log: LogName, index: int, hashed: bytes, assessment: Assessment | None) -> None:
        run = self._run
        limit = _RUN_LIMIT if self._recovery is None else RECOVERED_LIMIT
        if run is None or run.log != log or len(run.leaves) == limit:
            self._end_run()
            run = self._run = _Run(log, index)
        run.leaves.append(hashed)
        common = assessment.common_digest if assessment else None
        domestic = assessment.domestic_digest if assessment else None
        run.common.append(digest_to_bytes(common) if common else _NOT_JUDGED)
        run.domestic.append(digest_to_bytes(domestic) if domestic else _NOT_JUDGED)

    def _end_run(self) -> None:
        """Write the open run as one line of the journal."""
        run, self._run = self._run, None
        if run is None:
            return
        self.stamped = latest((self.now, self.last_line()))
        line = Entry(deed=self._line(run), at=self.stamped, salt=self.salt())
        growth = self._growth(journal(self.node.party))
        leaf = encode(line)
        growth.append(leaf, leaf_hash(leaf))

    def _line(self, run: _Run) -> deeds.Leaves | deeds.Recovered:
        by, recovery = self.node.registry, self._recovery
        if recovery is None:
            return deeds.Leaves(
                by=by,
                log=run.log,
                first=run.first,
                leaves=tuple(run.leaves),
                common=tuple(run.common),
                domestic=tuple(run.domestic),
            )
        indexes = range(run.first, run.first + len(run.leaves))
        found = (recovery.refused.get((run.log, index)) for index in indexes)
        return deeds.Recovered(
            by=by,
            log=run.log,
            first=run.first,
            leaves=tuple(run.leaves),
            common=tuple(run.common),
            note=recovery.notes[run.log],
            refused=tuple(one for one in found if one is not None),
        )

    def _erase(self, entry: str) -> None:
        """Let the words of an entry go, and end the drafts that have them."""
        erase(self.node, self.tx, self.rows, entry)
        house = journal(self.node.party)
        for name in drafts_with(self.node, self.tx, entry):
            deed = deeds.Decline(by=self.node.registry, actor=CHANCERY, deed=name)
            ends = Entry(deed=deed, at=latest((self.now, self.last_line())), salt=self.salt())
            self.append(house, encode(ends), ends, effect=Effect(outcome=Outcome.LAWFUL))
            forget_draft(self.node, self.tx, name)

    def close(self) -> None:
        """Write everything that grew: leaves, tiles, frontiers, rows."""
        # Last of all: nothing that this sitting kept of them stays either.
        for entry in dict.fromkeys(self._erasing):
            if erased(self.rows, entry) is not None:
                self._erase(entry)
        self._end_run()
        for log, growth in self._grown.items():
            if not growth.leaves:
                continue
            size = growth.start.size
            begun = partial_tiles(size)
            partial = dict(zip(begun, self.tx.tiles(log, begun), strict=True))
            self.tx.append(
                log,
                first=size,
                leaves=growth.leaves,
                frontier=growth.start.appended(growth.hashes),
                tiles=grown(size, growth.hashes, partial),
            )
        self.tx.put(self.rows.changed.values())


@contextmanager
def sitting(node: Node, *, now: Instant | None = None) -> Iterator[Sitting]:
    """Hold one sitting: it commits when the block ends normally, and leaves no trace otherwise.

    If the process dies before the commit has returned, recovery finds the state before: the
    act did not happen, nothing signed has left. If it dies after, recovery finds all of it, and
    what should have been sent is in the logs, from which every pouch is made.
    """
    with node.store.transaction() as tx:
        session = Sitting(node, tx, now=node.clock.now() if now is None else now)
        yield session
        session.close()
    # Only what is committed counts: a clock that was wrong for a moment leaves no trace.
    node.last_line = session.stamped or node.last_line
