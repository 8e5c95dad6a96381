"""What is sent: pouches made from the log itself.

There is no queue beside the log: what the counterpart has not acknowledged is what its latest
cosignature does not cover. If the process dies anywhere here, the next pouch is made from the
same leaves again, and the receiver answers it with the bytes that it has stored.
"""

from collections.abc import Sequence

from comity.acts import deeds
from comity.acts.entries import Entry, decode_entry
from comity.exchange.answers import Word
from comity.exchange.pouch import CONTENT_INLINE, LEAVES_LIMIT, Slip, by_digest, head_of, pack
from comity.ledger.checkpoints import (
    checkpoint_of,
)
from comity.node import clocks, dispatch, kept, slips
from comity.node.answered import rolled_back, signers_of_answer, take_cosignature, took
from comity.node.links import directory_of, token_of
from comity.node.named import kept_of
from comity.node.node import Node
from comity.node.ports import Courier, Reading, Space
from comity.node.roots import latest
from comity.node.sent import Progress, Sent, acknowledged, cosigned, slips_asked
from comity.node.signers import key_for, signed_with, until_new_key
from comity.node.sitting import Sitting, sitting
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import (
    LogName,
    correspondence,
    is_attested,
)
from comity.vocabulary.names import Party

BYTES_LIMIT = 24 << 20
"""Leaves and contents of one pouch, together; the rest goes with the next one."""


def exchange(
    node: Node,
    peer: Party,
    courier: Courier,
    *,
    heartbeat: bool = False,
) -> Progress:
    """Send the next pouch to a peer and take its answer.

    Args:
        node: This node.
        peer: To whom.
        courier: How.
        heartbeat: Send an empty pouch where there is nothing to send.

    Raises:
        Unavailable: the peer did not answer, or decided nothing.
        Invalid: the answer cannot be believed.
    """
    sent = next_pouch(node, peer, heartbeat=heartbeat)
    if sent is None:
        return nothing_to_say(node, correspondence(node.party, peer))
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


def next_pouch(
    node: Node,
    peer: Party,
    *,
    heartbeat: bool = False,
    after: Sent | None = None,
) -> Sent | None:
    """Make the next pouch for a peer: what is not acknowledged, or an empty one if asked.

    Args:
        node: This node.
        peer: For whom.
        heartbeat: Make an empty one where there is nothing to send.
        after: Make the one that follows this one, which is not answered yet; nothing is signed
            for it. Whether it can be sent is seen when the answer is there
            (:class:`comity.node.ahead.Ahead`).
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        log, size = kept.turn(tx, node.party, peer)
        if after is not None and log != after.log:
            return None
        old = cosigned(tx, log) if after is None else after.new
        asked = slips_asked(tx, log) if after is None else []
        if old >= size and not heartbeat and not asked:
            return None
        leaves = tx.leaves(log, old, _end(tx, log, old, min(size, old + LEAVES_LIMIT)))
        leaves, contents = within_limit(tx, leaves, [decode_entry(leaf) for leaf in leaves])
        contents = {} if is_attested(log) else contents
    new = old + len(leaves)
    holding = old if leaves and not is_attested(log) else None
    note = _kept_note(node, log, new, holding=holding) if leaves else None
    if note is None and after is not None:
        return None
    note = note or _signed_note(node, log, new, holding=holding)
    with node.store.reading() as tx:
        entries = [decode_entry(leaf) for leaf in leaves]
        if not is_attested(log):
            dispatch.require_decided(node, tx, peer, old, entries)
        indexes = [*range(old, new), *(index for index in asked if index < old)]
        if is_attested(log):
            # What came on paper the peer has: it is not sent back to it.
            indexes = []
        addressed = {
            index: entry.deed.offices if isinstance(entry.deed, deeds.Release) else ()
            for index, entry in enumerate(entries, start=old)
        }
        paper: list[Slip] = []
        sealed: list[Digest] = []
        if indexes:
            paper, sealed = slips.make(node, tx, peer, log, indexes, now=now, addressed=addressed)
        wire = packed(node, tx, peer, log, old, note, leaves, contents, paper, sealed, entries)
    return Sent(wire, log, old, new, tuple(asked))


def _end(tx: Reading, log: LogName, old: int, end: int) -> int:
    """Return where a pouch ends that begins at ``old``: at ``end``, or with a new ledger key."""
    return end if is_attested(log) else old + until_new_key(tx, log, old, end - old)


def packed(  # noqa: PLR0913 - all that goes into one pouch
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
    """Return the wire bytes of a pouch."""
    named = {**kept_of(tx, entries), **tx.load_many(Space.WORDS, sealed)}
    documents = by_digest(named.values())
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


def within_limit(
    tx: Reading, leaves: list[bytes], entries: Sequence[Entry]
) -> tuple[list[bytes], dict[Digest, bytes]]:
    """Return as many leaves, with their small contents, as one pouch takes; at least one."""
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
            return session.roots.sign(log, at=at, holding=holding)
        return session.roots.sign_at(log, size, at=at, holding=holding)


def _not_before(session: Sitting, log: LogName) -> Instant:
    """Return now, or the time of the last checkpoint if that is a little later.

    One from too far ahead was signed by a clock that was wrong, and the peer took nothing with
    it: kept to, it would end the link until that time has come.
    """
    last = session.tx.load(Space.LATEST, f"{log}|own")
    time = session.now if last is None else checkpoint_of(last).time
    return session.now if clocks.too_far_ahead(session.now, time) else latest((session.now, time))


__all__ = [
    "Progress",
    "Sent",
    "acknowledged",
    "cosigned",
    "exchange",
    "has_news",
    "next_pouch",
    "nothing_to_say",
    "packed",
    "rolled_back",
    "signers_of_answer",
    "slips_asked",
    "take_cosignature",
    "took",
    "within_limit",
]
