"""What something cost, and who bears it."""

from comity.acts.deeds.base import Outward
from comity.acts.parts import Position
from comity.vocabulary.names import Index, Party, Reason


class NoteExpense(Outward, frozen=True, kw_only=True, tag="expenses.note"):
    """What a visit or an incident cost the author, and who bears it (Article 19).

    Attributes:
        about: The visit or the report that it is for.
        value: In the smallest unit of the currency.
        bears: Who bears it, as the author says.
    """

    about: Position
    value: Index
    currency: Reason
    bears: Party
