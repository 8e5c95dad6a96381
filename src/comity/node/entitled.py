"""Who may have an item, and by what: asked of the agreement, for those whose work it is to know.

Each person of the addressed offices is judged as if the item were assigned now. Nothing is
entered by asking.
"""

from typing import Final, NamedTuple

from comity.acts import deeds
from comity.acts.deeds import Role
from comity.node import succession
from comity.node.articles import under
from comity.node.chancery import Act, judge_acts
from comity.node.node import Node
from comity.node.people import living
from comity.node.ports import Reading
from comity.register.rows import Assignment, Clearance, ItemOf, Need, PersonOf, position_of
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Office, Party, PersonId, is_within

_KNOW: Final = frozenset({Role.REGISTRY.value, Role.SECURITY.value})
"""Who gives items out, and who keeps the clearances: to others there is no such answer."""


class Entitled(NamedTuple):
    """A person who has an item or may have it now.

    Attributes:
        assigned: The item was given to the person.
        cleared: Levels and ends of the clearances that hold now.
        needs: Subjects and ends of the needs that hold now and are about this item.
    """

    person: PersonId
    office: str
    assigned: bool
    cleared: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, str], ...]


def may_know(tx: Reading, person: PersonId) -> bool:
    """Tell whether a person may know who is entitled to an item that the person may know of."""
    row = tx.get(PersonOf, person)
    return row is not None and bool(_KNOW & set(row.roles))


def entitled(node: Node, tx: Reading, item: ItemOf, *, now: Instant) -> tuple[Entitled, ...]:
    """Return who has a received item, and who of the addressed offices may have it now."""
    if item.receiver != node.party:
        return ()
    persons = tx.within(PersonOf, "persons")
    held = {one.person for one in tx.within(Assignment, item.key)}
    addressed = {
        one: succession.addressed_as(node, item, Office(one)) is not None
        for one in {person.office for person in persons}
    }
    asked = [one for one in persons if addressed[one.office] and one.key not in held]
    judged = judge_acts(node, [_assigned(node, item, one) for one in asked])
    may = {one.key for one, found in zip(asked, judged, strict=True) if found.lawful}
    return tuple(
        _told(tx, item, one, assigned=one.key in held, now=now)
        for one in persons
        if one.key in held or one.key in may
    )


def _assigned(node: Node, item: ItemOf, row: PersonOf) -> Act:
    return Act(
        deed=deeds.Assign(
            by=node.registry,
            to=Party(item.provider),
            article=under(node, item.agreement, "register.assign"),
            agreement=Digest(item.agreement),
            item=position_of(item.key),
            office=Office(row.office),
            person=PersonId(row.key),
        )
    )


def _told(tx: Reading, item: ItemOf, row: PersonOf, *, assigned: bool, now: Instant) -> Entitled:
    lines = living(tx, now, person=row.key)
    return Entitled(
        person=PersonId(row.key),
        office=row.office,
        assigned=assigned,
        cleared=tuple((one.level, one.until) for one in lines if isinstance(one, Clearance)),
        needs=tuple(
            (one.subject, one.until)
            for one in lines
            if isinstance(one, Need) and is_within(item.subject, one.subject)
        ),
    )
