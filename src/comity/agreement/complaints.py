"""What is wrong with a file of an agreement: where, what, and what would be right."""

from collections.abc import Iterable

from msgspec import Struct

from comity.vocabulary.errors import Invalid


class Complaint(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a file: where, what, and what would be right."""

    file: str
    line: int
    article: str
    code: str
    said: str
    instead: str

    def __str__(self) -> str:
        """Write it as a compiler does."""
        where = f"{self.file}:{self.line}"
        article = f" Article {self.article}:" if self.article else ""
        return f"{where}:{article} {self.said}. {self.instead}"


class InvalidAgreement(Invalid):
    """An agreement file that does not hold together; carries every complaint found."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        """Keep the complaints; the first is in the words."""
        self.complaints = tuple(complaints)
        first = self.complaints[0]
        super().__init__(f"invalid.agreement.{first.code}", str(first))
