"""What is asked of a pact's history, and what it then is: for the page, the drawing and the API.

A pact may be told twice: by this house's own books, and by the public record that ships. Both
are shown by the same code, one at a time, and never mixed.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from comity.agreement import shipped
from comity.agreement.history import Answer
from comity.agreement.records import EVER, moment_of
from comity.agreement.timeline import Span, Told, spans
from comity.console.pages.visit import Visit
from comity.node import lived
from comity.node.receiving import absent
from comity.vocabulary.dates import day_of
from comity.vocabulary.digests import parse_digest
from comity.vocabulary.errors import Invalid, Refused
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import AgreementId, Party, parse_agreement_id

_PART: Final = 40
"""One part in so many more is drawn on each side."""

BOOK, SHIPPED = "book", "shipped"


class Asked(NamedTuple):
    """What is asked of a pact's history.

    Attributes:
        told_by: Which telling: ``book`` or ``shipped``.
        at: The instant asked about.
        known: As known at this instant.
        view: Whose reading counts.
    """

    told_by: str
    at: Instant
    known: Instant
    view: Party


class Seen(NamedTuple):
    """A pact's history as one asks of it.

    Attributes:
        tellings: By which it can be told.
        begin: Where what is drawn begins; ``end``: where it ends.
    """

    told: Told
    tellings: tuple[str, ...]
    asked: Asked
    answer: Answer
    begin: Instant
    end: Instant
    views: tuple[tuple[Party, tuple[Span, ...]], ...]


def seen(visit: Visit, given: Mapping[str, str]) -> Seen:
    """Return a pact's history as it is asked for.

    Args:
        visit: Who looks at which pact.
        given: ``told``, ``at``, ``known``, ``view``; what is not given is as by default.

    Raises:
        Refused: ``refused.absent``: neither the books nor what ships tell of it;
            ``refused.pact.view``.
        Invalid: ``invalid.date``, ``invalid.instant``.
    """
    tellings = _tellings(visit, pact_of(visit))
    wanted = given.get("told", "")
    by = wanted if wanted in tellings else next(iter(tellings), "")
    if not by or wanted not in ("", by):
        raise absent()
    told = tellings[by]
    own = visit.node.party
    view = Party(given.get("view") or (own if own in told.parties else told.parties[0]))
    lived.require_view(told, view)
    zone = told.zone
    asked = Asked(
        told_by=by,
        at=moment_of(given["at"], zone) if given.get("at") else visit.now,
        known=moment_of(given["known"], zone) if given.get("known") else EVER,
        view=view,
    )
    begin, end = _range(told, visit.now, asked.at)
    return Seen(
        told=told,
        tellings=tuple(tellings),
        asked=asked,
        answer=told.ask(at=asked.at, known=asked.known, view=view),
        begin=begin,
        end=end,
        views=tuple(
            (party, spans(told, begin=begin, end=end, known=asked.known, view=party))
            for party in told.parties
        ),
    )


def pact_of(visit: Visit) -> AgreementId:
    """Return the pact that an address names: by its identifier, or by the digest of a text.

    Raises:
        Refused: ``refused.absent``: that is no name of a pact.
    """
    name = visit.place["agreement"]
    try:
        if not name.startswith("sha384:"):
            return parse_agreement_id(name)
        text = visit.node.agreement(visit.tx, parse_digest(name))
    except Invalid as error:
        raise absent() from error
    if text is None:
        raise absent()
    return text.id


def _tellings(visit: Visit, pact: AgreementId) -> dict[str, Told]:
    tellers: dict[str, Callable[[], Told]] = {
        BOOK: lambda: lived.told(visit.node, visit.tx, pact),
        SHIPPED: lambda: shipped.told(pact),
    }
    found: dict[str, Told] = {}
    for name, tell in tellers.items():
        try:
            found[name] = tell()
        except Refused:
            continue  # this one does not tell of it
    return found


def _range(told: Told, now: Instant, at: Instant) -> tuple[Instant, Instant]:
    """Return from when to when a history is drawn: all of it, today, and what is asked about."""
    zone = told.zone
    earliest = min(at, *(one.since for one in told.records))
    latest = max(now, at, *(one.until for one in told.records))
    first, last = (date.fromisoformat(day_of(one, zone)) for one in (earliest, latest))
    more = timedelta(days=max(2, (last - first).days // _PART))
    before = (first - more - timedelta(days=1)).isoformat()
    return (
        plus_seconds(moment_of(before, zone), 0.001),
        moment_of((last + more).isoformat(), zone),
    )
