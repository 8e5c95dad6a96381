"""Zones by their rule: how far ahead of UTC a place is at any instant, from one line of text.

A table of zones belongs to a machine and changes with it; two nodes that asked their tables could
count two days. So the rule itself stands in what is signed: the form that POSIX.1-2017, 8.3, gives
to ``TZ`` and RFC 9636, 3.3.1, to the last line of a zone's file (``CET-1CEST,M3.5.0,M10.5.0/3``).
A few zones that never turn their clocks need none.
"""

import re
from calendar import isleap, monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final, NamedTuple

from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant, instant_from_datetime, to_datetime

_NAME: Final = r"(?:[A-Za-z]{3,10}|<[A-Za-z0-9+-]{3,10}>)"
_MINUTES: Final = r"(?::[0-5][0-9]){0,2}"
_AHEAD: Final = rf"[+-]?(?:[01]?[0-9]|2[0-4]){_MINUTES}"
_CLOCK: Final = rf"[+-]?(?:[0-9]{{1,2}}|1[0-5][0-9]|16[0-7]){_MINUTES}"
_NUMBER: Final = r"[1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-5]"
_DATE: Final = rf"(?:M(?:[1-9]|1[0-2])\.[1-5]\.[0-6]|J(?:{_NUMBER})|0|{_NUMBER})(?:/{_CLOCK})?"
PATTERN: Final = rf"^{_NAME}{_AHEAD}(?:{_NAME}(?:{_AHEAD})?,{_DATE},{_DATE})?\Z"
"""A rule. Whatever it takes can be reckoned with."""

_PARTS: Final = re.compile(
    rf"^{_NAME}(?P<standard>{_AHEAD})"
    rf"(?:{_NAME}(?P<summer>{_AHEAD})?,(?P<start>{_DATE}),(?P<end>{_DATE}))?\Z"
)
_HOUR: Final = timedelta(hours=1)
_LEAP_DAY: Final = 60


class _Turn(NamedTuple):
    """When clocks are turned, in a year: a day of it, and the time by the clock before.

    Attributes:
        sort: ``M`` (week of a month), ``J`` (day of a year without 29 February), ``""`` (day of
            a year, from 0).
        numbers: Month, week and weekday (0: Sunday); or the day.
    """

    sort: str
    numbers: tuple[int, ...]
    time: timedelta

    def on(self, year: int) -> datetime:
        """Return it by the clock before, in a year."""
        return datetime.combine(self._day(year), datetime.min.time()) + self.time

    def _day(self, year: int) -> date:
        if self.sort == "M":
            month, week, weekday = self.numbers
            first = date(year, month, 1)
            day = 1 + (weekday - first.isoweekday()) % 7 + 7 * (week - 1)
            # The fifth is the last, also where a month has four.
            return date(year, month, day if day <= monthrange(year, month)[1] else day - 7)
        (number,) = self.numbers
        if self.sort == "J":
            number += isleap(year) and number >= _LEAP_DAY
            number -= 1
        return date(year, 1, 1) + timedelta(days=number)


class Zone(NamedTuple):
    """How far ahead of UTC a place is: always alike, or turned twice a year."""

    standard: timedelta
    summer: timedelta | None = None
    start: _Turn | None = None
    end: _Turn | None = None

    def ahead(self, at: datetime) -> timedelta:
        """Return how far ahead of UTC the place is at an instant."""
        if self.summer is None or self.start is None or self.end is None:
            return self.standard
        moment = at.astimezone(UTC).replace(tzinfo=None)
        year = (moment + self.standard).year
        begins = self.start.on(year) - self.standard
        ends = self.end.on(year) - self.summer
        if begins < ends:
            return self.summer if begins <= moment < ends else self.standard
        return self.standard if ends <= moment < begins else self.summer

    def local(self, instant: Instant) -> datetime:
        """Return what the clock of the place shows at an instant."""
        at = to_datetime(instant)
        return at.astimezone(timezone(self.ahead(at)))

    def instant(self, clock: datetime) -> Instant:
        """Return the first instant at which the clock of the place shows at least this.

        What it shows twice is the first time; what is left out when clocks are put forward is
        the instant at which they are.
        """
        naive = clock.replace(tzinfo=None)
        offsets = sorted({self.standard, self.summer or self.standard}, reverse=True)
        for ahead in offsets:
            found = (naive - ahead).replace(tzinfo=UTC)
            if self.ahead(found) == ahead:
                return instant_from_datetime(found)
        # Left out: between what the clock showed last before and what it showed first after.
        turned = [
            turn.on(naive.year) - before
            for turn, before in ((self.start, offsets[-1]), (self.end, offsets[-1]))
            if turn is not None
        ]
        nearest = min(turned, key=lambda one: abs(one - (naive - offsets[-1])))
        return instant_from_datetime(nearest.replace(tzinfo=UTC))

    def midnight(self, day: date) -> Instant:
        """Return the first instant of a day."""
        return self.instant(datetime.combine(day, datetime.min.time()))

    def plus_days(self, instant: Instant, days: int) -> Instant:
        """Return the instant at which the clock shows the same, so many days later."""
        return self.instant(self.local(instant).replace(tzinfo=None) + timedelta(days=days))

    def day(self, instant: Instant) -> date:
        """Return the day of the place on which an instant lies."""
        return self.local(instant).date()


FIXED: Final = {
    "UTC": Zone(timedelta()),
    "Asia/Seoul": Zone(9 * _HOUR),
    "Asia/Tokyo": Zone(9 * _HOUR),
}
"""Zones that need no rule."""


def is_counted(name: str, rule: str) -> bool:
    """Tell whether the days of a zone can be counted: it never turns, or its rule is said."""
    return bool(rule) or name in FIXED


def zone_of(name: str, rule: str = "") -> Zone:
    """Return a zone by its rule; without one, those that never turn; every other counts as UTC.

    Raises:
        Invalid: ``invalid.zone``: the rule is none.
    """
    return parse_rule(rule) if rule else FIXED.get(name, FIXED["UTC"])


@lru_cache(maxsize=64)
def parse_rule(rule: str) -> Zone:
    """Return the zone that a rule describes.

    Raises:
        Invalid: ``invalid.zone``.
    """
    parts = _PARTS.match(rule)
    if parts is None:
        raise Invalid("invalid.zone", "a rule is written like CET-1CEST,M3.5.0,M10.5.0/3")
    # POSIX counts what is to be added to the clock to have UTC: west is more.
    standard = -_time(parts["standard"])
    if parts["start"] is None:
        return Zone(standard)
    said = parts["summer"]
    summer = standard + _HOUR if said is None else -_time(said)
    return Zone(standard, summer, _turn(parts["start"]), _turn(parts["end"]))


def _time(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    hours, *rest = (int(one) for one in text.lstrip("+-").split(":"))
    minutes, seconds = (*rest, 0, 0)[:2]
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _turn(text: str) -> _Turn:
    day, _, clock = text.partition("/")
    time = _time(clock) if clock else 2 * _HOUR
    sort = day[0] if day[0] in "MJ" else ""
    numbers = tuple(int(one) for one in day.removeprefix(sort).split("."))
    return _Turn(sort, numbers, time)
