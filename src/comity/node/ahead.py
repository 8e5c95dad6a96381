"""The pouch after the one that is under way, made while that one's answer is awaited."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from comity.node.links import directory_of, token_of
from comity.node.node import Node
from comity.node.outgoing import (
    Progress,
    Sent,
    cosigned,
    next_pouch,
    nothing_to_say,
    slips_asked,
    took,
)
from comity.node.ports import Courier
from comity.register.links import revoked_of
from comity.register.rows import DirectoryOf
from comity.vocabulary.errors import ComityError
from comity.vocabulary.logs import correspondence
from comity.vocabulary.names import Party


class Made(NamedTuple):
    """A pouch, if there is one, and what it was made from."""

    pouch: Sent | None
    resting_on: object


Elsewhere = Callable[[Callable[[], Made]], Callable[[], Made]]
"""Begins a piece of work and returns what waits for its end and gives its result."""


class Ahead:
    """Pouches of a correspondence one after the other, each made while its forerunner is away.

    What was made ahead is sent only if all that it was made from is as it was expected: the one
    before it was acknowledged whole, nothing is asked for again, and neither side has another
    directory. Else it is thrown away and made anew; nothing was signed or kept for it. If the
    process dies, nothing is lost with it: it is made from the log.
    """

    def __init__(self, node: Node, peer: Party, elsewhere: Elsewhere) -> None:
        """Prepare for one peer; one exchange at a time."""
        self._node, self._peer, self._elsewhere = node, peer, elsewhere
        self._making: Callable[[], Made] | None = None

    def exchange(self, courier: Courier, *, heartbeat: bool = False) -> Progress:
        """Send the next pouch and take its answer, as :func:`comity.node.outgoing.exchange`."""
        node, peer = self._node, self._peer
        sent = self.next_pouch(heartbeat=heartbeat)
        if sent is None:
            return nothing_to_say(node, correspondence(node.party, peer))
        return took(node, peer, sent, courier.send(peer, "/v1/pouch", sent.wire))

    def next_pouch(self, *, heartbeat: bool = False) -> Sent | None:
        """Return the pouch that is due, made ahead or now, and begin to make the one after it."""
        node, peer = self._node, self._peer
        sent = self._made() or next_pouch(node, peer, heartbeat=heartbeat)
        if (
            sent is not None
            and sent.new > sent.old
            and sent.log == correspondence(node.party, peer)
        ):
            self._making = self._elsewhere(partial(self._make, sent))
        return sent

    def _make(self, sent: Sent) -> Made:
        # What it rests on is read first: if that changes while it is made, it is seen.
        before = self._resting_on()
        return Made(next_pouch(self._node, self._peer, after=sent), before)

    def _made(self) -> Sent | None:
        making, self._making = self._making, None
        if making is None:
            return None
        try:
            made = making()
        except ComityError:
            return None  # it is made anew, and says then what stands in the way
        sent = made.pouch
        if sent is None or made.resting_on != self._resting_on():
            return None
        with self._node.store.reading() as tx:
            due = cosigned(tx, sent.log) == sent.old and not slips_asked(tx, sent.log)
        return sent if due else None

    def _resting_on(self) -> object:
        """Return who signs and who can open: the directories of both, and what each was told."""
        party, peer = self._node.party, self._peer
        with self._node.store.reading() as tx:
            own = correspondence(party, peer)
            return (
                directory_of(tx, peer, party),
                tx.within(DirectoryOf, own),
                tx.within(DirectoryOf, revoked_of(own)),
                token_of(tx, addressee=peer, sender=party),
            )
