"""The history of a pact: what it was at a date, in a view; through time; the steps at home."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from comity.agreement.notices import Notice
from comity.agreement.records import EVER, Record
from comity.agreement.sorts import sort_of
from comity.agreement.timeline import Told
from comity.console.api.operation import Operation
from comity.console.pages.course import Seen, seen
from comity.console.pages.visit import Visit
from comity.vocabulary import dates, instants

_MOMENT = rf"^\Z|{dates.PATTERN}|{instants.PATTERN}"
Moment = Annotated[str, Meta(pattern=_MOMENT)]


class ToldBy(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who tells: the books of this house, or the public record that ships.

    Attributes:
        told: The books where they know the pact, by default.
    """

    told: Literal["", "book", "shipped"] = ""


class Through(ToldBy, frozen=True, kw_only=True):
    """As known at which instant (or the end of a day, month or year); ever by default."""

    known: Moment = ""


class AtTime(Through, frozen=True, kw_only=True):
    """At which instant, or end of a day, month or year; in whose view; now, and this house."""

    at: Moment = ""
    view: Annotated[str, Meta(max_length=16)] = ""


class RecordOf(Struct, frozen=True, kw_only=True):
    """One line of a history, in the words of its source.

    Attributes:
        date: As far as it is known.
        since: The earliest instant that it can mean; ``until``: the last.
        known: When it was known.
        sort: ``instrument``, ``home`` (a step of the party's own procedure) or ``beside``
            (without effect on the state).
        leaf: Where it stands in the logs; empty: in none.
    """

    date: str
    since: str
    until: str
    known: str
    party: str
    event: str
    note: str
    sort: str
    leaf: str


class NoticeOf(Struct, frozen=True, kw_only=True):
    """A notice of termination, and whether it was in time by each way of counting days.

    Attributes:
        last_day_by_days: The last day on which it can be given, in the zone of the text.
        was: ``timely``, ``late`` or ``disputed``.
        next_term_last_day: The last day of the term after, for which a late one counts by another
            reading.
        lifted: The date on which its suspension was lifted after the term had ended: its author
            reads that it ends the pact, the other that the term was extended. Empty: it was not.
    """

    by: str
    given: str
    term_end: str
    deadline_by_days: str
    deadline_by_clear_days: str
    was: str
    zone: str
    last_day_by_days: str
    last_day_by_clear_days: str
    term_last_day: str
    next_term_last_day: str
    lifted: str


class History(Struct, frozen=True, kw_only=True):
    """What a pact was.

    Attributes:
        told: Who tells; ``tellings``: who could.
        known: Empty: as is known by now.
        zone: By whose days dates are told and asked for.
        states: Each that is possible where dates are known only in part.
        otherwise: The states if a late notice counts for the next term, where they are others.
        why: The instruments that made it so.
        lawful: What could lawfully be done then.
        notice: The last notice that was not withdrawn.
    """

    pact: str
    told: str
    tellings: tuple[str, ...]
    at: str
    known: str
    view: str
    zone: str
    states: tuple[str, ...]
    otherwise: tuple[str, ...]
    certain: bool
    why: tuple[RecordOf, ...]
    lawful: tuple[str, ...]
    without_effect: tuple[RecordOf, ...]
    notice: NoticeOf | UnsetType = UNSET


class SpanOf(Struct, frozen=True, kw_only=True):
    """From when to when it was what."""

    begins: str
    ends: str
    states: tuple[str, ...]


class ViewOf(Struct, frozen=True, kw_only=True):
    """What it was through time in the view of one party."""

    party: str
    spans: tuple[SpanOf, ...]


class Timeline(Struct, frozen=True, kw_only=True):
    """A pact through time: the states in each view, and every record."""

    pact: str
    told: str
    tellings: tuple[str, ...]
    parties: tuple[str, ...]
    views: tuple[ViewOf, ...]
    records: tuple[RecordOf, ...]


class StepOf(Struct, frozen=True, kw_only=True):
    """A step of a procedure.

    Attributes:
        assumed: That the step exists is assumed by the profile, and published nowhere.
        mark: ``done``, ``skipped``, ``out-of-order`` or ``open`` (not on record).
        date: Empty where it is not on record.
    """

    step: str
    assumed: bool
    mark: str
    date: str


class AttemptOf(Struct, frozen=True, kw_only=True):
    """One attempt at the pact, from an opening of negotiations on."""

    opened: str
    regular: bool
    steps: tuple[StepOf, ...]


