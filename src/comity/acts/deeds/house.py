"""The house's own lines: never sent."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from comity.acts.deeds.base import Deed, Inward
from comity.acts.parts import Position, RefusedLeaf
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Index, Reason


class RefuseAct(Inward, frozen=True, kw_only=True, tag="journal.refuse"):
    """An act of this house that the judgement refused: kept at home, never sent."""

    deed: Digest
    act: Reason
    judgement: Digest
    item: Position | UnsetType = UNSET


class Leaves(Deed, frozen=True, kw_only=True, tag="journal.leaves"):
    """A run of leaves that one transaction appended to another log: one line of the total order.

    Attributes:
        log: The log they were appended to.
        first: The index of the first.
        leaves: Their leaf hashes, 48 bytes each.
        common: Digests of their common judgements, 48 bytes each (zeros: not judged).
        domestic: Likewise of the domestic judgements.
    """

    log: LogName
    first: Index
    leaves: Annotated[tuple[bytes, ...], Meta(min_length=1, max_length=65536)]
    common: tuple[bytes, ...]
    domestic: tuple[bytes, ...]


class Recovered(Deed, frozen=True, kw_only=True, tag="journal.recovered"):
    """A run of leaves that was lost here and came back from the counterpart's replica.

    It stands where ``journal.leaves`` of the lost lines stood. What the house's own rules said
    of its own acts is lost with them, so only the common judgement is made again.

    Attributes:
        log: The log they were appended to again, under their old numbers.
        first: The index of the first.
        leaves: Their leaf hashes, 48 bytes each.
        common: Digests of their common judgements, 48 bytes each (zeros: not judged).
        note: The digest of the checkpoint that they were verified against: this house signed or
            cosigned it.
        refused: Those of the counterpart's that had no effect here before the loss, as this
            house's own recovered acts say: they have none again.
    """

    log: LogName
    first: Index
    leaves: Annotated[tuple[bytes, ...], Meta(min_length=1, max_length=65536)]
    common: tuple[bytes, ...]
    note: Digest
    refused: Annotated[tuple[RefusedLeaf, ...], Meta(max_length=65536)]
