"""The log that one house keeps for another that has none yet: which, until when, sent in turn.

While a counterpart keeps paper, what it did stands in ``comity/KOR/for/JPN``. When it joins, its
first directory is the last entry there, and both logs of the keeper go to it: each entry names
how much of the other counts for it, so they are sent in turn, as they were written.
"""

from typing import Final

from comity.acts import deeds
from comity.acts.canonical import digest
from comity.acts.entries import decode_entry
from comity.agreement.ground import GROUND, LINK_ARTICLE
from comity.exchange.pouch import LEAVES_LIMIT
from comity.ledger.checkpoints import checkpoint_of
from comity.node.chancery import Act
from comity.node.node import Node
from comity.node.ports import Reading, Space
from comity.register.leaves import rests_on
from comity.register.rows import DirectoryOf, Peer
from comity.seal.directories import read_directory
from comity.vocabulary.logs import (
    LogKind,
    LogName,
    correspondence,
    counterpart,
    kind_of,
    owner,
    standing_in,
)
from comity.vocabulary.names import Office, Party

_AHEAD: Final = 256
"""Leaves that are looked at together to see how far a log may be sent."""


def is_kept(tx: Reading, party: Party, absent: Party) -> bool:
    """Tell whether a party has written down anything that another did on paper."""
    return tx.frontier(standing_in(party, absent)).size > 0


def is_open(tx: Reading, party: Party, absent: Party) -> bool:
    """Tell whether the other keeps paper still: it has not joined."""
    log = standing_in(party, absent)
    return is_kept(tx, party, absent) and not tx.within(DirectoryOf, log)


def on_paper(tx: Reading, party: Party) -> tuple[Party, ...]:
    """Return the parties for which this one keeps, or kept, a log, in order."""
    found = []
    for log in tx.logs():
        if kind_of(log) is LogKind.STANDING_IN and owner(log) == party:
            absent = counterpart(log)
            found += [] if absent is None else [absent]
    return tuple(sorted(found))


def counterparts(tx: Reading, party: Party) -> tuple[Party, ...]:
    """Return with whom a party deals: who is enrolled, and who keeps paper and has not joined."""
    enrolled = [Party(row.key) for row in tx.within(Peer, "")]
    return (*enrolled, *(one for one in on_paper(tx, party) if one not in enrolled))


def closing(node: Node, registry: Office, directory: bytes) -> Act:
    """Return the last entry of a log that stood for a party's missing one: its own directory.

    The house signs the checkpoint that covers it; the party that joins cosigns it when it has
    received the log. What it does not agree with it disputes, entry by entry.
    """
    name = digest(directory)
    return Act(
        deed=deeds.PublishDirectory(
            by=registry,
            to=node.party,
            article=LINK_ARTICLE,
            agreement=GROUND.digest,
            directory=name,
            version=read_directory(directory).version,
        ),
        keep={Space.DOCUMENT: {name: directory}},
        attests=True,
    )


def turn(tx: Reading, party: Party, peer: Party) -> tuple[LogName, int]:
    """Return which own log is sent to a peer next, and up to which size it may be.

    No entry is sent before what counts for it has been acknowledged: the receiver judges it on
    just that. Of the two next entries one was written first, so there is always one to send.
    """
    told, kept = correspondence(party, peer), standing_in(party, peer)
    size, attested = tx.frontier(told).size, tx.frontier(kept).size
    if attested == 0:
        return told, size
    done = {told: _cosigned(tx, told), kept: _cosigned(tx, kept)}
    if done[kept] < attested:
        stop = _until(tx, kept, done[kept], attested, told, done[told])
        if stop > done[kept]:
            return kept, stop
        return told, _until(tx, told, done[told], size, kept, done[kept])
    return told, size


def _cosigned(tx: Reading, log: LogName) -> int:
    note = tx.load(Space.LATEST, f"{log}|acked")
    return 0 if note is None else checkpoint_of(note).size


def _until(  # noqa: PLR0913 - two logs and how far each is
    tx: Reading, log: LogName, first: int, size: int, other: LogName, held: int
) -> int:
    """Return the size up to which every entry rests on no more of the other than is held."""
    stop = min(size, first + LEAVES_LIMIT)
    for start in range(first, stop, _AHEAD):
        page = tx.leaves(log, start, min(stop, start + _AHEAD))
        for index, leaf in enumerate(page, start=start):
            if rests_on(decode_entry(leaf), other) > held:
                return index
    return stop
