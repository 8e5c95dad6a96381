"""Making evidence: one file with an item's crossing and everything its judgement rests on."""

from collections.abc import Iterable, Mapping

from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.acts.canonical import digest, encode
from comity.acts.entries import Entry, decode_entry
from comity.acts.parts import Position
from comity.evidence.bundle import (
    Evidence,
    ProvenLeaf,
    ProvenLog,
    ProvenNote,
    ProvenObservation,
)
from comity.ledger.checkpoints import checkpoint_of, parse
from comity.ledger.notes import note_digest, parse_note
from comity.ledger.proofs import consistency_path, inclusion_path
from comity.ledger.tiles import tile_reader
from comity.node import kept, resting
from comity.node.assess import NodeBooks
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.register.rows import ItemOf, position_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Unavailable
from comity.vocabulary.logs import LogName, correspondence, counterpart, owner, standing_in
from comity.vocabulary.names import Party


def evidence_for(
    node: Node, item: ItemOf, *, given: tuple[Position, ProvenObservation] | None = None
) -> bytes:
    """Return the evidence file of an item: what crossed, what it rests on, what was receipted.

    With ``given`` of one observation of the stream that the item is: and the leaf that gave it.

    Raises:
        Unavailable: ``unavailable.evidence``: the counterpart has not cosigned the item yet.
    """
    position = position_of(item.key) if given is None else given[0]
    parties = sorted({Party(item.provider), Party(item.receiver)})
    ways = (parties, parties[::-1])
    with node.store.reading() as tx:
        logs = sorted(
            log
            for one, two in ways
            for log in (correspondence(one, two), standing_in(one, two))
            if tx.frontier(log).size
        )
        if given is not None:
            logs = sorted({*logs, position.log})
        notes = {log: _checkpoint(node, tx, log) for log in logs}
        sizes = {log: parse(parse_note(note).text).size for log, note in notes.items()}
        if position.index >= sizes[position.log]:
            raise Unavailable(
                "unavailable.evidence", "the counterpart has not cosigned this item yet"
            )
        wanted = resting.indexes(tx, item, position, sizes)
        parts: list[ProvenLog] = []
        entries: list[Entry] = []
        for log in logs:
            leaves = proven(tx, log, sorted(wanted[log]), sizes[log])
            entries += [decode_entry(one.leaf) for one in leaves]
            parts.append(ProvenLog(log=log, checkpoint=notes[log], leaves=tuple(leaves)))
        books = NodeBooks(node, tx)
        firsts = [
            books.first_directory(one, next(other for other in parties if other != one)) or b""
            for one in parties
        ]
        return encode(
            Evidence(
                comity=1,
                subject=position,
                parties=tuple(parties),
                logs=tuple(parts),
                notes=_notes(tx, entries, sizes),
                first_directories=tuple(firsts),
                documents=_documents(tx, entries),
                observation=UNSET if given is None else given[1],
            )
        )


def _checkpoint(node: Node, tx: Reading, log: LogName) -> bytes:
    """Return a log's latest checkpoint with both signatures."""
    own = owner(log) == node.party
    other = counterpart(log)
    name = "acked" if own else "cosigned"
    if own and other is not None and kept.is_open(tx, node.party, other):
        name = "own"  # who keeps paper cosigns nothing, and the file says so
    note = tx.load(Space.LATEST, f"{log}|{name}")
    if note is None:
        raise Unavailable("unavailable.evidence", "nothing is cosigned yet")
    return note


def proven(tx: Reading, log: LogName, indexes: list[int], size: int) -> list[ProvenLeaf]:
    """Return leaves of a log with their inclusion paths to its tree of a size."""
    read = tile_reader(lambda tiles: tx.tiles(log, tiles), size, cache={})
    return [
        ProvenLeaf(
            index=index,
            leaf=tx.leaves(log, index, index + 1)[0],
            path=tuple(inclusion_path(read, index, size)),
        )
        for index in indexes
    ]


def _notes(
    tx: Reading, entries: Iterable[Entry], sizes: Mapping[LogName, int]
) -> tuple[ProvenNote, ...]:
    """Return the notes that entries rely on, each proven within its log as the file has it."""
    names = {one.seen.digest for one in entries if not isinstance(one.seen, UnsetType)}
    found = tx.load_many(Space.NOTE, names)
    return tuple(
        ProvenNote(note=note, path=_consistency(tx, note, sizes))
        for note in sorted(found.values(), key=note_digest)
    )


def _consistency(tx: Reading, note: bytes, sizes: Mapping[LogName, int]) -> tuple[bytes, ...]:
    stands = checkpoint_of(note)
    size = sizes[stands.log]
    if not 0 < stands.size < size:
        return ()
    read = tile_reader(lambda tiles: tx.tiles(stands.log, tiles), size, cache={})
    return tuple(consistency_path(read, stands.size, size))


def _documents(tx: Reading, entries: Iterable[Entry]) -> tuple[bytes, ...]:
    names: set[Digest] = set()
    for entry in entries:
        deed = entry.deed
        if isinstance(entry.approvals, tuple):
            names.update(one.document for one in entry.approvals)
        if isinstance(deed, deeds.Release) and isinstance(entry.evidence, tuple):
            names.update(entry.evidence)
        if isinstance(deed, deeds.PublishDirectory):
            names.add(deed.directory)
        elif isinstance(deed, deeds.NotifyAuthority):
            names.add(deed.profile)
        elif isinstance(deed, deeds.Propose | deeds.Sign | deeds.NotifyRequirementsMet):
            names.add(deed.text)
        elif isinstance(deed, deeds.Amend):
            names.update((deed.text, deed.new))
        elif isinstance(deed, deeds.Outward) and isinstance(deed.agreement, str):
            names.add(deed.agreement)
    found = tx.load_many(Space.DOCUMENT, names)
    return tuple(sorted(found.values(), key=digest))
