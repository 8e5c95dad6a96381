"""What came back of lost logs is believed where it leads to what both parties signed.

Nothing is kept here, and nothing entered: see :mod:`comity.node.lost` and
:mod:`comity.node.recovering`.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from comity.acts import deeds
from comity.acts.entries import entry_or_opaque
from comity.agreement.books import Books
from comity.ledger.checkpoints import (
    Checkpoint,
    SeenRoot,
    checkpoint_of,
    verify_checkpoint,
    verify_cosignature,
)
from comity.ledger.notes import line_alone
from comity.ledger.proofs import root_at
from comity.ledger.tiles import tile_reader
from comity.ledger.tree import EMPTY, Frontier, leaf_hash
from comity.node.assess import NodeBooks
from comity.node.fetching import Asking, Fetched
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Reading
from comity.register.rows import DirectoryOf, Rows
from comity.seal.directories import Directory, open_directory
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.logs import LogName, correspondence, owner, reader


class Lost(NamedTuple):
    """What is lost of one log.

    Attributes:
        first: The size of the log here.
        leaves: What comes after it.
        note: The latest checkpoint with both signatures, which the leaves lead to; empty where
            nothing was ever cosigned, or nothing is lost.
        single: The same with its owner's line alone; of the counterpart's also where nothing is
            lost, if it is for just what is here.
    """

    log: LogName
    first: int
    leaves: tuple[bytes, ...]
    note: bytes
    single: bytes


def signers_of(books: Books, rows: Rows, log: LogName, size: int) -> list[Directory]:
    """Return the directories under which a checkpoint of a size may be signed by its owner.

    The one in force at its size; where its last leaf is that directory, also the one before:
    a pouch is signed under the directory in force at its beginning.
    """
    author, other = owner(log), reader(log)
    assert other is not None  # noqa: S101 - only correspondences come back
    rows_below = [row for row in rows.within(DirectoryOf, log) if row.index < size]
    found = sorted(rows_below, key=lambda row: row.index, reverse=True)[:2]
    if found and found[0].index != size - 1:
        found = found[:1]
    raws = [books.document(Digest(row.digest)) for row in found]
    if not found or (len(found) == 1 and found[0].index == size - 1):
        raws.append(books.first_directory(author, other))
    root = books.root(author) or Digest("")
    return [open_directory(books.suite, raw, root=root) for raw in raws if raw is not None]


def verified_note(
    suite: Suite, note: bytes, *, log: LogName, signers: Sequence[Directory]
) -> Checkpoint:
    """Return a checkpoint that its owner signed under one of these directories.

    Raises:
        Invalid: none of them holds.
    """
    wrong: Invalid | None = None
    for one in signers:
        try:
            return verify_checkpoint(suite, note, public=one.ledger, log=log)
        except Invalid as error:
            wrong = error
    raise wrong or Invalid("invalid.recover.note", "no directory says who signs it")


def require_cosigned(node: Node, log: LogName, note: bytes) -> None:
    """Return if this house cosigned a checkpoint of a log, with any key that it has or had.

    Raises:
        Invalid: ``invalid.recover.note``.
    """
    stands = checkpoint_of(note)
    for private in node.vault.ledgers():
        public = node.suite.signing_public(private)
        try:
            verify_cosignature(node.suite, note, public=public, name=node.party)
        except Invalid:
            continue
        if stands.log == log:
            return
    raise Invalid("invalid.recover.note", f"{node.party} has not cosigned {log} so far")


class OwnWord:
    """Tells whether a checkpoint was signed here, before all that it counts is asked for.

    Under which directory it was signed is looked at afterwards, with the leaves that say so.
    """

    def __init__(self, node: Node) -> None:
        """Tell it for this node."""
        self._node = node
        self._seen: SeenRoot | None = None

    def __call__(self, log: LogName, note: bytes) -> None:
        """Return if this house signed it, or cosigned it, or has said that it held just that."""
        suite, party = self._node.suite, self._node.party
        stands = checkpoint_of(note)
        if owner(log) != party and self._seen == SeenRoot(stands.size, stands.root):
            return
        wrong: Invalid | None = None
        for private in self._node.vault.ledgers():
            public = suite.signing_public(private)
            try:
                if owner(log) == party:
                    self._seen = verify_checkpoint(suite, note, public=public, log=log).seen
                else:
                    verify_cosignature(suite, note, public=public, name=party)
            except Invalid as error:
                wrong = wrong or error
                continue
            return
        if owner(log) == party and wrong is not None:
            raise wrong
        raise Invalid("invalid.recover.note", f"{party} has not cosigned {log} up to {stands.size}")


def is_note(raw: bytes) -> bool:
    """Tell whether a document is a checkpoint, whoever signed it."""
    try:
        checkpoint_of(raw)
    except Invalid:
        return False
    return True


class Looking:
    """Verifies what came, with what is kept and what came together."""

    def __init__(
        self,
        node: Node,
        tx: Reading,
        documents: dict[Digest, bytes],
        came: dict[LogName, Fetched],
        starts: dict[LogName, Frontier],
    ) -> None:
        """Look at what ``came`` of each log, which goes on here from ``starts``."""
        self._node, self._tx, self._came, self._starts = node, tx, came, starts
        self._seen: SeenRoot | None = None
        self._books = NodeBooks(node, tx)
        # Found by digest, so they can only be what the leaves name.
        self._books.lend({str(name): raw for name, raw in documents.items()})
        self._rows = Overlay(tx)
        for log, one in came.items():
            for index, leaf in enumerate(one.leaves, start=starts[log].size):
                self._lay(log, index, leaf)

    def _lay(self, log: LogName, index: int, leaf: bytes) -> None:
        """Let a directory that came be found: only one that its root signed counts anywhere."""
        entry = entry_or_opaque(leaf)
        if entry is None or not isinstance(entry.deed, deeds.PublishDirectory):
            return
        deed = entry.deed
        raw, root = self._books.document(deed.directory), self._books.root(owner(log))
        try:
            open_directory(self._node.suite, raw or b"", root=root or Digest(""))
        except Invalid:
            return
        row = DirectoryOf(
            key=f"{log}#{index}",
            scope=log,
            log=log,
            index=index,
            digest=deed.directory,
            version=deed.version,
        )
        self._rows.put([row])

    def verified(self, log: LogName, known: Sequence[bytes], ask: Asking) -> Lost:
        """Return what is lost of a log, if it leads to a checkpoint that both have signed."""
        start, came = self._starts[log], self._came[log]
        least = [one for one in map(checkpoint_of, known) if one.log == log]
        if not came.note:
            if start.size or least:
                raise Invalid("invalid.recover.too-few", f"it has nothing of {log}")
            return Lost(log, 0, (), b"", b"")
        stands = self._signed(log, came.note)
        if owner(log) == self._node.party:
            self._seen = stands.seen
        if any(stands.size < one.size for one in least):
            raise Invalid("invalid.recover.too-few", f"{stands.size} leaves of {log}, not more")
        single = line_alone(came.note, owner(log))
        if stands.size <= start.size:
            if self._root_here(log, stands.size) != stands.root:
                raise self._why(log, stands, ask)
            same = stands.size == start.size and owner(log) != self._node.party
            return Lost(log, start.size, (), b"", single if same else b"")
        hashes = [leaf_hash(leaf) for leaf in came.leaves]
        sizes = {one.size: one.root for one in (*least, stands) if one.size >= start.size}
        if not _leads_to(start, hashes, sizes):
            raise self._why(log, stands, ask)
        return Lost(log, start.size, tuple(came.leaves), came.note, single)

    def require_none_ahead(self, own: Lost) -> None:
        """Return if no own checkpoint is known for more leaves than the counterpart has.

        Raises:
            Refused: ``refused.recover.for-good``: entering anything at those places would be a
                second history, signed with the same key.
        """
        size = own.first + len(own.leaves)
        for raw in self._came[own.log].documents.values():
            if not is_note(raw) or checkpoint_of(raw).log != own.log:
                continue
            ahead = checkpoint_of(raw)
            if ahead.size <= size:
                continue
            signers = signers_of(self._books, self._rows, own.log, ahead.size)
            try:
                verified_note(self._node.suite, raw, log=own.log, signers=signers)
            except Invalid:
                continue  # not signed by this house: it says nothing
            raise Refused(
                "refused.recover.for-good",
                f"this house signed {own.log} up to {ahead.size}, and the counterpart has {size}",
            )

    def _signed(self, log: LogName, note: bytes) -> Checkpoint:
        """Return what a checkpoint says that its owner signed and the other party cosigned."""
        books, rows, suite = self._books, self._rows, self._node.suite
        other = reader(log)
        assert other is not None  # noqa: S101 - only correspondences come back
        size = checkpoint_of(note).size
        stands = verified_note(suite, note, log=log, signers=signers_of(books, rows, log, size))
        back = correspondence(other, owner(log))
        for one in self._ever(back):
            try:
                verify_cosignature(suite, note, public=one.ledger, name=other)
            except Invalid:
                continue
            return stands
        if self._seen == SeenRoot(stands.size, stands.root):
            # This house said itself, over its signature, that it held just that.
            return stands
        raise Invalid("invalid.recover.note", f"{other} has not cosigned {log} up to {size}")

    def _ever(self, log: LogName) -> list[Directory]:
        """Return every directory of a log's author, the latest first."""
        rows = sorted(self._rows.within(DirectoryOf, log), key=lambda row: -row.index)
        author, other = owner(log), reader(log)
        assert other is not None  # noqa: S101 - only correspondences come back
        raws = [self._books.document(Digest(row.digest)) for row in rows]
        raws.append(self._books.first_directory(author, other))
        root = self._books.root(author) or Digest("")
        suite = self._node.suite
        return [open_directory(suite, raw, root=root) for raw in raws if raw is not None]

    def _why(self, log: LogName, stands: Checkpoint, ask: Asking) -> Exception:
        """Tell whether the entries that came are false, or this copy is of another history."""
        believed = self._came[log].note

        def same(_: LogName, note: bytes) -> None:
            if note != believed:
                raise Invalid("invalid.recover.leaves", "another checkpoint than before")

        whole = ask.all_of(log, 0, same).leaves
        if not _leads_to(EMPTY, [leaf_hash(leaf) for leaf in whole], {stands.size: stands.root}):
            return Invalid("invalid.recover.leaves", f"what it gives of {log} was never signed")
        first = self._parts_at(log, whole)
        return Refused(
            "refused.recover.forked", f"this copy of {log} differs from what was signed at {first}"
        )

    def _root_here(self, log: LogName, size: int) -> Digest:
        tx = self._tx
        read = tile_reader(lambda tiles: tx.tiles(log, tiles), self._starts[log].size)
        return digest_from_bytes(root_at(read, size))

    def _parts_at(self, log: LogName, whole: Sequence[bytes]) -> int:
        here = self._tx.leaves(log, 0, self._starts[log].size)
        same = (mine == theirs for mine, theirs in zip(here, whole, strict=False))
        return next((index for index, one in enumerate(same) if not one), len(here))


def _leads_to(start: Frontier, hashes: Sequence[bytes], roots: dict[int, Digest]) -> bool:
    """Tell whether a log that goes on with these leaves has these roots at these sizes."""
    if start.size + len(hashes) != max(roots):
        return False
    sizes = sorted({start.size, *roots})
    frontier = start
    found = {start.size: digest_from_bytes(start.root)}
    for before, size in pairwise(sizes):
        frontier = frontier.appended(hashes[before - start.size : size - start.size])
        found[size] = digest_from_bytes(frontier.root)
    return all(found[size] == root for size, root in roots.items())


__all__ = [
    "Looking",
    "Lost",
    "OwnWord",
    "is_note",
    "require_cosigned",
    "signers_of",
    "verified_note",
]
