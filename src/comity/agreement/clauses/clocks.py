"""Deadlines: days to seconds, whole days or the working days of the party that is bound."""

from datetime import timedelta
from typing import Annotated, Final

from msgspec import Meta

from comity.agreement.case import Calendar, Case
from comity.vocabulary.dates import offset_of
from comity.vocabulary.instants import Instant, to_datetime

Days = Annotated[int, Meta(ge=0, le=3660)]
Hours = Annotated[int, Meta(ge=0, le=8784)]

DAY: Final = 86400
HOUR: Final = 3600
_WEEK: Final = Calendar(working_days=(1, 2, 3, 4, 5))


def after_days(days: int) -> int:
    """Return the seconds of so many days."""
    return days * DAY


def after_working_days(case: Case, days: int) -> int:
    """Return the seconds until so many working days of the bound party have passed."""
    calendar = case.calendars[0] if case.calendars else _WEEK
    return _passed(case.at, days, calendar) * DAY


def _passed(at: Instant, working_days: int, calendar: Calendar) -> int:
    """Return in how many days so many working days have passed since an instant."""
    day = to_datetime(at) + timedelta(hours=offset_of(calendar.zone))
    left, passed = working_days, 0
    holidays = frozenset(calendar.holidays)
    while left:
        day, passed = day + timedelta(days=1), passed + 1
        works = day.isoweekday() in calendar.working_days
        left -= works and day.date().isoformat() not in holidays
    return passed
