"""What a node answers to a pouch, with its own correspondence as it stands."""

from collections.abc import Sequence

from comity.acts.canonical import encode
from comity.exchange.answers import Answer, Word
from comity.ledger.checkpoints import checkpoint_of
from comity.node.holding import JUST_NOW, hold
from comity.node.ports import Space
from comity.node.roots import latest
from comity.node.signers import signed_with
from comity.node.sitting import Sitting
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.logs import LogName, correspondence, is_feed, owner


def cosigned(
    session: Sitting,
    log: LogName,
    held: bytes,
    *,
    contents: Sequence[Digest],
    slips: Sequence[int],
) -> bytes:
    """Answer with the cosignature, and with the own correspondence and what it has now seen.

    Args:
        session: The sitting in which the pouch was taken.
        log: Of what.
        held: Its checkpoint that came, cosigned.
        contents: Sealed contents that its leaves name and this node has not.
        slips: Indexes of items whose keys this node has not.
    """
    own = _own(session, log, at=latest((session.now, checkpoint_of(held).time)))
    return encode(
        Answer(
            word=Word.COSIGNED,
            log=log,
            size=session.size(log),
            time=session.now,
            checkpoint=held,
            own=own,
            wants=tuple(contents),
            slips=tuple(slips),
        )
    )


def _own(session: Sitting, log: LogName, *, at: Instant) -> bytes:
    """Return a checkpoint of the own correspondence as it stands: signed now, or just now.

    Where pouches follow one another within a second, one signature does for their answers; what
    the log has gained is signed at once.
    """
    mine = correspondence(session.node.party, owner(log))
    kept = session.tx.load(Space.LATEST, f"{mine}|own")
    if kept is not None:
        last = checkpoint_of(kept)
        # Never one from ahead of this clock: after a jump back it would be answered for long.
        just_now = last.time <= at < plus_seconds(last.time, JUST_NOW)
        if (
            just_now
            and last.size == session.size(mine)
            and signed_with(kept, session.roots.key(mine))
        ):
            return kept
    return session.roots.sign(mine, at=at)


def _latest_cosigned(session: Sitting, log: LogName) -> bytes:
    """Return the cosignature of all that is held of a log; of a lane it may be made only now."""
    held = session.tx.load(Space.LATEST, f"{log}|cosigned") or b""
    signed = session.tx.load(Space.LATEST, f"{log}|signed") if is_feed(log) else None
    if signed and (not held or checkpoint_of(held).size < checkpoint_of(signed).size):
        return hold(session, signed)
    return held


def said(session: Sitting, log: LogName, word: Word) -> bytes:
    """Answer with a word, and with what was cosigned and signed last."""
    held = _latest_cosigned(session, log)
    return encode(
        Answer(
            word=word,
            log=log,
            size=session.size(log),
            time=session.now,
            checkpoint=held,
            own=_last_own(session, correspondence(session.node.party, owner(log))),
            wants=(),
            slips=(),
        )
    )


def _last_own(session: Sitting, log: LogName) -> bytes:
    """Return the latest checkpoint of the own correspondence, by a key that the peer believes.

    A pouch that is sent again is signed under the directory in force where it begins. The peer
    may have taken a later one out of it already, and believes the former key no more.
    """
    kept = session.tx.load(Space.LATEST, f"{log}|own")
    if kept is None or signed_with(kept, session.roots.key(log)):
        return kept or b""
    return session.roots.sign(log, at=session.now)


def bare(log: LogName, word: Word, *, now: Instant, size: int = 0) -> bytes:
    """Return an answer that says nothing but a word, and how much is held."""
    return encode(
        Answer(word=word, log=log, size=size, time=now, checkpoint=b"", own=b"", wants=(), slips=())
    )
