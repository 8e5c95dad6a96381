"""Disputes: both readings side by side, settled by the parties; nothing here adjudicates."""

from msgspec import UNSET, UnsetType

from comity.acts.deeds.base import Outward
from comity.acts.parts import Position
from comity.vocabulary.digests import Digest


class RaiseDispute(Outward, frozen=True, kw_only=True, tag="dispute.raise"):
    """A difference about a leaf or an article; the reading is in the particulars."""

    leaf: Position | UnsetType = UNSET
    particulars: Digest | UnsetType = UNSET


class Consult(Outward, frozen=True, kw_only=True, tag="dispute.consult"):
    """The other side answers with its own reading, or takes part in a consultation."""

    about: Position
    particulars: Digest | UnsetType = UNSET


class Settle(Outward, frozen=True, kw_only=True, tag="dispute.settle"):
    """The author regards a difference as settled by consultation."""

    about: Position
    particulars: Digest | UnsetType = UNSET
