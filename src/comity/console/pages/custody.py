"""The registry's own acts on a received item: number, regime, mark, assignment, receipt."""

from typing import Any, Final

from msgspec import UNSET

from comity.acts.deeds import Reserve, Role, Stage
from comity.agreement.clauses.equivalence import Corresponding, Equivalence
from comity.console.days import day_of, end_of, zone_of
from comity.console.forms import Order
from comity.console.pages import visit as visits
from comity.node import erasing, passkeys, people, reading, receiving
from comity.register.rows import Designation, Holding, ItemOf, PersonOf, ReceiptOf
from comity.vocabulary.digests import Digest
from comity.vocabulary.errors import Invalid
from comity.vocabulary.instants import plus_seconds
from comity.vocabulary.names import (
    Level,
    Regime,
    Subject,
    parse_level,
    parse_person,
)

_TERM_DAYS: Final = 365
"""The term that a form proposes for a designation and for a need-to-know."""

_RECORDS: Final = frozenset({Role.REGISTRY.value, Role.SECURITY.value})
"""Roles that record why a person's duties require a subject."""


def acts(visit: visits.Visit, item: ItemOf) -> dict[str, Any]:
    """Return what this person may do with a received item now, with what there is to choose."""
    if item.receiver != visit.node.party:
        return {}
    tx, known = visit.tx, visits.roles(visit.tx, visit.person)
    held = tx.get(Holding, item.key)
    registry, numbered = Role.REGISTRY.value in known, held is not None and bool(held.number)
    choices = _choices(visit, item)
    stages = ((Stage.PACKAGE, Role.REGISTRY), (Stage.DOCUMENT, Role.CUSTODIAN))
    designates = Role.DESIGNATING.value in known
    persons = _persons(visit, item) if known & _RECORDS else []
    found = {
        "number": registry and not numbered,
        "designate": [one for one in choices if one["regime"]] if designates else [],
        "mark": choices if registry else [],
        "assign": persons if registry else [],
        "need": persons,
        "receipt": [
            stage.value
            for stage, role in stages
            if numbered and role.value in known and not _signed(visit, item, stage)
        ],
    }
    if not any(found.values()):
        return {}
    return found | {
        "reserves": [one.value for one in Reserve],
        "custodied": not passkeys.living(visit.tx, visit.person),
        "copy": _copy(visit, item),
        "pages": item.pages,
        "annexes": item.annexes,
        "term": day_of(plus_seconds(visit.now, _TERM_DAYS * 86400), zone_of(visit.node, visit.tx)),
        "designated": [
            {"regime": one.regime, "until": one.until} for one in tx.within(Designation, item.key)
        ],
    }


def _signed(visit: visits.Visit, item: ItemOf, stage: Stage) -> bool:
    """Tell whether the office of this person signed a clear receipt already."""
    row = visit.tx.get(PersonOf, visit.person)
    office = "" if row is None else row.office
    return any(
        one.stage == stage.value and one.office == office and not one.reserve
        for one in visit.tx.within(ReceiptOf, item.key)
    )


def _copy(visit: visits.Visit, item: ItemOf) -> int:
    row = visit.tx.get(PersonOf, visit.person)
    office = "" if row is None else row.office
    return item.offices.index(office) + 1 if office in item.offices else 1


def _choices(visit: visits.Visit, item: ItemOf) -> list[dict[str, str]]:
    """Return the levels by which this house may protect an item, as its agreement says."""
    agreement = visit.node.agreement(visit.tx, Digest(item.agreement))
    clause = None if agreement is None else agreement.clause("equivalence")
    if not isinstance(clause, Equivalence):
        return []
    level = Level(item.level)
    row = clause.tier_of(level, visit.now)
    if row is None:
        return []
    found = clause.received_as(row, visit.node.party, visit.now, own=level)
    return [{"level": one.level, "regime": _regime(one)} for one in found]


def _regime(one: Corresponding) -> str:
    return one.regime if isinstance(one.regime, str) else ""


