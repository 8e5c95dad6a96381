"""One page view, and what every page asks of it: who looks, and what this person may see."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from comity.acts.deeds import Role
from comity.console.words import marking_of_all
from comity.node import reading
from comity.node.node import Node
from comity.node.people import card_of
from comity.node.ports import Reading
from comity.node.receiving import absent
from comity.node.searching import Search
from comity.node.views import duty_view, refused_among
from comity.register.rows import DutyOf, Holding, ItemOf, Needs, PersonOf
from comity.vocabulary.errors import Refused
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party, PersonId

_KEEPS_BOOKS: Final = frozenset(
    {Role.REGISTRY.value, Role.SECURITY.value, Role.ADMINISTRATOR.value}
)
"""Roles that see the logs themselves: how many leaves they have tells how much is going on."""


class Visit(NamedTuple):
    """One page view: whose house, what it reads, who looks, in which language, and when.

    Attributes:
        place: What the address names (``number``, ``sheet``, ``draft``).
        asked: The query: what one looks for.
        domain: The host name of the console, which passkeys belong to; empty: it has none.
    """

    node: Node
    tx: Reading
    person: PersonId
    lang: str
    now: Instant
    demonstration: bool
    place: Mapping[str, str]
    asked: Mapping[str, str]
    domain: str = ""


def roles(tx: Reading, person: PersonId) -> frozenset[str]:
    """Return what a person is in this house."""
    row = tx.get(PersonOf, person)
    return frozenset() if row is None else frozenset(row.roles)


def called(tx: Reading, person: str) -> str:
    """Return what a person of this house is called."""
    card = card_of(tx, PersonId(person)) if person else None
    return person if card is None else card.name


def names(tx: Reading, persons: Iterable[str]) -> dict[str, str]:
    """Return what each of these is called, as far as this house enters it as a person."""
    return {one: called(tx, one) for one in persons if one}


def keeps_books(tx: Reading, person: PersonId) -> bool:
    """Tell whether the logs are this person's business."""
    return bool(_KEEPS_BOOKS & roles(tx, person))


def require(visit: Visit, *wanted: Role) -> None:
    """Return if the page is there for this person.

    Raises:
        Refused: ``refused.absent``: for others there is no such page.
    """
    if not roles(visit.tx, visit.person) & {one.value for one in wanted}:
        raise absent()


def may(visit: Visit, deal: reading.Deal, item: ItemOf) -> bool:
    """Tell whether this person may see (or read) an item."""
    try:
        reading.authorise(visit.tx, visit.person, deal, item, house=visit.node.party)
    except Refused:
        return False
    return True


def seen(visit: Visit, *, limit: int = 100_000, **like: Any) -> list[ItemOf]:  # noqa: ANN401 - as a search states it
    """Return the items whose numbers this person may see and that are like this, the latest first.

    Args:
        visit: Who looks.
        limit: No more than this.
        like: Fields of :class:`comity.node.searching.Search`.
    """
    seer = reading.seer_of(visit.tx, visit.person, house=visit.node.party)
    return list(visit.tx.search(Search(seer=seer, limit=limit, **like)))


def duties(visit: Visit, *, limit: int = 100_000) -> list[dict[str, Any]]:
    """Return the open duties about items that this person may see, those with an end first."""
    return shown(visit, owed(visit, limit=limit))


def shown(visit: Visit, found: Sequence[tuple[DutyOf, ItemOf]]) -> list[dict[str, Any]]:
    """Return duties as plain values, each with the number of its item."""
    refused = refused_among(visit.tx, (item.key for _, item in found))
    return [
        duty(one, visit.now, refused=item.key in refused) | {"reference": item.reference}
        for one, item in found
    ]


def owed(visit: Visit, *, limit: int) -> list[tuple[DutyOf, ItemOf]]:
    """Return the open duties that this person may see, each with the item that it is about."""
    seer = reading.seer_of(visit.tx, visit.person, house=visit.node.party)
    found = visit.tx.open_duties(seer, at=visit.now, limit=limit)
    ask = Needs()
    for one in found:
        ask.key(one.scope, ItemOf)
    rows = visit.tx.fetch(ask)[0]
    return [
        (one, item) for one in found if isinstance(item := rows.get((ItemOf, one.scope)), ItemOf)
    ]


def duties_of(visit: Visit, item: ItemOf) -> tuple[DutyOf, ...]:
    """Return the duties about one item, discharged or not."""
    return visit.tx.within(DutyOf, item.key)


def duty(one: DutyOf, now: Instant, *, refused: bool = False) -> dict[str, Any]:
    """Return a duty as plain values; whether it is overdue is a view of now.

    What the counterpart refused binds nobody there: it does not become overdue.
    """
    overdue = bool(one.due) and not one.discharged and one.due < now and not refused
    return duty_view(one) | {"overdue": overdue, "refused": refused, "reference": ""}


def marked(visit: Visit, items: Sequence[ItemOf]) -> str:
    """Return the banner of a page that tells of some items."""
    ask = Needs()
    for one in items:
        ask.key(one.key, Holding)
    held = visit.tx.fetch(ask)[0]
    return marking_of_all(
        [(one, cast("Holding | None", held.get((Holding, one.key)))) for one in items],
        house=Party(visit.node.party),
        demonstration=visit.demonstration,
        lang=visit.lang,
    )


def authorise(node: Node, tx: Reading, person: PersonId, item: ItemOf) -> None:
    """Return if a person may see an item (:func:`comity.node.reading.authorise`)."""
    reading.authorise(tx, person, reading.Deal.SEE, item, house=node.party)
