"""Contractors: proposed, consented to, given an item once the preconditions are met."""

from enum import Enum
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from comity.acts.deeds.base import Outward
from comity.acts.deeds.copies import OfHolder
from comity.acts.parts import Position
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Index, Level, Party, Reason


class Precondition(Enum):
    """The fifteen paragraphs of Korea-Japan 2016, Article 16, by what they ask for."""

    NOT_BY_RANK = "a"
    CAPABLE = "b"
    CLEARED = "c"
    CLEARED_AS_ACCESS = "d"
    PROCEDURES = "e"
    BRIEFED = "f"
    INSPECTED = "g"
    NEED_TO_KNOW = "h"
    ROSTER = "i"
    OFFICER = "j"
    STORAGE = "k"
    TRANSMISSION = "l"
    DESTRUCTION = "m"
    REPRODUCTION = "n"
    TRANSLATION = "o"


Preconditions = Annotated[tuple[Precondition, ...], Meta(max_length=15)]


class ProposeContractor(Outward, frozen=True, kw_only=True, tag="contractor.propose"):
    """The holder tells the originator to which contractor it would give items of a level."""

    contractor: Reason
    level: Level


class ApproveContractor(Outward, frozen=True, kw_only=True, tag="contractor.approve"):
    """The originator has nothing against it, until then."""

    about: Position
    contractor: Reason
    until: Instant


class DeclineContractor(Outward, frozen=True, kw_only=True, tag="contractor.decline"):
    """The originator does not want it. No reason is owed."""

    about: Position


class HandToContractor(OfHolder, frozen=True, kw_only=True, tag="contractor.hand-over"):
    """A copy goes to a contractor, with what was checked at this moment.

    Attributes:
        contractor: Which, as a code of the house.
        under: The contractor whose subcontractor it is.
        met: The preconditions that were checked and are met.
        inspected: The last security inspection of the facility.
        letter: A security aspects letter is part of the contract.
        approval: The grant by which the originator consented: for this item and contractor.
        owned: The state whose nationals own or control it, as the holder has found out.
    """

    copy: Index
    contractor: Reason
    met: Preconditions
    inspected: Instant
    letter: bool
    under: Reason | UnsetType = UNSET
    approval: Position | UnsetType = UNSET
    owned: Party | UnsetType = UNSET
