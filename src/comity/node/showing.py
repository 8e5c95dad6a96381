"""Where the own register ledgers stand is shown to the counterparts, hour by hour."""

from msgspec import UNSET

from comity.exchange.answers import Word, decode_answer
from comity.exchange.pouch import Head, pack
from comity.ledger.checkpoints import checkpoint_of
from comity.ledger.proofs import consistency_path
from comity.ledger.tiles import tile_reader
from comity.node import alarms, clocks
from comity.node.links import directory_of, token_of
from comity.node.node import Node
from comity.node.outgoing import (
    Sent,
    cosigned,
    signers_of_answer,
    take_cosignature,
)
from comity.node.overtaken import directories_known, overtaken
from comity.node.ports import Courier, Space
from comity.node.signers import key_for, signed_with
from comity.node.sitting import sitting
from comity.vocabulary.errors import Invalid, Unavailable
from comity.vocabulary.logs import LogName, register_ledger
from comity.vocabulary.names import Party


def show(node: Node, peer: Party, courier: Courier) -> Word | None:
    """Send the latest checkpoint of a register ledger, if it is not cosigned; take the answer.

    Raises:
        Unavailable: the peer did not answer, or decided nothing.
        Invalid: the answer cannot be believed, or the peer does not believe the pouch.
    """
    sent = next_showing(node, peer)
    if sent is None:
        return None
    return took(node, peer, sent, courier.send(peer, "/v1/pouch", sent.wire))


def next_showing(node: Node, peer: Party) -> Sent | None:
    """Make the pouch without leaves that shows where a register ledger stands, if one is due."""
    log = register_ledger(node.party, peer)
    _sign_again(node, log)
    with node.store.reading() as tx:
        note = tx.load(Space.LATEST, f"{log}|own")
        old = cosigned(tx, log)
        if (
            note is None
            or checkpoint_of(note).size <= old
            or not directories_known(tx, node.party, peer)
        ):
            return None
        new = checkpoint_of(note).size
        read = tile_reader(lambda tiles: tx.tiles(log, tiles), tx.frontier(log).size)
        head = Head(
            log=log,
            old=old,
            new=new,
            checkpoint=note,
            leaves=(),
            documents=(),
            contents=(),
            slips=(),
            consistency=consistency_path(read, old, new) if old else UNSET,
        )
        wire = pack(
            node.suite,
            head,
            pieces=(),
            transport=directory_of(tx, peer, node.party).transport,
            token=token_of(tx, addressee=peer, sender=node.party),
        )
    return Sent(wire, log, old, new, note=note)


def _sign_again(node: Node, log: LogName) -> None:
    """Sign the latest checkpoint again where the counterpart has taken a new ledger key since.

    It has one root for its size, whoever signs it.
    """
    with node.store.reading() as tx:
        note = tx.load(Space.LATEST, f"{log}|own")
        if note is None or signed_with(note, key_for(node, tx, log)):
            return
    with sitting(node) as session:
        session.roots.sign_again(note)


def took(node: Node, peer: Party, sent: Sent, raw: bytes) -> Word:
    """Take the answer: keep the counterpart's cosignature.

    A cosignature of a checkpoint that this house does not know says that the house was rolled
    back: an alarm, and the note is kept.

    Raises:
        Invalid: the answer is malformed, or a signature in it does not verify.
        Unavailable: ``unavailable.peer``: the peer decided nothing, or took a new key before the
            checkpoint arrived that was signed with the former one.
    """
    answer = decode_answer(raw)
    if answer.word is Word.REFUSED and overtaken(node, peer, sent):
        raise Unavailable("unavailable.peer", f"{peer} has taken a new key since; shown again")
    if answer.word is Word.REFUSED:
        alarms.raise_alarm(node, peer, "refused")
        raise Invalid("invalid.answer.refused", f"{peer} does not believe this checkpoint")
    if answer.word is Word.LATER:
        alarms.raise_alarm(node, peer, "later")
        raise Unavailable("unavailable.peer", f"{peer} decided nothing; try again")
    if answer.log != sent.log:
        raise Invalid("invalid.answer", "about another log")
    with sitting(node) as session:
        clocks.heard(session, peer, answer.time)
        if answer.checkpoint:
            signers = signers_of_answer(session, peer, sent.log, answer)
            take_cosignature(session, peer, sent.log, answer.checkpoint, signers)
        if answer.word is Word.FORKED:
            alarms.note_alarm(session, peer, "forked-says-peer")
    return answer.word
