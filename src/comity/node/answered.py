"""The answer to a pouch: whose signatures count in it, what it acknowledges, what it says of us."""

import json
from collections.abc import Sequence

from comity.exchange.answers import Answer, Word, decode_answer
from comity.ledger.checkpoints import (
    Checkpoint,
    checkpoint_of,
    sign_checkpoint,
    verify_checkpoint,
    verify_cosignature,
)
from comity.ledger.notes import line_alone, note_digest, parse_note, with_line, write_line
from comity.ledger.proofs import root_at
from comity.ledger.tiles import tile_reader
from comity.node import alarms, clocks
from comity.node.holding import remember_claim
from comity.node.node import Node
from comity.node.overtaken import overtaken
from comity.node.ports import Reading, Space
from comity.node.sent import Progress, Sent, acknowledged, cosigned
from comity.node.signers import key_for, signed_with, signers_since
from comity.node.sitting import Sitting, sitting
from comity.seal.directories import Directory
from comity.vocabulary.digests import digest_from_bytes
from comity.vocabulary.errors import Invalid, Unavailable
from comity.vocabulary.logs import LogName, correspondence, is_feed, owner, standing_in
from comity.vocabulary.names import Party


def took(node: Node, peer: Party, sent: Sent, raw: bytes) -> Progress:
    """Take a peer's answer: keep its cosignature and what its own checkpoint says.

    Raises:
        Invalid: the answer is malformed, or a signature in it does not verify.
        Unavailable: ``unavailable.peer``: the peer decided nothing, or took a new key before
            what a lane holds arrived, signed with the former one.
    """
    answer = answer_to(node, peer, sent, raw)
    with sitting(node) as session:
        keep_answer(session, peer, sent, answer)
        done, log = acknowledged(session.tx, node.party, peer), correspondence(node.party, peer)
        attested = standing_in(node.party, peer)
        more = done < session.size(log) or cosigned(session.tx, attested) < session.size(attested)
        return Progress(answer.word, done, more=more)


def answer_to(node: Node, peer: Party, sent: Sent, raw: bytes) -> Answer:
    """Decode the answer to a pouch that the peer decided on.

    Raises:
        Invalid, Unavailable: as :func:`took`.
    """
    answer = decode_answer(raw)
    if answer.word is Word.REFUSED and is_feed(sent.log) and overtaken(node, peer, sent):
        raise Unavailable("unavailable.peer", f"{peer} has taken a new key since; sent again")
    if answer.log != sent.log:
        raise Invalid("invalid.answer", "about another log")
    if answer.word is Word.REFUSED:
        alarms.raise_alarm(node, peer, "refused")
        raise Invalid("invalid.answer.refused", f"{peer} does not believe this pouch")
    if answer.word is Word.LATER:
        alarms.raise_alarm(node, peer, "later")
        with sitting(node) as session:
            # Perhaps it is this node's clock: then nothing is stamped until the two agree.
            clocks.heard(session, peer, answer.time)
        raise Unavailable("unavailable.peer", f"{peer} decided nothing; try again")
    return answer


def keep_answer(session: Sitting, peer: Party, sent: Sent, answer: Answer) -> None:
    """Keep what an answer brought: cosignature, the peer's own checkpoint, what it asks for.

    Raises:
        Invalid: a signature in it does not verify.
    """
    node, tx, log = session.node, session.tx, sent.log
    signers = signers_of_answer(session, peer, log, answer)
    if answer.checkpoint:
        take_cosignature(session, peer, log, answer.checkpoint, signers, sent=sent.note)
    if answer.word is Word.FORKED:
        alarms.note_alarm(session, peer, "forked-says-peer")
    theirs = correspondence(peer, node.party)
    # What is held already was verified when it came, and says nothing new.
    if answer.own and answer.own != tx.load(Space.LATEST, f"{theirs}|held"):
        own = _signed_by(node, signers, answer.own, theirs)
        if len(parse_note(answer.own).lines) != 1:
            raise Invalid("invalid.answer", "a checkpoint with other lines than its owner's")
        _take_own(session, peer, answer.own, own)
    clocks.heard(session, peer, answer.time)
    # What was just sent is not sent again at once, whatever the peer says: only after its next
    # answer. A peer that always asks, or a key that is gone, would keep the link busy for ever.
    asked = sorted(set(answer.slips).difference(sent.slips))
    tx.save(Space.LINK, {f"slips-asked|{log}": json.dumps(asked).encode()})
    tx.save(Space.LATEST, {f"{log}|wants": json.dumps(list(answer.wants)).encode()})


def signers_of_answer(
    session: Sitting, peer: Party, log: LogName, answer: Answer
) -> list[Directory]:
    """Return the directories of a peer under which it may have signed an answer.

    That in force at what the checkpoint has seen of its log, or a later one: by the checkpoint
    it knows how much this house holds.
    """
    note = answer.checkpoint or session.tx.load(Space.LATEST, f"{log}|own")
    seen = checkpoint_of(note).seen if note else None
    size = 0 if seen is None else seen.size
    return signers_since(session.books, session.rows, peer, session.node.party, size)


def _signed_by(node: Node, signers: Sequence[Directory], note: bytes, log: LogName) -> Checkpoint:
    """Return a checkpoint that was signed under one of these directories."""
    for one in signers[:-1]:
        try:
            return verify_checkpoint(node.suite, note, public=one.ledger, log=log)
        except Invalid:
            continue
    return verify_checkpoint(node.suite, note, public=signers[-1].ledger, log=log)


