"""The signed word that an item arrived."""

from enum import Enum
from typing import Annotated

from msgspec import Meta

from comity.acts.deeds.base import Outward
from comity.acts.parts import Position
from comity.vocabulary.names import Index, Reference


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
