"""Acts that make and keep a link: no agreement needs to be in force for them."""

from typing import Annotated

from msgspec import Meta

from comity.acts.deeds.base import Inward, Outward
from comity.acts.parts import Position, RefusedLeaf
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Index, Party, PersonId


class PublishDirectory(Outward, frozen=True, kw_only=True, tag="link.directory"):
    """The author's directory, the first leaf of every correspondence, later ones as they come."""

    directory: Digest
    version: Index


class RefuseLeaves(Outward, frozen=True, kw_only=True, tag="link.refuse"):
    """Which leaves of the counterpart's log have no effect here, and why. Itself never refused."""

    log: LogName
    old: Index
    new: Index
    refused: Annotated[tuple[RefusedLeaf, ...], Meta(min_length=1, max_length=65536)]


class Diverge(Outward, frozen=True, kw_only=True, tag="link.diverge"):
    """The two nodes computed different common judgements of one leaf: recorded, without effect."""

    leaf: Position
    claimed: Digest
    computed: Digest


class EraseParticulars(Outward, frozen=True, kw_only=True, tag="link.erase-particulars"):
    """The author wants the words of one entry erased; they are once both parties have said so.

    Attributes:
        leaf: The entry, of either correspondence of the two: an item or a request. It stays, and
            so does its proof; the digest in it stands for the words from then on.
    """

    leaf: Position


class EnrolRoot(Inward, frozen=True, kw_only=True, tag="link.enrol-root"):
    """A counterpart's root, its fingerprint compared out of band by two persons of this house."""

    party: Party
    root: Digest
    directory: Digest
    compared_by: Annotated[tuple[PersonId, ...], Meta(min_length=2, max_length=2)]


class Revoke(Inward, frozen=True, kw_only=True, tag="link.revoke"):
    """Keys of a party are out of force before their successors can come by the log.

    Entered by the party whose keys they are, and by the counterpart that got the successor
    directory by another way. Deeds stay judged under the directories of their positions; what
    changes is who signs checkpoints, and what transport key and certificate are believed.

    Attributes:
        log: The correspondence of the party whose keys they are, to the other.
        size: From this size on the next checkpoint is signed under the successor.
        directory: The successor, signed by the party's root.
        version: Its version.
    """

    log: LogName
    size: Index
    directory: Digest
    version: Index
