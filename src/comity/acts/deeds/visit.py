"""Visits: asked for, permitted, made, with what was disclosed."""

from msgspec import UNSET, UnsetType

from comity.acts.deeds.base import Outward
from comity.acts.parts import Position
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Index, Level, Office


class RequestVisit(Outward, frozen=True, kw_only=True, tag="visit.request"):
    """A visit to a facility of the other party; the visitors' list is in the particulars."""

    facility: Office
    level: Level
    begins: Instant
    ends: Instant
    visitors: Index
    recurring: bool
    emergency: bool
    survey: bool
    particulars: Digest | UnsetType = UNSET


class PermitVisit(Outward, frozen=True, kw_only=True, tag="visit.approve"):
    """The host permits a visit, up to a level."""

    about: Position
    level: Level


class DeclineVisit(Outward, frozen=True, kw_only=True, tag="visit.decline"):
    """The host does not permit it. No reason is owed."""

    about: Position


class CloseVisit(Outward, frozen=True, kw_only=True, tag="visit.done"):
    """A visit was made; ``about`` is the permission, ``level`` the highest that was disclosed."""

    about: Position
    level: Level
    disclosed: Index
