"""A counterpart that lost entries is answered from what is kept: nothing is signed for it.

What it gets is what it had: its own correspondence as far as this house cosigned it, and this
house's as far as it cosigned that. Of either register ledger there is only the checkpoint. With its
own entries go the documents that it brought itself: what it only named there it may never have had.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import UnsetType

from comity.acts.entries import Entry, entry_or_opaque
from comity.exchange.pouch import CONTENT_INLINE, POUCH_LIMIT, by_digest, head_of, pack
from comity.exchange.replicas import REPLICA_BYTES, REPLICA_LEAVES, ReplicaAsk, decode_replica_ask
from comity.ledger.checkpoints import checkpoint_of
from comity.node.links import directory_of, require_peer, token_of
from comity.node.named import brought_key, documents_of, space_of
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import (
    LogKind,
    LogName,
    correspondence,
    counterpart,
    kind_of,
    owner,
    register_ledger,
)
from comity.vocabulary.names import Party

_BESIDE: Final = POUCH_LIMIT * 3 // 4
"""Bytes of documents that go with one leaf: no more can ever have come with it in one pouch."""


def answer_replica(node: Node, peer: Party, body: bytes) -> bytes:
    """Return the leaves that an authenticated peer asks for, sealed to its transport key.

    Raises:
        Invalid: it asks for a log that it has no part in. Towards it that is one answer.
        Refused: it is not enrolled.
    """
    ask = decode_replica_ask(body)
    with node.store.reading() as tx:
        require_peer(tx, peer)
        note = _note_of(node, tx, peer, ask.log)
        size = checkpoint_of(note).size if note else 0
        old = min(ask.old, size)
        leaves: list[bytes] = []
        documents: dict[Digest, bytes] = {}
        contents: dict[Digest, bytes] = {}
        if kind_of(ask.log) is LogKind.CORRESPONDENCE:
            page = tx.leaves(ask.log, old, min(size, old + REPLICA_LEAVES))
            leaves, documents, contents = _page(node, tx, peer, ask, page)
            documents |= by_digest(_ahead(tx, ask.log, size))
            documents |= by_digest(_cited(node, tx, peer, ask.log))
        head, pieces = head_of(
            log=ask.log,
            old=old,
            checkpoint=note,
            leaves=leaves,
            documents=documents,
            contents=contents,
            slips=(),
        )
        return pack(
            node.suite,
            head,
            pieces=pieces,
            transport=directory_of(tx, peer, node.party).transport,
            token=token_of(tx, addressee=peer, sender=node.party),
        )


def _note_of(node: Node, tx: Reading, peer: Party, log: LogName) -> bytes:
    """Return the checkpoint up to which a log is given: what the asker is known to have held.

    Of this house's own correspondence that is what the asker cosigned, or what a checkpoint that
    it signed itself has seen: the answer with its cosignature may have been lost.
    """
    mine, theirs = correspondence(node.party, peer), correspondence(peer, node.party)
    if log == register_ledger(node.party, peer):
        return tx.load(Space.LATEST, f"{log}|acked") or b""
    if log not in (mine, theirs, register_ledger(peer, node.party)):
        raise Invalid("invalid.pouch", "not a log between these two")
    if log != mine:
        return tx.load(Space.LATEST, f"{log}|cosigned") or b""
    acked = tx.load(Space.LATEST, f"{mine}|acked") or b""
    last = tx.load(Space.LATEST, f"{theirs}|cosigned")
    seen = checkpoint_of(last).seen if last else None
    if seen is None or (acked and checkpoint_of(acked).size >= seen.size):
        return acked
    return tx.load(Space.LATEST, f"{mine}|own|{seen.size:016d}") or acked


def _ahead(tx: Reading, log: LogName, size: int) -> Sequence[bytes]:
    """Return a checkpoint that the asker signed for leaves that never came here, if there is one.

    It must know of it: whoever signs another root at such a size makes a second history.
    """
    note = tx.load(Space.LATEST, f"{log}|ahead")
    return [] if note is None or checkpoint_of(note).size <= size else [note]


def _cited(node: Node, tx: Reading, peer: Party, log: LogName) -> list[bytes]:
    """Return the asker's checkpoints on which this house's entries rest that it has not had yet.

    It signed them without entering anything: a fresh word on the clocks, an answer. They are
    nowhere among the leaves, and the next entries name them.
    """
    mine, theirs = correspondence(node.party, peer), correspondence(peer, node.party)
    if log != theirs:
        return []
    acked = tx.load(Space.LATEST, f"{mine}|acked")
    first = checkpoint_of(acked).size if acked else 0
    end = min(tx.frontier(mine).size, first + REPLICA_LEAVES)
    entries = (entry_or_opaque(leaf) for leaf in tx.leaves(mine, first, end))
    names = {one.seen.digest for one in entries if one and not isinstance(one.seen, UnsetType)}
    held = tx.load(Space.LATEST, f"{theirs}|held")
    return [*tx.load_many(Space.NOTE, names).values(), *([held] if held else [])]


def _page(
    node: Node, tx: Reading, peer: Party, ask: ReplicaAsk, page: Sequence[bytes]
) -> tuple[list[bytes], dict[Digest, bytes], dict[Digest, bytes]]:
    """Return as many leaves as one answer takes (at least one), with what they name.

    Contents go with this house's own entries alone: the asker has made its own.
    """
    contents = ask.contents and owner(ask.log) == node.party
    leaves: list[bytes] = []
    documents: dict[Digest, bytes] = {}
    sealed: dict[Digest, bytes] = {}
    total = 0
    for leaf in page:
        entry = entry_or_opaque(leaf)
        beside = {} if entry is None else _named(tx, peer, ask.log, entry)
        content = {} if entry is None or not contents else _content(tx, entry)
        fresh = {**beside, **content}
        total += len(leaf) + sum(len(raw) for name, raw in fresh.items() if name not in documents)
        if leaves and total > REPLICA_BYTES:
            break
        leaves.append(leaf)
        documents |= beside
        sealed |= content
    return leaves, documents, sealed


def _named(tx: Reading, peer: Party, log: LogName, entry: Entry) -> dict[Digest, bytes]:
    """Return the documents that an entry names, and the checkpoint that it has seen.

    Of the asker's entries those that came from it; and checkpoints between these two alone. So
    by naming a digest it gets nothing, and cannot tell either whether there is such a document.
    """
    names = list(dict.fromkeys(documents_of(entry)))
    if owner(log) == peer:
        brought = tx.load_many(Space.LINK, [brought_key(peer, name) for name in names])
        names = [name for name in names if brought_key(peer, name) in brought]
    found: list[bytes] = []
    left = _BESIDE
    for name in names:
        raw = tx.load(space_of(entry, name), name)
        left -= 0 if raw is None else len(raw)
        if left < 0:
            break
        found += [] if raw is None else [raw]
    if not isinstance(entry.seen, UnsetType):
        note = tx.load(Space.NOTE, entry.seen.digest)
        ours = (log, correspondence(counterpart(log) or owner(log), owner(log)))
        found += [note] if note is not None and checkpoint_of(note).log in ours else []
    return by_digest(found)


def _content(tx: Reading, entry: Entry) -> dict[Digest, bytes]:
    if not isinstance(entry.ciphertext, str):
        return {}
    raw = tx.load(Space.CONTENT, entry.ciphertext)
    # A larger one is fetched by itself, by range.
    return {} if raw is None or len(raw) > CONTENT_INLINE else by_digest([raw])


__all__ = ["answer_replica"]
