"""Visits: asked for, permitted, made, with what was disclosed, found and done about it."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from comity.acts.deeds.base import Outward
from comity.acts.parts import Position
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Index, Level, Office


class RequestVisit(Outward, frozen=True, kw_only=True, tag="visit.request"):
    """A visit to a facility of the other party.

    Attributes:
        visitors: How many.
        survey: Security representatives come to see how protection is done (Article 18).
        particulars: The visitors' list with their clearances: a document that travels with it.
    """

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
    """The host permits a visit, up to a level.

    Attributes:
        checked: The names on the visitors' list and their clearances were checked.
    """

    about: Position
    level: Level
    checked: bool | UnsetType = UNSET


class DeclineVisit(Outward, frozen=True, kw_only=True, tag="visit.decline"):
    """The host does not permit it. No reason is owed."""

    about: Position


class CloseVisit(Outward, frozen=True, kw_only=True, tag="visit.done"):
    """A visit was made; ``about`` is the permission, ``level`` the highest that was disclosed.

    Attributes:
        disclosed: How many items were disclosed.
        items: Which: the leaves by which they were released.
        findings: Of a survey: how many things were found that need to be put right.
        report: The report: a document that travels with it.
    """

    about: Position
    level: Level
    disclosed: Index
    items: Annotated[tuple[Position, ...], Meta(max_length=1024)] | UnsetType = UNSET
    findings: Index | UnsetType = UNSET
    report: Digest | UnsetType = UNSET


class FollowUp(Outward, frozen=True, kw_only=True, tag="visit.follow-up"):
    """The host says what was done about the findings of a visit."""

    about: Position
    report: Digest | UnsetType = UNSET


class OpenInspection(Outward, frozen=True, kw_only=True, tag="visit.open-inspection"):
    """The host shows its visitors how their items are treated at a facility, until then.

    Attributes:
        about: Its own permission of the visit.
        facility: The office whose holdings are shown: that far and no further.
    """

    about: Position
    facility: Office
    until: Instant
