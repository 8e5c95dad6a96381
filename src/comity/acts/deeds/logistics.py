"""Logistic support: requested, transferred with its value, settled."""

from enum import Enum

from msgspec import UNSET, UnsetType

from comity.acts.deeds.base import Outward
from comity.acts.parts import Position
from comity.vocabulary.digests import Digest
from comity.vocabulary.names import Index, Reason


class Payment(Enum):
    """How a transfer is settled."""

    CASH = "cash"
    KIND = "in-kind"
    REPLACEMENT = "replacement"


class RequestSupport(Outward, frozen=True, kw_only=True, tag="logistics.request"):
    """Support of a category is asked for; what exactly, in the particulars."""

    category: Reason
    particulars: Digest | UnsetType = UNSET


class TransferSupport(Outward, frozen=True, kw_only=True, tag="logistics.transfer"):
    """Support was handed over, at a value in the smallest unit of a currency."""

    about: Position
    category: Reason
    value: Index
    currency: Reason


class SettleSupport(Outward, frozen=True, kw_only=True, tag="logistics.settle"):
    """A transfer is paid for: in cash, by a like service, or by giving it back."""

    about: Position
    how: Payment
    value: Index
