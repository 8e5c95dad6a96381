"""What a house knows of its own persons and facilities: facts for its domestic judgement."""

from msgspec import UNSET, UnsetType

from comity.acts import deeds
from comity.agreement.case import FacilityFacts, HouseFacts, PersonFacts
from comity.agreement.cut import PROVIDES, Asked
from comity.agreement.lookups import item_position
from comity.register.copies import told_last
from comity.register.rows import (
    Assignment,
    Clearance,
    Draft,
    FacilityLine,
    Need,
    PersonOf,
    Rows,
    key_of,
)
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Level, Office, Party, Subject, party_of


def house_facts(rows: Rows, asked: Asked, notified: tuple[Office, ...]) -> HouseFacts:
    """Return what the house knows of the persons that an act of its own names."""
    deed, at = asked.entry.deed, asked.entry.at
    position = item_position(deed)
    person = getattr(deed, "person", None)
    actor = getattr(deed, "actor", None)
    draft = rows.get(Draft, deeds.deed_digest(deed)) if isinstance(deed, deeds.Release) else None
    assigned = False
    if position is not None and isinstance(person, str):
        assigned = rows.get(Assignment, f"{key_of(position)}|{person}") is not None
    return HouseFacts(
        actor=person_facts(rows, actor, at, notified) if isinstance(actor, str) else UNSET,
        person=person_facts(rows, person, at, notified) if isinstance(person, str) else UNSET,
        assigned=assigned,
        drafter=draft.drafter if draft is not None else UNSET,
        facility=_facility_of(rows, deed, at),
    )


def _facility_of(rows: Rows, deed: deeds.Deed, at: Instant) -> FacilityFacts:
    """Return what holds of the facility where a person works, or an item leaves or arrives."""
    person = getattr(deed, "person", None)
    if isinstance(deed, PROVIDES | deeds.ReMark):
        return _facility(rows, deed.by, "", at)
    if isinstance(deed, deeds.HandToContractor):
        # A contractor's facility is entered under its code, as registers write it: in capitals.
        return _facility(rows, f"{party_of(deed.by)}/{deed.contractor.upper()}", "", at)
    if not isinstance(person, str) or not isinstance(deed, deeds.Outward):
        return FacilityFacts()
    row = rows.get(PersonOf, person)
    return _facility(rows, "" if row is None else row.office, person, at)


def _facility(rows: Rows, office: str, person: str, at: Instant) -> FacilityFacts:
    """Return what holds now of a facility (an office), and of a person who works there."""
    lines = rows.within(FacilityLine, "facilities")
    here = [one for one in lines if one.facility == office and at < one.until]
    return FacilityFacts(
        accredited=tuple(Level(one.level) for one in here if one.what == "accredited"),
        officer=any(one.what == "officer" for one in here),
        rostered=any(one.what == "roster" and one.person == person for one in here),
        briefed=told_last(lines, person) == "briefed",
    )


def person_facts(
    rows: Rows, person: str, at: Instant, notified: tuple[Office, ...]
) -> PersonFacts | UnsetType:
    """Return what holds of a person of this house at an instant, or nothing."""
    row = rows.get(PersonOf, person)
    if row is None:
        return UNSET
    return PersonFacts(
        office=Office(row.office),
        roles=tuple(deeds.Role(role) for role in row.roles),
        cleared=tuple(
            Level(one.level)
            for one in rows.within(Clearance, person)
            if one.since <= at < one.until
        ),
        needs=tuple(Subject(one.subject) for one in rows.within(Need, person) if at < one.until),
        certified=tuple(
            Level(one.level)
            for one in rows.within(Clearance, person)
            if one.since <= at < one.until and one.authority in notified
        ),
        attested=tuple(
            Level(one.level)
            for one in rows.within(Clearance, person)
            if one.since <= at < one.until and one.attestation
        ),
        nationalities=tuple(Party(one) for one in row.nationalities),
    )
