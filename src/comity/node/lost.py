"""What a node lost, as its counterpart still has it: fetched, and believed only where signed.

Nothing counts here that this house did not sign before: its own entries lead to a checkpoint
with its own signature, the counterpart's to one with its cosignature. A counterpart that gives
other entries, or fewer than is remembered, is refused; nothing of it is kept.
"""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import UnsetType

from comity.acts.entries import Entry, entry_or_opaque
from comity.ledger.checkpoints import (
    checkpoint_of,
)
from comity.ledger.notes import note_digest
from comity.node.fetching import Asking, Progress
from comity.node.links import require_peer
from comity.node.node import Node
from comity.node.ports import Courier, Space
from comity.node.proved import Looking, Lost, OwnWord, is_note, require_cosigned
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import correspondence, register_ledger
from comity.vocabulary.names import Party


class Found(NamedTuple):
    """What a counterpart has of what is lost here; all of it verified, nothing entered yet.

    Attributes:
        own: Of this house's correspondence.
        theirs: Of the counterpart's.
        documents: What the leaves name, by the digest of its bytes.
        notes: The checkpoints that the leaves have seen, by the digest of their text.
        register: How many leaves of the own register ledger the counterpart was shown.
        shown: The latest checkpoint of the counterpart's register ledger that this house
            cosigned; empty where it never did.
    """

    own: Lost
    theirs: Lost
    documents: dict[Digest, bytes]
    notes: dict[Digest, bytes]
    register: int
    shown: bytes

    @property
    def nothing(self) -> bool:
        """Whether nothing is lost that the counterpart has."""
        return not self.own.leaves and not self.theirs.leaves


def find(
    node: Node,
    peer: Party,
    courier: Courier,
    *,
    remembered: Iterable[bytes] = (),
    progress: Progress = lambda *_: None,
) -> Found:
    """Fetch what is lost from a counterpart's replica, and verify all of it. Nothing is kept.

    Args:
        node: The node that was put back.
        peer: Who is asked.
        courier: How.
        remembered: Checkpoints that are known to have been cosigned: of the files outside the
            database, and of what peers said since.
        progress: Is told how far it is.

    Raises:
        Invalid: ``invalid.recover.leaves``: the entries do not lead to what was signed;
            ``….too-few``: it gives fewer than is remembered, or than its own entries rest on;
            ``….note``: the checkpoint lacks a signature that holds.
        Refused: ``refused.recover.forked``: this copy went on otherwise than what was signed;
            ``….for-good``: a checkpoint was signed of entries that nobody has.
        Unavailable: the peer does not answer.
    """
    own_log = correspondence(node.party, peer)
    their_log = correspondence(peer, node.party)
    with node.store.reading() as tx:
        require_peer(tx, peer)
        starts = {log: tx.frontier(log) for log in (own_log, their_log)}
    known = tuple(remembered)
    ask = Asking(node, peer, courier, progress)
    own_note = OwnWord(node)
    # The own log first: what its checkpoint has seen says of the other that this house held it.
    came = {log: ask.all_of(log, starts[log].size, own_note) for log in (own_log, their_log)}
    documents: dict[Digest, bytes] = {}
    for one in came.values():
        documents |= one.documents
    with node.store.reading() as tx:
        looking = Looking(node, tx, documents, came, starts)
        own, theirs = (looking.verified(log, known, ask) for log in (own_log, their_log))
        looking.require_none_ahead(own)
    if most_seen(own) > theirs.first + len(theirs.leaves):
        raise Invalid("invalid.recover.too-few", f"own entries rest on more of {their_log}")
    mine = ask.page(register_ledger(node.party, peer), 0, contents=False).checkpoint
    notes = {note_digest(raw): raw for raw in documents.values() if is_note(raw)}
    size = checkpoint_of(mine).size if mine else 0
    return Found(own, theirs, documents, notes, size, _shown(node, ask, peer, known))


def _shown(node: Node, ask: Asking, peer: Party, known: Iterable[bytes]) -> bytes:
    """Return how far the counterpart's register ledger was cosigned here, as it has it itself.

    Its next checkpoint is to go on from that one. Without it none would be cosigned any more; and
    a counterpart that was believed on an older one could show another history from there on.
    """
    log = register_ledger(peer, node.party)
    note = ask.page(log, 0, contents=False).checkpoint
    least = max((one.size for one in map(checkpoint_of, known) if one.log == log), default=0)
    if not note:
        if least:
            raise Invalid("invalid.recover.too-few", f"it has nothing of {log}")
        return b""
    require_cosigned(node, log, note)
    if checkpoint_of(note).size < least:
        raise Invalid("invalid.recover.too-few", f"{log} was cosigned up to {least}")
    return note


def fetch_contents(node: Node, peer: Party, courier: Courier, lost: Lost) -> int:
    """Fetch the sealed contents that the counterpart's lost entries name; return how many came.

    They are kept under the digest of their bytes, and only those that a verified entry names. If
    the process dies in here, the same are fetched and kept once more.
    """
    entries = [entry_or_opaque(leaf) for leaf in lost.leaves]
    named = {one.ciphertext for one in entries if one is not None}
    ask, at, count = Asking(node, peer, courier, lambda *_: None), lost.first, 0
    end = lost.first + len(lost.leaves)
    while at < end and any(isinstance(name, str) for name in named):
        pouch = ask.page(lost.log, at, contents=True)
        if not pouch.leaves:
            break
        keep: dict[str, bytes] = {
            name: raw for name, raw in pouch.contents.items() if name in named
        }
        with node.store.transaction() as tx:
            tx.save(Space.CONTENT, keep)
        at += len(pouch.leaves)
        count += len(keep)
    return count


def most_seen(lost: Lost) -> int:
    """Return how much of the other log the entries of one rest on."""
    sizes = (seen_size(entry_or_opaque(leaf)) for leaf in lost.leaves)
    return max(sizes, default=0)


def seen_size(entry: Entry | None) -> int:
    """Return how much of the other log an entry rests on; an opaque one rests on nothing."""
    return 0 if entry is None or isinstance(entry.seen, UnsetType) else entry.seen.size


__all__ = ["Found", "Lost", "Progress", "fetch_contents", "find"]
