"""The checkpoints of a sitting: those of the own logs are signed, the counterparts' are held.

Each is kept in the sitting's transaction before it may leave: a node never signs two roots for
one size of a log.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from msgspec import UnsetType

from comity.acts.entries import decode_entry
from comity.acts.parts import Seen
from comity.ledger.checkpoints import Checkpoint, SeenRoot, checkpoint_of, sign_checkpoint
from comity.ledger.notes import note_digest
from comity.ledger.proofs import root_at
from comity.ledger.tiles import tile_reader
from comity.ledger.tree import Frontier
from comity.node.assess import NodeBooks
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Space, Transaction
from comity.node.signers import SigningKey, key_for
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import (
    LogKind,
    LogName,
    correspondence,
    counterpart,
    is_attested,
    kind_of,
)
from comity.vocabulary.names import Party


class Roots:
    """What one sitting signs of its house's logs, and holds of its counterparts'."""

    def __init__(  # noqa: PLR0913 - what a sitting is made of
        self,
        node: Node,
        tx: Transaction,
        *,
        now: Instant,
        books: NodeBooks,
        rows: Overlay,
        end_of: Callable[[LogName], Frontier],
    ) -> None:
        """Begin with a sitting; ``end_of`` says what a log becomes by it."""
        self._node: Final = node
        self._tx: Final = tx
        self._now: Final = now
        self._books: Final = books
        self._rows: Final = rows
        self._end_of: Final = end_of
        self._held: dict[LogName, bytes] = {}

    def sign(self, log: LogName, *, at: Instant, holding: int | None = None) -> bytes:
        """Sign a checkpoint of one of the house's own logs as it stands in this sitting.

        It is kept, and found again under its size: a node never signs two roots for one size.
        ``holding`` is what the counterpart holds of the own correspondence where a pouch begins
        there; otherwise what is known of it. It verifies under the directory in force there.
        """
        frontier = self._end_of(log)
        # Whose acts are attested has no checkpoint that this log could rest on.
        other = None if is_attested(log) else counterpart(log)
        seen = None if other is None else self.seen(other)
        root = digest_from_bytes(frontier.root)
        return self._signed(log, frontier.size, root, at, seen, holding)

    def sign_at(self, log: LogName, size: int, *, at: Instant, holding: int | None = None) -> bytes:
        """Sign a checkpoint for a smaller size of an own log: what one pouch ends with.

        It says what the entry after it has seen, not what is seen now: an entry at or after
        this size that claims less than its checkpoint is unlawful.
        """
        root, seen = self._at(log, size)
        return self._signed(log, size, root, at, seen, holding)

    def note_at(self, log: LogName, size: int, *, at: Instant) -> bytes:
        """Return a signed checkpoint of an own lane; it is not kept.

        Nothing rests on a checkpoint of a lane, and its root at a size never changes: whoever
        signs it again says the same. The one that is acknowledged is kept then.
        """
        root, seen = self._at(log, size)
        return self._made(log, size, root, at, seen, None)

    def _at(self, log: LogName, size: int) -> tuple[Digest, Seen | None]:
        """Return the root of a log at a size, and what had been seen there."""
        frontier = self._tx.frontier(log)
        if size == frontier.size:
            other = counterpart(log)
            seen = None if other is None else self.seen(other)
            return digest_from_bytes(frontier.root), seen
        reader = tile_reader(lambda tiles: self._tx.tiles(log, tiles), frontier.size)
        after = decode_entry(self._tx.leaves(log, size, size + 1)[0]).seen
        root = digest_from_bytes(root_at(reader, size))
        return root, None if isinstance(after, UnsetType) else after

    def key(self, log: LogName, holding: int | None = None) -> SigningKey:
        """Return the key with which a checkpoint of an own log is signed now."""
        return key_for(self._node, self._tx, log, holding, books=self._books, rows=self._rows)

    def sign_again(self, note: bytes) -> bytes:
        """Sign the root of an own checkpoint anew, with the key that counts now."""
        stands = checkpoint_of(note)
        at = latest((self._now, stands.time))
        other = counterpart(stands.log)
        seen = None if other is None else self.seen(other)
        again = self._signed(stands.log, stands.size, stands.root, at, seen)
        self._tx.save(Space.LATEST, {f"{stands.log}|own": again})
        return again

    def _made(  # noqa: PLR0913 - the lines of a checkpoint, and for whom it is signed
        self,
        log: LogName,
        size: int,
        root: Digest,
        at: Instant,
        seen: Seen | None,
        holding: int | None,
    ) -> bytes:
        checkpoint = Checkpoint(
            log=log,
            size=size,
            root=root,
            time=at,
            seen=None if seen is None else SeenRoot(seen.size, seen.root),
        )
        key = self.key(log, holding)
        return sign_checkpoint(self._node.suite, key.private, key.public, checkpoint)

    def _signed(  # noqa: PLR0913 - the lines of a checkpoint, and for whom it is signed
        self,
        log: LogName,
        size: int,
        root: Digest,
        at: Instant,
        seen: Seen | None,
        holding: int | None = None,
    ) -> bytes:
        note = self._made(log, size, root, at, seen, holding)
        self.keep_note(note)
        latest_note = {f"{log}|own|{size:016d}": note}
        latest_note |= self._former(log, size, at)
        if size == self._end_of(log).size:
            latest_note[f"{log}|own"] = note
        self._tx.save(Space.LATEST, latest_note)
        return note

    def _former(self, log: LogName, size: int, at: Instant) -> dict[str, bytes]:
        """Return the first checkpoint of a correspondence at a size, where one is signed anew.

        It alone shows since when the leaves stand (:func:`comity.node.adopted.stood_before`).
        """
        if kind_of(log) is not LogKind.CORRESPONDENCE:
            return {}
        key = f"{log}|first|{size:016d}"
        before = self._tx.load(Space.LATEST, f"{log}|own|{size:016d}")
        anew = before is not None and checkpoint_of(before).time < at
        if before is None or not anew or self._tx.load(Space.LATEST, key) is not None:
            return {}
        return {key: before}

    def keep_note(self, note: bytes) -> Digest:
        """Keep a signed checkpoint for ever, under the digest of its text."""
        digest = note_digest(note)
        if self._tx.load(Space.NOTE, digest) is None:
            self._tx.save(Space.NOTE, {digest: note})
        return digest

    def seen(self, other: Party) -> Seen | None:
        """Return the counterpart's checkpoint that this house holds and has cosigned."""
        log = correspondence(other, self._node.party)
        note = self._held.get(log)
        if note is None:
            note = self._tx.load(Space.LATEST, f"{log}|held")
            if note is None:
                return None
            self._held[log] = note
        return seen_of(note)

    def hold(self, log: LogName, note: bytes) -> None:
        """Keep the counterpart's latest checkpoint whose leaves are held: the next ``seen``."""
        self._held[log] = note
        self._tx.save(Space.LATEST, {f"{log}|held": note})


@lru_cache(maxsize=256)
def seen_of(note: bytes) -> Seen:
    """Return a kept checkpoint as the cut of an entry."""
    checkpoint = checkpoint_of(note)
    return Seen(
        size=checkpoint.size,
        root=checkpoint.root,
        time=checkpoint.time,
        digest=note_digest(note),
    )


def latest(times: Iterable[str]) -> Instant:
    """Return the latest of some instants; stamps never go back."""
    return Instant(max(times))
