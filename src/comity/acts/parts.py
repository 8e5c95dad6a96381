"""The parts that deeds and entries are made of: positions, labels, items, approvals, the cut."""

# These values never change once made and hold only others of their kind, so none can ever refer
# to itself: ``gc=False`` spares Python's search for such circles thousands of them per batch.

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from comity.vocabulary.dates import Dated
from comity.vocabulary.digests import Digest
from comity.vocabulary.forms import Form
from comity.vocabulary.instants import Instant
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import (
    Article,
    Caveat,
    Index,
    Level,
    Office,
    Party,
    Reason,
    Reference,
    Regime,
    Subject,
)

Salt = Annotated[bytes, Meta(min_length=16, max_length=16)]
"""Sixteen random bytes, so that nobody can guess a leaf or a commitment from its words."""

Offices = Annotated[tuple[Office, ...], Meta(min_length=1, max_length=64)]
"""The offices of one party that an act is addressed to, in order, none twice."""

RelyingParty = Annotated[
    str, Meta(pattern=r"^[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9][a-z0-9-]{0,62}){0,7}\Z")
]
"""The domain that a passkey belongs to."""


class Position(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One leaf: its log and its index."""

    log: LogName
    index: Index


class Label(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """How sensitive an item is, in its originator's own scheme.

    Attributes:
        level: The originator's level; every mapping starts here.
        regime: The law it is under at home, where it has one of its own.
        releasable: The parties it may ever go to; empty: the agreement alone decides.
        caveats: Restrictions on use or release, in order.
    """

    level: Level
    releasable: Annotated[tuple[Party, ...], Meta(max_length=64)]
    caveats: Annotated[tuple[Caveat, ...], Meta(max_length=64)]
    regime: Regime | UnsetType = UNSET


class Disclosed(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """The record of what was spoken or shown: who was there and what they said is not in it.

    Attributes:
        at: When it was disclosed.
        level_said: The level was said before anything else.
        attendees: How many were there.
        cleared: The clearance of each was checked.
        needed: The official need of each was checked.
    """

    at: Instant
    level_said: bool
    attendees: Index
    cleared: bool
    needed: bool


class Schedule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """A change of level that its originator plans: from a date on, or after an event.

    Attributes:
        level: The level that the item is to have then, in the originator's own scheme.
        on: From this instant on; absent where an event is waited for.
        event: Which event, as a code.
    """

    level: Level
    on: Instant | UnsetType = UNSET
    event: Reason | UnsetType = UNSET


class Item(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The item core: what an approval covers. It never holds a digest of ciphertext.

    Attributes:
        reference: The number under which the providing party knows it towards this counterpart.
        originator: Who generated it.
        providing: Who hands it over; differs from the originator at a hub.
        label: Its label in the originator's scheme.
        subject: What it is about, as a code.
        form: How it exists.
        pages: Number of pages (0 where it has none).
        annexes: Number of annexes.
        plaintext: Salted digest of the content; the salt is inside the sealed content.
        sources: Salted commitments to what it was derived from.
        disclosed: The record of a disclosure that was oral or visual.
        schedule: The change of level that travels with it.
    """

    reference: Reference
    originator: Party
    providing: Party
    label: Label
    subject: Subject
    form: Form
    pages: Index
    annexes: Index
    plaintext: Digest
    sources: Annotated[tuple[Digest, ...], Meta(max_length=256)]
    disclosed: Disclosed | UnsetType = UNSET
    schedule: Schedule | UnsetType = UNSET


class Seen(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The cut: the one checkpoint of the counterpart's correspondence that the author relies on.

    Attributes:
        size: How many of the counterpart's leaves the author holds and has cosigned.
        root: The root of that tree.
        time: The time in that checkpoint.
        digest: The digest of its note text.
    """

    size: Index
    root: Digest
    time: Instant
    digest: Digest


class Head(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Where another log stood: its size and root."""

    log: LogName
    size: Index
    root: Digest


class Approval(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """That a person approved this deed: the signed document and this deed's place in its list.

    Attributes:
        document: Digest of the :class:`~comity.acts.documents.ApprovalDocument`.
        index: This deed's place in the approved list.
        size: How many deeds the list has.
        path: Inclusion path of this deed's leaf to the signed root.
    """

    document: Digest
    index: Index
    size: Index
    path: Annotated[
        tuple[Annotated[bytes, Meta(min_length=48, max_length=48)], ...], Meta(max_length=53)
    ]


WRITTEN = r"^\S(.{0,58}\S)?\Z"
Written = Annotated[str, Meta(pattern=WRITTEN)]
"""A number as a registry writes it in its own form: ``정보-2016-0417``. Not a code."""


class Paper(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """What stands on paper of an act: a date, and numbers in the form of the registries.

    Attributes:
        on: The day that the paper bears, as far as it is known.
        number: The number that the author's registry wrote on it.
        own: The number under which the registry of the log's owner wrote it down.
    """

    on: Dated | UnsetType = UNSET
    number: Written | UnsetType = UNSET
    own: Written | UnsetType = UNSET


class Attestation(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The author's word that a domestic rule is met; it counts only where a clause says so."""

    article: Article
    clause: Reason
    reason: Reason
    office: Office


class RefusedLeaf(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One leaf of a pouch that has no effect, with the code and, where one speaks, the article."""

    index: Index
    code: Reason
    article: Article | UnsetType = UNSET
