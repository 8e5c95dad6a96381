"""Deadlines: days to seconds, whole days or the working days of the party that is bound."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Final

from msgspec import Meta

from comity.agreement.case import Calendar, Case
from comity.vocabulary.instants import seconds_between
from comity.vocabulary.zones import zone_of

Days = Annotated[int, Meta(ge=0, le=3660)]
Hours = Annotated[int, Meta(ge=0, le=8784)]

DAY: Final = 86400
HOUR: Final = 3600
_WEEK: Final = Calendar(working_days=(1, 2, 3, 4, 5))


def after_days(days: int) -> int:
    """Return the seconds of so many days."""
    return days * DAY


def after_working_days(case: Case, days: int, *, of: str = "receiver") -> int:
    """Return the seconds until so many working days have passed.

    Of the receiver of the act, who is bound; of its author; or of both, so that a day counts only
    on which both work. The time of day is the same at the end, by the clock of the one or else of
    the receiver; a day on which clocks are turned is shorter or longer by that.
    """
    theirs = case.calendars[0] if case.calendars else _WEEK
    mine = case.own_calendars[0] if case.own_calendars else _WEEK
    counted = {"receiver": (theirs,), "author": (mine,), "both": (theirs, mine)}[of]
    calendar = counted[0]
    zone = zone_of(calendar.zone, calendar.rule)
    after = zone.plus_days(case.at, _passed(zone.day(case.at), days, counted))
    return int(seconds_between(case.at, after))


def _passed(day: date, working_days: int, calendars: Sequence[Calendar]) -> int:
    """Return in how many days so many working days have passed since a day."""
    left, passed = working_days, 0
    holidays = frozenset(one for calendar in calendars for one in calendar.holidays)
    while left:
        day, passed = day + timedelta(days=1), passed + 1
        works = all(day.isoweekday() in one.working_days for one in calendars)
        left -= works and day.isoformat() not in holidays
    return passed
