"""How a time is shown: the house's own day and hour, with the instant in UTC beside it."""

import pytest

from comity.console.words import vocabulary


@pytest.mark.obligation("TIME-1")
@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [("Asia/Tokyo", "25", "00:30"), ("UTC", "24", "15:30"), ("America/New_York", "24", "10:30")],
)
def test_each_side_reads_its_own_hour_and_the_same_instant(zone: str, day: str, hour: str) -> None:
    shown = str(vocabulary("ja", zone)["when"]("2026-11-24T15:30:00.000Z"))
    assert 'datetime="2026-11-24T15:30:00.000Z"' in shown
    assert f"{day}日" in shown or f"/{day}" in shown
    assert hour in shown
