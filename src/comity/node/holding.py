"""A counterpart's checkpoint, cosigned: from here on this house holds what it covers."""

import json
from typing import Final

from comity.exchange.pouch import Pouch
from comity.ledger.checkpoints import Checkpoint, checkpoint_of, cosign
from comity.ledger.notes import KeyUse, parse_note, with_line
from comity.node.assess import claims
from comity.node.ports import Space
from comity.node.roots import latest
from comity.node.signers import cosigning_key, signed_with
from comity.node.sitting import Sitting
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.logs import is_feed

JUST_NOW: Final = 1.0
"""Seconds within which a checkpoint of a log that did not grow does for the one after it."""


def hold(session: Sitting, note: bytes) -> bytes:
    """Cosign what is held: from here on it may be relied on as ``seen``."""
    node, checkpoint = session.node, checkpoint_of(note)
    log, books, rows = checkpoint.log, session.books, session.rows
    key = cosigning_key(node, session.tx, note, books=books, rows=rows)
    line = cosign(
        node.suite,
        key.private,
        key.public,
        note,
        name=node.party,
        time=latest((session.now, checkpoint.time)),
    )
    held = with_line(note, line)
    if not is_feed(log):
        session.roots.keep_note(note)
        session.roots.hold(log, held)
    session.tx.save(Space.LATEST, {f"{log}|cosigned": held})
    remember_claim(session, checkpoint)
    return held


def held_just_now(session: Sitting, pouch: Pouch, checkpoint: Checkpoint) -> bytes | None:
    """Return the cosigned checkpoint that is held, where another of the second after adds nothing.

    Whoever sends one heartbeat after the other is answered without a signature, and fills no disk:
    each that is held is kept for ever, because an entry may name it.
    """
    kept = session.tx.load(Space.LATEST, f"{pouch.log}|cosigned")
    if kept is None:
        return None
    last, signed = checkpoint_of(kept), parse_note(kept).lines
    if (last.size, last.seen) != (checkpoint.size, checkpoint.seen):
        return None
    if not last.time <= checkpoint.time < plus_seconds(last.time, JUST_NOW):
        return None
    # Both signed it with the keys that they have now: keys may have changed within the second.
    same = all(
        any((one.name, one.key_hash) == (line.name, line.key_hash) for one in signed)
        for line in parse_note(pouch.checkpoint).lines
    )
    key = cosigning_key(
        session.node, session.tx, pouch.checkpoint, books=session.books, rows=session.rows
    )
    own = signed_with(kept, key, by=session.node.party, use=KeyUse.COSIGNATURE)
    return kept if same and own else None


def remember_claim(session: Sitting, checkpoint: Checkpoint) -> None:
    """Remember what an author's own checkpoint says it has seen, if it says more than before."""
    if checkpoint.seen is None:
        return
    known = claims(session.tx, checkpoint.log)
    if known and known[-1].seen >= checkpoint.seen.size:
        return
    rows = [[one.size, one.seen, one.journal] for one in known]
    rows.append([checkpoint.size, checkpoint.seen.size, session.journal_size])
    session.tx.save(Space.LINK, {f"claims|{checkpoint.log}": json.dumps(rows).encode()})
    session.books.forget_claims(checkpoint.log)
