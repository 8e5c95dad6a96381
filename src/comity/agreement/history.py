"""The history of a pact, from its instruments: what it was, per date, per known-at, per view.

Bitemporal: ``at`` is the date asked about, ``known`` the date on which one asks. A record counts
only once it was known. A date that is only partly known is an interval; within it the answer
holds both states and says that it is not certain. Announcements, comments and domestic steps
stand in the history, attributed, and change no state (Korea-Japan 2016, Article 21).
"""

import csv
from calendar import isleap, monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum
from typing import Final

from msgspec import UNSET, Struct, UnsetType

from comity.agreement.clauses.force import EntryIntoForce, Term
from comity.agreement.text import Agreement
from comity.vocabulary.dates import interval, parse_dated
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant, parse_instant
from comity.vocabulary.names import Party
from comity.vocabulary.zones import FIXED, Zone, zone_of

EVER: Final = Instant("9999-12-31T00:00:00.000Z")
"""Everything that is known is known by then."""

KOREAN: Final = FIXED["Asia/Seoul"]
"""Nine hours ahead of UTC without summer time since 1988; Japan's is the same."""

COLUMNS: Final = ("date", "time_kst", "agreement", "party", "event", "note")


class State(Enum):
    """What a pact is. ``NONE``: nobody has begun."""

    NONE = "none"
    NEGOTIATION = "negotiation"
    INITIALLED = "initialled"
    POSTPONED = "signature-postponed"
    BACK_BURNER = "back-burner"
    SIGNED = "signed"
    IN_FORCE = "in-force"
    NOTICE_GIVEN = "notice-given"
    NOTICE_SUSPENDED = "notice-suspended"
    LAPSED = "lapsed"


class Timeliness(Enum):
    """Whether a notice was in time, by both ways of counting."""

    TIMELY = "timely"
    LATE = "late"
    DISPUTED = "disputed"


class Permitted(Enum):
    """Which acts are lawful."""

    PROVIDE = "provide"
    PROTECT = "protect"
    INSTRUMENTS = "instruments"


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


class Rules(Struct, frozen=True, kw_only=True):
    """What the agreement says of its own life.

    Attributes:
        signature_suffices: It is in force by signature alone.
        years: The length of one term; 0: without end.
        renewed: It is extended by itself.
        notice_days: How long before the end of a term notice is given.
        notice_months: The same, where it is told in months.
        zone: By whose days the text counts.
        counts: Whether a notice counts when it is sent or when it is received.
        counting: How days are reckoned back, where the text says it: else both ways are read.
    """

    signature_suffices: bool = True
    years: int = 0
    renewed: bool = True
    notice_days: int = 0
    notice_months: int = 0
    zone: Zone = KOREAN
    counts: str = "receipt"
    counting: str = "open"


class Notice(Struct, frozen=True, kw_only=True):
    """Whether a notice was in time: the deadline by each of the two ways of counting.

    Attributes:
        term_end: When the term ends that the notice is about.
        by_days: Deadline if so many days are reckoned back from the end.
        by_clear_days: Deadline if neither the day of the notice nor that of the end counts.
        earliest: The earliest instant that can count as that of the notice.
        latest: The last one: its receipt, or its entry where nobody has acknowledged it.
    """

    party: str
    given: Instant
    earliest: Instant
    latest: Instant
    term_end: Instant
    by_days: Instant
    by_clear_days: Instant
    timeliness: Timeliness


class Answer(Struct, frozen=True, kw_only=True):
    """What a pact was at a date, as known at another, in one party's view.

    Attributes:
        states: The state; two where a partial date leaves both open.
        why: The instruments that made it so, in order.
        permitted: What is lawful in every state that is open.
        notice: The last notice that is not withdrawn, with both readings.
        without_effect: What was said or done beside it and changed nothing.
    """

    states: tuple[State, ...]
    why: tuple[Record, ...]
    permitted: tuple[Permitted, ...]
    notice: Notice | UnsetType
    without_effect: tuple[Record, ...]

    @property
    def certain(self) -> bool:
        """Whether the records leave one state only."""
        return len(self.states) == 1