def _cosigned_by(node: Node, signers: Sequence[Directory], note: bytes, peer: Party) -> None:
    for one in signers[:-1]:
        try:
            verify_cosignature(node.suite, note, public=one.ledger, name=peer)
        except Invalid:
            continue
        return
    verify_cosignature(node.suite, note, public=signers[-1].ledger, name=peer)


def take_cosignature(  # noqa: PLR0913 - what came, of which log, and who may have signed it
    session: Sitting,
    peer: Party,
    log: LogName,
    note: bytes,
    signers: Sequence[Directory],
    *,
    sent: bytes = b"",
) -> None:
    """Keep a cosignature of a checkpoint that this node signed itself, if it covers more.

    That is one that it keeps, or the one that was just ``sent``.
    """
    tx, node = session.tx, session.node
    _cosigned_by(node, signers, note, peer)
    checkpoint = checkpoint_of(note)
    if checkpoint.log != log:
        raise Invalid("invalid.answer", "a cosignature of another log")
    if is_feed(log) and checkpoint.size <= cosigned(tx, log):
        return  # an answer that came late: what it covers is acknowledged, and kept no more
    own = _own_note(tx, log, checkpoint.size, note)
    if own is None and sent and note_digest(sent) == note_digest(note):
        own = sent
    if own is None:
        # The counterpart holds a checkpoint of ours that we do not know: we were put back. It
        # says so only where this house signed it; a peer could make any other by itself.
        if not _signed_here(session, log, note):
            alarms.note_alarm(session, peer, "invalid.signature")
            return
        if not _goes_on_here(tx, checkpoint):
            tx.save(Space.LATEST, {f"{log}|rolled-back": note})
            alarms.note_alarm(session, peer, "unavailable.rollback")
            return
        # What it covers is all here: only the checkpoint itself was lost.
        own = line_alone(note, owner(log))
        if not is_feed(log):
            session.roots.keep_note(own)
    if checkpoint.size >= cosigned(tx, log):
        # Only the peer's line is taken from its answer: what it says of this node's own
        # signature is not verified here, and would spoil the evidence.
        own = _in_force(session, peer, own, checkpoint)
        line = next(one for one in parse_note(note).lines if one.name == peer)
        tx.save(Space.LATEST, {f"{log}|acked": with_line(own, write_line(line))})


def _in_force(session: Sitting, peer: Party, own: bytes, checkpoint: Checkpoint) -> bytes:
    """Return an own checkpoint as signed with the key that is in force for its leaves.

    The same text may have been signed again meanwhile: a counterpart that is not known yet to hold
    a new directory is answered under the former key, and where the clock was set back, at the
    same time. A stranger believes the key in force alone.
    """
    node, log = session.node, checkpoint.log
    if log != correspondence(node.party, peer):
        return own
    # A pouch that ends with a new directory is signed under the one before it.
    keys = [
        key_for(node, session.tx, log, size, books=session.books, rows=session.rows)
        for size in (checkpoint.size, checkpoint.size - 1)
    ]
    if any(signed_with(own, key) for key in keys):
        return own
    return sign_checkpoint(node.suite, keys[0].private, keys[0].public, checkpoint)


def _own_note(tx: Reading, log: LogName, size: int, note: bytes) -> bytes | None:
    """Return the checkpoint that this house signed whose text a counterpart cosigned.

    As it was signed last: the same text may have been signed again with a new key.
    """
    digest = note_digest(note)
    for key in (f"{log}|own|{size:016d}", f"{log}|acked"):
        own = tx.load(Space.LATEST, key)
        if own is not None and note_digest(own) == digest:
            return line_alone(own, owner(log))
    return None if is_feed(log) else tx.load(Space.NOTE, digest)


def _goes_on_here(tx: Reading, checkpoint: Checkpoint) -> bool:
    """Tell whether a log as it stands here has this root at this size."""
    size = tx.frontier(checkpoint.log).size
    if not 0 < checkpoint.size <= size:
        return False
    read = tile_reader(lambda tiles: tx.tiles(checkpoint.log, tiles), size)
    return digest_from_bytes(root_at(read, checkpoint.size)) == checkpoint.root


def _signed_here(session: Sitting, log: LogName, note: bytes) -> bool:
    """Tell whether this house signed a checkpoint that it does not know."""
    suite, vault = session.node.suite, session.node.vault
    for private in vault.ledgers():
        try:
            verify_checkpoint(suite, note, public=suite.signing_public(private), log=log)
        except Invalid:
            continue
        return True
    return False


def rolled_back(tx: Reading, party: Party, peer: Party) -> bytes | None:
    """Return a checkpoint that this house signed and does not know: it was put back since."""
    return tx.load(Space.LATEST, f"{correspondence(party, peer)}|rolled-back")


def _take_own(session: Sitting, peer: Party, note: bytes, own: Checkpoint) -> None:
    """Take the answerer's own checkpoint: fresh time for what is held, or something ahead."""
    log = own.log
    if clocks.too_far_ahead(session.now, own.time):
        # As ``seen`` it would draw the times of this house's entries after it for ever.
        alarms.note_alarm(session, peer, "unavailable.clock")
        return
    held = session.tx.frontier(log)
    remember_claim(session, own)
    if own.size == held.size:
        if own.root != digest_from_bytes(held.root):
            session.roots.keep_note(note)
            alarms.keep_fork(session, peer, note)
            return
        before = session.roots.seen(peer)
        if before is None or own.time >= before.time:
            session.roots.keep_note(note)
            session.roots.hold(log, note)
    elif own.size > held.size:
        # Leaves that this node does not hold yet: kept, compared when they come.
        session.tx.save(Space.LATEST, {f"{log}|ahead": note})
    else:
        alarms.note_alarm(session, peer, "rolled-back-says-peer")
