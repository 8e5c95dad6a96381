"""A pact's history laid out in time: from when to when it was what, and what each record is.

The states come from :func:`comity.agreement.history.ask`, asked once at each instant at which the
answer can change; nothing here decides anything of its own.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct, UnsetType

from comity.agreement.history import Answer, ask
from comity.agreement.life import State
from comity.agreement.notices import Rules, apart
from comity.agreement.placing import term_ends
from comity.agreement.procedure import Attempt, Mark
from comity.agreement.records import Record
from comity.agreement.text import Agreement
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import AgreementId, Party
from comity.vocabulary.zones import Zone

_TICK: Final = 0.001
_BEGINS_TERM: Final = frozenset({"signed", "requirements-met-notified", "activated"})


class Span(Struct, frozen=True, kw_only=True):
    """From when to when a pact was what, in one party's view.

    Attributes:
        begins: The first instant of it.
        ends: The first instant after it; of the last one: where the question ended.
        states: Two where a partial date leaves both open.
    """

    begins: Instant
    ends: Instant
    states: tuple[State, ...]


class Told(Struct, frozen=True, kw_only=True):
    """A pact's history as somebody tells it: a house's books, or a table that ships.

    Attributes:
        texts: The versions that are known, the oldest first.
        zone: By whose days dates are told and asked for; ``zone_name``: what it is called.
        records: What happened, in order.
        attempts: Each party's own procedure, as far as it is known here.
    """

    pact: AgreementId
    parties: tuple[Party, ...]
    rules: Rules
    texts: tuple[Agreement, ...]
    zone: Zone
    zone_name: str
    records: tuple[Record, ...]
    attempts: tuple[tuple[Party, tuple[Attempt, ...]], ...]

    def ask(self, *, at: Instant, known: Instant, view: Party) -> Answer:
        """Answer what it was (:func:`comity.agreement.history.ask`)."""
        return ask(self.records, self.rules, self.parties, at=at, known=known, view=view)


def spans(
    told: Told, *, begin: Instant, end: Instant, known: Instant, view: Party
) -> tuple[Span, ...]:
    """Return what a pact was from one instant to another, without a gap, neighbours differing.

    Args:
        told: Its history.
        begin: From when.
        end: Until when; after ``begin``.
        known: As known at this instant.
        view: Whose reading counts.
    """
    turns = sorted({one for one in _turns(told, known, view) if begin < one < end} | {begin})
    found: list[Span] = []
    for turn, after in zip(turns, [*turns[1:], end], strict=True):
        now = told.ask(at=turn, known=known, view=view).states
        if found and found[-1].states == now:
            found[-1] = Span(begins=found[-1].begins, ends=after, states=now)
        else:
            found.append(Span(begins=turn, ends=after, states=now))
    return tuple(found)


def _turns(told: Told, known: Instant, view: Party) -> set[Instant]:
    """Return every instant at which an answer may change: a record, or the end of a term.

    The last instant of a date is the first at which what happened on it is certain.
    """
    rules = told.rules
    heard = [one for one in told.records if one.learnt <= known]
    found = {one.since for one in heard} | {one.until for one in heard}
    for one in heard:
        if one.event == "termination-note":
            notice = told.ask(at=one.until, known=known, view=view).notice
            if not isinstance(notice, UnsetType):
                found.add(notice.term_end)
            if not rules.years:
                found |= {apart(rules, each, ahead=True) for each in (one.since, one.until)}
        if one.event in _BEGINS_TERM:
            last = max(each.until for each in heard)
            found |= {each for at in (one.since, one.until) for each in term_ends(rules, at, last)}
    return found


def skipped(attempts: Iterable[Attempt]) -> tuple[tuple[str, Record], ...]:
    """Return each step that an attempt skipped, with the later step that shows it."""
    found = []
    for attempt in attempts:
        for rank, step in enumerate(attempt.steps):
            if step.mark is not Mark.SKIPPED:
                continue
            later = [
                one.record for one in attempt.steps[rank + 1 :] if isinstance(one.record, Record)
            ]
            found.append((step.step, min(later, key=lambda one: one.until)))
    return tuple(found)


def end_of(record: Record) -> Instant:
    """Return the first instant after everything that a record's date can mean."""
    return plus_seconds(record.until, _TICK)
