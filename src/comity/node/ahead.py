"""The pouch after the one that is under way, made while that one's answer is awaited."""

import threading
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
        self._lock = threading.Lock()
        self._making: Callable[[], Made] | None = None
        self._away: Sent | None = None
        """The pouch that is away, while none that follows it is made: there was nothing to say."""
        self._again = False
        """Something was entered since the one that follows began to be made."""

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
            self._begin(sent)
        return sent

    def news(self) -> None:
        """Say that something was entered: where a pouch is away, the one after it is made now.

        Any thread may say so, at any time, and waits for nothing. Where it is not said, what was
        entered while the pouch was away is made into one when its answer is there.
        """
        with self._lock:
            self._again, away = True, self._away
            self._away = None
        if away is not None:
            self._begin(away)

    def _begin(self, sent: Sent) -> None:
        # Not under the lock: the work may be done at once. Of two that begin at the same time one
        # is forgotten, and what is wanted is looked at before it is sent, whichever stays.
        making = self._elsewhere(partial(self._make, sent))
        with self._lock:
            self._making = making

    def _make(self, sent: Sent) -> Made:
        while True:
            with self._lock:
                self._again = False
            # What it rests on is read first: if that changes while it is made, it is seen.
            before = self._resting_on()
            made = Made(next_pouch(self._node, self._peer, after=sent), before)
            with self._lock:
                # What was entered while nothing was found may have come too late to be found.
                if made.pouch is None and self._again:
                    continue
                if made.pouch is None:
                    self._away = sent
                return made

    def _made(self) -> Sent | None:
        with self._lock:
            making, self._making = self._making, None
        if making is None:
            return None
        try:
            made = making()
        except ComityError:
            return None  # it is made anew, and says then what stands in the way
        finally:
            # The answer is there: what is entered from now on follows another pouch.
            with self._lock:
                self._away = None
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
