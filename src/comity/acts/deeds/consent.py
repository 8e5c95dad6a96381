"""The originating party's prior written approval: asked for, given or not, taken back.

What an approval is for is said in coded values: the judgement reads them. Words that go with a
question are in the particulars of the link, never here. Nobody owes a reason for a refusal.
"""

from enum import Enum
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from comity.acts.deeds.base import Outward
from comity.acts.parts import Position
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Level, Party, Purpose, Reference

Times = Annotated[int, Meta(ge=1, le=1_000_000)]
"""How often a consent may be used."""


class Uses(Enum):
    """What a consent is for; the first four name a party, purpose, contractor or level."""

    THIRD_PARTY = "third-party"
    PURPOSE = "purpose"
    CONTRACTOR = "contractor"
    LOWERING = "lowering"
    EXTRACT = "extract"
    REPRODUCTION = "reproduction"
    DESTRUCTION = "destruction"
    DISCLOSURE = "disclosure"


class Mode(Enum):
    """What a holder that passes an item on may do with it besides: use it, or only pass it on."""

    OWN_USE = "own-use"
    ONWARD_ONLY = "pass-on-only"


class Terms(Outward, frozen=True, kw_only=True):
    """What is asked for, or granted: of one item, one use, to an end.

    Attributes:
        item: The leaf by which the originator provided it to the other party.
        uses: What the item would be used for beyond what was agreed.
        third_party: To whom it goes on; present exactly for ``third-party``.
        purpose: The other purpose; present exactly for ``purpose``.
        contractor: The contractor, as a code; present exactly for ``contractor``.
        level: The lower level; present exactly for ``lowering``.
        mode: Whether the holder uses the item itself or only passes it on; with ``third-party``
            alone; absent: as the agreement says.
        until: It may be used before this instant.
        times: It may be used so often.
    """

    item: Position
    uses: Uses
    until: Instant
    times: Times
    third_party: Party | UnsetType = UNSET
    purpose: Purpose | UnsetType = UNSET
    contractor: Reference | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET


class Ask(Terms, frozen=True, kw_only=True, tag="consent.ask"):
    """The holder of an item asks its originator for an approval (Korea-Japan 2016, Article 6)."""


class Grant(Terms, frozen=True, kw_only=True, tag="consent.grant"):
    """The originator approves, beforehand and in writing, within these terms.

    Attributes:
        ask: The question that it answers; absent where nobody had to ask.
    """

    ask: Position | UnsetType = UNSET


class Refuse(Outward, frozen=True, kw_only=True, tag="consent.refuse"):
    """The originator does not approve. No reason is owed, so none is asked for."""

    item: Position
    ask: Position


class Withdraw(Outward, frozen=True, kw_only=True, tag="consent.withdraw"):
    """The originator takes an approval back: it binds from the checkpoint that has seen it."""

    item: Position
    consent: Position


class AcknowledgeWithdrawal(
    Outward, frozen=True, kw_only=True, tag="consent.acknowledge-withdrawal"
):
    """The holder says that it has seen a withdrawal and uses the approval no more."""

    item: Position
    consent: Position
