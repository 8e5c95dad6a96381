"""Dates as they are known: a year, a month, a day, or a minute of a day, each an interval.

A date is reckoned by the days of a zone, which a signed text says (:mod:`comity.vocabulary.zones`).
"""

import re
from calendar import monthrange
from datetime import date as calendar_day
from datetime import datetime, time, timedelta
from typing import Annotated, Final, NewType

from msgspec import Meta

from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.zones import Zone

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

EARLIEST: Final = Zone(timedelta(hours=14))
"""The places where a day begins first."""


def parse_dated(text: str) -> Dated:
    """Return a date as far as it is known; it must exist.

    Raises:
        Invalid: ``invalid.date``.
    """
    if _matches(text) is None:
        raise Invalid("invalid.date", "a date is 2012, 2012-04, 2012-06-29 or 2012-06-29 15:10")
    return Dated(text)


def interval(date: Dated, zone: Zone) -> tuple[Instant, Instant]:
    """Return the first and the last instant that a date can mean, by the days of a zone."""
    day, _, clock = date.partition(" ")
    parts = [int(one) for one in day.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else None
    begin = calendar_day(year, month or 1, parts[2] if len(parts) > 2 else 1)  # noqa: PLR2004 - a day
    if clock:
        hours, minutes = (int(one) for one in clock.split(":"))
        moment = zone.instant(datetime.combine(begin, time(hours, minutes)))
        return moment, moment
    if month is None:
        end = calendar_day(year + 1, 1, 1)
    else:
        days = 1 if len(parts) > 2 else monthrange(year, month)[1]  # noqa: PLR2004 - a day
        end = begin + timedelta(days=days)
    return zone.midnight(begin), plus_seconds(zone.midnight(end), -0.001)


def day_of(instant: Instant, zone: Zone) -> str:
    """Return the day of a zone on which an instant lies."""
    return zone.day(instant).isoformat()
