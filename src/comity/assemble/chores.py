"""What a served node does by itself: keys in their time, checkpoints on the hour, what is due."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from comity.assemble.epochs import keep_epochs
from comity.assemble.house import House
from comity.assemble.links import FIRST_RETRY, HEARTBEAT
from comity.node import departing, hours, sweeping, titling
from comity.node.alarms import raise_alarm
from comity.transport.bugs import note_bug
from comity.vocabulary.errors import ComityError
from comity.vocabulary.instants import seconds_between

TITLES: Final = 1.0
"""Seconds between two looks for titles that wait to be read into the index."""

FILES: Final = 3600.0
"""Seconds between two looks for files that nothing names."""

_TITLES_REST: Final = 9
"""So many times as long as a batch of titles took, the next waits: other work goes first."""

_log: Final = logging.getLogger("comity.serve")


class Chores:
    """What is due in a house whether or not anybody asks; what fails is done the next time."""

    def __init__(
        self,
        house: House,
        commands: threading.Lock,
        *,
        refresh: Callable[[], None],
        stop: threading.Event,
    ) -> None:
        """Prepare; nothing is done yet.

        Args:
            house: Whose chores they are.
            commands: Held while something is entered: a command waits its turn, and so do these.
            refresh: Makes the exchange look again whose certificates it believes.
            stop: Set when the node stops.
        """
        self._house: Final = house
        self._commands: Final = commands
        self._refresh: Final = refresh
        self._stop: Final = stop

    def keep(self) -> None:
        """Do once what is due.

        Raises:
            Unavailable: the books cannot be used, not even for the alarm that would say so.
        """
        node = self._house.node
        # What fails waits for the next time: the epoch before covers still, for that reason the
        # next begins early; a ledger that did not grow is due still; what was decided waits.
        self._one(self._keep_epochs)
        self._one(lambda: hours.strike(node))
        self._one(lambda: departing.depart(node))

    def until_departure(self) -> float:
        """Return the seconds until the next decided release leaves; at most a heartbeat."""
        node = self._house.node
        at = departing.next_departure(node)
        if at is None:
            return HEARTBEAT
        # At least a moment: what cannot leave (a clock that is apart) must not keep it spinning.
        return min(HEARTBEAT, max(FIRST_RETRY, seconds_between(node.clock.now(), at)))

    def keep_titles(self) -> None:
        """Read the titles of new items into the index until told to stop.

        Once an hour it looks for files that nothing names, too.
        """
        look = time.monotonic() + FILES
        while not self._stop.is_set():
            began = time.monotonic()
            if began >= look:
                look = began + FILES
                self._sweep()
            try:
                done = titling.catch_up(self._house.node)
            except ComityError as error:
                # They wait still, and are opened where somebody searches.
                _log.warning("titles: %s", error.code)
                done = 0
            except Exception as error:  # noqa: BLE001 - searches go on without the index
                note_bug(_log, error)
                done = 0
            took = time.monotonic() - began
            self._stop.wait(_TITLES_REST * took if done == titling.BATCH else TITLES)

    def _one(self, do: Callable[[], object]) -> None:
        try:
            with self._commands:
                do()
        except ComityError as error:
            raise_alarm(self._house.node, self._house.node.party, error.code)

    def _keep_epochs(self) -> None:
        keep_epochs(self._house)
        # A certificate that was replaced is believed no longer than its owner may show it.
        self._refresh()

    def _sweep(self) -> None:
        try:
            gone = sweeping.sweep(self._house.node)
        except ComityError as error:
            # They stay, and are looked for again.
            _log.warning("files: %s", error.code)
        else:
            if gone:
                _log.info("files: %d that nothing named are deleted", len(gone))