_SIMPLE: Final = {
    "negotiation-opened": State.NEGOTIATION,
    "negotiation-resumed": State.NEGOTIATION,
    "text-initialled": State.INITIALLED,
    "signature-postponed": State.POSTPONED,
    "back-burner": State.BACK_BURNER,
    "activated": State.IN_FORCE,
}
"""Before signature the last word counts. After it none of these changes anything."""

_JOINT: Final = {"signed", "requirements-met-notified"}
_NOTES: Final = {
    "notice-acknowledged",
    "replaced",
    "termination-note",
    "termination-note-suspended",
    "suspension-lifted",
    "notes-withdrawn",
}
EFFECTIVE: Final = frozenset(_SIMPLE) | _JOINT | _NOTES
"""The events that are instruments. Every other one stands in the history without effect."""


def rules_of(agreement: Agreement) -> Rules:
    """Return what the clauses of a text say of its life; days are those of the head's zone."""
    force, term = agreement.clause("entry-into-force"), agreement.clause("term")
    signature = isinstance(force, EntryIntoForce) and force.by == "signature"
    clocks = agreement.meta.clocks
    zone = FIXED["UTC"]
    if not isinstance(clocks, UnsetType):
        zone = zone_of(clocks.zone, clocks.rule)
    if not isinstance(term, Term):
        return Rules(signature_suffices=signature, zone=zone)
    return Rules(
        signature_suffices=signature,
        years=term.years,
        renewed=term.renewal == "automatic",
        notice_days=term.notice_days,
        notice_months=term.notice_months,
        zone=zone,
        counts=term.counts,
        counting=term.counting,
    )


