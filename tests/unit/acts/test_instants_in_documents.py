"""Every instant that a document may hold exists; every one that exists may stand there."""

import re
from calendar import monthrange

import pytest

from comity.vocabulary.instants import PATTERN, parse_instant, to_datetime

YEARS = (1, 4, 100, 400, 1582, 1900, 1996, 2000, 2023, 2024, 2026, 2028, 2100, 2400, 9996, 9999)


@pytest.mark.parametrize("year", YEARS)
def test_the_pattern_takes_the_days_of_the_calendar_and_no_others(year: int) -> None:
    taken = {
        (month, day)
        for month in range(14)
        for day in range(33)
        if re.match(PATTERN, f"{year:04d}-{month:02d}-{day:02d}T00:00:00.000Z")
    }
    days = {(m, d) for m in range(1, 13) for d in range(1, monthrange(year, m)[1] + 1)}
    assert taken == days


def test_what_the_pattern_takes_can_be_reckoned() -> None:
    for year in range(1, 10_000):
        leap = re.match(PATTERN, f"{year:04d}-02-29T23:59:59.999Z") is not None
        assert leap == (monthrange(year, 2)[1] == 29)
    assert to_datetime(parse_instant("0001-01-01T00:00:00.000Z")).year == 1
    assert to_datetime(parse_instant("9999-12-31T23:59:59.999Z")).year == 9999
    assert re.match(PATTERN, "0000-01-01T00:00:00.000Z") is None
