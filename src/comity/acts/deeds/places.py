"""Facilities of the house and who may enter their holdings; briefings."""

from comity.acts.deeds.base import Inward
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Level, Office, PersonId


class Brief(Inward, frozen=True, kw_only=True, tag="people.brief"):
    """A person was told of the responsibilities, and signed."""

    person: PersonId


class Debrief(Inward, frozen=True, kw_only=True, tag="people.debrief"):
    """A person's access has ended, and the person was told what goes on."""

    person: PersonId


class EnrolOnRoster(Inward, frozen=True, kw_only=True, tag="people.enrol-on-roster"):
    """A person is on the list of those cleared and authorised at a facility, until then."""

    facility: Office
    person: PersonId
    until: Instant


class AppointOfficer(Inward, frozen=True, kw_only=True, tag="people.appoint-officer"):
    """A qualified person answers for a facility's security, until then."""

    facility: Office
    person: PersonId
    until: Instant


class Accredit(Inward, frozen=True, kw_only=True, tag="people.accredit"):
    """A facility and its systems may hold up to a level, until then."""

    facility: Office
    level: Level
    until: Instant
