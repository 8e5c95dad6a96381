"""Whose key counts where: which ledger key this house signs with, and which it believes.

A new ledger key is announced in a directory under the old one. Until the counterpart is known to
hold that directory it verifies under the one before; so what is signed for it is signed with the
key of the directory in force at the size that it is known to hold. A key that was revoked
outside the log is out of force from the size that the revocation names, whatever the leaves say.
"""

from typing import NamedTuple

from comity.agreement.books import Books
from comity.agreement.verified import directory_at
from comity.ledger.checkpoints import checkpoint_of
from comity.ledger.notes import KeyUse, key_hash, parse_note
from comity.node.assess import NodeBooks
from comity.node.node import Node
from comity.node.overlay import Overlay
from comity.node.ports import Reading, Space
from comity.register.links import revoked_of
from comity.register.rows import DirectoryOf, Rows
from comity.seal.directories import Directory, read_directory
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName, correspondence, counterpart, owner
from comity.vocabulary.names import Party


class SigningKey(NamedTuple):
    """A ledger key of this house, both halves."""

    private: bytes
    public: bytes


def signer_at(
    books: Books, rows: Rows, author: Party, reader: Party, size: int
) -> Directory | None:
    """Return the directory under which the next checkpoint after a size is signed."""
    found = directory_at(books, rows, author, reader, size)
    log = correspondence(author, reader)
    for row in rows.within(DirectoryOf, revoked_of(log)):
        raw = books.document(Digest(row.digest))
        if row.index > size or raw is None:
            continue
        if found is None or read_directory(raw).version > found.version:
            found = read_directory(raw)
    return found


def signers_since(
    books: Books, rows: Rows, author: Party, reader: Party, size: int
) -> list[Directory]:
    """Return the directories under which an author may sign who holds at least so much.

    The one in force there, and later ones: how much it holds beyond that is not known.
    """
    first = signer_at(books, rows, author, reader, size)
    log = correspondence(author, reader)
    later = [row for row in rows.within(DirectoryOf, log) if row.index >= size]
    later += [row for row in rows.within(DirectoryOf, revoked_of(log)) if row.index > size]
    raws = [books.document(Digest(row.digest)) for row in later]
    found = [first, *(read_directory(raw) for raw in raws if raw is not None)]
    known = [one for one in found if one is not None]
    # A revocation outside the log is no later leaf: what it puts out of force stays out.
    least = 0 if first is None else first.version
    return [one for one in known if one.version >= least]


def told(tx: Reading, party: Party, peer: Party) -> int:
    """Return how much of the own correspondence a counterpart is known to hold."""
    mine, theirs = correspondence(party, peer), correspondence(peer, party)
    acked = tx.load(Space.LATEST, f"{mine}|acked")
    held = tx.load(Space.LATEST, f"{theirs}|held")
    seen = None if held is None else checkpoint_of(held).seen
    known = max(0 if acked is None else checkpoint_of(acked).size, 0 if seen is None else seen.size)
    # Its word alone: it cannot hold more than there is.
    return min(known, tx.frontier(mine).size)


def own_key(node: Node, directory: Directory | None) -> SigningKey:
    """Return the key that a directory of this house names; the newest one where none is named."""
    suite, vault = node.suite, node.vault
    for private in vault.ledgers():
        public = suite.signing_public(private)
        if directory is None or public == directory.ledger:
            return SigningKey(private, public)
    return SigningKey(vault.ledger(), suite.signing_public(vault.ledger()))


def key_for(  # noqa: PLR0913 - which log, how far, and what is read already
    node: Node,
    tx: Reading,
    log: LogName,
    size: int | None = None,
    *,
    books: Books | None = None,
    rows: Rows | None = None,
) -> SigningKey:
    """Return the key with which a checkpoint of an own log is signed now.

    Args:
        node: This node.
        tx: What it keeps.
        log: One of its own.
        size: How much of the own correspondence the counterpart holds; else what is known of it.
        books: What finds documents, if one is at hand.
        rows: The register as it is being read, likewise.
    """
    peer = counterpart(log)
    if peer is None:
        return own_key(node, None)
    at = told(tx, node.party, peer) if size is None else size
    books, rows = books or NodeBooks(node, tx), rows or Overlay(tx)
    return own_key(node, signer_at(books, rows, node.party, peer, at))


def cosigning_key(  # noqa: PLR0913 - which checkpoint, and what is read already
    node: Node,
    tx: Reading,
    note: bytes,
    *,
    books: Books | None = None,
    rows: Rows | None = None,
    own: int | None = None,
) -> SigningKey:
    """Return the key with which a counterpart's checkpoint is cosigned.

    Its author verifies the cosignature under the directory in force at what the note has seen of
    this house's correspondence, or a later one.

    Args:
        node: This node.
        tx: What it keeps.
        note: The checkpoint.
        books: What finds documents, if one is at hand.
        rows: The register as it is being read, likewise.
        own: How long the own correspondence is, where it grew and is not written yet.
    """
    stands = checkpoint_of(note)
    seen = 0 if stands.seen is None else stands.seen.size
    mine = correspondence(node.party, owner(stands.log))
    size = min(seen, tx.frontier(mine).size if own is None else own)
    return key_for(node, tx, mine, size, books=books, rows=rows)


def signed_with(
    note: bytes, key: SigningKey, *, by: Party | None = None, use: KeyUse = KeyUse.CHECKPOINT
) -> bool:
    """Tell whether a kept checkpoint has a line by this key: its owner's, unless another is named.

    The line is not verified: it was when it was kept.
    """
    name = by or owner(checkpoint_of(note).log)
    try:
        parse_note(note).line_of(name, key_hash(name, use, key.public))
    except Invalid:
        return False
    return True


def until_new_key(tx: Reading, log: LogName, old: int, count: int) -> int:
    """Return how many leaves a pouch takes: it ends with a directory that changes the ledger key.

    The pouch is signed under the directory in force at its beginning, so what comes after such a
    directory goes with the next one.
    """
    rows = sorted(tx.within(DirectoryOf, log), key=lambda row: row.index)
    if not rows or rows[-1].index < old:
        return count
    before: bytes | None = None
    for row in rows:
        raw = tx.load(Space.DOCUMENT, row.digest)
        ledger = None if raw is None else read_directory(raw).ledger
        if before is not None and ledger != before and old <= row.index < old + count:
            return row.index - old + 1
        before = ledger
    return count


__all__ = [
    "SigningKey",
    "cosigning_key",
    "key_for",
    "own_key",
    "signed_with",
    "signer_at",
    "signers_since",
    "told",
    "until_new_key",
]
