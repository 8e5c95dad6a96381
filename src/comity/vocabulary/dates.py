"""Dates as they are known: a year, a month, a day, or a minute of a day, each an interval.

A date is reckoned in a zone, and only in zones without summer time: a table of rules that
changes with the machine would let two nodes count two days.
"""

import re
from calendar import monthrange
from datetime import datetime, timedelta, timezone
from typing import Annotated, Final, NewType

from msgspec import Meta

from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant, instant_from_datetime, to_datetime

_DAY: Final = (
    r"([0-9]{4}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)"
    r"|(0[13578]|1[02])-31)"
    r"|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)"
)
PATTERN: Final = (
    r"^(?!000[01]|9999)([0-9]{4}(-(0[1-9]|1[0-2]))?|"
    + _DAY
    + r"( ([01][0-9]|2[0-3]):[0-5][0-9])?)\Z"
)
"""Every date that it takes exists, and is at least a day from the ends of what is reckoned with."""

Dated = NewType("Dated", Annotated[str, Meta(pattern=PATTERN)])
"""``2012``, ``2012-04``, ``2012-06-29`` or ``2012-06-29 15:10``."""

_matches = re.compile(PATTERN).match

_OFFSETS: Final = {"Asia/Seoul": 9, "Asia/Tokyo": 9}
EARLIEST: Final = 14
"""Hours ahead of UTC of the places where a day begins first."""


def offset_of(zone: str) -> int:
    """Return how many hours a zone is ahead of UTC; zones with summer time count as UTC."""
    return _OFFSETS.get(zone, 0)


def parse_dated(text: str) -> Dated:
    """Return a date as far as it is known; it must exist.

    Raises:
        Invalid: ``invalid.date``.
    """
    if _matches(text) is None:
        raise Invalid("invalid.date", "a date is 2012, 2012-04, 2012-06-29 or 2012-06-29 15:10")
    return Dated(text)


def interval(date: Dated, offset: int) -> tuple[Instant, Instant]:
    """Return the first and the last instant that a date can mean, so many hours ahead of UTC."""
    zone = timezone(timedelta(hours=offset))
    day, _, clock = date.partition(" ")
    parts = [int(one) for one in day.split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else None
    begin = datetime(year, month or 1, parts[2] if len(parts) > 2 else 1, tzinfo=zone)  # noqa: PLR2004 - a day
    if clock:
        hours, minutes = clock.split(":")
        moment = instant_from_datetime(begin + timedelta(hours=int(hours), minutes=int(minutes)))
        return moment, moment
    if month is None:
        end = datetime(year + 1, 1, 1, tzinfo=zone)
    else:
        days = 1 if len(parts) > 2 else monthrange(year, month)[1]  # noqa: PLR2004 - a day
        end = begin + timedelta(days=days)
    return (
        instant_from_datetime(begin),
        instant_from_datetime(end - timedelta(milliseconds=1)),
    )


def day_of(instant: Instant, offset: int) -> str:
    """Return the day on which an instant lies, so many hours ahead of UTC."""
    moment = to_datetime(instant).astimezone(timezone(timedelta(hours=offset)))
    return moment.date().isoformat()
