"""The system's clock: the one place that asks what time it is."""

from datetime import UTC, datetime

from comity.vocabulary.instants import Instant, instant_from_datetime


class SystemClock:
    """The port ``Clock`` over the system's clock."""

    def now(self) -> Instant:
        """Return the present instant."""
        return instant_from_datetime(datetime.now(UTC))
