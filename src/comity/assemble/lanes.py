"""The streams of a served house: each lane is carried by a thread of its own.

So no observation waits behind another link, or behind a large list; and what a lane rests on is
carried by the links, as ever.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from comity.node import flowing, lanes, outgoing, setup
from comity.node.alarms import raise_alarm
from comity.node.node import Node
from comity.transport.bugs import note_bug
from comity.transport.client import HttpCourier
from comity.vocabulary.errors import ComityError
from comity.vocabulary.logs import LogName, counterpart
from comity.vocabulary.names import Party

FIRST_RETRY: Final = 0.05
"""Seconds until a lane is tried again that waits for its correspondence, or for its peer."""

LAST_RETRY: Final = 60.0

QUIET: Final = 0.2
"""Seconds without anything new after which the reader's cosignature is asked for."""

LONGEST: Final = 2.0
"""Seconds after which it is asked for where there is always something new."""

_log: Final = logging.getLogger("comity.lanes")


class _Lane:
    """What the thread of one lane shares with those who give in it."""

    def __init__(self) -> None:
        self.wake: Final = threading.Event()
        self.left: Final = threading.Event()
        """A pouch has just left, or there is none to be sent."""


class Lanes:
    """Carries what is given in lanes, at once."""

    def __init__(self, node: Node, courier: HttpCourier, *, behind: Callable[[], object]) -> None:
        """Prepare; ``behind`` is called when a lane waits for what it rests on."""
        self._node = node
        self._courier = courier
        self._behind = behind
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._lanes: dict[LogName, _Lane] = {}
        self._threads: list[threading.Thread] = []

    def flow(self, lane: LogName, *, within: float = 0.0) -> None:
        """Carry a lane soon: something was given in it.

        Returns when it is on its way, or after so many seconds: who gives what has come in
        meanwhile then makes one leaf of it, and not many that wait for the same pouch.
        """
        with self._lock:
            found = self._lanes.get(lane)
            if found is None and not self._stop.is_set():
                found = self._lanes[lane] = _Lane()
                thread = threading.Thread(
                    target=self._keep, args=(lane, found), name=lane, daemon=True
                )
                self._threads.append(thread)
                thread.start()
        if found is not None:
            found.left.clear()
            found.wake.set()
            if within:
                found.left.wait(within)

    def resume(self) -> None:
        """Carry every lane of which something is not acknowledged: after a start."""
        node = self._node
        with node.store.reading() as tx:
            open_lanes = [
                lane
                for row in setup.peers(tx)
                for lane in lanes.own_lanes(tx, node.party, Party(row.key))
                if outgoing.cosigned(tx, lane) < tx.frontier(lane).size
            ]
        for lane in open_lanes:
            self.flow(lane)

    def stop(self) -> None:
        """Stop carrying; what is not acknowledged is carried after the next start."""
        self._stop.set()
        with self._lock:
            for one in self._lanes.values():
                one.wake.set()
                one.left.set()
        # What is under way ends as if the process had died there: it is said again next time.
        self._courier.close()
        for thread in self._threads:
            thread.join(10.0)

    def _keep(self, lane: LogName, shared: _Lane) -> None:
        peer = counterpart(lane)
        assert peer is not None  # noqa: S101 - a lane has a reader
        wait = FIRST_RETRY
        shared.wake.wait()
        while not self._stop.is_set():
            if self._carried(peer, lane, shared):
                wait = FIRST_RETRY
                shared.wake.wait()
            else:
                self._behind()
                self._stop.wait(wait)
                wait = min(2 * wait, LAST_RETRY)

    def _carried(self, peer: Party, lane: LogName, shared: _Lane) -> bool:
        """Carry all of a lane; tell whether nothing is left that is not acknowledged."""
        node = self._node
        held, asked = 0, time.monotonic()
        try:
            while True:
                # In this order: whoever stops it sets that first, and wakes the lane then.
                shared.wake.clear()
                if self._stop.is_set():
                    return False
                sent = None
                if time.monotonic() - asked < LONGEST:
                    sent = flowing.next_pouch(node, peer, lane, held=held)
                    if sent is None and shared.wake.wait(QUIET):
                        continue
                if sent is None:
                    sent = flowing.asking(node, peer, lane, held=held)
                    asked = time.monotonic()
                if sent is None:
                    with node.store.reading() as tx:
                        return outgoing.cosigned(tx, lane) >= tx.frontier(lane).size
                shared.left.set()
                said = flowing.carry(node, peer, self._courier, sent)
                if said.held < sent.new or (sent.new == sent.old and said.acknowledged < sent.new):
                    # Not taken, or not acknowledged: it is begun again, but not at once.
                    return False
                held = said.held
        except ComityError as error:
            _log.warning("%s: %s", lane, error.code)
            if not self._stop.is_set():
                raise_alarm(node, peer, error.code)
        except Exception as error:  # noqa: BLE001 - one lane must not stop the others
            note_bug(_log, error)
        return False
