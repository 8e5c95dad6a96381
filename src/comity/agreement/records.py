"""The records of a pact's history: a table of dated events, and dates that are intervals."""

import csv
from typing import Final

from msgspec import UNSET, Struct, UnsetType

from comity.vocabulary.dates import interval, parse_dated
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant, parse_instant
from comity.vocabulary.zones import FIXED, Zone

EVER: Final = Instant("9999-12-31T00:00:00.000Z")
"""Everything that is known is known by then."""

KOREAN_NAME: Final = "Asia/Seoul"
KOREAN: Final = FIXED[KOREAN_NAME]
"""Nine hours ahead of UTC without summer time since 1988; Japan's is the same."""

COLUMNS: Final = ("date", "time_kst", "agreement", "party", "event", "note")

EVENTS: Final = frozenset(
    {
        "activated",
        "amended",
        "announcement",
        "back-burner",
        "cabinet-approved",
        "commented",
        "denied",
        "gazetted",
        "head-of-state-sanctioned",
        "law-asked",
        "law-change",
        "law-revalidated",
        "law-stated",
        "legal-reviewed",
        "negotiation-opened",
        "negotiation-resumed",
        "notes-withdrawn",
        "notice-acknowledged",
        "proposed",
        "publicly-announced",
        "replaced",
        "requirements-met-notified",
        "signature-postponed",
        "signed",
        "suspension-lifted",
        "termination-note",
        "termination-note-suspended",
        "text-initialled",
        "urged",
        "vice-ministers-reviewed",
    }
)
"""What a table can tell. Any other name is a slip of the pen: what it meant had an effect."""


class Record(Struct, frozen=True, kw_only=True):
    """One line of a history.

    Attributes:
        since: The earliest instant at which it can have happened.
        until: The last instant at which it can have happened.
        party: Who did it; ``both`` or ``all`` where every party did.
        event: What happened, as a code.
        note: In the words of the source; shown, never read.
        known: When it was entered; unset: it was known when it happened.
        entered: When it was entered by who did it; unset: somebody else wrote it down.
        key: The leaf that holds it; empty in a table.
        about: The leaf of the notice that it is about; empty: of all that its author gave.
    """

    since: Instant
    until: Instant
    date: str
    agreement: str
    party: str
    event: str
    note: str
    known: Instant | UnsetType = UNSET
    entered: Instant | UnsetType = UNSET
    key: str = ""
    about: str = ""

    @property
    def learnt(self) -> Instant:
        """When it was known."""
        return self.until if isinstance(self.known, UnsetType) else self.known


def read_records(source: str) -> tuple[Record, ...]:
    """Return the records of a table of comma-separated values.

    Raises:
        Invalid: ``invalid.history``, with the line: other columns, a date that is none, or an
            event that is called otherwise.
    """
    rows = csv.DictReader(source.splitlines())
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise Invalid("invalid.history", f"the columns are: {', '.join(COLUMNS)}")
    found = []
    for number, row in enumerate(rows, start=2):
        try:
            if len(row) != len(COLUMNS) or None in row.values():
                raise ValueError(row)
            since, until = _interval(row["date"], row["time_kst"])
        except (Invalid, TypeError, ValueError) as error:
            raise Invalid(
                "invalid.history", f"line {number}: a column, a date or a time is not right"
            ) from error
        if row["event"] not in EVENTS:
            known = ", ".join(sorted(EVENTS))
            raise Invalid(
                "invalid.history",
                f"line {number}: no event is called {row['event'] or 'nothing'}; there are {known}",
            )
        found.append(
            Record(
                since=since,
                until=until,
                date=" ".join(one for one in (row["date"], row["time_kst"]) if one),
                agreement=row["agreement"],
                party=row["party"],
                event=row["event"],
                note=row["note"],
            )
        )
    return tuple(found)


def _interval(day: str, time: str) -> tuple[Instant, Instant]:
    """Return from when and until when a date of the table may be."""
    return interval(parse_dated(f"{day} {time}" if time else day), KOREAN)


def end_of_day(day: str, zone: Zone = KOREAN) -> Instant:
    """Return the last instant of a day, month or year, in Korean time unless said otherwise.

    Raises:
        Invalid: ``invalid.date``.
    """
    return interval(parse_dated(day), zone)[1]


def moment_of(text: str, zone: Zone = KOREAN) -> Instant:
    """Return an instant, or the last one of a day, month or year.

    Raises:
        Invalid: ``invalid.instant``, ``invalid.date``.
    """
    return parse_instant(text) if "T" in text else end_of_day(text, zone)
