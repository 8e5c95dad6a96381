"""Instants: UTC, to the millisecond, in one written form that sorts as it reads."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Final, NewType

from msgspec import Meta

from comity.vocabulary.errors import Invalid

# Every date that the pattern takes exists (Gregorian, from year 1): what decodes can be reckoned.
PATTERN: Final = (
    r"^(?!0000)([0-9]{4}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)"
    r"|(0[13578]|1[02])-31)"
    r"|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z\Z"
)

Instant = NewType("Instant", Annotated[str, Meta(pattern=PATTERN)])
"""``YYYY-MM-DDThh:mm:ss.sssZ``. Two instants compare as their texts do."""

EPOCH: Final = Instant("1970-01-01T00:00:00.000Z")

_matches = re.compile(PATTERN).match


def parse_instant(text: str) -> Instant:
    """Return ``text`` as an instant; the date must exist.

    Raises:
        Invalid: ``invalid.instant``.
    """
    if _matches(text) is None:
        raise Invalid("invalid.instant", "not YYYY-MM-DDThh:mm:ss.sssZ")
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("invalid.instant", "no such date") from error
    return Instant(text)


def instant_from_datetime(moment: datetime) -> Instant:
    """Write an aware datetime as an instant, cut (not rounded) to the millisecond."""
    if moment.tzinfo is None:
        raise Invalid("invalid.instant", "a datetime without a zone is no instant")
    utc = moment.astimezone(UTC)
    return Instant(
        f"{utc.year:04d}-{utc.month:02d}-{utc.day:02d}T{utc.hour:02d}:{utc.minute:02d}"
        f":{utc.second:02d}.{utc.microsecond // 1000:03d}Z"
    )


def to_datetime(instant: Instant) -> datetime:
    """Return the aware UTC datetime of an instant."""
    return datetime.fromisoformat(instant)


@lru_cache(maxsize=1024)
def plus_seconds(instant: Instant, seconds: float) -> Instant:
    """Return the instant that many seconds later (earlier when negative)."""
    return instant_from_datetime(to_datetime(instant) + timedelta(seconds=seconds))


@lru_cache(maxsize=1024)
def seconds_between(earlier: Instant, later: Instant) -> float:
    """Return ``later`` minus ``earlier`` in seconds."""
    return (to_datetime(later) - to_datetime(earlier)).total_seconds()
