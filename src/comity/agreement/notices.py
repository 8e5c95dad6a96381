"""Whether a notice was in time: the deadline by each of the two ways of counting."""

from calendar import isleap, monthrange
from datetime import date
from enum import Enum
from typing import Literal

from msgspec import Struct, UnsetType

from comity.agreement.clauses.force import EntryIntoForce, Term
from comity.agreement.records import KOREAN, KOREAN_NAME, Record
from comity.agreement.text import Agreement
from comity.vocabulary.dates import day_of
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.zones import FIXED, Zone, is_counted, zone_of


class Timeliness(Enum):
    """Whether a notice was in time, by both ways of counting."""

    TIMELY = "timely"
    LATE = "late"
    DISPUTED = "disputed"


class Rules(Struct, frozen=True, kw_only=True):
    """What the agreement says of its own life.

    Attributes:
        signature_suffices: It is in force by signature alone.
        years: The length of one term; 0: without end.
        renewed: It is extended by itself.
        notice_days: How long before the end of a term notice is given.
        notice_months: The same, where it is told in months.
        zone: By whose days the text counts.
        zone_name: What that zone is called.
        counts: Whether a notice counts when it is sent or when it is received.
        counting: How days are reckoned back, where the text says it: else both ways are read.
        late: What a late notice counts for: no term at all, or the next one (``next-term``). No
            text says it; comity acts by the former, and a history tells both.
    """

    signature_suffices: bool = True
    years: int = 0
    renewed: bool = True
    notice_days: int = 0
    notice_months: int = 0
    zone: Zone = KOREAN
    zone_name: str = KOREAN_NAME
    counts: str = "receipt"
    counting: str = "open"
    late: Literal["none", "next-term"] = "none"


class Notice(Struct, frozen=True, kw_only=True):
    """Whether a notice was in time: the deadline by each of the two ways of counting.

    Attributes:
        term_end: When the term ends that the notice is about.
        next_end: When the term after it ends; the same where there is none.
        by_days: Deadline if so many days are reckoned back from the end.
        by_clear_days: Deadline if neither the day of the notice nor that of the end counts.
        last_day: The last day on which it can be given, counted by days, in the text's zone;
            ``last_clear_day`` by clear days, ``term_last_day`` and ``next_last_day`` of a term.
        earliest: The earliest instant that can count as that of the notice.
        latest: The last one: its receipt, or its entry where nobody has acknowledged it.
    """

    party: str
    given: Instant
    earliest: Instant
    latest: Instant
    term_end: Instant
    next_end: Instant
    by_days: Instant
    by_clear_days: Instant
    timeliness: Timeliness
    last_day: str
    last_clear_day: str
    term_last_day: str
    next_last_day: str


def rules_of(agreement: Agreement) -> Rules:
    """Return what the clauses of a text say of its life; days are those of the head's zone."""
    force, term = agreement.clause("entry-into-force"), agreement.clause("term")
    signature = isinstance(force, EntryIntoForce) and force.by == "signature"
    clocks = agreement.meta.clocks
    zone, name = FIXED["UTC"], "UTC"
    if not isinstance(clocks, UnsetType):
        zone = zone_of(clocks.zone, clocks.rule)
        name = clocks.zone if is_counted(clocks.zone, clocks.rule) else name
    if not isinstance(term, Term):
        return Rules(signature_suffices=signature, zone=zone, zone_name=name)
    return Rules(
        signature_suffices=signature,
        years=term.years,
        renewed=term.renewal == "automatic",
        notice_days=term.notice_days,
        notice_months=term.notice_months,
        zone=zone,
        zone_name=name,
        counts=term.counts,
        counting=term.counting,
    )


def term_end(rules: Rules, since: Instant, terms: int) -> Instant:
    """Return when so many terms are over: midnight, by the pact's own days, of the anniversary.

    A term that began on 29 February ends with 28 February where there is no other: at the
    midnight with which 1 March begins.
    """
    begun = rules.zone.day(since)
    year, month, day = min(begun.year + rules.years * terms, 9999), begun.month, begun.day
    if (month, day) == (2, 29) and not isleap(year):
        month, day = 3, 1
    return rules.zone.midnight(date(year, month, day))


def apart(rules: Rules, at: Instant, *, ahead: bool = False) -> Instant:
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
        end = apart(rules, latest, ahead=True)
    by_days = apart(rules, end)
    by_clear = rules.zone.plus_days(by_days, -1)
    strict = by_days if rules.counting == "days" else by_clear
    lenient = by_clear if rules.counting == "clear-days" else by_days
    if not rules.years or latest < strict:
        timeliness = Timeliness.TIMELY
    elif earliest >= lenient:
        timeliness = Timeliness.LATE
    else:
        timeliness = Timeliness.DISPUTED
    next_end = term_end(rules, since, terms + 1) if rules.years and rules.renewed else end
    return Notice(
        party=one.party,
        given=one.until,
        earliest=earliest,
        latest=latest,
        term_end=end,
        next_end=next_end,
        by_days=by_days,
        by_clear_days=by_clear,
        timeliness=timeliness,
        last_day=_last_day(rules, by_days),
        last_clear_day=_last_day(rules, by_clear),
        term_last_day=_last_day(rules, end),
        next_last_day=_last_day(rules, next_end),
    )


def _last_day(rules: Rules, end: Instant) -> str:
    """Return the last day before an instant, which is most often a midnight."""
    return day_of(plus_seconds(end, -0.001), rules.zone)