def read_records(source: str) -> tuple[Record, ...]:
    """Return the records of a table of comma-separated values.

    Raises:
        Invalid: ``invalid.history``, with the line: other columns, or a date that is none.
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


def ask(  # noqa: PLR0913 - what is asked, of what, when, by whom
    records: Iterable[Record],
    rules: Rules,
    parties: Sequence[Party],
    *,
    at: Instant,
    known: Instant,
    view: Party,
) -> Answer:
    """Answer what a pact was at a date, as known at another, in one party's view.

    Args:
        records: Its history, of one agreement.
        rules: What its text says of its life.
        parties: Its parties.
        at: The instant asked about.
        known: Records that were not certain by then are left out.
        view: Whose reading of a disputed notice counts.
    """
    told = sorted((one for one in records if one.learnt <= known), key=lambda one: one.until)
    certain = [one for one in told if one.until <= at]
    possible = [one for one in told if one.since <= at]
    surely = Life(rules, parties, view, at).run(certain)
    perhaps = Life(rules, parties, view, at).run(possible)
    lives = (surely,) if surely.state is perhaps.state else (surely, perhaps)
    permitted = tuple(
        one for one in Permitted if all(one in permitted_in(life.state) for life in lives)
    )
    return Answer(
        states=tuple(life.state for life in lives),
        why=tuple(lives[-1].why),
        permitted=permitted,
        notice=lives[-1].notice,
        without_effect=tuple(one for one in certain if one.event not in EFFECTIVE),
    )


def permitted_in(state: State) -> tuple[Permitted, ...]:
    """Return which acts are lawful in a state: after the end only what protects goes on."""
    if state in (State.IN_FORCE, State.NOTICE_GIVEN, State.NOTICE_SUSPENDED):
        return (Permitted.PROVIDE, Permitted.PROTECT, Permitted.INSTRUMENTS)
    if state is State.LAPSED:
        return (Permitted.PROTECT, Permitted.INSTRUMENTS)
    return (Permitted.INSTRUMENTS,)


class Given:
    """A notice that is not withdrawn, and whether its effect is suspended."""

    def __init__(self, record: Record, notice: Notice) -> None:
        """Keep a notice that is awake."""
        self.record, self.notice, self.suspended = record, notice, False


class Life:
    """Follows one history up to an instant, as one party reads it."""

    def __init__(self, rules: Rules, parties: Sequence[Party], view: Party, at: Instant) -> None:
        """Begin with nothing."""
        self._rules, self._parties, self._view, self._at = rules, parties, view, at
        self.state = State.NONE
        self.why: list[Record] = []
        self.notices: list[Given] = []
        self._signed: set[str] = set()
        self._noted: set[str] = set()
        self._replaced: dict[str, set[str]] = {}
        self._since: Instant | UnsetType = UNSET
        self._received: dict[str, Record] = {}

    @property
    def notice(self) -> Notice | UnsetType:
        """The last notice that is not withdrawn."""
        return self.notices[-1].notice if self.notices else UNSET

    def begin(self, since: Instant) -> "Life":
        """Begin in force, since an instant."""
        self._since, self.state = since, State.IN_FORCE
        return self

    def run(self, records: Iterable[Record]) -> "Life":
        """Follow the records, which are in order, and then go on to the instant asked about."""
        told = list(records)
        for one in told:
            if one.event == "notice-acknowledged":
                # What counts is the first word of the one who received it.
                self._received.setdefault(one.about, one)
        for one in told:
            # The end of a term comes by itself, between two records.
            self._lapse(one.until)
            if self.state is State.LAPSED and one.event != "notes-withdrawn":
                # What is dead is not brought back by a suspension; only a new text is new.
                self._reopen(one)
            else:
                self._take(one)
        self._lapse(self._at)
        return self

    def _reopen(self, one: Record) -> None:
        if one.event in ("negotiation-opened", "negotiation-resumed"):
            self.state = State.NEGOTIATION
            self.why = [one]
            self._signed, self._noted, self._since = set(), set(), UNSET
            self.notices = []

    def _take(self, one: Record) -> None:
        if one.event not in EFFECTIVE:
            return
        if one.event in _NOTES:
            self._note(one)
        elif not isinstance(self._since, UnsetType):
            return
        elif one.event in _JOINT:
            self._joint(one)
        elif not self._all(self._signed):
            self.state = _SIMPLE[one.event]
            if one.event.startswith("negotiation"):
                self.why = []
            self.why.append(one)
            if self.state is State.IN_FORCE:
                self._since = one.until

    def _joint(self, one: Record) -> None:
        who = set(self._parties) if one.party in ("both", "all") else {one.party}
        (self._signed if one.event == "signed" else self._noted).update(who)
        self.why.append(one)
        if not self._all(self._signed):
            return
        self.state = State.SIGNED
        if self._rules.signature_suffices or self._all(self._noted):
            self.state = State.IN_FORCE
            # The later of two notifications; of a day without a time, the day itself counts.
            self._since = one.since

    def _all(self, who: set[str]) -> bool:
        return set(self._parties) <= who

    def _note(self, one: Record) -> None:
        if isinstance(self._since, UnsetType):
            return  # a notice of what is not in force ends nothing
        if self.state is State.LAPSED:
            return
        mine = [given for given in self.notices if self._is_about(one, given)]
        match one.event:
            case "termination-note":
                notice = notice_of(
                    self._rules, self._since, one, received=self._received.get(one.key)
                )
                self.notices.append(Given(one, notice))
            case "notice-acknowledged":
                pass
            case "replaced":
                self._replaced.setdefault(one.about, set()).add(one.party)
            case "termination-note-suspended" if any(self._counts(each) for each in mine):
                for each in mine:
                    each.suspended = True
            case "suspension-lifted" if any(each.suspended for each in mine):
                for each in mine:
                    each.suspended = False
                self.notices = [each for each in self.notices if not self._spent(each, one)]
            case "notes-withdrawn":
                self.notices = [each for each in self.notices if each not in mine]
            case _:
                return
        self._settle()
        self.why.append(one)

    def _settle(self) -> None:
        """Say what the notices that stand come to."""
        counting = [each for each in self.notices if self._counts(each)]
        if any(self._all(who) for who in self._replaced.values()):
            self.state = State.LAPSED
        elif any(not each.suspended for each in counting):
            self.state = State.NOTICE_GIVEN
        elif counting:
            self.state = State.NOTICE_SUSPENDED
        else:
            self.state = State.IN_FORCE

    def _is_about(self, one: Record, given: Given) -> bool:
        """Tell whether a record is about a notice: only its own author moves it."""
        if one.party not in (given.record.party, "both", "all"):
            return False
        return not one.about or one.about == given.record.key

    def _spent(self, given: Given, one: Record) -> bool:
        """Tell whether a notice that is woken is spent: the term ended while it slept.

        The other party reads that the term was extended; the notice's author that it bites now.
        """
        return (
            self._is_about(one, given)
            and self._view != given.notice.party
            and given.notice.term_end <= one.until
        )

    def _counts(self, given: Given) -> bool:
        """Tell whether a notice ends the term in this view: each party has its own reading."""
        if given.notice.timeliness is Timeliness.LATE:
            return False
        return given.notice.timeliness is Timeliness.TIMELY or given.notice.party == self._view

    def _lapse(self, now: Instant) -> None:
        if isinstance(self._since, UnsetType) or self.state is State.LAPSED:
            return
        awake = [each for each in self.notices if self._counts(each) and not each.suspended]
        if any(each.notice.term_end <= now for each in awake):
            self.state = State.LAPSED
        elif not self._rules.renewed and self._rules.years:
            ended = term_end(self._rules, self._since, 1) <= now
            self.state = State.LAPSED if ended else self.state


def term_end(rules: Rules, since: Instant, terms: int) -> Instant:
    """Return when so many terms are over: midnight, by the pact's own days, of the anniversary.

    A term that began on 29 February ends with 28 February where there is no other: at the
    midnight with which 1 March begins.
    """
    begun = rules.zone.day(since)
    year, month, day = begun.year + rules.years * terms, begun.month, begun.day
    if (month, day) == (2, 29) and not isleap(year):
        month, day = 3, 1
    return rules.zone.midnight(date(year, month, day))


def _apart(rules: Rules, at: Instant, *, ahead: bool = False) -> Instant:
    """Return the instant a notice's length before another, or after it; months by the calendar."""
    sign = 1 if ahead else -1
    if not rules.notice_months:
        return rules.zone.plus_days(at, sign * rules.notice_days)
    here = rules.zone.local(at)
    count = here.year * 12 + here.month - 1 + sign * rules.notice_months
    year, month = count // 12, count % 12 + 1
    day = min(here.day, monthrange(year, month)[1])
    return rules.zone.instant(here.replace(year=year, month=month, day=day))


