"""Where in time the records of a history can lie: every order in which they can have happened.

A date that is a day, a month or a year is an interval. What a pact was depends on which side of
one another, of the end of a term, of a notice's last day and of the instant asked about the records
lie. So each interval is cut at these points, and a placing takes one piece of each. Records of one
and the same date happened in the order in which they are told, and what is about a notice after it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice, pairwise
from math import prod
from typing import Final

from msgspec import structs

from comity.agreement.notices import Rules, apart, term_end
from comity.agreement.records import Record
from comity.vocabulary.instants import Instant, plus_seconds

MOST: Final = 512
"""So many placings are followed at most; what is left out makes an answer uncertain."""

_TICK: Final = 0.001
_BEGINS: Final = frozenset({"signed", "requirements-met-notified", "activated"})
"""Events by which a term can begin."""

Placing = tuple[Record, ...]


def placings(
    records: Sequence[Record], rules: Rules, at: Instant
) -> tuple[tuple[Placing, ...], bool]:
    """Return what can have happened by an instant, in each order in which it can have.

    The first is the one in which everything lies as late as it can.

    Args:
        records: Instruments, by the last instant that each can mean.
        rules: What the text says of its life.
        at: The instant asked about; what lies after it has not happened.

    Returns:
        The placings, and whether they are all.
    """
    told = [one for one in records if one.since <= at]
    points = _points(told, at)
    begun = {id(one): points | _back(one, points, rules) for one in told if one.event in _BEGINS}
    ends = {
        one
        for each in told
        if each.event in _BEGINS
        for piece in _pieces(each, begun[id(each)], at)
        for one in term_ends(rules, piece.since, told[-1].until)
    }
    cuts = points | ends | _deadlines(ends, points, rules)
    pieces = [_pieces(one, cuts | begun.get(id(one), set()), at) for one in told]
    # Where one date's records keep their order, far fewer lie apart than their pieces multiply to.
    every = tuple(islice(_lying(told, pieces, at), MOST + 1))
    if len(every) <= MOST:
        return tuple(dict.fromkeys(every)), True
    return tuple(dict.fromkeys(_lying(told, _bounded(pieces), at))), False


def term_ends(rules: Rules, since: Instant, until: Instant) -> Iterator[Instant]:
    """Return the ends of the terms that began at an instant, as far as another one."""
    if not rules.years:
        return
    terms = 1
    while (end := term_end(rules, since, terms)) <= until:
        yield end
        if not rules.renewed:
            return
        terms += 1
    yield end


def _points(records: Iterable[Record], at: Instant) -> set[Instant]:
    """Return where records begin and are over, and the first instant after the one asked about."""
    found = {after(at)}
    for one in records:
        found |= {one.since, after(one.until)}
    return found


def _deadlines(ends: Iterable[Instant], points: Iterable[Instant], rules: Rules) -> set[Instant]:
    """Return the ends of a notice's last day; without terms, whence it ends by a given point."""
    days = [apart(rules, one) for one in (ends if rules.years else points)]
    return {*days, *(rules.zone.plus_days(one, -1) for one in days)}


def _back(one: Record, points: Iterable[Instant], rules: Rules) -> set[Instant]:
    """Return the days on which a term must begin to end, or to be given notice of, at a point."""
    if not rules.years:
        return set()
    zone = rules.zone
    first, last = zone.day(one.since), zone.day(one.until)
    if first == last:
        return set()
    found = set()
    for point in points:
        for moment in (point, apart(rules, point, ahead=True)):
            day = zone.day(moment)
            for year in range(first.year, last.year + 1):
                leapt = (day.month, day.day) == (2, 29)
                begun = zone.midnight(date(year, 3, 1) if leapt else day.replace(year=year))
                found |= {zone.plus_days(begun, more) for more in (-1, 0, 1, 2)}
    return found


def _pieces(one: Record, cuts: Iterable[Instant], at: Instant) -> tuple[Record, ...]:
    """Return a record in each piece of its interval, the latest first; after the instant, once."""
    inner = sorted({cut for cut in cuts if one.since < cut <= min(one.until, after(at))})
    if not inner:
        return (one,)
    bounds = [one.since, *inner, after(one.until)]
    return tuple(
        structs.replace(one, since=begin, until=plus_seconds(end, -_TICK))
        for begin, end in reversed(tuple(pairwise(bounds)))
    )


def _bounded(pieces: Sequence[tuple[Record, ...]]) -> list[tuple[Record, ...]]:
    """Return the pieces of each record, of so few records that the placings can be followed."""
    found = list(pieces)
    while prod(len(one) for one in found) > MOST:
        longest = max(range(len(found)), key=lambda rank: len(found[rank]))
        several = found[longest]
        found[longest] = (several[0], several[-1]) if len(several) > 2 else several[:1]  # noqa: PLR2004 - both ends
    return found


def _lying(
    told: Sequence[Record], pieces: Sequence[tuple[Record, ...]], at: Instant
) -> Iterator[Placing]:
    """Return each choice of one piece of every record, in the order in which they then lie."""

    def choose(rank: int, chosen: tuple[Record, ...]) -> Iterator[tuple[Record, ...]]:
        if rank == len(told):
            yield chosen
            return
        one = told[rank]
        before = max(
            (chosen[other].since for other in range(rank) if _precedes(told[other], one)),
            default=one.since,
        )
        for piece in pieces[rank]:
            if piece.since >= before:
                yield from choose(rank + 1, (*chosen, piece))

    for chosen in choose(0, ()):
        happened = [one for one in chosen if one.until <= at]
        yield tuple(sorted(happened, key=lambda one: one.until))


def _precedes(told: Record, one: Record) -> bool:
    """Tell whether a record, told before another, happened before it whatever their dates."""
    # What was entered on its own day is over with its entry: one date has several last instants.
    same = told.date == one.date and told.since == one.since
    return same or (bool(one.about) and one.about == told.key)


def after(instant: Instant) -> Instant:
    """Return the first instant after another."""
    return plus_seconds(instant, _TICK)
