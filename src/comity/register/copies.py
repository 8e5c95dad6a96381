"""What becomes of copies, and acts that later acts refer to: folded from their writers' logs.

Conservation: each copy that was made is one row with one state. A fold changes the state of a
copy that is there and never makes one vanish; a copy that has ended stays ended.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import structs

from comity.acts import deeds
from comity.acts.deeds import kind_of
from comity.acts.judgements import Duty
from comity.acts.parts import Position
from comity.register.leaves import Leaf
from comity.register.rows import (
    Copy,
    DutyOf,
    FacilityLine,
    LoanOf,
    Matter,
    Needs,
    Regrading,
    Row,
    Rows,
    key_of,
    position_of,
)
from comity.vocabulary.names import party_of

ENDED: Final = frozenset({"returned", "destroyed", "transferred", "lost"})
"""States that a copy never leaves."""

_STATE: Final[dict[type[deeds.Deed], str]] = {
    deeds.Loan: "on-loan",
    deeds.GiveBack: "held",
    deeds.Destroy: "destroyed",
    deeds.Return: "returned",
    deeds.HandToContractor: "transferred",
}


def reproduced(
    rows: Rows, leaf: Leaf, deed: deeds.Reproduce, duties: tuple[Duty, ...]
) -> list[Row]:
    """A new copy is held where the one it was made from is; a number is never given twice."""
    del leaf, duties
    item = key_of(deed.item)
    copies = {one.copy: one for one in rows.within(Copy, item)}
    made_from = copies.get(deed.copy)
    if made_from is None or deed.number in copies:
        return []
    key = f"{item}/{deed.number}"
    return [structs.replace(made_from, key=key, copy=deed.number, state="held")]


def moved(rows: Rows, leaf: Leaf, deed: Any, duties: tuple[Duty, ...]) -> list[Row]:  # noqa: ANN401 - any of _STATE
    """A copy is lent, given back, destroyed, returned, or with a contractor."""
    del leaf, duties
    state = _STATE[type(deed)]
    return [
        structs.replace(one, state=state)
        for one in rows.within(Copy, key_of(deed.item))
        if one.copy == deed.copy and one.state not in ENDED
    ]


def lent(rows: Rows, leaf: Leaf, deed: deeds.Loan, duties: tuple[Duty, ...]) -> list[Row]:
    """A copy is with a borrower until a day, and is owed back then; its custodian stays."""
    assert leaf.entry is not None  # noqa: S101 - fold() gives decoded leaves only
    put = moved(rows, leaf, deed, duties)
    if not put:
        return []
    item = key_of(deed.item)
    key = f"{item}/{deed.copy}"
    return [
        *put,
        LoanOf(
            key=key,
            scope=item,
            copy=deed.copy,
            person=deed.person,
            since=leaf.entry.at,
            until=deed.until,
            signed=deed.signed,
            ended="",
        ),
        DutyOf(
            key=f"{leaf.key}|register.give-back|{deed.copy}",
            # By copy: what comes back ends its own loan and no other.
            scope=key,
            who=leaf.house,
            what="register.give-back",
            office=deed.by,
            agreement=deed.agreement if isinstance(deed.agreement, str) else "",
            article=deed.article,
            since=leaf.entry.at,
            due=deed.until,
            discharged="",
        ),
    ]


def came_back(rows: Rows, leaf: Leaf, deed: Any, duties: tuple[Duty, ...]) -> list[Row]:  # noqa: ANN401 - any of _STATE
    """A copy is given back, or ends otherwise: it is lent no more."""
    state = moved(rows, leaf, deed, duties)
    put = [*state, *_with_the_last(rows, leaf, key_of(deed.item), state)]
    key = f"{key_of(deed.item)}/{deed.copy}"
    loan = rows.get(LoanOf, key)
    if not put or loan is None or loan.ended:
        return put
    owed = [one for one in rows.within(DutyOf, key) if not one.discharged]
    return [
        *put,
        structs.replace(loan, ended=leaf.key),
        *(structs.replace(one, discharged=leaf.key) for one in owed),
    ]


_WHILE_HELD: Final = frozenset({"register.muster", "register.designate"})
"""What comes round as long as a copy is held: to count it, and to designate it again."""


def _with_the_last(rows: Rows, leaf: Leaf, item: str, put: Sequence[Row]) -> list[Row]:
    """End what is owed only while something is held, with the last copy of an item."""
    ended = {one.key for one in put if isinstance(one, Copy) and one.state in ENDED}
    left = [
        one for one in rows.within(Copy, item) if one.key not in ended and one.state not in ENDED
    ]
    if not ended or left:
        return []
    return [
        structs.replace(one, discharged=leaf.key)
        for one in rows.within(DutyOf, item)
        if one.what in _WHILE_HELD and not one.discharged
    ]


def needs(ask: Needs, deed: deeds.Deed) -> None:
    """Say what the folds of copies ask."""
    item, copy = getattr(deed, "item", None), getattr(deed, "copy", None)
    if isinstance(deed, deeds.OfHolder) and isinstance(item, Position) and isinstance(copy, int):
        key = f"{key_of(item)}/{copy}"
        ask.key(key, LoanOf)
        ask.scope(key, DutyOf)


def relieved(rows: Rows, leaf: Leaf, deed: deeds.Relieve, duties: tuple[Duty, ...]) -> list[Row]:
    """A successor answers for the copy."""
    del leaf, duties
    return [
        structs.replace(one, custodian=deed.custodian)
        for one in rows.within(Copy, key_of(deed.item))
        if one.copy == deed.copy and one.state not in ENDED
    ]


def reported(
    rows: Rows, leaf: Leaf, deed: deeds.ReportIncident, duties: tuple[Duty, ...]
) -> list[Row]:
    """The copies that a confirmed report names are lost; a suspicion changes no state."""
    lost = [
        structs.replace(one, state="lost")
        for one in rows.within(Copy, key_of(deed.item))
        if one.copy in deed.copies and one.state not in ENDED and not deed.suspected
    ]
    done = _with_the_last(rows, leaf, key_of(deed.item), lost)
    return [*lost, *done, *matter(rows, leaf, deed, duties)]


def regraded(rows: Rows, leaf: Leaf, deed: deeds.Regrade, duties: tuple[Duty, ...]) -> list[Row]:
    """The originator's level from here on, by position: it counts on the cuts that hold it."""
    del rows, duties
    item = key_of(deed.item)
    return [Regrading(key=leaf.key, scope=item, log=leaf.log, index=leaf.index, level=deed.level)]


