"""What the holder of an item does with it."""

from msgspec import UNSET, UnsetType

from comity.acts.deeds.base import Deed, Outward
from comity.acts.parts import Position
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Level, Office, PersonId, Reference, Regime


class Register(Outward, frozen=True, kw_only=True, tag="register.register"):
    """A received item gets the receiving registry's own number."""

    item: Position
    number: Reference


class Designate(Outward, frozen=True, kw_only=True, tag="register.designate"):
    """The officer whom national law empowers puts a received item under a regime, for a term."""

    item: Position
    regime: Regime
    level: Level
    until: Instant


class ReMark(Outward, frozen=True, kw_only=True, tag="register.re-mark"):
    """A received item is marked with the originator's name and the receiving party's level."""

    item: Position
    level: Level
    regime: Regime | UnsetType = UNSET
    designation: Position | UnsetType = UNSET


class Assign(Outward, frozen=True, kw_only=True, tag="register.assign"):
    """The registry gives an item to a person of an addressed office."""

    item: Position
    office: Office
    person: PersonId


class Access(Outward, frozen=True, kw_only=True, tag="register.access"):
    """A person opened an item.

    Attributes:
        consent: The grant for which it was opened to be passed on; absent: it was opened to be
            used.
    """

    item: Position
    person: PersonId
    consent: Position | UnsetType = UNSET


class Blank(Deed, frozen=True, kw_only=True, tag="register.blank"):
    """Nothing happened: makes up the number, so that an idle hour looks like a busy one."""
