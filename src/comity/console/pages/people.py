"""People and places of the house: who is cleared for what, and why; who enters which facility.

The registry looks these up when it gives something out; security officer and administrator keep
them. For others there are no such pages.
"""

from collections.abc import Iterable
from typing import Any, Final

from comity.acts.deeds import Role
from comity.console.days import day_of, end_of, zone_of
from comity.console.forms import Order
from comity.console.pages import release
from comity.console.pages import visit as visits
from comity.console.words import marking_of_all
from comity.node import facilities, kept, protecting
from comity.node import people as use
from comity.register.copies import told_last
from comity.register.rows import WITHDRAWN, Clearance, FacilityLine, Need, PersonOf
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import Instant, plus_seconds
from comity.vocabulary.names import (
    PersonId,
    parse_level,
    parse_office,
    parse_person,
    parse_subject,
)

SEE: Final = (Role.REGISTRY, Role.SECURITY, Role.ADMINISTRATOR)
"""Who looks up what a person may have, and who enters where."""

RECORD: Final = (Role.SECURITY, Role.ADMINISTRATOR)
"""Who keeps it."""

_TERM_DAYS: Final = 365
"""The term that a form proposes."""

_TOLD: Final = ("brief", "debrief")
_AT: Final = ("appoint-officer", "enrol-on-roster", "accredit")
"""What is said of a person, and of a facility: acts, without what they all begin with."""


def people(visit: visits.Visit) -> dict[str, Any]:
    """Return every person of the house, with clearances, needs, briefings and lists.

    Raises:
        Refused: ``refused.absent``.
    """
    visits.require(visit, *SEE)
    lines = visit.tx.within(FacilityLine, "facilities")
    rows = sorted(visit.tx.within(PersonOf, "persons"), key=lambda one: (one.office, one.key))
    peers = kept.counterparts(visit.tx, visit.node.party)
    return {
        "people": [_line(visit, one, lines) for one in rows],
        "subjects": sorted({one for peer in peers for one in release.subjects(visit, peer)}),
    } | choices(visit)


def _line(visit: visits.Visit, row: PersonOf, lines: Iterable[FacilityLine]) -> dict[str, Any]:
    now = visit.now
    mine = [one for one in lines if one.person == row.key]
    return {
        "name": visits.called(visit.tx, row.key),
        "person": row.key,
        "office": row.office,
        "roles": row.roles,
        "cleared": [
            ended(one, now) | {"level": one.level} for one in visit.tx.within(Clearance, row.key)
        ],
        "needs": [
            ended(one, now) | {"subject": one.subject} for one in visit.tx.within(Need, row.key)
        ],
        "enters": [
            ended(one, now) | {"facility": one.facility} for one in mine if one.what == "roster"
        ],
        "told": told_last(lines, row.key),
    }


def ended(one: use.Line, now: Instant) -> dict[str, Any]:
    """Return where a line stands, and whether it holds."""
    return {
        "line": one.key,
        "until": one.until,
        "over": one.until <= now,
        "withdrawn": one.until == WITHDRAWN,
    }


def places(visit: visits.Visit) -> dict[str, Any]:
    """Return the page of the house's facilities.

    Raises:
        Refused: ``refused.absent``.
    """
    visits.require(visit, *SEE)
    found = facilities.facilities(visit.tx, visit.node.party, now=visit.now)
    offices = {one.office for one in visit.tx.within(PersonOf, "persons")}
    places = sorted(offices | {one["facility"] for one in found})
    said = choices(visit)
    called = {one["person"]: one["name"] for one in said["persons"]}
    return {"facilities": found, "places": places, "called_as": called} | said


def choices(visit: visits.Visit) -> dict[str, Any]:
    """Return what the forms of both pages offer, to who may use them; to others nothing."""
    records = bool(visits.roles(visit.tx, visit.person) & {one.value for one in RECORD})
    zone = zone_of(visit.node, visit.tx)
    rows = visit.tx.within(PersonOf, "persons")
    persons = sorted(
        ({"person": one.key, "name": visits.called(visit.tx, one.key), "office": one.office}
         for one in rows),
        key=lambda one: (one["office"], one["person"]),
    )  # fmt: skip
    return {
        "records": records,
        "persons": persons,
        "levels": release.levels_of(visit.node.party) if records else [],
        "term": day_of(plus_seconds(visit.now, _TERM_DAYS * 86400), zone),
        # Posts, places and subjects: nothing of any item.
        "marking": marking_of_all(
            [], house=visit.node.party, demonstration=visit.demonstration, lang=visit.lang
        ),
    }


def clear(order: Order) -> str:
    """Record a clearance that the national procedure granted, to the end of a day.

    Raises:
        Refused: ``refused.person.role``, ``refused.person.unknown``, ``refused.until.past``.
        Invalid: ``invalid.form``: no day; ``invalid.level``, ``invalid.person``.
    """
    node = order.node
    use.clear(
        node,
        _person(order),
        level=parse_level(order.fields.one("level")),
        since=node.clock.now(),
        until=_until(order),
        authority=node.registry,
        actor=order.person,
    )
    return "/people"


def need(order: Order) -> str:
    """Record which subject a person's duties require, to the end of a day.

    Raises:
        Refused, Invalid: as :func:`clear`; ``invalid.subject``.
    """
    use.grant_need_to_know(
        order.node,
        _person(order),
        subject=parse_subject(order.fields.one("subject")),
        until=_until(order),
        actor=order.person,
    )
    return "/people"


def tell(order: Order) -> str:
    """Record that a person was told of the duties, or that access has ended.

    Raises:
        Refused, Invalid: as :func:`clear`.
    """
    fields = {"person": _person(order)}
    protecting.at_facility(order.node, _act(order, _TOLD), fields, officer=order.person)
    return "/people"


def withdraw(order: Order) -> str:
    """Withdraw a clearance, a need, or a line about a facility, before its end.

    Raises:
        Refused: ``refused.person.role``; ``refused.person.no-line``: there is none, or it ended.
    """
    use.withdraw(order.node, [order.fields.one("line")], actor=order.person)
    return "/people"


def withdraw_place(order: Order) -> str:
    """Withdraw what is recorded of a facility, before its end.

    Raises:
        Refused: as :func:`withdraw`.
    """
    withdraw(order)
    return "/facilities"


def enter(order: Order) -> str:
    """Record who answers for a facility, who may enter it, or up to what it holds.

    Raises:
        Refused, Invalid: as :func:`clear`; ``invalid.office``: that names no facility.
    """
    act, until = _act(order, _AT), _until(order)
    facility = parse_office(order.fields.one("facility"))
    if act.endswith("accredit"):
        fields = {"facility": facility, "level": parse_level(order.fields.one("level"))}
    else:
        fields = {"facility": facility, "person": _person(order)}
    protecting.at_facility(order.node, act, {**fields, "until": until}, officer=order.person)
    return "/facilities"


def _act(order: Order, of: tuple[str, ...]) -> str:
    name = order.fields.one("act")
    if name not in of:
        raise Invalid("invalid.form", "no such line")
    return f"people.{name}"


def _person(order: Order) -> PersonId:
    """Return whom a form names, who is a person here; who sent it may keep these books."""
    person = parse_person(order.fields.one("person"))
    with order.node.store.reading() as tx:
        use.require_person(tx, order.person, *RECORD)
        use.require_person(tx, person)
    return person


def _until(order: Order) -> Instant:
    with order.node.store.reading() as tx:
        until = end_of(order.fields.one("until"), zone_of(order.node, tx))
    if not isinstance(until, str):
        raise Invalid("invalid.form.last-day", "it names its last day")
    return until
