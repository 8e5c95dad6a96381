"""Standing release: decided beforehand for a stream, and what is then given without a decision.

A standing directive is a release whose item is a stream: the content that crosses with it is the
description of the stream, its key is the key of everything that follows, and it is drafted,
decided and sealed like any other. The observations of the stream stand in a lane of their own.
"""

from typing import Annotated, Final

from msgspec import Meta

from comity.acts.deeds.base import Outward
from comity.acts.deeds.release import Release
from comity.acts.parts import Label, Position
from comity.vocabulary.digests import Digest
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Index, Reference, Subject

MOST_TOGETHER: Final = 4096
"""Observations of one leaf."""

Count = Annotated[int, Meta(ge=1, le=999_999_999)]


class StandingDirective(Release, frozen=True, kw_only=True, tag="release.standing-directive"):
    """A releasing authority decides beforehand what of a stream goes to whom, and for how long.

    What the release itself states bounds the stream: addressed offices, label, subject, purpose.
    The item's reference names the lane.

    Attributes:
        since: Observations may be given from this instant on.
        until: And before this one.
        most: So many, and no more.
    """

    since: Instant
    until: Instant
    most: Count


class OfDirective(Outward, frozen=True, kw_only=True):
    """An act about a standing directive of its author.

    Attributes:
        item: The leaf of the directive.
    """

    item: Position


class SuspendDirective(OfDirective, frozen=True, kw_only=True, tag="directive.suspend"):
    """Nothing more is given under the directive until that is lifted."""


class ResumeDirective(OfDirective, frozen=True, kw_only=True, tag="directive.resume"):
    """A suspension is lifted, by as many as decide a release."""


class WithdrawDirective(OfDirective, frozen=True, kw_only=True, tag="directive.withdraw"):
    """Nothing is given under the directive any more."""


class Observations(OfDirective, frozen=True, kw_only=True, tag="release.observations"):
    """A micro-batch of observations is given under a directive: one leaf of its lane.

    Attributes:
        stream: The item's reference of the directive; it names the lane.
        label: How sensitive they are, all of them.
        subject: What they are about.
        first: Number of the first of them in the stream. A number that is left out was not given.
        count: How many, numbered one after the other.
        root: Root of the tree (RFC 9162) whose leaves are the observations, each salted.
    """

    stream: Reference
    label: Label
    subject: Subject
    first: Index
    count: Annotated[int, Meta(ge=1, le=MOST_TOGETHER)]
    root: Digest


Turn = SuspendDirective | ResumeDirective | WithdrawDirective
"""What changes whether a directive has effect."""