def matter(rows: Rows, leaf: Leaf, deed: Any, duties: tuple[Duty, ...]) -> list[Row]:  # noqa: ANN401 - any outward deed
    """An act that later ones refer to."""
    del rows, duties
    assert leaf.entry is not None  # noqa: S101 - fold() gives decoded leaves only
    name = kind_of(deed)
    item, about = getattr(deed, "item", None), getattr(deed, "about", None)
    if isinstance(deed, deeds.RaiseDispute):
        about = deed.leaf
    until = getattr(deed, "until", None) or getattr(deed, "ends", None)
    return [
        Matter(
            key=leaf.key,
            scope=f"{leaf.log}|{name.partition('.')[0]}",
            log=leaf.log,
            index=leaf.index,
            kind=name,
            author=party_of(deed.by),
            at=leaf.entry.at,
            item=key_of(item) if isinstance(item, Position) else "",
            about=key_of(about) if isinstance(about, Position) else "",
            level=str(getattr(deed, "level", "")),
            until=until if isinstance(until, str) else "",
        )
    ]


_WHAT: Final[dict[type[deeds.Deed], str]] = {
    deeds.EnrolOnRoster: "roster",
    deeds.AppointOfficer: "officer",
    deeds.Accredit: "accredited",
    deeds.Brief: "briefed",
    deeds.Debrief: "debriefed",
}


def told_last(lines: Iterable[FacilityLine], person: str) -> str:
    """Return what a person was told last, of ``briefed`` and ``debriefed``; empty: neither.

    By the place in the journal: keys stand in the order of text.
    """
    told = [one for one in lines if one.person == person and one.what in ("briefed", "debriefed")]
    last = max(told, key=lambda one: position_of(one.key).index, default=None)
    return "" if last is None else last.what


def facility(rows: Rows, leaf: Leaf, deed: Any, duties: tuple[Duty, ...]) -> list[Row]:  # noqa: ANN401 - any of _WHAT
    """A line about a facility of this house, or a briefing."""
    del rows, duties
    return [
        FacilityLine(
            key=leaf.key,
            scope="facilities",
            what=_WHAT[type(deed)],
            facility=getattr(deed, "facility", ""),
            person=getattr(deed, "person", ""),
            level=getattr(deed, "level", ""),
            until=getattr(deed, "until", ""),
        )
    ]
