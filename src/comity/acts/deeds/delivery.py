"""The signed word that an item arrived."""

from enum import Enum
from typing import Annotated, Final

from msgspec import UNSET, Meta, UnsetType

from comity.acts.deeds.base import Outward
from comity.acts.parts import Position
from comity.vocabulary.names import Index, Office, Reason, Reference


class Stage(Enum):
    """Which receipt: by the registry, or by the custodian of the addressed office."""

    PACKAGE = "package"
    DOCUMENT = "document"


class Reserve(Enum):
    """Why a receipt is under reserve."""

    SHORT = "short"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    MISDIRECTED = "misdirected"


QUERY: Final = Reason("delivery.query")
"""What a receipt under reserve makes due: no act by itself, but that what differs is cleared up."""


class Receipt(Outward, frozen=True, kw_only=True, tag="delivery.receipt"):
    """The signed word that an item arrived.

    Attributes:
        item: The leaf that provided it.
        stage: Package (registry) or document (custodian of the addressed office).
        number: The receiving registry's own number.
        copy: Copy number, pages and annexes as counted by the signer.
        reserve: Empty: clear.
    """

    item: Position
    stage: Stage
    number: Reference
    copy: Index
    pages: Index
    annexes: Index
    reserve: Annotated[tuple[Reserve, ...], Meta(max_length=4)]


class Courier(Enum):
    """Who carries what is not sent."""

    DIPLOMATIC = "diplomatic"
    EMPLOYEE = "cleared-employee"
    CONTRACTOR = "contractor"


class HandOver(Outward, frozen=True, kw_only=True, tag="delivery.hand-over"):
    """A copy that is carried passes from one hand to the next (Korea-Japan 2016, Article 12).

    Attributes:
        item: The leaf that provided it.
        copy: Which copy.
        step: The how many-th hand-over of this copy: a chain has no gap.
        courier: To which kind of courier it is handed.
        taker: Or to which office; exactly one of the two.
        sealed: It is under an unbroken seal.
        covered: It travels covered, so that nobody sees what it is.
        signed: The taker signed for it.
        certified: The courier showed a certificate that names this carriage.
        planned: It goes as both sides have planned it beforehand.
    """

    item: Position
    copy: Index
    step: Index
    sealed: bool
    covered: bool
    signed: bool
    courier: Courier | UnsetType = UNSET
    taker: Office | UnsetType = UNSET
    certified: bool | UnsetType = UNSET
    planned: bool | UnsetType = UNSET