def _persons(visit: visits.Visit, item: ItemOf) -> list[dict[str, str]]:
    """Return the persons of this house, those of the addressed offices first."""
    found = sorted(
        visit.tx.within(PersonOf, "persons"),
        key=lambda one: (one.office not in item.offices, one.office, one.key),
    )
    return [
        {"person": one.key, "office": one.office, "name": visits.called(visit.tx, one.key)}
        for one in found
    ]


def _item(order: Order) -> ItemOf:
    """Return the item that the address names.

    Raises:
        Refused: ``refused.absent``: it is not here, or the person may not know that it is.
    """
    with order.node.store.reading() as tx:
        item = receiving.find_item(tx, order.node.party, order.place["number"])
        reading.authorise(tx, order.person, reading.Deal.SEE, item, house=order.node.party)
    return item


def _back(order: Order) -> str:
    return f"/register/{order.place['number']}"


def number(order: Order) -> str:
    """Give a received item the registry's own number."""
    receiving.register(order.node, _item(order), officer=order.person)
    return _back(order)


def designate(order: Order) -> str:
    """Put a received item under a regime, for a term."""
    level, regime = _chosen(order)
    with order.node.store.reading() as tx:
        until = end_of(order.fields.one("until"), zone_of(order.node, tx))
    if not isinstance(until, str):
        raise Invalid("invalid.form.last-day", "a designation names its last day")
    if not regime:
        raise Invalid("invalid.form.regime", "a designation names a regime")
    receiving.designate(
        order.node,
        _item(order),
        regime=Regime(parse_level(regime)),
        level=parse_level(level),
        until=until,
        officer=order.person,
    )
    return _back(order)


def mark(order: Order) -> str:
    """Mark a received item with this house's level."""
    level, regime = _chosen(order)
    receiving.re_mark(
        order.node,
        _item(order),
        level=parse_level(level),
        regime=Regime(parse_level(regime)) if regime else UNSET,
        officer=order.person,
    )
    return _back(order)


def _chosen(order: Order) -> tuple[str, str]:
    level, _, regime = order.fields.one("level").partition("|")
    return level, regime


def assign(order: Order) -> str:
    """Give an item to a person: refused under Article 7 where rank is all that speaks for it."""
    receiving.assign(
        order.node,
        _item(order),
        person=parse_person(order.fields.one("person")),
        officer=order.person,
    )
    return _back(order)


def need(order: Order) -> str:
    """Record that a person's duties require the subject of an item, to a day.

    Raises:
        Refused: ``refused.absent``; the person is no registry officer or security officer.
    """
    item = _item(order)
    with order.node.store.reading() as tx:
        people.require_person(tx, order.person, Role.REGISTRY, Role.SECURITY)
        people.require_person(tx, parse_person(order.fields.one("person")))
        until = end_of(order.fields.one("until"), zone_of(order.node, tx))
    if not isinstance(until, str):
        raise Invalid("invalid.form.last-day", "a need-to-know names its last day")
    people.grant_need_to_know(
        order.node,
        parse_person(order.fields.one("person")),
        subject=Subject(item.subject),
        until=until,
        actor=order.person,
    )
    return _back(order)


def receipt(order: Order) -> str:
    """Sign a receipt after counting: clear, or under reserve of what the form names."""
    fields = order.fields
    receiving.receipt(
        order.node,
        _item(order),
        custodian=order.person,
        stage=Stage(fields.one("stage")),
        copy=_counted(order, "copy"),
        pages=_counted(order, "pages"),
        annexes=_counted(order, "annexes"),
        reserve=tuple(Reserve(one) for one in dict.fromkeys(fields.all("reserve"))),
        sign=order.sign,
    )
    return _back(order)


def erase(order: Order) -> str:
    """Say that an item's words are to be erased; who says it second has agreed to it."""
    erasing.say(order.node, _item(order).key, officer=order.person, sign=order.sign)
    return _back(order)


def _counted(order: Order, name: str) -> int:
    """Return a number that was counted: who signs says what is there, so it is not left out."""
    text = order.fields.one(name)
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - more digits than a count has
        raise Invalid("invalid.number", f"{name} is no number")
    return int(text)
