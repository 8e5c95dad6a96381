"""Marking: with the originator's name and the receiver's level (Korea-Japan 2016, Article 4)."""

from typing import Annotated, ClassVar, Final

from msgspec import Meta

from comity.acts import deeds
from comity.acts.entries import Entry
from comity.acts.judgements import Duty, Finding
from comity.agreement.case import Case, ItemFacts
from comity.agreement.clauses.base import Clause, Voice, is_release

_GIVEN_OUT: Final = (deeds.Assign, deeds.Access)


Seconds = Annotated[int, Meta(ge=0, le=366 * 86400)]
"""A term of at most a year: a larger number could not be added to a date."""


class Marking(Clause, frozen=True, kw_only=True, tag="marking"):
    """Nothing is distributed before it is marked (Korea-Japan 2016, Article 4(2)).

    Attributes:
        within: Seconds from the release in which the receiver marks; absent in the text.
    """

    of_crossing: ClassVar[bool] = False

    within: Seconds | None = None

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """Assigning and opening an item come after its marking."""
        if not isinstance(entry.deed, _GIVEN_OUT):
            return None
        if isinstance(case.item, ItemFacts) and not isinstance(case.item.marked, str):
            return self.requires("first", act="register.re-mark", by=case.acting)
        return None

    def duties(self, entry: Entry, case: Case) -> tuple[Duty, ...]:
        """The receiver marks what it receives."""
        if not is_release(entry):
            return ()
        return (self.duty(case.counterpart, "register.re-mark", self.within),)


class MarkingAtHome(Clause, frozen=True, kw_only=True, tag="marking-before-receipt"):
    """A document is receipted for by its custodian after it is marked (domestic part)."""

    of_crossing: ClassVar[bool] = False

    voice = Voice.DOMESTIC

    def judge(self, entry: Entry, case: Case) -> Finding | None:
        """The document receipt comes after the marking; only the receiver can know."""
        deed = entry.deed
        if not isinstance(deed, deeds.Receipt) or deed.stage is not deeds.Stage.DOCUMENT:
            return None
        if isinstance(case.item, ItemFacts) and not isinstance(case.item.marked, str):
            return self.requires("first", act="register.re-mark", by=case.acting)
        return None
