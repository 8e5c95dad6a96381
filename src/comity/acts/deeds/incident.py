"""Loss and compromise, also a possible one: told, looked into, told again, closed."""

from enum import Enum
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from comity.acts.deeds.base import Outward
from comity.acts.deeds.copies import Copies
from comity.acts.parts import Position
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant


class Stated(Enum):
    """What results speak of."""

    FACTS = "facts"
    EXTENT = "extent"
    MEASURES = "measures"


class ReportIncident(Outward, frozen=True, kw_only=True, tag="incident.report"):
    """An item was lost or compromised, or may have been; ``copies`` are the lost ones."""

    item: Position
    suspected: bool
    discovered: Instant
    copies: Copies
    particulars: Digest | UnsetType = UNSET


class Investigate(Outward, frozen=True, kw_only=True, tag="incident.investigate"):
    """An inquiry into a report is opened, by one side or both."""

    item: Position
    about: Position
    joint: bool


class IncidentResults(Outward, frozen=True, kw_only=True, tag="incident.results"):
    """What the inquiry found, and what was done so that it does not happen again."""

    item: Position
    about: Position
    stated: Annotated[tuple[Stated, ...], Meta(max_length=3)]
    particulars: Digest | UnsetType = UNSET


class CloseIncident(Outward, frozen=True, kw_only=True, tag="incident.close"):
    """The originator is content with the results."""

    item: Position
    about: Position
