"""What a record of a history is: an instrument, a step at home, or something said beside it."""

from collections.abc import Sequence
from enum import Enum

from comity.agreement.life import EFFECTIVE
from comity.agreement.procedure import STEPS
from comity.agreement.records import Record
from comity.vocabulary.names import Party


class Sort(Enum):
    """What a record of a history is.

    INSTRUMENT: it can change the state. HOME: a step of a party's own procedure, which changes
    nothing between the parties. BESIDE: it was said or done, and changes no state.
    """

    INSTRUMENT = "instrument"
    HOME = "home"
    BESIDE = "beside"


def sort_of(record: Record, parties: Sequence[Party] = ()) -> Sort:
    """Return what a record is. Who is no party of the pact changes nothing, whatever it is called.

    Args:
        record: The record.
        parties: The parties of the pact; none: everybody is taken as one.
    """
    own = not parties or record.party in (*parties, "both", "all")
    if own and record.event in EFFECTIVE:
        return Sort.INSTRUMENT
    return Sort.HOME if own and record.event in STEPS else Sort.BESIDE
