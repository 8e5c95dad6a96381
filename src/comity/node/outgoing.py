"""What is sent: pouches made from the log itself, and what the answers to them mean.

There is no queue beside the log: what the counterpart has not acknowledged is what its latest
cosignature does not cover. If the process dies anywhere here, the next pouch is made from the
same leaves again, and the receiver answers it with the bytes that it has stored.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from comity.acts import deeds
from comity.acts.entries import Entry, decode_entry
from comity.exchange.answers import Answer, Word, decode_answer
from comity.exchange.pouch import CONTENT_INLINE, LEAVES_LIMIT, Slip, by_digest, head_of, pack
from comity.ledger.checkpoints import (
    Checkpoint,
    checkpoint_of,
    verify_checkpoint,
    verify_cosignature,
)
from comity.ledger.notes import line_alone, note_digest, parse_note, with_line, write_line
from comity.ledger.proofs import root_at
from comity.ledger.tiles import tile_reader
from comity.node import alarms, clocks, dispatch, kept, slips
from comity.node.incoming import remember_claim
from comity.node.links import directory_of, token_of
from comity.node.named import documents_of
from comity.node.node import Node
from comity.node.ports import Courier, Reading, Space
from comity.node.signers import key_for, signed_with, signers_since, until_new_key
from comity.node.sitting import Sitting, latest, sitting
from comity.register.leaves import rests_on
from comity.seal.directories import Directory
from comity.vocabulary.digests import Digest, digest_from_bytes
from comity.vocabulary.errors import Invalid, Unavailable
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import (
    LogName,
    correspondence,
    is_attested,
    is_feed,
    owner,
    standing_in,
)
from comity.vocabulary.names import Party

BYTES_LIMIT = 24 << 20
"""Leaves and contents of one pouch, together; the rest goes with the next one."""


class Sent(NamedTuple):
    """A pouch as it was sent."""

    wire: bytes
    log: LogName
    old: int
    new: int
    slips: tuple[int, ...] = ()
    """Indexes below ``old`` whose slips were asked for and made again, as far as they could be."""
    note: bytes = b""
    """The checkpoint of a register ledger in it: its key may be a former one when it arrives."""


class Progress(NamedTuple):
    """What one exchange came to.

    Attributes:
        word: What the peer said.
        acknowledged: How many leaves its cosignature covers now.
        more: Leaves are still to be sent.
    """

    word: Word
    acknowledged: int
    more: bool


def exchange(
    node: Node,
    peer: Party,
    courier: Courier,
    *,
    heartbeat: bool = False,
    lane: LogName | None = None,
) -> Progress:
    """Send the next pouch to a peer and take its answer.

    Args:
        node: This node.
        peer: To whom.
        courier: How.
        heartbeat: Send an empty pouch where there is nothing to send.
        lane: Send what stands in this lane instead of the correspondence.

    Raises:
        Unavailable: the peer did not answer, or decided nothing.
        Invalid: the answer cannot be believed.
    """
    sent = next_pouch(node, peer, heartbeat=heartbeat, lane=lane)
    if sent is None:
        return nothing_to_say(node, correspondence(node.party, peer) if lane is None else lane)
    return took(node, peer, sent, courier.send(peer, "/v1/pouch", sent.wire))


def nothing_to_say(node: Node, log: LogName) -> Progress:
    """Return how an own log stands of which nothing is to be sent."""
    with node.store.reading() as tx:
        return Progress(Word.COSIGNED, cosigned(tx, log), more=False)


def has_news(node: Node, peer: Party) -> bool:
    """Tell whether there is something for a peer that it has not acknowledged, or asked for."""
    with node.store.reading() as tx:
        log, size = kept.turn(tx, node.party, peer)
        return cosigned(tx, log) < size or bool(slips_asked(tx, log))


def acknowledged(tx: Reading, party: Party, peer: Party) -> int:
    """Return how many leaves of the correspondence a peer has cosigned."""
    return cosigned(tx, correspondence(party, peer))


def cosigned(tx: Reading, log: LogName) -> int:
    """Return how many leaves of an own log its counterpart has cosigned."""
    note = tx.load(Space.LATEST, f"{log}|acked")
    return 0 if note is None else checkpoint_of(note).size


def next_pouch(
    node: Node,
    peer: Party,
    *,
    heartbeat: bool = False,
    lane: LogName | None = None,
    after: Sent | None = None,
) -> Sent | None:
    """Make the next pouch for a peer: what is not acknowledged, or an empty one if asked.

    Args:
        node: This node.
        peer: For whom.
        heartbeat: Make an empty one where there is nothing to send.
        lane: Of this lane instead of the correspondence.
        after: Make the one that follows this one, which is not answered yet; nothing is signed
            for it. Whether it can be sent is seen when the answer is there
            (:class:`comity.node.ahead.Ahead`).
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        log, size = kept.turn(tx, node.party, peer) if lane is None else _lane(node, tx, peer, lane)
        if after is not None and log != after.log:
            return None
        old = cosigned(tx, log) if after is None else after.new
        asked = slips_asked(tx, log) if after is None else []
        if old >= size and not heartbeat and not asked:
            return None
        leaves = tx.leaves(log, old, _end(tx, log, old, min(size, old + LEAVES_LIMIT)))
        leaves, contents = _within_limit(tx, leaves)
        contents = {} if is_attested(log) else contents
    new = old + len(leaves)
    holding = old if leaves and not _apart(log) else None
    note = _kept_note(node, log, new, holding=holding) if leaves else None
    if note is None and after is not None:
        return None
    note = note or _signed_note(node, log, new, holding=holding)
    with node.store.reading() as tx:
        entries = [decode_entry(leaf) for leaf in leaves]
        if lane is not None:
            dispatch.require_under_directive(node, tx, peer, entries)
        elif not is_attested(log):
            dispatch.require_decided(node, tx, peer, old, entries)
        indexes = [*range(old, new), *(index for index in asked if index < old)]
        if is_attested(log) or lane is not None:
            # What came on paper the peer has: it is not sent back to it. The key of a lane went
            # with its directive.
            indexes = []
        addressed = {
            index: entry.deed.offices if isinstance(entry.deed, deeds.Release) else ()
            for index, entry in enumerate(entries, start=old)
        }
        paper: list[Slip] = []
        sealed: list[Digest] = []
        if indexes:
            paper, sealed = slips.make(node, tx, peer, log, indexes, now=now, addressed=addressed)
        wire = _packed(node, tx, peer, log, old, note, leaves, contents, paper, sealed, entries)
    return Sent(wire, log, old, new, tuple(asked))


