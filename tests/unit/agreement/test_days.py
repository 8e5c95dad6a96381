"""Notices and working days around the days on which clocks are turned."""

import pytest

from comity.agreement.case import Calendar, Case
from comity.agreement.clauses.clocks import after_working_days
from comity.agreement.notices import Rules, Timeliness, notice_of, term_end
from comity.agreement.records import Record
from comity.agreement.timeline import Told, spans
from comity.vocabulary.dates import Dated, day_of, interval
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import AgreementId, Party
from comity.vocabulary.zones import parse_rule

NEW_YORK, WARSAW = "EST5EDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3"
RULES = Rules(years=1, notice_days=90, zone=parse_rule(WARSAW))
SINCE = Instant("2025-11-30T23:00:00.000Z")
"""The first instant of 1 December in Warsaw."""


def notice(at: str) -> Record:
    return Record(
        since=Instant(at),
        until=Instant(at),
        date=at,
        agreement="POL-ANY",
        party="POL",
        event="termination-note",
        note="",
    )


@pytest.mark.obligation("GSOMIA-21-3")
@pytest.mark.parametrize(
    ("given", "was"),
    [
        # In time until the day is over on which 91, and 90, whole days are left, by summer time.
        ("2026-08-31T21:59:59.999Z", Timeliness.TIMELY),
        ("2026-08-31T22:00:00.000Z", Timeliness.DISPUTED),
        ("2026-09-01T21:59:59.999Z", Timeliness.DISPUTED),
        ("2026-09-01T22:00:00.000Z", Timeliness.LATE),
    ],
)
def test_a_notice_is_counted_in_days_of_the_place_across_the_change(
    given: str, was: Timeliness
) -> None:
    found = notice_of(RULES, SINCE, notice(given))
    assert found.term_end == "2026-11-30T23:00:00.000Z"
    assert found.by_days == "2026-09-01T22:00:00.000Z"
    assert found.by_clear_days == "2026-08-31T22:00:00.000Z"
    assert found.timeliness is was


def test_a_term_ends_at_the_midnight_of_the_place_in_summer_too() -> None:
    since = interval(Dated("2026-07-01"), RULES.zone)[0]
    assert since == "2026-06-30T22:00:00.000Z"
    assert term_end(RULES, since, 1) == "2027-06-30T22:00:00.000Z"


@pytest.mark.parametrize(
    ("date", "since", "until"),
    [
        ("2026-03-08", "2026-03-08T05:00:00.000Z", "2026-03-09T03:59:59.999Z"),
        ("2026-11-01", "2026-11-01T04:00:00.000Z", "2026-11-02T04:59:59.999Z"),
        ("2026-03", "2026-03-01T05:00:00.000Z", "2026-04-01T03:59:59.999Z"),
        ("2026-11-01 01:30", "2026-11-01T05:30:00.000Z", "2026-11-01T05:30:00.000Z"),
        ("2026-03-08 02:30", "2026-03-08T07:00:00.000Z", "2026-03-08T07:00:00.000Z"),
    ],
)
def test_a_date_is_an_interval_as_long_as_its_day(date: str, since: str, until: str) -> None:
    zone = parse_rule(NEW_YORK)
    assert interval(Dated(date), zone) == (since, until)
    assert day_of(Instant(until), zone)[: len(date[:10])] == date[:10] or len(date) < 10


@pytest.mark.obligation("TIME-1")
@pytest.mark.parametrize(
    ("rule", "at", "days", "due"),
    [
        # Thursday, half past eleven at night; Friday, and Monday after the change.
        (NEW_YORK, "2026-03-06T04:30:00.000Z", 2, "2026-03-10T03:30:00.000Z"),
        (NEW_YORK, "2026-10-30T03:30:00.000Z", 2, "2026-11-03T04:30:00.000Z"),
        (WARSAW, "2026-03-27T22:30:00.000Z", 1, "2026-03-30T21:30:00.000Z"),
        ("", "2026-03-06T04:30:00.000Z", 2, "2026-03-10T04:30:00.000Z"),
    ],
)
def test_a_working_day_ends_at_the_same_time_of_day(
    rule: str, at: str, days: int, due: str
) -> None:
    case = Case(
        acting=Party("USA"),
        counterpart=Party("POL"),
        at=Instant(at),
        calendars=(Calendar(working_days=(1, 2, 3, 4, 5), zone="Any/Where", rule=rule),),
    )
    assert plus_seconds(Instant(at), after_working_days(case, days)) == due


def test_the_states_of_a_pact_turn_at_the_midnights_of_its_zone() -> None:
    signed = notice("2025-11-30T23:00:00.000Z")
    told = Told(
        pact=AgreementId("POL-ANY"),
        parties=(Party("POL"), Party("ANY")),
        rules=Rules(years=1, renewed=False, zone=RULES.zone),
        texts=(),
        zone=RULES.zone,
        zone_name=RULES.zone_name,
        records=(
            Record(
                since=signed.since, until=signed.until, date="2025-12-01", agreement="POL-ANY",
                party="both", event="signed", note="",
            ),
        ),
        attempts=(),
    )  # fmt: skip
    begin, end = Instant("2025-01-01T00:00:00.000Z"), Instant("2027-06-01T00:00:00.000Z")
    found = spans(told, begin=begin, end=end, known=end, view=Party("POL"))
    assert [one.begins for one in found][1:] == [SINCE, "2026-11-30T23:00:00.000Z"]
