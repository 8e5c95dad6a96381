"""Spans of time as agreements write them: ``immediately``, ``24h``, ``7 days``, ``3 working days``.

Working days are those of the party that is bound, counted in the offset that the agreement's
clock states, so that no judgement depends on a time zone database that moves with its version.
"""

import re
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import Annotated, Final, NewType

from msgspec import Meta, Struct

from comity.agreement.case import Calendar
from comity.vocabulary.instants import Instant, to_datetime

SPAN: Final = (
    r"^(immediately|[1-9][0-9]{0,5}( ?(s|min|h)| seconds?| minutes?| hours?| days?| working days?))\Z"
)

Span = NewType("Span", Annotated[str, Meta(pattern=SPAN)])
"""A length of time in an agreement's own words."""

OFFSET: Final = r"^[+-](0[0-9]|1[0-4]):[0-5][0-9]\Z"
DAY: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z"

Day = NewType("Day", Annotated[str, Meta(pattern=DAY)])
"""A calendar day, ``YYYY-MM-DD``, in the offset of the agreement's clock."""

_DAY_SECONDS: Final = 86400
_UNITS: Final = {
    "s": 1,
    "second": 1,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
    "day": _DAY_SECONDS,
}
_parts = re.compile(r"^([0-9]+) ?([a-z ]+)\Z").match
_MONDAY_TO_FRIDAY: Final = (1, 2, 3, 4, 5)


class Counts(Enum):
    """Which moment starts a term: when it was received, or when it was dispatched."""

    RECEIPT = "receipt"
    DISPATCH = "dispatch"


class Clocks(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How an agreement counts time.

    Attributes:
        zone: The name of the zone, to be shown.
        offset: What is counted with: ``+09:00``.
        working_days: Of whom: the party that is bound, the sender, or both.
        counts: Receipt or dispatch.
    """

    zone: Annotated[str, Meta(pattern=r"^[A-Za-z]+(/[A-Za-z_]+){0,2}\Z")] = "UTC"
    offset: Annotated[str, Meta(pattern=OFFSET)] = "+00:00"
    working_days: Annotated[str, Meta(pattern=r"^(bound|sending|both)\Z")] = "bound"
    counts: Counts = Counts.RECEIPT


def seconds(span: Span) -> int:
    """Return a span in seconds; a working day counts as a day here (see :func:`within`)."""
    if span == "immediately":
        return 0
    found = _parts(span)
    assert found is not None  # noqa: S101 - the pattern of Span says so
    unit = found[2].strip().removeprefix("working ")
    return int(found[1]) * _UNITS[unit if unit in _UNITS else unit.removesuffix("s")]


def within(
    span: Span, *, at: Instant, clocks: Clocks, calendars: tuple[Calendar, ...] = ()
) -> int:
    """Return the seconds from ``at`` to the end of a span.

    Days are whole days of 24 hours. Working days end with the last second of the day, in the
    offset of ``clocks``, and are days on which every one of ``calendars`` works (Monday to
    Friday where none is known).
    """
    if "working" not in span:
        return seconds(span)
    left = seconds(span) // _DAY_SECONDS
    start = _local(at, clocks)
    day = start.date()
    while left:
        day += timedelta(days=1)
        if all(_works(day, one) for one in calendars or (_USUAL,)):
            left -= 1
    midnight = datetime(day.year, day.month, day.day, tzinfo=start.tzinfo) + timedelta(days=1)
    return int((midnight - start).total_seconds())


def start_of(day: Day, clocks: Clocks) -> Instant:
    """Return the instant at which a calendar day begins."""
    moment = datetime.fromisoformat(f"{day}T00:00:00.000{clocks.offset}")
    utc = moment.astimezone(timezone(timedelta(0)))
    return Instant(utc.strftime("%Y-%m-%dT%H:%M:%S.000Z"))


def day_of(at: Instant, clocks: Clocks) -> date:
    """Return the calendar day of an instant."""
    return _local(at, clocks).date()


def _local(at: Instant, clocks: Clocks) -> datetime:
    hours, minutes = int(clocks.offset[1:3]), int(clocks.offset[4:6])
    shift = timedelta(hours=hours, minutes=minutes)
    return to_datetime(at).astimezone(timezone(shift if clocks.offset[0] == "+" else -shift))


def _works(day: date, calendar: Calendar) -> bool:
    return day.isoweekday() in calendar.working_days and day.isoformat() not in calendar.holidays


_USUAL: Final = Calendar(working_days=_MONDAY_TO_FRIDAY, holidays=())
