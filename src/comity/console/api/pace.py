"""How fast one may ask: a bucket for each token or session, filled again as time passes."""

import threading
from typing import Final, NamedTuple

from comity.vocabulary.instants import Instant, seconds_between

_MOST: Final = 4096


class Pace(NamedTuple):
    """How many requests at once, and how many each second afterwards."""

    burst: int = 120
    each_second: float = 20.0


PACE: Final = Pace()
"""How fast one may ask unless said otherwise."""


class Buckets:
    """What each credential has left.

    A clock that is set back gives nothing and takes nothing: what was left is left. Only
    credentials that were known get a bucket, so that a stranger fills nothing here.
    """

    def __init__(self, pace: Pace) -> None:
        """Begin with full buckets."""
        self._pace: Final = pace
        self._left: Final[dict[str, tuple[float, Instant]]] = {}
        self._lock: Final = threading.Lock()

    def take(self, name: str, now: Instant) -> float:
        """Take one request; return 0, or after how many seconds there will be one.

        Args:
            name: The digest of the credential.
            now: This instant.
        """
        with self._lock:
            left, at = self._left.pop(name, (float(self._pace.burst), now))
            passed = max(0.0, seconds_between(at, now))
            left = min(float(self._pace.burst), left + passed * self._pace.each_second)
            wait = 0.0 if left >= 1 else (1 - left) / self._pace.each_second
            self._left[name] = (left - 1 if left >= 1 else left, now)
            while len(self._left) > _MOST:
                # Whoever asked longest ago has a full bucket by now.
                self._left.pop(next(iter(self._left)))
            return wait
