"""Asking the other party for something. Nobody owes an item, and nobody owes a reason."""

from enum import Enum
from typing import Annotated

from msgspec import Meta

from comity.acts.deeds.base import Outward
from comity.acts.parts import Offices, Position
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Purpose, Subject


class Request(Outward, frozen=True, kw_only=True, tag="request.request"):
    """An office asks offices of the other party for items on a subject.

    Attributes:
        offices: Whom it asks.
        subject: About what.
        purpose: What it would be used for.
        due: By when it hopes for an answer; not answered by then, it stands as overdue.
        particulars: Salted digest of the words, a document that travels beside the leaf.
    """

    offices: Offices
    subject: Subject
    purpose: Purpose
    due: Instant
    particulars: Digest


class Extent(Enum):
    """How much of a request an answer meets."""

    FULL = "full"
    PART = "part"


class Answer(Outward, frozen=True, kw_only=True, tag="request.answer"):
    """A request is answered by releases that stand before this leaf in the author's log.

    Attributes:
        request: The leaf that asked.
        extent: In full, or in part: then it stays open for further answers.
        releases: The leaves that provide what was asked for.
    """

    request: Position
    extent: Extent
    releases: Annotated[tuple[Position, ...], Meta(min_length=1, max_length=64)]


class DeclineRequest(Outward, frozen=True, kw_only=True, tag="request.decline"):
    """A request is not met. No reason is owed, so none is asked for."""

    request: Position


class WithdrawRequest(Outward, frozen=True, kw_only=True, tag="request.withdraw"):
    """Who asked does not ask any more."""

    request: Position
