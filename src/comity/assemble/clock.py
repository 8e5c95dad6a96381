"""The system's clock: the one place that asks what time it is.

Somebody can set it, and it may be set wrong. What nobody sets is how long the machine has been
running, sleep included: by that this clock is watched.
"""

import time
from datetime import UTC, datetime
from typing import Final

from comity.vocabulary.instants import Instant, instant_from_datetime

_RUNNING: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SystemClock:
    """The port ``Clock`` over the system's clock."""

    def __init__(self) -> None:
        """Take the clock as it is found; it is compared with a counterpart's later."""
        self._began: float = _began()

    def now(self) -> Instant:
        """Return the present instant."""
        return instant_from_datetime(datetime.now(UTC))

    def moved(self) -> float:
        """Return by how many seconds it was set since it was last believed."""
        return _began() - self._began

    def believe(self) -> None:
        """Take it as right as it is now."""
        self._began = _began()


def _began() -> float:
    """Return when the machine began, as told by what is a difference of two clocks."""
    return time.time() - time.clock_gettime(_RUNNING)
