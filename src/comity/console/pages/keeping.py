"""What a house answers for beside its items: streams, loans, visits, and the figures.

Everybody is shown the streams whose items may be seen. The rest is for the registry and the
security officer, who answer for it; for others it is not there.
"""

from datetime import MAXYEAR, MINYEAR
from typing import Any, Final

from msgspec import UNSET

from comity.acts.deeds import Role
from comity.console.days import day_of, end_of, zone_of
from comity.console.forms import Order
from comity.console.pages import people
from comity.console.pages import visit as visits
from comity.console.words import marking_of_all
from comity.node import directives, kept, reporting, views
from comity.node.reading import Deal
from comity.node.reporting import Period
from comity.register.rows import ItemOf
from comity.vocabulary.errors import Invalid

ANSWERS: Final = (Role.REGISTRY, Role.SECURITY)
"""Who answers for copies that are lent, and for what is reported."""

ENDS: Final = (Role.RELEASING, Role.SECURITY)
"""Who ends a stream, each alone and at once."""

MATTERS: Final = 200
"""Acts of visits, incidents and the like that the page names, the latest; the API has them all."""


def keeping(visit: visits.Visit) -> dict[str, Any]:
    """Return the streams, and to who answers for them the loans, visits, incidents and the like."""
    answers = answers_for(visit)
    streams = streams_of(visit)
    loans = views.loans(visit.tx, visit.now) if answers else []
    return {
        "streams": streams,
        "answers": answers,
        "looks": bool(visits.roles(visit.tx, visit.person) & {one.value for one in people.SEE}),
        "ends": bool(visits.roles(visit.tx, visit.person) & {one.value for one in ENDS}),
        "loans": loans,
        "names": visits.names(visit.tx, (one["borrower"] for one in loans)),
        "matters": views.matters(visit.tx, limit=MATTERS) if answers else [],
        "marking": visits.marked(visit, [one.item for one in streams]),
    }


def streams_of(visit: visits.Visit) -> list[directives.View]:
    """Return the standing directives whose items this person may see, the latest first."""
    return [
        one
        for one in directives.views(visit.tx, now=visit.now)
        if visits.may(visit, Deal.SEE, one.item)
    ]


def answers_for(visit: visits.Visit) -> bool:
    """Tell whether loans and reports are this person's business."""
    return bool(visits.roles(visit.tx, visit.person) & {one.value for one in ANSWERS})


def suspend(order: Order) -> str:
    """Let nothing more be given under a directive, at once.

    Raises:
        Refused: ``refused.absent``; the person is neither a releasing authority nor a security
            officer.
        RefusedAct: it is not this house's, suspended already, or withdrawn.
    """
    directives.suspend(order.node, _stream(order), officer=order.person)
    return "/keeping"


def withdraw(order: Order) -> str:
    """End a directive at once and for ever.

    Raises:
        Refused, RefusedAct: as :func:`suspend`.
    """
    directives.withdraw(order.node, _stream(order), officer=order.person)
    return "/keeping"


def _stream(order: Order) -> ItemOf:
    with order.node.store.reading() as tx:
        item = directives.find(tx, order.node.party, order.place["number"])
        visits.authorise(order.node, tx, order.person, item)
    return item


def reports(visit: visits.Visit) -> dict[str, Any]:
    """Return the figures of one year of the house's own calendar.

    Raises:
        Refused: ``refused.absent``.
        Invalid: ``invalid.instant``: that is no year.
    """
    visits.require(visit, *ANSWERS)
    node, tx = visit.node, visit.tx
    zone = zone_of(node, tx)
    this = int(day_of(visit.now, zone)[:4])
    year = visit.asked.get("year") or str(this)
    found = period_of(year, zone)
    return {
        "year": year,
        "this": this,
        "between": [
            reporting.reciprocity(node, tx, peer, found)
            for peer in kept.counterparts(tx, node.party)
        ],
        "oversight": reporting.oversight(node, tx, found),
        "marking": _unmarked(visit),
    }


def period_of(year: str, zone: str) -> Period:
    """Return a year as a house counts it.

    Raises:
        Invalid: ``invalid.instant``.
    """
    if not (year.isascii() and year.isdecimal() and MINYEAR < int(year[:5]) < MAXYEAR):
        raise Invalid("invalid.instant", "no year: write it like 2026")
    since, until = (end_of(f"{one:04d}-12-31", zone) for one in (int(year) - 1, int(year)))
    if since is UNSET or until is UNSET:
        raise Invalid("invalid.instant", "no year: write it like 2026")
    return Period(since, until)


def _unmarked(visit: visits.Visit) -> str:
    # Places, posts and counts: nothing of any item.
    return marking_of_all(
        [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
    )
