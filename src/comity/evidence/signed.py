"""What both parties signed in an evidence file: directories, checkpoints, leaves, notes.

Steps 2 to 6 of :func:`comity.evidence.verify.verify`; each raises where it does not hold.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from comity.acts import deeds
from comity.acts.canonical import digest
from comity.acts.entries import Entry, decode_entry
from comity.evidence.bundle import Evidence, ProvenLog, ProvenNote
from comity.ledger.checkpoints import (
    Checkpoint,
    parse,
    verify_checkpoint,
    verify_cosignature,
)
from comity.ledger.notes import parse_note
from comity.ledger.proofs import verify_consistency, verify_inclusion
from comity.ledger.tree import leaf_hash
from comity.seal.directories import Directory, open_directory, read_directory
from comity.seal.fingerprints import key_id
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest, digest_to_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName, counterpart, is_attested, is_feed, owner
from comity.vocabulary.names import Party

T = TypeVar("T")

Directories = Mapping[Party, list[tuple[int, Directory]]]
"""The directories of each party in the file, with the index of the leaf of each."""


def directories_of(suite: Suite, evidence: Evidence, roots: Mapping[Party, Digest]) -> Directories:
    """Verify the directories of both parties; the first has position 0."""
    found: dict[Party, list[tuple[int, Directory]]] = {}
    logs = [one.log for one in evidence.logs]
    if list(evidence.parties) != sorted(set(evidence.parties)) or logs != sorted(set(logs)):
        raise Invalid("invalid.evidence.parties", "two parties and their two logs, in order")
    for party, raw in zip(evidence.parties, evidence.first_directories, strict=True):
        if not raw:
            found[party] = []  # on paper: it has no keys, and signs nothing in the file
            continue
        own = key_id(read_directory(raw).root)
        directory = open_directory(suite, raw, root=roots.get(party, own))
        other = next(one for one in evidence.parties if one != party)
        if (directory.party, directory.to) != (party, other):
            raise Invalid("invalid.evidence.parties", "a directory of somebody else")
        found[party] = [(0, directory)]
    if not any(found.values()):
        raise Invalid("invalid.evidence.parties", "a file that nobody signed")
    documents = {digest(raw): raw for raw in evidence.documents}
    for log in evidence.logs:
        party = owner(log.log)
        if not found.get(party) or counterpart(log.log) not in found:
            raise Invalid("invalid.evidence.parties", "a log of somebody else")
        if is_attested(log.log):
            continue  # a directory in it is that of the party that joins, and signs nothing there
        for leaf in log.leaves:
            deed = decode_entry(leaf.leaf).deed
            if isinstance(deed, deeds.PublishDirectory):
                raw_directory = documents.get(deed.directory)
                if raw_directory is None:
                    raise Invalid("invalid.evidence.missing", "a directory is not in the file")
                root = key_id(found[party][0][1].root)
                directory = open_directory(suite, raw_directory, root=root)
                found[party].append((leaf.index, directory))
    return found


def _ledger_keys(directories: Directories, log: LogName, size: int) -> list[bytes]:
    """Return the ledger keys that may sign a size of a log of its owner's.

    That of the latest directory below it. A pouch is signed under the directory in force at its
    beginning: where the last leaf of all is a directory, the key before it may have signed, too.
    """
    party = owner(log)
    if is_attested(log) or is_feed(log):
        # Its sizes are not those of the log that the directories stand in.
        return [one.ledger for _, one in directories[party]]
    known = [(index, one) for index, one in directories[party] if index < size or index == 0]
    if len(known) > 1 and known[-1][0] == size - 1:
        return [known[-1][1].ledger, known[-2][1].ledger]
    return [known[-1][1].ledger]


def _cosigning_keys(directories: Directories, party: Party, seen: int) -> list[bytes]:
    """Return the ledger keys that may cosign a note that has seen so much of the party's log.

    Whoever cosigned held at least what the note has seen of its own log: the key is that of the
    directory in force there, or of a later one; never one that was given up before.
    """
    known = directories[party]
    before = [one for index, one in known if index < seen or index == 0]
    return [before[-1].ledger, *(one.ledger for index, one in known if index >= max(seen, 1))]


def checkpoint_of_log(suite: Suite, proven: ProvenLog, directories: Directories) -> Checkpoint:
    """Return how far a log goes that its owner signed, and its counterpart cosigned."""
    other = counterpart(proven.log)
    if other is None:
        raise Invalid("invalid.evidence.parties", "a log without a counterpart")
    checkpoint = _signed(suite, proven.checkpoint, proven.log, directories)
    if not directories[other]:
        return checkpoint  # who keeps paper cosigns nothing
    seen = 0 if checkpoint.seen is None else checkpoint.seen.size
    keys = _cosigning_keys(directories, other, seen)
    _under_one(
        keys, lambda key: verify_cosignature(suite, proven.checkpoint, public=key, name=other)
    )
    return checkpoint


def _signed(suite: Suite, note: bytes, log: LogName, directories: Directories) -> Checkpoint:
    """Return a note's checkpoint if its log's owner signed it with a key of that size."""
    keys = _ledger_keys(directories, log, parse(parse_note(note).text).size)
    return _under_one(keys, lambda key: verify_checkpoint(suite, note, public=key, log=log))


def _under_one(keys: Sequence[bytes], verified: Callable[[bytes], T]) -> T:
    """Return what verifies under one of some keys; where none does, the error of the first."""
    first: Invalid | None = None
    for key in dict.fromkeys(keys):
        try:
            return verified(key)
        except Invalid as error:
            first = first or error
    assert first is not None  # noqa: S101 - there is at least the first directory
    raise first


def included(proven: ProvenLog, checkpoint: Checkpoint) -> dict[int, Entry]:
    """Return the leaves of a log by index, each included in its checkpoint."""
    entries: dict[int, Entry] = {}
    last = -1
    for one in proven.leaves:
        if one.index <= last:
            raise Invalid("invalid.evidence.order", "leaves out of order")
        last = one.index
        verify_inclusion(
            leaf_hash=leaf_hash(one.leaf),
            index=one.index,
            size=checkpoint.size,
            path=one.path,
            root=digest_to_bytes(checkpoint.root),
        )
        entries[one.index] = decode_entry(one.leaf)
    return entries


def require_note(
    suite: Suite,
    proven: ProvenNote,
    directories: Directories,
    sizes: Mapping[LogName, Checkpoint],
) -> None:
    """Verify a note that an entry relies on: its owner's, and within the log as proven."""
    stated = parse(parse_note(proven.note).text)
    if stated.log not in sizes or owner(stated.log) not in directories:
        raise Invalid("invalid.evidence.note", "a note of another log")
    checkpoint = _signed(suite, proven.note, stated.log, directories)
    whole = sizes[stated.log]
    try:
        if checkpoint.size == 0:
            # Every log begins with nothing, and an empty root has been compared already.
            if proven.path:
                raise Invalid("invalid.proof", "from size 0 there is nothing to prove")
            return
        verify_consistency(
            old=checkpoint.size,
            old_root=digest_to_bytes(checkpoint.root),
            new=whole.size,
            new_root=digest_to_bytes(whole.root),
            path=proven.path,
        )
    except Invalid as error:
        # Its owner signed it, and yet it is not how the log began: another history.
        raise Invalid("invalid.evidence.note", "a note that the proven log contradicts") from error


__all__ = ["Directories", "checkpoint_of_log", "directories_of", "included", "require_note"]
