"""Reasons as codes with parameters; ``wording`` turns them into sentences in three languages."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.vocabulary.names import Reason

Parameter = Annotated[str, Meta(pattern=r"^[A-Za-z0-9:/()~.+ _-]{0,120}\Z")]
"""A coded value: an identifier, an article, a level, a number. Never words of an item."""


class Phrase(Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence before it is worded.

    Attributes:
        code: What is said (``third-party.approval``).
        parameters: Its coded values by name; they never quote content.
    """

    code: Reason
    parameters: dict[str, Parameter]

    def __hash__(self) -> int:
        """Hash the code: equal phrases have equal codes."""
        return hash(self.code)


def phrase(code: str, **parameters: str) -> Phrase:
    """Build a phrase from literals of our own code."""
    return Phrase(code=Reason(code), parameters=parameters)
