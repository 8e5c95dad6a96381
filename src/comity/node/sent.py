"""A pouch that was sent, and how much of a log its counterpart has acknowledged."""

import json
from typing import NamedTuple

from comity.exchange.answers import Word
from comity.ledger.checkpoints import checkpoint_of
from comity.node.ports import Reading, Space
from comity.vocabulary.logs import LogName, correspondence
from comity.vocabulary.names import Party


class Sent(NamedTuple):
    """A pouch as it was sent."""

    wire: bytes
    log: LogName
    old: int
    new: int
    slips: tuple[int, ...] = ()
    """Indexes below ``old`` whose slips were asked for and made again, as far as they could be."""
    note: bytes = b""
    """The checkpoint in it, where that is not kept: of a lane; and of a register ledger, whose key
    may be a former one when it arrives."""
    acknowledged: int = 0
    """Of a lane: how much was cosigned when it was made."""


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


def acknowledged(tx: Reading, party: Party, peer: Party) -> int:
    """Return how many leaves of the correspondence a peer has cosigned."""
    return cosigned(tx, correspondence(party, peer))


def cosigned(tx: Reading, log: LogName) -> int:
    """Return how many leaves of an own log its counterpart has cosigned."""
    note = tx.load(Space.LATEST, f"{log}|acked")
    return 0 if note is None else checkpoint_of(note).size


def slips_asked(tx: Reading, log: LogName) -> list[int]:
    """Return the indexes of items whose keys the counterpart asks for again."""
    raw = tx.load(Space.LINK, f"slips-asked|{log}")
    return [int(index) for index in json.loads(raw)] if raw else []