class ProcedureOf(Struct, frozen=True, kw_only=True):
    """The procedure of one party."""

    party: str
    attempts: tuple[AttemptOf, ...]


class Procedures(Struct, frozen=True, kw_only=True):
    """The steps at home, of each party of which they are on record."""

    pact: str
    told: str
    procedures: tuple[ProcedureOf, ...]


def _seen(visit: Visit, asked: ToldBy) -> Seen:
    given: Mapping[str, str] = msgspec.structs.asdict(asked)
    return seen(visit, given)


def history(visit: Visit, asked: AtTime) -> History:
    """Say what a pact was at an instant, as known at another, in a party's view."""
    found = _seen(visit, asked)
    told, answer = found.told, found.answer
    notice = answer.notice
    return History(
        pact=told.pact,
        told=found.asked.told_by,
        tellings=found.tellings,
        at=found.asked.at,
        known="" if found.asked.known == EVER else found.asked.known,
        view=found.asked.view,
        zone=told.zone_name,
        states=tuple(one.value for one in answer.states),
        otherwise=tuple(one.value for one in answer.otherwise),
        certain=answer.certain,
        why=tuple(_record(one, told) for one in answer.why),
        lawful=tuple(one.value for one in answer.permitted),
        without_effect=tuple(_record(one, told) for one in answer.without_effect),
        notice=UNSET if isinstance(notice, UnsetType) else _notice(notice, told, answer.woken),
    )


def timeline(visit: Visit, asked: Through) -> Timeline:
    """Say what a pact was through time in each party's view, with every record of it."""
    found = _seen(visit, asked)
    told = found.told
    return Timeline(
        pact=told.pact,
        told=found.asked.told_by,
        tellings=found.tellings,
        parties=told.parties,
        views=tuple(
            ViewOf(
                party=party,
                spans=tuple(
                    SpanOf(
                        begins=one.begins,
                        ends=one.ends,
                        states=tuple(state.value for state in one.states),
                    )
                    for one in spans
                ),
            )
            for party, spans in found.views
        ),
        records=tuple(
            _record(one, told) for one in told.records if one.learnt <= found.asked.known
        ),
    )


def procedure(visit: Visit, asked: ToldBy) -> Procedures:
    """Say which steps at home were done, skipped or taken out of order, attempt by attempt."""
    found = _seen(visit, asked)
    return Procedures(
        pact=found.told.pact,
        told=found.asked.told_by,
        procedures=tuple(
            ProcedureOf(
                party=party,
                attempts=tuple(
                    AttemptOf(
                        opened=one.opened,
                        regular=one.regular,
                        steps=tuple(
                            StepOf(
                                step=each.step,
                                assumed=each.assumed,
                                mark=each.mark.value,
                                date=each.record.date if isinstance(each.record, Record) else "",
                            )
                            for each in one.steps
                        ),
                    )
                    for one in attempts
                ),
            )
            for party, attempts in found.told.attempts
        ),
    )


def _record(one: Record, told: Told) -> RecordOf:
    return RecordOf(
        date=one.date,
        since=one.since,
        until=one.until,
        known=one.learnt,
        party=one.party,
        event=one.event,
        note=one.note,
        sort=sort_of(one, told.parties).value,
        leaf=one.key,
    )


def _notice(one: Notice, told: Told, woken: Record | UnsetType) -> NoticeOf:
    return NoticeOf(
        by=one.party,
        given=one.given,
        term_end=one.term_end,
        deadline_by_days=one.by_days,
        deadline_by_clear_days=one.by_clear_days,
        was=one.timeliness.value,
        zone=told.rules.zone_name,
        last_day_by_days=one.last_day,
        last_day_by_clear_days=one.last_clear_day,
        term_last_day=one.term_last_day,
        next_term_last_day=one.next_last_day,
        lifted="" if isinstance(woken, UnsetType) else woken.date,
    )


_PACT = "/pact/{agreement}"
OPERATIONS = (
    Operation("pactHistory", "pact", "GET", f"{_PACT}/history", history, History, AtTime),
    Operation("pactTimeline", "pact", "GET", f"{_PACT}/timeline", timeline, Timeline, Through),
    Operation("pactProcedure", "pact", "GET", f"{_PACT}/procedure", procedure, Procedures, ToldBy),
)
"""Of a pact's history."""
