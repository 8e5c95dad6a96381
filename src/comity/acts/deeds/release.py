"""Handing an item over, and what comes before it in the house."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from comity.acts.deeds.base import Inward, Outward
from comity.acts.parts import Item, Offices, Position
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import Party, Purpose


class Release(Outward, frozen=True, kw_only=True, tag="release.release"):
    """A copy of an item is handed over to offices of another party.

    Attributes:
        offices: The addressed offices of the receiving party.
        item: The item core.
        purpose: What it may be used for.
        particulars: Salted digest of the sealed words.
        origin: The leaf by which the providing party got it, when it is not the originator.
    """

    offices: Offices
    item: Item
    purpose: Purpose
    particulars: Digest
    origin: Position | UnsetType = UNSET


class OnwardReleased(Outward, frozen=True, kw_only=True, tag="release.onward-released"):
    """The originator is told that its item went on; entered in the transaction that releases it.

    Attributes:
        item: The leaf by which the originator provided it.
        third_party: To whom it goes on.
        purpose: For what.
        consents: The grants that are used, in order; none where the agreement needs none.
        release: Digest of the deed that hands it on, so that the two can be matched later.
    """

    item: Position
    third_party: Party
    purpose: Purpose
    release: Digest
    consents: Annotated[tuple[Position, ...], Meta(max_length=4)]


class LayBefore(Inward, frozen=True, kw_only=True, tag="release.propose"):
    """A drafted deed is laid before the releasing authority."""

    deed: Digest


class Approve(Inward, frozen=True, kw_only=True, tag="release.approve"):
    """A person approved a deed, or a list of deeds, with the named document."""

    document: Digest


class Decline(Inward, frozen=True, kw_only=True, tag="release.decline"):
    """A person declined a draft. No reason is owed, so none is asked for."""

    deed: Digest