def notice_of(
    rules: Rules, since: Instant, one: Record, *, received: Record | None = None
) -> Notice:
    """Say of a notice which term it is about, and whether it was in time in either reading.

    The whole day on which a notice can last be given counts. A notice whose time of day is not
    known is as late as its day is long. Where receipt counts, the day that the receiver states
    counts beside the author's: if the two lead to different answers, it is disputed. A notice
    that nobody acknowledged is as late as its entry: a date in the past proves nothing.
    """
    entered = one.until if isinstance(one.entered, UnsetType) else one.entered
    earliest, latest = one.since, entered
    if received is not None and received.party != one.party:
        latest = max(one.until, received.until)
        if rules.counts == "dispatch":
            latest = min(entered, latest)
        else:
            earliest = min(one.since, received.since)
    terms = 1
    while rules.years and term_end(rules, since, terms) <= one.until:
        terms += 1
    end = term_end(rules, since, terms) if rules.years else one.until
    if not rules.years:
        end = _apart(rules, latest, ahead=True)
    by_days = _apart(rules, end)
    by_clear = rules.zone.plus_days(by_days, -1)
    strict = by_days if rules.counting == "days" else by_clear
    lenient = by_clear if rules.counting == "clear-days" else by_days
    if not rules.years or latest <= strict:
        timeliness = Timeliness.TIMELY
    elif earliest >= lenient:
        timeliness = Timeliness.LATE
    else:
        timeliness = Timeliness.DISPUTED
    return Notice(
        party=one.party,
        given=one.until,
        earliest=earliest,
        latest=latest,
        term_end=end,
        by_days=by_days,
        by_clear_days=by_clear,
        timeliness=timeliness,
    )
