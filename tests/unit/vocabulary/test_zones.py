"""Days in any zone: a rule counts as the world's table does, on the days of change too."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

import pytest

from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant, instant_from_datetime
from comity.vocabulary.zones import parse_rule, zone_of

NEW_YORK, WARSAW = "EST5EDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3"
BY_THE_MOON = {"Africa/Casablanca", "Africa/El_Aaiun", "Asia/Gaza", "Asia/Hebron"}
"""Zones that no yearly rule describes before 2088: their clocks go by the month of fasting."""


def rule_of(name: str) -> str:
    """Return the rule at the end of a zone's file on this machine (RFC 9636, 3.3)."""
    for folder in TZPATH:
        path = Path(folder) / name
        if path.is_file():
            return path.read_bytes().rstrip(b"\n").rpartition(b"\n")[2].decode()
    return ""


def known() -> list[tuple[str, str]]:
    found = [(name, rule_of(name)) for name in sorted(available_timezones())]
    return [(name, rule) for name, rule in found if rule]


@pytest.mark.obligation("TIME-1")
@pytest.mark.parametrize(
    ("rule", "day", "begins", "ends"),
    [
        # Put forward: the day has 23 hours. Put back: 25.
        (NEW_YORK, date(2026, 3, 7), "2026-03-07T05:00:00.000Z", "2026-03-08T05:00:00.000Z"),
        (NEW_YORK, date(2026, 3, 8), "2026-03-08T05:00:00.000Z", "2026-03-09T04:00:00.000Z"),
        (NEW_YORK, date(2026, 11, 1), "2026-11-01T04:00:00.000Z", "2026-11-02T05:00:00.000Z"),
        (WARSAW, date(2026, 3, 29), "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"),
        (WARSAW, date(2026, 10, 25), "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"),
        (WARSAW, date(2026, 7, 1), "2026-06-30T22:00:00.000Z", "2026-07-01T22:00:00.000Z"),
    ],
)
def test_a_day_on_which_clocks_are_turned(rule: str, day: date, begins: str, ends: str) -> None:
    zone = parse_rule(rule)
    assert zone.midnight(day) == begins
    assert zone.midnight(day + timedelta(days=1)) == ends
    assert zone.day(Instant(begins)) == day
    last = datetime.fromisoformat(ends) - timedelta(milliseconds=1)
    assert zone.day(instant_from_datetime(last)) == day


def test_a_day_that_begins_at_one_because_midnight_is_left_out() -> None:
    beirut = parse_rule("EET-2EEST,M3.5.0/0,M10.5.0/0")
    assert beirut.midnight(date(2026, 3, 29)) == "2026-03-28T22:00:00.000Z"
    assert beirut.local(Instant("2026-03-28T22:00:00.000Z")).hour == 1
    # And a day whose last hour is there twice begins where it first does.
    assert beirut.midnight(date(2026, 10, 25)) == "2026-10-24T22:00:00.000Z"


def test_the_same_time_of_day_some_days_later() -> None:
    zone = parse_rule(NEW_YORK)
    assert zone.plus_days(Instant("2026-03-07T17:00:00.000Z"), 1) == "2026-03-08T16:00:00.000Z"
    assert zone.plus_days(Instant("2026-11-01T03:30:00.000Z"), 1) == "2026-11-02T04:30:00.000Z"
    # 02:30 is left out on the day: the instant at which clocks are put forward stands for it.
    assert zone.plus_days(Instant("2026-03-07T07:30:00.000Z"), 1) == "2026-03-08T07:00:00.000Z"


def test_every_zone_of_this_machine_counts_as_its_table_does() -> None:
    """At every hour of the days of change of three years, and once a day between."""
    zones = known()
    if not zones:
        pytest.skip("no table of zones on this machine")
    assert len(zones) > 300
    for name, rule in {(one[1], one[0] in BY_THE_MOON): one for one in zones}.values():
        zone, table = parse_rule(rule), ZoneInfo(name)
        for year in (2100,) if name in BY_THE_MOON else (2027, 2028, 2100):
            at = datetime(year, 1, 1, tzinfo=UTC)
            before = None
            while at.year == year:
                expected = at.astimezone(table).utcoffset()
                if before not in (None, expected):
                    for minutes in range(-26 * 60, 2, 30):
                        near = at + timedelta(minutes=minutes)
                        assert zone.ahead(near) == near.astimezone(table).utcoffset(), (name, near)
                assert zone.ahead(at) == expected, (name, at)
                before = expected
                at += timedelta(days=1)


@pytest.mark.parametrize(
    "rule",
    ["", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-25",
     "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,J0,J300", "CET-1CEST,J366,J300", "C1", "CET-1\n",
     "CET-1CEST,M3.5.0/168,M10.5.0"],
)  # fmt: skip
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(Invalid):
        parse_rule(rule)


def test_without_a_rule_a_zone_that_turns_counts_as_utc() -> None:
    assert zone_of("Europe/Warsaw") == zone_of("UTC")
    assert zone_of("Asia/Tokyo").midnight(date(2026, 1, 1)) == "2025-12-31T15:00:00.000Z"
