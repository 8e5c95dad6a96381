"""Queries: what a receipt under reserve makes due, what ends it, what follows if nothing does.

A query is no act. It is the provider's duty from the receipt that says what differs until an act
shows that nothing differs any more. What follows from a duty that is not done in time is a row
from the first, which begins when that duty is overdue: nobody has to act for it to begin.
"""

from collections.abc import Iterable

from msgspec import UnsetType, structs

from comity.acts import deeds
from comity.acts.judgements import Duty
from comity.register import items
from comity.register.leaves import Leaf
from comity.register.rows import Copy, DutyOf, Row, Rows, key_of

_Clearing = deeds.Receipt | deeds.Return | deeds.Recall | deeds.ReportIncident


def opened(rows: Rows, leaf: Leaf, deed: deeds.Receipt, duties: tuple[Duty, ...]) -> list[Row]:
    """A receipt under reserve: the query, or the return of what is misdirected; what may follow.

    A second one from the same office leaves an open query as it is: its clock goes on.
    """
    assert leaf.entry is not None  # noqa: S101 - fold() gives decoded leaves only
    item = key_of(deed.item)
    back = deeds.Reserve.MISDIRECTED in deed.reserve
    office = "" if back else _addressed(rows, item, deed)
    if not back and any(one.office == office for one in _open(rows, item)):
        return []
    made = {
        duty.what: items.duty_of(leaf, duty, office)
        for duty in duties
        if isinstance(duty.after, UnsetType)
    }
    later = [
        items.duty_of(leaf, duty, office, since=made[duty.after].due)
        for duty in duties
        if not isinstance(duty.after, UnsetType) and made[duty.after].due
    ]
    return [structs.replace(one, scope=item) for one in (*made.values(), *later)]


def cleared(rows: Rows, leaf: Leaf, deed: deeds.Deed) -> list[Row]:
    """End the queries that an act clears up.

    A clear receipt of the same office, a return of its copy, a recall of the item, and a report
    that it is lost: what is left to do then is owed under that act. What is misdirected is owed
    back whole.
    """
    if not isinstance(deed, _Clearing):
        return []
    item = key_of(deed.item)
    return [
        structs.replace(one, discharged=leaf.key)
        for one in _open(rows, item)
        if _clears(rows, item, deed, one.office)
    ]


def followed(rows: Rows, leaf: Leaf, put: Iterable[Row]) -> list[Row]:
    """End what would follow from duties that a leaf ends; what has not begun never begins."""
    assert leaf.entry is not None  # noqa: S101 - as in opened()
    found: list[Row] = []
    for done in put:
        if not isinstance(done, DutyOf) or done.discharged != leaf.key or not done.due:
            continue
        for one in rows.within(DutyOf, done.scope):
            same = _made_by(one) == _made_by(done) and one.office == done.office
            if one.discharged or not same or one.since != done.due:
                continue
            begun = one.since < leaf.entry.at
            found.append(
                structs.replace(one, discharged=leaf.key)
                if begun
                else structs.replace(one, discharged=leaf.key, since="", due="")
            )
    return found


def _open(rows: Rows, item: str) -> list[DutyOf]:
    return [
        one for one in rows.within(DutyOf, item) if one.what == deeds.QUERY and not one.discharged
    ]


def _clears(rows: Rows, item: str, deed: _Clearing, office: str) -> bool:
    if isinstance(deed, deeds.Recall):
        return True
    if isinstance(deed, deeds.Receipt):
        if deeds.Reserve.MISDIRECTED in deed.reserve:
            return True
        clear = deed.stage is deeds.Stage.DOCUMENT and not deed.reserve
        return clear and office in ("", _addressed(rows, item, deed))
    named = (deed.copy,) if isinstance(deed, deeds.Return) else deed.copies
    where = {one.copy: one.office for one in rows.within(Copy, item)}
    return not office or not named or office in {where.get(one) for one in named}


def _addressed(rows: Rows, item: str, deed: deeds.Receipt) -> str:
    """Return the office that a copy was addressed to; nothing where the whole package is meant."""
    where = {one.copy: one.office for one in rows.within(Copy, item)}
    return deed.by if deed.by in where.values() else where.get(deed.copy, "")


def _made_by(duty: DutyOf) -> str:
    return duty.key.partition("|")[0]
