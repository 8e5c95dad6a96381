"""How a lane is carried: at once, leaf after leaf, and acknowledged now and then.

A pouch of observations is answered once they are judged and durable at the reader's: from then
on they are to be seen there. The answer says how far the lane is held; the cosignature comes
with the answer to an empty pouch, for which the author asks when nothing more waits, or after a
while. So no observation waits for the cosignature of the one before, and one of these does for
many. Until then the reader has the author's signature over all that it holds, and the author's
books know only what is acknowledged: if this process dies, that is where the next one goes on,
and the reader answers for what it has already.

The checkpoint of a pouch is signed as it leaves, not with each leaf: what counts is the root, and
that stands in the books before anything leaves.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

from comity.acts.entries import Entry, decode_entry
from comity.exchange.answers import Answer, Word, decode_answer
from comity.exchange.pouch import LEAVES_LIMIT
from comity.ledger.checkpoints import checkpoint_of
from comity.node import covered
from comity.node.answered import answer_to, keep_answer
from comity.node.node import Node
from comity.node.outgoing import packed, within_limit
from comity.node.overtaken import directories_known
from comity.node.ports import Courier, Reading, Transaction
from comity.node.roots import latest
from comity.node.sent import Sent, acknowledged, cosigned
from comity.node.sitting import Sitting, sitting
from comity.register.leaves import rests_on
from comity.vocabulary.logs import LogName, correspondence, is_feed
from comity.vocabulary.names import Party


class Flow(NamedTuple):
    """What one exchange in a lane came to.

    Attributes:
        word: What the peer said.
        held: How many leaves it says it holds; its word alone, to go on from in this process.
        acknowledged: How many leaves its cosignature covers now.
        more: Something is still to be sent, or to be acknowledged.
    """

    word: Word
    held: int
    acknowledged: int
    more: bool


def exchange(node: Node, peer: Party, courier: Courier, lane: LogName, *, held: int = 0) -> Flow:
    """Send what comes next in a lane, or ask for its cosignature, and take the answer.

    Args:
        node: This node.
        peer: The lane's reader.
        courier: How.
        lane: Of this house.
        held: What the reader said that it holds, in this process.

    Raises:
        Unavailable: the peer did not answer, or decided nothing.
        Invalid: the answer cannot be believed.
    """
    sent = next_pouch(node, peer, lane, held=held) or asking(node, peer, lane, held=held)
    if sent is None:
        with node.store.reading() as tx:
            return Flow(Word.COSIGNED, held, cosigned(tx, lane), more=False)
    return carry(node, peer, courier, sent)


def carry(node: Node, peer: Party, courier: Courier, sent: Sent) -> Flow:
    """Send a pouch of a lane, and take the answer; raises as :func:`exchange`."""
    return took(node, peer, sent, courier.send(peer, "/v1/pouch", sent.wire))


def next_pouch(node: Node, peer: Party, lane: LogName, *, held: int = 0) -> Sent | None:
    """Make the next pouch of a lane: what its reader does not hold yet, if it may be sent.

    Nothing is sent before what it rests on has been acknowledged: the reader judges on that, and
    decides nothing without it; nor while a directory is on its way, under which it verifies.
    """
    with node.store.reading() as tx:
        if not directories_known(tx, node.party, peer):
            return None
        done, size = cosigned(tx, lane), tx.frontier(lane).size
        old = max(done, min(held, size))
        leaves = tx.leaves(lane, old, min(size, old + LEAVES_LIMIT))
        entries = _resting(node, tx, peer, [decode_entry(leaf) for leaf in leaves])
        leaves, contents = within_limit(tx, leaves[: len(entries)], entries)
        if not leaves:
            return None
        entries = entries[: len(leaves)]
        covered.require_under_directive(node, tx, peer, entries)
        note = _note(node, tx, lane, old + len(leaves), entries)
        wire = packed(node, tx, peer, lane, old, note, leaves, contents, (), (), entries)
    return Sent(wire, lane, old, old + len(leaves), note=note, acknowledged=done)


def asking(node: Node, peer: Party, lane: LogName, *, held: int = 0) -> Sent | None:
    """Make an empty pouch that asks for the cosignature of what the reader holds; or nothing."""
    with node.store.reading() as tx:
        done, size = cosigned(tx, lane), min(held, tx.frontier(lane).size)
        if size <= done or not directories_known(tx, node.party, peer):
            return None
        note = _note(node, tx, lane, size, ())
        wire = packed(node, tx, peer, lane, size, note, (), {}, (), (), ())
    return Sent(wire, lane, size, size, note=note, acknowledged=done)


def _note(node: Node, tx: Reading, lane: LogName, size: int, entries: Sequence[Entry]) -> bytes:
    # A sitting that is never closed writes nothing, so a reading is enough for it.
    session = Sitting(node, cast("Transaction", tx), now=node.clock.now())
    return session.roots.note_at(lane, size, at=latest((session.now, *(one.at for one in entries))))


def _resting(node: Node, tx: Reading, peer: Party, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries up to the first that rests on what is not acknowledged."""
    own = correspondence(node.party, peer)
    known = acknowledged(tx, node.party, peer)
    count = next((at for at, one in enumerate(entries) if rests_on(one, own) > known), len(entries))
    return list(entries[:count])


def took(node: Node, peer: Party, sent: Sent, raw: bytes) -> Flow:
    """Take a peer's answer. Nothing is written where it acknowledges nothing new.

    Raises:
        Invalid: the answer is malformed, or a signature in it does not verify.
        Unavailable: ``unavailable.peer``: the peer decided nothing.
    """
    answer = answer_to(node, peer, sent, raw)
    if _is_plain(sent, answer):
        with node.store.reading() as tx:
            return _flow(tx, sent, answer)
    with sitting(node) as session:
        keep_answer(session, peer, sent, answer)
        return _flow(session.tx, sent, answer)


def _is_plain(sent: Sent, answer: Answer) -> bool:
    """Tell whether an answer says no more than how much is held."""
    if answer.word is not Word.COSIGNED or answer.own:
        return False
    return not answer.checkpoint or checkpoint_of(answer.checkpoint).size <= sent.acknowledged


def is_plain(raw: bytes) -> bool:
    """Tell whether an answer says that leaves of a lane are held, and that nothing follows of it.

    Hundreds a second are answered so: nothing was entered, nothing is to be fetched, and a lane
    brings no directory.
    """
    if not raw:
        return False
    answer = decode_answer(raw)
    return is_feed(answer.log) and answer.word is Word.COSIGNED and not answer.own


def _flow(tx: Reading, sent: Sent, answer: Answer) -> Flow:
    size, done = tx.frontier(sent.log).size, cosigned(tx, sent.log)
    # It may say what it likes: what is not so it does not take, and then this is forgotten.
    held = answer.size if done <= answer.size <= size else done
    return Flow(answer.word, held, done, more=done < size)


__all__ = ["Flow", "asking", "carry", "exchange", "is_plain", "next_pouch", "took"]
