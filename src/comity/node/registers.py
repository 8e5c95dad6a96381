"""A counterpart's register ledger as it is seen from here: checkpoints, and never a leaf.

The checkpoint of each fixed hour comes in a pouch without leaves, with the proof that its tree
goes on from the one that was cosigned before. What is not proved to go on is not cosigned.
"""

from comity.acts.canonical import encode
from comity.exchange.answers import Answer, Word
from comity.exchange.pouch import Pouch
from comity.ledger.checkpoints import Checkpoint, checkpoint_of, cosign, verify_checkpoint
from comity.ledger.notes import parse_note, with_line
from comity.ledger.proofs import verify_consistency
from comity.node import alarms
from comity.node.hours import STEP
from comity.node.links import directory_of, peer_of
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.node.roots import latest
from comity.node.signers import cosigning_key
from comity.node.sitting import Sitting
from comity.vocabulary.digests import digest_to_bytes
from comity.vocabulary.errors import Invalid
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Party


def believed(node: Node, tx: Reading, peer: Party, pouch: Pouch) -> Checkpoint:
    """Return the checkpoint of a register ledger that its owner signed.

    Its key is that of the owner's latest directory that is held: a register ledger has none of
    its own, and the owner sends no checkpoint before that directory has arrived.

    Raises:
        Invalid: not enrolled, not signed, of another size, or of a size that no hour ends with.
    """
    if peer_of(tx, peer) is None:
        raise Invalid("invalid.peer", "not enrolled")
    public = directory_of(tx, peer, node.party).ledger
    checkpoint = verify_checkpoint(node.suite, pouch.checkpoint, public=public, log=pouch.log)
    if len(parse_note(pouch.checkpoint).lines) != 1:
        raise Invalid("invalid.pouch", "a checkpoint with other lines than its owner's")
    if checkpoint.size != pouch.new:
        raise Invalid("invalid.pouch", "the checkpoint is for another size")
    if checkpoint.size == 0 or checkpoint.size % STEP:
        # It would tell how busy its owner was: this house does not become party to that.
        raise Invalid("invalid.pouch", "a size that no fixed hour ends with")
    return checkpoint


def decide(session: Sitting, peer: Party, pouch: Pouch, checkpoint: Checkpoint) -> bytes:
    """Cosign and keep a checkpoint that goes on from the last one; answer.

    The same checkpoint again, because the answer was lost, is cosigned again. An older one
    arrives late, or its owner was restored from an old copy: the answer shows it the larger one.
    """
    log = pouch.log
    held = session.tx.load(Space.LATEST, f"{log}|cosigned")
    before = None if held is None else checkpoint_of(held)
    size = 0 if before is None else before.size
    if held is not None and before is not None and checkpoint.size >= size:
        again = checkpoint.size == size and checkpoint.root == before.root
        if checkpoint.size > size and pouch.old != size:
            return _said(session, log, Word.ELSEWHERE, held)
        if not again and not _goes_on(before, checkpoint, pouch):
            alarms.keep_break(session, peer, held=held, note=pouch.checkpoint)
            return _said(session, log, Word.FORKED, held)
    elif checkpoint.size < size or pouch.old != 0:
        return _said(session, log, Word.ELSEWHERE, held)
    return _said(session, log, Word.COSIGNED, _hold(session, pouch, checkpoint))


def _goes_on(before: Checkpoint, after: Checkpoint, pouch: Pouch) -> bool:
    try:
        verify_consistency(
            old=before.size,
            old_root=digest_to_bytes(before.root),
            new=after.size,
            new_root=digest_to_bytes(after.root),
            path=pouch.consistency,
        )
    except Invalid:
        return False
    return True


def _hold(session: Sitting, pouch: Pouch, checkpoint: Checkpoint) -> bytes:
    """Cosign, and keep the note with both signatures in the place of the one before."""
    node = session.node
    note, books, rows = pouch.checkpoint, session.books, session.rows
    key = cosigning_key(node, session.tx, note, books=books, rows=rows)
    line = cosign(
        node.suite,
        key.private,
        key.public,
        pouch.checkpoint,
        name=node.party,
        time=latest((session.now, checkpoint.time)),
    )
    held = with_line(pouch.checkpoint, line)
    session.tx.save(Space.LATEST, {f"{pouch.log}|cosigned": held})
    return held


def _said(session: Sitting, log: LogName, word: Word, held: bytes | None) -> bytes:
    note = held or b""
    return encode(
        Answer(
            word=word,
            log=log,
            size=checkpoint_of(note).size if note else 0,
            time=session.now,
            checkpoint=note,
            own=b"",
            wants=(),
            slips=(),
        )
    )