def _lane(node: Node, tx: Reading, peer: Party, lane: LogName) -> tuple[LogName, int]:
    """Return a lane and up to which size it may be sent now.

    Nothing is sent before what it rests on has been acknowledged: the receiver judges on that,
    and decides nothing without it.
    """
    size, old = tx.frontier(lane).size, cosigned(tx, lane)
    done = acknowledged(tx, node.party, peer)
    for index, leaf in enumerate(tx.leaves(lane, old, min(size, old + LEAVES_LIMIT)), start=old):
        if rests_on(decode_entry(leaf), correspondence(node.party, peer)) > done:
            return lane, index
    return lane, size


def _end(tx: Reading, log: LogName, old: int, end: int) -> int:
    """Return where a pouch ends that begins at ``old``: at ``end``, or with a new ledger key."""
    return end if _apart(log) else old + until_new_key(tx, log, old, end - old)


def _apart(log: LogName) -> bool:
    """Tell whether a log stands beside a correspondence, and has no directories of its own."""
    return is_attested(log) or is_feed(log)


def _packed(  # noqa: PLR0913 - all that goes into one pouch
    node: Node,
    tx: Reading,
    peer: Party,
    log: LogName,
    old: int,
    note: bytes,
    leaves: Sequence[bytes],
    contents: dict[Digest, bytes],
    paper: Sequence[Slip],
    sealed: Sequence[Digest],
    entries: Sequence[Entry],
) -> bytes:
    names = dict.fromkeys((*(name for one in entries for name in documents_of(one)), *sealed))
    documents = by_digest(tx.load_many(Space.DOCUMENT, names).values())
    head, pieces = head_of(
        log=log,
        old=old,
        checkpoint=note,
        leaves=leaves,
        documents=documents,
        contents=contents,
        slips=paper,
    )
    return pack(
        node.suite,
        head,
        pieces=pieces,
        transport=directory_of(tx, peer, node.party).transport,
        token=token_of(tx, addressee=peer, sender=node.party),
    )


def _within_limit(tx: Reading, leaves: list[bytes]) -> tuple[list[bytes], dict[Digest, bytes]]:
    """Return as many leaves, with their small contents, as one pouch takes; at least one."""
    entries = [decode_entry(leaf) for leaf in leaves]
    named = [one.ciphertext for one in entries if isinstance(one.ciphertext, str)]
    kept = tx.load_many(Space.CONTENT, dict.fromkeys(named))
    contents: dict[Digest, bytes] = {}
    total = 0
    for count, (leaf, entry) in enumerate(zip(leaves, entries, strict=True)):
        name = entry.ciphertext
        content = kept.get(name, b"") if isinstance(name, str) else b""
        content = content if len(content) <= CONTENT_INLINE else b""
        total += len(leaf) + len(content)
        if count and total > BYTES_LIMIT:
            return leaves[:count], contents
        if content and isinstance(name, str):
            contents[name] = content
    return leaves, contents


