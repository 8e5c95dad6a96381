"""Which rows the case of an act looks at, said by batch before they are read one act at a time."""

from comity.acts import deeds
from comity.acts.parts import Position
from comity.agreement import streaming
from comity.agreement.cut import PROVIDES, Asked, attested_logs, speaks_here
from comity.register import consents
from comity.register.rows import (
    Assignment,
    Assurance,
    Authority,
    Clearance,
    Copy,
    Designation,
    DirectoryOf,
    DivergenceOf,
    Draft,
    ErasureOf,
    FacilityLine,
    Holding,
    Instrument,
    ItemOf,
    Line,
    LogState,
    Matter,
    Need,
    Needs,
    PersonOf,
    ReceiptOf,
    RefusedByPeer,
    Regrading,
    RequestOf,
    key_of,
)
from comity.vocabulary.logs import correspondence


def needs(ask: Needs, asked: Asked) -> None:
    """Say what :func:`case_of` will ask for an act."""
    deed = asked.entry.deed
    if isinstance(deed, deeds.OfDirective):
        streaming.needs(ask, deed)
    if isinstance(deed, deeds.Release):
        if asked.acting == asked.house:
            ask.key(deeds.deed_digest(deed), Draft)
        alike = (asked.log, asked.acting, asked.counterpart, deed.agreement, deed.origin)
        if not ask.first(alike):
            return  # what else the releases of one list look at is the same for all
    _needs_beside(ask, asked)


def _needs_beside(ask: Needs, asked: Asked) -> None:
    deed = asked.entry.deed
    ask.key(asked.log, LogState)
    if isinstance(deed, deeds.Outward):
        for log in (
            correspondence(asked.acting, asked.counterpart),
            correspondence(asked.counterpart, asked.acting),
        ):
            ask.scope(log, Authority, Assurance, DirectoryOf)
        _needs_attested(ask, asked)
        if isinstance(deed.agreement, str):
            ask.scope(deed.agreement, Instrument)
        if isinstance(text := getattr(deed, "text", None), str):
            ask.scope(text, Instrument)
    item = item_position(deed)
    if item is not None and not isinstance(deed, deeds.Observations):
        key = key_of(item)
        ask.key(key, ItemOf, Holding, DivergenceOf, RefusedByPeer)
        ask.scope(key, Designation, ReceiptOf, Assignment, Regrading, Copy)
        if isinstance(deed, deeds.Translate):
            ask.scope(key, Line)
    if isinstance(deed, deeds.EraseParticulars):
        key = key_of(deed.leaf)
        ask.key(key, ItemOf, RequestOf)
        ask.scope(key, ErasureOf)
    if isinstance(deed, deeds.ReMark) and isinstance(deed.designation, Position):
        ask.key(key_of(deed.designation), Designation)
    consents.needs(ask, deed)
    about = getattr(deed, "about", None)
    if isinstance(about, Position):
        ask.key(key_of(about), Matter)
    _needs_of_visits(ask, asked)
    at_a_place = isinstance(deed, PROVIDES | deeds.ReMark | deeds.HandToContractor)
    if (at_a_place and speaks_here(asked)) or (
        persons_of(deed) and isinstance(deed, deeds.Outward)
    ):
        ask.scope("facilities", FacilityLine)
    for person in persons_of(deed):
        ask.key(person, PersonOf)
        ask.scope(person, Clearance, Need)


def _needs_of_visits(ask: Needs, asked: Asked) -> None:
    """Say what is asked of visits and incidents: before a release, and for a closing list."""
    deed = asked.entry.deed
    if isinstance(deed, deeds.CloseVisit) and isinstance(deed.items, tuple):
        for item in deed.items:
            ask.key(key_of(item), ItemOf)
    if isinstance(deed, PROVIDES):
        for log in (
            correspondence(asked.acting, asked.counterpart),
            correspondence(asked.counterpart, asked.acting),
        ):
            ask.scope(f"{log}|incident", Matter)
            ask.scope(f"{log}|visit", Matter)
            ask.scope(f"{log}|treaty", Matter)


def _needs_attested(ask: Needs, asked: Asked) -> None:
    for log in attested_logs(asked):
        ask.scope(log, Authority, Assurance, DirectoryOf)
        ask.key(correspondence(asked.counterpart, asked.acting), LogState)
        ask.scope(f"{log}|incident", Matter)
        ask.scope(f"{log}|visit", Matter)


def item_position(deed: deeds.Deed) -> Position | None:
    """Return the leaf of an earlier item that a deed concerns, if it concerns one."""
    if isinstance(deed, deeds.Release):
        return deed.origin if isinstance(deed.origin, Position) else None
    position = getattr(deed, "item", None)
    return position if isinstance(position, Position) else None


def persons_of(deed: deeds.Deed) -> tuple[str, ...]:
    """Return the persons of this house whom a deed names."""
    found = [getattr(deed, "actor", None), getattr(deed, "person", None)]
    return tuple(person for person in found if isinstance(person, str))
