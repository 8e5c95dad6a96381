"""What a judgement needs beside the rows: documents, notes, texts and claims, found by name."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from comity.agreement.profile import Profile
from comity.agreement.text import Agreement
from comity.register.rows import Rows
from comity.seal.suite import Suite
from comity.vocabulary.digests import Digest
from comity.vocabulary.logs import LogName
from comity.vocabulary.names import Party


class Claim(Struct, frozen=True):
    """That an author's own checkpoint of some size said what it had seen, learnt when.

    Attributes:
        journal: Size of the learner's journal at that time.
    """

    size: int
    seen: int
    journal: int


class Books(Protocol):
    """What a judgement needs beside the rows, found by digest or by name."""

    @property
    def suite(self) -> Suite:
        """The one suite of algorithms."""
        ...

    def document(self, digest: Digest) -> bytes | None:
        """Return a document, or nothing."""
        ...

    def note(self, digest: Digest) -> bytes | None:
        """Return a signed checkpoint by the digest of its text, or nothing."""
        ...

    def agreement(self, digest: Digest) -> Agreement | None:
        """Return the agreement of a bundle; nothing if there is none, or none that parses."""
        ...

    def root(self, party: Party) -> Digest | None:
        """Return the identifier of a party's root as it was enrolled or confirmed."""
        ...

    def claims(self, log: LogName) -> Sequence[Claim]:
        """Return what a log's author has claimed to have seen."""
        ...

    def first_directory(self, author: Party, reader: Party) -> bytes | None:
        """Return the directory exchanged at enrolment, in force before the first leaf."""
        ...

    def profile(self, rows: Rows) -> Profile | None:
        """Return the house's own profile, or nothing (a stranger has none)."""
        ...

    def tree_root(self, log: LogName, size: int) -> Digest | None:
        """Return the root of a log's first leaves; nothing where not so many are held."""
        ...
