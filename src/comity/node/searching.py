"""What one may ask of the register at once: by whom it may be seen, and what it is like.

Who may know of an item is part of the question itself, so that no line which one may not see is
ever read for one: :func:`comity.node.reading.seer_of` says for a person what
:func:`comity.node.reading.authorise` says of one item, and a test holds them against each other.
"""

from msgspec import Struct

from comity.register.rows import ItemOf
from comity.vocabulary.instants import Instant
from comity.vocabulary.names import Party, PersonId


class Seer(Struct, frozen=True, kw_only=True):
    """Whose eyes: the items that a person may know of.

    Attributes:
        everything: Every number of the house.
        provided: Whatever this house provided.
        received: Whatever this house received.
        office: Received items that this office was addressed in; empty: none for that reason.
        person: Received items assigned to this person, and provided ones that this person drafted.
    """

    house: Party
    person: PersonId
    everything: bool = False
    provided: bool = False
    received: bool = False
    office: str = ""


class Search(Struct, frozen=True, kw_only=True):
    """Items that are like this, and that the seer may know of, the latest first.

    Attributes:
        direction: ``in`` or ``out``; empty: both.
        other: The other party; empty: any.
        levels: The originator's level is one of these; empty: any.
        subject: This subject, or one below it; empty: any.
        open: A duty about it is open.
        among: Only these items, by key.
        titles: Only items whose titles have these numbers in the index, the highest number first;
            ``before`` is not looked at.
        untitled: Only items whose titles wait to be read into the index.
        before: Only what comes after this place of an earlier answer: its ``at`` and key.
        limit: No more than this.
    """

    seer: Seer
    direction: str = ""
    other: str = ""
    levels: tuple[str, ...] = ()
    subject: str = ""
    open: bool = False
    among: tuple[str, ...] | None = None
    titles: tuple[int, ...] | None = None
    untitled: bool = False
    before: tuple[str, str] | None = None
    limit: int = 100


def place_of(item: ItemOf) -> tuple[Instant, str]:
    """Return where an item stands in the order of answers: what a next page begins after."""
    return Instant(item.at), item.key