def _kept_note(node: Node, log: LogName, size: int, *, holding: int | None) -> bytes | None:
    """Return the checkpoint of this size that was signed when it was entered, if it does still.

    For a pouch with leaves of a correspondence ``holding`` is where it begins: it is signed under
    the directory in force there, also when it is sent again and its receiver has taken a later
    one meanwhile. The counterpart may have taken a new key since it was signed.
    """
    with node.store.reading() as tx:
        note = tx.load(Space.LATEST, f"{log}|own|{size:016d}")
        same = note is not None and signed_with(note, key_for(node, tx, log, holding))
        return note if same else None


def _signed_note(node: Node, log: LogName, size: int, *, holding: int | None) -> bytes:
    """Return a checkpoint of this size, signed now (``holding``: see :func:`_kept_note`)."""
    with sitting(node) as session:
        at = _not_before(session, log)
        if session.size(log) == size:
            return session.sign(log, at=at, holding=holding)
        return session.sign_at(log, size, at=at, holding=holding)


def _not_before(session: Sitting, log: LogName) -> Instant:
    """Return now, or the time of the last checkpoint if that is a little later.

    One from too far ahead was signed by a clock that was wrong, and the peer took nothing with
    it: kept to, it would end the link until that time has come.
    """
    last = session.tx.load(Space.LATEST, f"{log}|own")
    time = session.now if last is None else checkpoint_of(last).time
    return session.now if clocks.too_far_ahead(session.now, time) else latest((session.now, time))


def took(node: Node, peer: Party, sent: Sent, raw: bytes) -> Progress:
    """Take a peer's answer: keep its cosignature and what its own checkpoint says.

    Raises:
        Invalid: the answer is malformed, or a signature in it does not verify.
        Unavailable: ``unavailable.peer``: the peer decided nothing.
    """
    answer = decode_answer(raw)
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
    with sitting(node) as session:
        return _kept(session, peer, sent, answer)


def _kept(session: Sitting, peer: Party, sent: Sent, answer: Answer) -> Progress:
    node, tx, log = session.node, session.tx, sent.log
    signers = signers_of_answer(session, peer, log, answer)
    if answer.checkpoint:
        take_cosignature(session, peer, log, answer.checkpoint, signers)
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
    if is_feed(log):
        return Progress(answer.word, cosigned(tx, log), more=cosigned(tx, log) < session.size(log))
    done = acknowledged(tx, node.party, peer)
    attested = standing_in(node.party, peer)
    more = done < session.size(correspondence(node.party, peer))
    return Progress(answer.word, done, more=more or cosigned(tx, attested) < session.size(attested))


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


def take_cosignature(
    session: Sitting, peer: Party, log: LogName, note: bytes, signers: Sequence[Directory]
) -> None:
    """Keep a cosignature of a checkpoint that this node signed itself, if it covers more."""
    tx, node = session.tx, session.node
    _cosigned_by(node, signers, note, peer)
    checkpoint = checkpoint_of(note)
    if checkpoint.log != log:
        raise Invalid("invalid.answer", "a cosignature of another log")
    if is_feed(log) and checkpoint.size <= cosigned(tx, log):
        return  # an answer that came late: what it covers is acknowledged, and kept no more
    own = _own_note(tx, log, checkpoint.size, note)
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
        session.keep_note(own)
    if checkpoint.size >= cosigned(tx, log):
        # Only the peer's line is taken from its answer: what it says of this node's own
        # signature is not verified here, and would spoil the evidence.
        line = next(one for one in parse_note(note).lines if one.name == peer)
        tx.save(Space.LATEST, {f"{log}|acked": with_line(own, write_line(line))})
        if is_feed(log):
            # What is acknowledged is not sent again; the rest waits under the sizes above it.
            done = f"{log}|own|{checkpoint.size:016d}"
            signed = tx.keys(Space.LATEST, prefix=f"{log}|own|")
            tx.drop(Space.LATEST, [one for one in signed if one <= done])


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
            session.keep_note(note)
            alarms.keep_fork(session, peer, note)
            return
        before = session.seen(peer)
        if before is None or own.time >= before.time:
            session.keep_note(note)
            session.hold(log, note)
    elif own.size > held.size:
        # Leaves that this node does not hold yet: kept, compared when they come.
        session.tx.save(Space.LATEST, {f"{log}|ahead": note})
    else:
        alarms.note_alarm(session, peer, "rolled-back-says-peer")


def slips_asked(tx: Reading, log: LogName) -> list[int]:
    """Return the indexes of items whose keys the counterpart asks for again."""
    raw = tx.load(Space.LINK, f"slips-asked|{log}")
    return [int(index) for index in json.loads(raw)] if raw else []
