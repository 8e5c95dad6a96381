"""A counterpart that lost entries is answered from what is kept: nothing is signed for it.

What it gets is what it had: its own correspondence as far as this house cosigned it, and this
house's as far as it cosigned that. Of its register ledger there is only the checkpoint.
"""

from collections.abc import Sequence

from msgspec import UnsetType

from comity.acts.entries import Entry, entry_or_opaque
from comity.exchange.pouch import CONTENT_INLINE, by_digest, head_of, pack
from comity.exchange.replicas import REPLICA_BYTES, REPLICA_LEAVES, decode_replica_ask
from comity.ledger.checkpoints import checkpoint_of
from comity.node.links import directory_of, require_peer, token_of
from comity.node.named import documents_of
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogKind, LogName, correspondence, kind_of, register_ledger
from comity.vocabulary.names import Party


def answer_replica(node: Node, peer: Party, body: bytes) -> bytes:
    """Return the leaves that an authenticated peer asks for, sealed to its transport key.

    Raises:
        Invalid: it asks for a log that it has no part in. Towards it that is one answer.
        Refused: it is not enrolled.
    """
    ask = decode_replica_ask(body)
    with node.store.reading() as tx:
        require_peer(tx, peer)
        note = tx.load(Space.LATEST, f"{ask.log}|{_held_as(node, peer, ask.log)}") or b""
        size = checkpoint_of(note).size if note else 0
        old = min(ask.old, size)
        leaves: list[bytes] = []
        documents: dict[Digest, bytes] = {}
        contents: dict[Digest, bytes] = {}
        if kind_of(ask.log) is LogKind.CORRESPONDENCE:
            page = tx.leaves(ask.log, old, min(size, old + REPLICA_LEAVES))
            leaves, documents, contents = _page(tx, page, contents=ask.contents)
            documents |= by_digest(_ahead(tx, ask.log, size))
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


def _held_as(node: Node, peer: Party, log: LogName) -> str:
    """Return under which name the checkpoint of a log stands that both have signed."""
    if log == correspondence(node.party, peer):
        return "acked"
    if log in (correspondence(peer, node.party), register_ledger(peer, node.party)):
        return "cosigned"
    raise Invalid("invalid.pouch", "not a log between these two")


def _ahead(tx: Reading, log: LogName, size: int) -> Sequence[bytes]:
    """Return a checkpoint that the asker signed for leaves that never came here, if there is one.

    It must know of it: whoever signs another root at such a size makes a second history.
    """
    note = tx.load(Space.LATEST, f"{log}|ahead")
    return [] if note is None or checkpoint_of(note).size <= size else [note]


def _page(
    tx: Reading, page: Sequence[bytes], *, contents: bool
) -> tuple[list[bytes], dict[Digest, bytes], dict[Digest, bytes]]:
    """Return as many leaves as one answer takes (at least one), with what they name."""
    leaves: list[bytes] = []
    documents: dict[Digest, bytes] = {}
    sealed: dict[Digest, bytes] = {}
    total = 0
    for leaf in page:
        entry = entry_or_opaque(leaf)
        beside = {} if entry is None else _named(tx, entry)
        content = {} if entry is None or not contents else _content(tx, entry)
        fresh = {**beside, **content}
        total += len(leaf) + sum(len(raw) for name, raw in fresh.items() if name not in documents)
        if leaves and total > REPLICA_BYTES:
            break
        leaves.append(leaf)
        documents |= beside
        sealed |= content
    return leaves, documents, sealed


def _named(tx: Reading, entry: Entry) -> dict[Digest, bytes]:
    """Return the documents that an entry names, and the checkpoint that it has seen."""
    found = list(tx.load_many(Space.DOCUMENT, documents_of(entry)).values())
    if not isinstance(entry.seen, UnsetType):
        note = tx.load(Space.NOTE, entry.seen.digest)
        found += [] if note is None else [note]
    return by_digest(found)


def _content(tx: Reading, entry: Entry) -> dict[Digest, bytes]:
    if not isinstance(entry.ciphertext, str):
        return {}
    raw = tx.load(Space.CONTENT, entry.ciphertext)
    # A larger one is fetched by itself, by range.
    return {} if raw is None or len(raw) > CONTENT_INLINE else by_digest([raw])


__all__ = ["answer_replica"]
