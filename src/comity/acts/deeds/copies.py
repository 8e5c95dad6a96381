"""What becomes of the copies of an item: each copy's end is entered by who holds it."""

from enum import Enum
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from comity.acts.deeds.base import Outward
from comity.acts.parts import Position
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Index, Level, Office, PersonId, Reason, Reference, Regime

Copies = Annotated[tuple[Index, ...], Meta(max_length=1024)]
"""Numbers of copies, in order."""


class Machine(Enum):
    """By what a translation was made: a person alone, or which kind of system."""

    NONE = "none"
    ACCREDITED = "accredited"
    OTHER = "other"


class Place(Enum):
    """In what a copy is kept."""

    VAULT = "vault"
    CONTAINER = "container"
    SYSTEM = "accredited-system"


class Method(Enum):
    """How a copy is destroyed."""

    BURN = "burn"
    PULP = "pulp"
    SHRED = "shred"
    ERASE = "erase"
    CRUSH = "crush"


class OfHolder(Outward, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    """An act that only who was given the item does with it."""

    item: Position


class Reproduce(OfHolder, frozen=True, kw_only=True, tag="register.reproduce"):
    """A numbered copy is made of a copy; ``number`` is the new one's, ``reason`` a code."""

    copy: Index
    number: Index
    reason: Reason


class Extract(OfHolder, frozen=True, kw_only=True, tag="register.extract"):
    """A part of an item becomes a document of its own, under a number and a level.

    Attributes:
        approval: The grant that lets it stand at another level than the item.
    """

    number: Reference
    level: Level
    pages: Index
    regime: Regime | UnsetType = UNSET
    approval: Position | UnsetType = UNSET


class Translate(OfHolder, frozen=True, kw_only=True, tag="register.translate"):
    """A translation, by whom, with the note that it holds the originator's information.

    The note says as well that the original prevails.

    Attributes:
        approval: As of :class:`Extract`.
    """

    number: Reference
    level: Level
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")]
    person: PersonId
    note: bool
    machine: Machine
    approval: Position | UnsetType = UNSET


class Derive(OfHolder, frozen=True, kw_only=True, tag="register.derive"):
    """A document of the holder's own that rests on the item, under its number and level.

    Attributes:
        approval: As of :class:`Extract`.
    """

    number: Reference
    level: Level
    approval: Position | UnsetType = UNSET


class Keep(OfHolder, frozen=True, kw_only=True, tag="register.store"):
    """In what a copy is kept."""

    copy: Index
    place: Place


class Loan(OfHolder, frozen=True, kw_only=True, tag="register.loan"):
    """A copy is held for a while by a person; the custodian stays. ``signed`` by the taker."""

    copy: Index
    person: PersonId
    until: Instant
    signed: bool


class GiveBack(OfHolder, frozen=True, kw_only=True, tag="register.give-back"):
    """A copy on loan is with its custodian again."""

    copy: Index


class Relieve(OfHolder, frozen=True, kw_only=True, tag="register.relieve"):
    """A post's holding passes to a successor after a muster that both make."""

    copy: Index
    custodian: Office
    joint: bool


class Destroy(OfHolder, frozen=True, kw_only=True, tag="register.destroy"):
    """A copy is destroyed, by which means, before how many witnesses."""

    copy: Index
    method: Method
    witnesses: Index
    emergency: bool


class Muster(OfHolder, frozen=True, kw_only=True, tag="register.muster"):
    """Every copy of an item is checked by sight or hash, by so many persons."""

    found: Copies
    missing: Copies
    persons: Index


class Regrade(Outward, frozen=True, kw_only=True, tag="register.regrade"):
    """The originator changes the level of an item that it handed over; or the holder lowers it.

    Attributes:
        item: The leaf that provided it.
        level: The new level, in the originator's own scheme.
        approval: The grant that lets the holder lower it; the originator needs none.
    """

    item: Position
    level: Level
    approval: Position | UnsetType = UNSET


class AcknowledgeRegrading(
    OfHolder, frozen=True, kw_only=True, tag="register.acknowledge-regrading"
):
    """The holder altered these copies accordingly, and could not reach those."""

    altered: Copies
    unreached: Copies


class Return(OfHolder, frozen=True, kw_only=True, tag="delivery.return"):
    """A copy goes back to who provided it."""

    copy: Index


class CertifyDestruction(OfHolder, frozen=True, kw_only=True, tag="delivery.certificate"):
    """The provider is told which copies were destroyed, how, before how many witnesses."""

    copies: Copies
    method: Method
    witnesses: Index
    emergency: bool


class Recall(Outward, frozen=True, kw_only=True, tag="release.recall"):
    """The provider asks an item back: handed over in error, or no longer needed."""

    item: Position


class AskHoldings(Outward, frozen=True, kw_only=True, tag="custody.ask"):
    """A register extract, or a word on what is held, is asked for."""

    extract: bool


class StateHoldings(Outward, frozen=True, kw_only=True, tag="custody.state"):
    """What is held of the other's items: a number of copies, and the offices, if they are told."""

    copies: Index
    offices: Annotated[tuple[Office, ...], Meta(max_length=256)]
    about: Position | UnsetType = UNSET
